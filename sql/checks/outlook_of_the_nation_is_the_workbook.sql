-- The nation's clusters, each job counted once, have the jobs and openings of the workbook's line items; its total
-- is the workbook's.
-- table: marts.cluster_outlook
-- severity: error
-- expected: jobs, openings, exits and transfers of the line items, within 0.05; the total as published
-- keys: level
-- figures: base_jobs within 0.05; projected_jobs within 0.05; annual_openings within 0.05
-- figures: openings_exits within 0.05; openings_transfers within 0.05
with

expected as (
    select
        case when occupation.occupation_type = 'Line item' then 'cluster' else 'all' end as level,
        sum(1000 * occupation.base_jobs_thousand) as base_jobs,
        sum(1000 * occupation.projected_jobs_thousand) as projected_jobs,
        sum(1000 * occupation.annual_openings_thousand) as annual_openings,
        sum(1000 * separations.annual_exits_thousand) as openings_exits,
        sum(1000 * separations.annual_transfers_thousand) as openings_transfers
    from raw.ep_occupation as occupation
    inner join raw.ep_separations as separations on separations.nem_code = occupation.nem_code
    where occupation.occupation_type = 'Line item'
        or occupation.nem_code = '00-0000'
    group by all
),

found as (
    select
        level,
        sum(base_jobs) as base_jobs,
        sum(projected_jobs) as projected_jobs,
        sum(annual_openings) as annual_openings,
        sum(openings_exits) as openings_exits,
        sum(openings_transfers) as openings_transfers
    from marts.cluster_outlook
    where area_id = 'US'
        and basis = 'unduplicated'
        and level in ('cluster', 'all')
    group by level
)

select * from differences
