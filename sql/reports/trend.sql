-- Jobs of employers over the years by the cluster of the industry, all owners; the total comes last in each year.
with

coverage as (
    select coverage_break, min(first_year) as coverage_year, min(coverage_meaning) as coverage_meaning
    from reference.coverage_break
    group by coverage_break
)

select
    trend.*,
    coverage.coverage_year,
    coverage.coverage_meaning,
    coalesce(
        cluster.cluster_name,
        case trend.cluster_id
            when 'all' then 'All industries'
            when 'no_home' then 'Industries of no one cluster'
            else 'No industry stated'
        end
    ) as cluster_name,
    case
        when trend.not_comparable_reason in ('industries', 'territory') then 'not_comparable'
        when trend.not_comparable_reason = 'first_year' then 'not_in_vintage'
        else trend.not_comparable_reason
    end as employment_change_status,
    case
        when trend.employment_index is null and trend.employment is null then 'withheld'
        when trend.employment_index is null and trend.employment = 0 then 'no_jobs'
        when trend.employment_index is null then 'mostly_modelled'
        when trend.not_comparable_reason in ('industries', 'territory') then 'not_comparable'
        when trend.not_comparable_reason = 'first_year' then 'not_in_vintage'
        else trend.not_comparable_reason
    end as employment_cagr_status,
    case
        when trend.employment is null then 'withheld'
        when trend.employment = 0 then 'no_jobs'
        else 'mostly_modelled'
    end as employment_index_status
from marts.cluster_trend as trend
left join reference.cluster as cluster on cluster.cluster_id = trend.cluster_id
left join coverage on coverage.coverage_break = trend.coverage_break
where trend.area_id in (select unnest($areas))
    and trend.level <> 'sub_cluster'
    and trend.ownership = 'all'
    and trend.cluster_id <> 'unassigned'
order by
    trend.area_id,
    trend.year,
    case trend.cluster_id when 'all' then 3 when 'no_home' then 2 else 1 end,
    max(trend.employment) over (partition by trend.area_id, trend.cluster_id) desc nulls last,
    trend.cluster_id
