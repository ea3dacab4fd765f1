-- Counties of metro areas with the area's median wage, those of areas that reach in from another state among them.
select
    county.state_id,
    county.state_fips,
    county.area_id as county_fips,
    metro.area_id,
    indicator.wage_p50_usd,
    indicator.wage_p50_status
from reference.area as county
inner join reference.area as metro on metro.area_id = county.cbsa_area_id
inner join marts.cluster_indicators as indicator
    on indicator.area_id = metro.area_id
    and indicator.level = 'all'
    and indicator.basis = 'unduplicated'
where county.area_type = 'county'
order by county.area_id
