-- Which OEWS industry gives the staffing pattern of each QCEW industry, by ownership, and the home of its jobs. QCEW
-- counts by NAICS and owner, while OEWS has its own industries for government: seed.qcew_oews matches them and lists
-- what OEWS does not survey. A wider code has the narrowest OEWS industry that contains all of it. It is of one kind
-- when all of it has one home cluster and either such an industry or none at all, and divisible while finer codes would
-- tell more. Jobs in OEWS's government industries have the home of those.
with

newest as (
    select
        max(year) as year,
        case when max(year) >= 2022 then 'naics_2022' else 'naics_before_2022' end as code_system
    from core.qcew_industry
),

owner as (
    select unnest(['1', '2', '3', '5']) as own_code
),

finest as (
    select owner.own_code, industry.naics_code, industry.cluster_id, industry.sub_cluster_id
    from core.qcew_industry as industry
    inner join newest on newest.year = industry.year
    cross join owner
    where industry.depth = 7
),

rule as (
    select
        finest.own_code,
        finest.naics_code,
        rule.match,
        rule.oews_industry_code
    from finest
    cross join newest
    inner join seed.qcew_oews as rule
        on rule.own_code = finest.own_code
        and rule.code_system in ('any', newest.code_system)
        and (rule.naics_code = '10' or starts_with(finest.naics_code, rule.naics_code))
    qualify row_number() over (
        partition by finest.own_code, finest.naics_code
        -- 10 stands for every industry
        order by
            case when rule.naics_code = '10' then 0 else length(rule.naics_code) end desc,
            case when rule.code_system = 'any' then 1 else 0 end
    ) = 1
),

same_code as (
    select finest.own_code, finest.naics_code, arg_max(digits.industry_code, digits.display_level) as industry_code
    from finest
    inner join core.oews_industry_digits as digits
        on digits.digits <> ''
        and starts_with(finest.naics_code, digits.digits)
    group by finest.own_code, finest.naics_code
),

matched as (
    select
        finest.*,
        case rule.match
            when 'industry' then rule.oews_industry_code
            when 'same_code' then same_code.industry_code
        end as industry_code
    from finest
    left join rule
        on rule.own_code = finest.own_code
        and rule.naics_code = finest.naics_code
    left join same_code
        on same_code.own_code = finest.own_code
        and same_code.naics_code = finest.naics_code
),

homed as (
    select
        matched.* exclude (cluster_id, sub_cluster_id),
        case
            when starts_with(matched.industry_code, '999') then industry.home_cluster_id
            else matched.cluster_id
        end as cluster_id,
        case
            when starts_with(matched.industry_code, '999') then coalesce(industry.home_sub_cluster_id, 'unassigned')
            else matched.sub_cluster_id
        end as sub_cluster_id
    from matched
    left join core.oews_industry as industry on industry.industry_code = matched.industry_code
),

-- each finest code under itself and every code above it
under as (
    select *
    from homed
    union all by name
    select homed.* exclude (naics_code), ancestor.ancestor_code as naics_code
    from homed
    inner join core.qcew_ancestor as ancestor on ancestor.naics_code = homed.naics_code
    inner join newest on newest.year = ancestor.year
),

spanned as (
    select
        own_code,
        naics_code,
        count(*) as finest_codes,
        count(industry_code) as matched_codes,
        count(distinct cluster_id) = 1 as is_one_cluster,
        count(distinct sub_cluster_id) = 1 as is_one_sub_cluster,
        count(distinct industry_code) <= 1 as is_one_industry,
        min(cluster_id) as cluster_id,
        min(sub_cluster_id) as sub_cluster_id,
        min(industry_code) as industry_code
    from under
    group by own_code, naics_code
),

lineage as (
    select industry_code, ancestor_code
    from core.oews_industry_ancestor
    union all
    select industry_code, industry_code as ancestor_code
    from core.oews_industry
    where not is_ownership_variant
),

shared as (
    select under.own_code, under.naics_code, lineage.ancestor_code as industry_code, count(*) as finest_codes
    from under
    inner join lineage on lineage.industry_code = under.industry_code
    group by under.own_code, under.naics_code, lineage.ancestor_code
),

narrowest as (
    select shared.own_code, shared.naics_code, arg_max(shared.industry_code, industry.industry_level) as industry_code
    from shared
    inner join spanned
        on spanned.own_code = shared.own_code
        and spanned.naics_code = shared.naics_code
        and spanned.finest_codes = shared.finest_codes
    -- all industries together say nothing about staffing
    inner join core.oews_industry as industry
        on industry.industry_code = shared.industry_code
        and industry.industry_level > 0
    group by shared.own_code, shared.naics_code
)

select
    newest.year,
    spanned.own_code,
    spanned.naics_code,
    narrowest.industry_code,
    -- rest: all of it is outside the finer industries of its OEWS industry
    case
        when narrowest.industry_code is null then null
        when spanned.is_one_industry then 'rest'
        else 'whole'
    end as part,
    case when spanned.is_one_cluster then spanned.cluster_id end as home_cluster_id,
    case
        when spanned.is_one_cluster and spanned.is_one_sub_cluster then spanned.sub_cluster_id
        when spanned.is_one_cluster then 'unassigned'
    end as home_sub_cluster_id,
    spanned.is_one_cluster and (spanned.matched_codes = 0 or narrowest.industry_code is not null) as is_one_kind,
    not (spanned.is_one_cluster and spanned.is_one_sub_cluster and spanned.is_one_industry
        and spanned.matched_codes in (0, spanned.finest_codes)) as is_divisible
from spanned
cross join newest
left join narrowest
    on narrowest.own_code = spanned.own_code
    and narrowest.naics_code = spanned.naics_code
order by spanned.own_code, spanned.naics_code
