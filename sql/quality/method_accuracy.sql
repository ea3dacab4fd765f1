-- How well the method meets the publisher's own figures: SOC major groups and all jobs, pooled from their detailed
-- occupations by the SQL of the clusters, against what BLS publishes for them. Beside it the average of the
-- occupations' percentiles, weighted by jobs. Means with a top-coded part are lower bounds and are left out.
with

parameter as (
    select max(value) filter (where parameter = 'accuracy_min_coverage_pct') as min_coverage_pct
    from reference.method_parameter
),

publisher_group as (
    select distinct group_id, level, cluster_id as soc_code
    from core.occupation_group
    where basis = 'publisher'
),

published as (
    select *
    from core.oews_area_occupation
    where occupation_group in ('major', 'total')
),

-- most of the group must be published in detail, or the test would measure what is withheld
tested as (
    select
        publisher_group.group_id,
        case when publisher_group.level = 'soc_all' then 'all jobs' else 'major group' end as grouping,
        published.area_id,
        published.soc_code,
        case when not total.has_top_coded_mean then total.wage_mean_usd end as wage_mean_usd
    from publisher_group
    inner join published on published.soc_code = publisher_group.soc_code
    inner join core.group_total as total
        on total.group_id = publisher_group.group_id
        and total.area_id = published.area_id
    cross join parameter
    where 100.0 * total.employment / published.employment >= parameter.min_coverage_pct
        and total.wage_coverage_pct >= parameter.min_coverage_pct
),

-- jobs times wage is missing where the wage is, so its sum leaves those jobs out
averaged as (
    select
        figure.area_id,
        occupation_group.group_id,
        sum(figure.employment * figure.wage_p10_usd)
            / sum(figure.employment) filter (where figure.wage_p10_usd is not null) as wage_p10_usd,
        sum(figure.employment * figure.wage_p25_usd)
            / sum(figure.employment) filter (where figure.wage_p25_usd is not null) as wage_p25_usd,
        sum(figure.employment * figure.wage_p50_usd)
            / sum(figure.employment) filter (where figure.wage_p50_usd is not null) as wage_p50_usd,
        sum(figure.employment * figure.wage_p75_usd)
            / sum(figure.employment) filter (where figure.wage_p75_usd is not null) as wage_p75_usd,
        sum(figure.employment * figure.wage_p90_usd)
            / sum(figure.employment) filter (where figure.wage_p90_usd is not null) as wage_p90_usd
    from core.oews_area_occupation as figure
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = figure.area_id
    inner join core.occupation_group as occupation_group
        on occupation_group.soc_code = figure.soc_code
        and occupation_group.scheme = area_scheme.scheme
        and occupation_group.basis = 'publisher'
    where figure.employment is not null
    group by figure.area_id, occupation_group.group_id
),

estimate as (
    select 'pooled' as method, * exclude (top_coded_from_usd)
    from core.group_percentile
    union all by name
    select 'average_of_medians' as method, *
    from averaged
),

compared as (
    select
        tested.area_id,
        tested.grouping,
        statistic.statistic,
        estimate.method,
        case statistic.statistic
            when 'p10' then estimate.wage_p10_usd
            when 'p25' then estimate.wage_p25_usd
            when 'p50' then estimate.wage_p50_usd
            when 'p75' then estimate.wage_p75_usd
            when 'p90' then estimate.wage_p90_usd
            when 'mean' then case when estimate.method = 'pooled' then tested.wage_mean_usd end
        end as estimate,
        cast(
            case statistic.statistic
                when 'p10' then published.wage_p10_usd
                when 'p25' then published.wage_p25_usd
                when 'p50' then published.wage_p50_usd
                when 'p75' then published.wage_p75_usd
                when 'p90' then published.wage_p90_usd
                when 'mean' then published.wage_mean_usd
            end as double
        ) as published
    from tested
    inner join published
        on published.area_id = tested.area_id
        and published.soc_code = tested.soc_code
    inner join estimate
        on estimate.area_id = tested.area_id
        and estimate.group_id = tested.group_id
    cross join (select unnest(['mean', 'p10', 'p25', 'p50', 'p75', 'p90']) as statistic) as statistic
),

error as (
    select
        area.area_type,
        compared.grouping,
        compared.statistic,
        compared.method,
        100.0 * (compared.estimate / compared.published - 1) as error_pct
    from compared
    inner join reference.area as area on area.area_id = compared.area_id
    where compared.estimate is not null
        and compared.published is not null
)

select
    area_type,
    grouping,
    statistic,
    method,
    count(*) as groups,
    round(median(abs(error_pct)), 4) as median_abs_error_pct,
    round(avg(abs(error_pct)), 4) as mean_abs_error_pct,
    round(quantile_cont(abs(error_pct), 0.9), 4) as p90_abs_error_pct,
    round(max(abs(error_pct)), 4) as max_abs_error_pct,
    round(avg(error_pct), 4) as bias_pct
from error
group by area_type, grouping, statistic, method
order by area_type, grouping, statistic, method
