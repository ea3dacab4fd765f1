-- Clusters and sub-clusters that do not hold the same industries before and after a change of NAICS edition: at least
-- one industry of theirs exchanges establishments with an industry of another home. Such a change moves jobs between
-- clusters although nobody's work has changed, so no growth of all their jobs is given across it.
with

link as (
    select *, naics_code_before || ' to ' || naics_code as move
    from core.naics_link
),

crossing as (
    select
        year,
        'cluster' as level,
        unnest([cluster_id_before, cluster_id]) as cluster_id,
        'all' as sub_cluster_id,
        move
    from link
    where cluster_id_before <> cluster_id
    union all
    select
        year,
        'sub_cluster' as level,
        case when side.is_before then cluster_id_before else cluster_id end as cluster_id,
        case when side.is_before then sub_cluster_id_before else sub_cluster_id end as sub_cluster_id,
        move
    from link
    cross join (select unnest([true, false]) as is_before) as side
    where cluster_id_before <> cluster_id
        or sub_cluster_id_before <> sub_cluster_id
)

select
    year,
    level,
    cluster_id,
    sub_cluster_id,
    count(*) as moves,
    min(move) as example_move
from crossing
group by year, level, cluster_id, sub_cluster_id
order by year, level, cluster_id, sub_cluster_id
