-- The cluster that is most concentrated in each area, by location quotient; clusters of reliability D are left out.
select indicator.*, node.node_name as cluster_name
from marts.cluster_indicators as indicator
inner join node
    on node.level = 'cluster'
    and node.cluster_id = indicator.cluster_id
where indicator.level = 'cluster'
    and indicator.basis = $basis
    and indicator.location_quotient is not null
    and indicator.reliability <> 'D'
qualify row_number() over (
    partition by indicator.area_id order by indicator.location_quotient desc, indicator.cluster_id
) = 1
