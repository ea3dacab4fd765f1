-- The pooled median is closer to the published one than the average of the occupations' medians is.
-- table: quality.method_accuracy
-- severity: error
-- expected: pooled median error below that of the average, in every comparison of 20 groups or more; some are made
with

compared as (
    select
        pooled.area_type,
        pooled.grouping,
        pooled.median_abs_error_pct as pooled_error_pct,
        averaged.median_abs_error_pct as averaged_error_pct
    from quality.method_accuracy as pooled
    left join quality.method_accuracy as averaged
        on averaged.area_type = pooled.area_type
        and averaged.grouping = pooled.grouping
        and averaged.coverage_band = pooled.coverage_band
        and averaged.statistic = 'p50'
        and averaged.method = 'average_of_medians'
    where pooled.grouping = 'major group'
        and pooled.coverage_band = 'all'
        and pooled.statistic = 'p50'
        and pooled.method = 'pooled'
        and pooled.groups >= 20
)

select area_type, grouping, pooled_error_pct, averaged_error_pct
from compared
where averaged_error_pct is null
    or pooled_error_pct >= averaged_error_pct
union all
select 'none' as area_type, 'no comparison was made' as grouping, null as pooled_error_pct, null as averaged_error_pct
where not exists (select 1 from compared)
order by area_type, grouping
