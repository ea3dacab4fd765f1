-- Estimated jobs of each occupation in a state, or the nation, by the home of the industry they are in: QCEW jobs of its
-- industries times how OEWS finds these staffed in the nation. Not scaled to anything.
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
)

select
    staffed.area_id,
    pattern.soc_code,
    staffed.home_cluster_id,
    staffed.home_sub_cluster_id,
    -- in parts of a power of two, which add up to the same sum in any order: shares made of them do not change from run
    -- to run
    cast(round(1024 * sum(staffed.employment * pattern.share)) / 1024 as double) as employment
from staffed
inner join core.oews_staffing_pattern as pattern
    on pattern.industry_code = staffed.industry_code
    and pattern.part = staffed.part
group by staffed.area_id, pattern.soc_code, staffed.home_cluster_id, staffed.home_sub_cluster_id
order by staffed.area_id, pattern.soc_code, staffed.home_cluster_id, staffed.home_sub_cluster_id
