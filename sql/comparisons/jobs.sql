-- Jobs of the nation and of each state. A new year moves a state by less than 10 percent, but for years like 2020.
-- table: marts.cluster_indicators
-- bound: 10
select indicator.area_id as key, indicator.employment as figure
from marts.cluster_indicators as indicator
inner join reference.area as area
    on area.area_id = indicator.area_id
    and area.area_type in ('national', 'state')
where indicator.level = 'all'
    and indicator.basis = 'unduplicated'
order by key
