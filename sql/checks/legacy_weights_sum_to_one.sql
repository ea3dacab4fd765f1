-- Each job of an occupation is distributed exactly once among its legacy clusters, and only known codes are listed.
-- table: reference.soc_legacy_cluster
-- severity: error
-- expected: weights of an occupation sum to 1 (1e-9) and are above 0; each code is a detailed one of SOC 2018 or OEWS
with

known as (
    select soc_code
    from reference.soc
    where soc_level = 'detailed'
    union
    select soc_code
    from reference.oews_occupation
    where occupation_group = 'detailed'
),

summed as (
    select soc_code, sum(weight) as weight, min(weight) as least_weight
    from reference.soc_legacy_cluster
    group by soc_code
)

select
    summed.soc_code,
    summed.weight,
    summed.least_weight,
    known.soc_code is not null as is_known
from summed
left join known on known.soc_code = summed.soc_code
where abs(summed.weight - 1) > 1e-9
    or summed.least_weight <= 0
    or known.soc_code is null
order by summed.soc_code
