-- The bases that each area has figures on, the framework's first; the overlay's columns are empty for those.
with present as (
    select distinct area_id, basis
    from marts.cluster_indicators
    where area_id in (select unnest($areas))
)

select present.area_id, present.basis, overlay.overlay_id, overlay.overlay_title, overlay.state_id
from present
left join reference.overlay as overlay on overlay.overlay_id = split_part(present.basis, ':', 2)
order by present.area_id, overlay.overlay_id nulls first, not starts_with(present.basis, 'unduplicated')
