-- Areas of a release without figures by occupation, of which there are no reports: counties, and regions in which no
-- metro or nonmetro area counts.
select area_id, area_name, area_type, state_id, is_territory
from reference.area
where area_id not in (select area_id from marts.cluster_indicators)
order by area_id
