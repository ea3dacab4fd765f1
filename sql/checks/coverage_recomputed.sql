-- Coverage recomputed: the share of a cluster's occupations that the area publishes, weighted by national jobs. For
-- the area's total it is published detail over the published total. The status follows from it. In a region an
-- occupation counts by the share of the areas that publish it, times the share of the region that these areas are.
-- table: marts.cluster_indicators
-- severity: error
-- expected: the same coverage within 0.001 points; ok means all of it, partial less, and the total within 100 (+0.1)
with

nation as (
    select soc_code, cast(employment as double) as employment
    from core.oews_area_occupation
    where area_id = 'US'
        and occupation_group = 'detailed'
),

published_total as (
    select area_id, cast(employment as double) as employment
    from core.oews_area_occupation
    where occupation_group = 'total'
),

area_total as (
    select
        part.area_id,
        sum(part.share * figure.employment) filter (where figure.occupation_group = 'total') as employment,
        100.0 * coalesce(sum(part.share * figure.employment) filter (where figure.occupation_group = 'detailed'), 0)
            / sum(part.share * figure.employment) filter (where figure.occupation_group = 'total') as coverage_pct
    from core.area_part as part
    inner join core.oews_area_occupation as figure on figure.area_id = part.part_area_id
    group by part.area_id
),

-- a region's figures cover only the part of it that OEWS areas cover
region as (
    select area_id, region_coverage_pct
    from marts.region_coverage
),

member as (select * from scheme_members),

defined as (
    select
        member.scheme,
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        sum(member.weight * nation.employment) as employment
    from member
    inner join nation on nation.soc_code = member.soc_code
    group by member.scheme, member.level, member.cluster_id, member.sub_cluster_id, member.basis
),

published as (
    select
        part.area_id,
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        sum(member.weight * nation.employment * part.share * part_total.employment) / max(area_total.employment)
            as employment
    from core.oews_area_occupation as figure
    inner join core.area_part as part on part.part_area_id = figure.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    inner join member
        on member.scheme = area_scheme.scheme
        and member.soc_code = figure.soc_code
    inner join nation on nation.soc_code = figure.soc_code
    inner join published_total as part_total on part_total.area_id = figure.area_id
    inner join area_total on area_total.area_id = part.area_id
    where figure.occupation_group = 'detailed'
        and figure.employment is not null
    group by part.area_id, member.level, member.cluster_id, member.sub_cluster_id, member.basis
),

expected as (
    select
        indicator.area_id,
        indicator.level,
        indicator.cluster_id,
        indicator.sub_cluster_id,
        indicator.basis,
        indicator.status,
        indicator.coverage_pct,
        region.area_id is not null as is_region,
        case
            when indicator.level = 'all' then area_total.coverage_pct
            when defined.employment > 0 then 100.0 * coalesce(published.employment, 0) / defined.employment
        end
        * case when region.area_id is null then 1.0 else region.region_coverage_pct / 100 end as expected_coverage_pct
    from marts.cluster_indicators as indicator
    left join area_total on area_total.area_id = indicator.area_id
    left join region on region.area_id = indicator.area_id
    left join core.area_group_scheme as area_scheme on area_scheme.area_id = indicator.area_id
    left join defined
        on defined.scheme = area_scheme.scheme
        and defined.level = indicator.level
        and defined.cluster_id = indicator.cluster_id
        and defined.sub_cluster_id = indicator.sub_cluster_id
        and defined.basis = indicator.basis
    left join published
        on published.area_id = indicator.area_id
        and published.level = indicator.level
        and published.cluster_id = indicator.cluster_id
        and published.sub_cluster_id = indicator.sub_cluster_id
        and published.basis = indicator.basis
)

select area_id, cluster_id, sub_cluster_id, basis, status, coverage_pct, expected_coverage_pct
from expected
where (not is_region and (coverage_pct is null) <> (status = 'no_occupations'))
    or (is_region and status <> 'no_occupations' and (coverage_pct is null) <> (expected_coverage_pct is null))
    or abs(coverage_pct - coalesce(expected_coverage_pct, 0)) > 0.001
    or (is_region and status = 'ok' and coverage_pct is null)
    or coverage_pct < 0
    or coverage_pct > 100.1
    or (level <> 'all' and status = 'ok' and coverage_pct < 99.999)
    or (level <> 'all' and status = 'partial' and coverage_pct > 99.9999)
order by area_id, cluster_id, sub_cluster_id, basis
