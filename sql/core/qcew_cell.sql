-- Cells of QCEW by ownership, with bounds for withheld jobs. A published cell is its own bound. A withheld cell has at
-- least the jobs published in its finer industries, and at most those plus all jobs that its nearest published ancestor
-- does not show elsewhere. Without a published ancestor there is no upper bound. Bounds never replace the employment.
with recursive

cell as (
    select
        qcew.*,
        industry.parent_code
    from raw.qcew as qcew
    inner join core.qcew_industry as industry
        on industry.year = qcew.year
        and industry.naics_code = qcew.naics_code
    where qcew.own_code <> '0'
),

withheld as (
    select area_id, year, own_code, naics_code, parent_code
    from cell
    where employment is null
),

-- withheld cells and cells with a withheld one right below them
concerned as (
    select area_id, year, own_code, naics_code
    from withheld
    union
    select area_id, year, own_code, parent_code as naics_code
    from withheld
    where parent_code is not null
),

-- what is published right below them; sums are rounded so that the order of adding does not show
shown as (
    select
        cell.area_id,
        cell.year,
        cell.own_code,
        cell.parent_code as naics_code,
        round(sum(cell.employment), 6) as employment
    from cell
    inner join concerned
        on concerned.area_id = cell.area_id
        and concerned.year = cell.year
        and concerned.own_code = cell.own_code
        and concerned.naics_code = cell.parent_code
    where cell.employment is not null
    group by cell.area_id, cell.year, cell.own_code, cell.parent_code
),

-- from each withheld cell up through the withheld cells above it, until a published one
climb as (
    select area_id, year, own_code, naics_code as from_code, naics_code, parent_code, 1 as steps
    from withheld
    union all
    select
        climb.area_id,
        climb.year,
        climb.own_code,
        climb.from_code,
        upper.naics_code,
        upper.parent_code,
        climb.steps + 1 as steps
    from climb
    inner join withheld as upper
        on upper.area_id = climb.area_id
        and upper.year = climb.year
        and upper.own_code = climb.own_code
        and upper.naics_code = climb.parent_code
),

low as (
    select
        climb.area_id,
        climb.year,
        climb.own_code,
        climb.naics_code,
        round(sum(coalesce(shown.employment, 0)), 6) as employment
    from climb
    left join shown
        on shown.area_id = climb.area_id
        and shown.year = climb.year
        and shown.own_code = climb.own_code
        and shown.naics_code = climb.from_code
    group by climb.area_id, climb.year, climb.own_code, climb.naics_code
),

-- the cell above the topmost withheld one: published, or none
nearest as (
    select area_id, year, own_code, from_code as naics_code, arg_max(parent_code, steps) as ancestor_code
    from climb
    group by area_id, year, own_code, from_code
),

-- the fewest jobs in the withheld cells right below a published one
low_below as (
    select
        withheld.area_id,
        withheld.year,
        withheld.own_code,
        withheld.parent_code as naics_code,
        round(sum(low.employment), 6) as employment
    from withheld
    inner join low
        on low.area_id = withheld.area_id
        and low.year = withheld.year
        and low.own_code = withheld.own_code
        and low.naics_code = withheld.naics_code
    group by withheld.area_id, withheld.year, withheld.own_code, withheld.parent_code
),

not_shown as (
    select
        low_below.area_id,
        low_below.year,
        low_below.own_code,
        low_below.naics_code,
        round(greatest(published.employment - coalesce(shown.employment, 0) - low_below.employment, 0), 6) as employment
    from low_below
    inner join cell as published
        on published.area_id = low_below.area_id
        and published.year = low_below.year
        and published.own_code = low_below.own_code
        and published.naics_code = low_below.naics_code
    left join shown
        on shown.area_id = low_below.area_id
        and shown.year = low_below.year
        and shown.own_code = low_below.own_code
        and shown.naics_code = low_below.naics_code
    where published.employment is not null
)

select
    cell.area_id,
    cell.year,
    cell.own_code,
    cell.naics_code,
    cell.depth,
    cell.establishments,
    cell.employment,
    coalesce(cell.employment, low.employment) as employment_low,
    coalesce(cell.employment, round(low.employment + not_shown.employment, 6)) as employment_high,
    cell.wages_usd,
    cell.status
from cell
left join low
    on low.area_id = cell.area_id
    and low.year = cell.year
    and low.own_code = cell.own_code
    and low.naics_code = cell.naics_code
left join nearest
    on nearest.area_id = cell.area_id
    and nearest.year = cell.year
    and nearest.own_code = cell.own_code
    and nearest.naics_code = cell.naics_code
left join not_shown
    on not_shown.area_id = nearest.area_id
    and not_shown.year = nearest.year
    and not_shown.own_code = nearest.own_code
    and not_shown.naics_code = nearest.ancestor_code
order by cell.year, cell.area_id, cell.own_code, cell.naics_code
