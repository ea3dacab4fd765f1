-- Every industry of QCEW has a home, but for establishments that the publisher could not classify.
-- table: core.qcew_industry
-- severity: error
-- expected: only codes of sector 99 are unassigned
select year, naics_code
from core.qcew_industry
where depth >= 3
    and cluster_id = 'unassigned'
    and left(naics_code, 2) <> '99'
order by year, naics_code
