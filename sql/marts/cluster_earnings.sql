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

-- each program's part of the awards of its field of study
program_part as (
    select
        *,
        awards / sum(awards) over (partition by state_id, cip4_code, credential_level) as part
    from awarded
),

share as (
    select
        state_id,
        in_nation,
        in_state,
        cip_code,
        cluster_id,
        sub_cluster_id,
        sum(occupation_share * weight_in_occupation) as share
    from core.program_share
    group by state_id, in_nation, in_state, cip_code, cluster_id, sub_cluster_id
),

field_share as (
    select
        program_part.state_id,
        share.in_nation,
        share.in_state,
        program_part.cip4_code,
        program_part.credential_level,
        case when grouping(share.sub_cluster_id) = 1 then 'cluster' else 'sub_cluster' end as level,
        share.cluster_id,
        case when grouping(share.sub_cluster_id) = 1 then 'all' else share.sub_cluster_id end as sub_cluster_id,
        sum(program_part.part * share.share) as share
    from program_part
    inner join share
        on share.state_id = program_part.state_id
        and share.cip_code = program_part.cip_code
    group by grouping sets (
        (
            program_part.state_id, share.in_nation, share.in_state, program_part.cip4_code,
            program_part.credential_level, share.cluster_id
        ),
        (
            program_part.state_id, share.in_nation, share.in_state, program_part.cip4_code,
            program_part.credential_level, share.cluster_id, share.sub_cluster_id
        )
    )
),

-- each field of study once, with the sums of its institutions
field as (
    select
        state_id,
        cip4_code,
        credential_level,
        count(earnings_usd) as programs_with_earnings,
        sum(completers) as completers,
        sum(completers) filter (where earnings_usd is not null) as completers_with_earnings
    from core.program_earning
    group by state_id, cip4_code, credential_level
),

total as (
    select
        unnest(
            case
                when field.state_id = 'US' or not field_share.in_state then ['US']
                when field_share.in_nation then ['US', field.state_id]
                else [field.state_id]
            end
        ) as area_id,
        field_share.level,
        field_share.cluster_id,
        field_share.sub_cluster_id,
        field.credential_level,
        field.programs_with_earnings,
        field.completers * field_share.share as completers,
        field.completers_with_earnings * field_share.share as completers_with_earnings
    from field
    inner join field_share
        on field_share.state_id = field.state_id
        and field_share.cip4_code = field.cip4_code
        and field_share.credential_level = field.credential_level
),

summed as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        credential_level,
        cast(sum(programs_with_earnings) as bigint) as programs_with_earnings,
        round(sum(completers), 6) as completers,
        round(coalesce(sum(completers_with_earnings), 0), 6) as completers_with_earnings
    from total
    group by area_id, level, cluster_id, sub_cluster_id, credential_level
),

earned as (
    select
        earning.state_id,
        field_share.in_nation,
        field_share.in_state,
        field_share.level,
        field_share.cluster_id,
        field_share.sub_cluster_id,
        earning.credential_level,
        earning.earnings_usd,
        sum(earning.median_weight * field_share.share) as weight
    from core.program_earning as earning
    inner join field_share
        on field_share.state_id = earning.state_id
        and field_share.cip4_code = earning.cip4_code
        and field_share.credential_level = earning.credential_level
    where earning.earnings_usd is not null
    group by all
),

placed as (
    select 'US' as area_id, level, cluster_id, sub_cluster_id, credential_level, earnings_usd, sum(weight) as weight
    from earned
    where in_nation
    group by all
    union all
    select state_id as area_id, level, cluster_id, sub_cluster_id, credential_level, earnings_usd, weight
    from earned
    where in_state
        and state_id <> 'US'
),

ranked as (
    select
        * exclude (weight),
        round(sum(weight) over (node order by earnings_usd rows unbounded preceding), 6) as weight_up_to,
        round(sum(weight) over node, 6) as weight
    from placed
    window node as (partition by area_id, level, cluster_id, sub_cluster_id, credential_level)
),

-- the median is the first at which half of the completers are reached
median as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        credential_level,
        min(earnings_usd) filter (where 2 * weight_up_to >= weight) as earnings_usd,
        min(earnings_usd) as earnings_low_usd,
        max(earnings_usd) as earnings_high_usd
    from ranked
    group by area_id, level, cluster_id, sub_cluster_id, credential_level
),

parameter as (
    select value as min_covered_pct
    from reference.method_parameter
    where parameter = 'earnings_min_covered_pct'
),

-- a median of few of the completers does not speak for a cluster
covered as (
    select
        summed.*,
        round(100.0 * summed.completers_with_earnings / nullif(summed.completers, 0), 4)
            as completers_with_earnings_pct,
        coalesce(
            100.0 * summed.completers_with_earnings / nullif(summed.completers, 0) >= parameter.min_covered_pct, false
        ) as is_covered
    from summed
    cross join parameter
)

select
    covered.area_id,
    covered.level,
    covered.cluster_id,
    covered.sub_cluster_id,
    covered.credential_level,
    covered.programs_with_earnings,
    round(covered.completers, 3) as completers,
    covered.completers_with_earnings_pct,
    case when covered.is_covered then median.earnings_usd end as earnings_usd,
    case when covered.is_covered then median.earnings_low_usd end as earnings_low_usd,
    case when covered.is_covered then median.earnings_high_usd end as earnings_high_usd,
    benchmark.benchmark_usd,
    case
        when median.earnings_usd is null then 'missing'
        when covered.is_covered then 'ok'
        else 'few_covered'
    end as earnings_status
from covered
left join median
    on median.area_id = covered.area_id
    and median.level = covered.level
    and median.cluster_id = covered.cluster_id
    and median.sub_cluster_id = covered.sub_cluster_id
    and median.credential_level = covered.credential_level
left join raw.scorecard_benchmark as benchmark on benchmark.state_id = covered.area_id
order by covered.area_id, covered.level, covered.cluster_id, covered.sub_cluster_id, covered.credential_level
