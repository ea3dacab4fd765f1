-- The cells of the newest QCEW year that the staffing estimate uses, each job once. From all industries downward, a
-- published cell of one kind is taken as soon as finer industries are withheld or would tell no more. From a withheld
-- cell, the published ones inside it are taken; nothing is filled in for the rest. Jobs in industries that OEWS does
-- not survey have no pattern.
with

cell as (
    select
        cell.area_id,
        cell.employment,
        industry.parent_code,
        staffing.*
    from core.qcew_cell as cell
    inner join core.qcew_staffing as staffing
        on staffing.year = cell.year
        and staffing.own_code = cell.own_code
        and staffing.naics_code = cell.naics_code
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
),

withheld_below as (
    select distinct area_id, own_code, parent_code as naics_code
    from cell
    where employment is null
),

stop as (
    select cell.*
    from cell
    left join withheld_below
        on withheld_below.area_id = cell.area_id
        and withheld_below.own_code = cell.own_code
        and withheld_below.naics_code = cell.naics_code
    where cell.employment is not null
        and cell.is_one_kind
        and (not cell.is_divisible or withheld_below.area_id is not null)
),

under_stop as (
    select distinct stop.area_id, stop.own_code, ancestor.naics_code
    from stop
    inner join core.qcew_ancestor as ancestor
        on ancestor.year = stop.year
        and ancestor.ancestor_code = stop.naics_code
)

select
    stop.area_id,
    stop.year,
    stop.own_code,
    stop.naics_code,
    stop.industry_code,
    stop.part,
    stop.home_cluster_id,
    stop.home_sub_cluster_id,
    stop.employment
from stop
left join under_stop
    on under_stop.area_id = stop.area_id
    and under_stop.own_code = stop.own_code
    and under_stop.naics_code = stop.naics_code
where under_stop.area_id is null
order by stop.area_id, stop.own_code, stop.naics_code
