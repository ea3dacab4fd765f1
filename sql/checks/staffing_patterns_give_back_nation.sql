-- The nation's jobs by industry, staffed by the patterns, reproduce the national jobs of each occupation.
-- table: core.oews_staffing_pattern
-- severity: error
-- expected: each occupation within 1 percent and 500 jobs of its published national employment (OEWS rounds to tens)
with

parent as (
    select distinct parent_industry_code as industry_code
    from core.oews_industry
    where parent_industry_code is not null
),

-- jobs of the industries without parts, and those that wider ones have beyond their parts
jobs as (
    select
        part.industry_code,
        case when parent.industry_code is null then 'whole' else 'rest' end as part,
        part.employment
    from core.oews_industry_part as part
    left join parent on parent.industry_code = part.industry_code
    where part.soc_code = '00-0000'
),

staffed as (
    select pattern.soc_code, sum(jobs.employment * pattern.share) as employment
    from jobs
    inner join core.oews_staffing_pattern as pattern
        on pattern.industry_code = jobs.industry_code
        and pattern.part = jobs.part
    group by pattern.soc_code
),

nation as (
    select soc_code, cast(employment as double) as employment
    from core.oews_area_occupation
    where area_id = 'US'
        and occupation_group = 'detailed'
        and employment is not null
)

select nation.soc_code, nation.employment, staffed.employment as staffed_employment
from nation
left join staffed on staffed.soc_code = nation.soc_code
where staffed.employment is null
    or abs(staffed.employment - nation.employment) > 0.01 * nation.employment + 500
order by nation.soc_code
