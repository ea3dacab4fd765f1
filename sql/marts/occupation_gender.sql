-- The share of women in every occupation of the framework, from the Census occupation that it is part of, and whom the
-- occupation is nontraditional for. Codes of several Census occupations have their sum.
with

pattern as (
    select
        census_code,
        occupation_title,
        case
            when contains(soc_pattern, 'X') then replace(soc_pattern, 'X', '')
            else rtrim(soc_pattern, '0')
        end as soc_prefix
    from raw.census_occupation
),

-- an X stands for what no longer beginning names
placed as (
    select soc.soc_code, pattern.census_code, pattern.occupation_title
    from reference.soc as soc
    inner join pattern on starts_with(soc.soc_code, pattern.soc_prefix)
    where soc.soc_level = 'detailed'
    qualify row_number() over (partition by soc.soc_code order by length(pattern.soc_prefix) desc) = 1
),

-- spaces and commas differ between the two lists
figure as (
    select regexp_replace(lower(occupation_title), '[^a-z0-9]', '', 'g') as title_key, employed, women_pct
    from raw.cps_occupation
),

occupation as (
    select distinct soc_code
    from reference.soc_sub_cluster
),

part as (
    select soc_code, soc_code as member_code
    from occupation
    union
    select combined_code as soc_code, member_code
    from seed.soc_combined
    where combined_code in (select soc_code from occupation)
),

-- a Census occupation counts once in a combined code
census as (
    select distinct part.soc_code, placed.census_code, placed.occupation_title, figure.employed, figure.women_pct
    from part
    inner join placed on placed.soc_code = part.member_code
    left join figure on figure.title_key = regexp_replace(lower(placed.occupation_title), '[^a-z0-9]', '', 'g')
),

shared as (
    select census_code, count(*) as codes
    from placed
    group by census_code
),

summed as (
    select
        census.soc_code,
        string_agg(census.census_code, ', ' order by census.census_code) as census_codes,
        string_agg(census.occupation_title, '; ' order by census.census_code) as census_titles,
        sum(census.employed) as employed,
        -- one part without a figure leaves the whole without one
        case
            when count(census.women_pct) = count(*)
                then sum(census.women_pct * census.employed) / nullif(sum(census.employed), 0)
        end as women_pct,
        count(*) = 1 and max(shared.codes) > 1 as is_wider
    from census
    inner join shared on shared.census_code = census.census_code
    group by census.soc_code
)

select
    occupation.soc_code,
    coalesce(oews.occupation_name, soc.soc_title) as occupation_name,
    summed.census_codes,
    summed.census_titles,
    summed.employed,
    round(summed.women_pct, 4) as women_pct,
    coalesce(summed.is_wider, false) as is_wider,
    case
        when summed.women_pct is null then 'unknown'
        when summed.women_pct < threshold.value then 'women'
        when summed.women_pct > 100 - threshold.value then 'men'
        else 'neither'
    end as nontraditional_for
from occupation
inner join reference.method_parameter as threshold on threshold.parameter = 'nontraditional_below_pct'
left join reference.oews_occupation as oews
    on oews.soc_code = occupation.soc_code
    and oews.occupation_group = 'detailed'
left join reference.soc as soc on soc.soc_code = occupation.soc_code
left join summed on summed.soc_code = occupation.soc_code
where exists (select 1 from raw.cps_occupation)
order by occupation.soc_code
