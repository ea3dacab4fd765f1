-- All jobs of every area, the highest median wage first.
select indicator.*, area.area_name, area.area_type, area.state_id, area.is_territory
from marts.cluster_indicators as indicator
inner join reference.area as area on area.area_id = indicator.area_id
where indicator.level = 'all' and indicator.basis = 'unduplicated'
order by indicator.wage_p50_usd desc nulls last, area.area_name
