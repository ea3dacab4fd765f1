-- The 2022 North American Industry Classification System, one row per code of any level.
select
    naics_code,
    naics_title,
    naics_level,
    parent_code,
    sector_code,
    sort_order
from raw.naics
order by sort_order
