-- OEWS national industries as a tree: the digits each stands for, its parent, and its industry home.
-- Ownership variants repeat the same jobs, so they are marked and stay outside the tree.
with

industry as (
    select
        industry_code,
        industry_name,
        display_level,
        regexp_matches(industry_name, '(State Government|Local Government|Privately) Owned$')
        or (display_level in (1, 2) and starts_with(industry_code, '999'))
        or industry_code = '000001' as is_ownership_variant,
        -- '31--34' stands for the sectors from 31 up to, not including, 34
        nullif(regexp_extract(industry_code, '^([0-9]+)-+[0-9]+$', 1), '') as first_sector,
        nullif(regexp_extract(industry_code, '^[0-9]+-+([0-9]+)$', 1), '') as next_sector,
        -- '3250A1' stands for the four-digit codes that its name lists
        regexp_matches(industry_code, '[A-Z]') as is_combined
    from raw.oews_industry
),

digits_of_sector as (
    select
        industry_code,
        unnest(range(cast(first_sector as bigint), cast(next_sector as bigint))) as sector
    from industry
    where first_sector is not null
),

industry_digits as (
    select industry_code, cast(sector as varchar) as digits
    from digits_of_sector
    union all
    select industry_code, unnest(regexp_extract_all(industry_name, '[0-9]{4}')) as digits
    from industry
    where is_combined
    union all
    select
        industry_code,
        case
            when display_level < 2 then ''
            when display_level < 5 then substr(industry_code, 1, display_level)
            else rtrim(industry_code, '0')
        end as digits
    from industry
    where first_sector is null and not is_combined
),

node as (
    select industry.industry_code, industry.display_level, industry_digits.digits
    from industry
    inner join industry_digits on industry_digits.industry_code = industry.industry_code
    where not industry.is_ownership_variant
),

parent as (
    select
        child.industry_code,
        arg_max(ancestor.industry_code, ancestor.display_level) as parent_industry_code
    from node as child
    inner join node as ancestor
        on ancestor.display_level < child.display_level
        and starts_with(child.digits, ancestor.digits)
    group by child.industry_code
),

-- the most detailed codes of the classification that lie inside an industry tell whether it is of one kind
inside as (
    select
        node.industry_code,
        count(distinct home.cluster_id) = 1 as is_one_cluster,
        count(distinct home.cluster_id || '/' || coalesce(home.sub_cluster_id, '')) = 1 as is_one_sub_cluster,
        min(home.cluster_id) as cluster_id,
        min(home.sub_cluster_id) as sub_cluster_id
    from node
    inner join reference.naics_sub_cluster as home
        on starts_with(home.naics_code, node.digits)
        and (length(home.naics_code) = 6 or home.code_system = 'oews')
    where node.display_level >= 2
    group by node.industry_code
),

-- an industry of several kinds, or one finer than the mapping, has the home of its own code's longest prefix
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

own_home_candidate as (
    select
        own_code.industry_code,
        home.cluster_id,
        home.sub_cluster_id,
        row_number() over (partition by own_code.industry_code order by length(home.naics_code) desc) as preference
    from own_code
    inner join reference.naics_sub_cluster as home on starts_with(own_code.naics_code, home.naics_code)
),

own_home as (
    select industry_code, cluster_id, sub_cluster_id
    from own_home_candidate
    where preference = 1
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
