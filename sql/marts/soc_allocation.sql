-- How one job of an occupation is shared among the sub-clusters it belongs to, on the unduplicated basis: by where
-- the nation's people of that occupation work. The method in words is in the README.
with

-- members of a combined OEWS code are shared as the combined code is
evidence_code as (
    select
        code.soc_code,
        coalesce(occupation.soc_code, combined.combined_code) as evidence_soc_code
    from (select distinct soc_code from reference.soc_sub_cluster) as code
    left join reference.oews_occupation as occupation
        on occupation.soc_code = code.soc_code
        and occupation.occupation_group = 'detailed'
    left join seed.soc_combined as combined on combined.member_code = code.soc_code
),

member as (
    select
        membership.soc_code,
        membership.cluster_id,
        membership.sub_cluster_id,
        cluster.is_cross_cutting,
        evidence_code.evidence_soc_code
    from reference.soc_sub_cluster as membership
    inner join reference.cluster as cluster on cluster.cluster_id = membership.cluster_id
    inner join evidence_code on evidence_code.soc_code = membership.soc_code
),

national as (
    select soc_code, cast(employment as double) as employment
    from core.oews_area_occupation
    where area_id = 'US'
        and occupation_group = 'detailed'
        and employment is not null
),

cluster_home as (
    select soc_code, home_cluster_id, sum(employment) as employment
    from core.occupation_home_employment
    group by soc_code, home_cluster_id
),

shown as (
    select soc_code, sum(employment) as employment
    from cluster_home
    group by soc_code
),

-- a cluster member: the jobs in industries whose home is that cluster
member_cluster as (
    select
        member.soc_code,
        member.cluster_id,
        member.is_cross_cutting,
        -- where the national figure is withheld, the jobs that the industries show stand in for it
        coalesce(max(national.employment), max(shown.employment), 0) as national_employment,
        coalesce(max(cluster_home.employment), 0) as home_employment
    from member
    left join national on national.soc_code = member.evidence_soc_code
    left join shown on shown.soc_code = member.evidence_soc_code
    left join cluster_home
        on cluster_home.soc_code = member.evidence_soc_code
        and cluster_home.home_cluster_id = member.cluster_id
    group by member.soc_code, member.cluster_id, member.is_cross_cutting
),

occupation as (
    select
        soc_code,
        count(*) as clusters,
        count(*) filter (where is_cross_cutting) as cross_cutting,
        coalesce(sum(home_employment) filter (where not is_cross_cutting), 0) as sector_home_employment,
        coalesce(sum(home_employment) filter (where is_cross_cutting), 0) as cross_cutting_home_employment,
        max(national_employment) as national_employment
    from member_cluster
    group by soc_code
),

-- the jobs each cluster can claim: its own industries, and for cross-cutting clusters all the rest between them
claim as (
    select
        member_cluster.soc_code,
        member_cluster.cluster_id,
        member_cluster.home_employment,
        occupation.clusters,
        occupation.cross_cutting,
        case
            when not member_cluster.is_cross_cutting then member_cluster.home_employment
            when occupation.cross_cutting_home_employment > 0
                then greatest(occupation.national_employment - occupation.sector_home_employment, 0)
                    * member_cluster.home_employment / occupation.cross_cutting_home_employment
            else greatest(occupation.national_employment - occupation.sector_home_employment, 0)
                / occupation.cross_cutting
        end as claimed_employment
    from member_cluster
    inner join occupation on occupation.soc_code = member_cluster.soc_code
),

cluster_share as (
    select
        soc_code,
        cluster_id,
        home_employment,
        case
            when clusters = 1 then 1.0
            when sum(claimed_employment) over (partition by soc_code) > 0
                then claimed_employment / sum(claimed_employment) over (partition by soc_code)
            else 1.0 / clusters
        end as cluster_weight,
        case
            when clusters = 1 then 'single'
            when sum(claimed_employment) over (partition by soc_code) <= 0 then 'equal_split'
            when cross_cutting > 0 then 'staffing_pattern_and_rest'
            else 'staffing_pattern'
        end as cluster_method
    from claim
),

-- Inside a cluster the same. Jobs that the cluster's industries cannot place in a sub-cluster are shared equally;
-- no industry speaks for a sub-cluster that is no industry's home, so it keeps its equal share.
industry_sub_cluster as (
    select distinct sub_cluster_id
    from reference.naics_sub_cluster
    where sub_cluster_id is not null
),

member_sub_cluster as (
    select
        member.soc_code,
        member.cluster_id,
        member.sub_cluster_id,
        industry_sub_cluster.sub_cluster_id is not null as has_industry,
        coalesce(home.employment, 0) as home_employment,
        coalesce(unplaced.employment, 0) as unplaced_employment,
        count(*) over cluster_of_occupation as sub_clusters,
        count(industry_sub_cluster.sub_cluster_id) over cluster_of_occupation as sub_clusters_with_industry,
        sum(coalesce(home.employment, 0)) over cluster_of_occupation as placed_employment
    from member
    left join industry_sub_cluster on industry_sub_cluster.sub_cluster_id = member.sub_cluster_id
    left join core.occupation_home_employment as home
        on home.soc_code = member.evidence_soc_code
        and home.home_cluster_id = member.cluster_id
        and home.home_sub_cluster_id = member.sub_cluster_id
    left join core.occupation_home_employment as unplaced
        on unplaced.soc_code = member.evidence_soc_code
        and unplaced.home_cluster_id = member.cluster_id
        and unplaced.home_sub_cluster_id = 'unassigned'
    window cluster_of_occupation as (partition by member.soc_code, member.cluster_id)
),

sub_cluster_share as (
    select
        soc_code,
        cluster_id,
        sub_cluster_id,
        home_employment,
        case
            when sub_clusters = 1 or not has_industry or placed_employment <= 0 then 1.0 / sub_clusters
            else (cast(sub_clusters_with_industry as double) / sub_clusters)
                * (home_employment + unplaced_employment / sub_clusters_with_industry)
                / (placed_employment + unplaced_employment)
        end as weight_in_cluster,
        case
            when sub_clusters = 1 then 'single'
            when placed_employment <= 0 then 'equal_split'
            when not has_industry then 'equal_share_no_industry'
            else 'staffing_pattern'
        end as sub_cluster_method
    from member_sub_cluster
)

select
    sub_cluster_share.soc_code,
    sub_cluster_share.cluster_id,
    sub_cluster_share.sub_cluster_id,
    cluster_share.cluster_weight * sub_cluster_share.weight_in_cluster as weight,
    cluster_share.cluster_weight,
    sub_cluster_share.weight_in_cluster,
    cluster_share.cluster_method,
    sub_cluster_share.sub_cluster_method,
    evidence_code.evidence_soc_code,
    cluster_share.home_employment as cluster_home_employment,
    sub_cluster_share.home_employment as sub_cluster_home_employment
from sub_cluster_share
inner join cluster_share
    on cluster_share.soc_code = sub_cluster_share.soc_code
    and cluster_share.cluster_id = sub_cluster_share.cluster_id
inner join evidence_code on evidence_code.soc_code = sub_cluster_share.soc_code
order by sub_cluster_share.soc_code, sub_cluster_share.cluster_id, sub_cluster_share.sub_cluster_id
