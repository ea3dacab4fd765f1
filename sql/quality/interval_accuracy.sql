-- How far estimates of withheld jobs lie from the truth and how often their 90 percent intervals hold it, on published
-- cells that were hidden by the publisher's own pattern and estimated again. In QCEW, bounds take the interval's place.
select
    source,
    area_type,
    level,
    coverage_band,
    groups,
    held_pct,
    median_width_pct,
    interval_constant,
    median_error_pct,
    p90_error_pct,
    bias_pct,
    weighted_error_pct
from core.oews_interval_accuracy
union all
select
    source,
    area_type,
    level,
    coverage_band,
    groups,
    held_pct,
    median_width_pct,
    cast(null as double) as interval_constant,
    median_error_pct,
    p90_error_pct,
    bias_pct,
    weighted_error_pct
from core.qcew_fill_accuracy
where level in ('cluster', 'sub_cluster')
order by source, area_type, level, coverage_band
