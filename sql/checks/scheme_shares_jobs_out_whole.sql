-- In every scheme an occupation counts once on an unduplicated basis, and in full in each node on a duplicated one.
-- table: core.scheme_membership
-- severity: error
-- expected: weights of an occupation sum to 1 on unduplicated bases, and each is 1 on duplicated ones (1e-9)
select
    scheme,
    basis,
    soc_code,
    sum(weight) as weight,
    min(weight) as least_weight,
    max(weight) as most_weight
from core.scheme_membership
group by scheme, basis, soc_code
having (starts_with(basis, 'unduplicated') and not (abs(sum(weight) - 1) <= 1e-9 and min(weight) > 0))
    or (starts_with(basis, 'duplicated') and not (min(weight) = 1 and max(weight) = 1))
order by scheme, basis, soc_code
