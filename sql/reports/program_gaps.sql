-- The programs of each state whose awards fall furthest below their share of the openings of their level, and furthest
-- above: `place_below` and `place_above` rank them, and are 1 for the furthest.
select
    *,
    row_number() over (partition by area_id order by gap desc, cip_code, award_group) as place_below,
    row_number() over (partition by area_id order by gap, cip_code, award_group) as place_above
from marts.program_alignment
where area_id in (select unnest($areas)) and policy = $policy and gap is not null
qualify (place_below <= $most and gap > 0) or (place_above <= $most and gap < 0)
order by area_id, place_below
