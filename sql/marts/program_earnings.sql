-- What completers of every field of study earn four years later in the nation and the states, by credential: the median
-- of the institutions' medians, each weighted by its completers, with its range.
with

placed as (
    select 'US' as area_id, * exclude (state_id)
    from core.program_earning
    union all
    select state_id as area_id, * exclude (state_id)
    from core.program_earning
    where state_id <> 'US'
),

ranked as (
    select
        *,
        sum(case when earnings_usd is not null then median_weight end) over earnings_up as earnings_weight_up_to,
        sum(case when earnings_usd is not null then median_weight end) over whole as earnings_weight,
        sum(case when debt_dollars is not null then median_weight end) over debt_up as debt_weight_up_to,
        sum(case when debt_dollars is not null then median_weight end) over whole as debt_weight
    from placed
    window
        whole as (partition by area_id, cip4_code, credential_level),
        earnings_up as (partition by area_id, cip4_code, credential_level order by earnings_usd nulls last),
        debt_up as (partition by area_id, cip4_code, credential_level order by debt_dollars nulls last)
)

select
    ranked.area_id,
    ranked.cip4_code,
    ranked.credential_level,
    any_value(cip.cip_title) as cip_title,
    count(*) as programs,
    count(ranked.earnings_usd) as programs_with_earnings,
    sum(ranked.completers) as completers,
    round(
        100.0 * coalesce(sum(ranked.completers) filter (where ranked.earnings_usd is not null), 0)
        / nullif(sum(ranked.completers), 0),
        4
    ) as completers_with_earnings_pct,
    -- the first at which half of the completers are reached
    min(ranked.earnings_usd) filter (where 2 * ranked.earnings_weight_up_to >= ranked.earnings_weight) as earnings_usd,
    min(ranked.earnings_usd) as earnings_low_usd,
    max(ranked.earnings_usd) as earnings_high_usd,
    min(ranked.debt_dollars) filter (where 2 * ranked.debt_weight_up_to >= ranked.debt_weight) as debt_dollars,
    any_value(benchmark.benchmark_usd) as benchmark_usd,
    case
        when count(ranked.earnings_usd) > 0 then 'ok'
        when bool_or(ranked.earnings_status = 'withheld') then 'withheld'
        when bool_or(ranked.earnings_status = 'other_horizon') then 'other_horizon'
        else 'missing'
    end as earnings_status
from ranked
left join reference.cip as cip on cip.cip_code = ranked.cip4_code
left join raw.scorecard_benchmark as benchmark on benchmark.state_id = ranked.area_id
group by ranked.area_id, ranked.cip4_code, ranked.credential_level
order by ranked.area_id, ranked.cip4_code, ranked.credential_level
