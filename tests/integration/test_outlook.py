"""Published projections, compared with the publishers' own figures."""

from collections.abc import Callable

import duckdb
import pytest

Query = Callable[[str], object]

# BLS, occupation.xlsx of 2024-34, Tables 1.2 and 1.10, in thousands: employment 2024 and 2034, change, percent,
# openings, exits, transfers
NATIONAL = {
    "11-1031": (27.7, 28.6, 0.9, 3.4, 2.2, 0.8, 1.3),
    "13-1020": (522.2, 552.3, 30.1, 5.8, 52.2, 21.2, 28.1),
    "15-1252": (1693.8, 1961.4, 267.7, 15.8, 115.2, 30.7, 57.7),
    "29-1141": (3391.0, 3557.1, 166.1, 4.9, 189.1, 97.9, 74.6),
    "41-2011": (3157.2, 2843.6, -313.6, -9.9, 542.6, 293.5, 280.6),
}


@pytest.mark.parametrize("soc_code", NATIONAL)
def test_the_nation_is_as_in_the_publishers_workbook(lmi_database: duckdb.DuckDBPyConnection, soc_code: str) -> None:
    base, projected, change, percent, openings, exits, transfers = NATIONAL[soc_code]
    row = lmi_database.execute(
        "select base_jobs, projected_jobs, change_jobs, growth_pct, annual_openings, openings_exits, "
        "openings_transfers, projection_period, status "
        "from marts.occupation_outlook where area_id = 'US' and soc_code = ?",
        [soc_code],
    ).fetchall()
    thousands = [round(1000 * figure) for figure in (base, projected, change, openings, exits, transfers)]
    assert row == [(*thousands[:3], percent, *thousands[3:], "2024-34", "ok")]


def test_the_nations_clusters_have_the_jobs_of_the_workbooks_line_items(
    lmi_database: duckdb.DuckDBPyConnection,
) -> None:
    """Sums of the 832 line items of Tables 1.2 and 1.10, and the row of the total, in thousands."""
    rows = lmi_database.sql(
        "select level, round(sum(base_jobs)), round(sum(projected_jobs)), round(sum(annual_openings)), "
        "round(sum(openings_exits)), round(sum(openings_transfers)) from marts.cluster_outlook "
        "where area_id = 'US' and basis = 'unduplicated' group by level order by level"
    ).fetchall()
    line_items = (169_956_400, 175_169_900, 18_861_600, 8_154_900, 10_187_900)
    assert rows == [
        ("all", 169_956_100, 175_167_900, 18_863_300, 8_155_000, 10_187_100),
        ("cluster", *line_items),
        ("sub_cluster", *line_items),
    ]


def test_the_total_of_the_nation_grows_as_published(lmi_database: duckdb.DuckDBPyConnection) -> None:
    rows = lmi_database.sql(
        "select distinct change_jobs, round(growth_pct, 1), round(openings_rate_pct, 1), coverage_pct, status "
        "from marts.cluster_outlook where area_id = 'US' and level = 'all'"
    ).fetchall()
    # Table 1.2: change 5,211.8, 3.1 percent; openings 18,863.3 of 169,956.1
    assert rows == [(5_211_800, 3.1, 11.1, pytest.approx(100, abs=0.001), "ok")]


# Projections Central, 2022-32: base, projected, percent, openings
STATES = {
    ("TX", "29-1141"): (233_850, 267_980, 14.6, 16_900),
    ("OH", "47-2152"): (15_330, 15_620, 1.9, 1_350),
    # a code of the state's own that combines two
    ("TN", "29-2040"): (4_140, 4_510, 8.9, 280),
}


@pytest.mark.parametrize("key", STATES, ids="-".join)
def test_states_are_as_in_the_publishers_list(lmi_database: duckdb.DuckDBPyConnection, key: tuple[str, str]) -> None:
    row = lmi_database.execute(
        "select base_jobs, projected_jobs, growth_pct, annual_openings, openings_exits, projection_period, status "
        "from marts.occupation_outlook where area_id = ? and soc_code = ?",
        list(key),
    ).fetchall()
    assert row == [(*STATES[key], None, "2022-32", "ok")]


def test_older_projections_and_a_list_that_contradicts_itself_are_marked(
    lmi_database: duckdb.DuckDBPyConnection, one: Query
) -> None:
    assert one("select status from reference.source_vintage where source = 'projections_central'") == "older_cycle"
    assert one("select status from reference.source_vintage where source = 'projections'") == "older_cycle"
    # Massachusetts: occupations of 1.3 of 3.7 million jobs with 91 percent of the openings
    rows = lmi_database.sql(
        "select area_id, count(*), count(base_jobs), count(annual_openings) from marts.occupation_outlook "
        "where status = 'doubtful' and area_id = 'MA' group by area_id"
    ).fetchall()
    assert rows == [("MA", 648, 0, 0)]
    assert one("select count(base_jobs) from marts.cluster_outlook where area_id = 'MA'") == 0
    assert (
        one("select base_jobs from core.occupation_projection where area_id = 'MA' and nem_code = '29-1141'") == 30_060
    )


def test_a_state_that_prints_zeros_has_no_growth_of_zero(lmi_database: duckdb.DuckDBPyConnection) -> None:
    rows = lmi_database.sql(
        "select base_jobs, growth_pct, annual_openings, status from marts.occupation_outlook "
        "where area_id = 'ID' and soc_code = '17-2021'"
    ).fetchall()
    assert rows == [(None, None, None, "withheld")]


def test_every_state_and_the_nation_have_every_cluster_and_sub_cluster(one: Query) -> None:
    assert one("select count(*) from marts.cluster_outlook") == 55 * (1 + 14 + 72) * 2
    assert one("select count(distinct projection_period) from marts.cluster_outlook where area_id = 'US'") == 1
    assert one("select min(openings_rate_pct) >= 0 from marts.cluster_outlook") is True
    # without the one sub-cluster that has no occupation
    assert one("select count(distinct sub_cluster_id) from marts.cluster_outlook where status = 'no_occupations'") == 1


def test_a_list_with_part_of_an_occupation_is_doubtful(lmi_database: duckdb.DuckDBPyConnection) -> None:
    """Ohio's list has 310 software developers, where OEWS has 44,790."""
    rows = lmi_database.sql(
        "select soc_code from marts.occupation_outlook where status = 'doubtful' and area_id = 'OH' order by 1"
    ).fetchall()
    assert {code for (code,) in rows} >= {"15-1211", "15-1241", "15-1251", "15-1252", "15-1253"}
    rows = lmi_database.sql(
        "select status, coverage_pct < 50 from marts.cluster_outlook "
        "where area_id = 'OH' and cluster_id = 'digital_technology' and level = 'cluster' and basis = 'unduplicated'"
    ).fetchall()
    assert rows == [("low_coverage", True)]


def test_openings_of_new_york_only_repeat_the_change_and_are_withdrawn(
    lmi_database: duckdb.DuckDBPyConnection, one: Query
) -> None:
    """Nurses: 204,040 jobs that gain 52,040 in ten years, printed with 5,200 openings."""
    rows = lmi_database.sql(
        "select base_jobs, change_jobs, annual_openings, openings_status, doubt from marts.occupation_outlook "
        "where area_id = 'NY' and soc_code = '29-1141'"
    ).fetchall()
    assert rows == [(204_040, 52_040, None, "doubtful", "openings_repeat_change")]
    for table in ("marts.cluster_outlook", "marts.legacy_cluster_outlook", "marts.cluster_education_mix"):
        assert one(f"select count(annual_openings) from {table} where area_id = 'NY'") == 0
    assert one("select count(growth_pct) > 150 from marts.cluster_outlook where area_id = 'NY'") is True
    flags = "from marts.occupation_flag where area_id = 'NY' and policy = 'default'"
    assert one(f"select string_agg(distinct in_demand) {flags}") == "unknown"


def test_good_lists_lose_next_to_nothing_of_their_openings(lmi_database: duckdb.DuckDBPyConnection) -> None:
    rows = lmi_database.sql(
        "select area_id, doubt, count(*) from core.occupation_projection where openings_status = 'doubtful' "
        "and status = 'ok' and area_id <> 'NY' and occupation_group = 'detailed' group by all order by all"
    ).fetchall()
    # codes for leftovers, with net growth alone; Washington's librarians with 1,800 openings of 5,940 jobs
    assert [row for row in rows if row[1] == "openings_of_occupation"] == [("WA", "openings_of_occupation", 1)]
    assert sum(row[2] for row in rows) == 53


def test_a_state_stands_beside_the_nation_of_its_own_cycle(lmi_database: duckdb.DuckDBPyConnection) -> None:
    # Projections Central, 2022-32, United States: 164,482,590 jobs become 169,148,090
    rows = lmi_database.sql(
        "select distinct round(national_growth_pct, 2), national_status from marts.cluster_outlook "
        "where level = 'all' and area_id <> 'US'"
    ).fetchall()
    assert rows == [(2.84, "ok")]


def test_the_legacy_outlook_agrees_on_what_is_doubtful(one: Query) -> None:
    doubtful = "select string_agg(distinct area_id order by area_id) from {} where status = 'doubtful'"
    for table in ("marts.cluster_outlook", "marts.legacy_cluster_outlook"):
        assert one(doubtful.format(table)) == "MA"
    assert (
        one(
            "select status from marts.legacy_cluster_outlook "
            "where area_id = 'OH' and legacy_cluster_id = 'information_technology'"
        )
        == "low_coverage"
    )
