-- The pooled median is closer to the published one than the average of the occupations' medians is.
-- table: quality.method_accuracy
-- severity: error
-- expected: pooled median error below that of the average, in every comparison of 20 groups or more; some are made
with

pooled as (
    select area_type, grouping, groups, median_abs_error_pct
    from quality.method_accuracy
    where statistic = 'p50'
        and method = 'pooled'
        and groups >= 20
),

averaged as (
    select area_type, grouping, median_abs_error_pct
    from quality.method_accuracy
    where statistic = 'p50'
        and method = 'average_of_medians'
),

made as (
    select count(*) as comparisons
    from pooled
    inner join averaged
        on averaged.area_type = pooled.area_type
        and averaged.grouping = pooled.grouping
),

compared as (
    select
        pooled.area_type,
        pooled.grouping,
        pooled.median_abs_error_pct as pooled_error_pct,
        averaged.median_abs_error_pct as averaged_error_pct
    from pooled
    left join averaged
        on averaged.area_type = pooled.area_type
        and averaged.grouping = pooled.grouping
)

select area_type, grouping, pooled_error_pct, averaged_error_pct
from compared
where averaged_error_pct is null
    or pooled_error_pct >= averaged_error_pct
union all
select 'none' as area_type, 'no comparison was made' as grouping, null as pooled_error_pct, null as averaged_error_pct
from made
where comparisons = 0
order by area_type, grouping
