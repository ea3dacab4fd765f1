-- Awards of every program in every area by award group, yearly and as the mean of the newest three years. A year without
-- awards counts as none in the mean.
with

kept_year as (
    select
        award_year,
        (award_year - 1) || '-' || right(cast(award_year as varchar), 2) as award_period,
        least(3, count(*) over ()) as years
    from (select distinct award_year from core.place_award)
    qualify row_number() over (order by award_year desc) <= 3
),

placed as (
    select 'US' as area_id, * exclude (state_id, place_id)
    from core.place_award
    union all
    select state_id as area_id, * exclude (state_id, place_id)
    from core.place_award
    where state_id <> 'US'
    union all
    select place_id as area_id, * exclude (state_id, place_id)
    from core.place_award
    where place_id <> state_id
)

select
    placed.area_id,
    placed.cip_code,
    placed.award_group,
    case when grouping(kept_year.award_period) = 1 then 'mean' else kept_year.award_period end as award_period,
    round(
        cast(sum(placed.awards) as double) / case when grouping(kept_year.award_period) = 1 then any_value(kept_year.years) else 1 end,
        4
    ) as awards,
    round(100.0 * sum(placed.awards_women) / sum(placed.awards), 4) as awards_women_pct,
    count(distinct placed.unit_id) as institutions,
    round(100.0 * coalesce(sum(placed.awards) filter (where placed.is_distance), 0) / sum(placed.awards), 4)
        as distance_institution_pct
from placed
inner join kept_year on kept_year.award_year = placed.award_year
group by grouping sets (
    (placed.area_id, placed.cip_code, placed.award_group, kept_year.award_period),
    (placed.area_id, placed.cip_code, placed.award_group)
)
order by placed.area_id, placed.cip_code, placed.award_group, award_period
