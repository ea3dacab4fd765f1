-- Estimated jobs of each occupation in a state, or the nation, by home of the industry: QCEW jobs of the industries
-- times the national staffing pattern of each. Not scaled to any published total.
with

staffed as (
    select
        cell.area_id,
        cell.industry_code,
        cell.part,
        cell.home_cluster_id,
        cell.home_sub_cluster_id,
        sum(cell.employment) as employment
    from core.qcew_staffed_cell as cell
    inner join reference.area as area on area.area_id = cell.area_id
    where area.area_type <> 'county'
        and cell.industry_code is not null
        and cell.employment > 0
    group by cell.area_id, cell.industry_code, cell.part, cell.home_cluster_id, cell.home_sub_cluster_id
),

-- numbers as keys: they group and sort faster than text
home_number as (
    select
        area_id,
        home_cluster_id,
        home_sub_cluster_id,
        row_number() over (order by area_id, home_cluster_id, home_sub_cluster_id) as home_no
    from (select distinct area_id, home_cluster_id, home_sub_cluster_id from staffed) as home
),

occupation_number as (
    select soc_code, row_number() over (order by soc_code) as occupation_no
    from (select distinct soc_code from core.oews_staffing_pattern) as occupation
),

numbered_staffed as (
    select home_number.home_no, staffed.industry_code, staffed.part, staffed.employment
    from staffed
    inner join home_number
        on home_number.area_id = staffed.area_id
        and home_number.home_cluster_id = staffed.home_cluster_id
        and home_number.home_sub_cluster_id = staffed.home_sub_cluster_id
),

numbered_pattern as (
    select pattern.industry_code, pattern.part, occupation_number.occupation_no, pattern.share
    from core.oews_staffing_pattern as pattern
    inner join occupation_number on occupation_number.soc_code = pattern.soc_code
),

estimate as (
    select
        numbered_staffed.home_no,
        numbered_pattern.occupation_no,
        sum(numbered_staffed.employment * numbered_pattern.share) as employment
    from numbered_staffed
    inner join numbered_pattern
        on numbered_pattern.industry_code = numbered_staffed.industry_code
        and numbered_pattern.part = numbered_staffed.part
    group by numbered_staffed.home_no, numbered_pattern.occupation_no
)

select
    home_number.area_id,
    occupation_number.soc_code,
    home_number.home_cluster_id,
    home_number.home_sub_cluster_id,
    -- in 1024ths, which add up to the same sum in any order, so that shares of them are the same in every run
    cast(round(1024 * estimate.employment) / 1024 as double) as employment
from estimate
inner join home_number on home_number.home_no = estimate.home_no
inner join occupation_number on occupation_number.occupation_no = estimate.occupation_no
order by estimate.home_no, estimate.occupation_no
