-- Changes that the overlay makes to the framework's memberships and to links of programs with occupations, and why.
with

changed as (
    select 'all' as cip_code, soc_code, sub_cluster_id, change, weight as given_weight, reason
    from seed.overlay_change
    union all
    select cip_code, soc_code, 'all' as sub_cluster_id, action as change, null as given_weight, reason
    from seed.program_link_change
)

select
    overlay.overlay_id,
    changed.cip_code,
    changed.soc_code,
    changed.sub_cluster_id,
    changed.change,
    changed.given_weight,
    changed.reason
from reference.overlay as overlay
cross join changed
order by overlay.overlay_id, changed.cip_code, changed.soc_code, changed.sub_cluster_id
