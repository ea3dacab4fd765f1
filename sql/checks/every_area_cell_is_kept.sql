-- No cell of the OEWS area file is lost or multiplied on its way from the raw table.
-- table: core.oews_area_occupation
-- severity: error
-- expected: the same cells as raw.oews_area_occupation, each once, with the same employment, mean and median wage
with

kept as (
    select
        area_id,
        soc_code,
        count(*) as kept_rows,
        max(employment) as employment,
        max(wage_mean_usd) as wage_mean_usd,
        max(wage_p50_usd) as wage_p50_usd
    from core.oews_area_occupation
    group by area_id, soc_code
)

select
    coalesce(source.area_id, kept.area_id) as area_id,
    coalesce(source.soc_code, kept.soc_code) as soc_code,
    coalesce(kept.kept_rows, 0) as kept_rows,
    source.employment as source_employment,
    kept.employment
from raw.oews_area_occupation as source
full outer join kept
    on kept.area_id = source.area_id
    and kept.soc_code = source.soc_code
where source.area_id is null
    or kept.area_id is null
    or kept.kept_rows <> 1
    or kept.employment is distinct from source.employment
    or kept.wage_mean_usd is distinct from source.wage_mean_usd
    or kept.wage_p50_usd is distinct from source.wage_p50_usd
order by area_id, soc_code
