-- Jobs, mean wage, error and coverage of every group of occupations in every area. Jobs are the published cells and the
-- estimates of withheld ones; the two are never mixed: what is published stands beside the sum. In a region, an area
-- counts by its share, and an occupation as published by the share of the region whose areas publish it.
with

parameter as (
    select
        max(value) filter (where parameter = 'interval_z') as interval_z,
        max(value) filter (where parameter = 'sampling_divisor') as sampling_divisor
    from reference.method_parameter
),

part as (
    select
        part.area_id,
        part.part_area_id,
        part.share,
        constant.interval_constant,
        -- where one area's total is missing, the shares of all are unknown
        case when count(total.employment) over of_area = count(*) over of_area
             then part.share * total.employment / sum(part.share * total.employment) over of_area end as area_share
    from core.area_part as part
    inner join reference.area as area on area.area_id = part.part_area_id
    left join core.interval_constant as constant on constant.area_type = area.area_type
    left join core.occupation_wage as total
        on total.area_id = part.part_area_id
        and total.occupation_group = 'total'
    window of_area as (partition by part.area_id)
),

-- listed without a figure or not listed at all, an occupation has an estimate where there is room for its jobs
figure as (
    select
        coalesce(wage.area_id, estimate.area_id) as area_id,
        coalesce(wage.soc_code, estimate.soc_code) as soc_code,
        wage.soc_code is not null as is_listed,
        estimate.employment_published,
        coalesce(estimate.employment_estimate, 0) as employment,
        coalesce(estimate.is_modelled, false) as is_modelled,
        estimate.employment_rse_pct,
        estimate.wage_mean_estimate_usd as wage_mean_usd,
        coalesce(estimate.is_wage_mean_modelled, true) as is_wage_mean_modelled,
        coalesce(estimate.is_wage_mean_lower_bound, false) as is_wage_mean_lower_bound,
        coalesce(wage.has_percentiles, false) as has_percentiles
    from (select * from core.occupation_wage where occupation_group = 'detailed') as wage
    full outer join core.occupation_estimate as estimate
        on estimate.area_id = wage.area_id
        and estimate.soc_code = wage.soc_code
),

cell as (
    select
        part.area_id,
        figure.soc_code,
        bool_or(figure.is_listed) as is_listed,
        sum(part.share * figure.employment) as employment,
        sum(part.share * figure.employment_published) as employment_published,
        coalesce(sum(part.area_share) filter (where figure.employment_published is not null), 0) as published_share,
        -- a missing error is not an error of zero
        case when count(figure.employment_published)
                = count(figure.employment_rse_pct) filter (where figure.employment_published is not null)
             then coalesce(
                 sum(power(part.share * figure.employment_published * figure.employment_rse_pct / 100, 2)), 0
             )
        end as sampling_variance,
        coalesce(
            sum(power(part.share * part.interval_constant, 2) * power(figure.employment, 1.5))
                filter (where figure.is_modelled), 0
        ) as modelling_variance,
        coalesce(
            sum(part.share * part.interval_constant * figure.employment) filter (where figure.is_modelled), 0
        ) as modelling_common,
        sum(part.share * figure.employment * figure.wage_mean_usd) as wages_usd,
        coalesce(sum(part.share * figure.employment) filter (where figure.wage_mean_usd is not null), 0)
            as mean_employment,
        coalesce(sum(part.share * figure.employment_published) filter (where not figure.is_wage_mean_modelled), 0)
            as published_mean_employment,
        coalesce(sum(part.share * figure.employment_published) filter (where figure.has_percentiles), 0)
            as published_percentile_employment,
        bool_or(figure.is_wage_mean_lower_bound and figure.employment > 0) as has_top_coded_mean
    from part
    inner join figure on figure.area_id = part.part_area_id
    group by part.area_id, figure.soc_code
),

-- numbers as keys: they group and sort faster than text
numbered_group as (
    select
        scheme,
        group_id,
        soc_code,
        weight,
        evidence_weight,
        dense_rank() over (order by scheme, group_id) as group_no
    from core.occupation_group
),

numbered_area as (
    select area_id, scheme, row_number() over (order by area_id) as area_no
    from core.area_group_scheme
),

nation as (
    select soc_code, employment as national_employment
    from cell
    where area_id = 'US'
),

defined as (
    select
        numbered_group.group_id,
        numbered_group.group_no,
        count(*) as occupations_defined,
        cast(sum(cast(numbered_group.weight * nation.national_employment as decimal(18, 9))) as double)
            as national_employment
    from numbered_group
    left join nation on nation.soc_code = numbered_group.soc_code
    where not starts_with(numbered_group.group_id, 'occupation/')
    group by numbered_group.group_id, numbered_group.group_no
),

-- the nation is joined to the groups, which are few, and not to their cells
valued_group as (
    select numbered_group.*, nation.national_employment
    from numbered_group
    left join nation on nation.soc_code = numbered_group.soc_code
),

-- as decimals, so that sums are the same in whatever order they are added up
weighed as (
    select
        numbered_area.area_no,
        valued_group.group_no,
        cell.is_listed,
        cell.has_top_coded_mean,
        cast(valued_group.weight * cell.employment as decimal(18, 9)) as employment,
        cast(valued_group.weight * cell.employment_published as decimal(18, 9)) as employment_published,
        cast(valued_group.evidence_weight * cell.employment as decimal(18, 9)) as evidence_employment,
        cast(power(valued_group.weight, 2) * cell.sampling_variance as decimal(28, 12)) as sampling_variance,
        cast(power(valued_group.weight, 2) * cell.modelling_variance as decimal(28, 12)) as modelling_variance,
        cast(valued_group.weight * cell.modelling_common as decimal(18, 9)) as modelling_common,
        cast(valued_group.weight * cell.wages_usd as decimal(18, 4)) as wages_usd,
        cast(valued_group.weight * cell.mean_employment as decimal(18, 9)) as mean_employment,
        cast(valued_group.weight * cell.published_mean_employment as decimal(18, 9)) as published_mean_employment,
        cast(valued_group.weight * cell.published_percentile_employment as decimal(18, 9))
            as published_percentile_employment,
        cast(valued_group.weight * valued_group.national_employment * cell.published_share as decimal(18, 9))
            as national_employment_published
    from cell
    inner join numbered_area on numbered_area.area_id = cell.area_id
    inner join valued_group
        on valued_group.soc_code = cell.soc_code
        and valued_group.scheme = numbered_area.scheme
),

totals as (
    select
        area_no,
        group_no,
        count(*) filter (where is_listed) as occupations,
        count(*) filter (where is_listed and employment_published is null) as occupations_without_employment,
        cast(sum(employment) as double) as employment,
        cast(sum(employment_published) as double) as employment_published,
        cast(sum(evidence_employment) as double) as evidence_employment,
        case when count(*) = count(sampling_variance) then sqrt(cast(sum(sampling_variance) as double)) end
            as sampling_error,
        cast(sum(modelling_variance) as double) as modelling_variance,
        cast(sum(modelling_common) as double) as modelling_common,
        cast(sum(wages_usd) as double) as wages_usd,
        cast(sum(mean_employment) as double) as mean_employment,
        cast(sum(published_mean_employment) as double) as published_mean_employment,
        cast(sum(published_percentile_employment) as double) as published_percentile_employment,
        bool_or(has_top_coded_mean) as has_top_coded_mean,
        cast(coalesce(sum(national_employment_published), 0) as double) as national_employment_published
    from weighed
    group by area_no, group_no
)

select
    numbered_area.area_id,
    defined.group_id,
    defined.occupations_defined,
    totals.occupations,
    totals.occupations_without_employment,
    totals.employment,
    totals.employment_published,
    totals.evidence_employment,
    round(100 * totals.sampling_error / nullif(totals.employment_published, 0), 9) as employment_rse_pct,
    round(totals.sampling_error / parameter.sampling_divisor, 6) as sampling_error,
    -- estimated cells err each by itself, and together the more, the larger their share of the group's jobs
    round(
        sqrt(
            totals.modelling_variance
            + power(totals.modelling_common, 2)
            * coalesce(1 - coalesce(totals.employment_published, 0) / nullif(totals.employment, 0), 0)
        ) / parameter.interval_z, 6
    ) as modelling_error,
    round(totals.wages_usd / nullif(totals.mean_employment, 0), 6) as wage_mean_usd,
    totals.has_top_coded_mean,
    round(100.0 * totals.mean_employment / nullif(totals.employment, 0), 9) as wage_mean_complete_pct,
    round(100.0 * totals.published_mean_employment / nullif(totals.employment, 0), 9) as wage_mean_coverage_pct,
    round(100.0 * totals.published_percentile_employment / nullif(totals.employment, 0), 9) as wage_coverage_pct,
    totals.national_employment_published,
    defined.national_employment,
    round(100.0 * totals.national_employment_published / nullif(defined.national_employment, 0), 9) as coverage_pct
from totals
inner join defined on defined.group_no = totals.group_no
inner join numbered_area on numbered_area.area_no = totals.area_no
cross join parameter
order by numbered_area.area_id, defined.group_id
