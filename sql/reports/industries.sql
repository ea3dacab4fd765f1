-- Employers by the cluster of their industry in the newest year of each area, all owners; the total comes last.
select
    indicator.*,
    coalesce(
        cluster.cluster_name,
        case indicator.cluster_id
            when 'all' then 'All industries'
            when 'no_home' then 'Industries of no one cluster'
            else 'No industry stated'
        end
    ) as cluster_name
from marts.industry_indicators as indicator
left join reference.cluster as cluster on cluster.cluster_id = indicator.cluster_id
where indicator.area_id in (select unnest($areas)) and indicator.level <> 'sub_cluster' and indicator.ownership = 'all'
qualify indicator.year = max(indicator.year) over (partition by indicator.area_id)
order by
    indicator.area_id,
    case indicator.cluster_id when 'all' then 4 when 'unassigned' then 3 when 'no_home' then 2 else 1 end,
    indicator.employment desc nulls last,
    indicator.employment_high desc nulls last,
    indicator.cluster_id
