-- Employment, mean wage, error and coverage of every group of occupations in every area, from published cells only. In
-- a region, an occupation counts as published by the share of the region whose areas publish it.
with

cell as (
    select
        area_id,
        soc_code,
        employment,
        employment_rse_pct,
        case when employment is not null then 1.0 end as published_share,
        wage_mean_usd,
        case when wage_mean_usd is not null then employment end as wage_mean_employment,
        case when has_percentiles then employment end as wage_percentile_employment,
        wage_mean_status = 'top_coded' and employment is not null as has_top_coded_mean
    from core.occupation_wage
    where occupation_group = 'detailed'
    union all by name
    select * exclude (occupation_group, period)
    from core.region_occupation
    where occupation_group = 'detailed'
),

figure as materialized (
    select cell.*, area_scheme.scheme
    from cell
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = cell.area_id
),

nation as (
    select soc_code, employment as national_employment
    from cell
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
    where not starts_with(occupation_group.group_id, 'occupation/')
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
        sum(occupation_group.weight * figure.wage_mean_employment * figure.wage_mean_usd) as wages_usd,
        sum(occupation_group.weight * figure.wage_mean_employment) as wage_mean_employment,
        sum(occupation_group.weight * figure.wage_percentile_employment) as wage_percentile_employment,
        coalesce(bool_or(figure.has_top_coded_mean), false) as has_top_coded_mean,
        sum(occupation_group.weight * nation.national_employment * figure.published_share)
            as national_employment_published
    from core.occupation_group as occupation_group
    inner join figure
        on figure.soc_code = occupation_group.soc_code
        and figure.scheme = occupation_group.scheme
    left join nation on nation.soc_code = occupation_group.soc_code
    group by figure.area_id, figure.scheme, occupation_group.group_id
)

-- sums are rounded far below the published digits, so that every run rounds figures halfway between two alike
select
    totals.area_id,
    totals.group_id,
    defined.occupations_defined,
    totals.occupations,
    totals.occupations_without_employment,
    round(totals.employment, 6) as employment,
    round(totals.employment_error / nullif(totals.employment, 0), 9) as employment_rse_pct,
    round(totals.wages_usd / nullif(totals.wage_mean_employment, 0), 6) as wage_mean_usd,
    totals.has_top_coded_mean,
    round(100.0 * totals.wage_mean_employment / nullif(totals.employment, 0), 9) as wage_mean_coverage_pct,
    round(100.0 * coalesce(totals.wage_percentile_employment, 0) / nullif(totals.employment, 0), 9)
        as wage_coverage_pct,
    round(coalesce(totals.national_employment_published, 0), 6) as national_employment_published,
    round(defined.national_employment, 6) as national_employment,
    round(100.0 * coalesce(totals.national_employment_published, 0) / nullif(defined.national_employment, 0), 9)
        as coverage_pct
from totals
inner join defined
    on defined.scheme = totals.scheme
    and defined.group_id = totals.group_id
order by totals.area_id, totals.group_id
