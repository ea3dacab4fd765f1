-- Coverage recomputed: the share of a cluster's occupations that the area publishes, weighted by national jobs. For
-- the area's total it is published detail over the published total. In a region an
-- occupation counts by the share of the areas that publish it, times the share of the region that these areas are.
-- table: marts.cluster_indicators
-- severity: error
-- expected: the same coverage within 0.001 points; the total within 100 (+0.1); ok means under 0.5 percent estimated
-- keys: area_id, cluster_id, sub_cluster_id, basis
-- figures: coverage_pct within 0.001; fits_status
with

member as (select * from scheme_members),

member_cell as (select * from member_cells),

defined as (
    select member.scheme, member.cluster_id, member.sub_cluster_id, member.basis,
        sum(member.weight * nation.employment) as national_jobs
    from member
    inner join core.oews_area_occupation as nation
        on nation.area_id = 'US'
        and nation.soc_code = member.soc_code
    group by all
),

published as (
    select area_id, cluster_id, sub_cluster_id, basis, sum(national_jobs) as national_jobs
    from member_cell
    group by all
),

recomputed as (
    select
        area_scheme.area_id,
        defined.cluster_id,
        defined.sub_cluster_id,
        defined.basis,
        100.0 * coalesce(published.national_jobs, 0) / nullif(defined.national_jobs, 0) as coverage_pct
    from core.area_group_scheme as area_scheme
    inner join defined on defined.scheme = area_scheme.scheme
    left join published
        on published.area_id = area_scheme.area_id
        and published.cluster_id = defined.cluster_id
        and published.sub_cluster_id = defined.sub_cluster_id
        and published.basis = defined.basis
    union all
    select total.area_id, total.cluster_id, total.sub_cluster_id, total.basis,
        100.0 * coalesce(sum(part.share * figure.employment) filter (where figure.occupation_group = 'detailed'), 0)
            / sum(part.share * figure.employment) filter (where figure.occupation_group = 'total') as coverage_pct
    from marts.cluster_indicators as total
    inner join core.area_part as part on part.area_id = total.area_id
    inner join core.oews_area_occupation as figure on figure.area_id = part.part_area_id
    where total.level = 'all'
    group by all
),

-- a region's figures cover only the part of it that OEWS areas cover
expected as (
    select
        recomputed.* replace (
            recomputed.coverage_pct * case when region.area_id is null then 1.0
                                           else region.region_coverage_pct / 100 end as coverage_pct
        ),
        true as fits_status
    from recomputed
    left join marts.region_coverage as region on region.area_id = recomputed.area_id
    where recomputed.coverage_pct is not null
        and (region.area_id is null or region.region_coverage_pct is not null)
),

found as (
    select
        *,
        coverage_pct between 0 and 100.1
        and (level = 'all' or status <> 'ok' or modelled_pct <= 0.5) as fits_status
    from marts.cluster_indicators
    where coverage_pct is not null
        or status = 'ok'
)

select * from differences
