-- Changes that the overlay makes to the framework's memberships, and why.
select
    overlay.overlay_id,
    change.soc_code,
    change.sub_cluster_id,
    change.change,
    change.weight as given_weight,
    change.reason
from reference.overlay as overlay
cross join seed.overlay_change as change
order by overlay.overlay_id, change.soc_code, change.sub_cluster_id
