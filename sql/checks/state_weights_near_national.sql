-- The effect of weights by state: the state's published jobs, distributed by its own weights and by the nation's.
-- table: marts.area_soc_allocation
-- severity: warn
-- expected: no cluster with 1 percent of the state's jobs changes by more than state_weights_max_change_pct
with

parameter as (
    select max(value) as max_change_pct
    from reference.method_parameter
    where parameter = 'state_weights_max_change_pct'
),

compared as (
    select
        state.area_id,
        state.cluster_id,
        sum(state.weight * figure.employment) as employment_by_state,
        sum(nation.weight * figure.employment) as employment_by_nation
    from marts.area_soc_allocation as state
    inner join marts.soc_allocation as nation
        on nation.soc_code = state.soc_code
        and nation.sub_cluster_id = state.sub_cluster_id
    inner join core.oews_area_occupation as figure
        on figure.area_id = state.area_id
        and figure.soc_code = state.soc_code
        and figure.occupation_group = 'detailed'
    where figure.employment is not null
    group by state.area_id, state.cluster_id
),

total as (
    select area_id, sum(employment_by_nation) as employment
    from compared
    group by area_id
)

select
    compared.area_id,
    compared.cluster_id,
    round(compared.employment_by_nation) as employment_by_nation,
    round(compared.employment_by_state) as employment_by_state
from compared
inner join total on total.area_id = compared.area_id
cross join parameter
where greatest(compared.employment_by_nation, compared.employment_by_state) >= 0.01 * total.employment
    and abs(compared.employment_by_state - compared.employment_by_nation)
        > parameter.max_change_pct / 100.0 * compared.employment_by_nation
order by compared.area_id, compared.cluster_id
