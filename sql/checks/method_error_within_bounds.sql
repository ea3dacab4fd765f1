-- Percentiles by the method keep their documented accuracy on groups whose own figures it did not see, means where what
-- is withheld was filled in. Where too few groups can be tested nothing is said; a comparison that is missing fails.
-- table: quality.method_accuracy
-- severity: error
-- expected: p50 of states within 0.85 percent, metros 0.9 (95 percent published) and 1.25 (all), minor groups 0.55
with

bound as (
    select
        unnest(['state', 'metro', 'metro', 'national', 'national', 'state']) as area_type,
        unnest(
            ['major group', 'major group', 'major group', 'minor group', 'major group', 'major group']
        ) as grouping,
        unnest(['all', '95_to_100', 'all', 'all', 'all', 'all']) as coverage_band,
        unnest(['p50', 'p50', 'p50', 'p50', 'mean', 'mean']) as statistic,
        unnest([0.85, 0.90, 1.25, 0.55, 0.20, 0.50]) as bound_pct
),

tested as (
    select count(*) > 0 as is_tested
    from quality.method_accuracy
    where grouping = 'major group'
        and coverage_band = 'all'
        and groups >= 200
),

compared as (
    select
        bound.*,
        pooled.groups,
        case when bound.statistic = 'mean' then pooled.mean_abs_error_pct else pooled.median_abs_error_pct end
            as error_pct
    from bound
    left join quality.method_accuracy as pooled
        on pooled.method = 'pooled'
        and pooled.area_type = bound.area_type
        and pooled.grouping = bound.grouping
        and pooled.coverage_band = bound.coverage_band
        and pooled.statistic = bound.statistic
)

select compared.*
from compared
inner join tested on tested.is_tested
where coalesce(compared.groups, 0) < 1
    or compared.error_pct is null
    or compared.error_pct > compared.bound_pct
order by compared.area_type, compared.grouping, compared.statistic
