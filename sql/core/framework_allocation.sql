-- How one job of an occupation is shared among its sub-clusters, each job counted once: by where people in that
-- occupation work. The nation (US) uses OEWS by industry; a state uses its own QCEW jobs and national staffing
-- patterns, and the nation's shares where it has no evidence. The README explains the method. The framework's own
-- memberships have the framework 'national'; a state's overlay has its own, and its own clusters are no industry's
-- home.
with

-- members of a combined OEWS code are allocated like the combined code
evidence_code as (
    select
        code.soc_code,
        coalesce(occupation.soc_code, combined.combined_code) as evidence_soc_code
    from (select distinct soc_code from core.framework_membership) as code
    left join reference.oews_occupation as occupation
        on occupation.soc_code = code.soc_code
        and occupation.occupation_group = 'detailed'
    left join seed.soc_combined as combined on combined.member_code = code.soc_code
),

member as (
    select membership.*, evidence_code.evidence_soc_code
    from core.framework_membership as membership
    inner join evidence_code on evidence_code.soc_code = membership.soc_code
),

home as (
    select 'US' as area_id, soc_code, home_cluster_id, home_sub_cluster_id, employment
    from core.occupation_home_employment
    union all
    select area_id, soc_code, home_cluster_id, home_sub_cluster_id, employment
    from core.area_home_employment
    where area_id <> 'US'
),

area as (
    select 'US' as area_id
    union
    select area_id
    from core.area_home_employment
),

-- an overlay is for its state alone
area_member as (
    select area.area_id, member.*
    from area
    cross join member
    left join reference.overlay as overlay on overlay.overlay_id = member.framework
    where overlay.state_id is null
        or area.area_id in ('US', overlay.state_id)
),

national as (
    select area_id, soc_code, cast(employment as double) as employment
    from core.oews_area_occupation
    where area_id = 'US'
        and occupation_group = 'detailed'
        and employment is not null
),

shown as (
    select area_id, soc_code, sum(employment) as employment
    from home
    group by area_id, soc_code
),

-- jobs of an occupation in the home industries of its own clusters
own_home as (
    select home.*
    from home
    inner join (select distinct evidence_soc_code, cluster_id from member) as own
        on own.evidence_soc_code = home.soc_code
        and own.cluster_id = home.home_cluster_id
),

cluster_home as (
    select area_id, soc_code, home_cluster_id, sum(employment) as employment
    from own_home
    group by area_id, soc_code, home_cluster_id
),

-- a cluster member: the jobs in industries whose home is that cluster
member_cluster as (
    select
        member.area_id,
        member.framework,
        member.soc_code,
        member.cluster_id,
        member.is_cross_cutting,
        member.has_evidence,
        -- where the national figure is withheld, the jobs that the industries show are used, as in a state
        coalesce(max(national.employment), max(shown.employment), 0) as all_employment,
        coalesce(max(cluster_home.employment), 0) as home_employment
    from area_member as member
    left join national
        on national.area_id = member.area_id
        and national.soc_code = member.evidence_soc_code
    left join shown
        on shown.area_id = member.area_id
        and shown.soc_code = member.evidence_soc_code
    left join cluster_home
        on cluster_home.area_id = member.area_id
        and cluster_home.soc_code = member.evidence_soc_code
        and cluster_home.home_cluster_id = member.cluster_id
    group by
        member.area_id,
        member.framework,
        member.soc_code,
        member.cluster_id,
        member.is_cross_cutting,
        member.has_evidence
),

occupation as (
    select
        *,
        count(*) over occupation_of_framework as clusters,
        count(*) filter (where has_evidence) over occupation_of_framework as clusters_with_evidence,
        count(*) filter (where is_cross_cutting) over occupation_of_framework as cross_cutting,
        coalesce(sum(home_employment) filter (where is_cross_cutting) over occupation_of_framework, 0)
            as cross_cutting_home_employment,
        -- jobs outside the home industries of its sector clusters
        greatest(
            all_employment
            - coalesce(sum(home_employment) filter (where not is_cross_cutting) over occupation_of_framework, 0), 0
        ) as rest_employment
    from member_cluster
    window occupation_of_framework as (partition by area_id, framework, soc_code)
),

-- the jobs that each cluster can claim: those in its home industries; cross-cutting clusters share all the rest
claim as (
    select
        *,
        case
            when not is_cross_cutting then home_employment
            when cross_cutting_home_employment > 0
                then rest_employment * home_employment / cross_cutting_home_employment
            else rest_employment / cross_cutting
        end as claimed_employment
    from occupation
),

-- a cluster that is no industry's home and not cross-cutting has no evidence: it keeps an equal share
cluster_share as (
    select
        area_id,
        framework,
        soc_code,
        cluster_id,
        home_employment,
        case
            when clusters = 1 then 1.0
            when not has_evidence then 1.0 / clusters
            when sum(claimed_employment) over occupation_of_framework > 0
                then (cast(clusters_with_evidence as double) / clusters)
                    * (claimed_employment / sum(claimed_employment) over occupation_of_framework)
            else 1.0 / clusters
        end as cluster_weight,
        case
            when clusters = 1 then 'single'
            when sum(claimed_employment) over occupation_of_framework <= 0 then 'equal_split'
            when not has_evidence then 'equal_share_no_industry'
            when cross_cutting > 0 then 'staffing_pattern_and_rest'
            else 'staffing_pattern'
        end as cluster_method
    from claim
    window occupation_of_framework as (partition by area_id, framework, soc_code)
),

-- Within a cluster the method is the same. Jobs in industries whose home is the cluster only are shared equally; a
-- sub-cluster that is no industry's home has no evidence and keeps an equal share.
industry_sub_cluster as (
    select distinct sub_cluster_id
    from reference.naics_sub_cluster
    where sub_cluster_id is not null
),

member_sub_cluster as (
    select
        member.area_id,
        member.framework,
        member.soc_code,
        member.cluster_id,
        member.sub_cluster_id,
        member.given_weight,
        industry_sub_cluster.sub_cluster_id is not null as has_industry,
        coalesce(home.employment, 0) as home_employment,
        coalesce(unplaced.employment, 0) as unplaced_employment,
        count(*) over cluster_of_occupation as sub_clusters,
        count(industry_sub_cluster.sub_cluster_id) over cluster_of_occupation as sub_clusters_with_industry,
        sum(coalesce(home.employment, 0)) over cluster_of_occupation as placed_employment
    from area_member as member
    left join industry_sub_cluster on industry_sub_cluster.sub_cluster_id = member.sub_cluster_id
    left join own_home as home
        on home.area_id = member.area_id
        and home.soc_code = member.evidence_soc_code
        and home.home_cluster_id = member.cluster_id
        and home.home_sub_cluster_id = member.sub_cluster_id
    left join own_home as unplaced
        on unplaced.area_id = member.area_id
        and unplaced.soc_code = member.evidence_soc_code
        and unplaced.home_cluster_id = member.cluster_id
        and unplaced.home_sub_cluster_id = 'unassigned'
    window cluster_of_occupation as (
        partition by member.area_id, member.framework, member.soc_code, member.cluster_id
    )
),

sub_cluster_share as (
    select
        *,
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
),

evident as (
    select
        sub_cluster_share.*,
        cluster_share.cluster_weight,
        cluster_share.cluster_method,
        cluster_share.home_employment as cluster_home_employment
    from sub_cluster_share
    inner join cluster_share
        on cluster_share.area_id = sub_cluster_share.area_id
        and cluster_share.framework = sub_cluster_share.framework
        and cluster_share.soc_code = sub_cluster_share.soc_code
        and cluster_share.cluster_id = sub_cluster_share.cluster_id
),

settled as (
    select
        evident.* exclude (cluster_weight, weight_in_cluster, cluster_method, sub_cluster_method),
        case
            when evident.cluster_method = 'equal_split' then nation.cluster_weight
            else evident.cluster_weight
        end as cluster_weight,
        case
            when evident.sub_cluster_method = 'equal_split' then nation.weight_in_cluster
            else evident.weight_in_cluster
        end as weight_in_cluster,
        case
            when evident.cluster_method = 'equal_split' and nation.cluster_method <> 'equal_split' then 'national'
            else evident.cluster_method
        end as cluster_method,
        case
            when evident.sub_cluster_method = 'equal_split' and nation.sub_cluster_method <> 'equal_split'
                then 'national'
            else evident.sub_cluster_method
        end as sub_cluster_method
    from evident
    inner join evident as nation
        on nation.area_id = 'US'
        and nation.framework = evident.framework
        and nation.soc_code = evident.soc_code
        and nation.cluster_id = evident.cluster_id
        and nation.sub_cluster_id = evident.sub_cluster_id
),

-- weights that the state gives replace those of the method
weighted as (
    select
        * exclude (cluster_weight, weight_in_cluster, cluster_method, sub_cluster_method),
        case when given_weight is null then cluster_weight else sum(given_weight) over cluster_of_occupation end
            as cluster_weight,
        case when given_weight is null then weight_in_cluster
             else given_weight / sum(given_weight) over cluster_of_occupation end as weight_in_cluster,
        case when given_weight is null then cluster_method else 'given' end as cluster_method,
        case when given_weight is null then sub_cluster_method else 'given' end as sub_cluster_method
    from settled
    window cluster_of_occupation as (partition by area_id, framework, soc_code, cluster_id)
)

select
    weighted.framework,
    weighted.area_id,
    weighted.soc_code,
    weighted.cluster_id,
    weighted.sub_cluster_id,
    weighted.cluster_weight * weighted.weight_in_cluster as weight,
    weighted.cluster_weight,
    weighted.weight_in_cluster,
    weighted.cluster_method,
    weighted.sub_cluster_method,
    evidence_code.evidence_soc_code,
    weighted.cluster_home_employment,
    weighted.home_employment as sub_cluster_home_employment
from weighted
inner join evidence_code on evidence_code.soc_code = weighted.soc_code
order by weighted.framework, weighted.area_id, weighted.soc_code, weighted.cluster_id, weighted.sub_cluster_id
