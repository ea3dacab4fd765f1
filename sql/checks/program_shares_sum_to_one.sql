-- A program's awards are shared out whole: to its occupations, and from each to its sub-clusters.
-- table: core.program_share
-- severity: error
-- expected: occupations' shares of a program = 1, sub-clusters' weights in an occupation = 1
with

occupation as (
    select
        state_id,
        link_list,
        cip_code,
        soc_code,
        max(occupation_share) as occupation_share,
        sum(weight_in_occupation) as weight
    from core.program_share
    group by state_id, link_list, cip_code, soc_code
)

select
    state_id,
    link_list,
    cip_code,
    sum(occupation_share) as shares,
    min(weight) as least_weight,
    max(weight) as most_weight
from occupation
group by state_id, link_list, cip_code
having abs(sum(occupation_share) - 1) > 1e-8 or min(weight) < 1 - 1e-8 or max(weight) > 1 + 1e-8
order by state_id, link_list, cip_code
