-- Awards against openings of every cluster and sub-cluster in the nation and the states, at the same level of
-- education. An award is shared among the occupations that its program leads to; what goes to occupations of its own
-- level meets their openings, and what goes to others, or comes from other levels, stands beside. The bounds give each
-- graduate to the linked occupation that adds the least, and the most, to the row; one whose openings cannot be used
-- takes graduates, and adds none that meet openings.
with

award_group as (
    select distinct award_group, education_group
    from reference.award_level
),

education as (
    select education_group, any_value(has_awards) as has_awards, any_value(group_rank) as group_rank
    from reference.entry_education
    group by education_group
),

-- the mean of the years; the nation's openings leave territories out, and so do the awards that meet them
awarded as (
    select
        award.state_id,
        award.cip_code,
        award_group.education_group,
        cast(sum(award.awards) as double) / max(period.award_years) as awards,
        coalesce(cast(sum(award.awards) filter (where award.is_distance) as double), 0) / max(period.award_years)
            as distance_awards,
        coalesce(bool_or(area.is_territory), false) as is_territory
    from core.place_award as award
    inner join core.award_period as period on period.award_year = award.award_year
    inner join award_group on award_group.award_group = award.award_group
    left join reference.area as area on area.area_id = award.state_id
    group by award.state_id, award.cip_code, award_group.education_group
),

occupation as (
    select preparation.soc_code, entry.education_group
    from core.occupation_preparation as preparation
    inner join reference.entry_education as entry on entry.entry_education = preparation.entry_education
),

-- each occupation of a program in each node: its share of the program and its weight in the node
weighted as (
    select
        share.state_id,
        share.link_list,
        any_value(share.in_nation) as in_nation,
        any_value(share.in_state) as in_state,
        share.cip_code,
        share.soc_code,
        case
            when grouping(share.cluster_id) = 1 then 'all'
            when grouping(share.sub_cluster_id) = 1 then 'cluster'
            else 'sub_cluster'
        end as level,
        case when grouping(share.cluster_id) = 1 then 'all' else share.cluster_id end as cluster_id,
        case when grouping(share.sub_cluster_id) = 1 then 'all' else share.sub_cluster_id end as sub_cluster_id,
        any_value(share.occupation_share) as occupation_share,
        least(sum(share.weight_in_occupation), 1) as weight
    from core.program_share as share
    group by grouping sets (
        (share.state_id, share.link_list, share.cip_code, share.soc_code),
        (share.state_id, share.link_list, share.cip_code, share.soc_code, share.cluster_id),
        (share.state_id, share.link_list, share.cip_code, share.soc_code, share.cluster_id, share.sub_cluster_id)
    )
),

program as (
    select state_id, link_list, cip_code, count(distinct soc_code) as occupations
    from core.program_share
    group by state_id, link_list, cip_code
),

reach as (
    select
        weighted.state_id,
        weighted.in_nation,
        weighted.in_state,
        weighted.cip_code,
        weighted.level,
        weighted.cluster_id,
        weighted.sub_cluster_id,
        occupation.education_group as occupation_group,
        sum(weighted.occupation_share * weighted.weight) as share,
        max(weighted.weight) as most,
        case
            when count(state_openings.annual_openings) = any_value(program.occupations) then min(weighted.weight)
            else 0
        end as least,
        case
            when count(nation_openings.annual_openings) = any_value(program.occupations) then min(weighted.weight)
            else 0
        end as least_in_nation
    from weighted
    inner join program
        on program.state_id = weighted.state_id
        and program.link_list = weighted.link_list
        and program.cip_code = weighted.cip_code
    left join occupation on occupation.soc_code = weighted.soc_code
    left join core.occupation_openings as state_openings
        on state_openings.area_id = weighted.state_id
        and state_openings.soc_code = weighted.soc_code
    left join core.occupation_openings as nation_openings
        on nation_openings.area_id = 'US'
        and nation_openings.soc_code = weighted.soc_code
    group by all
),

met as (
    select
        awarded.state_id,
        awarded.is_territory,
        reach.in_nation,
        reach.in_state,
        reach.level,
        reach.cluster_id,
        reach.sub_cluster_id,
        awarded.education_group,
        reach.occupation_group,
        sum(awarded.awards * reach.share) as awards,
        sum(awarded.distance_awards * reach.share) as distance_awards,
        sum(awarded.awards * reach.most) as most,
        sum(awarded.awards * reach.least) as least,
        sum(awarded.awards * reach.least_in_nation) as least_in_nation
    from awarded
    inner join reach
        on reach.state_id = awarded.state_id
        and reach.cip_code = awarded.cip_code
    group by all
),

in_area as (
    select 'US' as area_id, * exclude (state_id, is_territory, in_nation, in_state, least_in_nation)
        replace (least_in_nation as least)
    from met
    where in_nation
        and not is_territory
    union all
    select state_id as area_id, * exclude (state_id, is_territory, in_nation, in_state, least_in_nation)
    from met
    where in_state
        and state_id <> 'US'
),

-- sums are rounded, so that a half below is rounded alike in whatever order they are taken
supply as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        education_group,
        round(sum(awards) filter (where occupation_group = education_group), 6) as awards,
        round(sum(distance_awards) filter (where occupation_group = education_group), 6) as distance_awards,
        round(sum(least) filter (where occupation_group = education_group), 6) as awards_low,
        round(sum(most) filter (where occupation_group = education_group), 6) as awards_high,
        round(sum(awards) filter (where occupation_group is distinct from education_group), 6)
            as awards_to_other_levels
    from in_area
    group by all
),

from_elsewhere as (
    select area_id, level, cluster_id, sub_cluster_id, occupation_group as education_group,
        round(sum(awards), 6) as awards_from_other_levels
    from in_area
    where occupation_group <> education_group
    group by all
),

demand as (
    select
        outlook.area_id,
        outlook.level,
        outlook.cluster_id,
        outlook.sub_cluster_id,
        entry.education_group,
        sum(outlook.annual_openings) as annual_openings,
        -- openings are those of a part of the projected jobs, where others' are doubtful
        100.0 * sum(outlook.national_base_jobs_projected) / nullif(sum(outlook.national_base_jobs), 0)
        * coalesce(sum(outlook.openings_jobs), 0) / nullif(sum(outlook.base_jobs), 0) as coverage_pct
    from core.group_outlook as outlook
    inner join reference.entry_education as entry on entry.entry_education = outlook.entry_education
    where outlook.basis = 'unduplicated'
    group by all
),

joined as (
    select
        outlook.area_id,
        outlook.level,
        outlook.cluster_id,
        outlook.sub_cluster_id,
        education.education_group,
        education.group_rank,
        education.has_awards,
        outlook.projection_period,
        -- rounded as decimals, in which half is half: doubles would round by the engine that computes them
        round(cast(demand.annual_openings as decimal(18, 6)), 3) as annual_openings,
        case
            when education.has_awards then round(cast(coalesce(supply.awards, 0) as decimal(18, 6)), 3)
        end as awards,
        case
            when education.has_awards then round(cast(coalesce(supply.awards_low, 0) as decimal(18, 6)), 3)
        end as awards_low,
        case
            when education.has_awards then round(cast(coalesce(supply.awards_high, 0) as decimal(18, 6)), 3)
        end as awards_high,
        case
            when education.has_awards then round(cast(coalesce(supply.awards_to_other_levels, 0) as decimal(18, 6)), 3)
        end as awards_to_other_levels,
        round(cast(coalesce(from_elsewhere.awards_from_other_levels, 0) as decimal(18, 6)), 3)
            as awards_from_other_levels,
        -- what was rounded apart stays within the whole
        case
            when education.has_awards and supply.awards > 0
                then round(cast(100.0 * least(supply.distance_awards / supply.awards, 1) as decimal(18, 9)), 4)
        end as distance_institution_pct,
        -- least() ignores missing values, so that nothing covered would come out as 100
        case
            when demand.coverage_pct is not null then round(cast(least(demand.coverage_pct, 100) as decimal(18, 9)), 4)
        end as coverage_pct,
        case
            when demand.area_id is null then 'no_occupations'
            when outlook.openings_status = 'doubtful' then 'doubtful'
            when demand.annual_openings is null then 'withheld'
            when coalesce(demand.coverage_pct, 0) < min_coverage.value then 'low_coverage'
            when not education.has_awards then 'no_award_level'
            when demand.coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as status
    from marts.cluster_outlook as outlook
    cross join education
    inner join reference.method_parameter as min_coverage on min_coverage.parameter = 'outlook_min_coverage_pct'
    left join demand
        on demand.area_id = outlook.area_id
        and demand.level = outlook.level
        and demand.cluster_id = outlook.cluster_id
        and demand.sub_cluster_id = outlook.sub_cluster_id
        and demand.education_group = education.education_group
    left join supply
        on supply.area_id = outlook.area_id
        and supply.level = outlook.level
        and supply.cluster_id = outlook.cluster_id
        and supply.sub_cluster_id = outlook.sub_cluster_id
        and supply.education_group = education.education_group
    left join from_elsewhere
        on from_elsewhere.area_id = outlook.area_id
        and from_elsewhere.level = outlook.level
        and from_elsewhere.cluster_id = outlook.cluster_id
        and from_elsewhere.sub_cluster_id = outlook.sub_cluster_id
        and from_elsewhere.education_group = education.education_group
    where outlook.basis = 'unduplicated'
        -- without completions there is nothing to compare
        and exists (select 1 from core.award_period)
)

select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    education_group,
    projection_period,
    case when status in ('ok', 'partial', 'no_award_level') then annual_openings end as annual_openings,
    awards,
    awards_low,
    awards_high,
    awards_to_other_levels,
    awards_from_other_levels,
    case when status in ('ok', 'partial') then round(annual_openings - awards, 3) end as gap,
    case when status in ('ok', 'partial') then round(annual_openings - awards_high, 3) end as gap_low,
    case when status in ('ok', 'partial') then round(annual_openings - awards_low, 3) end as gap_high,
    case
        when status in ('ok', 'partial')
            then round(cast(100.0 * cast(awards as double) / nullif(annual_openings, 0) as decimal(18, 9)), 4)
    end as supply_ratio_pct,
    distance_institution_pct,
    coverage_pct,
    status
from joined
order by area_id, level, cluster_id, sub_cluster_id, group_rank
