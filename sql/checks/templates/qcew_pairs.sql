-- figures of two years that hold the same industries and the same land; the check names its figures `figure`. Over a
    -- change of NAICS edition that touches the cluster, what the change ties to other homes is left out of both.
    with

    minimum as (
        select
            max(value) filter (where parameter = 'change_min_published_pct') as published_pct,
            max(value) filter (where parameter = 'industry_min_compared_pct') as compared_pct
        from reference.method_parameter
    ),

    place as (
        select distinct level, cluster_id, sub_cluster_id, first_year as break_year
        from core.industry_joined
    ),

    edition as (
        select distinct first_year
        from seed.naics_change
    ),

    pair as (
        select
            figure.*,
            earlier.year as year_from,
            earlier.estimate as estimate_from,
            earlier.modelled as modelled_from,
            (
                select max(place.break_year)
                from place
                where place.level = figure.level
                    and place.cluster_id = figure.cluster_id
                    and place.sub_cluster_id = figure.sub_cluster_id
                    and place.break_year > earlier.year
                    and place.break_year <= figure.year
            ) as break_year,
            (
                select count(*)
                from edition
                where edition.first_year > earlier.year
                    and edition.first_year <= figure.year
            ) as editions
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
    ),

    kept as (
        select
            pair.*,
            pair.estimate - case when tied.year is null then 0 else tied.tied_jobs end as jobs,
            pair.estimate_from - case when tied_from.year is null then 0 else tied_from.tied_jobs end as jobs_from,
            pair.modelled + coalesce(tied.modelled_jobs, 0) as jobs_modelled,
            pair.modelled_from + coalesce(tied_from.modelled_jobs, 0) as jobs_modelled_from
        from pair
        left join core.industry_tied_jobs as tied
            on tied.area_id = pair.area_id
            and tied.level = pair.level
            and tied.cluster_id = pair.cluster_id
            and tied.sub_cluster_id = pair.sub_cluster_id
            and tied.ownership = pair.ownership
            and tied.year = pair.year
            and tied.is_after
            and pair.break_year is not null
        left join core.industry_tied_jobs as tied_from
            on tied_from.area_id = pair.area_id
            and tied_from.level = pair.level
            and tied_from.cluster_id = pair.cluster_id
            and tied_from.sub_cluster_id = pair.sub_cluster_id
            and tied_from.ownership = pair.ownership
            and tied_from.year = pair.year_from
            and not tied_from.is_after
            and pair.break_year is not null
    ),

    -- half a millionth of a percent for the rounding of shares
    judged as (
        select
            kept.*,
            kept.break_year is null
            or kept.editions = 1
            and kept.jobs >= (minimum.compared_pct - 0.0000005) / 100 * kept.estimate
            and kept.jobs_from >= (minimum.compared_pct - 0.0000005) / 100 * kept.estimate_from as is_kept,
            kept.jobs_modelled <= (100.0000005 - minimum.published_pct) / 100 * kept.jobs
            and kept.jobs_modelled_from <= (100.0000005 - minimum.published_pct) / 100 * kept.jobs_from as is_published
        from kept
        cross join minimum
    )

    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        ownership,
        year,
        year_from,
        case when is_kept and is_published then jobs end as comparable,
        case when is_kept and is_published then jobs_from end as comparable_from
    from judged
