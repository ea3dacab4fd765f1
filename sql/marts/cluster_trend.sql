-- Jobs of each cluster over the years of QCEW, as an index. Each year follows from the year before by the change of the
-- industries that the two share (marts.industry_indicators). Where two years are not compared, the index starts anew at
-- 100 and the row says why.
with

parameter as (
    select max(value) as min_published_pct
    from reference.method_parameter
    where parameter = 'change_min_published_pct'
),

figure as (
    select
        indicator.*,
        indicator.employment_change_status = 'ok' as is_comparable,
        indicator.employment > 0 and 100 - indicator.modelled_pct >= parameter.min_published_pct as is_base,
        case
            when indicator.employment_change_status = 'ok'
                then indicator.employment_compared_to / indicator.employment_compared_from
        end as ratio
    from marts.industry_indicators as indicator
    cross join parameter
),

-- years that follow from each other
numbered as (
    select
        *,
        row_number() over place as year_no,
        sum(case when is_comparable then 0 else 1 end) over place as run_no
    from figure
    window place as (
        partition by area_id, level, cluster_id, sub_cluster_id, ownership
        order by year
        rows between unbounded preceding and current row
    )
),

chained as (
    select
        *,
        min(year) over run as base_year,
        case
            when ratio = 0 then 0.0
            else round(100 * exp(sum(coalesce(ln(nullif(ratio, 0)), 0.0)) over run), 6)
        end as chained_index,
        max(employment_change_coverage) over run as coverage_break
    from numbered
    window run as (
        partition by area_id, level, cluster_id, sub_cluster_id, ownership, run_no
        order by year
        rows between unbounded preceding and current row
    )
),

indexed as (
    select
        *,
        case when is_comparable or is_base then chained_index end as employment_index
    from chained
)

select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    ownership,
    year,
    employment,
    modelled_pct,
    employment_index,
    case when employment_index is not null then base_year end as base_year,
    employment_change_pct,
    case when is_comparable then compared_pct end as compared_pct,
    case
        when employment_index > 0 and year > base_year
            then round(100 * (power(employment_index / 100, 1.0 / (year - base_year)) - 1), 6)
    end as employment_cagr_pct,
    is_comparable,
    case
        when is_comparable then null
        when year_no = 1 then 'first_year'
        else coalesce(employment_change_break, employment_change_status)
    end as not_comparable_reason,
    case when is_comparable then coverage_break end as coverage_break,
    status
from indexed
order by year, area_id, ownership, level, cluster_id, sub_cluster_id
