-- In which industries the people of a cluster work in an area, by home cluster: published figures of the nation, else
-- an estimate.
with found as (
    select period, home_cluster_id, employment, wage_mean_usd, false as is_estimate
    from marts.cross_cutting_context
    where area_id = $area and cluster_id = $cluster and level = 'cluster'
    union all
    select cast(year as varchar) as period, home_cluster_id, employment, null as wage_mean_usd, true as is_estimate
    from marts.cluster_by_industry_estimate
    where area_id = $area and cluster_id = $cluster and level = 'cluster'
)

select
    cluster.cluster_name,
    found.home_cluster_id,
    coalesce(
        home.cluster_name,
        case found.home_cluster_id when 'no_home' then 'No one cluster' else 'No published industry' end
    ) as home_cluster_name,
    found.employment,
    100 * found.employment / sum(found.employment) over (partition by found.is_estimate) as employment_share_pct,
    found.wage_mean_usd,
    found.period,
    found.is_estimate
from found
inner join reference.cluster as cluster on cluster.cluster_id = $cluster
left join reference.cluster as home on home.cluster_id = found.home_cluster_id
qualify found.is_estimate = bool_and(found.is_estimate) over ()
order by found.employment desc, found.home_cluster_id
