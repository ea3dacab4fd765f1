-- Rows of the tables that neither an overlay, nor a policy, nor the years of QCEW make longer or shorter.
-- table: marts.occupation_indicators
-- bound: 25
select 'core.occupation_wage' as key, count(*) as figure
from core.occupation_wage
union all
select 'marts.occupation_indicators' as key, count(*) as figure
from marts.occupation_indicators
union all
select 'marts.occupation_outlook' as key, count(*) as figure
from marts.occupation_outlook
union all
select 'marts.soc_allocation' as key, count(*) as figure
from marts.soc_allocation
union all
select 'reference.naics_sub_cluster' as key, count(*) as figure
from reference.naics_sub_cluster
union all
select 'reference.soc' as key, count(*) as figure
from reference.soc
order by key
