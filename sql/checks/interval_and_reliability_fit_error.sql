-- The interval contains the figure and is as wide as its error implies; the grade is no better than that of the error.
-- table: marts.cluster_indicators
-- severity: error
-- expected: low <= employment <= high, half width = z x error (within 0.01 jobs and 1e-6), grades within thresholds
with

parameter as (
    select
        max(value) filter (where parameter = 'interval_z') as interval_z,
        max(value) filter (where parameter = 'reliability_a_below') as a_below,
        max(value) filter (where parameter = 'reliability_b_below') as b_below,
        max(value) filter (where parameter = 'reliability_c_below') as c_below
    from reference.method_parameter
)

select
    indicator.area_id,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    indicator.employment_low,
    indicator.employment,
    indicator.employment_high,
    indicator.total_error_pct,
    indicator.reliability
from marts.cluster_indicators as indicator
cross join parameter
where indicator.employment_low < 0
    or indicator.employment_low > indicator.employment
    or indicator.employment_high < indicator.employment
    or abs(
        indicator.employment_high
        - indicator.employment * (1 + parameter.interval_z * indicator.total_error_pct / 100)
    ) > 0.01 + 2e-6 * indicator.employment
    or abs(
        indicator.employment_low
        - greatest(indicator.employment * (1 - parameter.interval_z * indicator.total_error_pct / 100), 0)
    ) > 0.01 + 2e-6 * indicator.employment
    -- the error is rounded to 4 decimals, so it may meet a threshold that it lies just under
    or (indicator.reliability = 'A' and indicator.total_error_pct > parameter.a_below)
    or (indicator.reliability = 'B' and indicator.total_error_pct > parameter.b_below)
    or (indicator.reliability = 'C' and indicator.total_error_pct > parameter.c_below)
    -- what nothing caps has the grade of its error
    or (indicator.reliability_reason = 'sampling' and (
        (indicator.reliability <> 'A' and indicator.total_error_pct < parameter.a_below)
        or (indicator.reliability in ('C', 'D') and indicator.total_error_pct < parameter.b_below)
        or (indicator.reliability = 'D' and indicator.total_error_pct < parameter.c_below)
    ))
order by indicator.area_id, indicator.cluster_id, indicator.sub_cluster_id, indicator.basis
