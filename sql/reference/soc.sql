-- The 2018 Standard Occupational Classification, one row per code of any level.
select
    soc_code,
    soc_title,
    soc_level,
    parent_code,
    major_code,
    sort_order
from raw.soc
order by sort_order
