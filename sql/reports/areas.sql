-- Areas with figures by occupation: the nation first, then states, regions, and metro and nonmetro areas by name.
select area_id, area_name, area_type, state_id, is_territory
from reference.area
where area_id in (select area_id from marts.cluster_indicators)
order by
    case area_type when 'national' then 1 when 'state' then 2 when 'region' then 3 else 4 end,
    area_name,
    area_id
