-- Employment, mean wage, error and coverage of every group of occupations in every area, from published cells only.
with

figure as (
    select
        wage.area_id,
        area_scheme.scheme,
        wage.soc_code,
        wage.employment,
        wage.employment_rse_pct,
        wage.wage_mean_usd,
        wage.wage_mean_status,
        wage.has_percentiles
    from core.occupation_wage as wage
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = wage.area_id
    where wage.occupation_group = 'detailed'
),

nation as (
    select soc_code, employment as national_employment
    from figure
    where area_id = 'US'
),

defined as (
    select
        occupation_group.scheme,
        occupation_group.group_id,
        count(*) as occupations_defined,
        sum(occupation_group.weight * nation.national_employment) as national_employment
    from core.occupation_group as occupation_group
    left join nation on nation.soc_code = occupation_group.soc_code
    group by occupation_group.scheme, occupation_group.group_id
),

totals as (
    select
        figure.area_id,
        figure.scheme,
        occupation_group.group_id,
        count(*) as occupations,
        count(*) - count(figure.employment) as occupations_without_employment,
        sum(occupation_group.weight * figure.employment) as employment,
        -- a missing error is not an error of zero
        case when count(figure.employment) = count(figure.employment * figure.employment_rse_pct)
             then sqrt(sum(power(occupation_group.weight * figure.employment * figure.employment_rse_pct, 2)))
        end as employment_error,
        sum(occupation_group.weight * figure.employment * figure.wage_mean_usd) as wages_usd,
        sum(occupation_group.weight * figure.employment)
            filter (where figure.wage_mean_usd is not null) as wage_mean_employment,
        sum(occupation_group.weight * figure.employment)
            filter (where figure.has_percentiles) as wage_percentile_employment,
        coalesce(bool_or(figure.wage_mean_status = 'top_coded' and figure.employment is not null), false)
            as has_top_coded_mean,
        sum(occupation_group.weight * nation.national_employment)
            filter (where figure.employment is not null) as national_employment_published
    from core.occupation_group as occupation_group
    inner join figure
        on figure.soc_code = occupation_group.soc_code
        and figure.scheme = occupation_group.scheme
    left join nation on nation.soc_code = occupation_group.soc_code
    group by figure.area_id, figure.scheme, occupation_group.group_id
)

select
    totals.area_id,
    totals.group_id,
    defined.occupations_defined,
    totals.occupations,
    totals.occupations_without_employment,
    totals.employment,
    totals.employment_error / nullif(totals.employment, 0) as employment_rse_pct,
    totals.wages_usd / nullif(totals.wage_mean_employment, 0) as wage_mean_usd,
    totals.has_top_coded_mean,
    100.0 * totals.wage_mean_employment / nullif(totals.employment, 0) as wage_mean_coverage_pct,
    100.0 * coalesce(totals.wage_percentile_employment, 0) / nullif(totals.employment, 0) as wage_coverage_pct,
    coalesce(totals.national_employment_published, 0) as national_employment_published,
    defined.national_employment,
    100.0 * coalesce(totals.national_employment_published, 0) / nullif(defined.national_employment, 0) as coverage_pct
from totals
inner join defined
    on defined.scheme = totals.scheme
    and defined.group_id = totals.group_id
order by totals.area_id, totals.group_id
