-- What completers earn four years later by cluster and sub-cluster in the nation and the states, by credential: the
-- median of the institutions' medians, each weighted by its completers and by the share of the state's awards in its
-- field of study that belongs to the cluster.
with

awarded as (
    select
        award.state_id,
        award.cip_code,
        left(award.cip_code, 5) as cip4_code,
        credential.credential_level,
        cast(sum(award.awards) as double) as awards
    from core.place_award as award
    inner join core.award_period as period on period.award_year = award.award_year
    inner join reference.credential_award as credential on credential.award_group = award.award_group
    group by award.state_id, award.cip_code, credential.credential_level
),

field_total as (
    select state_id, cip4_code, credential_level, sum(awards) as awards
    from awarded
    group by state_id, cip4_code, credential_level
),

share as (
    select state_id, cip_code, cluster_id, sub_cluster_id, sum(occupation_share * weight_in_occupation) as share
    from core.program_share
    group by state_id, cip_code, cluster_id, sub_cluster_id
),

field_share as (
    select
        awarded.state_id,
        awarded.cip4_code,
        awarded.credential_level,
        case when grouping(share.sub_cluster_id) = 1 then 'cluster' else 'sub_cluster' end as level,
        share.cluster_id,
        case when grouping(share.sub_cluster_id) = 1 then 'all' else share.sub_cluster_id end as sub_cluster_id,
        sum(awarded.awards * share.share) / any_value(field_total.awards) as share
    from awarded
    inner join share
        on share.state_id = awarded.state_id
        and share.cip_code = awarded.cip_code
    inner join field_total
        on field_total.state_id = awarded.state_id
        and field_total.cip4_code = awarded.cip4_code
        and field_total.credential_level = awarded.credential_level
    group by grouping sets (
        (awarded.state_id, awarded.cip4_code, awarded.credential_level, share.cluster_id),
        (awarded.state_id, awarded.cip4_code, awarded.credential_level, share.cluster_id, share.sub_cluster_id)
    )
),

weighted as (
    select
        earning.state_id,
        earning.credential_level,
        field_share.level,
        field_share.cluster_id,
        field_share.sub_cluster_id,
        earning.completers * field_share.share as completers,
        case when earning.earnings_usd is not null then round(earning.median_weight * field_share.share, 6) end
            as median_weight,
        earning.earnings_usd
    from core.program_earning as earning
    inner join field_share
        on field_share.state_id = earning.state_id
        and field_share.cip4_code = earning.cip4_code
        and field_share.credential_level = earning.credential_level
),

placed as (
    select 'US' as area_id, * exclude (state_id)
    from weighted
    union all
    select state_id as area_id, * exclude (state_id)
    from weighted
    where state_id <> 'US'
),

total as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        credential_level,
        count(earnings_usd) as programs_with_earnings,
        round(coalesce(sum(completers), 0), 6) as completers,
        round(coalesce(sum(completers) filter (where earnings_usd is not null), 0), 6) as completers_with_earnings,
        round(sum(median_weight), 6) as weight,
        min(earnings_usd) as earnings_low_usd,
        max(earnings_usd) as earnings_high_usd
    from placed
    group by area_id, level, cluster_id, sub_cluster_id, credential_level
),

earned as (
    select area_id, level, cluster_id, sub_cluster_id, credential_level, earnings_usd, sum(median_weight) as weight
    from placed
    where earnings_usd is not null
    group by area_id, level, cluster_id, sub_cluster_id, credential_level, earnings_usd
),

ranked as (
    select
        * exclude (weight),
        round(
            sum(weight) over (
                partition by area_id, level, cluster_id, sub_cluster_id, credential_level
                order by earnings_usd
                rows unbounded preceding
            ),
            6
        ) as weight_up_to
    from earned
),

-- the first at which half of the completers are reached
median as (
    select
        ranked.area_id,
        ranked.level,
        ranked.cluster_id,
        ranked.sub_cluster_id,
        ranked.credential_level,
        min(ranked.earnings_usd) as earnings_usd
    from ranked
    inner join total using (area_id, level, cluster_id, sub_cluster_id, credential_level)
    where 2 * ranked.weight_up_to >= total.weight
    group by all
)

select
    total.area_id,
    total.level,
    total.cluster_id,
    total.sub_cluster_id,
    total.credential_level,
    total.programs_with_earnings,
    round(total.completers, 3) as completers,
    round(100.0 * total.completers_with_earnings / nullif(total.completers, 0), 4) as completers_with_earnings_pct,
    median.earnings_usd,
    total.earnings_low_usd,
    total.earnings_high_usd,
    benchmark.benchmark_usd,
    case when median.earnings_usd is not null then 'ok' else 'missing' end as earnings_status
from total
left join median using (area_id, level, cluster_id, sub_cluster_id, credential_level)
left join raw.scorecard_benchmark as benchmark on benchmark.state_id = total.area_id
order by total.area_id, total.level, total.cluster_id, total.sub_cluster_id, total.credential_level
