-- Every industry and owner of QCEW is matched with an OEWS industry finer than a sector, unless the crosswalk names
-- a wider one or says that OEWS does not survey it. A code that the crosswalk lacks has no staffing pattern.
-- table: core.qcew_staffing
-- severity: warn
-- expected: no finest code that is without a match, or matched with its sector, unless seed.qcew_oews says so
with

finest as (
    select staffing.own_code, staffing.naics_code, staffing.industry_code, oews.industry_level
    from core.qcew_staffing as staffing
    inner join core.qcew_industry as industry
        on industry.year = staffing.year
        and industry.naics_code = staffing.naics_code
        and industry.depth = 7
    left join core.oews_industry as oews on oews.industry_code = staffing.industry_code
)

select finest.own_code, finest.naics_code, finest.industry_code
from finest
left join seed.qcew_oews as listed
    on listed.own_code = finest.own_code
    and starts_with(finest.naics_code, listed.naics_code)
    and listed.match <> 'same_code'
    and listed.oews_industry_code is not distinct from finest.industry_code
where coalesce(finest.industry_level, 0) < 3
    and listed.own_code is null
order by finest.own_code, finest.naics_code
