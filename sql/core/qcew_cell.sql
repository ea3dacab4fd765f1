-- Cells of QCEW by ownership, with bounds for what is withheld. A published cell bounds itself. A withheld one has at
-- least what is published of its finer industries; and at most that and all that its nearest published ancestor does
-- not show, its jobs less what is published below it. (A parent's upper bound less what the cell's siblings have at
-- least comes to the same.) A withheld figure never takes the place of an employment. Where no ancestor is published
-- there is no upper bound.
with

cell as (
    select
        qcew.area_id,
        qcew.year,
        qcew.own_code,
        qcew.naics_code,
        qcew.depth,
        qcew.establishments,
        qcew.employment,
        qcew.wages_usd,
        qcew.status,
        parent.employment is not null as has_published_parent,
        industry.parent_code
    from raw.qcew as qcew
    inner join core.qcew_industry as industry
        on industry.year = qcew.year
        and industry.naics_code = qcew.naics_code
    left join raw.qcew as parent
        on parent.area_id = qcew.area_id
        and parent.year = qcew.year
        and parent.own_code = qcew.own_code
        and parent.naics_code = industry.parent_code
    where qcew.own_code <> '0'
),

-- cells whose parent is withheld, with every ancestor that is published
ancestry as (
    select
        cell.area_id,
        cell.year,
        cell.own_code,
        cell.naics_code,
        max(published.depth) as nearest_depth
    from cell
    inner join core.qcew_ancestor as ancestor
        on ancestor.year = cell.year
        and ancestor.naics_code = cell.naics_code
    inner join raw.qcew as published
        on published.area_id = cell.area_id
        and published.year = cell.year
        and published.own_code = cell.own_code
        and published.naics_code = ancestor.ancestor_code
        and published.employment is not null
    where not cell.has_published_parent
    group by cell.area_id, cell.year, cell.own_code, cell.naics_code
),

nearest as (
    select area_id, year, own_code, naics_code, parent_code as ancestor_code, depth - 1 as nearest_depth
    from cell
    where has_published_parent
    union all
    select ancestry.area_id, ancestry.year, ancestry.own_code, ancestry.naics_code, ancestor.ancestor_code, ancestry.nearest_depth
    from ancestry
    inner join core.qcew_ancestor as ancestor
        on ancestor.year = ancestry.year
        and ancestor.naics_code = ancestry.naics_code
        and ancestor.ancestor_depth = ancestry.nearest_depth
),

-- what is published right below a published cell, whatever is withheld in between
shown as (
    select nearest.area_id, nearest.year, nearest.own_code, nearest.ancestor_code as naics_code, sum(cell.employment) as employment
    from cell
    inner join nearest
        on nearest.area_id = cell.area_id
        and nearest.year = cell.year
        and nearest.own_code = cell.own_code
        and nearest.naics_code = cell.naics_code
    where cell.employment is not null
    group by nearest.area_id, nearest.year, nearest.own_code, nearest.ancestor_code
),

-- what is published inside a withheld cell
inside as (
    select cell.area_id, cell.year, cell.own_code, ancestor.ancestor_code as naics_code, sum(cell.employment) as employment
    from cell
    inner join core.qcew_ancestor as ancestor
        on ancestor.year = cell.year
        and ancestor.naics_code = cell.naics_code
    left join ancestry
        on ancestry.area_id = cell.area_id
        and ancestry.year = cell.year
        and ancestry.own_code = cell.own_code
        and ancestry.naics_code = cell.naics_code
    where cell.employment is not null
        and not cell.has_published_parent
        and ancestor.ancestor_depth > coalesce(ancestry.nearest_depth, -1)
    group by cell.area_id, cell.year, cell.own_code, ancestor.ancestor_code
),

bound as (
    select
        cell.area_id,
        cell.year,
        cell.own_code,
        cell.naics_code,
        coalesce(inside.employment, 0) as low,
        case
            when published.employment - coalesce(shown.employment, 0) > 0
                then coalesce(inside.employment, 0) + published.employment - coalesce(shown.employment, 0)
            when published.employment is not null then coalesce(inside.employment, 0)
        end as high
    from cell
    left join inside
        on inside.area_id = cell.area_id
        and inside.year = cell.year
        and inside.own_code = cell.own_code
        and inside.naics_code = cell.naics_code
    left join nearest
        on nearest.area_id = cell.area_id
        and nearest.year = cell.year
        and nearest.own_code = cell.own_code
        and nearest.naics_code = cell.naics_code
    left join raw.qcew as published
        on published.area_id = nearest.area_id
        and published.year = nearest.year
        and published.own_code = nearest.own_code
        and published.naics_code = nearest.ancestor_code
    left join shown
        on shown.area_id = nearest.area_id
        and shown.year = nearest.year
        and shown.own_code = nearest.own_code
        and shown.naics_code = nearest.ancestor_code
    where cell.employment is null
)

select
    cell.area_id,
    cell.year,
    cell.own_code,
    cell.naics_code,
    cell.depth,
    cell.establishments,
    cell.employment,
    coalesce(cell.employment, bound.low) as employment_low,
    coalesce(cell.employment, bound.high) as employment_high,
    cell.wages_usd,
    cell.status
from cell
left join bound
    on bound.area_id = cell.area_id
    and bound.year = cell.year
    and bound.own_code = cell.own_code
    and bound.naics_code = cell.naics_code
order by cell.year, cell.area_id, cell.own_code, cell.naics_code
