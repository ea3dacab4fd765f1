-- The metro and nonmetro areas that make each region's figures by occupation, and those left out of them.
select member.region_area_id, member.area_id, area.area_name, member.treatment, member.share_pct
from reference.region_member as member
inner join reference.area as area on area.area_id = member.area_id
where member.region_area_id in (select unnest($areas)) and member.area_type <> 'county'
order by member.region_area_id, member.share_pct desc, area.area_name
