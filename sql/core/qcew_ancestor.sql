-- Every QCEW industry with all industries above it, up to the total.
with recursive

ancestry as (
    select year, naics_code, parent_code as ancestor_code
    from core.qcew_industry
    where parent_code is not null
    union all
    select ancestry.year, ancestry.naics_code, industry.parent_code as ancestor_code
    from ancestry
    inner join core.qcew_industry as industry
        on industry.year = ancestry.year
        and industry.naics_code = ancestry.ancestor_code
    where industry.parent_code is not null
)

select ancestry.year, ancestry.naics_code, ancestry.ancestor_code, ancestor.depth as ancestor_depth
from ancestry
inner join core.qcew_industry as ancestor
    on ancestor.year = ancestry.year
    and ancestor.naics_code = ancestry.ancestor_code
order by ancestry.year, ancestry.naics_code, ancestor_depth
