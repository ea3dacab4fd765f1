-- A policy chooses: between a tenth and two fifths of the jobs of a state, or of the nation, are on its list. Where
-- flags stand separate, jobs count that have all of them.
-- table: marts.occupation_flag
-- severity: warn
-- expected: 10 to 40 percent of the jobs (policy_min_share_pct, policy_max_share_pct) in the nation and each state
with

judged as (
    select
        flag.policy,
        flag.area_id,
        occupation.employment,
        case
            when policy.combine <> 'separate' then flag.listed
            when 'false' in (
                coalesce(flag.high_skill, 'true'), coalesce(flag.high_wage, 'true'), coalesce(flag.in_demand, 'true')
            ) then 'false'
            when 'unknown' in (
                coalesce(flag.high_skill, 'true'), coalesce(flag.high_wage, 'true'), coalesce(flag.in_demand, 'true')
            ) then 'unknown'
            else 'true'
        end as verdict
    from marts.occupation_flag as flag
    inner join reference.policy as policy on policy.policy = flag.policy
    inner join reference.area as area
        on area.area_id = flag.area_id
        and area.area_type in ('national', 'state')
    inner join marts.occupation_indicators as occupation
        on occupation.area_id = flag.area_id
        and occupation.soc_code = flag.soc_code
    where occupation.employment > 0
),

share as (
    select
        policy,
        area_id,
        100.0 * coalesce(sum(employment) filter (where verdict = 'true'), 0) / sum(employment) as qualifying_pct,
        100.0 * coalesce(sum(employment) filter (where verdict = 'unknown'), 0) / sum(employment) as unknown_pct
    from judged
    group by policy, area_id
),

outside as (
    select
        share.policy,
        min(share.area_id) as area_id,
        count(*) as places,
        format('{:.1f}', min(share.qualifying_pct)) as lowest_pct,
        format('{:.1f}', max(share.qualifying_pct)) as highest_pct,
        format('{:.1f}', max(share.unknown_pct)) as unknown_pct
    from share
    inner join reference.method_parameter as low on low.parameter = 'policy_min_share_pct'
    inner join reference.method_parameter as high on high.parameter = 'policy_max_share_pct'
    where share.qualifying_pct not between low.value and high.value
    group by share.policy
)

-- one row, so that each policy is named
select
    string_agg(
        case
            when places = 1 then policy || ' ' || highest_pct || ' % in ' || area_id
            when lowest_pct = highest_pct then policy || ' ' || highest_pct || ' % in ' || places || ' places'
            else policy || ' ' || lowest_pct || ' to ' || highest_pct || ' % in ' || places || ' places'
        end || case when unknown_pct = '0.0' then '' else ' (unknown: up to ' || unknown_pct || ' %)' end,
        ', '
        order by policy
    ) as jobs_listed
from outside
having count(*) > 0
