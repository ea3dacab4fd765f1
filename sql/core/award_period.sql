-- The newest award years at hand, three at most, and how many they are.
select
    award_year,
    (award_year - 1) || '-' || right(cast(award_year as varchar), 2) as award_period,
    cast(least(3, count(*) over ()) as bigint) as award_years
from (select distinct award_year from raw.ipeds_completions)
qualify row_number() over (order by award_year desc) <= 3
order by award_year
