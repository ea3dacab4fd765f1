-- What an occupation requires: BLS's national assignments and O*NET's job zones, for every code of the projections and
-- for the SOC codes within a combined code.
with

assigned as (
    select
        bridge.soc_code,
        education.entry_education,
        education.work_experience,
        education.on_the_job_training
    from raw.ep_education as education
    inner join seed.nem_soc as bridge on bridge.nem_code = education.nem_code
),

-- members of a combined code take its assignments
occupation as (
    select soc_code, entry_education, work_experience, on_the_job_training
    from assigned
    union all
    select
        combined.member_code as soc_code,
        assigned.entry_education,
        assigned.work_experience,
        assigned.on_the_job_training
    from assigned
    inner join seed.soc_combined as combined on combined.combined_code = assigned.soc_code
),

-- a combined code has the O*NET occupations of all its members
zone as (
    select soc_code, soc_code as rated_code
    from occupation
    union all
    select combined_code as soc_code, member_code as rated_code
    from seed.soc_combined
),

job_zone as (
    select
        zone.soc_code,
        sum(rated.job_zone_mean * rated.onet_soc_codes) / sum(rated.onet_soc_codes) as job_zone_mean,
        min(rated.job_zone_min) as job_zone_min,
        max(rated.job_zone_max) as job_zone_max,
        sum(rated.onet_soc_codes) as onet_soc_codes
    from zone
    inner join raw.onet_job_zone as rated on rated.soc_code = zone.rated_code
    group by zone.soc_code
)

select
    occupation.soc_code,
    occupation.entry_education,
    occupation.work_experience,
    occupation.on_the_job_training,
    case
        when occupation.entry_education is null then null
        when occupation.entry_education in (
            'Some college, no degree', 'Postsecondary nondegree award', 'Associate''s degree'
        ) then true
        when occupation.entry_education = 'High school diploma or equivalent'
            then coalesce(occupation.on_the_job_training in ('Long-term on-the-job training', 'Apprenticeship'), false)
        else false
    end as is_middle_skill,
    job_zone.job_zone_mean,
    job_zone.job_zone_min,
    job_zone.job_zone_max,
    coalesce(job_zone.onet_soc_codes, 0) as onet_soc_codes
from occupation
left join job_zone on job_zone.soc_code = occupation.soc_code
order by occupation.soc_code
