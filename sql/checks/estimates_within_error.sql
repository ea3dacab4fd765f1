-- Estimates of withheld jobs keep their documented accuracy on hidden cells of metro areas. Where too few groups can be
-- tested nothing is said.
-- table: quality.interval_accuracy
-- severity: error
-- expected: clusters of metro areas: median error at most 0.9, P90 7.5, bias 2.5 percent; sub-clusters 0.2, 10, 2.5
select level, groups, median_error_pct, p90_error_pct, bias_pct
from quality.interval_accuracy
where coverage_band = 'all'
    and source = 'oews'
    and area_type = 'metro'
    and groups >= 500
    and not coalesce(
        median_error_pct <= case level when 'cluster' then 0.9 else 0.2 end
        and p90_error_pct <= case level when 'cluster' then 7.5 else 10.0 end
        and abs(bias_pct) <= 2.5, false
    )
order by level
