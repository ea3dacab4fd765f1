-- jobs of the metro and nonmetro areas of each state and the nation by cluster, and those that the state's or nation's
-- occupations give when they are scaled to the areas' published major groups
with

scale as (
        select parent.area_id as parent_id, parent.soc_code,
            sum(part.employment) / any_value(parent.employment) as factor
        from core.occupation_wage as parent
        inner join reference.area as area
            on area.area_type in ('metro', 'nonmetro')
            and parent.area_id in ('US', area.state_id)
        inner join core.occupation_wage as part
            on part.area_id = area.area_id
            and part.soc_code = parent.soc_code
        where parent.occupation_group in ('major', 'total')
            and parent.employment > 0
        group by parent.area_id, parent.soc_code
)

    select
        parent_jobs.parent_id,
        membership.cluster_id,
        sum(membership.weight * coalesce(areas_jobs.employment, 0)) as areas_employment,
        sum(membership.weight * parent_jobs.employment * scale.factor) as expected_employment,
        max(whole.factor) as areas_share
    from (
        select area_id as parent_id, soc_code, employment_estimate as employment
        from core.occupation_estimate
        where area_id = 'US'
            or area_id in (select state.area_id from reference.area as state where state.area_type = 'state')
    ) as parent_jobs
    inner join reference.oews_occupation as occupation on occupation.soc_code = parent_jobs.soc_code
    inner join scale
        on scale.parent_id = parent_jobs.parent_id
        and scale.soc_code = occupation.major_code
    left join (
        select parent.parent_id, estimate.soc_code, sum(estimate.employment_estimate) as employment
        from core.occupation_estimate as estimate
        inner join reference.area as part_area
            on part_area.area_id = estimate.area_id
            and part_area.area_type in ('metro', 'nonmetro')
        inner join (
            select area_id, 'US' as parent_id
            from reference.area
            union all
            select area_id, state_id as parent_id
            from reference.area
        ) as parent on parent.area_id = estimate.area_id
        group by parent.parent_id, estimate.soc_code
    ) as areas_jobs
        on areas_jobs.parent_id = parent_jobs.parent_id
        and areas_jobs.soc_code = parent_jobs.soc_code
    inner join scale as whole
        on whole.parent_id = parent_jobs.parent_id
        and whole.soc_code = '00-0000'
    inner join core.scheme_membership as membership
        on membership.scheme = 'national'
        and membership.basis = 'unduplicated'
        and membership.soc_code = parent_jobs.soc_code
    group by parent_jobs.parent_id, membership.cluster_id
