-- Nearly all awards in the nation, general studies aside, lead to a known occupation.
-- table: marts.cluster_completions
-- severity: error
-- expected: unlinked awards are at most awards_max_unlinked_pct of those outside general studies
with

nation as (
    select
        coalesce(sum(awards) filter (where cluster_id = 'unlinked'), 0) as unlinked,
        sum(awards) filter (where level = 'all') - coalesce(sum(awards) filter (where cluster_id = 'transfer'), 0)
            as awards
    from marts.cluster_completions
    where area_id = 'US'
        and basis = 'unduplicated'
        and award_period = 'mean'
)

select nation.unlinked, nation.awards, 100.0 * nation.unlinked / nation.awards as unlinked_pct
from nation
inner join reference.method_parameter as most on most.parameter = 'awards_max_unlinked_pct'
where 100.0 * nation.unlinked / nation.awards > most.value
