-- How one job of an occupation is shared among its sub-clusters, each job counted once: first among its clusters, then
-- within each among its sub-clusters, by the first evidence that there is. A state's given weights; a single one; the
-- occupation's function; the staffing pattern, where industries of more than one of them place enough of the jobs; else
-- equal shares. The nation (US) uses OEWS by industry; a state its own QCEW jobs and national staffing patterns, and
-- the nation's shares where it has no evidence and the nation has. docs/methodology.md explains the method.
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

area as (
    select 'US' as area_id
    union
    select area_id
    from core.area_home_employment
),

-- an overlay is for its state alone
member as (
    select area.area_id, evidence_code.evidence_soc_code, membership.*
    from core.framework_membership as membership
    inner join evidence_code on evidence_code.soc_code = membership.soc_code
    cross join area
    left join reference.overlay as overlay on overlay.overlay_id = membership.framework
    where overlay.state_id is null
        or area.area_id in ('US', overlay.state_id)
),

-- jobs of each occupation by home of the industry
home as (
    select 'US' as area_id, soc_code, home_cluster_id, home_sub_cluster_id, employment
    from core.occupation_home_employment
    union all
    select area_id, soc_code, home_cluster_id, home_sub_cluster_id, employment
    from core.area_home_employment
    where area_id <> 'US'
),

-- clusters and sub-clusters that are the home of some industry that OEWS shows; for others nobody's jobs can be seen
cluster_of_industries as (
    select distinct home_cluster_id as cluster_id
    from core.occupation_home_employment
),

sub_cluster_of_industries as (
    select distinct home_cluster_id as cluster_id, home_sub_cluster_id as sub_cluster_id
    from core.occupation_home_employment
),

-- all jobs of each occupation; those that industries show where there is no published figure, as in a state
jobs as (
    select
        home.area_id,
        home.soc_code,
        coalesce(max(published.employment), sum(home.employment)) as employment
    from home
    left join core.oews_area_occupation as published
        on home.area_id = 'US'
        and published.area_id = 'US'
        and published.occupation_group = 'detailed'
        and published.soc_code = home.soc_code
    group by home.area_id, home.soc_code
),

cluster_home as (
    select area_id, soc_code, home_cluster_id, sum(employment) as employment
    from home
    group by area_id, soc_code, home_cluster_id
),

parameter as (
    select value / 100.0 as least_placed_share
    from reference.method_parameter
    where parameter = 'staffing_pattern_min_placed_pct'
),

-- --- among the clusters of an occupation ---

cluster_member as (
    select
        area_id,
        framework,
        soc_code,
        evidence_soc_code,
        cluster_id,
        sum(given_weight) as given_weight,
        -- missing where industries decide about any of its sub-clusters
        case when count(function_weight) = count(*) then sum(function_weight) end as function_weight
    from member
    group by area_id, framework, soc_code, evidence_soc_code, cluster_id
),

cluster_seen as (
    select
        cluster_member.*,
        cluster_member.function_weight is null as is_open,
        cluster_of_industries.cluster_id is not null as has_industry,
        coalesce(cluster_home.employment, 0) as home_employment,
        coalesce(jobs.employment, 0) as all_employment
    from cluster_member
    left join cluster_of_industries on cluster_of_industries.cluster_id = cluster_member.cluster_id
    left join cluster_home
        on cluster_home.area_id = cluster_member.area_id
        and cluster_home.soc_code = cluster_member.evidence_soc_code
        and cluster_home.home_cluster_id = cluster_member.cluster_id
    left join jobs
        on jobs.area_id = cluster_member.area_id
        and jobs.soc_code = cluster_member.evidence_soc_code
),

cluster_evidence as (
    select
        *,
        count(*) over occupation as members,
        sum(function_weight) over occupation as function_total,
        count(*) filter (where is_open) over occupation as open_members,
        count(*) filter (where is_open and has_industry) over occupation as staffed_members,
        coalesce(sum(home_employment) filter (where is_open and has_industry) over occupation, 0) as placed_employment
    from cluster_seen
    window occupation as (partition by area_id, framework, soc_code)
),

cluster_decided as (
    select
        cluster_evidence.*,
        case
            when given_weight is not null then 'given'
            when members = 1 then 'single'
            when not is_open or open_members = 1 then 'function'
            when staffed_members > 1 and placed_employment > 0
                and placed_employment >= parameter.least_placed_share * all_employment
                then case when has_industry then 'staffing_pattern' else 'equal_share' end
            else 'nothing'
        end as evidence
    from cluster_evidence
    cross join parameter
),

cluster_share as (
    select
        *,
        case evidence
            when 'given' then given_weight
            when 'single' then 1.0
            when 'function' then coalesce(function_weight / nullif(function_total, 0), cast(is_open as double))
            -- one that is no industry's home keeps its equal share; the others share the rest
            when 'staffing_pattern'
                then (cast(staffed_members as double) / open_members) * (home_employment / placed_employment)
            else 1.0 / open_members
        end as weight
    from cluster_decided
),

cluster_settled as (
    select
        own.area_id,
        own.framework,
        own.soc_code,
        own.cluster_id,
        own.home_employment,
        own.all_employment,
        case when own.evidence = 'nothing' then nation.weight else own.weight end as weight,
        case
            when own.evidence <> 'nothing' then own.evidence
            when nation.evidence = 'staffing_pattern' then 'national'
            else 'equal_share'
        end as method
    from cluster_share as own
    inner join cluster_share as nation
        on nation.area_id = 'US'
        and nation.framework = own.framework
        and nation.soc_code = own.soc_code
        and nation.cluster_id = own.cluster_id
),

-- --- among the sub-clusters that an occupation has in a cluster ---

sub_cluster_seen as (
    select
        member.* exclude (function_weight),
        -- in a cluster that the function does not name, it says nothing about the sub-clusters
        case when max(coalesce(member.function_weight, 1)) over cluster_of_occupation > 0 then member.function_weight
        end as function_weight,
        sub_cluster_of_industries.sub_cluster_id is not null as has_industry,
        coalesce(home.employment, 0) as home_employment,
        cluster_settled.home_employment as cluster_home_employment,
        cluster_settled.weight as cluster_weight,
        cluster_settled.method as cluster_method,
        -- the jobs that the cluster's sub-clusters share
        cluster_settled.weight * cluster_settled.all_employment as cluster_employment
    from member
    inner join cluster_settled
        on cluster_settled.area_id = member.area_id
        and cluster_settled.framework = member.framework
        and cluster_settled.soc_code = member.soc_code
        and cluster_settled.cluster_id = member.cluster_id
    left join sub_cluster_of_industries
        on sub_cluster_of_industries.cluster_id = member.cluster_id
        and sub_cluster_of_industries.sub_cluster_id = member.sub_cluster_id
    left join home
        on home.area_id = member.area_id
        and home.soc_code = member.evidence_soc_code
        and home.home_cluster_id = member.cluster_id
        and home.home_sub_cluster_id = member.sub_cluster_id
    window cluster_of_occupation as (
        partition by member.area_id, member.framework, member.soc_code, member.cluster_id
    )
),

sub_cluster_evidence as (
    select
        * replace (given_weight / sum(given_weight) over cluster_of_occupation as given_weight),
        function_weight is null as is_open,
        count(*) over cluster_of_occupation as members,
        sum(function_weight) over cluster_of_occupation as function_total,
        count(*) filter (where function_weight is null) over cluster_of_occupation as open_members,
        count(*) filter (where function_weight is null and has_industry) over cluster_of_occupation
            as staffed_members,
        coalesce(
            sum(home_employment) filter (where function_weight is null and has_industry) over cluster_of_occupation, 0
        ) as placed_employment
    from sub_cluster_seen
    window cluster_of_occupation as (partition by area_id, framework, soc_code, cluster_id)
),

sub_cluster_decided as (
    select
        sub_cluster_evidence.*,
        case
            when given_weight is not null then 'given'
            when members = 1 then 'single'
            when not is_open or open_members = 1 then 'function'
            when staffed_members > 1 and placed_employment > 0
                and placed_employment >= parameter.least_placed_share * cluster_employment
                then case when has_industry then 'staffing_pattern' else 'equal_share' end
            else 'nothing'
        end as evidence
    from sub_cluster_evidence
    cross join parameter
),

sub_cluster_share as (
    select
        *,
        case evidence
            when 'given' then given_weight
            when 'single' then 1.0
            when 'function' then coalesce(function_weight / nullif(function_total, 0), cast(is_open as double))
            when 'staffing_pattern'
                then (cast(staffed_members as double) / open_members) * (home_employment / placed_employment)
            else 1.0 / open_members
        end as weight_in_cluster
    from sub_cluster_decided
),

settled as (
    select
        own.* exclude (weight_in_cluster),
        case when own.evidence = 'nothing' then nation.weight_in_cluster else own.weight_in_cluster end
            as weight_in_cluster,
        case
            when own.evidence <> 'nothing' then own.evidence
            when nation.evidence = 'staffing_pattern' then 'national'
            else 'equal_share'
        end as sub_cluster_method
    from sub_cluster_share as own
    inner join sub_cluster_share as nation
        on nation.area_id = 'US'
        and nation.framework = own.framework
        and nation.soc_code = own.soc_code
        and nation.sub_cluster_id = own.sub_cluster_id
)

select
    framework,
    area_id,
    soc_code,
    cluster_id,
    sub_cluster_id,
    cluster_weight * weight_in_cluster as weight,
    cluster_weight,
    weight_in_cluster,
    cluster_method,
    sub_cluster_method,
    cluster_method <> 'equal_share' as cluster_has_evidence,
    cluster_method <> 'equal_share' and sub_cluster_method <> 'equal_share' as sub_cluster_has_evidence,
    evidence_soc_code,
    cluster_home_employment,
    home_employment as sub_cluster_home_employment
from settled
order by framework, area_id, soc_code, cluster_id, sub_cluster_id
