-- Openings and growth are of the size that the jobs beside them allow: an error of a factor of ten is one of a file. A
-- state's openings are held against the nation's separations and its own growth, its growth against the nation's. In
-- 2022-32 openings reach 2.9 times those expected (librarians of Washington), and growth 2.7 times the nation's (gaming
-- dealers of Nebraska). Of the nation, at most 29 openings come to 100 jobs, and growth is from -36 to 50 percent.
-- table: core.occupation_projection
-- severity: error
-- expected: openings within 4 times those expected, growth within 5 times the nation's, all openings within 2 times
with

state as (
    select
        state.area_id,
        state.nem_code,
        state.base_jobs,
        state.projected_jobs,
        state.annual_openings,
        nation.projected_jobs / nation.base_jobs as national_factor,
        nation.annual_openings / nation.base_jobs as national_rate,
        expected.expected_openings,
        coalesce(expected.repeats_change, false) as repeats_change,
        list.doubt is not null as is_doubtful_list
    from core.occupation_projection as state
    inner join core.occupation_projection as nation
        on nation.nem_code = state.nem_code
        and nation.area_id = 'US'
        and nation.base_jobs > 0
        and nation.projected_jobs > 0
    left join core.occupation_projection as list
        on list.area_id = state.area_id
        and list.source = 'projections_central'
        and list.nem_code = '00-0000'
    left join core.expected_openings as expected
        on expected.area_id = state.area_id
        and expected.nem_code = state.nem_code
    where state.source = 'projections_central'
        and state.base_jobs > 0
),

fault as (
    -- figures are rounded to tens, and small ones say little
    select
        area_id,
        nem_code,
        'openings above those expected' as what,
        annual_openings as found,
        expected_openings as beside
    from state
    where nem_code <> '00-0000'
        and annual_openings > 4 * (greatest(coalesce(expected_openings, base_jobs), 0) + 10)
    union all
    select
        area_id,
        nem_code,
        'openings below those expected' as what,
        annual_openings as found,
        expected_openings as beside
    from state
    where nem_code <> '00-0000'
        and 4 * (annual_openings + 10) < expected_openings
        and not is_doubtful_list
        and not repeats_change
    union all
    select area_id, nem_code, 'growth unlike the nation' as what, projected_jobs as found, base_jobs as beside
    from state
    where projected_jobs - 5 > 5 * national_factor * (base_jobs + 5)
        or 5 * (projected_jobs + 5) < national_factor * (base_jobs - 5)
    union all
    select area_id, nem_code, 'openings of all unlike the nation' as what, annual_openings as found, base_jobs as beside
    from state
    where nem_code = '00-0000'
        and not is_doubtful_list
        and annual_openings / base_jobs not between 0.5 * national_rate and 2 * national_rate
    union all
    select area_id, nem_code, 'openings or growth of the nation' as what, annual_openings as found, base_jobs as beside
    from core.occupation_projection
    where area_id = 'US'
        and base_jobs > 0
        and (annual_openings > 0.4 * base_jobs + 100 or projected_jobs not between 0.25 * base_jobs and 3 * base_jobs)
)

select area_id, nem_code, what, found, beside
from fault
order by area_id, nem_code, what
