-- For every occupation with a choice of sub-clusters it is decided what shares it out, and for no other; what is named
-- are its own sub-clusters, and weights are given for all that are named or for none, adding up to 1.
-- table: reference.soc_function
-- severity: error
-- expected: one decision per occupation of several sub-clusters; weights of its own sub-clusters that sum to 1 (1e-9)
with

choice as (
    select soc_code, list(sub_cluster_id) as sub_clusters
    from reference.soc_sub_cluster
    group by soc_code
    having count(*) > 1
),

entry as (
    select soc_code, decision, unnest(string_split(weights, ';')) as entry
    from seed.soc_function
    where weights is not null
),

named as (
    select
        soc_code,
        split_part(entry, '=', 1) as sub_cluster_id,
        try_cast(nullif(split_part(entry, '=', 2), '') as double) as share
    from entry
),

summed as (
    select
        soc_code,
        list(sub_cluster_id) as sub_clusters,
        count(distinct sub_cluster_id) as different,
        count(*) as entries,
        count(share) as shares
    from named
    group by soc_code
),

total as (
    select soc_code, sum(function_weight) as weight
    from reference.soc_function
    group by soc_code
),

judged as (
    select
        coalesce(choice.soc_code, decided.soc_code) as soc_code,
        decided.decision,
        decided.weights,
        case
            when decided.soc_code is null then 'several sub-clusters but no decision'
            when choice.soc_code is null then 'a decision but not several sub-clusters'
            when not list_has_all(choice.sub_clusters, coalesce(summed.sub_clusters, []))
                then 'names a sub-cluster that it is no member of'
            when summed.different < summed.entries then 'names a sub-cluster twice'
            when decided.decision = 'function'
                and not coalesce(summed.shares = summed.entries and abs(total.weight - 1) <= 1e-9, false)
                then 'weights do not add up to 1'
            when decided.decision = 'industries' and total.weight > 0 then 'weights although industries decide'
        end as problem
    from choice
    full outer join seed.soc_function as decided on decided.soc_code = choice.soc_code
    left join summed on summed.soc_code = decided.soc_code
    left join total on total.soc_code = decided.soc_code
)

select soc_code, decision, weights, problem
from judged
where problem is not null
order by soc_code
