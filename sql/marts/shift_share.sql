-- Change of a cluster's jobs in an area from one year to the next, in three parts: growth of all jobs in the nation,
-- further growth of the cluster in the nation, and further growth of the cluster in the area. The parts add up to the
-- change. Jobs are those of the industries that the two years share (marts.industry_indicators says how many of the
-- cluster's they are). Without such figures of the area, of the cluster in the nation and of all jobs there, there are
-- no parts.
with

figure as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        year,
        employment_compared_from as employment_from,
        employment_compared_to as employment_to,
        employment_compared_to / nullif(employment_compared_from, 0) - 1 as growth,
        employment_change_status as change_status,
        employment_change_coverage as coverage_break
    from marts.industry_indicators
    where ownership = 'all'
),

compared as (
    select
        figure.*,
        coalesce(nation.growth, 0) as growth_of_cluster,
        total.growth as growth_of_all,
        [figure.change_status, coalesce(nation.change_status, 'not_in_vintage'), total.change_status] as statuses,
        coalesce(figure.coverage_break, nation.coverage_break, total.coverage_break) as coverage_touched
    from figure
    left join figure as nation
        on nation.area_id = 'US'
        and nation.level = figure.level
        and nation.cluster_id = figure.cluster_id
        and nation.sub_cluster_id = figure.sub_cluster_id
        and nation.year = figure.year
    left join figure as total
        on total.area_id = 'US'
        and total.level = 'all'
        and total.year = figure.year
    where figure.area_id <> 'US'
),

-- the first of the reasons that holds for one of the three
judged as (
    select
        *,
        case
            when list_contains(statuses, 'not_in_vintage') then 'not_in_vintage'
            when list_contains(statuses, 'not_comparable') then 'not_comparable'
            when list_contains(statuses, 'withheld') then 'withheld'
            when list_contains(statuses, 'mostly_modelled') then 'mostly_modelled'
            else 'ok'
        end as status
    from compared
)

select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    year - 1 as year_from,
    year as year_to,
    case when status = 'ok' then employment_from end as employment_from,
    case when status = 'ok' then employment_to end as employment_to,
    case when status = 'ok' then employment_to - employment_from end as change_jobs,
    case when status = 'ok' then employment_from * growth_of_all end as national_jobs,
    case when status = 'ok' then employment_from * (growth_of_cluster - growth_of_all) end as industry_mix_jobs,
    case when status = 'ok' then employment_to - employment_from * (1 + growth_of_cluster) end as regional_jobs,
    status,
    case when status = 'ok' then coverage_touched end as coverage_break
from judged
order by year_to, area_id, level, cluster_id, sub_cluster_id
