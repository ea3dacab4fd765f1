-- Location quotients recomputed: the share of the area's jobs over the share of the nation's, both of all jobs. Where
-- too little of a cluster is published there is none. The nation's jobs are shared by the area's own scheme.
-- table: marts.cluster_indicators
-- severity: error
-- expected: the same within 1e-5 of it plus 1e-6 and the rounding of jobs, none below lq_min_published_pct
with

parameter as (
    select value as min_published_pct
    from reference.method_parameter
    where parameter = 'lq_min_published_pct'
),

-- the nation's jobs by the weights of each scheme
national as (
    select member.scheme, member.basis, member.cluster_id, member.sub_cluster_id,
        sum(member.weight * estimate.employment_estimate) as employment
    from (select * from scheme_members) as member
    inner join core.occupation_estimate as estimate
        on estimate.area_id = 'US'
        and estimate.soc_code = member.soc_code
    group by all
),

compared as (
    select
        indicator.area_id,
        indicator.cluster_id,
        indicator.sub_cluster_id,
        indicator.basis,
        100 - indicator.modelled_pct - parameter.min_published_pct as spare_pct,
        indicator.location_quotient,
        indicator.employment / total.employment / (national.employment / nation_total.employment)
            as expected_location_quotient,
        -- jobs are rounded to thousandths
        0.0006 / indicator.employment as rounding
    from marts.cluster_indicators as indicator
    cross join parameter
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = indicator.area_id
    left join national
        on national.scheme = area_scheme.scheme
        and national.basis = indicator.basis
        and national.cluster_id = indicator.cluster_id
        and national.sub_cluster_id = indicator.sub_cluster_id
    inner join marts.cluster_indicators as total
        on total.area_id = indicator.area_id
        and total.level = 'all'
        and total.basis = indicator.basis
    inner join marts.cluster_indicators as nation_total
        on nation_total.area_id = 'US'
        and nation_total.level = 'all'
        and nation_total.basis = 'unduplicated'
    where indicator.level <> 'all'
)

select *
from compared
where abs(location_quotient - coalesce(expected_location_quotient, -1)) > 1e-6 + (1e-5 + rounding) * location_quotient
    or (location_quotient is not null and spare_pct < -0.001)
    or (location_quotient is null and expected_location_quotient is not null and spare_pct > 0.001)
    or spare_pct is null and location_quotient is not null
order by area_id, cluster_id, sub_cluster_id, basis
