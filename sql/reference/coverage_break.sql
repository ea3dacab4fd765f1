-- Changes in what QCEW publishes that mark the figures they touch.
select coverage_break, own_code, first_year, coverage_meaning, known_from
from seed.coverage_break
order by own_code, first_year
