-- An occupation's figure is missing exactly when its status says so; nothing withheld is a zero.
-- table: marts.occupation_indicators
-- severity: error
-- expected: employment and each annual wage present, and above 0, exactly for status ok or top_coded (of regions partial or modelled, too)
with

figure as (
    select area_id, soc_code, 'employment' as statistic,
        cast(employment as double) as figure, employment_status as figure_status
    from marts.occupation_indicators
    union all
    select area_id, soc_code, 'wage_mean_usd' as statistic,
        cast(wage_mean_usd as double) as figure, wage_mean_status as figure_status
    from marts.occupation_indicators
    union all
    select area_id, soc_code, 'wage_p10_usd' as statistic,
        cast(wage_p10_usd as double) as figure, wage_p10_status as figure_status
    from marts.occupation_indicators
    union all
    select area_id, soc_code, 'wage_p25_usd' as statistic,
        cast(wage_p25_usd as double) as figure, wage_p25_status as figure_status
    from marts.occupation_indicators
    union all
    select area_id, soc_code, 'wage_p50_usd' as statistic,
        cast(wage_p50_usd as double) as figure, wage_p50_status as figure_status
    from marts.occupation_indicators
    union all
    select area_id, soc_code, 'wage_p75_usd' as statistic,
        cast(wage_p75_usd as double) as figure, wage_p75_status as figure_status
    from marts.occupation_indicators
    union all
    select area_id, soc_code, 'wage_p90_usd' as statistic,
        cast(wage_p90_usd as double) as figure, wage_p90_status as figure_status
    from marts.occupation_indicators
)

select area_id, soc_code, statistic, figure_status, figure
from figure
where (figure_status in ('ok', 'top_coded', 'partial', 'modelled')) <> (figure is not null)
    or figure <= 0
order by area_id, soc_code, statistic
