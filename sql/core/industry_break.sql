-- Clusters and sub-clusters that do not hold the same industries before and after a change of NAICS edition: at least
-- one industry of theirs exchanges establishments with an industry of another home. Such a change moves jobs between
-- clusters although nobody's work has changed, so no growth is given across it.
with

link as (
    select
        change.first_year as year,
        before.cluster_id as cluster_before,
        before.sub_cluster_id as sub_cluster_before,
        now.cluster_id,
        now.sub_cluster_id,
        change.naics_code_before || ' to ' || change.naics_code as move
    from seed.naics_change as change
    inner join core.industry_home as before
        on before.year = change.first_year - 1
        and before.naics_code = change.naics_code_before
    inner join core.industry_home as now
        on now.year = change.first_year
        and now.naics_code = change.naics_code
),

crossing as (
    select year, 'cluster' as level, unnest([cluster_before, cluster_id]) as cluster_id, 'all' as sub_cluster_id, move
    from link
    where cluster_before <> cluster_id
    union all
    select
        year,
        'sub_cluster' as level,
        case when side.is_before then cluster_before else cluster_id end as cluster_id,
        case when side.is_before then sub_cluster_before else sub_cluster_id end as sub_cluster_id,
        move
    from link
    cross join (select unnest([true, false]) as is_before) as side
    where cluster_before <> cluster_id
        or sub_cluster_before <> sub_cluster_id
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
