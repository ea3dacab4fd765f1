-- National employment of each occupation (and of all occupations, 00-0000) by the industry home it works in, each
-- job once: a published industry keeps what its own published parts do not show. Jobs that no industry shows are
-- unassigned; jobs shown only by an industry of several kinds have that industry's own home and are counted as mixed.
with recursive

ancestry as (
    select industry_code, parent_industry_code as ancestor_code, 1 as distance
    from core.oews_industry
    where parent_industry_code is not null
    union all
    select ancestry.industry_code, industry.parent_industry_code as ancestor_code, ancestry.distance + 1 as distance
    from ancestry
    inner join core.oews_industry as industry on industry.industry_code = ancestry.ancestor_code
    where industry.parent_industry_code is not null
),

root as (
    select industry_code
    from core.oews_industry
    where industry_level = 0
),

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
    cross join root
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
    inner join ancestry on ancestry.industry_code = published.industry_code
    inner join published as ancestor
        on ancestor.industry_code = ancestry.ancestor_code
        and ancestor.soc_code = published.soc_code
    group by published.industry_code, published.soc_code, published.employment
),

shown_below as (
    select ancestor_code as industry_code, soc_code, sum(employment) as employment
    from nearest_published_ancestor
    group by ancestor_code, soc_code
),

own_part as (
    select
        published.industry_code,
        published.soc_code,
        -- figures are rounded to tens, so the parts may exceed the whole a little
        greatest(published.employment - coalesce(shown_below.employment, 0), 0) as employment,
        coalesce(
            published.wage_mean_usd,
            case when published.wage_mean_usd_status = 'top_coded' then release.top_code_annual_usd end
        ) as wage_mean_usd
    from published
    left join shown_below
        on shown_below.industry_code = published.industry_code
        and shown_below.soc_code = published.soc_code
    cross join raw.oews_release as release
),

homed as (
    select
        own_part.soc_code,
        coalesce(industry.home_cluster_id, 'unassigned') as home_cluster_id,
        coalesce(industry.home_sub_cluster_id, 'unassigned') as home_sub_cluster_id,
        industry.is_one_cluster,
        own_part.employment,
        own_part.wage_mean_usd
    from own_part
    inner join core.oews_industry as industry on industry.industry_code = own_part.industry_code
)

select
    soc_code,
    home_cluster_id,
    home_sub_cluster_id,
    cast(sum(employment) as double) as employment,
    cast(coalesce(sum(employment) filter (where not is_one_cluster and home_cluster_id <> 'unassigned'), 0) as double) as mixed_employment,
    cast(coalesce(sum(employment) filter (where wage_mean_usd is not null), 0) as double) as wage_employment,
    cast(coalesce(sum(employment * wage_mean_usd), 0) as double) as wages_usd
from homed
group by soc_code, home_cluster_id, home_sub_cluster_id
having sum(employment) > 0
order by soc_code, home_cluster_id, home_sub_cluster_id
