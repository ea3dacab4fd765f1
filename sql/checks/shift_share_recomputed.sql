-- The three parts of a change recomputed from the publisher's cells of area and nation.
-- table: marts.shift_share
-- severity: error
-- expected: the same parts within a hundredth of a job, missing where any of the figures is not published in full
with

published as (select * from qcew_cells),

place as (select * from qcew_places),

figure as (
    select
        cell.area_id,
        place.level,
        place.cluster_id,
        place.sub_cluster_id,
        cell.year,
        case when count(cell.employment) = count(*) then sum(cell.employment) end as employment
    from published as cell
    inner join place
        on place.year = cell.year
        and place.naics_code = cell.naics_code
    where cell.own_code <> '0'
    group by cell.area_id, place.level, place.cluster_id, place.sub_cluster_id, cell.year
),

nation as (
    select
        now.level,
        now.cluster_id,
        now.sub_cluster_id,
        now.year,
        now.employment as employment_to,
        before.employment as employment_from,
        total_now.employment as all_to,
        total_before.employment as all_from
    from figure as now
    inner join figure as before
        on before.area_id = 'US'
        and before.level = now.level
        and before.cluster_id = now.cluster_id
        and before.sub_cluster_id = now.sub_cluster_id
        and before.year = now.year - 1
    inner join figure as total_now
        on total_now.area_id = 'US'
        and total_now.level = 'all'
        and total_now.year = now.year
    inner join figure as total_before
        on total_before.area_id = 'US'
        and total_before.level = 'all'
        and total_before.year = now.year - 1
    where now.area_id = 'US'
),

expected as (
    select
        part.area_id,
        part.level,
        part.cluster_id,
        part.sub_cluster_id,
        part.year_to,
        part.change_jobs,
        part.national_jobs,
        part.industry_mix_jobs,
        part.regional_jobs,
        now.employment - before.employment as expected_change,
        before.employment * (nation.all_to - nation.all_from) / nation.all_from as expected_national,
        -- a cluster without jobs in the nation has no growth
        coalesce(
            before.employment * (nation.employment_to - nation.employment_from) / nullif(nation.employment_from, 0), 0
        ) as expected_national_and_mix,
        now.employment is not null
            and before.employment is not null
            and nation.employment_to is not null
            and nation.employment_from is not null
            and nation.all_to is not null
            and nation.all_from is not null as is_known
    from marts.shift_share as part
    left join figure as now
        on now.area_id = part.area_id
        and now.level = part.level
        and now.cluster_id = part.cluster_id
        and now.sub_cluster_id = part.sub_cluster_id
        and now.year = part.year_to
    left join figure as before
        on before.area_id = part.area_id
        and before.level = part.level
        and before.cluster_id = part.cluster_id
        and before.sub_cluster_id = part.sub_cluster_id
        and before.year = part.year_from
    left join nation
        on nation.level = part.level
        and nation.cluster_id = part.cluster_id
        and nation.sub_cluster_id = part.sub_cluster_id
        and nation.year = part.year_to
)

select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    year_to,
    change_jobs,
    expected_change,
    national_jobs,
    expected_national,
    industry_mix_jobs,
    regional_jobs
from expected
where (change_jobs is not null) <> is_known
    or abs(change_jobs - expected_change) > 0.01
    or abs(national_jobs - expected_national) > 0.01
    or abs(national_jobs + industry_mix_jobs - expected_national_and_mix) > 0.01
    or abs(regional_jobs - (expected_change - expected_national_and_mix)) > 0.01
order by area_id, level, cluster_id, sub_cluster_id, year_to
