-- Figures of every detailed occupation in every area, its standing against the area, and its clusters.
with

parameter as (
    select
        max(value) filter (where parameter = 'interval_z') as interval_z,
        max(value) filter (where parameter = 'reliability_a_below') as a_below,
        max(value) filter (where parameter = 'reliability_b_below') as b_below,
        max(value) filter (where parameter = 'reliability_c_below') as c_below
    from reference.method_parameter
),

area_total as (
    select area_id, cast(employment as double) as employment, wage_p50_usd
    from core.oews_area_occupation
    where occupation_group = 'total'
),

occupation_cluster as (
    select soc_code, cluster_id, sum(weight) as weight
    from marts.soc_allocation
    group by soc_code, cluster_id
),

membership as (
    select
        soc_code,
        count(*) as clusters,
        string_agg(cluster_id, ', ' order by weight desc, cluster_id) as cluster_ids,
        arg_max(cluster_id, weight) as main_cluster_id
    from occupation_cluster
    group by soc_code
)

select
    figure.area_id,
    figure.soc_code,
    occupation.occupation_name,
    occupation.major_code,
    figure.period,
    figure.employment,
    figure.employment_status,
    round(100.0 * figure.employment / area_total.employment, 6) as employment_share_pct,
    figure.location_quotient,
    figure.employment_rse_pct,
    case
        when figure.employment_rse_pct is null then null
        when figure.employment_rse_pct < parameter.a_below then 'A'
        when figure.employment_rse_pct < parameter.b_below then 'B'
        when figure.employment_rse_pct < parameter.c_below then 'C'
        else 'D'
    end as reliability,
    -- greatest() passes over missing values, so a withheld figure must not come near it
    case when figure.employment is not null
         then round(greatest(figure.employment * (1 - parameter.interval_z * figure.employment_rse_pct / 100), 0), 3)
    end as employment_low,
    round(figure.employment * (1 + parameter.interval_z * figure.employment_rse_pct / 100), 3) as employment_high,
    coalesce(
        figure.wage_mean_usd, case when figure.wage_mean_usd_status = 'top_coded' then release.top_code_annual_usd end
    ) as wage_mean_usd,
    figure.wage_mean_usd_status as wage_mean_status,
    coalesce(figure.wage_p10_usd, case when figure.wage_p10_usd_status = 'top_coded' then release.top_code_annual_usd end)
        as wage_p10_usd,
    figure.wage_p10_usd_status as wage_p10_status,
    coalesce(figure.wage_p25_usd, case when figure.wage_p25_usd_status = 'top_coded' then release.top_code_annual_usd end)
        as wage_p25_usd,
    figure.wage_p25_usd_status as wage_p25_status,
    coalesce(figure.wage_p50_usd, case when figure.wage_p50_usd_status = 'top_coded' then release.top_code_annual_usd end)
        as wage_p50_usd,
    figure.wage_p50_usd_status as wage_p50_status,
    coalesce(figure.wage_p75_usd, case when figure.wage_p75_usd_status = 'top_coded' then release.top_code_annual_usd end)
        as wage_p75_usd,
    figure.wage_p75_usd_status as wage_p75_status,
    coalesce(figure.wage_p90_usd, case when figure.wage_p90_usd_status = 'top_coded' then release.top_code_annual_usd end)
        as wage_p90_usd,
    figure.wage_p90_usd_status as wage_p90_status,
    figure.wage_p50_hourly_usd,
    figure.wage_p50_hourly_usd_status as wage_p50_hourly_status,
    round(100.0 * (coalesce(
        figure.wage_p50_usd, case when figure.wage_p50_usd_status = 'top_coded' then release.top_code_annual_usd end
    ) / area_total.wage_p50_usd - 1), 4) as wage_premium_pct,
    membership.clusters,
    membership.main_cluster_id,
    membership.cluster_ids
from core.oews_area_occupation as figure
inner join reference.oews_occupation as occupation on occupation.soc_code = figure.soc_code
inner join area_total on area_total.area_id = figure.area_id
left join membership on membership.soc_code = figure.soc_code
cross join raw.oews_release as release
cross join parameter
where figure.occupation_group = 'detailed'
order by figure.area_id, figure.soc_code
