-- Pairs of industries of two NAICS editions that share establishments, each with its home in its own edition.
select
    change.first_year as year,
    change.naics_code_before,
    change.naics_code,
    before.cluster_id as cluster_id_before,
    before.sub_cluster_id as sub_cluster_id_before,
    now.cluster_id,
    now.sub_cluster_id
from seed.naics_change as change
inner join core.industry_home as before
    on before.year = change.first_year - 1
    and before.naics_code = change.naics_code_before
inner join core.industry_home as now
    on now.year = change.first_year
    and now.naics_code = change.naics_code
order by change.first_year, change.naics_code_before, change.naics_code
