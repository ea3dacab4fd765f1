-- Pooled medians of the nation's 22 major groups stay close to the published ones; few groups, so a warning only.
-- table: quality.method_accuracy
-- severity: warn
-- expected: median error at most 2 percent
select area_type, grouping, statistic, groups, median_abs_error_pct
from quality.method_accuracy
where area_type = 'national'
    and grouping = 'major group'
    and statistic = 'p50'
    and method = 'pooled'
    and median_abs_error_pct > 2
order by area_type, grouping, statistic
