-- Cells of QCEW by ownership, with bounds for withheld jobs. A published cell is its own bound. A withheld cell has at
-- least the jobs published in its finer industries, and at most those plus all jobs that its nearest published ancestor
-- does not show elsewhere. Without a published ancestor there is no upper bound. Bounds never replace the employment.
with recursive

area as (
    select area_id, cast(row_number() over (order by area_id) as bigint) as area_no
    from (select distinct area_id from raw.qcew) as seen
),

-- an industry of another year has another number
industry as (
    select
        year,
        naics_code,
        parent_code,
        cast(row_number() over (order by year, naics_code) as bigint) as industry_no
    from core.qcew_industry
),

-- each cell, and the one of the industry above it, by one number for area, industry, year and owner
numbered as (
    select
        qcew.*,
        area.area_no * 100000000 + industry.industry_no * 10 + cast(qcew.own_code as bigint) as cell_no,
        area.area_no * 100000000 + parent.industry_no * 10 + cast(qcew.own_code as bigint) as parent_no
    from raw.qcew as qcew
    inner join area on area.area_id = qcew.area_id
    inner join industry
        on industry.year = qcew.year
        and industry.naics_code = qcew.naics_code
    left join industry as parent
        on parent.year = industry.year
        and parent.naics_code = industry.parent_code
    where qcew.own_code <> '0'
),

withheld as (
    select cell.cell_no, cell.parent_no, parent.cell_no is not null as is_below_withheld
    from numbered as cell
    left join numbered as parent
        on parent.cell_no = cell.parent_no
        and parent.employment is null
    where cell.employment is null
),

-- what is published right below a cell; sums are rounded so that the order of adding does not show
shown as (
    select parent_no as cell_no, round(sum(employment), 6) as employment
    from numbered
    where employment is not null
    group by parent_no
),

-- from each withheld cell up through the withheld cells above it, the topmost of which is below a published one or none
climb as (
    select cell_no as from_no, cell_no, parent_no, is_below_withheld
    from withheld
    union all
    select climb.from_no, parent.cell_no, parent.parent_no, parent.is_below_withheld
    from climb
    inner join withheld as parent on parent.cell_no = climb.parent_no
    where climb.is_below_withheld
),

low as (
    select climb.cell_no, round(sum(coalesce(shown.employment, 0)), 6) as employment
    from climb
    left join shown on shown.cell_no = climb.from_no
    group by climb.cell_no
),

-- the fewest jobs in the withheld cells right below a published one
low_below as (
    select withheld.parent_no as cell_no, round(sum(low.employment), 6) as employment
    from withheld
    inner join low on low.cell_no = withheld.cell_no
    where not withheld.is_below_withheld
    group by withheld.parent_no
),

not_shown as (
    select
        low_below.cell_no,
        round(greatest(published.employment - coalesce(shown.employment, 0) - low_below.employment, 0), 6) as employment
    from low_below
    inner join numbered as published on published.cell_no = low_below.cell_no
    left join shown on shown.cell_no = low_below.cell_no
),

bound as (
    select
        low.cell_no,
        low.employment as employment_low,
        round(low.employment + not_shown.employment, 6) as employment_high
    from climb
    inner join low on low.cell_no = climb.from_no
    left join not_shown on not_shown.cell_no = climb.parent_no
    where not climb.is_below_withheld
)

select
    cell.area_id,
    cell.year,
    cell.own_code,
    cell.naics_code,
    cell.depth,
    cell.establishments,
    cell.employment,
    coalesce(cell.employment, bound.employment_low) as employment_low,
    coalesce(cell.employment, bound.employment_high) as employment_high,
    cell.wages_usd,
    cell.status
from numbered as cell
left join bound on bound.cell_no = cell.cell_no
order by cell.year, cell.area_id, cell.own_code, cell.naics_code
