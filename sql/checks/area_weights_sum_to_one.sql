-- Weights distribute every job exactly once, in the nation and in each state.
-- table: marts.area_soc_allocation
-- severity: error
-- expected: weights of each area and occupation add up to 1, for the occupations that the nation has
with

summed as (
    select area_id, soc_code, sum(weight) as weight
    from marts.area_soc_allocation
    group by area_id, soc_code
)

select area.area_id, occupation.soc_code, summed.weight
from (select distinct area_id from marts.area_soc_allocation) as area
cross join (select distinct soc_code from marts.soc_allocation) as occupation
left join summed
    on summed.area_id = area.area_id
    and summed.soc_code = occupation.soc_code
where summed.weight is null
    or abs(summed.weight - 1) > 1e-9
order by area.area_id, occupation.soc_code
