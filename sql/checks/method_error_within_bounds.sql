-- Compared with the publisher's own group figures, the pooling method keeps its documented accuracy: medians by
-- their median error, means by their mean error. A missing comparison fails.
-- table: quality.method_accuracy
-- severity: error
-- expected: p50 of states and metros within 1.3 percent, mean of major groups within 0.05 (nation) and 0.5 (states)
with

bound as (
    select 'state' as area_type, 'major group' as grouping, 'p50' as statistic, 1.3 as bound_pct
    union all
    select 'metro' as area_type, 'major group' as grouping, 'p50' as statistic, 1.3 as bound_pct
    union all
    select 'state' as area_type, 'all jobs' as grouping, 'p50' as statistic, 1.3 as bound_pct
    union all
    select 'national' as area_type, 'major group' as grouping, 'mean' as statistic, 0.05 as bound_pct
    union all
    select 'state' as area_type, 'major group' as grouping, 'mean' as statistic, 0.5 as bound_pct
),

pooled as (
    select
        area_type,
        grouping,
        statistic,
        groups,
        case when statistic = 'mean' then mean_abs_error_pct else median_abs_error_pct end as error_pct
    from quality.method_accuracy
    where method = 'pooled'
)

select
    bound.area_type,
    bound.grouping,
    bound.statistic,
    pooled.groups,
    pooled.error_pct,
    bound.bound_pct
from bound
left join pooled
    on pooled.area_type = bound.area_type
    and pooled.grouping = bound.grouping
    and pooled.statistic = bound.statistic
where coalesce(pooled.groups, 0) < 1
    or pooled.error_pct is null
    or pooled.error_pct > bound.bound_pct
order by bound.area_type, bound.grouping, bound.statistic
