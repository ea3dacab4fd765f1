-- How the awards of a program are shared among its occupations, by their openings in the institution's state, and from
-- each occupation among the clusters that the program is listed under, by the product's weights. Occupations without
-- openings anywhere share equally when all are.
with

program as (
    select distinct state_id, cip_code
    from core.place_award
    where left(cip_code, 3) <> '24.'
),

link as (
    select distinct cip_code, soc_code
    from reference.cip_soc
    where link_use = 'used'
),

listed as (
    select distinct cip_code, cluster_id
    from reference.cip_sub_cluster
),

membership as (
    select area_scheme.area_id, member.soc_code, member.cluster_id, member.sub_cluster_id, member.weight
    from core.scheme_membership as member
    inner join core.area_group_scheme as area_scheme on area_scheme.scheme = member.scheme
    inner join reference.area as area
        on area.area_id = area_scheme.area_id
        and area.area_type in ('national', 'state')
    where member.basis = 'unduplicated'
),

placed as (
    select
        program.state_id,
        program.cip_code,
        membership.soc_code,
        membership.cluster_id,
        membership.sub_cluster_id,
        membership.weight,
        listed.cluster_id is not null as is_listed,
        bool_or(listed.cluster_id is not null) over (partition by program.state_id, program.cip_code) as is_restricted
    from program
    inner join link on link.cip_code = program.cip_code
    inner join membership
        on membership.area_id = program.state_id
        and membership.soc_code = link.soc_code
    left join listed
        on listed.cip_code = program.cip_code
        and listed.cluster_id = membership.cluster_id
),

kept as (
    select
        * exclude (is_listed, is_restricted, weight),
        weight / sum(weight) over (partition by state_id, cip_code, soc_code) as weight_in_occupation,
        case when is_restricted then 'listed' else 'linked' end as listing_use
    from placed
    where is_listed or not is_restricted
),

occupation as (
    select distinct
        kept.state_id,
        kept.cip_code,
        kept.soc_code,
        coalesce(openings.share_openings, 0) as share_openings
    from kept
    left join core.occupation_openings as openings
        on openings.area_id = kept.state_id
        and openings.soc_code = kept.soc_code
),

shared as (
    select
        state_id,
        cip_code,
        soc_code,
        case
            when sum(share_openings) over of_program > 0 then share_openings / sum(share_openings) over of_program
            else 1.0 / count(*) over of_program
        end as occupation_share
    from occupation
    window of_program as (partition by state_id, cip_code)
)

select
    kept.state_id,
    kept.cip_code,
    kept.soc_code,
    kept.cluster_id,
    kept.sub_cluster_id,
    round(shared.occupation_share, 11) as occupation_share,
    round(kept.weight_in_occupation, 11) as weight_in_occupation,
    kept.listing_use
from kept
inner join shared
    on shared.state_id = kept.state_id
    and shared.cip_code = kept.cip_code
    and shared.soc_code = kept.soc_code
order by kept.state_id, kept.cip_code, kept.soc_code, kept.cluster_id, kept.sub_cluster_id
