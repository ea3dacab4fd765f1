-- The working layer's jobs and wages are those of OEWS, and a top-coded wage stands at the least that it can be: the
-- top code, or a lower percentile that is published above it.
-- table: core.occupation_wage
-- severity: error
-- expected: the cells of core.oews_area_occupation with equal figures, top-coded ones at their bound, others missing
with

published as (
    select
        figure.area_id,
        figure.soc_code,
        cast(figure.employment as double) as employment,
        cast(case when figure.wage_mean_usd_status = 'top_coded' then release.top_code_annual_usd
                  else figure.wage_mean_usd end as double) as wage_mean_usd,
        cast(case when figure.wage_p10_usd_status = 'top_coded' then release.top_code_annual_usd
                  else figure.wage_p10_usd end as double) as wage_p10_usd,
        cast(case when figure.wage_p25_usd_status = 'top_coded'
                  then greatest(release.top_code_annual_usd, coalesce(figure.wage_p10_usd, 0))
                  else figure.wage_p25_usd end as double) as wage_p25_usd,
        cast(case when figure.wage_p50_usd_status = 'top_coded'
                  then greatest(
                      release.top_code_annual_usd,
                      coalesce(figure.wage_p10_usd, 0),
                      coalesce(figure.wage_p25_usd, 0)
                  )
                  else figure.wage_p50_usd end as double) as wage_p50_usd,
        cast(case when figure.wage_p75_usd_status = 'top_coded'
                  then greatest(
                      release.top_code_annual_usd,
                      coalesce(figure.wage_p10_usd, 0),
                      coalesce(figure.wage_p25_usd, 0),
                      coalesce(figure.wage_p50_usd, 0)
                  )
                  else figure.wage_p75_usd end as double) as wage_p75_usd,
        cast(case when figure.wage_p90_usd_status = 'top_coded'
                  then greatest(
                      release.top_code_annual_usd,
                      coalesce(figure.wage_p10_usd, 0),
                      coalesce(figure.wage_p25_usd, 0),
                      coalesce(figure.wage_p50_usd, 0),
                      coalesce(figure.wage_p75_usd, 0)
                  )
                  else figure.wage_p90_usd end as double) as wage_p90_usd
    from core.oews_area_occupation as figure
    cross join raw.oews_release as release
),

found as (
    select
        area_id,
        soc_code,
        count(*) as found_rows,
        max(employment) as employment,
        max(wage_mean_usd) as wage_mean_usd,
        max(wage_p10_usd) as wage_p10_usd,
        max(wage_p25_usd) as wage_p25_usd,
        max(wage_p50_usd) as wage_p50_usd,
        max(wage_p75_usd) as wage_p75_usd,
        max(wage_p90_usd) as wage_p90_usd
    from core.occupation_wage
    group by area_id, soc_code
)

select
    coalesce(published.area_id, found.area_id) as area_id,
    coalesce(published.soc_code, found.soc_code) as soc_code,
    coalesce(found.found_rows, 0) as found_rows,
    published.employment as published_employment,
    found.employment,
    published.wage_p50_usd as published_wage_p50_usd,
    found.wage_p50_usd,
    published.wage_p90_usd as published_wage_p90_usd,
    found.wage_p90_usd
from published
full outer join found
    on found.area_id = published.area_id
    and found.soc_code = published.soc_code
where published.area_id is null
    or found.area_id is null
    or found.found_rows <> 1
    or found.employment is distinct from published.employment
    or found.wage_mean_usd is distinct from published.wage_mean_usd
    or found.wage_p10_usd is distinct from published.wage_p10_usd
    or found.wage_p25_usd is distinct from published.wage_p25_usd
    or found.wage_p50_usd is distinct from published.wage_p50_usd
    or found.wage_p75_usd is distinct from published.wage_p75_usd
    or found.wage_p90_usd is distinct from published.wage_p90_usd
order by area_id, soc_code
