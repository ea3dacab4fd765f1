-- Growth, yearly growth and rates of a cluster are those of its sums, and openings are their parts to the publisher's rounding.
-- table: marts.cluster_outlook
-- severity: error
-- expected: change = projected - base; growth, yearly growth and openings rate of the sums; openings = growth + exits + transfers
select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    basis,
    base_jobs,
    projected_jobs,
    change_jobs,
    growth_pct,
    cagr_pct,
    annual_openings,
    openings_rate_pct
from marts.cluster_outlook
where base_jobs >= 1  -- shares of one job say nothing of rates once they are rounded
    and not coalesce(
        abs(change_jobs - (projected_jobs - base_jobs)) <= 0.01
        and abs(growth_pct - 100 * change_jobs / base_jobs) <= 0.001 + 0.2 / base_jobs
        and abs(power(1 + cagr_pct / 100, projected_year - base_year) - projected_jobs / base_jobs)
            <= 0.0001 + 0.002 / base_jobs
        and abs(openings_rate_pct - 100 * annual_openings / base_jobs) <= 0.001 + 0.2 / base_jobs
        and openings_rate_pct >= 0
        and (openings_growth is null) = (openings_exits is null)
        and (openings_exits is null) = (openings_transfers is null)
        and (
            openings_exits is null
            or (
                abs(openings_growth * (projected_year - base_year) - change_jobs) <= 0.02
                -- six standard errors of an occupation's four figures, each rounded to hundreds
                and abs(annual_openings - openings_growth - openings_exits - openings_transfers)
                    <= 6 * 51 * sqrt(occupations)
            )
        ),
        false
    )
order by area_id, level, cluster_id, sub_cluster_id, basis
