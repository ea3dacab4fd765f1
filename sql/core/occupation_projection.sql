-- Long-term projections of the nation and the states in jobs, as published, under the codes of OEWS, with a status that
-- says whether each can be used, one for its openings, and why either is doubtful.
with

parameter as (
    select
        max(value) filter (where parameter = 'outlook_max_share_gap_pct') as max_share_gap_pct,
        max(value) filter (where parameter = 'outlook_min_share_of_oews_pct') as min_share_of_oews_pct,
        max(value) filter (where parameter = 'outlook_oews_from_jobs') as oews_from_jobs,
        max(value) filter (where parameter = 'openings_list_ratio_low') as list_ratio_low,
        max(value) filter (where parameter = 'openings_list_ratio_high') as list_ratio_high,
        max(value) filter (where parameter = 'openings_list_from_jobs') as list_from_jobs,
        max(value) filter (where parameter = 'openings_max_repeats_pct') as max_repeats_pct,
        max(value) filter (where parameter = 'openings_occupation_ratio_low') as occupation_ratio_low,
        max(value) filter (where parameter = 'openings_occupation_ratio_high') as occupation_ratio_high,
        max(value) filter (where parameter = 'openings_occupation_slack') as occupation_slack
    from reference.method_parameter
),

nation as (
    select
        'US' as area_id,
        occupation.nem_code,
        occupation.nem_title as occupation_name,
        occupation.base_year,
        occupation.projected_year,
        1000 * occupation.base_jobs_thousand as base_jobs,
        1000 * occupation.projected_jobs_thousand as projected_jobs,
        1000 * occupation.change_thousand as change_jobs,
        occupation.change_pct as growth_pct,
        1000 * occupation.annual_openings_thousand as annual_openings,
        1000 * separations.annual_exits_thousand as annual_exits,
        1000 * separations.annual_transfers_thousand as annual_transfers,
        'projections' as source,
        cast(null as varchar) as doubt,
        'ok' as status
    from raw.ep_occupation as occupation
    inner join raw.ep_separations as separations on separations.nem_code = occupation.nem_code
    where occupation.occupation_type = 'Line item'
        or occupation.nem_code = '00-0000'
),

-- the occupations' share of the state's own totals
state_share as (
    select
        area_id,
        100.0 * sum(base_jobs) filter (where soc_code <> '00-0000')
            / nullif(sum(base_jobs) filter (where soc_code = '00-0000'), 0) as jobs_pct,
        100.0 * sum(annual_openings) filter (where soc_code <> '00-0000')
            / nullif(sum(annual_openings) filter (where soc_code = '00-0000'), 0) as openings_pct
    from raw.projections_central
    group by area_id
),

-- jobs that OEWS counts in the occupations of a state's code, and jobs that the state projects for them: under the code
-- itself and, for a combination, under its occupations too
code_part as (
    select distinct published.soc_code as nem_code, coalesce(bridge.soc_code, published.soc_code) as part_code
    from raw.projections_central as published
    left join seed.nem_soc as bridge on bridge.nem_code = published.soc_code
    union
    select combined_code as nem_code, member_code as part_code
    from seed.projection_combination
),

compared as (
    select
        published.area_id,
        published.soc_code as nem_code,
        max(published.base_jobs) + coalesce(sum(listed.base_jobs), 0) as projected_jobs,
        sum(oews.employment) as oews_jobs
    from raw.projections_central as published
    inner join code_part on code_part.nem_code = published.soc_code
    inner join core.oews_area_occupation as oews
        on oews.area_id = published.area_id
        and oews.soc_code = code_part.part_code
        and oews.occupation_group = 'detailed'
    left join raw.projections_central as listed
        on listed.area_id = published.area_id
        and listed.soc_code = code_part.part_code
        and listed.soc_code <> published.soc_code
    group by published.area_id, published.soc_code
),

-- openings of a whole list: what its occupations have over what is expected, and how many repeat the change of jobs
list_openings as (
    select
        expected.area_id,
        case
            when 100.0 * count(*) filter (where expected.repeats_change)
                > any_value(parameter.max_repeats_pct) * count(*) then 'openings_repeat_change'
            when median(expected.openings_ratio)
                not between any_value(parameter.list_ratio_low) and any_value(parameter.list_ratio_high)
                then 'openings_of_list'
        end as doubt
    from core.expected_openings as expected
    cross join parameter
    where expected.base_jobs >= parameter.list_from_jobs
    group by expected.area_id
),

doubted as (
    select
        published.area_id,
        published.soc_code,
        case
            -- jobs and openings of one list must cover the same workers
            when abs(state_share.jobs_pct - state_share.openings_pct) > parameter.max_share_gap_pct
                then 'list_against_totals'
            when published.base_jobs = 0 then null
            -- far fewer jobs than OEWS counts: the projection is of a part of the occupation
            when compared.oews_jobs >= parameter.oews_from_jobs
                and 100.0 * compared.projected_jobs < parameter.min_share_of_oews_pct * compared.oews_jobs
                then 'fewer_jobs_than_oews'
        end as doubt,
        case
            when list_openings.doubt is not null then list_openings.doubt
            when expected.annual_openings between
                parameter.occupation_ratio_low * (expected.expected_openings - parameter.occupation_slack)
                and parameter.occupation_ratio_high
                    * (greatest(expected.expected_openings, 0) + parameter.occupation_slack)
                then null
            when expected.expected_openings is null then null
            when expected.repeats_change then 'openings_repeat_change'
            else 'openings_of_occupation'
        end as openings_doubt
    from raw.projections_central as published
    inner join state_share on state_share.area_id = published.area_id
    left join compared
        on compared.area_id = published.area_id
        and compared.nem_code = published.soc_code
    left join core.expected_openings as expected
        on expected.area_id = published.area_id
        and expected.nem_code = published.soc_code
    left join list_openings on list_openings.area_id = published.area_id
    cross join parameter
),

state as (
    select
        published.area_id,
        published.soc_code as nem_code,
        published.title as occupation_name,
        published.base_year,
        published.projected_year,
        published.base_jobs,
        published.projected_jobs,
        published.change_jobs,
        published.growth_pct,
        published.annual_openings,
        cast(null as double) as annual_exits,
        cast(null as double) as annual_transfers,
        'projections_central' as source,
        coalesce(doubted.doubt, doubted.openings_doubt) as doubt,
        case
            when doubted.doubt is not null then 'doubtful'
            when published.status = 'rounded' then 'partial'
            when published.base_jobs = 0 then 'withheld'
            else 'ok'
        end as status
    from raw.projections_central as published
    inner join doubted
        on doubted.area_id = published.area_id
        and doubted.soc_code = published.soc_code
),

published as (
    select * from nation
    union all
    select * from state
)

select
    published.area_id,
    published.nem_code,
    -- a code outside the crosswalk stands for itself
    coalesce(bridge.soc_code, published.nem_code) as soc_code,
    case when published.nem_code = '00-0000' then 'total' else 'detailed' end as occupation_group,
    published.occupation_name,
    cast(published.base_year as varchar) || '-' || substr(cast(published.projected_year as varchar), 3, 2)
        as projection_period,
    published.base_year,
    published.projected_year,
    -- the nation's figures are thousands with one decimal, the states' are jobs: both become whole jobs
    round(published.base_jobs) as base_jobs,
    round(published.projected_jobs) as projected_jobs,
    round(published.change_jobs) as change_jobs,
    published.growth_pct,
    round(published.annual_openings) as annual_openings,
    round(published.annual_exits) as annual_exits,
    round(published.annual_transfers) as annual_transfers,
    published.source,
    published.status,
    case
        when published.status = 'withheld' then 'withheld'
        when published.doubt is not null then 'doubtful'
        else 'ok'
    end as openings_status,
    case when published.status <> 'withheld' then published.doubt end as doubt
from published
left join seed.nem_soc as bridge on bridge.nem_code = published.nem_code
order by published.area_id, published.nem_code
