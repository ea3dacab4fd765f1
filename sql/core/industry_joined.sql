-- Industries that a change of NAICS edition ties to another home. Codes that share establishments are joined into
-- groups. A group with one home moves no job between homes, and counts. A group with several homes has no level at
-- which it belongs to one of them: all its industries are listed here and left out at both ends of a comparison.
with recursive

-- the two sides of each pair, at the level of clusters and of sub-clusters
link as (
    select
        year,
        unnest(['cluster', 'sub_cluster']) as level,
        naics_code_before,
        naics_code,
        cluster_id_before <> cluster_id as moves_cluster,
        cluster_id_before <> cluster_id or sub_cluster_id_before <> sub_cluster_id as moves_sub_cluster
    from core.naics_link
),

side as (
    select year, level, naics_code_before as naics_code, false as is_after, naics_code as other_code
    from link
    union all
    select year, level, naics_code, true as is_after, naics_code_before as other_code
    from link
),

-- from the pairs that cross homes to every industry that is tied to them
tied as (
    select year, level, unnest([naics_code_before, naics_code]) as naics_code, unnest([false, true]) as is_after
    from link
    where case when level = 'cluster' then moves_cluster else moves_sub_cluster end
    union
    select side.year, side.level, side.other_code as naics_code, not side.is_after as is_after
    from tied
    inner join side
        on side.year = tied.year
        and side.level = tied.level
        and side.naics_code = tied.naics_code
        and side.is_after = tied.is_after
)

select
    tied.year as first_year,
    tied.is_after,
    tied.level,
    tied.naics_code,
    home.cluster_id,
    case when tied.level = 'cluster' then 'all' else home.sub_cluster_id end as sub_cluster_id
from tied
inner join core.industry_home as home
    on home.year = tied.year - case when tied.is_after then 0 else 1 end
    and home.naics_code = tied.naics_code
order by tied.year, tied.is_after, tied.level, tied.naics_code
