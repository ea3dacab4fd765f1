-- An area's published detailed occupations never hold more jobs than its published total; both are rounded to tens.
-- table: core.oews_area_occupation
-- severity: error
-- expected: sum of detailed occupations at most the total, plus 0.1 percent or 200 jobs, whichever is more
with

summed as (
    select
        area_id,
        sum(employment) filter (where occupation_group = 'detailed') as detail_employment,
        max(employment) filter (where occupation_group = 'total') as published_employment,
        count(*) filter (where occupation_group = 'total') as totals
    from core.oews_area_occupation
    group by area_id
)

select area_id, detail_employment, published_employment, totals
from summed
where totals <> 1
    or published_employment is null
    or detail_employment > published_employment + greatest(0.001 * published_employment, 200)
order by area_id
