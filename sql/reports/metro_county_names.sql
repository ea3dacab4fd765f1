-- The names of the counties of each metro area, those in other states among them: people look for their county.
select cbsa_area_id as area_id, string_agg(distinct split_part(area_name, ', ', 1), ' ') as county_names
from reference.area
where area_type = 'county' and cbsa_area_id is not null
group by cbsa_area_id
order by cbsa_area_id
