-- Nothing withheld becomes zero: without a figure there is no share, quotient, error or interval, and the status
-- says why.
-- table: marts.cluster_indicators
-- severity: error
-- expected: employment is missing exactly when the status is withheld or no_occupations, and with it all that derives
select area_id, cluster_id, sub_cluster_id, basis, status, employment, employment_share_pct, location_quotient
from marts.cluster_indicators
where (status in ('withheld', 'no_occupations')) <> (employment is null)
    or (employment is null) <> (employment_share_pct is null)
    or (employment is null and location_quotient is not null)
    or (employment is null and employment_rse_pct is not null)
    or (employment_rse_pct is null) <> (reliability is null)
    or (employment is null or employment_rse_pct is null) <> (employment_low is null)
    or (employment is null or employment_rse_pct is null) <> (employment_high is null)
    or (basis = 'duplicated' and employment = 0)
order by area_id, cluster_id, sub_cluster_id, basis
