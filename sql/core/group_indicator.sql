-- Indicators of every area: its total, each cluster and sub-cluster of its scheme on every basis, and each legacy
-- cluster. Totals are as published. Groups are sums of published and estimated cells, percentiles of their pooled wage
-- distributions, and the total error of both. Status, lower bounds of top-coded wages, interval and grade are decided
-- here for all marts that show groups.
with

parameter as (
    select
        max(value) filter (where parameter = 'interval_z') as interval_z,
        max(value) filter (where parameter = 'reliability_a_below') as a_below,
        max(value) filter (where parameter = 'reliability_b_below') as b_below,
        max(value) filter (where parameter = 'reliability_c_below') as c_below,
        max(value) filter (where parameter = 'evidence_a_from_pct') as evidence_a_from,
        max(value) filter (where parameter = 'evidence_b_from_pct') as evidence_b_from,
        max(value) filter (where parameter = 'evidence_c_from_pct') as evidence_c_from,
        max(value) filter (where parameter = 'modelled_a_up_to_pct') as modelled_a_up_to,
        max(value) filter (where parameter = 'modelled_b_up_to_pct') as modelled_b_up_to,
        max(value) filter (where parameter = 'modelled_c_up_to_pct') as modelled_c_up_to,
        max(value) filter (where parameter = 'coverage_a_from_pct') as coverage_a_from,
        max(value) filter (where parameter = 'modelled_from_pct') as modelled_from,
        max(value) filter (where parameter = 'lq_min_published_pct') as lq_min_published
    from reference.method_parameter
),

-- figures of a region are those of its areas, which may cover only a part of it
figure as (
    select *, 100.0 as region_coverage_pct
    from core.occupation_wage
    where occupation_group in ('detailed', 'total')
    union all by name
    select wage.*, coverage.region_coverage_pct
    from core.region_wage as wage
    left join marts.region_coverage as coverage on coverage.area_id = wage.area_id
),

area as (
    select *
    from figure
    where occupation_group = 'total'
),

detail as (
    select
        area_id,
        count(*) as occupations,
        count(*) - count(employment) as occupations_without_employment,
        sum(employment) as employment
    from figure
    where occupation_group = 'detailed'
    group by area_id
),

total_row as (
    select
        area.*,
        area.employment as employment_published,
        0.0 as modelled_pct,
        100.0 as evidence_pct,
        area.employment_rse_pct * area.employment / 100 as sampling_error,
        0.0 as modelling_error,
        'all' as level,
        'all' as cluster_id,
        'all' as sub_cluster_id,
        basis.basis,
        100.0 as employment_share_pct,
        1.0 as location_quotient,
        100.0 * coalesce(detail.employment, 0) / area.employment * (area.region_coverage_pct / 100) as coverage_pct,
        case when area.wage_p50_usd is null then 0.0 else 100.0 end as wage_coverage_pct,
        area.wage_p50_usd as wage_p50_of_all_usd,
        coalesce(detail.occupations, 0) as occupations,
        coalesce(detail.occupations_without_employment, 0) as occupations_without_employment,
        true as has_occupations,
        area.region_coverage_pct as complete_pct
    from area
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = area.area_id
    inner join (select distinct scheme, basis from core.scheme_node) as basis on basis.scheme = area_scheme.scheme
    left join detail on detail.area_id = area.area_id
),

-- every node has a row in every area of its scheme, whatever is known of it; regions have no legacy clusters
node as (
    select scheme, basis, level, cluster_id, sub_cluster_id
    from core.scheme_node
    union all
    select
        scheme.scheme,
        'former' as basis,
        'legacy_cluster' as level,
        legacy.legacy_cluster_id as cluster_id,
        'all' as sub_cluster_id
    from (select distinct scheme from core.scheme_node) as scheme
    cross join reference.legacy_cluster as legacy
    where right(scheme.scheme, 8) <> '_regions'
),

group_with_occupations as (
    select distinct scheme, group_id
    from core.occupation_group
),

-- the median of all jobs pooled as those of the groups are, so that like is compared with like
all_jobs as (
    select area_id, wage_p50_usd
    from core.group_percentile
    where group_id = 'publisher/00-0000/all'
),

pooled as (
    select
        area.area_id,
        node.level,
        node.cluster_id,
        node.sub_cluster_id,
        node.basis,
        area.employment as area_employment,
        nation.employment as nation_employment,
        case when total.employment > 0 then total.employment end as employment,
        case when total.employment > 0 then coalesce(total.employment_published, 0) end as employment_published,
        -- rounded parts of a small area may add up to a little more than their whole
        case
            when total.employment > 0 then least(100.0 * total.evidence_employment / total.employment, 100.0)
        end as evidence_pct,
        total.national_employment,
        total.employment_rse_pct,
        total.sampling_error,
        total.modelling_error,
        total.wage_mean_usd,
        total.has_top_coded_mean,
        total.wage_mean_complete_pct,
        total.wage_mean_coverage_pct,
        case when defined.group_id is not null then coalesce(total.wage_coverage_pct, 0) end as wage_coverage_pct,
        100.0 * percentile.wage_employment / nullif(total.employment, 0) as wage_complete_pct,
        all_jobs.wage_p50_usd as wage_p50_of_all_usd,
        case
            when defined.group_id is not null then coalesce(total.coverage_pct, 0) * (area.region_coverage_pct / 100)
        end as coverage_pct,
        coalesce(total.occupations, 0) as occupations,
        coalesce(total.occupations_without_employment, 0) as occupations_without_employment,
        defined.group_id is not null as has_occupations,
        area.region_coverage_pct as complete_pct,
        -- the bound is rounded to cents
        percentile.top_coded_from_usd - 0.005 as bound_usd,
        -- from the bound on, the bound is the answer
        least(percentile.wage_p10_usd, percentile.top_coded_from_usd) as wage_p10_usd,
        least(percentile.wage_p25_usd, percentile.top_coded_from_usd) as wage_p25_usd,
        least(percentile.wage_p50_usd, percentile.top_coded_from_usd) as wage_p50_usd,
        least(percentile.wage_p75_usd, percentile.top_coded_from_usd) as wage_p75_usd,
        least(percentile.wage_p90_usd, percentile.top_coded_from_usd) as wage_p90_usd
    from area
    inner join area as nation on nation.area_id = 'US'
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = area.area_id
    inner join node on node.scheme = area_scheme.scheme
    left join all_jobs on all_jobs.area_id = area.area_id
    left join group_with_occupations as defined
        on defined.scheme = node.scheme
        and defined.group_id = node.basis || '/' || node.cluster_id || '/' || node.sub_cluster_id
    left join core.group_total as total
        on total.area_id = area.area_id
        and total.group_id = defined.group_id
    left join core.group_percentile as percentile
        on percentile.area_id = area.area_id
        and percentile.group_id = defined.group_id
),

-- ok rests on published wages but for a trace, modelled on estimated ones too, partial leaves jobs out
measured as (
    select
        pooled.*,
        100.0 * (pooled.employment - pooled.employment_published) / pooled.employment as modelled_pct,
        case
            when not pooled.has_occupations then 'no_occupations'
            when pooled.wage_p50_usd is null then 'withheld'
            when pooled.wage_coverage_pct > 100 - parameter.modelled_from then 'ok'
            when pooled.wage_complete_pct > 100 - parameter.modelled_from then 'modelled'
            else 'partial'
        end as percentile_status
    from pooled
    cross join parameter
),

group_row as (
    select
        measured.*,
        100.0 * measured.employment / measured.area_employment as employment_share_pct,
        case
            when 100.0 - measured.modelled_pct >= parameter.lq_min_published
                then (measured.employment / measured.area_employment)
                    / nullif(measured.national_employment / measured.nation_employment, 0)
        end as location_quotient,
        case
            when not measured.has_occupations then 'no_occupations'
            when measured.wage_mean_usd is null then 'withheld'
            when measured.has_top_coded_mean then 'top_coded'
            when measured.wage_mean_coverage_pct > 100 - parameter.modelled_from then 'ok'
            when measured.wage_mean_complete_pct > 100 - parameter.modelled_from then 'modelled'
            else 'partial'
        end as wage_mean_status,
        case when measured.wage_p10_usd >= measured.bound_usd then 'top_coded' else measured.percentile_status end
            as wage_p10_status,
        case when measured.wage_p25_usd >= measured.bound_usd then 'top_coded' else measured.percentile_status end
            as wage_p25_status,
        case when measured.wage_p50_usd >= measured.bound_usd then 'top_coded' else measured.percentile_status end
            as wage_p50_status,
        case when measured.wage_p75_usd >= measured.bound_usd then 'top_coded' else measured.percentile_status end
            as wage_p75_status,
        case when measured.wage_p90_usd >= measured.bound_usd then 'top_coded' else measured.percentile_status end
            as wage_p90_status
    from measured
    cross join parameter
),

indicator as (
    select * from total_row
    union all by name
    select * from group_row
),

with_error as (
    select
        *,
        case when employment is not null then sqrt(power(sampling_error, 2) + power(modelling_error, 2)) end
            as total_error,
        100.0 * sqrt(power(sampling_error, 2) + power(modelling_error, 2)) / nullif(employment, 0) as total_error_pct
    from indicator
),

-- grades as numbers, 1 is A: by the total error, and the best that estimated cells and sharing allow
graded as (
    select
        with_error.*,
        case
            when with_error.total_error_pct < parameter.a_below then 1
            when with_error.total_error_pct < parameter.b_below then 2
            when with_error.total_error_pct < parameter.c_below then 3
            when with_error.total_error_pct is not null then 4
        end as error_grade,
        case
            when with_error.modelled_pct > parameter.modelled_c_up_to then 4
            when with_error.modelled_pct > parameter.modelled_b_up_to then 3
            when with_error.modelled_pct > parameter.modelled_a_up_to then 2
            when with_error.coverage_pct < parameter.coverage_a_from then 2
            else 1
        end as estimated_grade,
        case
            when with_error.evidence_pct < parameter.evidence_c_from then 4
            when with_error.evidence_pct < parameter.evidence_b_from then 3
            when with_error.evidence_pct < parameter.evidence_a_from then 2
            else 1
        end as sharing_grade
    from with_error
    cross join parameter
),

judged as (
    select
        *,
        case when error_grade is not null then greatest(error_grade, estimated_grade, sharing_grade) end as grade
    from graded
)

-- rounded as decimals, in which half is half: doubles would round by the engine that computes them
select
    judged.area_id,
    judged.level,
    judged.cluster_id,
    judged.sub_cluster_id,
    judged.basis,
    area.period,
    round(cast(judged.employment as decimal(18, 6)), 3) as employment,
    round(cast(judged.employment_published as decimal(18, 6)), 3) as employment_published,
    case
        when judged.modelled_pct is not null then round(cast(greatest(judged.modelled_pct, 0) as decimal(18, 9)), 4)
    end as modelled_pct,
    round(cast(judged.evidence_pct as decimal(18, 9)), 4) as evidence_pct,
    round(cast(judged.employment_share_pct as decimal(18, 9)), 6) as employment_share_pct,
    round(cast(judged.location_quotient as decimal(18, 9)), 6) as location_quotient,
    round(cast(judged.wage_mean_usd as decimal(18, 6)), 2) as wage_mean_usd,
    round(cast(judged.wage_p10_usd as decimal(18, 6)), 2) as wage_p10_usd,
    round(cast(judged.wage_p25_usd as decimal(18, 6)), 2) as wage_p25_usd,
    round(cast(judged.wage_p50_usd as decimal(18, 6)), 2) as wage_p50_usd,
    round(cast(judged.wage_p75_usd as decimal(18, 6)), 2) as wage_p75_usd,
    round(cast(judged.wage_p90_usd as decimal(18, 6)), 2) as wage_p90_usd,
    judged.wage_mean_status,
    judged.wage_p10_status,
    judged.wage_p25_status,
    judged.wage_p50_status,
    judged.wage_p75_status,
    judged.wage_p90_status,
    round(cast(100.0 * (judged.wage_p50_usd / judged.wage_p50_of_all_usd - 1) as decimal(18, 9)), 4)
        as wage_premium_pct,
    round(cast(judged.employment_rse_pct as decimal(18, 9)), 4) as employment_rse_pct,
    round(cast(judged.total_error_pct as decimal(18, 9)), 4) as total_error_pct,
    case judged.grade when 1 then 'A' when 2 then 'B' when 3 then 'C' when 4 then 'D' end as reliability,
    case
        when judged.grade = 1 then null
        when judged.sharing_grade = judged.grade then 'sharing'
        when judged.estimated_grade = judged.grade or judged.modelling_error > judged.sampling_error
            then 'estimated_cells'
        when judged.grade is not null then 'sampling'
    end as reliability_reason,
    -- greatest() ignores missing values, so a withheld figure would come out as 0
    case
        when judged.total_error is not null
            then greatest(
                round(cast(judged.employment - parameter.interval_z * judged.total_error as decimal(18, 6)), 3), 0
            )
    end as employment_low,
    round(cast(judged.employment + parameter.interval_z * judged.total_error as decimal(18, 6)), 3) as employment_high,
    round(cast(judged.coverage_pct as decimal(18, 9)), 4) as coverage_pct,
    round(cast(judged.wage_coverage_pct as decimal(18, 9)), 4) as wage_coverage_pct,
    judged.occupations,
    judged.occupations_without_employment,
    case
        when not judged.has_occupations then 'no_occupations'
        when judged.employment is null then 'withheld'
        when coalesce(judged.complete_pct, 0) < 99.9999 then 'partial'
        when judged.modelled_pct >= parameter.modelled_from or area.employment_status = 'modelled' then 'modelled'
        else 'ok'
    end as status
from judged
inner join area on area.area_id = judged.area_id
cross join parameter
order by judged.area_id, judged.basis desc, judged.level, judged.cluster_id, judged.sub_cluster_id
