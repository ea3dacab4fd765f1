-- The OEWS areas that an area's figures are pooled from, with the share of their jobs that counts: the area itself, or
-- the metro and nonmetro areas of a region.
select
    area_id,
    area_id as part_area_id,
    cast(1.0 as double) as share
from reference.area
where area_type not in ('county', 'region')
union all
select
    region_area_id as area_id,
    area_id as part_area_id,
    share_pct / 100 as share
from reference.region_member
where area_type in ('metro', 'nonmetro')
    and share_pct > 0
order by area_id, part_area_id
