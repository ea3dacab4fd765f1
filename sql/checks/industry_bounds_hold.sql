-- What is published lies within the bounds, and the status tells how much is withheld.
-- table: marts.industry_indicators
-- severity: error
-- expected: low <= published jobs <= high; ok without withheld cells and then all three equal; withheld without jobs
select area_id, level, cluster_id, sub_cluster_id, ownership, year, employment, employment_low, employment_high, status
from marts.industry_indicators
where employment_low > employment_high + 0.001
    or employment > employment_low + 0.001
    or (status = 'ok') <> (cells_withheld = 0)
    or (status = 'withheld') <> (cells_withheld = cells)
    or (status = 'ok' and (employment is null or abs(employment - employment_low) > 0.001 or abs(employment - employment_high) > 0.001))
    or (status = 'withheld' and (employment is not null or wages_usd is not null))
order by area_id, level, cluster_id, sub_cluster_id, ownership, year
