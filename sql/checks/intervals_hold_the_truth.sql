-- The 90 percent intervals hold the truth as often as they say, on cells that were hidden from the estimate. Where too
-- few groups can be tested nothing is said.
-- table: quality.interval_accuracy
-- severity: error
-- expected: 86 to 95 percent of the intervals of metro clusters hold, 86 to 96 of other clusters and sub-clusters
select source, area_type, level, groups, held_pct
from quality.interval_accuracy
where coverage_band = 'all'
    and source = 'oews'
    and groups >= 500
    and not coalesce(
        held_pct between 86 and case when area_type = 'metro' and level = 'cluster' then 95 else 96 end, false
    )
order by source, area_type, level
