-- How the awards of a program are shared among its occupations, by their openings in the institution's state, and from
-- each occupation among the clusters that the program is listed under, by the product's weights. Occupations without
-- openings anywhere share equally when all are.
with

program as (
    select distinct award.state_id, award.cip_code, list.link_list, list.in_nation, list.in_state
    from core.place_award as award
    inner join core.link_list as list on list.state_id = award.state_id
    where left(award.cip_code, 3) <> '24.'
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
        program.*,
        membership.soc_code,
        membership.cluster_id,
        membership.sub_cluster_id,
        membership.weight,
        listed.cluster_id is not null as is_listed,
        case
            -- what the state adds counts in its clusters also where none of them is listed
            when link.is_added then bool_or(listed.cluster_id is not null) over (
                partition by program.state_id, program.link_list, program.cip_code, link.soc_code
            )
            else bool_or(listed.cluster_id is not null) over (
                partition by program.state_id, program.link_list, program.cip_code
            )
        end as is_restricted
    from program
    inner join core.program_link as link
        on link.link_list = program.link_list
        and link.cip_code = program.cip_code
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
        weight / sum(weight) over (partition by state_id, link_list, cip_code, soc_code) as weight_in_occupation,
        case when is_restricted then 'listed' else 'linked' end as listing_use
    from placed
    where is_listed or not is_restricted
),

occupation as (
    select distinct
        kept.state_id,
        kept.link_list,
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
        link_list,
        cip_code,
        soc_code,
        case
            when sum(share_openings) over of_program > 0 then share_openings / sum(share_openings) over of_program
            else 1.0 / count(*) over of_program
        end as occupation_share
    from occupation
    window of_program as (partition by state_id, link_list, cip_code)
)

select
    kept.state_id,
    kept.link_list,
    kept.in_nation,
    kept.in_state,
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
    and shared.link_list = kept.link_list
    and shared.cip_code = kept.cip_code
    and shared.soc_code = kept.soc_code
order by kept.state_id, kept.link_list, kept.cip_code, kept.soc_code, kept.cluster_id, kept.sub_cluster_id
