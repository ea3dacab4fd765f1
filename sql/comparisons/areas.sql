-- Areas that have figures, of each kind but a state's own regions.
-- table: marts.cluster_indicators
-- bound: 10
select area.area_type as key, count(*) as figure
from marts.cluster_indicators as indicator
inner join reference.area as area
    on area.area_id = indicator.area_id
    and area.area_type <> 'region'
where indicator.level = 'all'
    and indicator.basis = 'unduplicated'
group by area.area_type
order by key
