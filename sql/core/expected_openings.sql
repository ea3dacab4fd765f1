-- What a state's openings should come to: the nation's separations (exits and transfers) per job of the occupation, for
-- the state's jobs, and the state's own growth. A combination of occupations has the separations of all of them.
with

nation as (
    select
        occupation.nem_code,
        occupation.base_jobs_thousand as jobs,
        separations.annual_exits_thousand + separations.annual_transfers_thousand as separations
    from raw.ep_occupation as occupation
    inner join raw.ep_separations as separations on separations.nem_code = occupation.nem_code
    where occupation.occupation_type = 'Line item'
),

published as (
    select *, projected_year - base_year as years
    from raw.projections_central
    where soc_code <> '00-0000'
        and base_jobs > 0
),

code_part as (
    select distinct soc_code, soc_code as part_code
    from published
    union
    select combined_code as soc_code, member_code as part_code
    from seed.projection_combination
),

separations_rate as (
    select code_part.soc_code, sum(nation.separations) / sum(nation.jobs) as separations_rate
    from code_part
    inner join nation on nation.nem_code = code_part.part_code
    group by code_part.soc_code
    having sum(nation.jobs) > 0
),

expected as (
    select
        published.*,
        separations_rate.separations_rate,
        published.base_jobs * separations_rate.separations_rate + published.change_jobs / published.years
            as expected_openings
    from published
    left join separations_rate on separations_rate.soc_code = published.soc_code
)

select
    area_id,
    soc_code as nem_code,
    base_jobs,
    change_jobs,
    annual_openings,
    round(100.0 * separations_rate, 6) as national_separations_rate_pct,
    round(expected_openings, 6) as expected_openings,
    -- where jobs decline faster than people leave, no openings are expected
    case when expected_openings > 0 then round(annual_openings / expected_openings, 6) end as openings_ratio,
    -- figures are rounded to tens
    abs(annual_openings - greatest(change_jobs, 0) / years) <= 5
        or abs(annual_openings - greatest(change_jobs, 0)) <= 5 as repeats_change
from expected
order by area_id, nem_code
