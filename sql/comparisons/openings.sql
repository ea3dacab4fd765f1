-- Annual openings of all jobs in the nation and in each state. A new cycle of projections may come two years after the
-- one before, so the bound is wide.
-- table: marts.cluster_outlook
-- bound: 50
select area_id as key, annual_openings as figure
from marts.cluster_outlook
where level = 'all'
    and basis = 'unduplicated'
order by key
