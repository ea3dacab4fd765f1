-- The leading NAICS digits that each OEWS national industry stands for, one row each. Ownership variants repeat jobs of
-- other industries and have none.
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
)

select industry.industry_code, industry.display_level, industry_digits.digits
from industry
inner join industry_digits on industry_digits.industry_code = industry.industry_code
where not industry.is_ownership_variant
order by industry.industry_code, industry_digits.digits
