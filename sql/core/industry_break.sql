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
        unnest([cluster_id_before, cluster_id]) as cluster_id,
        unnest([sub_cluster_id_before, sub_cluster_id]) as sub_cluster_id,
        move
    from link
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
