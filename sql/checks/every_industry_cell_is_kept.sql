-- No cell of the OEWS industry file is lost or multiplied on its way from the raw table.
-- table: core.oews_industry_occupation
-- severity: error
-- expected: the same cells as raw.oews_industry_occupation, each once, with the same employment
with

kept as (
    select industry_code, soc_code, count(*) as kept_rows, max(employment) as employment
    from core.oews_industry_occupation
    group by industry_code, soc_code
)

select
    coalesce(source.industry_code, kept.industry_code) as industry_code,
    coalesce(source.soc_code, kept.soc_code) as soc_code,
    coalesce(kept.kept_rows, 0) as kept_rows,
    source.employment as source_employment,
    kept.employment
from raw.oews_industry_occupation as source
full outer join kept
    on kept.industry_code = source.industry_code
    and kept.soc_code = source.soc_code
where source.industry_code is null
    or kept.industry_code is null
    or kept.kept_rows <> 1
    or kept.employment is distinct from source.employment
order by industry_code, soc_code
