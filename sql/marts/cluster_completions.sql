-- Awards of every cluster and sub-cluster in the nation, the states and metro areas, by award group, as the mean of the
-- newest three years, and yearly for the nation and the states. Unduplicated, an award is shared among the occupations
-- that its program leads to and their clusters, by the shares of the institution's state; duplicated, it counts in full
-- in each place of the program. Awards of programs that lead to no known occupation (unlinked) and of general studies
-- (transfer) are in no cluster, and stand beside on both bases.
with

awarded as (
    select
        award.state_id,
        list.link_list,
        list.in_nation,
        list.in_state,
        award.place_id,
        award.cip_code,
        award.award_group,
        period.award_period,
        period.award_years as years,
        sum(award.awards) as awards,
        sum(award.awards_women) as awards_women
    from core.place_award as award
    inner join core.award_period as period on period.award_year = award.award_year
    inner join core.link_list as list on list.state_id = award.state_id
    group by all
),

program as (
    select link_list, cip_code, left(cip_code, 3) = '24.' as is_transfer
    from awarded
    group by link_list, cip_code
),

-- every place of each occupation that a program leads to, and whether the program is listed there
reached as (
    select
        link.link_list,
        link.cip_code,
        membership.cluster_id,
        membership.sub_cluster_id,
        place.cip_code is not null as is_listed,
        link.is_added
        and not bool_or(place.cip_code is not null) over (partition by link.link_list, link.cip_code, link.soc_code)
            as is_beyond_list
    from core.program_link as link
    inner join reference.soc_sub_cluster as membership on membership.soc_code = link.soc_code
    left join reference.cip_sub_cluster as place
        on place.cip_code = link.cip_code
        and place.sub_cluster_id = membership.sub_cluster_id
),

linked as (
    select link_list, cip_code, bool_or(is_listed) as is_listed
    from reached
    group by link_list, cip_code
),

-- a place that only a teacher of the subject leads to counts where no other place is reached
full_place as (
    select link_list, cip_code, cluster_id, sub_cluster_id
    from reached
    where is_listed or is_beyond_list
    union
    select linked.link_list, linked.cip_code, place.cluster_id, place.sub_cluster_id
    from linked
    inner join reference.cip_sub_cluster as place on place.cip_code = linked.cip_code
    where not linked.is_listed
    union
    select link_list, cip_code, cluster_id, sub_cluster_id
    from reached
    where cip_code not in (select cip_code from reference.cip_sub_cluster)
),

full_node as (
    select link_list, cip_code, 'sub_cluster' as level, cluster_id, sub_cluster_id
    from full_place
    union all
    select distinct link_list, cip_code, 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from full_place
),

outside as (
    select
        link_list,
        cip_code,
        'cluster' as level,
        case when is_transfer then 'transfer' else 'unlinked' end as cluster_id,
        'all' as sub_cluster_id
    from program
    where is_transfer
        or not exists (
            select 1
            from linked
            where linked.link_list = program.link_list
                and linked.cip_code = program.cip_code
        )
    union all
    select link_list, cip_code, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id
    from program
),

share as (
    select
        state_id,
        link_list,
        cip_code,
        case when grouping(sub_cluster_id) = 1 then 'cluster' else 'sub_cluster' end as level,
        cluster_id,
        case when grouping(sub_cluster_id) = 1 then 'all' else sub_cluster_id end as sub_cluster_id,
        sum(occupation_share * weight_in_occupation) as share
    from core.program_share
    group by grouping sets (
        (state_id, link_list, cip_code, cluster_id),
        (state_id, link_list, cip_code, cluster_id, sub_cluster_id)
    )
),

counted as (
    select awarded.* exclude (cip_code), 'unduplicated' as basis, share.level, share.cluster_id, share.sub_cluster_id,
        share.share
    from awarded
    inner join share
        on share.state_id = awarded.state_id
        and share.link_list = awarded.link_list
        and share.cip_code = awarded.cip_code
    union all by name
    select awarded.* exclude (cip_code), 'duplicated' as basis, node.level, node.cluster_id, node.sub_cluster_id,
        1.0 as share
    from awarded
    inner join full_node as node
        on node.link_list = awarded.link_list
        and node.cip_code = awarded.cip_code
    inner join program
        on program.link_list = awarded.link_list
        and program.cip_code = awarded.cip_code
        and not program.is_transfer
    union all by name
    select awarded.* exclude (cip_code), basis.basis, node.level, node.cluster_id, node.sub_cluster_id, 1.0 as share
    from awarded
    inner join outside as node
        on node.link_list = awarded.link_list
        and node.cip_code = awarded.cip_code
    cross join (select unnest(['unduplicated', 'duplicated']) as basis) as basis
),

placed as (
    select state_id, place_id, in_nation, in_state, level, cluster_id, sub_cluster_id, award_group, basis,
        award_period, years, round(sum(awards * share), 6) as awards,
        round(sum(awards_women * share), 6) as awards_women
    from counted
    group by all
),

in_area as (
    select 'US' as area_id, * exclude (state_id, place_id, in_nation, in_state)
    from placed
    where in_nation
    union all
    select state_id as area_id, * exclude (state_id, place_id, in_nation, in_state)
    from placed
    where in_state
        and state_id <> 'US'
    union all
    -- few awards of a small area are of one year
    select place_id as area_id,
        * exclude (state_id, place_id, in_nation, in_state) replace ('mean' as award_period)
    from placed
    where in_state
        and left(place_id, 1) = 'C' and length(place_id) = 6
),

summed as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        award_group,
        basis,
        grouping(award_period) = 1 as is_mean,
        award_period as one_period,
        case when grouping(award_period) = 1 then max(years) else 1 end as years,
        -- so that a half is rounded alike in whatever order the sum is taken
        round(sum(awards), 6) as awards,
        round(sum(awards_women), 6) as awards_women
    from in_area
    group by grouping sets (
        (area_id, level, cluster_id, sub_cluster_id, award_group, basis, award_period),
        (area_id, level, cluster_id, sub_cluster_id, award_group, basis)
    )
)

select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    award_group,
    basis,
    case when is_mean then 'mean' else one_period end as award_period,
    -- rounded as decimals, in which half is half: doubles would round by the engine that computes them
    round(cast(awards / years as decimal(18, 6)), 3) as awards,
    round(cast(100.0 * awards_women / nullif(awards, 0) as decimal(18, 9)), 4) as awards_women_pct
from summed
-- a metro area has its mean once
where is_mean or one_period <> 'mean'
order by area_id, basis desc, level, cluster_id, sub_cluster_id, award_group, award_period
