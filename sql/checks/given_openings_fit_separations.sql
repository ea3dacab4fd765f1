-- Openings that are given can be right: of a state's list most lie near what the nation's separations and the state's
-- growth come to, none of an occupation lies far off, and they do not only repeat the change of jobs. A list or an
-- occupation whose openings fit is not called doubtful for them.
-- table: core.occupation_projection
-- severity: error
-- expected: openings_status is ok exactly where openings lie within the bounds of reference.method_parameter
with

bound as (
    select
        max(value) filter (where parameter = 'openings_list_ratio_low') as list_low,
        max(value) filter (where parameter = 'openings_list_ratio_high') as list_high,
        max(value) filter (where parameter = 'openings_list_from_jobs') as from_jobs,
        max(value) filter (where parameter = 'openings_max_repeats_pct') as max_repeats_pct,
        max(value) filter (where parameter = 'openings_occupation_ratio_low') as low,
        max(value) filter (where parameter = 'openings_occupation_ratio_high') as high,
        max(value) filter (where parameter = 'openings_occupation_slack') as slack
    from reference.method_parameter
),

-- occupations that the nation lists under the same code; whole jobs, as published
tested as (
    select
        state.area_id,
        state.nem_code,
        state.base_jobs,
        state.annual_openings,
        state.openings_status,
        state.doubt,
        (nation.annual_exits + nation.annual_transfers) / nation.base_jobs * state.base_jobs
            + state.change_jobs / (state.projected_year - state.base_year) as expected,
        least(
            abs(state.annual_openings - greatest(state.change_jobs, 0) / (state.projected_year - state.base_year)),
            abs(state.annual_openings - greatest(state.change_jobs, 0))
        ) <= 5 as repeats
    from core.occupation_projection as state
    inner join core.occupation_projection as nation
        on nation.nem_code = state.nem_code
        and nation.area_id = 'US'
    where state.source = 'projections_central'
        and state.occupation_group = 'detailed'
        and state.base_jobs > 0
        and nation.base_jobs > 0
),

list as (
    select
        tested.area_id,
        count(*) as occupations,
        median(case when tested.expected > 0 then tested.annual_openings / tested.expected end) as ratio,
        100.0 * count(*) filter (where tested.repeats) / count(*) as repeats_pct
    from tested
    cross join bound
    where tested.base_jobs >= bound.from_jobs
    group by tested.area_id
),

total as (
    select area_id, openings_status, doubt
    from core.occupation_projection
    where occupation_group = 'total'
        and source = 'projections_central'
)

select
    list.area_id,
    'list' as what,
    total.openings_status,
    total.doubt,
    list.ratio,
    list.repeats_pct
from list
inner join total on total.area_id = list.area_id
cross join bound
where (
    total.openings_status = 'ok'
    -- codes of a state's own count in its list, too, and can move what lies at a bound
    and (list.ratio not between bound.list_low - 0.05 and bound.list_high + 0.05
        or list.repeats_pct > bound.max_repeats_pct + 5)
)
or (
    total.doubt in ('openings_of_list', 'openings_repeat_change')
    and list.ratio between bound.list_low + 0.05 and bound.list_high - 0.05
    and list.repeats_pct < bound.max_repeats_pct - 5
)
union all
select
    tested.area_id,
    tested.nem_code as what,
    tested.openings_status,
    tested.doubt,
    tested.annual_openings / nullif(tested.expected, 0) as ratio,
    case when tested.repeats then 100.0 else 0.0 end as repeats_pct
from tested
inner join total on total.area_id = tested.area_id
cross join bound
where (
    tested.openings_status = 'ok'
    and tested.annual_openings not between
        bound.low * (tested.expected - bound.slack) - 1
        and bound.high * (greatest(tested.expected, 0) + bound.slack) + 1
)
or (
    total.openings_status = 'ok'
    and tested.doubt in ('openings_of_occupation', 'openings_repeat_change')
    and tested.annual_openings between
        bound.low * (tested.expected - bound.slack) + 1
        and bound.high * (greatest(tested.expected, 0) + bound.slack) - 1
)
order by area_id, what
