-- The sub-clusters that a job of an occupation belongs to, given the home of its industry: marts.soc_allocation in
-- reverse. In the home industries of one of the occupation's own clusters the job belongs to that cluster. Elsewhere it
-- belongs to the occupation's cross-cutting clusters, or without any it is shared as the occupation's jobs at home are.
with

member as (
    select
        allocation.soc_code,
        allocation.cluster_id,
        allocation.sub_cluster_id,
        allocation.cluster_weight,
        allocation.weight_in_cluster,
        cluster.is_cross_cutting,
        -- the cluster's weight stands in the row of each of its sub-clusters
        row_number() over (
            partition by allocation.soc_code, allocation.cluster_id
            order by allocation.sub_cluster_id
        ) = 1 as is_first
    from marts.soc_allocation as allocation
    inner join reference.cluster as cluster on cluster.cluster_id = allocation.cluster_id
    inner join reference.oews_occupation as occupation
        on occupation.soc_code = allocation.soc_code
        and occupation.occupation_group = 'detailed'
),

occupation as (
    select
        soc_code,
        count(*) filter (where is_cross_cutting and is_first) as cross_cutting,
        sum(cluster_weight) filter (where is_cross_cutting and is_first) as cross_cutting_weight
    from member
    group by soc_code
),

home as (
    select cluster_id as home_cluster_id
    from reference.cluster
    union all
    select 'unassigned' as home_cluster_id
),

placed as (
    select
        member.soc_code,
        home.home_cluster_id,
        member.cluster_id,
        member.sub_cluster_id,
        member.weight_in_cluster,
        case
            when own_home.soc_code is not null and member.cluster_id = home.home_cluster_id then 1.0
            when own_home.soc_code is not null then 0.0
            when occupation.cross_cutting = 0 then member.cluster_weight
            when not member.is_cross_cutting then 0.0
            when occupation.cross_cutting_weight > 0 then member.cluster_weight / occupation.cross_cutting_weight
            else 1.0 / occupation.cross_cutting
        end as cluster_share
    from member
    inner join occupation on occupation.soc_code = member.soc_code
    cross join home
    left join member as own_home
        on own_home.soc_code = member.soc_code
        and own_home.cluster_id = home.home_cluster_id
        and own_home.is_first
        and not own_home.is_cross_cutting
)

select
    soc_code,
    home_cluster_id,
    cluster_id,
    sub_cluster_id,
    cast(cluster_share * weight_in_cluster as double) as weight
from placed
where cluster_share * weight_in_cluster > 0
order by soc_code, home_cluster_id, cluster_id, sub_cluster_id
