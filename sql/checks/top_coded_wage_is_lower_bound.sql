-- A pooled percentile is known up to the lowest top-coded percentile of its occupations, published or estimated. Above
-- that, this bound is the answer, marked as top-coded.
-- table: marts.cluster_indicators
-- severity: error
-- expected: status top_coded exactly at the bound, within 0.01 USD, and no percentile above it
with

estimate_cell as (select * from estimate_cells),

wage as (select * from pooled_percentiles),

bound as (
    select area_id, basis, cluster_id, sub_cluster_id, min(top_coded_from_usd) as bound_usd
    from estimate_cell
    where jobs > 0
        and has_distribution
    group by all
)

select wage.*, bound.bound_usd
from wage
left join bound
    on bound.area_id = wage.area_id
    and bound.basis = wage.basis
    and bound.cluster_id = wage.cluster_id
    and bound.sub_cluster_id = wage.sub_cluster_id
where wage.wage_usd > bound.bound_usd + 0.01
    or (wage.wage_status = 'top_coded' and abs(wage.wage_usd - coalesce(bound.bound_usd, 0)) > 0.01)
    or (wage.wage_status <> 'top_coded' and wage.wage_usd > bound.bound_usd - 0.001)
order by wage.area_id, wage.cluster_id, wage.sub_cluster_id, wage.basis, wage.percentile
