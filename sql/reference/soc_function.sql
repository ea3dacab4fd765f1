-- What the definition of an occupation says about each of its sub-clusters, for occupations with a choice: the share of
-- the work that each is, or nothing where industries decide.
with

named as (
    select soc_code, unnest(string_split(weights, ';')) as entry
    from seed.soc_function
    where weights is not null
),

said as (
    select
        soc_code,
        split_part(entry, '=', 1) as sub_cluster_id,
        cast(nullif(split_part(entry, '=', 2), '') as double) as share
    from named
)

select
    membership.soc_code,
    membership.cluster_id,
    membership.sub_cluster_id,
    decided.decision,
    case
        when decided.weights is null then null
        -- a sub-cluster that is not named has no share
        when said.sub_cluster_id is null then 0.0
        else said.share
    end as function_weight,
    decided.reason
from seed.soc_function as decided
inner join reference.soc_sub_cluster as membership on membership.soc_code = decided.soc_code
left join said
    on said.soc_code = membership.soc_code
    and said.sub_cluster_id = membership.sub_cluster_id
order by membership.soc_code, membership.cluster_id, membership.sub_cluster_id
