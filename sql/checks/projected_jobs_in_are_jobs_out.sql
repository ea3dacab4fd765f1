-- The bridge from the codes of the projections to those of OEWS loses no job and counts none twice: every line item of
-- BLS's workbook stands under one code, and no two under the same.
-- table: core.occupation_projection
-- severity: error
-- expected: each line item once, with its jobs and openings, under a code of its own that the bridge names
with

line_item as (
    select
        occupation.nem_code,
        1000 * occupation.base_jobs_thousand as base_jobs,
        1000 * occupation.projected_jobs_thousand as projected_jobs,
        1000 * occupation.annual_openings_thousand as annual_openings,
        1000 * separations.annual_exits_thousand as annual_exits,
        1000 * separations.annual_transfers_thousand as annual_transfers,
        bridge.soc_code
    from raw.ep_occupation as occupation
    left join raw.ep_separations as separations on separations.nem_code = occupation.nem_code
    left join seed.nem_soc as bridge on bridge.nem_code = occupation.nem_code
    where occupation.occupation_type = 'Line item'
),

bridged as (
    select
        nem_code,
        soc_code,
        base_jobs,
        projected_jobs,
        annual_openings,
        annual_exits,
        annual_transfers,
        count(*) over (partition by soc_code) as codes_under_it,
        count(*) over (partition by nem_code) as times
    from core.occupation_projection
    where area_id = 'US'
        and occupation_group = 'detailed'
)

select
    coalesce(line_item.nem_code, bridged.nem_code) as nem_code,
    line_item.soc_code as named_by_the_bridge,
    bridged.soc_code,
    line_item.base_jobs as published_base_jobs,
    bridged.base_jobs
from line_item
full outer join bridged on bridged.nem_code = line_item.nem_code
where line_item.nem_code is null
    or bridged.nem_code is null
    or line_item.soc_code is null
    or bridged.soc_code <> line_item.soc_code
    or bridged.codes_under_it <> 1
    or bridged.times <> 1
    or not coalesce(abs(bridged.base_jobs - line_item.base_jobs) < 0.5, false)
    or not coalesce(abs(bridged.projected_jobs - line_item.projected_jobs) < 0.5, false)
    or not coalesce(abs(bridged.annual_openings - line_item.annual_openings) < 0.5, false)
    or not coalesce(abs(bridged.annual_exits - line_item.annual_exits) < 0.5, false)
    or not coalesce(abs(bridged.annual_transfers - line_item.annual_transfers) < 0.5, false)
order by nem_code
