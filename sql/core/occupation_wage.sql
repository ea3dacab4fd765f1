-- Jobs and annual wages by area and occupation in the form that figures are made from. Some wages are published only as
-- at least the top code, though others above it are published. The least that such a wage can be takes its place, and
-- top_coded_from_usd has the lowest one: results from there on are lower bounds.
with

-- greatest() ignores percentiles that are not published
bounded as (
    select
        figure.* exclude (wage_mean_usd, wage_p10_usd, wage_p25_usd, wage_p50_usd, wage_p75_usd, wage_p90_usd),
        case
            when figure.wage_mean_usd_status = 'top_coded' then release.top_code_annual_usd
            else figure.wage_mean_usd
        end as wage_mean_usd,
        case when figure.wage_p10_usd_status = 'top_coded' then release.top_code_annual_usd else figure.wage_p10_usd end
            as wage_p10_usd,
        case
            when figure.wage_p25_usd_status = 'top_coded'
                then greatest(release.top_code_annual_usd, figure.wage_p10_usd)
            else figure.wage_p25_usd
        end as wage_p25_usd,
        case
            when figure.wage_p50_usd_status = 'top_coded'
                then greatest(release.top_code_annual_usd, figure.wage_p10_usd, figure.wage_p25_usd)
            else figure.wage_p50_usd
        end as wage_p50_usd,
        case
            when figure.wage_p75_usd_status = 'top_coded'
                then greatest(
                    release.top_code_annual_usd,
                    figure.wage_p10_usd, figure.wage_p25_usd, figure.wage_p50_usd
                )
            else figure.wage_p75_usd
        end as wage_p75_usd,
        case
            when figure.wage_p90_usd_status = 'top_coded'
                then greatest(
                    release.top_code_annual_usd,
                    figure.wage_p10_usd, figure.wage_p25_usd, figure.wage_p50_usd, figure.wage_p75_usd
                )
            else figure.wage_p90_usd
        end as wage_p90_usd
    from core.oews_area_occupation as figure
    cross join raw.oews_release as release
)

select
    area_id,
    soc_code,
    occupation_group,
    period,
    employment,
    employment_status,
    employment_rse_pct,
    wage_mean_usd,
    wage_mean_usd_status as wage_mean_status,
    wage_p10_usd,
    wage_p10_usd_status as wage_p10_status,
    wage_p25_usd,
    wage_p25_usd_status as wage_p25_status,
    wage_p50_usd,
    wage_p50_usd_status as wage_p50_status,
    wage_p75_usd,
    wage_p75_usd_status as wage_p75_status,
    wage_p90_usd,
    wage_p90_usd_status as wage_p90_status,
    wage_p10_usd is not null
        and wage_p25_usd is not null
        and wage_p50_usd is not null
        and wage_p75_usd is not null
        and wage_p90_usd is not null as has_percentiles,
    case
        when wage_p10_usd_status = 'top_coded' then wage_p10_usd
        when wage_p25_usd_status = 'top_coded' then wage_p25_usd
        when wage_p50_usd_status = 'top_coded' then wage_p50_usd
        when wage_p75_usd_status = 'top_coded' then wage_p75_usd
        when wage_p90_usd_status = 'top_coded' then wage_p90_usd
    end as top_coded_from_usd
from bounded
order by area_id, soc_code
