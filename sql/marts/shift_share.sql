-- Change of a cluster's jobs in an area from one year to the next, in three parts: growth of all jobs in the nation,
-- further growth of the cluster in the nation, and further growth of the cluster in the area. The parts add up to the
-- change. Without figures for the nation or the year before there are no parts, nor where more than half of a figure is
-- estimated or the two years do not hold the same industries and the same land.
with

parameter as (
    select max(value) as min_published_pct
    from reference.method_parameter
    where parameter = 'industry_min_published_pct'
),

figure as (
    select
        now.area_id,
        now.level,
        now.cluster_id,
        now.sub_cluster_id,
        now.year,
        before.employment as employment_from,
        now.employment as employment_to,
        now.employment / nullif(before.employment, 0) - 1 as growth,
        before.year is not null as has_year_before,
        now.employment_change_break,
        now.employment is not null and before.employment is not null as is_known,
        greatest(now.modelled_pct, before.modelled_pct) as modelled_pct
    from marts.industry_indicators as now
    left join marts.industry_indicators as before
        on before.area_id = now.area_id
        and before.level = now.level
        and before.cluster_id = now.cluster_id
        and before.sub_cluster_id = now.sub_cluster_id
        and before.ownership = now.ownership
        and before.year = now.year - 1
    where now.ownership = 'all'
),

compared as (
    select
        figure.*,
        coalesce(nation.growth, 0) as growth_of_cluster,
        total.growth as growth_of_all,
        case
            when not figure.has_year_before or not coalesce(nation.has_year_before, false) then 'not_in_vintage'
            when figure.employment_change_break is not null or nation.employment_change_break is not null
                then 'not_comparable'
            when not (figure.is_known and nation.is_known and total.is_known) then 'withheld'
            when 100 - greatest(figure.modelled_pct, nation.modelled_pct, total.modelled_pct)
                < parameter.min_published_pct
                then 'mostly_modelled'
            else 'ok'
        end as status
    from figure
    cross join parameter
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
    status
from compared
order by year_to, area_id, level, cluster_id, sub_cluster_id
