-- The sub-clusters that a job of an occupation belongs to, given the home of its industry: marts.soc_allocation in
-- reverse. Where the staffing pattern shares an occupation among clusters, a job in the home industries of one of them
-- belongs to that one. Any other job is shared as all jobs of the occupation are: by function it is the same work in
-- every industry, and without evidence industries say nothing.
with

member as (
    select
        allocation.soc_code,
        allocation.cluster_id,
        allocation.sub_cluster_id,
        allocation.cluster_weight,
        allocation.weight_in_cluster,
        allocation.cluster_method = 'staffing_pattern' as is_by_home,
        -- the cluster's weight stands in the row of each of its sub-clusters
        row_number() over (
            partition by allocation.soc_code, allocation.cluster_id
            order by allocation.sub_cluster_id
        ) = 1 as is_first
    from marts.soc_allocation as allocation
    inner join reference.oews_occupation as occupation
        on occupation.soc_code = allocation.soc_code
        and occupation.occupation_group = 'detailed'
),

-- the part of each job that the staffing pattern shares out: all but the equal shares of clusters without industries;
-- rounded so that the order of adding does not show, nor parts of a whole add up to more than it
by_home as (
    select soc_code, round(sum(cluster_weight), 12) as weight
    from member
    where is_by_home
        and is_first
    group by soc_code
),

home as (
    select cluster_id as home_cluster_id
    from reference.cluster
    union all
    select unnest(['no_home', 'unassigned']) as home_cluster_id
),

placed as (
    select
        member.soc_code,
        home.home_cluster_id,
        member.cluster_id,
        member.sub_cluster_id,
        member.weight_in_cluster,
        case
            when own_home.soc_code is null or not member.is_by_home then member.cluster_weight
            when member.cluster_id = home.home_cluster_id then by_home.weight
            else 0.0
        end as cluster_share
    from member
    cross join home
    left join by_home on by_home.soc_code = member.soc_code
    left join member as own_home
        on own_home.soc_code = member.soc_code
        and own_home.cluster_id = home.home_cluster_id
        and own_home.is_first
        and own_home.is_by_home
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
