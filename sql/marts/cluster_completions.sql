-- Awards of every cluster and sub-cluster in every area, by award group, yearly and as the mean of the newest three years.
-- Unduplicated, an award is shared among the occupations that its program leads to and their clusters, by the shares of
-- the institution's state; duplicated, it counts in full in each place of the program. Awards of programs that lead to
-- no known occupation (unlinked) and of general studies (transfer) are in no cluster, and stand beside on both bases.
with

kept_year as (
    select
        award_year,
        (award_year - 1) || '-' || right(cast(award_year as varchar), 2) as award_period,
        least(3, count(*) over ()) as years
    from (select distinct award_year from core.place_award)
    qualify row_number() over (order by award_year desc) <= 3
),

awarded as (
    select
        state_id,
        place_id,
        cip_code,
        award_group,
        award_year,
        sum(awards) as awards,
        sum(awards_women) as awards_women
    from core.place_award
    where award_year in (select award_year from kept_year)
    group by state_id, place_id, cip_code, award_group, award_year
),

program as (
    select cip_code, left(cip_code, 3) = '24.' as is_transfer
    from awarded
    group by cip_code
),

linked as (
    select distinct cip_code, soc_code
    from reference.cip_soc
    where link_use = 'used'
),

-- a place that only a teacher of the subject leads to counts where no other place is reached
listed as (
    select place.cip_code, place.cluster_id, place.sub_cluster_id
    from reference.cip_sub_cluster as place
    qualify place.is_reached or not bool_or(place.is_reached) over (partition by place.cip_code)
),

full_place as (
    select cip_code, cluster_id, sub_cluster_id
    from listed
    where cip_code in (select cip_code from linked)
    union
    select linked.cip_code, membership.cluster_id, membership.sub_cluster_id
    from linked
    inner join reference.soc_sub_cluster as membership on membership.soc_code = linked.soc_code
    where linked.cip_code not in (select cip_code from listed)
),

full_node as (
    select cip_code, 'sub_cluster' as level, cluster_id, sub_cluster_id
    from full_place
    union all
    select distinct cip_code, 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from full_place
),

outside as (
    select
        cip_code,
        'cluster' as level,
        case when is_transfer then 'transfer' else 'unlinked' end as cluster_id,
        'all' as sub_cluster_id
    from program
    where is_transfer or cip_code not in (select cip_code from linked)
    union all
    select cip_code, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id
    from program
),

share as (
    select
        state_id,
        cip_code,
        case when grouping(sub_cluster_id) = 1 then 'cluster' else 'sub_cluster' end as level,
        cluster_id,
        case when grouping(sub_cluster_id) = 1 then 'all' else sub_cluster_id end as sub_cluster_id,
        sum(occupation_share * weight_in_occupation) as share
    from core.program_share
    group by grouping sets (
        (state_id, cip_code, cluster_id),
        (state_id, cip_code, cluster_id, sub_cluster_id)
    )
),

counted as (
    select awarded.* exclude (cip_code), 'unduplicated' as basis, share.level, share.cluster_id, share.sub_cluster_id,
        share.share
    from awarded
    inner join share
        on share.state_id = awarded.state_id
        and share.cip_code = awarded.cip_code
    union all by name
    select awarded.* exclude (cip_code), 'duplicated' as basis, node.level, node.cluster_id, node.sub_cluster_id,
        1.0 as share
    from awarded
    inner join full_node as node on node.cip_code = awarded.cip_code
    inner join program
        on program.cip_code = awarded.cip_code
        and not program.is_transfer
    union all by name
    select awarded.* exclude (cip_code), basis.basis, node.level, node.cluster_id, node.sub_cluster_id, 1.0 as share
    from awarded
    inner join outside as node on node.cip_code = awarded.cip_code
    cross join (select unnest(['unduplicated', 'duplicated']) as basis) as basis
),

placed as (
    select state_id, place_id, level, cluster_id, sub_cluster_id, award_group, basis, award_year,
        round(sum(awards * share), 6) as awards, round(sum(awards_women * share), 6) as awards_women
    from counted
    group by all
),

in_area as (
    select 'US' as area_id, * exclude (state_id, place_id)
    from placed
    union all
    select state_id as area_id, * exclude (state_id, place_id)
    from placed
    where state_id <> 'US'
    union all
    select place_id as area_id, * exclude (state_id, place_id)
    from placed
    where place_id <> state_id
)

select
    in_area.area_id,
    in_area.level,
    in_area.cluster_id,
    in_area.sub_cluster_id,
    in_area.award_group,
    in_area.basis,
    case when grouping(kept_year.award_period) = 1 then 'mean' else kept_year.award_period end as award_period,
    round(
        sum(in_area.awards)
        / case when grouping(kept_year.award_period) = 1 then any_value(kept_year.years) else 1 end,
        3
    ) as awards,
    round(100.0 * sum(in_area.awards_women) / nullif(sum(in_area.awards), 0), 4) as awards_women_pct
from in_area
inner join kept_year on kept_year.award_year = in_area.award_year
group by grouping sets (
    (
        in_area.area_id, in_area.level, in_area.cluster_id, in_area.sub_cluster_id, in_area.award_group, in_area.basis,
        kept_year.award_period
    ),
    (
        in_area.area_id, in_area.level, in_area.cluster_id, in_area.sub_cluster_id, in_area.award_group, in_area.basis
    )
)
order by
    in_area.area_id,
    in_area.basis desc,
    in_area.level,
    in_area.cluster_id,
    in_area.sub_cluster_id,
    in_area.award_group,
    award_period
