-- Flagged, not flagged and unknown make all of the jobs, and all of the openings.
-- table: marts.cluster_flag_share
-- severity: error
-- expected: the three shares add up to 100 within 0.01 (rounded figures), or all three are missing
select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    basis,
    policy,
    flag,
    jobs_flagged_pct,
    jobs_not_flagged_pct,
    jobs_unknown_pct,
    openings_flagged_pct,
    openings_not_flagged_pct,
    openings_unknown_pct
from marts.cluster_flag_share
where abs(jobs_flagged_pct + jobs_not_flagged_pct + jobs_unknown_pct - 100) > 0.01
    or abs(openings_flagged_pct + openings_not_flagged_pct + openings_unknown_pct - 100) > 0.01
    or (jobs_flagged_pct is null) <> (jobs_unknown_pct is null)
    or (jobs_not_flagged_pct is null) <> (jobs_unknown_pct is null)
    or (openings_flagged_pct is null) <> (openings_unknown_pct is null)
    or (openings_not_flagged_pct is null) <> (openings_unknown_pct is null)
    or coalesce(jobs_unknown_pct, openings_unknown_pct) is null
order by policy, flag, area_id, basis, level, cluster_id, sub_cluster_id
