-- Every policy decides flags once for every occupation of its areas: those of its state, or all areas for a policy
-- of no state.
-- table: marts.occupation_flag
-- severity: error
-- expected: each listed occupation of each area of the policy has a row; others only where the area has projections
with

area as (
    select distinct occupation.area_id, area.state_id
    from marts.occupation_indicators as occupation
    inner join reference.area as area on area.area_id = occupation.area_id
),

asked as (
    select policy.policy, area.area_id
    from reference.policy as policy
    inner join area on policy.state_id is null or policy.state_id = area.state_id
),

listed as (
    select area_id, count(*) as occupations
    from marts.occupation_indicators
    group by area_id
),

judged as (
    select
        flag.policy,
        flag.area_id,
        count(distinct flag.soc_code) filter (where occupation.soc_code is not null) as occupations,
        count(*) filter (where occupation.soc_code is null and flag.demand_area_id is distinct from flag.area_id)
            as unlisted
    from marts.occupation_flag as flag
    left join marts.occupation_indicators as occupation
        on occupation.area_id = flag.area_id
        and occupation.soc_code = flag.soc_code
    group by flag.policy, flag.area_id
)

select
    asked.policy,
    asked.area_id,
    listed.occupations as occupations_listed,
    judged.occupations as occupations_judged,
    judged.unlisted
from asked
inner join listed on listed.area_id = asked.area_id
left join judged
    on judged.policy = asked.policy
    and judged.area_id = asked.area_id
where judged.policy is null
    or judged.occupations <> listed.occupations
    or judged.unlisted > 0
order by asked.policy, asked.area_id
