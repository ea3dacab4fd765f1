-- Under an overlay, occupations have the framework's memberships (members of a combined code only through it) plus
-- the overlay's additions, less what it removes or leaves out. Given weights are used as given; all else is
-- distributed as before.
-- table: marts.overlay_allocation
-- severity: error
-- expected: the memberships that framework and changes imply, given weights, else those of marts.area_soc_allocation
with

framework as (
    select listed.soc_code, listed.cluster_id, listed.sub_cluster_id
    from reference.soc_sub_cluster as listed
    inner join marts.soc_allocation as allocation
        on allocation.soc_code = listed.soc_code
        and allocation.sub_cluster_id = listed.sub_cluster_id
    where coalesce(allocation.evidence_soc_code, allocation.soc_code) = allocation.soc_code
),

place as (
    select overlay_id, cluster_id, sub_cluster_id
    from reference.overlay_node
    where level = 'sub_cluster'
),

kept as (
    select place.overlay_id, framework.soc_code, place.cluster_id, place.sub_cluster_id, change.given_weight
    from framework
    inner join place on place.sub_cluster_id = framework.sub_cluster_id
    left join reference.overlay_change as change
        on change.overlay_id = place.overlay_id
        and change.soc_code = framework.soc_code
        and change.sub_cluster_id = framework.sub_cluster_id
    where change.change is distinct from 'remove'
    union all
    select place.overlay_id, change.soc_code, place.cluster_id, place.sub_cluster_id, change.given_weight
    from reference.overlay_change as change
    inner join place
        on place.overlay_id = change.overlay_id
        and place.sub_cluster_id = change.sub_cluster_id
    where change.change = 'add'
),

before as (
    select soc_code, count(*) as memberships
    from framework
    group by soc_code
),

after as (
    select
        kept.overlay_id,
        kept.soc_code,
        count(framework.soc_code) as memberships,
        count(*) - count(framework.soc_code) as added,
        count(kept.given_weight) as given
    from kept
    left join framework
        on framework.soc_code = kept.soc_code
        and framework.sub_cluster_id = kept.sub_cluster_id
    group by kept.overlay_id, kept.soc_code
),

expected as (
    select
        kept.overlay_id,
        kept.soc_code,
        kept.cluster_id,
        kept.sub_cluster_id,
        kept.given_weight,
        after.added = 0 and after.given = 0 and after.memberships = before.memberships as is_untouched
    from kept
    inner join after
        on after.overlay_id = kept.overlay_id
        and after.soc_code = kept.soc_code
    inner join before on before.soc_code = kept.soc_code
),

found as (
    select allocation.*, national.weight as national_weight
    from marts.overlay_allocation as allocation
    left join marts.area_soc_allocation as national
        on national.area_id = allocation.area_id
        and national.soc_code = allocation.soc_code
        and national.sub_cluster_id = allocation.sub_cluster_id
)

select
    coalesce(expected.soc_code, found.soc_code) as soc_code,
    coalesce(expected.sub_cluster_id, found.sub_cluster_id) as sub_cluster_id,
    found.area_id,
    expected.given_weight,
    found.weight,
    found.national_weight
from expected
full outer join found
    on found.overlay_id = expected.overlay_id
    and found.soc_code = expected.soc_code
    and found.cluster_id = expected.cluster_id
    and found.sub_cluster_id = expected.sub_cluster_id
where expected.soc_code is null
    or found.soc_code is null
    or abs(found.weight - expected.given_weight) > 1e-6
    or (expected.is_untouched and not coalesce(abs(found.weight - found.national_weight) <= 1e-9, false))
order by soc_code, sub_cluster_id
