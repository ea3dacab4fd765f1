-- Each cluster and sub-cluster from the employers' side: the sum of the shallowest published industries that lie wholly
-- in it, by area, ownership and year. Jobs are of all cells, withheld ones estimated; wages and pay are of published
-- cells; low and high bound all jobs. A row that is one withheld cell has no estimate: only sums have. Growth is of the
-- same industries in the same land: over a change of NAICS edition, industries that it ties to another home are left
-- out of both years, and where too little is left there is no growth.
with

parameter as (
    select
        max(value) filter (where parameter = 'modelled_from_pct') as modelled_from_pct,
        max(value) filter (where parameter = 'industry_min_published_pct') as min_published_pct,
        max(value) filter (where parameter = 'change_min_published_pct') as min_published_for_change_pct,
        max(value) filter (where parameter = 'industry_min_compared_pct') as min_compared_pct
    from reference.method_parameter
),

coverage_break as (
    select distinct first_year, coverage_break
    from seed.coverage_break
),

compared as (
    select
        summed.*,
        parameter.modelled_from_pct,
        parameter.min_published_pct,
        parameter.min_compared_pct,
        parameter.min_published_for_change_pct,
        case
            when nation.year is null then 'not_in_vintage'
            when summed.employment is null or summed.area_employment is null
                or nation.employment is null or nation.area_employment is null
                then 'withheld'
            when 100 - greatest(
                summed.modelled_pct, summed.area_modelled_pct, nation.modelled_pct, nation.area_modelled_pct
            ) < parameter.min_published_pct
                then 'mostly_modelled'
            else 'ok'
        end as location_quotient_status,
        nation.employment / nullif(nation.area_employment, 0) as nation_share
    from core.industry_sum as summed
    cross join parameter
    left join core.industry_nation as nation
        on nation.level = summed.level
        and nation.cluster_id = summed.cluster_id
        and nation.sub_cluster_id = summed.sub_cluster_id
        and nation.ownership = summed.ownership
        and nation.year = summed.year
),

-- what is left of a figure beside the industries that the change of edition before it, or after it, ties to other homes
sided as (
    select
        compared.*,
        edition.edition_year,
        edition.next_edition_year,
        coalesce(land.territory, '') as territory,
        compared.employment - case when back.year is null then 0 else back.tied_jobs end as kept_back,
        compared.employment - case when ahead.year is null then 0 else ahead.tied_jobs end as kept_ahead,
        coalesce(back.modelled_jobs, 0) as modelled_back,
        coalesce(ahead.modelled_jobs, 0) as modelled_ahead
    from compared
    left join core.naics_edition as edition on edition.year = compared.year
    left join core.area_territory as land
        on land.area_id = compared.area_id
        and land.year = compared.year
    left join core.industry_tied_jobs as back
        on back.area_id = compared.area_id
        and back.level = compared.level
        and back.cluster_id = compared.cluster_id
        and back.sub_cluster_id = compared.sub_cluster_id
        and back.ownership = compared.ownership
        and back.year = compared.year
        and back.is_after
    left join core.industry_tied_jobs as ahead
        on ahead.area_id = compared.area_id
        and ahead.level = compared.level
        and ahead.cluster_id = compared.cluster_id
        and ahead.sub_cluster_id = compared.sub_cluster_id
        and ahead.ownership = compared.ownership
        and ahead.year = compared.year
        and not ahead.is_after
),

-- years that a change of edition which touches the cluster lies between
broken as (
    select distinct now.year, before.year as year_from, joined.level, joined.cluster_id, joined.sub_cluster_id
    from core.naics_edition as now
    inner join core.naics_edition as before on before.year in (now.year - 1, now.year - 5)
    inner join core.industry_joined as joined
        on joined.first_year > before.year
        and joined.first_year <= now.year
),

span as (
    select now.year, before.year as year_from
    from (select distinct year from core.industry_sum) as now
    inner join (select distinct year from core.industry_sum) as before on before.year in (now.year - 1, now.year - 5)
),

paired as (
    select
        now.*,
        before.year as year_from,
        before.employment as employment_before,
        before.modelled_pct as modelled_pct_before,
        before.kept_ahead as kept_before,
        before.modelled_ahead as modelled_before,
        now.territory <> before.territory as is_other_land,
        broken.year is not null as is_broken,
        coalesce(now.edition_year = before.next_edition_year, false) as is_one_edition_apart,
        case
            when now.coverage_year > before.year then now.coverage_year
            when before.next_coverage_year <= now.year then before.next_coverage_year
        end as coverage_break_year
    from sided as now
    inner join span on span.year = now.year
    inner join sided as before
        on before.area_id = now.area_id
        and before.level = now.level
        and before.cluster_id = now.cluster_id
        and before.sub_cluster_id = now.sub_cluster_id
        and before.ownership = now.ownership
        and before.year = span.year_from
    left join broken
        on broken.year = now.year
        and broken.year_from = span.year_from
        and broken.level = now.level
        and broken.cluster_id = now.cluster_id
        and broken.sub_cluster_id = now.sub_cluster_id
),

-- the jobs of the two years that are compared, how much of the cluster they are, and how much of them is estimated
matched as (
    select
        *,
        case when is_broken then round(kept_back, 6) else employment end as jobs_to,
        case when is_broken then round(kept_before, 6) else employment_before end as jobs_from,
        case
            when not is_broken then 100.0
            when is_one_edition_apart and kept_back is not null and kept_before is not null
                then round(
                    100.0 * least(kept_back / nullif(employment, 0), kept_before / nullif(employment_before, 0)), 6
                )
        end as compared_pct,
        case
            when not is_broken then greatest(modelled_pct, modelled_pct_before)
            else round(
                100.0 * greatest(
                    (employment * modelled_pct / 100 + modelled_back) / nullif(kept_back, 0),
                    (employment_before * modelled_pct_before / 100 + modelled_before) / nullif(kept_before, 0)
                ),
                6
            )
        end as compared_modelled_pct
    from paired
),

reasoned as (
    select
        *,
        case
            when is_other_land then 'territory'
            when is_broken and coalesce(compared_pct, 0) < min_compared_pct then 'industries'
        end as break_reason
    from matched
),

pair as (
    select
        *,
        case
            when break_reason is not null then 'not_comparable'
            when jobs_to is null or jobs_from is null then 'withheld'
            when 100 - coalesce(compared_modelled_pct, 0) < min_published_for_change_pct then 'mostly_modelled'
            when jobs_from = 0 or (jobs_to = 0 and year_from < year - 1) then 'no_jobs'
            else 'ok'
        end as pair_status
    from reasoned
)

select
    now.area_id,
    now.level,
    now.cluster_id,
    now.sub_cluster_id,
    now.ownership,
    now.year,
    now.establishments,
    now.employment,
    now.employment_published,
    now.modelled_pct,
    now.employment_low,
    now.employment_high,
    now.wages_usd,
    round(now.wages_usd / nullif(now.employment_published, 0), 2) as pay_annual_avg_usd,
    round(100.0 * now.employment / nullif(now.area_employment, 0), 6) as employment_share_pct,
    case
        when now.location_quotient_status = 'ok'
            then round((now.employment / nullif(now.area_employment, 0)) / nullif(now.nation_share, 0), 6)
    end as location_quotient,
    now.location_quotient_status,
    case
        when before.pair_status = 'ok'
            then round(100.0 * (before.jobs_to - before.jobs_from) / before.jobs_from, 6)
    end as employment_change_pct,
    coalesce(before.pair_status, 'not_in_vintage') as employment_change_status,
    before.break_reason as employment_change_break,
    case when before.pair_status in ('ok', 'no_jobs') then before.jobs_from end as employment_compared_from,
    case when before.pair_status in ('ok', 'no_jobs') then before.jobs_to end as employment_compared_to,
    case when before.pair_status in ('ok', 'no_jobs') then before.compared_pct end as compared_pct,
    before_coverage.coverage_break as employment_change_coverage,
    case
        when earlier.pair_status = 'ok'
            then round(100.0 * (power(earlier.jobs_to / earlier.jobs_from, 0.2) - 1), 6)
    end as employment_cagr_5yr_pct,
    coalesce(earlier.pair_status, 'not_in_vintage') as employment_cagr_5yr_status,
    earlier.break_reason as employment_cagr_5yr_break,
    case when earlier.pair_status = 'ok' then earlier.compared_pct end as employment_cagr_5yr_compared_pct,
    earlier_coverage.coverage_break as employment_cagr_5yr_coverage,
    case
        when now.cells_withheld = 0 then 100.0
        else round(100.0 * coalesce(now.employment_published, 0) / nullif(now.employment_high, 0), 6)
    end as disclosed_pct,
    now.cells,
    now.cells_withheld,
    case
        when now.employment is null then 'withheld'
        when now.modelled_pct >= now.modelled_from_pct then 'modelled'
        else 'ok'
    end as status
from compared as now
left join pair as before
    on before.area_id = now.area_id
    and before.level = now.level
    and before.cluster_id = now.cluster_id
    and before.sub_cluster_id = now.sub_cluster_id
    and before.ownership = now.ownership
    and before.year = now.year
    and before.year_from = now.year - 1
left join pair as earlier
    on earlier.area_id = now.area_id
    and earlier.level = now.level
    and earlier.cluster_id = now.cluster_id
    and earlier.sub_cluster_id = now.sub_cluster_id
    and earlier.ownership = now.ownership
    and earlier.year = now.year
    and earlier.year_from = now.year - 5
left join coverage_break as before_coverage on before_coverage.first_year = before.coverage_break_year
left join coverage_break as earlier_coverage on earlier_coverage.first_year = earlier.coverage_break_year
order by now.year, now.area_id, now.ownership, now.level, now.cluster_id, now.sub_cluster_id
