-- figures of two years that hold the same industries and the same land; the check names its figures `figure`
    select
        figure.area_id,
        figure.level,
        figure.cluster_id,
        figure.sub_cluster_id,
        figure.ownership,
        figure.year,
        earlier.year as year_from,
        figure.comparable,
        earlier.comparable as comparable_from
    from figure
    inner join figure as earlier
        on earlier.area_id = figure.area_id
        and earlier.level = figure.level
        and earlier.cluster_id = figure.cluster_id
        and earlier.sub_cluster_id = figure.sub_cluster_id
        and earlier.ownership = figure.ownership
        and earlier.year in (figure.year - 1, figure.year - 5)
    left join core.area_territory as land
        on land.area_id = figure.area_id
        and land.year = figure.year
    left join core.area_territory as land_from
        on land_from.area_id = figure.area_id
        and land_from.year = earlier.year
    where coalesce(land.territory, '') = coalesce(land_from.territory, '')
        and not exists (
            select 1
            from core.industry_break as moved
            where moved.level = figure.level
                and moved.cluster_id = figure.cluster_id
                and moved.sub_cluster_id = figure.sub_cluster_id
                and moved.year > earlier.year
                and moved.year <= figure.year
        )
