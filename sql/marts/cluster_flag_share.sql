-- Share of every cluster's jobs and annual openings that a policy flags, does not flag, or cannot judge. Jobs are those
-- that the area publishes. Openings are shown where the area has its own projections, and these cover the cluster.
with

openings as (
    select area_id, soc_code, annual_openings
    from marts.occupation_outlook
    qualify projection_period = max(projection_period) over (partition by area_id)
),

judged as (
    select
        flag.area_id,
        flag.soc_code,
        flag.policy,
        case flag.high_skill when 'true' then true when 'false' then false end as high_skill,
        case flag.high_wage when 'true' then true when 'false' then false end as high_wage,
        case flag.in_demand when 'true' then true when 'false' then false end as in_demand,
        case flag.listed when 'true' then true when 'false' then false end as listed,
        occupation.employment,
        openings.annual_openings
    from marts.occupation_flag as flag
    left join marts.occupation_indicators as occupation
        on occupation.area_id = flag.area_id
        and occupation.soc_code = flag.soc_code
    left join openings
        on openings.area_id = flag.area_id
        and openings.soc_code = flag.soc_code
    where occupation.employment is not null
        or openings.annual_openings is not null
),

member as (
    select scheme, basis, 'sub_cluster' as level, cluster_id, sub_cluster_id, soc_code, weight
    from core.scheme_membership
    union all
    -- an occupation in several sub-clusters of a cluster counts in it once: the sum of its shares, or in full
    select
        scheme,
        basis,
        'cluster' as level,
        cluster_id,
        'all' as sub_cluster_id,
        soc_code,
        least(sum(weight), 1) as weight
    from core.scheme_membership
    group by scheme, basis, cluster_id, soc_code
),

-- a code that only a state's projections use stands for the occupations it combines
stands_for as (
    select distinct soc_code as judged_code, soc_code, 1.0 as share
    from core.scheme_membership
    union all
    select nem_code as judged_code, soc_code, member_share as share
    from core.projection_member
    where nem_code not in (select soc_code from core.scheme_membership)
),

-- numbers for nodes, and for pairs of area and policy: they are grouped faster than text
node as (
    select
        row_number() over (order by basis, level, cluster_id, sub_cluster_id) as node_no,
        basis,
        level,
        cluster_id,
        sub_cluster_id
    from (
        select distinct basis, level, cluster_id, sub_cluster_id
        from member
        union all
        select distinct basis, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id
        from core.scheme_node
    ) as listed
),

placed as (
    select
        member.scheme,
        stands_for.judged_code as soc_code,
        node.node_no,
        sum(stands_for.share * member.weight) as weight
    from member
    inner join stands_for on stands_for.soc_code = member.soc_code
    inner join node
        on node.basis = member.basis
        and node.level = member.level
        and node.cluster_id = member.cluster_id
        and node.sub_cluster_id = member.sub_cluster_id
    group by member.scheme, stands_for.judged_code, node.node_no
),

whole as (
    select distinct scheme_node.scheme, node.node_no
    from core.scheme_node as scheme_node
    inner join node
        on node.basis = scheme_node.basis
        and node.level = 'all'
),

policy_area as (
    select area_id, policy, row_number() over (order by area_id, policy) as policy_area_no
    from (select distinct area_id, policy from judged) as listed
),

numbered as (
    select policy_area.policy_area_no, area_scheme.scheme, judged.*
    from judged
    inner join policy_area
        on policy_area.area_id = judged.area_id
        and policy_area.policy = judged.policy
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = judged.area_id
),

grouped as (
    select numbered.*, placed.node_no, placed.weight
    from numbered
    inner join placed
        on placed.scheme = numbered.scheme
        and placed.soc_code = numbered.soc_code
    union all
    select numbered.*, whole.node_no, 1.0 as weight
    from numbered
    inner join whole on whole.scheme = numbered.scheme
),

-- occupations with the same flags are added up first, so that each flag has fewer rows to add
same_verdicts as (
    select
        policy_area_no,
        node_no,
        high_skill,
        high_wage,
        in_demand,
        listed,
        sum(weight * employment) as jobs,
        sum(weight * annual_openings) as openings
    from grouped
    group by policy_area_no, node_no, high_skill, high_wage, in_demand, listed
),

defined as (
    select policy, 'high_skill' as flag
    from reference.policy
    where high_skill_rule is not null
    union all
    select policy, 'high_wage' as flag
    from reference.policy
    where high_wage_rule is not null
    union all
    select policy, 'in_demand' as flag
    from reference.policy
    where in_demand_rule is not null
    union all
    -- a list of one flag is that flag
    select policy, 'listed' as flag
    from reference.policy
    where list_flags like '%,%'
),

verdict as (
    select
        same_verdicts.policy_area_no,
        same_verdicts.node_no,
        defined.flag,
        case defined.flag
            when 'high_skill' then same_verdicts.high_skill
            when 'high_wage' then same_verdicts.high_wage
            when 'in_demand' then same_verdicts.in_demand
            else same_verdicts.listed
        end as verdict,
        same_verdicts.jobs,
        same_verdicts.openings
    from same_verdicts
    inner join policy_area on policy_area.policy_area_no = same_verdicts.policy_area_no
    inner join defined on defined.policy = policy_area.policy
),

-- sums are rounded far below the published digits, so that every run rounds figures halfway between two alike
summed as (
    select
        policy_area_no,
        node_no,
        flag,
        round(sum(jobs), 6) as jobs,
        round(coalesce(sum(jobs) filter (where verdict), 0), 6) as yes_jobs,
        round(coalesce(sum(jobs) filter (where not verdict), 0), 6) as no_jobs,
        round(sum(openings), 6) as openings,
        round(coalesce(sum(openings) filter (where verdict), 0), 6) as yes_openings,
        round(coalesce(sum(openings) filter (where not verdict), 0), 6) as no_openings
    from verdict
    group by policy_area_no, node_no, flag
),

outlook as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        basis,
        openings_status,
        openings_status in ('ok', 'partial') as is_given
    from marts.cluster_outlook
    qualify projection_period = max(projection_period) over (partition by area_id)
)

select
    policy_area.area_id,
    node.level,
    node.cluster_id,
    node.sub_cluster_id,
    node.basis,
    policy_area.policy,
    summed.flag,
    -- rounding must not make the rest negative
    round(100.0 * summed.yes_jobs / nullif(summed.jobs, 0), 3) as jobs_flagged_pct,
    round(100.0 * summed.no_jobs / nullif(summed.jobs, 0), 3) as jobs_not_flagged_pct,
    round(100.0 * greatest(summed.jobs - summed.yes_jobs - summed.no_jobs, 0) / nullif(summed.jobs, 0), 3)
        as jobs_unknown_pct,
    case when outlook.is_given then round(100.0 * summed.yes_openings / nullif(summed.openings, 0), 3) end
        as openings_flagged_pct,
    case when outlook.is_given then round(100.0 * summed.no_openings / nullif(summed.openings, 0), 3) end
        as openings_not_flagged_pct,
    case
        when outlook.is_given
            then round(
                100.0 * greatest(summed.openings - summed.yes_openings - summed.no_openings, 0)
                / nullif(summed.openings, 0),
                3
            )
    end as openings_unknown_pct,
    outlook.openings_status,
    indicator.coverage_pct,
    indicator.status
from summed
inner join node on node.node_no = summed.node_no
inner join policy_area on policy_area.policy_area_no = summed.policy_area_no
inner join marts.cluster_indicators as indicator
    on indicator.area_id = policy_area.area_id
    and indicator.level = node.level
    and indicator.cluster_id = node.cluster_id
    and indicator.sub_cluster_id = node.sub_cluster_id
    and indicator.basis = node.basis
left join outlook
    on outlook.area_id = policy_area.area_id
    and outlook.level = node.level
    and outlook.cluster_id = node.cluster_id
    and outlook.sub_cluster_id = node.sub_cluster_id
    and outlook.basis = node.basis
where summed.jobs > 0
    or (summed.openings > 0 and outlook.is_given)
order by
    policy_area.policy,
    summed.flag,
    policy_area.area_id,
    node.basis desc,
    node.level,
    node.cluster_id,
    node.sub_cluster_id
