-- How far the jobs of each cluster depend on the rule that shares occupations out: the figure of this release beside
-- those by industries alone (functions decide nothing), by equal shares, and in full.
with

-- one source of the jobs of each occupation, named here alone
jobs as (
    select area_id, soc_code, employment_estimate as employment
    from core.occupation_estimate
    where employment_estimate is not null
),

-- the areas that share their occupations by the same weights have the same rules
rule as (
    select
        ours.area_id as weights_of,
        ours.soc_code,
        ours.cluster_id,
        ours.sub_cluster_id,
        ours.weight as by_method,
        industries.weight as by_industries,
        1.0 / count(distinct ours.cluster_id) over (partition by ours.area_id, ours.soc_code)
            / count(*) over (partition by ours.area_id, ours.soc_code, ours.cluster_id) as by_equal_shares
    from marts.area_soc_allocation as ours
    inner join core.framework_allocation as industries
        on industries.framework = 'industries_only'
        and industries.area_id = ours.area_id
        and industries.soc_code = ours.soc_code
        and industries.sub_cluster_id = ours.sub_cluster_id
),

-- an occupation in several sub-clusters of a cluster counts in it once
levelled as (
    select
        weights_of,
        soc_code,
        'cluster' as level,
        cluster_id,
        'all' as sub_cluster_id,
        sum(by_method) as by_method,
        sum(by_industries) as by_industries,
        sum(by_equal_shares) as by_equal_shares
    from rule
    group by weights_of, soc_code, cluster_id
    union all
    select
        weights_of,
        soc_code,
        'sub_cluster' as level,
        cluster_id,
        sub_cluster_id,
        by_method,
        by_industries,
        by_equal_shares
    from rule
),

-- a region has the jobs of its parts
area_jobs as (
    select scheme.area_id, scheme.weights_of, jobs.soc_code, round(sum(part.share * jobs.employment), 6) as employment
    from core.area_group_scheme as scheme
    inner join core.area_part as part on part.area_id = scheme.area_id
    inner join jobs on jobs.area_id = part.part_area_id
    group by scheme.area_id, scheme.weights_of, jobs.soc_code
)

select
    area_jobs.area_id,
    levelled.level,
    levelled.cluster_id,
    levelled.sub_cluster_id,
    -- decimals, so that sums are the same in whatever order they are added up
    round(sum(cast(area_jobs.employment * levelled.by_method as decimal(18, 6))), 3) as employment,
    round(sum(cast(area_jobs.employment * levelled.by_industries as decimal(18, 6))), 3)
        as employment_by_industries,
    round(sum(cast(area_jobs.employment * levelled.by_equal_shares as decimal(18, 6))), 3)
        as employment_by_equal_shares,
    round(sum(cast(area_jobs.employment as decimal(18, 6))), 3) as employment_in_full
from area_jobs
inner join levelled
    on levelled.weights_of = area_jobs.weights_of
    and levelled.soc_code = area_jobs.soc_code
group by area_jobs.area_id, levelled.level, levelled.cluster_id, levelled.sub_cluster_id
order by area_jobs.area_id, levelled.level, levelled.cluster_id, levelled.sub_cluster_id
