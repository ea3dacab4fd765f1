-- Changes in what QCEW publishes that mark the figures they touch.
select coverage_break, own_code, first_year, coverage_meaning, coverage_basis
from seed.coverage_break
order by own_code, first_year
