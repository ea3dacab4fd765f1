-- Whether each county code is in use in each QCEW year. Codes that share a territory followed one another: as long as
-- QCEW has figures for one that ended, the codes before the change are in use, then those after it. So each year counts
-- the whole territory once, whichever year the publisher changed in.
with

year as (
    select distinct year
    from raw.qcew
),

county as (
    select
        area.area_id,
        area.territory_id,
        area.first_year,
        area.last_year,
        year.year,
        total.employment,
        total.area_id is not null as has_figures
    from reference.area as area
    cross join year
    left join raw.qcew as total
        on total.area_id = area.area_id
        and total.year = year.year
        and total.own_code = '0'
        and total.depth = 0
    where area.area_type = 'county'
),

dated as (
    select
        *,
        coalesce(
            bool_or(has_figures and last_year is not null) over (partition by territory_id, year)
            and territory_id is not null,
            false
        ) as is_before_change
    from county
)

select
    area_id,
    year,
    territory_id,
    employment,
    has_figures,
    case when is_before_change then first_year is null else last_year is null end as is_in_use
from dated
order by area_id, year
