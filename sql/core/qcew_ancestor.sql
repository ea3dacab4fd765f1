-- Every industry code of QCEW with all codes above it, up to the total.
with

up_1 as (
    select year, naics_code, parent_code as ancestor_code
    from core.qcew_industry
    where parent_code is not null
),

up_2 as (
    select lower.year, lower.naics_code, upper.parent_code as ancestor_code
    from up_1 as lower
    inner join core.qcew_industry as upper on upper.year = lower.year and upper.naics_code = lower.ancestor_code
    where upper.parent_code is not null
),

up_3 as (
    select lower.year, lower.naics_code, upper.parent_code as ancestor_code
    from up_2 as lower
    inner join core.qcew_industry as upper on upper.year = lower.year and upper.naics_code = lower.ancestor_code
    where upper.parent_code is not null
),

up_4 as (
    select lower.year, lower.naics_code, upper.parent_code as ancestor_code
    from up_3 as lower
    inner join core.qcew_industry as upper on upper.year = lower.year and upper.naics_code = lower.ancestor_code
    where upper.parent_code is not null
),

up_5 as (
    select lower.year, lower.naics_code, upper.parent_code as ancestor_code
    from up_4 as lower
    inner join core.qcew_industry as upper on upper.year = lower.year and upper.naics_code = lower.ancestor_code
    where upper.parent_code is not null
),

up_6 as (
    select lower.year, lower.naics_code, upper.parent_code as ancestor_code
    from up_5 as lower
    inner join core.qcew_industry as upper on upper.year = lower.year and upper.naics_code = lower.ancestor_code
    where upper.parent_code is not null
),

up_7 as (
    select lower.year, lower.naics_code, upper.parent_code as ancestor_code
    from up_6 as lower
    inner join core.qcew_industry as upper on upper.year = lower.year and upper.naics_code = lower.ancestor_code
    where upper.parent_code is not null
),

above as (
    select year, naics_code, ancestor_code from up_1
    union all
    select year, naics_code, ancestor_code from up_2
    union all
    select year, naics_code, ancestor_code from up_3
    union all
    select year, naics_code, ancestor_code from up_4
    union all
    select year, naics_code, ancestor_code from up_5
    union all
    select year, naics_code, ancestor_code from up_6
    union all
    select year, naics_code, ancestor_code from up_7
)

select above.year, above.naics_code, above.ancestor_code, ancestor.depth as ancestor_depth
from above
inner join core.qcew_industry as ancestor
    on ancestor.year = above.year
    and ancestor.naics_code = above.ancestor_code
order by above.year, above.naics_code, ancestor_depth
