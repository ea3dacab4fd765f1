-- The three parts of a change recomputed from the sums of cells of area and nation, withheld ones estimated.
-- table: marts.shift_share
-- severity: error
-- expected: the same parts within a hundredth of a job, missing where too little is published or years do not compare
-- parts: area_id
-- in_every_part: area_id = 'US'
-- keys: area_id, level, cluster_id, sub_cluster_id, year_to
-- figures: change_jobs within 0.01; national_jobs within 0.01; industry_mix_jobs within 0.01; regional_jobs within 0.01
with

sums as (select * from industry_sums),

figure as (
    select *
    from sums
    where ownership = 'all'
),

pair as (select * from qcew_pairs),

change as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        year,
        comparable_from as employment_before,
        comparable - comparable_from as jobs
    from pair
    where ownership = 'all'
        and year_from = year - 1
),

expected as (
    select
        area.area_id,
        area.level,
        area.cluster_id,
        area.sub_cluster_id,
        area.year as year_to,
        area.jobs as change_jobs,
        area.employment_before * total.jobs / total.employment_before as national_jobs,
        -- a cluster without jobs in the nation has no growth
        coalesce(area.employment_before * nation.jobs / nullif(nation.employment_before, 0), 0) as jobs_as_nation,
        jobs_as_nation - national_jobs as industry_mix_jobs,
        change_jobs - jobs_as_nation as regional_jobs
    from change as area
    inner join change as nation
        on nation.area_id = 'US'
        and nation.level = area.level
        and nation.cluster_id = area.cluster_id
        and nation.sub_cluster_id = area.sub_cluster_id
        and nation.year = area.year
    inner join change as total
        on total.area_id = 'US'
        and total.level = 'all'
        and total.year = area.year
    where area.area_id <> 'US'
        and area.jobs is not null
        and nation.jobs is not null
        and total.jobs is not null
),

found as (
    select *
    from marts.shift_share
    where change_jobs is not null
)

select * from differences
