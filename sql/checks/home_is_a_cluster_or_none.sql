-- The home of an industry is a cluster of the framework, or no_home, which has no sub-clusters.
-- table: reference.naics_sub_cluster
-- severity: error
-- expected: each home of an industry code, and of an OEWS industry, is in reference.cluster or is no_home
with

home as (
    select 'reference.naics_sub_cluster' as named_in, naics_code as code, cluster_id, sub_cluster_id
    from reference.naics_sub_cluster
    union all
    select 'core.oews_industry' as named_in, industry_code as code, home_cluster_id as cluster_id,
        home_sub_cluster_id as sub_cluster_id
    from core.oews_industry
    where home_cluster_id is not null
)

select home.named_in, home.code, home.cluster_id, home.sub_cluster_id
from home
left join reference.cluster as cluster on cluster.cluster_id = home.cluster_id
where case when home.cluster_id = 'no_home' then home.sub_cluster_id is not null else cluster.cluster_id is null end
order by home.named_in, home.code
