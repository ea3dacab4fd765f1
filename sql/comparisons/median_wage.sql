-- Median wage of all jobs in the nation and in each state.
-- table: marts.cluster_indicators
-- bound: 10
select indicator.area_id as key, indicator.wage_p50_usd as figure
from marts.cluster_indicators as indicator
inner join reference.area as area
    on area.area_id = indicator.area_id
    and area.area_type in ('national', 'state')
where indicator.level = 'all'
    and indicator.basis = 'unduplicated'
order by key
