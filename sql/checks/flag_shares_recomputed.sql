-- The share of an area's jobs that is flagged, recomputed from its occupations. Its unduplicated clusters give the
-- same share.
-- table: marts.cluster_flag_share
-- severity: error
-- expected: flagged jobs over published jobs = jobs-weighted shares of the area's clusters, within 0.01 points
with

verdict as (
    select
        area_id,
        soc_code,
        policy,
        unnest(['high_skill', 'high_wage', 'in_demand']) as flag,
        unnest([high_skill, high_wage, in_demand]) as verdict
    from marts.occupation_flag
),

recomputed as (
    select
        verdict.area_id,
        verdict.policy,
        verdict.flag,
        100.0 * coalesce(sum(occupation.employment) filter (where verdict.verdict = 'true'), 0)
            / sum(occupation.employment) as flagged_pct
    from verdict
    inner join marts.occupation_indicators as occupation
        on occupation.area_id = verdict.area_id
        and occupation.soc_code = verdict.soc_code
    where verdict.verdict is not null
        and occupation.employment > 0
    group by verdict.area_id, verdict.policy, verdict.flag
),

share as (
    select area_id, policy, flag, jobs_flagged_pct
    from marts.cluster_flag_share
    where level = 'all'
        and basis = 'unduplicated'
        and flag <> 'listed'
        and jobs_flagged_pct is not null
),

clusters as (
    select
        share.area_id,
        share.policy,
        share.flag,
        sum(share.jobs_flagged_pct * indicator.employment_published) / sum(indicator.employment_published)
            as flagged_pct
    from marts.cluster_flag_share as share
    inner join marts.cluster_indicators as indicator
        on indicator.area_id = share.area_id
        and indicator.level = share.level
        and indicator.cluster_id = share.cluster_id
        and indicator.sub_cluster_id = share.sub_cluster_id
        and indicator.basis = share.basis
    where share.level = 'cluster'
        and share.basis = 'unduplicated'
        and share.flag <> 'listed'
        and indicator.employment_published > 0
    group by share.area_id, share.policy, share.flag
)

select
    coalesce(recomputed.area_id, share.area_id) as area_id,
    coalesce(recomputed.policy, share.policy) as policy,
    coalesce(recomputed.flag, share.flag) as flag,
    recomputed.flagged_pct as recomputed_pct,
    share.jobs_flagged_pct as area_pct,
    clusters.flagged_pct as clusters_pct
from recomputed
full outer join share
    on share.area_id = recomputed.area_id
    and share.policy = recomputed.policy
    and share.flag = recomputed.flag
left join clusters
    on clusters.area_id = share.area_id
    and clusters.policy = share.policy
    and clusters.flag = share.flag
where recomputed.area_id is null
    or not coalesce(abs(share.jobs_flagged_pct - recomputed.flagged_pct) <= 0.01, false)
    or not coalesce(abs(clusters.flagged_pct - recomputed.flagged_pct) <= 0.01, false)
order by area_id, policy, flag
