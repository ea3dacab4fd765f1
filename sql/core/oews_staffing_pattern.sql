-- National staffing pattern of each OEWS industry: the share of each occupation. `whole` is for any job of the
-- industry, `rest` for jobs outside the finer industries that OEWS lists in it. Jobs that an industry does not show by
-- occupation have the pattern of the jobs that the industry above shows outside its parts, and so on up to the nation.
-- The nation's jobs by industry therefore add up to each occupation's national jobs.
with recursive

own as (
    select industry_code, soc_code, employment
    from core.oews_industry_part
    where soc_code <> '00-0000'
),

lineage as (
    select industry_code, ancestor_code
    from core.oews_industry_ancestor
    union all
    select industry_code, industry_code as ancestor_code
    from core.oews_industry
    where not is_ownership_variant
),

-- what is shown in an industry or in any of its parts
within as (
    select lineage.ancestor_code as industry_code, own.soc_code, sum(own.employment) as employment
    from own
    inner join lineage on lineage.industry_code = own.industry_code
    group by lineage.ancestor_code, own.soc_code
),

own_jobs as (
    select industry_code, sum(employment) as employment
    from own
    group by industry_code
),

within_jobs as (
    select industry_code, sum(employment) as employment
    from within
    group by industry_code
),

all_jobs as (
    select industry_code, cast(employment as double) as employment
    from core.oews_industry_occupation
    where soc_code = '00-0000'
    union all
    select industry.industry_code, cast(figure.employment as double) as employment
    from core.oews_area_occupation as figure
    cross join core.oews_industry as industry
    where figure.area_id = 'US'
        and figure.soc_code = '00-0000'
        and industry.industry_level = 0
),

node as (
    select
        industry.industry_code,
        industry.parent_industry_code,
        within_jobs.employment as within_jobs,
        own_jobs.employment as own_jobs,
        least(coalesce(within_jobs.employment / nullif(all_jobs.employment, 0), 0), 1) as within_share,
        -- share of the jobs that its parts do not show; figures are rounded, so these may be 0
        case
            when own_jobs.employment is null then 0
            when all_jobs.employment - within_jobs.employment <= 0 then 1
            else own_jobs.employment / (all_jobs.employment - within_jobs.employment + own_jobs.employment)
        end as own_share
    from core.oews_industry as industry
    left join all_jobs on all_jobs.industry_code = industry.industry_code
    left join within_jobs on within_jobs.industry_code = industry.industry_code
    left join own_jobs on own_jobs.industry_code = industry.industry_code
    where not industry.is_ownership_variant
),

climb as (
    select
        industry_code,
        'whole' as part,
        industry_code as source_code,
        parent_industry_code,
        cast(within_share as double) as taken,
        cast(1 - within_share as double) as remaining
    from node
    union all
    select
        industry_code,
        'rest' as part,
        industry_code as source_code,
        parent_industry_code,
        cast(own_share as double) as taken,
        cast(1 - own_share as double) as remaining
    from node
    union all
    select
        climb.industry_code,
        climb.part,
        node.industry_code as source_code,
        node.parent_industry_code,
        cast(climb.remaining * node.own_share as double) as taken,
        cast(climb.remaining * (1 - node.own_share) as double) as remaining
    from climb
    inner join node on node.industry_code = climb.parent_industry_code
    where climb.remaining > 0
),

drawn as (
    select climb.industry_code, climb.part, within.soc_code, climb.taken * within.employment / node.within_jobs as share
    from climb
    inner join node on node.industry_code = climb.source_code
    inner join within on within.industry_code = climb.source_code
    where climb.part = 'whole'
        and climb.source_code = climb.industry_code
    union all
    select climb.industry_code, climb.part, own.soc_code, climb.taken * own.employment / node.own_jobs as share
    from climb
    inner join node on node.industry_code = climb.source_code
    inner join own on own.industry_code = climb.source_code
    where climb.part = 'rest'
        or climb.source_code <> climb.industry_code
)

select industry_code, part, soc_code, round(sum(share), 12) as share
from drawn
group by industry_code, part, soc_code
having sum(share) > 0
order by industry_code, part, soc_code
