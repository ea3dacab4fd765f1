-- Every OEWS national industry with all industries above it, up to the root, without ownership variants.
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
)

select industry_code, ancestor_code, distance
from ancestry
order by industry_code, distance
