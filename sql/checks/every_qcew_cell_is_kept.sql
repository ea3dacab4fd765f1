-- No cell of QCEW is lost or duplicated on the way, and a withheld cell stays withheld.
-- table: core.qcew_cell
-- severity: error
-- expected: the cells by owner of raw.qcew, with the same establishments, jobs and status
-- parts: year, area_id
-- keys: area_id, own_code, naics_code, year
-- figures: establishments; employment; status
with

found as (
    select *
    from core.qcew_cell
),

expected as (
    select
        area_id,
        own_code,
        naics_code,
        year,
        establishments,
        employment,
        -- a status that contradicts the figure agrees with nothing
        case when (status = 'withheld') = (employment is null) then status end as status
    from raw.qcew
    where own_code <> '0'
)

select * from differences
