-- Projected openings of each occupation in an area's newest period; only the nation and the states have projections.
select *
from marts.occupation_outlook
where area_id in (select unnest($areas))
qualify projection_period = max(projection_period) over (partition by area_id)
