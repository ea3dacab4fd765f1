-- Clusters, programs without an occupation and general studies have all awards between them, each once.
-- table: marts.cluster_completions
-- severity: error
-- expected: sum of clusters, unlinked and transfer = all, to the rounding of each
select
    area_id,
    award_group,
    award_period,
    sum(awards) filter (where level = 'all') as awards,
    sum(awards) filter (where level = 'cluster') as in_clusters
from marts.cluster_completions
where basis = 'unduplicated'
group by area_id, award_group, award_period
having coalesce(
    abs(sum(awards) filter (where level = 'all') - sum(awards) filter (where level = 'cluster'))
    > 0.001 * count(*) filter (where level = 'cluster'),
    true
)
order by area_id, award_group, award_period
