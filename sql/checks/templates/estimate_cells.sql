-- what each occupation of an area's parts, published or estimated, gives to each node of the area's scheme
select
        area_scheme.area_id,
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        estimate.soc_code,
        member.weight * part.share * estimate.employment_estimate as jobs,
        estimate.wage_mean_estimate_usd as wage_mean_usd,
        distribution.top_coded_from_usd,
        distribution.soc_code is not null as has_distribution
    from core.occupation_estimate as estimate
    inner join core.area_part as part on part.part_area_id = estimate.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    inner join (select * from scheme_members) as member
        on member.scheme = area_scheme.scheme
        and member.soc_code = estimate.soc_code
    left join core.wage_distribution as distribution
        on distribution.area_id = estimate.area_id
        and distribution.soc_code = estimate.soc_code
    where member.weight > 0
