-- sums that industry_sums_recomputed compares with the publisher's cells, and those of which enough is published
    select
        indicator.area_id,
        indicator.level,
        indicator.cluster_id,
        indicator.sub_cluster_id,
        indicator.ownership,
        indicator.year,
        indicator.employment as estimate,
        indicator.employment * indicator.modelled_pct / 100 as modelled,
        -- half a millionth of a percent for the rounding of shares
        case
            when indicator.modelled_pct <= 100.0000005 - minimum.value then indicator.employment
        end as comparable
    from marts.industry_indicators as indicator
    inner join reference.method_parameter as minimum on minimum.parameter = 'industry_min_published_pct'
