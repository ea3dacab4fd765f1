-- Under every rule that counts each job once, the clusters of an area add up to the jobs of its occupations, and
-- sub-clusters to their cluster.
-- table: marts.cluster_range
-- severity: error
-- expected: sums of the three shared columns within 0.001 jobs for each row added, for every area with occupations
with

total as (
    select scheme.area_id, 'all' as cluster_id, sum(part.share * figure.employment_estimate) as jobs
    from core.area_group_scheme as scheme
    inner join core.area_part as part on part.area_id = scheme.area_id
    inner join core.occupation_estimate as figure on figure.area_id = part.part_area_id
    where figure.soc_code in (select soc_code from reference.soc_sub_cluster)
    group by scheme.area_id
    having jobs is not null
),

whole as (
    select area_id, cluster_id, jobs as employment, jobs as by_industries, jobs as by_equal_shares
    from total
    union all
    select area_id, cluster_id, employment, employment_by_industries, employment_by_equal_shares
    from marts.cluster_range
    where level = 'cluster'
),

part as (
    select
        area_id,
        case level when 'cluster' then 'all' else cluster_id end as cluster_id,
        count(*) as parts,
        sum(employment) as employment,
        sum(employment_by_industries) as by_industries,
        sum(employment_by_equal_shares) as by_equal_shares
    from marts.cluster_range
    group by all
)

select
    coalesce(whole.area_id, part.area_id) as area_id,
    coalesce(whole.cluster_id, part.cluster_id) as cluster_id,
    whole.employment,
    part.employment as sum_of_parts,
    whole.by_industries,
    part.by_industries as sum_by_industries,
    whole.by_equal_shares,
    part.by_equal_shares as sum_by_equal_shares
from whole
full outer join part
    on part.area_id = whole.area_id
    and part.cluster_id = whole.cluster_id
where not coalesce(
    greatest(
        abs(whole.employment - part.employment),
        abs(whole.by_industries - part.by_industries),
        abs(whole.by_equal_shares - part.by_equal_shares)
    ) <= 0.001 * (part.parts + 1),
    false
)
order by area_id, cluster_id
