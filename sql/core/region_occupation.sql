-- Jobs, mean wage and error of every occupation (00-0000: all occupations) in a region: sums over its metro and
-- nonmetro areas, each by its share, of what they publish. published_share is the share of the region, by jobs of its
-- areas, that publishes the occupation's employment; the rest is missing, not zero.
with

part as (
    select area_id, part_area_id, share
    from core.area_part
    where area_id <> part_area_id
),

weighed as (
    select
        part.area_id,
        part.part_area_id,
        part.share,
        -- where one area's total is missing, the shares of all are unknown
        case when count(total.employment) over region = count(*) over region
             then part.share * total.employment / sum(part.share * total.employment) over region end as area_share
    from part
    left join core.occupation_wage as total
        on total.area_id = part.part_area_id
        and total.occupation_group = 'total'
    window region as (partition by part.area_id)
),

cell as (
    select
        weighed.area_id,
        wage.soc_code,
        wage.occupation_group,
        wage.period,
        weighed.area_share,
        weighed.share * wage.employment as employment,
        wage.employment_rse_pct,
        wage.wage_mean_usd,
        wage.wage_mean_status,
        wage.has_percentiles
    from weighed
    inner join core.occupation_wage as wage on wage.area_id = weighed.part_area_id
    where wage.occupation_group in ('detailed', 'total')
)

select
    area_id,
    soc_code,
    occupation_group,
    max(period) as period,
    sum(employment) as employment,
    -- a missing error is not an error of zero
    case when count(employment) = count(employment * employment_rse_pct)
         then sqrt(sum(power(employment * employment_rse_pct, 2))) / nullif(sum(employment), 0)
    end as employment_rse_pct,
    coalesce(sum(area_share) filter (where employment is not null), 0) as published_share,
    sum(employment * wage_mean_usd) / nullif(sum(employment) filter (where wage_mean_usd is not null), 0)
        as wage_mean_usd,
    sum(employment) filter (where wage_mean_usd is not null) as wage_mean_employment,
    sum(employment) filter (where has_percentiles) as wage_percentile_employment,
    coalesce(bool_or(wage_mean_status = 'top_coded' and employment is not null), false) as has_top_coded_mean
from cell
group by area_id, soc_code, occupation_group
order by area_id, soc_code
