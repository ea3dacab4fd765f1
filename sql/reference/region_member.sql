-- Counties, metro and nonmetro areas of each region, and how each of them counts.
select
    region_area_id,
    area_id,
    area_type,
    share_pct,
    treatment,
    is_listed
from seed.region_member
order by region_area_id, area_id
