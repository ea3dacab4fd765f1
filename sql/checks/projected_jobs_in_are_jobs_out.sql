-- The bridge from the codes of the projections to those of OEWS loses no job and counts none twice: every line item
-- of BLS's workbook has one code, and no two have the same.
-- table: core.occupation_projection
-- severity: error
-- expected: each line item once, with its jobs and openings, under a code of its own that the bridge names
-- keys: nem_code
-- figures: soc_code; codes_under_it; base_jobs within 0.5; projected_jobs within 0.5
-- figures: annual_openings within 0.5; annual_exits within 0.5; annual_transfers within 0.5
with

expected as (
    select
        occupation.nem_code,
        1000 * occupation.base_jobs_thousand as base_jobs,
        1000 * occupation.projected_jobs_thousand as projected_jobs,
        1000 * occupation.annual_openings_thousand as annual_openings,
        1000 * separations.annual_exits_thousand as annual_exits,
        1000 * separations.annual_transfers_thousand as annual_transfers,
        bridge.soc_code,
        1 as codes_under_it
    from raw.ep_occupation as occupation
    inner join raw.ep_separations as separations on separations.nem_code = occupation.nem_code
    left join seed.nem_soc as bridge on bridge.nem_code = occupation.nem_code
    where occupation.occupation_type = 'Line item'
),

found as (
    select *, count(*) over (partition by soc_code) as codes_under_it
    from core.occupation_projection
    where area_id = 'US'
        and occupation_group = 'detailed'
)

select * from differences
