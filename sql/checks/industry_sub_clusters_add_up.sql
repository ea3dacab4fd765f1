-- The sub-clusters by industry home, with the part whose home is the cluster only, add up to their cluster. Sub-
-- clusters are sums of finer industries, so more of them may be withheld; then their bounds contain the cluster's.
-- table: marts.industry_indicators
-- severity: error
-- expected: establishments of sub-clusters = those of the cluster; its jobs between the sums of low and high
-- parts: year, area_id
with

sub_cluster as (
    select
        area_id,
        cluster_id,
        ownership,
        year,
        sum(establishments) as establishments,
        sum(employment_low) as employment_low,
        case when count(employment_high) = count(*) then sum(employment_high) end as employment_high,
        sum(cells) as cells
    from marts.industry_indicators
    where level = 'sub_cluster'
    group by area_id, cluster_id, ownership, year
),

cluster as (
    select area_id, cluster_id, ownership, year, establishments, employment_low, employment_high
    from marts.industry_indicators
    where level = 'cluster'
)

select
    cluster.area_id,
    cluster.cluster_id,
    cluster.ownership,
    cluster.year,
    cluster.establishments,
    sub_cluster.establishments as establishments_of_sub_clusters,
    cluster.employment_low,
    sub_cluster.employment_high
from cluster
left join sub_cluster
    on sub_cluster.area_id = cluster.area_id
    and sub_cluster.cluster_id = cluster.cluster_id
    and sub_cluster.ownership = cluster.ownership
    and sub_cluster.year = cluster.year
where sub_cluster.area_id is null
    or abs(cluster.establishments - sub_cluster.establishments) > 0.5 * sub_cluster.cells
    or cluster.employment_high < sub_cluster.employment_low - 0.5 * sub_cluster.cells
    or cluster.employment_low > sub_cluster.employment_high + 0.5 * sub_cluster.cells
order by cluster.area_id, cluster.cluster_id, cluster.ownership, cluster.year
