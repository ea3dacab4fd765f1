-- Rows on an overlay's basis are in all areas and regions of its state, and nowhere else.
-- table: marts.cluster_indicators
-- severity: error
-- expected: areas with rows on the overlay's bases = areas of its state that figures are pooled for
-- keys: area_id, basis
with

expected as (
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

select * from differences
