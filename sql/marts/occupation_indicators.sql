-- Figures of every detailed occupation in every area, how it compares with the area, and its clusters. A region's
-- figures are sums and pooled percentiles of its areas; its location quotient counts the areas that publish the
-- occupation. Where only hourly wages are published, the statuses of the annual ones say so.
with

parameter as (
    select
        max(value) filter (where parameter = 'interval_z') as interval_z,
        max(value) filter (where parameter = 'reliability_a_below') as a_below,
        max(value) filter (where parameter = 'reliability_b_below') as b_below,
        max(value) filter (where parameter = 'reliability_c_below') as c_below
    from reference.method_parameter
),

nation as (
    select soc_code, employment
    from core.occupation_wage
    where area_id = 'US'
),

area_total as (
    select area_id, employment, wage_p50_usd
    from core.occupation_wage
    where occupation_group = 'total'
    union all
    select area_id, employment, wage_p50_usd
    from core.region_wage
    where occupation_group = 'total'
),

figure as (
    select
        wage.*,
        published.location_quotient,
        case
            when published.wage_mean_hourly_usd_status = 'top_coded' then release.top_code_hourly_usd
            else published.wage_mean_hourly_usd
        end as wage_mean_hourly_usd,
        published.wage_mean_hourly_usd_status as wage_mean_hourly_status,
        case
            when published.wage_p10_hourly_usd_status = 'top_coded' then release.top_code_hourly_usd
            else published.wage_p10_hourly_usd
        end as wage_p10_hourly_usd,
        published.wage_p10_hourly_usd_status as wage_p10_hourly_status,
        case
            when published.wage_p25_hourly_usd_status = 'top_coded' then release.top_code_hourly_usd
            else published.wage_p25_hourly_usd
        end as wage_p25_hourly_usd,
        published.wage_p25_hourly_usd_status as wage_p25_hourly_status,
        case
            when published.wage_p50_hourly_usd_status = 'top_coded' then release.top_code_hourly_usd
            else published.wage_p50_hourly_usd
        end as wage_p50_hourly_usd,
        published.wage_p50_hourly_usd_status as wage_p50_hourly_status,
        case
            when published.wage_p75_hourly_usd_status = 'top_coded' then release.top_code_hourly_usd
            else published.wage_p75_hourly_usd
        end as wage_p75_hourly_usd,
        published.wage_p75_hourly_usd_status as wage_p75_hourly_status,
        case
            when published.wage_p90_hourly_usd_status = 'top_coded' then release.top_code_hourly_usd
            else published.wage_p90_hourly_usd
        end as wage_p90_hourly_usd,
        published.wage_p90_hourly_usd_status as wage_p90_hourly_status
    from core.occupation_wage as wage
    inner join core.oews_area_occupation as published
        on published.area_id = wage.area_id
        and published.soc_code = wage.soc_code
    cross join raw.oews_release as release
    where wage.occupation_group = 'detailed'
    union all by name
    select
        region.*,
        round(
            region.employment / nullif(area_total.employment * region.published_share, 0)
            / nullif(nation.employment / nation_total.employment, 0), 2
        ) as location_quotient,
        'absent' as wage_mean_hourly_status,
        'absent' as wage_p10_hourly_status,
        'absent' as wage_p25_hourly_status,
        'absent' as wage_p50_hourly_status,
        'absent' as wage_p75_hourly_status,
        'absent' as wage_p90_hourly_status
    from core.region_wage as region
    inner join area_total on area_total.area_id = region.area_id
    left join nation on nation.soc_code = region.soc_code
    inner join nation as nation_total on nation_total.soc_code = '00-0000'
    where region.occupation_group = 'detailed'
),

occupation_cluster as (
    select
        soc_code,
        cluster_id,
        sum(weight) as weight,
        row_number() over (partition by soc_code order by sum(weight) desc, cluster_id) as position
    from marts.soc_allocation
    group by soc_code, cluster_id
),

membership as (
    select
        soc_code,
        count(*) as clusters,
        string_agg(cluster_id, ', ' order by position) as cluster_ids,
        max(cluster_id) filter (where position = 1) as main_cluster_id
    from occupation_cluster
    group by soc_code
)

select
    figure.area_id,
    figure.soc_code,
    occupation.occupation_name,
    occupation.major_code,
    figure.period,
    cast(round(figure.employment) as bigint) as employment,
    figure.employment_status,
    round(cast(100.0 * figure.employment / area_total.employment as decimal(18, 9)), 6) as employment_share_pct,
    figure.location_quotient,
    figure.employment_rse_pct,
    case
        when figure.employment_rse_pct is null then null
        when figure.employment_rse_pct < parameter.a_below then 'A'
        when figure.employment_rse_pct < parameter.b_below then 'B'
        when figure.employment_rse_pct < parameter.c_below then 'C'
        else 'D'
    end as reliability,
    -- rounded as decimals, in which half is half: doubles would round by the engine that computes them;
    -- greatest() ignores missing values, so a withheld figure would come out as 0
    case when figure.employment_rse_pct is not null
         then round(
             cast(
                 greatest(figure.employment * (1 - parameter.interval_z * figure.employment_rse_pct / 100), 0)
                 as decimal(18, 6)
             ), 3
         )
    end as employment_low,
    round(
        cast(figure.employment * (1 + parameter.interval_z * figure.employment_rse_pct / 100) as decimal(18, 6)), 3
    ) as employment_high,
    cast(round(figure.wage_mean_usd) as bigint) as wage_mean_usd,
    case
        when figure.wage_mean_status = 'not_applicable' and figure.wage_mean_hourly_usd is not null then 'hourly_only'
        else figure.wage_mean_status
    end as wage_mean_status,
    cast(round(figure.wage_p10_usd) as bigint) as wage_p10_usd,
    case
        when figure.wage_p10_status = 'not_applicable' and figure.wage_p10_hourly_usd is not null then 'hourly_only'
        else figure.wage_p10_status
    end as wage_p10_status,
    cast(round(figure.wage_p25_usd) as bigint) as wage_p25_usd,
    case
        when figure.wage_p25_status = 'not_applicable' and figure.wage_p25_hourly_usd is not null then 'hourly_only'
        else figure.wage_p25_status
    end as wage_p25_status,
    cast(round(figure.wage_p50_usd) as bigint) as wage_p50_usd,
    case
        when figure.wage_p50_status = 'not_applicable' and figure.wage_p50_hourly_usd is not null then 'hourly_only'
        else figure.wage_p50_status
    end as wage_p50_status,
    cast(round(figure.wage_p75_usd) as bigint) as wage_p75_usd,
    case
        when figure.wage_p75_status = 'not_applicable' and figure.wage_p75_hourly_usd is not null then 'hourly_only'
        else figure.wage_p75_status
    end as wage_p75_status,
    cast(round(figure.wage_p90_usd) as bigint) as wage_p90_usd,
    case
        when figure.wage_p90_status = 'not_applicable' and figure.wage_p90_hourly_usd is not null then 'hourly_only'
        else figure.wage_p90_status
    end as wage_p90_status,
    figure.wage_mean_hourly_usd,
    figure.wage_mean_hourly_status,
    figure.wage_p10_hourly_usd,
    figure.wage_p10_hourly_status,
    figure.wage_p25_hourly_usd,
    figure.wage_p25_hourly_status,
    figure.wage_p50_hourly_usd,
    figure.wage_p50_hourly_status,
    figure.wage_p75_hourly_usd,
    figure.wage_p75_hourly_status,
    figure.wage_p90_hourly_usd,
    figure.wage_p90_hourly_status,
    round(cast(100.0 * (figure.wage_p50_usd / area_total.wage_p50_usd - 1) as decimal(18, 9)), 4)
        as wage_premium_pct,
    membership.clusters,
    membership.main_cluster_id,
    membership.cluster_ids
from figure
inner join reference.oews_occupation as occupation on occupation.soc_code = figure.soc_code
inner join area_total on area_total.area_id = figure.area_id
left join membership on membership.soc_code = figure.soc_code
cross join parameter
order by figure.area_id, figure.soc_code
