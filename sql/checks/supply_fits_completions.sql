-- Awards that meet openings and those that go to other levels are all of a state's awards in the cluster.
-- table: marts.supply_demand
-- severity: error
-- expected: awards + awards_to_other_levels = mean awards of the cluster's award groups
-- keys: area_id, level, cluster_id, sub_cluster_id, education_group
-- figures: awards within 0.01
with

award_group as (
    select distinct award_group, education_group
    from reference.award_level
),

found as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        education_group,
        awards + awards_to_other_levels as awards
    from marts.supply_demand
    where area_id <> 'US'
        and level <> 'all'
        and awards + awards_to_other_levels > 0.002
),

expected as (
    select
        completions.area_id,
        completions.level,
        completions.cluster_id,
        completions.sub_cluster_id,
        award_group.education_group,
        sum(completions.awards) as awards
    from marts.cluster_completions as completions
    inner join award_group on award_group.award_group = completions.award_group
    where completions.basis = 'unduplicated'
        and completions.award_period = 'mean'
        and completions.level <> 'all'
        and completions.cluster_id not in ('transfer', 'unlinked')
        and completions.area_id <> 'US'
        and completions.area_id in (select area_id from marts.supply_demand)
    group by all
    having sum(completions.awards) > 0.002
)

select * from differences
