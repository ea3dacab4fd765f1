-- Bounds of cells, compared between levels. A cell has at least the sum of the lower bounds right below it. A
-- withheld cell has at most that plus what the cell above does not show: its published jobs less the lower bounds
-- below it, or the width of its own bounds.
-- table: core.qcew_cell
-- severity: error
-- expected: published cells bound themselves; bounds of withheld ones as recomputed, within a thousandth of a job
-- parts: year, area_id
with

cell as (
    select
        cell.area_id,
        cell.year,
        cell.own_code,
        cell.naics_code,
        industry.parent_code,
        cell.employment,
        cell.employment_low,
        cell.employment_high
    from core.qcew_cell as cell
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
),

below as (
    select area_id, year, own_code, parent_code as naics_code, sum(employment_low) as low
    from cell
    where parent_code is not null
    group by area_id, year, own_code, parent_code
),

withheld as (
    select
        cell.area_id,
        cell.year,
        cell.own_code,
        cell.naics_code,
        cell.employment_low,
        cell.employment_high,
        coalesce(below.low, 0) as expected_low,
        case
            when upper.employment is not null then greatest(upper.employment - below_upper.low, 0)
            else upper.employment_high - upper.employment_low
        end as not_shown
    from cell
    left join below
        on below.area_id = cell.area_id
        and below.year = cell.year
        and below.own_code = cell.own_code
        and below.naics_code = cell.naics_code
    left join cell as upper
        on upper.area_id = cell.area_id
        and upper.year = cell.year
        and upper.own_code = cell.own_code
        and upper.naics_code = cell.parent_code
    left join below as below_upper
        on below_upper.area_id = cell.area_id
        and below_upper.year = cell.year
        and below_upper.own_code = cell.own_code
        and below_upper.naics_code = cell.parent_code
    where cell.employment is null
)

select
    area_id,
    year,
    own_code,
    naics_code,
    employment_low,
    employment_high,
    employment as expected_low,
    employment as expected_high
from cell
where employment is not null
    and (employment_low is distinct from employment or employment_high is distinct from employment)
union all
select
    area_id,
    year,
    own_code,
    naics_code,
    employment_low,
    employment_high,
    expected_low,
    expected_low + not_shown as expected_high
from withheld
where employment_low is null
    or abs(employment_low - expected_low) > 0.001
    or (employment_high is null) <> (not_shown is null)
    or abs(employment_high - expected_low - not_shown) > 0.001
order by year, area_id, own_code, naics_code
