-- For each QCEW year the last change of NAICS edition up to it and the next one after it, as far as the vintage has
-- years on both sides of them.
with

year as (
    select distinct year
    from raw.qcew
),

change as (
    select distinct first_year
    from seed.naics_change
    where first_year > (select min(year.year) from year)
        and first_year <= (select max(year.year) from year)
)

select
    year.year,
    max(change.first_year) filter (where change.first_year <= year.year) as edition_year,
    min(change.first_year) filter (where change.first_year > year.year) as next_edition_year
from year
left join change on true
group by year.year
order by year.year
