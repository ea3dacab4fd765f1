-- The areas of a state in the order of an export; with $shared also metro areas of other states that reach into it.
select
    area_id,
    area_name,
    area_type,
    state_id,
    case area_type when 'state' then 1 when 'region' then 2 when 'county' then 4 else 3 end as area_rank
from reference.area
where state_id = $state
    or (
        $shared
        and area_id in (
            select county.cbsa_area_id
            from reference.area as county
            where county.state_id = $state and county.area_type = 'county'
        )
    )
order by area_rank, area_name, area_id
