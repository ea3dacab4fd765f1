-- Jobs and annual wages of every occupation (and of all) in a region, in the form of core.occupation_wage: jobs are
-- added up over the region's areas, percentiles pooled from their distributions. A figure that only some areas publish
-- is partial; jobs that use a share of an area are modelled. Without the total of one of its areas a region has none.
with

part as (
    select area_id, min(share) as least_share
    from core.area_part
    where area_id <> part_area_id
    group by area_id
),

figure as (
    select
        occupation.* exclude (employment),
        occupation.employment as published_employment,
        case
            when occupation.occupation_group = 'detailed' or occupation.published_share > 0.9999999
                then occupation.employment
        end as employment,
        part.least_share,
        percentile.top_coded_from_usd,
        -- from the bound on, the bound is the answer; least() ignores a missing bound
        least(percentile.wage_p10_usd, percentile.top_coded_from_usd) as wage_p10_usd,
        least(percentile.wage_p25_usd, percentile.top_coded_from_usd) as wage_p25_usd,
        least(percentile.wage_p50_usd, percentile.top_coded_from_usd) as wage_p50_usd,
        least(percentile.wage_p75_usd, percentile.top_coded_from_usd) as wage_p75_usd,
        least(percentile.wage_p90_usd, percentile.top_coded_from_usd) as wage_p90_usd,
        case
            when percentile.wage_p50_usd is null then 'withheld'
            when occupation.wage_percentile_employment < occupation.employment * 0.9999999 then 'partial'
            else 'ok'
        end as percentile_status
    from core.region_occupation as occupation
    inner join part on part.area_id = occupation.area_id
    left join core.group_percentile as percentile
        on percentile.area_id = occupation.area_id
        and percentile.group_id = case
            when occupation.occupation_group = 'total' then 'publisher/00-0000/all'
            else 'occupation/' || occupation.soc_code || '/all'
        end
)

select
    area_id,
    soc_code,
    occupation_group,
    period,
    employment,
    case
        when employment is null then 'withheld'
        when least_share < 1 then 'modelled'
        when published_share < 0.9999999 then 'partial'
        else 'ok'
    end as employment_status,
    published_share,
    case when employment is not null then employment_rse_pct end as employment_rse_pct,
    wage_mean_usd,
    case
        when wage_mean_usd is null then 'withheld'
        when has_top_coded_mean then 'top_coded'
        when wage_mean_employment < published_employment * 0.9999999 then 'partial'
        else 'ok'
    end as wage_mean_status,
    wage_p10_usd,
    case when wage_p10_usd >= top_coded_from_usd - 0.005 then 'top_coded' else percentile_status end as wage_p10_status,
    wage_p25_usd,
    case when wage_p25_usd >= top_coded_from_usd - 0.005 then 'top_coded' else percentile_status end as wage_p25_status,
    wage_p50_usd,
    case when wage_p50_usd >= top_coded_from_usd - 0.005 then 'top_coded' else percentile_status end as wage_p50_status,
    wage_p75_usd,
    case when wage_p75_usd >= top_coded_from_usd - 0.005 then 'top_coded' else percentile_status end as wage_p75_status,
    wage_p90_usd,
    case when wage_p90_usd >= top_coded_from_usd - 0.005 then 'top_coded' else percentile_status end as wage_p90_status
from figure
order by area_id, soc_code
