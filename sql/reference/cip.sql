-- Programs of study of CIP 2020, one row per code of two, four or six digits.
select
    cip_code,
    cip_title,
    length(replace(cip_code, '.', '')) as cip_level,
    case length(cip_code) when 7 then left(cip_code, 5) when 5 then left(cip_code, 2) end as parent_code,
    change
from raw.cip
order by cip_code
