-- Estimated jobs of each cluster, by occupation, by home of the industry: an area's QCEW jobs by industry times the
-- national staffing pattern of each industry. Where OEWS publishes the area's major groups, the estimates are scaled to
-- them.
with

by_occupation as (
    select
        home.area_id,
        home.home_cluster_id,
        occupation.major_code,
        allocation.cluster_id,
        allocation.sub_cluster_id,
        sum(home.employment * allocation.weight) as employment
    from core.area_home_employment as home
    inner join core.home_allocation as allocation
        on allocation.soc_code = home.soc_code
        and allocation.home_cluster_id = home.home_cluster_id
    inner join reference.oews_occupation as occupation on occupation.soc_code = home.soc_code
    group by home.area_id, home.home_cluster_id, occupation.major_code, allocation.cluster_id, allocation.sub_cluster_id
),

-- scaled to the published jobs of each major group, where there are any
scaled as (
    select
        by_occupation.*,
        published.employment / nullif(
            sum(by_occupation.employment) over (partition by by_occupation.area_id, by_occupation.major_code), 0
        ) as factor
    from by_occupation
    left join core.oews_area_occupation as published
        on published.area_id = by_occupation.area_id
        and published.soc_code = by_occupation.major_code
        and published.occupation_group = 'major'
),

estimate as (
    select
        area_id,
        home_cluster_id,
        cluster_id,
        sub_cluster_id,
        employment as qcew_jobs,
        case when factor is not null then employment else 0 end as scaled_qcew_jobs,
        employment * coalesce(factor, 1) as employment
    from scaled
),

-- counties have no published major groups to scale to, so their jobs go from industry to cluster in one step
staffed as (
    select area_id, industry_code, part, home_cluster_id, sum(employment) as employment
    from core.qcew_staffed_cell
    group by area_id, industry_code, part, home_cluster_id
),

county_staffed as (
    select staffed.*
    from staffed
    inner join reference.area as area
        on area.area_id = staffed.area_id
        and area.area_type = 'county'
    where staffed.industry_code is not null
),

kind as (
    select distinct industry_code, part, home_cluster_id
    from county_staffed
),

cluster_pattern as (
    select
        kind.industry_code,
        kind.part,
        kind.home_cluster_id,
        allocation.cluster_id,
        sum(pattern.share * allocation.weight) as share
    from kind
    inner join core.oews_staffing_pattern as pattern
        on pattern.industry_code = kind.industry_code
        and pattern.part = kind.part
    inner join core.home_allocation as allocation
        on allocation.soc_code = pattern.soc_code
        and allocation.home_cluster_id = kind.home_cluster_id
    group by kind.industry_code, kind.part, kind.home_cluster_id, allocation.cluster_id
),

county_estimate as (
    select
        staffed.area_id,
        staffed.home_cluster_id,
        pattern.cluster_id,
        sum(staffed.employment * pattern.share) as qcew_jobs
    from county_staffed as staffed
    inner join cluster_pattern as pattern
        on pattern.industry_code = staffed.industry_code
        and pattern.part = staffed.part
        and pattern.home_cluster_id = staffed.home_cluster_id
    group by staffed.area_id, staffed.home_cluster_id, pattern.cluster_id
),

every_estimate as (
    select * from estimate
    union all
    select
        area_id,
        home_cluster_id,
        cluster_id,
        'county' as sub_cluster_id,
        qcew_jobs,
        0 as scaled_qcew_jobs,
        qcew_jobs as employment
    from county_estimate
),

summed as (
    select
        area_id,
        home_cluster_id,
        case
            when cluster_id is null then 'all'
            when sub_cluster_id is null then 'cluster'
            else 'sub_cluster'
        end as level,
        coalesce(cluster_id, 'all') as cluster_id,
        coalesce(sub_cluster_id, 'all') as sub_cluster_id,
        sum(qcew_jobs) as qcew_jobs,
        sum(scaled_qcew_jobs) as scaled_qcew_jobs,
        sum(employment) as employment
    from every_estimate
    group by area_id, home_cluster_id, rollup (cluster_id, sub_cluster_id)
    -- a county's figures are too few for sub-clusters
    having sub_cluster_id is distinct from 'county'
),

behind as (
    select
        area_id,
        home_cluster_id,
        sum(employment) as qcew_jobs
    from staffed
    group by area_id, home_cluster_id
),

row_of_area as (
    select *, 'modelled' as status
    from summed
    union all
    -- jobs in industries that OEWS does not survey, and jobs that its industries show in no occupation
    select
        behind.area_id,
        behind.home_cluster_id,
        'cluster' as level,
        'no_staffing_pattern' as cluster_id,
        'all' as sub_cluster_id,
        behind.qcew_jobs - coalesce(summed.qcew_jobs, 0) as qcew_jobs,
        0 as scaled_qcew_jobs,
        null as employment,
        'no_staffing_pattern' as status
    from behind
    left join summed
        on summed.area_id = behind.area_id
        and summed.home_cluster_id = behind.home_cluster_id
        and summed.level = 'all'
    where behind.qcew_jobs - coalesce(summed.qcew_jobs, 0) > 0.0005
),

-- all jobs of the area: the published total of all owners, else the upper bounds of the owners
area_total as (
    select
        owner.area_id,
        owner.year,
        coalesce(
            max(every_owner.employment),
            case when count(owner.employment_high) = count(*) then sum(owner.employment_high) end
        ) as employment
    from core.qcew_cell as owner
    inner join (select max(year) as year from core.qcew_staffing) as newest on newest.year = owner.year
    left join raw.qcew as every_owner
        on every_owner.area_id = owner.area_id
        and every_owner.year = owner.year
        and every_owner.own_code = '0'
        and every_owner.depth = 0
    where owner.depth = 0
    group by owner.area_id, owner.year
),

covered as (
    select
        area_id,
        sum(qcew_jobs) filter (where status = 'modelled') as with_pattern,
        sum(qcew_jobs) filter (where status <> 'modelled') as without_pattern
    from row_of_area
    where level = 'cluster'
    group by area_id
)

select
    row_of_area.area_id,
    row_of_area.level,
    row_of_area.cluster_id,
    row_of_area.sub_cluster_id,
    row_of_area.home_cluster_id,
    area_total.year,
    release.period,
    -- the small addition makes every run round alike where a figure lies halfway between two thousandths
    round(row_of_area.qcew_jobs + 1e-7, 3) as qcew_jobs,
    round(row_of_area.employment + 1e-7, 3) as employment,
    round(100.0 * row_of_area.scaled_qcew_jobs / nullif(row_of_area.qcew_jobs, 0), 6) as scaled_pct,
    case
        when row_of_area.scaled_qcew_jobs > 0
            then round(row_of_area.employment / nullif(row_of_area.qcew_jobs, 0), 6)
    end as scale_factor,
    round(100.0 * coalesce(covered.with_pattern, 0) / nullif(area_total.employment, 0), 6) as qcew_coverage_pct,
    round(100.0 * coalesce(covered.without_pattern, 0) / nullif(area_total.employment, 0), 6)
        as qcew_without_pattern_pct,
    row_of_area.status
from row_of_area
inner join covered on covered.area_id = row_of_area.area_id
inner join area_total on area_total.area_id = row_of_area.area_id
cross join raw.oews_release as release
order by
    row_of_area.area_id,
    row_of_area.level,
    row_of_area.cluster_id,
    row_of_area.sub_cluster_id,
    row_of_area.home_cluster_id
