"""Figures by industry, from the QCEW sample of 2016."""

from collections.abc import Callable

import duckdb
import pytest

Query = Callable[[str], object]

WHERE_OHIO = "where area_id = 'OH' and year = 2016"


def test_construction_in_ohio_is_as_worked_by_hand(lmi_database: duckdb.DuckDBPyConnection) -> None:
    """The figures of docs/follow-a-number.md."""
    cells = lmi_database.sql(
        "select own_code, establishments, round(employment, 1), round(employment_low, 1), round(employment_high, 1), "
        f"wages_usd, status from core.qcew_cell {WHERE_OHIO} and naics_code = '23' order by own_code"
    ).fetchall()
    assert cells == [
        ("3", 329.25, None, 6430.8, 6475.1, None, "withheld"),
        ("5", 22784.75, 205878.4, 205878.4, 205878.4, 11_741_096_946.0, "ok"),
    ]
    parts = lmi_database.sql(
        f"select naics_code, round(employment, 1) from marts.industry_detail {WHERE_OHIO} "
        "and home_cluster_id = 'construction' and counts_for_cluster and ownership = 'private' order by naics_code"
    ).fetchall()
    assert dict(parts) == {
        "23": 205878.4, "532412": 2003.1, "54131": 5408.1, "54132": 420.8, "54133": 25943.8, "54134": 394.9,
        "54135": 781.0, "54137": 1070.2, "81141": 1046.8,
    }  # fmt: skip
    figures = lmi_database.sql(
        "select ownership, round(employment, 1), round(employment_published, 1), round(modelled_pct, 2), "
        "round(employment_low, 1), round(employment_high, 1), pay_annual_avg_usd, cells, cells_withheld, status, "
        "location_quotient, location_quotient_status "
        f"from marts.industry_indicators {WHERE_OHIO} and level = 'cluster' and cluster_id = 'construction' order by 1"
    ).fetchall()
    assert figures == [
        ("all", 252417.4, 245942.6, 0.02, 252373.4, 252452.8, 59751.8, 15, 3, "ok", None, "not_in_vintage"),
        ("government", 9470.4, 2995.6, 0.46, 9426.4, 9505.8, 60202.97, 6, 3, "ok", None, "not_in_vintage"),
        ("private", 242947.0, 242947.0, 0.0, 242947.0, 242947.0, 59746.24, 9, 0, "ok", None, "not_in_vintage"),
    ]


def test_withheld_construction_of_local_government_is_as_worked_by_hand(
    lmi_database: duckdb.DuckDBPyConnection,
) -> None:
    """docs/methodology.md, from the publisher's cells: 44.25 jobs are left to four industries of one establishment."""
    local = f"from core.qcew_cell {WHERE_OHIO} and own_code = '3'"
    published = dict(
        lmi_database.sql(
            f"select naics_code, employment {local} and naics_code in ('101', '236', '237', '2382')"
        ).fetchall()
    )
    left = published.pop("101") - sum(published.values())
    assert left == pytest.approx(44.25)
    assert lmi_database.sql(
        f"select naics_code, establishments {local} and employment is null and depth = 7 "
        "and (naics_code like '11%' or naics_code like '238%') order by naics_code"
    ).fetchall() == [("115310", 1.0), ("238112", 1.0), ("238352", 1.0), ("238992", 1.0)]

    def rate(code: str, upper: float) -> float:
        ((jobs, establishments),) = lmi_database.sql(
            "select coalesce(sum(employment), 0), coalesce(sum(establishments), 0) from core.qcew_cell "
            f"where own_code = '3' and naics_code = '{code}' and employment is not null"
        ).fetchall()
        return float((jobs + 20 * upper) / (establishments + 20))

    def rate_of(*path: str) -> float:
        found = 10.0
        for code in path:
            found = rate(code, found)
        return found

    goods = ("10", "101")
    forestry = rate_of(*goods, "1011", "11", "115", "1153", "11531", "115310")
    trades = rate_of(*goods, "1012", "23", "238")
    assert (round(forestry, 2), round(trades, 2)) == (27.2, 13.38)
    estimate = sum(published.values()) + left * 3 * trades / (forestry + 3 * trades)
    # the only other withheld cells, architects (54132) and building inspectors (54135), share what is left to both
    ((both,),) = lmi_database.sql(
        f"select max(employment_high) {local} and naics_code in ('54132', '54135')"
    ).fetchall()
    ((found,),) = lmi_database.sql(
        "select employment - employment_low from marts.industry_indicators "
        f"{WHERE_OHIO} and cluster_id = 'construction' and level = 'cluster' and ownership = 'government'"
    ).fetchall()
    assert estimate == pytest.approx(6457.207005, abs=1e-5)
    assert found == pytest.approx(estimate - sum(published.values()) + both, abs=1e-4)


def test_estimates_lie_within_the_bounds_and_single_cells_stay_withheld(one: Query) -> None:
    indicators = "from marts.industry_indicators where"
    assert one(f"select count(*) {indicators} cells = 1 and cells_withheld = 1 and employment is not null") == 0
    assert one(f"select count(*) {indicators} cells > 1 and employment is null") == 0
    assert (
        one(f"select count(*) {indicators} not employment between employment_low - 0.001 and employment_high + 0.001")
        == 0
    )
    assert one(f"select count(*) {indicators} status = 'modelled'") > 4000


def test_the_error_of_estimates_is_published(one: Query) -> None:
    accuracy = "from quality.interval_accuracy where source = 'qcew' and coverage_band = 'all'"
    assert one(f"select count(*) {accuracy}") == 2
    assert one(f"select weighted_error_pct {accuracy} and level = 'cluster'") < 0.1
    assert one(f"select weighted_error_pct {accuracy} and level = 'sub_cluster'") < 0.2
    assert one(f"select min(held_pct) {accuracy}") == 100


def test_clusters_add_up_in_every_state_and_for_every_owner(lmi_database: duckdb.DuckDBPyConnection) -> None:
    rows = lmi_database.sql(
        """
        with cluster as (
            select
                area_id, ownership, sum(establishments) as establishments, sum(employment_low) as low,
                sum(employment_high) as high, sum(cells_withheld) as withheld
            from marts.industry_indicators where level = 'cluster' group by area_id, ownership
        )
        select
            count(*),
            count(*) filter (where total.establishments = cluster.establishments),
            count(*) filter (where withheld = 0),
            count(*) filter (where withheld = 0 and abs(total.employment - low) < 0.001),
            count(*) filter (where total.employment between low - 0.001 and high + 0.001)
        from marts.industry_indicators as total
        join cluster using (area_id, ownership)
        where total.level = 'all'
        """
    ).fetchall()
    ((areas, with_establishments, open_ones, exact, bounded),) = rows
    assert areas == 153, "51 states and territories, three kinds of ownership"
    assert with_establishments == areas, "establishments add up exactly, withheld or not"
    assert exact == open_ones, "to the job where nothing is withheld"
    assert bounded == areas, "within the bounds everywhere"


def test_the_estimate_adds_up_to_the_published_major_groups(one: Query) -> None:
    """Every major group of Ohio is published: 5,550,180 jobs, to which the estimate is scaled."""
    published = "from core.oews_area_occupation where area_id = 'OH' and occupation_group = 'major'"
    assert one(f"select count(*) {published} and employment is null") == 0
    assert one(f"select sum(employment) {published}") == 5_550_180
    estimate = "from marts.cluster_by_industry_estimate where area_id = 'OH'"
    for level in ("all", "cluster", "sub_cluster"):
        assert one(f"select sum(employment) {estimate} and level = '{level}'") == pytest.approx(5_550_180, abs=1)


def test_industries_that_oews_does_not_survey_have_rows(lmi_database: duckdb.DuckDBPyConnection) -> None:
    """Washington's farms, forests without logging and fisheries: 69,639 + 6,951 + 179 + 185 + 1,477 jobs."""
    rows = lmi_database.sql(
        "select home_cluster_id, round(qcew_jobs), employment, status from marts.cluster_by_industry_estimate "
        "where area_id = 'WA' and cluster_id = 'no_staffing_pattern' and qcew_jobs > 5 order by qcew_jobs desc"
    ).fetchall()
    assert rows == [
        ("agriculture", 78_431.0, None, "no_staffing_pattern"),
        ("healthcare_human_services", 7_068.0, None, "no_staffing_pattern"),
        ("public_service_safety", 521.0, None, "no_staffing_pattern"),
        ("unassigned", 24.0, None, "no_staffing_pattern"),
    ]


def test_estimated_clusters_are_close_to_the_published_ones(one: Query) -> None:
    """Industry of 2016 with patterns and major groups of 2025, where OEWS publishes almost all of the cluster."""
    errors = """
        with estimate as (
            select area_id, cluster_id, sum(employment) as employment
            from marts.cluster_by_industry_estimate
            where level = 'cluster' and status = 'modelled'
            group by area_id, cluster_id
        )
        select abs(estimate.employment / published.employment - 1) as error
        from estimate
        inner join marts.cluster_indicators as published using (area_id, cluster_id)
        where published.level = 'cluster' and published.basis = 'unduplicated' and published.coverage_pct > 98
    """
    assert one(f"select count(*) from ({errors})") > 350
    assert one(f"select median(error) from ({errors})") < 0.03
    assert one(f"select quantile_cont(error, 0.9) from ({errors})") < 0.1


def test_the_sample_is_marked_as_one(lmi_database: duckdb.DuckDBPyConnection, one: Query) -> None:
    assert one("select status from reference.source_vintage where source = 'qcew'") == "sample"
    assert one("select reference_period from reference.source_vintage where source = 'qcew'") == "2016"
    assert one("select count(distinct year) from marts.industry_indicators") == 1


def test_counties_have_a_state_and_connecticut_its_planning_regions(
    lmi_database: duckdb.DuckDBPyConnection, one: Query
) -> None:
    assert one("select count(*) from reference.area where area_type = 'county' and state_id is null") == 0
    assert one("select state_id from reference.area where area_id = '48201'") == "TX"
    planning = lmi_database.sql(
        "select area_id, first_year, last_year from reference.area where state_id = 'CT' and area_type = 'county' "
        "and (area_id = '09110' or area_id = '09001') order by 1"
    ).fetchall()
    assert planning == [("09001", None, 2023), ("09110", 2024, None)]
