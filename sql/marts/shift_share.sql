-- Change of a cluster's jobs in an area from one year to the next, in three parts: growth of all jobs in the nation,
-- further growth of the cluster in the nation, and further growth of the cluster in the area. The parts add up to the
-- change. Without figures for the nation or the year before there are no parts.
with

figure as (
    select area_id, cluster_id, sub_cluster_id, level, year, employment, status
    from marts.industry_indicators
    where ownership = 'all'
),

paired as (
    select
        now.area_id,
        now.level,
        now.cluster_id,
        now.sub_cluster_id,
        now.year - 1 as year_from,
        now.year as year_to,
        before.employment as employment_from,
        now.employment as employment_to,
        coalesce(nation_now.employment / nullif(nation_before.employment, 0) - 1, 0) as growth_of_cluster,
        total_now.employment / nullif(total_before.employment, 0) - 1 as growth_of_all,
        case
            when before.year is null or nation_now.year is null or nation_before.year is null then 'not_in_vintage'
            when now.status = 'ok' and before.status = 'ok'
                and nation_now.status = 'ok' and nation_before.status = 'ok'
                and total_now.status = 'ok' and total_before.status = 'ok'
                then 'ok'
            else 'withheld'
        end as status
    from figure as now
    left join figure as before
        on before.area_id = now.area_id
        and before.level = now.level
        and before.cluster_id = now.cluster_id
        and before.sub_cluster_id = now.sub_cluster_id
        and before.year = now.year - 1
    left join figure as nation_now
        on nation_now.area_id = 'US'
        and nation_now.level = now.level
        and nation_now.cluster_id = now.cluster_id
        and nation_now.sub_cluster_id = now.sub_cluster_id
        and nation_now.year = now.year
    left join figure as nation_before
        on nation_before.area_id = 'US'
        and nation_before.level = now.level
        and nation_before.cluster_id = now.cluster_id
        and nation_before.sub_cluster_id = now.sub_cluster_id
        and nation_before.year = now.year - 1
    left join figure as total_now
        on total_now.area_id = 'US'
        and total_now.level = 'all'
        and total_now.year = now.year
    left join figure as total_before
        on total_before.area_id = 'US'
        and total_before.level = 'all'
        and total_before.year = now.year - 1
    where now.area_id <> 'US'
)

select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    year_from,
    year_to,
    case when status = 'ok' then employment_from end as employment_from,
    case when status = 'ok' then employment_to end as employment_to,
    case when status = 'ok' then employment_to - employment_from end as change_jobs,
    case when status = 'ok' then employment_from * growth_of_all end as national_jobs,
    case when status = 'ok' then employment_from * (growth_of_cluster - growth_of_all) end as industry_mix_jobs,
    case when status = 'ok' then employment_to - employment_from * (1 + growth_of_cluster) end as regional_jobs,
    status
from paired
order by year_to, area_id, level, cluster_id, sub_cluster_id
