-- Institutions of IPEDS with their place: county, and metro area by the delineation that OEWS uses.
select
    institution.unit_id,
    institution.institution_name,
    institution.state_id,
    institution.county_fips,
    county.cbsa_area_id as metro_area_id,
    institution.control,
    distance.unit_id is not null as is_distance,
    institution.listed_year
from raw.ipeds_institution as institution
left join seed.county as county on county.county_fips = institution.county_fips
left join seed.distance_institution as distance on distance.unit_id = institution.unit_id
order by institution.unit_id
