-- The wage distribution of an occupation keeps its published percentiles: wages are read on a grid.
-- table: core.occupation_wage
-- severity: error
-- expected: points 6, 10, 15, 20 and 24 of the distribution are P10 to P90 within 0.5 percent, and points never fall
with

stored as (
    select area_id, soc_code, is_modelled, list_transform(log_wage_steps, lambda x: 5000 * exp(x / 10000)) as wage_usd,
        list_sort(log_wage_steps) <> log_wage_steps as falls
    from core.wage_distribution
    where top_coded_from_usd is null
)

select stored.area_id, stored.soc_code, stored.falls
from stored
left join core.occupation_wage as published
    on published.area_id = stored.area_id
    and published.soc_code = stored.soc_code
where stored.falls
    or (not stored.is_modelled and not coalesce(
        abs(stored.wage_usd[6] / published.wage_p10_usd - 1) <= 0.005
        and abs(stored.wage_usd[10] / published.wage_p25_usd - 1) <= 0.005
        and abs(stored.wage_usd[15] / published.wage_p50_usd - 1) <= 0.005
        and abs(stored.wage_usd[20] / published.wage_p75_usd - 1) <= 0.005
        and abs(stored.wage_usd[24] / published.wage_p90_usd - 1) <= 0.005, false
    ))
order by stored.area_id, stored.soc_code
