-- Compared with the publisher's own group figures, the pooling method keeps its documented accuracy: medians by
-- their median error, means by their mean error. A missing comparison fails.
-- table: quality.method_accuracy
-- severity: error
-- expected: p50 of states and metros within 1.3 percent, mean of major groups within 0.05 (nation) and 0.5 (states)
with

bound as (
    select
        unnest(['state', 'metro', 'state', 'national', 'state']) as area_type,
        unnest(['major group', 'major group', 'all jobs', 'major group', 'major group']) as grouping,
        unnest(['p50', 'p50', 'p50', 'mean', 'mean']) as statistic,
        unnest([1.3, 1.3, 1.3, 0.05, 0.5]) as bound_pct
),

compared as (
    select
        bound.*,
        pooled.groups,
        case when bound.statistic = 'mean' then pooled.mean_abs_error_pct else pooled.median_abs_error_pct end
            as error_pct
    from bound
    left join quality.method_accuracy as pooled
        on pooled.method = 'pooled'
        and pooled.area_type = bound.area_type
        and pooled.grouping = bound.grouping
        and pooled.statistic = bound.statistic
)

select *
from compared
where coalesce(groups, 0) < 1
    or error_pct is null
    or error_pct > bound_pct
order by area_type, grouping, statistic
