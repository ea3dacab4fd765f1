-- Jobs and pay of every occupation in every area with the name of its main cluster, the openings of the area and the
-- education that it asks for, and whether it is high-skill, high-wage and in-demand by the policy that stands there.
select
    area.area_name,
    area.area_type,
    area.state_id,
    coalesce(occupation.occupation_name, outlook.occupation_name) as occupation_name,
    cluster.cluster_name as main_cluster_name,
    flag.area_id,
    flag.soc_code,
    occupation.* exclude (area_id, soc_code, occupation_name),
    outlook.projection_period,
    outlook.base_jobs,
    outlook.growth_pct,
    outlook.annual_openings,
    outlook.entry_education,
    outlook.work_experience,
    outlook.on_the_job_training,
    outlook.openings_status,
    flag.policy,
    standing.policy_title,
    flag.high_skill,
    flag.high_wage,
    flag.in_demand,
    flag.listed
from marts.occupation_flag as flag
inner join main.v_policy as standing
    on standing.area_id = flag.area_id
    and standing.policy = flag.policy
inner join reference.area as area on area.area_id = flag.area_id
left join marts.occupation_indicators as occupation
    on occupation.area_id = flag.area_id
    and occupation.soc_code = flag.soc_code
left join marts.occupation_outlook as outlook
    on outlook.area_id = flag.area_id
    and outlook.soc_code = flag.soc_code
left join reference.cluster as cluster on cluster.cluster_id = occupation.main_cluster_id
