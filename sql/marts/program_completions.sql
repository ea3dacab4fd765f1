-- Awards of every program in every area by award group, as the mean of the newest three years, and yearly for the
-- nation and the states. A year without awards counts as none in the mean.
with

award as (
    select place_award.*, period.award_period, period.award_years as years
    from core.place_award as place_award
    inner join core.award_period as period on period.award_year = place_award.award_year
),

placed as (
    select 'US' as area_id, * exclude (state_id, place_id)
    from award
    union all
    select state_id as area_id, * exclude (state_id, place_id)
    from award
    where state_id <> 'US'
    union all
    -- few awards of a small area are of one year
    select place_id as area_id, * exclude (state_id, place_id) replace ('mean' as award_period)
    from award
    where place_id <> state_id
),

summed as (
    select
        area_id,
        cip_code,
        award_group,
        grouping(award_period) = 1 as is_mean,
        award_period as one_period,
        max(years) as years,
        sum(awards) as awards,
        sum(awards_women) as awards_women,
        coalesce(sum(awards) filter (where is_distance), 0) as distance_awards,
        count(distinct unit_id) as institutions
    from placed
    group by grouping sets ((area_id, cip_code, award_group, award_period), (area_id, cip_code, award_group))
)

select
    area_id,
    cip_code,
    award_group,
    case when is_mean then 'mean' else one_period end as award_period,
    round(awards / case when is_mean then cast(years as double) else 1.0 end, 4) as awards,
    round(100.0 * awards_women / awards, 4) as awards_women_pct,
    institutions,
    round(100.0 * distance_awards / awards, 4) as distance_institution_pct
from summed
-- a small area has its mean once
where is_mean or one_period <> 'mean'
order by area_id, cip_code, award_group, award_period
