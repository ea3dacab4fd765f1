-- Jobs, pay and concentration of every cluster and sub-cluster of every area, with names, each job counted once;
-- beside them the nation's share, and the jobs of the same occupations in full.
select
    area.area_name,
    area.area_type,
    area.state_id,
    cluster.cluster_name,
    sub_cluster.sub_cluster_name,
    indicator.* exclude (basis),
    nation.employment_share_pct as national_share_pct,
    in_full.employment as employment_in_full
from marts.cluster_indicators as indicator
inner join reference.area as area on area.area_id = indicator.area_id
left join reference.cluster as cluster on cluster.cluster_id = indicator.cluster_id
left join reference.sub_cluster as sub_cluster on sub_cluster.sub_cluster_id = indicator.sub_cluster_id
left join marts.cluster_indicators as nation
    on nation.area_id = 'US'
    and nation.basis = indicator.basis
    and nation.level = indicator.level
    and nation.cluster_id = indicator.cluster_id
    and nation.sub_cluster_id = indicator.sub_cluster_id
    and nation.period = indicator.period
left join marts.cluster_indicators as in_full
    on in_full.area_id = indicator.area_id
    and in_full.basis = 'duplicated'
    and in_full.level = indicator.level
    and in_full.cluster_id = indicator.cluster_id
    and in_full.sub_cluster_id = indicator.sub_cluster_id
    and in_full.period = indicator.period
where indicator.basis = 'unduplicated'
