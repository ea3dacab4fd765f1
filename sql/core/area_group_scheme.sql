-- The scheme of every area that occupation figures are made for: the set of groups, with their weights, that is pooled
-- there. National everywhere unless a state has groups or weights of its own.
select
    area_id,
    'national' as scheme
from reference.area
where area_type <> 'county'
order by area_id
