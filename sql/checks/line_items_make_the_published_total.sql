-- The nation's occupations add up to the published total of jobs and openings, to the publisher's rounding.
-- table: core.occupation_projection
-- severity: error
-- expected: sums within six standard errors of rounding each line item and the total to 0.1 thousand
with

figure as (
    select
        occupation_group,
        unnest(['base_jobs', 'projected_jobs', 'annual_openings', 'annual_exits', 'annual_transfers']) as measure,
        unnest([base_jobs, projected_jobs, annual_openings, annual_exits, annual_transfers]) as jobs
    from core.occupation_projection
    where area_id = 'US'
),

compared as (
    select
        measure,
        sum(jobs) filter (where occupation_group = 'detailed') as line_items,
        sum(jobs) filter (where occupation_group = 'total') as published_total,
        count(*) as figures
    from figure
    group by measure
)

select measure, line_items, published_total
from compared
where line_items is null
    or published_total is null
    -- a figure rounded to hundreds is off by 29 jobs in the mean square
    or abs(line_items - published_total) > 6 * 100 / sqrt(12) * sqrt(figures)
order by measure
