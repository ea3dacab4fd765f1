-- OEWS national industries as a tree: parent and home of each. Ownership variants repeat jobs, so they are marked and
-- stay outside the tree.
with

industry as (
    select
        raw_industry.*,
        digits.industry_code is null as is_ownership_variant,
        nullif(regexp_extract(raw_industry.industry_code, '^([0-9]+)-+[0-9]+$', 1), '') as first_sector,
        nullif(regexp_extract(raw_industry.industry_code, '^[0-9]+-+([0-9]+)$', 1), '') as next_sector,
        regexp_matches(raw_industry.industry_code, '[A-Z]') as is_combined
    from raw.oews_industry as raw_industry
    left join (select distinct industry_code from core.oews_industry_digits) as digits
        on digits.industry_code = raw_industry.industry_code
),

parent as (
    select
        child.industry_code,
        arg_max(ancestor.industry_code, ancestor.display_level) as parent_industry_code
    from core.oews_industry_digits as child
    inner join core.oews_industry_digits as ancestor
        on ancestor.display_level < child.display_level
        and starts_with(child.digits, ancestor.digits)
    group by child.industry_code
),

-- whether an industry is of one kind follows from the most detailed codes within it
inside as (
    select
        node.industry_code,
        count(distinct home.cluster_id) = 1 as is_one_cluster,
        count(distinct home.cluster_id || '/' || coalesce(home.sub_cluster_id, '')) = 1 as is_one_sub_cluster,
        min(home.cluster_id) as cluster_id,
        min(home.sub_cluster_id) as sub_cluster_id
    from core.oews_industry_digits as node
    inner join reference.naics_sub_cluster as home
        on starts_with(home.naics_code, node.digits)
        and (length(home.naics_code) = 6 or home.code_system = 'oews')
    where node.display_level >= 2
    group by node.industry_code
),

-- an industry of several kinds, or one finer than the crosswalk, has the home of its own code's longest prefix
own_code as (
    select
        industry_code,
        case
            when is_combined then substr(industry_code, 1, 3)
            when first_sector is null then substr(industry_code, 1, least(display_level, 4))
            when cast(first_sector as bigint) + 1 = cast(next_sector as bigint) then first_sector
            else first_sector || '-' || cast(cast(next_sector as bigint) - 1 as varchar)
        end as naics_code
    from industry
),

own_home as (
    select own_code.industry_code, home.cluster_id, home.sub_cluster_id
    from own_code
    inner join reference.naics_sub_cluster as home on starts_with(own_code.naics_code, home.naics_code)
    qualify row_number() over (partition by own_code.industry_code order by length(home.naics_code) desc) = 1
)

select
    industry.industry_code,
    industry.industry_name,
    industry.display_level as industry_level,
    parent.parent_industry_code,
    industry.is_ownership_variant,
    coalesce(inside.is_one_cluster, own_home.cluster_id is not null) as is_one_cluster,
    coalesce(inside.is_one_sub_cluster, own_home.cluster_id is not null) as is_one_sub_cluster,
    case when inside.is_one_cluster then inside.cluster_id else own_home.cluster_id end as home_cluster_id,
    case when inside.is_one_sub_cluster then inside.sub_cluster_id
         when not coalesce(inside.is_one_cluster, false) then own_home.sub_cluster_id end as home_sub_cluster_id
from industry
left join parent on parent.industry_code = industry.industry_code
left join inside on inside.industry_code = industry.industry_code
left join own_home on own_home.industry_code = industry.industry_code
order by industry.industry_code
