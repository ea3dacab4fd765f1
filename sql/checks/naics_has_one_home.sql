-- Every NAICS code has exactly one home, in a cluster of the framework.
-- table: reference.naics_sub_cluster
-- severity: error
-- expected: one row for each code of reference.naics, and none for codes it does not know
with

home as (
    select naics_code, count(*) as homes, count(cluster_id) as homes_in_cluster
    from reference.naics_sub_cluster
    where code_system = 'naics_2022'
    group by naics_code
)

select
    coalesce(industry.naics_code, home.naics_code) as naics_code,
    industry.naics_title,
    coalesce(home.homes, 0) as homes
from reference.naics as industry
full outer join home on home.naics_code = industry.naics_code
where industry.naics_code is null
    or coalesce(home.homes, 0) <> 1
    or home.homes_in_cluster <> 1
order by naics_code
