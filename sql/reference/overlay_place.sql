-- Clusters and sub-clusters under the overlay, by the names that the state gives them.
select
    overlay.overlay_id,
    place.level,
    place.cluster_id,
    place.sub_cluster_id,
    place.place_name,
    place.is_own,
    place.is_cross_cutting
from seed.overlay as overlay
cross join seed.overlay_place as place
order by overlay.overlay_id, place.level, place.cluster_id, place.sub_cluster_id
