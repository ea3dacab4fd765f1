-- The national, industry-mix and regional parts add up to the change.
-- table: marts.shift_share
-- severity: error
-- expected: national + industry mix + regional = change, to a thousandth of a job
select area_id, level, cluster_id, sub_cluster_id, year_to, change_jobs, national_jobs, industry_mix_jobs, regional_jobs
from marts.shift_share
where abs(change_jobs - national_jobs - industry_mix_jobs - regional_jobs) > 0.001
    or (status = 'ok') <> (change_jobs is not null)
    or (status = 'ok') <> (national_jobs is not null and industry_mix_jobs is not null and regional_jobs is not null)
order by area_id, level, cluster_id, sub_cluster_id, year_to
