-- what each published occupation of an area's parts gives to each node of the area's scheme
with

-- materialized: joined with the members by occupation alone it would have an area's cells in every scheme
cell as materialized (
        select
            area_scheme.scheme,
            part.area_id,
            part.share * figure.employment as jobs,
            nation.employment * part.jobs / part.area_jobs as national_jobs,
            part.area_jobs,
            figure.soc_code,
            wage.* exclude (area_id, soc_code)
        from core.oews_area_occupation as figure
        inner join (
            select
                part.area_id,
                part.part_area_id,
                part.share,
                part.share * total.employment as jobs,
                sum(part.share * total.employment) over (partition by part.area_id) as area_jobs
            from core.area_part as part
            left join core.oews_area_occupation as total
                on total.area_id = part.part_area_id
                and total.occupation_group = 'total'
        ) as part on part.part_area_id = figure.area_id
        inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
        left join core.oews_area_occupation as nation
            on nation.area_id = 'US'
            and nation.soc_code = figure.soc_code
        left join core.occupation_wage as wage
            on wage.area_id = figure.area_id
            and wage.soc_code = figure.soc_code
        where figure.occupation_group = 'detailed'
            and figure.employment is not null
)

    select
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        cell.* replace (member.weight * cell.jobs as jobs, member.weight * cell.national_jobs as national_jobs)
    from cell
    inner join (select * from scheme_members) as member
        on member.scheme = cell.scheme
        and member.soc_code = cell.soc_code
    where member.weight > 0
