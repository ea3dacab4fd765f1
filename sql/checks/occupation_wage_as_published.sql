-- Jobs and wages of core.occupation_wage are those of OEWS. A top-coded wage has the least value that it can have:
-- the top code, or a lower percentile that is published above it.
-- table: core.occupation_wage
-- severity: error
-- expected: the cells of core.oews_area_occupation with equal figures, top-coded ones at their bound, others missing
-- keys: area_id, soc_code
-- figures: employment; wage_mean_usd; wage_p10_usd; wage_p25_usd; wage_p50_usd; wage_p75_usd; wage_p90_usd
with

expected as (
    select
        figure.area_id,
        figure.soc_code,
        figure.employment,
        case when figure.wage_mean_usd_status = 'top_coded' then release.top_code_annual_usd
             else figure.wage_mean_usd end as wage_mean_usd,
        case when figure.wage_p10_usd_status = 'top_coded' then release.top_code_annual_usd
             else figure.wage_p10_usd end as wage_p10_usd,
        -- greatest() ignores percentiles that are not published
        case when figure.wage_p25_usd_status = 'top_coded'
             then greatest(release.top_code_annual_usd, figure.wage_p10_usd)
             else figure.wage_p25_usd end as wage_p25_usd,
        case when figure.wage_p50_usd_status = 'top_coded'
             then greatest(release.top_code_annual_usd, figure.wage_p10_usd, figure.wage_p25_usd)
             else figure.wage_p50_usd end as wage_p50_usd,
        case when figure.wage_p75_usd_status = 'top_coded'
             then greatest(
                 release.top_code_annual_usd, figure.wage_p10_usd, figure.wage_p25_usd,
                 figure.wage_p50_usd
             )
             else figure.wage_p75_usd end as wage_p75_usd,
        case when figure.wage_p90_usd_status = 'top_coded'
             then greatest(
                 release.top_code_annual_usd, figure.wage_p10_usd, figure.wage_p25_usd,
                 figure.wage_p50_usd, figure.wage_p75_usd
             )
             else figure.wage_p90_usd end as wage_p90_usd
    from core.oews_area_occupation as figure
    cross join raw.oews_release as release
),

found as (
    select *
    from core.occupation_wage
)

select * from differences
