-- Jobs of the fifty states and the District of Columbia come close to the nation's, which excludes the territories.
-- table: marts.cluster_indicators
-- severity: warn
-- expected: sum of the states' published totals within 1 percent of the nation's
with

states as (
    select sum(indicator.employment) as employment, count(*) as states
    from marts.cluster_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    where indicator.level = 'all'
        and indicator.basis = 'unduplicated'
        and area.area_type = 'state'
        and not area.is_territory
),

nation as (
    select max(employment) as employment
    from marts.cluster_indicators
    where area_id = 'US'
        and level = 'all'
)

select states.states, states.employment as states_employment, nation.employment as national_employment
from states
cross join nation
where states.employment is null
    or nation.employment is null
    or abs(states.employment - nation.employment) > 0.01 * nation.employment
