select area_id, year, own_code, naics_code, establishments, employment, wages_usd, status, area_id as published_for
    from raw.qcew
    union all
    -- a region has the cells of its counties, in the years for which all of them have figures
    select
        county.region_area_id as area_id,
        cell.year,
        cell.own_code,
        cell.naics_code,
        cell.establishments,
        cell.employment,
        cell.wages_usd,
        cell.status,
        cell.area_id as published_for
    from core.region_county as county
    inner join raw.qcew as cell
        on cell.area_id = county.area_id
        and cell.year = county.year
    where county.is_whole_region
