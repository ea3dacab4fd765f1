-- The share of every cluster's jobs in occupations that are nontraditional for women, or for men, in every area: jobs
-- by the area's estimates and weights, each occupation with the nation's share of women.
with

jobs as (
    select
        estimate.area_id,
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        coalesce(gender.nontraditional_for, 'unknown') as nontraditional_for,
        gender.women_pct,
        -- as decimals, so that sums are the same in whatever order they are added up
        cast(member.weight * estimate.employment_estimate as decimal(28, 9)) as employment
    from core.occupation_estimate as estimate
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = estimate.area_id
    inner join core.node_member as member
        on member.scheme = area_scheme.scheme
        and member.basis = 'unduplicated'
        and member.soc_code = estimate.soc_code
    left join marts.occupation_gender as gender on gender.soc_code = estimate.soc_code
    where exists (select 1 from marts.occupation_gender)
)

-- rounded as decimals, in which half is half: doubles would round by the engine that computes them
select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    round(
        cast(
            100.0 * cast(sum(cast(women_pct / 100.0 * cast(employment as double) as decimal(28, 9))) as double)
            / nullif(cast(sum(employment) filter (where women_pct is not null) as double), 0)
            as decimal(18, 9)
        ),
        4
    ) as women_pct,
    round(
        cast(
            100.0 * cast(coalesce(sum(employment) filter (where nontraditional_for = 'women'), 0) as double)
            / cast(sum(employment) as double)
            as decimal(18, 9)
        ),
        4
    ) as nontraditional_for_women_pct,
    round(
        cast(
            100.0 * cast(coalesce(sum(employment) filter (where nontraditional_for = 'men'), 0) as double)
            / cast(sum(employment) as double)
            as decimal(18, 9)
        ),
        4
    ) as nontraditional_for_men_pct,
    round(
        cast(
            100.0 * cast(coalesce(sum(employment) filter (where nontraditional_for = 'unknown'), 0) as double)
            / cast(sum(employment) as double)
            as decimal(18, 9)
        ),
        4
    ) as nontraditional_unknown_pct
from jobs
group by area_id, level, cluster_id, sub_cluster_id
having sum(employment) > 0
order by area_id, level, cluster_id, sub_cluster_id
