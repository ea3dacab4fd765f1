-- Every program of a state by award group: its awards, the occupations that it leads to with their openings and wage,
-- what completers earn, and whether it is eligible under a policy: an occupation of it is on the policy's list, if it
-- has one. The chain says why, by the occupation that decides: one that the award is enough for, where there is one.
with

award_group as (
    select distinct award_group, education_group, level_rank
    from reference.award_level
),

awarded as (
    select completions.*, award_group.education_group, award_group.level_rank, credential.credential_level
    from marts.program_completions as completions
    inner join reference.area as area
        on area.area_id = completions.area_id
        and area.area_type = 'state'
    inner join award_group on award_group.award_group = completions.award_group
    inner join reference.credential_award as credential
        on credential.award_group = completions.award_group
        and credential.is_main
    where completions.award_period = 'mean'
),

applied as (
    select
        area.area_id,
        policy.policy,
        policy.policy_title,
        -- what is said where the policy says nothing of an occupation
        case when policy.combine = 'separate' then 'no_list' else 'unknown' end as without_verdict
    from reference.area as area
    inner join reference.policy as policy
        on policy.state_id = area.area_id
        or policy.policy = 'default'
    where area.area_type = 'state'
),

-- the occupations of each program in each state
linked as (
    select
        program.area_id,
        link.cip_code,
        link.soc_code,
        openings.annual_openings,
        entry.entry_education,
        entry.education_group,
        entry.level_rank
    from (select distinct area_id, cip_code from awarded) as program
    inner join core.link_list as list
        on list.state_id = program.area_id
        and list.in_state
    inner join core.program_link as link
        on link.link_list = list.link_list
        and link.cip_code = program.cip_code
        -- general studies prepare for further study, and not for the occupation that they are listed with
        and left(link.cip_code, 3) <> '24.'
    left join core.occupation_openings as openings
        on openings.area_id = program.area_id
        and openings.soc_code = link.soc_code
    left join core.occupation_preparation as preparation on preparation.soc_code = link.soc_code
    left join reference.entry_education as entry on entry.entry_education = preparation.entry_education
),

demand as (
    select
        area_id,
        cip_code,
        count(*) as occupations,
        count(*) filter (where annual_openings is null) as occupations_without_openings,
        -- sums are the same in whatever order they are taken
        round(sum(annual_openings), 6) as annual_openings,
        case when count(*) = 1 then any_value(soc_code) end as only_soc_code
    from linked
    group by area_id, cip_code
),

demand_at_level as (
    select area_id, cip_code, education_group, round(sum(annual_openings), 6) as openings_at_level
    from linked
    group by area_id, cip_code, education_group
),

-- what goes to each occupation of a program by the state's own list of links
own_share as (
    select distinct state_id, cip_code, soc_code, occupation_share
    from core.program_share
    where in_state
),

-- what each program gives to the occupations of its level; programs share the openings of an occupation in proportion
given as (
    select
        awarded.area_id,
        awarded.cip_code,
        awarded.award_group,
        linked.annual_openings,
        awarded.awards * share.occupation_share as awards,
        sum(awarded.awards * share.occupation_share) over (partition by awarded.area_id, linked.soc_code)
            as awards_of_all
    from awarded
    inner join linked
        on linked.area_id = awarded.area_id
        and linked.cip_code = awarded.cip_code
        and linked.education_group = awarded.education_group
    inner join own_share as share
        on share.state_id = linked.area_id
        and share.cip_code = linked.cip_code
        and share.soc_code = linked.soc_code
    where awarded.awards * share.occupation_share > 0
),

shared as (
    select
        area_id,
        cip_code,
        award_group,
        -- sums differ in their last digits from run to run, so that they are rounded before their last digit is
        round(cast(sum(awards) as decimal(18, 6)), 3) as awards_at_level,
        -- one occupation without usable openings leaves the whole without a figure
        case
            when count(annual_openings) = count(*)
                then round(cast(sum(annual_openings * awards / awards_of_all) as decimal(18, 6)), 3)
        end as openings_shared
    from given
    group by area_id, cip_code, award_group
),

-- what the policy says of each occupation
flagged as (
    select
        occupation.area_id,
        occupation.soc_code,
        applied.policy,
        flag.high_skill,
        flag.high_wage,
        flag.in_demand,
        coalesce(flag.listed, applied.without_verdict) as listed,
        coalesce(
            nullif(
                concat_ws(
                    ' ',
                    case when flag.high_skill is not null then flag.high_skill_explanation end,
                    case when flag.high_wage is not null then flag.high_wage_explanation end,
                    case when flag.in_demand is not null then flag.in_demand_explanation end
                ),
                ''
            ),
            'It has no figures in the state.'
        ) as explanation
    from (select distinct area_id, soc_code from linked) as occupation
    inner join applied on applied.area_id = occupation.area_id
    left join marts.occupation_flag as flag
        on flag.area_id = occupation.area_id
        and flag.soc_code = occupation.soc_code
        and flag.policy = applied.policy
),

title as (
    select soc_code, occupation_name as soc_title
    from reference.oews_occupation
    union
    select soc_code, soc_title
    from reference.soc
    where soc_code not in (select soc_code from reference.oews_occupation)
),

judged as (
    select
        awarded.area_id,
        awarded.cip_code,
        awarded.award_group,
        flagged.policy,
        linked.soc_code,
        linked.entry_education,
        linked.level_rank <= awarded.level_rank as is_reached,
        flagged.high_skill,
        flagged.high_wage,
        flagged.in_demand,
        flagged.listed,
        row_number() over (
            partition by awarded.area_id, awarded.cip_code, awarded.award_group, flagged.policy
            order by
                case flagged.listed when 'true' then 1 when 'false' then 3 else 2 end,
                -- one that the award is enough for comes first, then one of which that is not known
                coalesce(linked.level_rank > awarded.level_rank, false),
                linked.level_rank is null,
                linked.annual_openings desc nulls last,
                linked.soc_code
        ) as place
    from awarded
    inner join linked
        on linked.area_id = awarded.area_id
        and linked.cip_code = awarded.cip_code
    inner join flagged
        on flagged.area_id = linked.area_id
        and flagged.soc_code = linked.soc_code
),

counted as (
    select
        area_id,
        cip_code,
        award_group,
        policy,
        count(*) filter (where listed = 'true') as occupations_listed,
        count(*) filter (where listed = 'unknown') as occupations_unknown,
        case
            when bool_or(high_skill = 'true') then 'true' when bool_or(high_skill = 'unknown') then 'unknown'
            when bool_or(high_skill = 'false') then 'false'
        end as high_skill,
        case
            when bool_or(high_wage = 'true') then 'true' when bool_or(high_wage = 'unknown') then 'unknown'
            when bool_or(high_wage = 'false') then 'false'
        end as high_wage,
        case
            when bool_or(in_demand = 'true') then 'true' when bool_or(in_demand = 'unknown') then 'unknown'
            when bool_or(in_demand = 'false') then 'false'
        end as in_demand,
        case
            when bool_or(listed = 'true') then 'true' when bool_or(listed = 'unknown') then 'unknown'
            when bool_or(listed = 'no_list') then 'no_list' else 'false'
        end as eligible,
        max(soc_code) filter (where place = 1) as soc_code,
        max(entry_education) filter (where place = 1) as entry_education,
        bool_or(is_reached) filter (where place = 1) as is_reached
    from judged
    group by area_id, cip_code, award_group, policy
),

verdict as (
    select
        counted.*,
        case counted.is_reached when true then 'true' when false then 'false' else 'unknown' end as entry_reached,
        title.soc_title || ' (' || counted.soc_code || '), usual entry: '
        || coalesce(counted.entry_education, 'not known')
        || case when counted.is_reached = false then ', more than this award. ' else '. ' end
        || flagged.explanation as explanation
    from counted
    inner join flagged
        on flagged.area_id = counted.area_id
        and flagged.soc_code = counted.soc_code
        and flagged.policy = counted.policy
    left join title on title.soc_code = counted.soc_code
),

-- sums are rounded before their last digit, so that a half is rounded alike in whatever order they are taken
gendered as (
    select
        share.state_id as area_id,
        share.cip_code,
        100.0 * round(coalesce(sum(share.occupation_share) filter (where gender.nontraditional_for = 'women'), 0), 8)
            as nontraditional_for_women_pct,
        100.0 * round(coalesce(sum(share.occupation_share) filter (where gender.nontraditional_for = 'men'), 0), 8)
            as nontraditional_for_men_pct,
        100.0 * round(
            coalesce(
                sum(share.occupation_share) filter (where coalesce(gender.nontraditional_for, 'unknown') = 'unknown'), 0
            ),
            8
        ) as nontraditional_unknown_pct
    from own_share as share
    left join marts.occupation_gender as gender on gender.soc_code = share.soc_code
    where exists (select 1 from marts.occupation_gender)
    group by share.state_id, share.cip_code
)

select
    awarded.area_id,
    awarded.cip_code,
    awarded.award_group,
    applied.policy,
    coalesce(cip.cip_title, 'CIP ' || awarded.cip_code) as cip_title,
    awarded.awards,
    awarded.awards_women_pct,
    awarded.distance_institution_pct,
    coalesce(demand.occupations, 0) as occupations,
    coalesce(demand.occupations_without_openings, 0) as occupations_without_openings,
    demand.annual_openings,
    demand_at_level.openings_at_level,
    coalesce(shared.awards_at_level, 0) as awards_at_level,
    shared.openings_shared,
    round(shared.openings_shared - shared.awards_at_level, 3) as gap,
    -- the wage of one occupation is published and need not be pooled
    coalesce(occupation.wage_p50_usd, wage.wage_p50_usd) as wage_p50_usd,
    coalesce(wage.wage_p50_status, 'withheld') as wage_p50_status,
    round(cast(gendered.nontraditional_for_women_pct as decimal(18, 9)), 4) as nontraditional_for_women_pct,
    round(cast(gendered.nontraditional_for_men_pct as decimal(18, 9)), 4) as nontraditional_for_men_pct,
    round(cast(gendered.nontraditional_unknown_pct as decimal(18, 9)), 4) as nontraditional_unknown_pct,
    earnings.earnings_usd,
    coalesce(earnings.earnings_status, 'missing') as earnings_status,
    benchmark.benchmark_usd,
    case
        when earnings.earnings_usd is null or benchmark.benchmark_usd is null then 'unknown'
        when earnings.earnings_usd > benchmark.benchmark_usd then 'true'
        else 'false'
    end as earns_above_benchmark,
    verdict.high_skill,
    verdict.high_wage,
    verdict.in_demand,
    coalesce(verdict.occupations_listed, 0) as occupations_listed,
    coalesce(verdict.eligible, applied.without_verdict) as eligible,
    coalesce(verdict.entry_reached, 'unknown') as entry_reached,
    case
        when left(awarded.cip_code, 3) = '24.'
            then 'General studies prepare for further study: ' || replace(applied.without_verdict, '_', ' ') || '.'
        when verdict.eligible is null
            then 'No occupation is known of the program: ' || replace(applied.without_verdict, '_', ' ') || '.'
        else 'Leads to ' || demand.occupations
            || case when demand.occupations = 1 then ' occupation. ' else ' occupations. ' end
            || verdict.explanation
            || case verdict.eligible
                when 'no_list' then ' The flags of ' || applied.policy_title || ' stand separate: no list.'
                when 'true'
                    then case
                            when verdict.entry_reached = 'false' and verdict.occupations_listed > 1
                                then ' Each of its ' || verdict.occupations_listed
                                    || ' occupations on the list usually asks for more than the award.'
                            else ''
                        end || ' It is on the list of ' || applied.policy_title || ': eligible.'
                when 'false' then ' None is on the list of ' || applied.policy_title || ': not eligible.'
                else ' Of ' || verdict.occupations_unknown || ' it is not known whether they are on the list of '
                    || applied.policy_title || ', and no other is: unknown.'
            end
    end as chain
from awarded
inner join applied on applied.area_id = awarded.area_id
left join reference.cip as cip on cip.cip_code = awarded.cip_code
left join demand
    on demand.area_id = awarded.area_id
    and demand.cip_code = awarded.cip_code
left join demand_at_level
    on demand_at_level.area_id = awarded.area_id
    and demand_at_level.cip_code = awarded.cip_code
    and demand_at_level.education_group = awarded.education_group
left join shared
    on shared.area_id = awarded.area_id
    and shared.cip_code = awarded.cip_code
    and shared.award_group = awarded.award_group
left join core.program_wage as wage
    on wage.area_id = awarded.area_id
    and wage.cip_code = awarded.cip_code
    and left(awarded.cip_code, 3) <> '24.'
left join marts.occupation_indicators as occupation
    on occupation.area_id = awarded.area_id
    and occupation.soc_code = demand.only_soc_code
left join verdict
    on verdict.area_id = awarded.area_id
    and verdict.cip_code = awarded.cip_code
    and verdict.award_group = awarded.award_group
    and verdict.policy = applied.policy
left join gendered
    on gendered.area_id = awarded.area_id
    and gendered.cip_code = awarded.cip_code
left join marts.program_earnings as earnings
    on earnings.area_id = awarded.area_id
    and earnings.cip4_code = left(awarded.cip_code, 5)
    and earnings.credential_level = awarded.credential_level
left join raw.scorecard_benchmark as benchmark on benchmark.state_id = awarded.area_id
order by awarded.area_id, awarded.cip_code, awarded.award_group, applied.policy
