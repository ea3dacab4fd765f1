-- The occupations on a policy's list in each state (where the policy makes none, the in-demand ones), the most openings
-- first, with preparation, median wages, growth, and the programs of the state that lead to them.
with taught as (
    select completions.area_id, link.soc_code, completions.cip_code, sum(completions.awards) as awards
    from marts.program_completions as completions
    inner join (
        select distinct cip_code, soc_code
        from reference.cip_soc
        where link_use = 'used'
            -- general studies prepare for further study
            and not starts_with(cip_code, '24.')
    ) as link on link.cip_code = completions.cip_code
    where completions.area_id in (select unnest($areas)) and completions.award_period = 'mean'
    group by completions.area_id, link.soc_code, completions.cip_code
),

program as (
    select
        taught.area_id,
        taught.soc_code,
        count(*) as linked_programs,
        list(cip.cip_title order by taught.awards desc, taught.cip_code)[:3] as program_titles
    from taught
    inner join reference.cip as cip on cip.cip_code = taught.cip_code
    group by taught.area_id, taught.soc_code
),

projected as (
    select *
    from marts.occupation_outlook
    where area_id in (select unnest($areas))
    qualify projection_period = max(projection_period) over (partition by area_id)
)

select
    flag.area_id,
    row_number() over (
        partition by flag.area_id
        order by outlook.annual_openings desc nulls last, occupation.employment desc nulls last, flag.soc_code
    ) as list_rank,
    flag.soc_code,
    coalesce(occupation.occupation_name, outlook.occupation_name) as occupation_name,
    flag.policy,
    flag.high_wage,
    flag.high_skill,
    flag.in_demand,
    outlook.entry_education,
    occupation.period,
    occupation.employment,
    occupation.employment_status,
    occupation.wage_p50_hourly_usd,
    occupation.wage_p50_hourly_status,
    occupation.wage_p50_usd,
    occupation.wage_p50_status,
    occupation.reliability,
    outlook.projection_period,
    outlook.base_jobs,
    outlook.growth_pct,
    outlook.annual_openings,
    outlook.status,
    outlook.openings_status,
    coalesce(program.linked_programs, 0) as linked_programs,
    array_to_string(program.program_titles, '; ') as program_titles
from marts.occupation_flag as flag
inner join reference.area as area
    on area.area_id = flag.area_id
    and area.area_type in ('national', 'state')
left join marts.occupation_indicators as occupation
    on occupation.area_id = flag.area_id
    and occupation.soc_code = flag.soc_code
left join projected as outlook
    on outlook.area_id = flag.area_id
    and outlook.soc_code = flag.soc_code
left join program
    on program.area_id = flag.area_id
    and program.soc_code = flag.soc_code
where
    flag.area_id in (select unnest($areas))
    and flag.policy = $policy
    and coalesce(flag.listed, flag.in_demand) = 'true'
order by flag.area_id, list_rank
