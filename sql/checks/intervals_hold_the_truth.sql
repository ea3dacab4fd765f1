-- The 90 percent intervals hold the truth as often as they say, on cells that were hidden from the estimate. Where too
-- few groups can be tested nothing is said of how often, but each kind of area must have been tested.
-- table: quality.interval_accuracy
-- severity: error
-- expected: 86 to 95 percent of the intervals of metro clusters hold, 86 to 96 of others; none is untested
with

kind as (
    select area.area_type, level.level
    from (select distinct area_type from reference.area) as area
    cross join (select unnest(['cluster', 'sub_cluster']) as level) as level
    where area.area_type in ('metro', 'nonmetro', 'state')
)

select kind.area_type, kind.level, accuracy.groups, accuracy.held_pct
from kind
left join quality.interval_accuracy as accuracy
    on accuracy.area_type = kind.area_type
    and accuracy.level = kind.level
    and accuracy.coverage_band = 'all'
    and accuracy.source = 'oews'
where accuracy.groups is null
    or (
        accuracy.groups >= 500
        and not coalesce(
            accuracy.held_pct between 86
            and case when kind.area_type = 'metro' and kind.level = 'cluster' then 95 else 96 end, false
        )
    )
order by kind.area_type, kind.level
