-- Rows on an overlay's basis stand in the areas and regions of its state, in all of them, and nowhere else.
-- table: marts.cluster_indicators
-- severity: error
-- expected: areas with rows on the overlay's bases = areas of its state that figures are pooled for
with

wanted as (
    select distinct part.area_id, basis.basis || ':' || overlay.overlay_id as basis
    from core.area_part as part
    inner join reference.area as area on area.area_id = part.area_id
    inner join reference.overlay as overlay
        on overlay.state_id = area.state_id
        and overlay.changes_groups
    cross join (select unnest(['unduplicated', 'duplicated']) as basis) as basis
),

found as (
    select distinct area_id, basis
    from marts.cluster_indicators
    where contains(basis, ':')
)

select
    coalesce(wanted.area_id, found.area_id) as area_id,
    coalesce(wanted.basis, found.basis) as basis,
    wanted.area_id is not null as is_wanted
from wanted
full outer join found
    on found.area_id = wanted.area_id
    and found.basis = wanted.basis
where wanted.area_id is null
    or found.area_id is null
order by area_id, basis
