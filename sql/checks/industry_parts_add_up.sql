-- By industry home, the clusters add up to the area and the sub-clusters, with the part whose home is the cluster only,
-- to their cluster: establishments always, and jobs where nothing is withheld. Elsewhere the bounds of the whole and
-- the summed bounds of its parts overlap. The publisher rounds every cell, so half a unit a cell is allowed.
-- table: marts.industry_indicators
-- severity: error
-- expected: sum of parts and unassigned = whole in establishments; jobs of the whole between the sums of low and high
-- parts: year, area_id
with

part as (
    select
        area_id,
        case level when 'cluster' then 'all' else cluster_id end as cluster_id,
        ownership,
        year,
        sum(establishments) as establishments,
        sum(employment_low) as employment_low,
        case when count(employment_high) = count(*) then sum(employment_high) end as employment_high,
        sum(cells) as cells
    from marts.industry_indicators
    where level in ('cluster', 'sub_cluster')
    group by all
)

select
    whole.area_id,
    whole.cluster_id,
    whole.ownership,
    whole.year,
    whole.establishments,
    part.establishments as establishments_of_parts,
    whole.employment_low,
    part.employment_low as employment_low_of_parts,
    whole.employment_high,
    part.employment_high as employment_high_of_parts
from marts.industry_indicators as whole
left join part
    on part.area_id = whole.area_id
    and part.cluster_id = whole.cluster_id
    and part.ownership = whole.ownership
    and part.year = whole.year
where whole.level in ('all', 'cluster')
    and (
        part.area_id is null
        or abs(whole.establishments - part.establishments) > 0.5 * part.cells
        or whole.employment_high < part.employment_low - 0.5 * part.cells
        or whole.employment_low > part.employment_high + 0.5 * part.cells
    )
order by whole.area_id, whole.cluster_id, whole.ownership, whole.year
