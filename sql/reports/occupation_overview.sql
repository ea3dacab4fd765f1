-- The occupations of each state with jobs, wages, main cluster, projections, and flags by a policy, the largest first.
with projected as (
    select *
    from marts.occupation_outlook
    where area_id in (select unnest($areas))
    qualify projection_period = max(projection_period) over (partition by area_id)
)

select
    occupation.area_id,
    occupation.soc_code,
    occupation.occupation_name,
    cluster.cluster_name,
    occupation.employment,
    occupation.employment_status,
    occupation.reliability,
    occupation.location_quotient,
    occupation.wage_p10_usd,
    occupation.wage_p10_status,
    occupation.wage_p50_usd,
    occupation.wage_p50_status,
    occupation.wage_p90_usd,
    occupation.wage_p90_status,
    outlook.entry_education,
    outlook.projection_period,
    outlook.growth_pct,
    outlook.status as growth_status,
    outlook.annual_openings,
    outlook.openings_status,
    flag.high_skill,
    flag.high_wage,
    flag.in_demand,
    flag.listed
from marts.occupation_indicators as occupation
left join reference.cluster as cluster on cluster.cluster_id = occupation.main_cluster_id
left join projected as outlook
    on outlook.area_id = occupation.area_id
    and outlook.soc_code = occupation.soc_code
left join marts.occupation_flag as flag
    on flag.area_id = occupation.area_id
    and flag.soc_code = occupation.soc_code
    and flag.policy = $policy
where occupation.area_id in (select unnest($areas))
order by occupation.area_id, occupation.employment desc nulls last, occupation.soc_code
