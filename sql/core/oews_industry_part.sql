-- National jobs of each occupation (00-0000: all occupations) in each OEWS industry, each job once: a published
-- industry keeps the jobs that its own published parts do not show. Parts without jobs are left out.
with

published as (
    select figure.industry_code, figure.soc_code, figure.employment, figure.wage_mean_usd, figure.wage_mean_usd_status
    from core.oews_industry_occupation as figure
    inner join core.oews_industry as industry on industry.industry_code = figure.industry_code
    where figure.occupation_group in ('detailed', 'total')
        and figure.employment is not null
        and not industry.is_ownership_variant
    union all
    select root.industry_code, figure.soc_code, figure.employment, figure.wage_mean_usd, figure.wage_mean_usd_status
    from core.oews_area_occupation as figure
    inner join core.oews_industry as root on root.industry_level = 0
    where figure.area_id = 'US'
        and figure.occupation_group in ('detailed', 'total')
        and figure.employment is not null
),

nearest_published_ancestor as (
    select
        published.industry_code,
        published.soc_code,
        published.employment,
        arg_min(ancestor.industry_code, ancestry.distance) as ancestor_code
    from published
    inner join core.oews_industry_ancestor as ancestry on ancestry.industry_code = published.industry_code
    inner join published as ancestor
        on ancestor.industry_code = ancestry.ancestor_code
        and ancestor.soc_code = published.soc_code
    group by published.industry_code, published.soc_code, published.employment
),

shown_below as (
    select ancestor_code as industry_code, soc_code, sum(employment) as employment
    from nearest_published_ancestor
    group by ancestor_code, soc_code
)

select
    published.industry_code,
    published.soc_code,
    -- figures are rounded to tens, so the parts may exceed the whole a little
    cast(greatest(published.employment - coalesce(shown_below.employment, 0), 0) as double) as employment,
    cast(
        coalesce(
            published.wage_mean_usd,
            case when published.wage_mean_usd_status = 'top_coded' then release.top_code_annual_usd end
        ) as double
    ) as wage_mean_usd
from published
left join shown_below
    on shown_below.industry_code = published.industry_code
    and shown_below.soc_code = published.soc_code
cross join raw.oews_release as release
where published.employment > coalesce(shown_below.employment, 0)
order by published.industry_code, published.soc_code
