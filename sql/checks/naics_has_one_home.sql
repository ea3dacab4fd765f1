-- Every NAICS code has exactly one home: a cluster of the framework, or no_home where no kind of work prevails.
-- table: reference.naics_sub_cluster
-- severity: error
-- expected: one row for each code of reference.naics, and none for codes it does not know
-- keys: naics_code
with

found as (
    select naics_code
    from reference.naics_sub_cluster
    where code_system = 'naics_2022'
        and cluster_id is not null
),

expected as (
    select naics_code
    from reference.naics
)

select * from differences
