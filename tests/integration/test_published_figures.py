"""The published database, compared with BLS's national workbook of May 2025."""

from collections.abc import Callable

import duckdb
import pytest

from pipelines.paths import PROJECT

Query = Callable[[str], object]

# BLS, national_M2025_dl.xlsx: TOT_EMP, EMP_PRSE, A_MEAN, A_PCT10, A_MEDIAN, A_PCT90
NATIONAL = {
    "11-1021": (3503020, 0.3, 134940, 50090, 105770, 253390),
    "15-1252": (1687890, 0.6, 148100, 82460, 135980, 214670),
    "25-2021": (1388390, 0.8, 72650, 47960, 63970, 104340),
    "29-1141": (3379720, 0.3, 101420, 68940, 97550, 137470),
    "29-1216": (67150, 4.3, 267200, 73570, 256560, 475430),
    "47-2111": (757220, 0.8, 71490, 42640, 63190, 108510),
    "49-9081": (9980, 6.2, 68980, 49230, 64120, 92460),
}


@pytest.mark.parametrize("soc_code", NATIONAL)
def test_occupation_figures_are_those_of_the_national_workbook(
    lmi_database: duckdb.DuckDBPyConnection, soc_code: str
) -> None:
    row = lmi_database.execute(
        "select employment, employment_rse_pct, wage_mean_usd, wage_p10_usd, wage_p50_usd, wage_p90_usd "
        "from marts.occupation_indicators where area_id = 'US' and soc_code = ?",
        [soc_code],
    ).fetchall()
    assert row == [NATIONAL[soc_code]]


def test_hourly_only_occupation_keeps_its_jobs_and_has_no_annual_wage(lmi_database: duckdb.DuckDBPyConnection) -> None:
    # Actors: TOT_EMP 55,000, A_MEDIAN '*', H_MEDIAN 29.05
    row = lmi_database.sql(
        "select employment, wage_p50_usd, wage_p50_status, wage_p50_hourly_usd, wage_mean_usd, wage_mean_status, "
        "wage_mean_hourly_usd, wage_p10_hourly_usd, wage_p90_hourly_usd "
        "from marts.occupation_indicators where area_id = 'US' and soc_code = '27-2011'"
    ).fetchall()
    assert row == [(55000, None, "hourly_only", 29.05, None, "hourly_only", 58.29, 16.5, 143.68)]


def test_area_total_is_as_published(lmi_database: duckdb.DuckDBPyConnection) -> None:
    rows = lmi_database.sql(
        "select distinct employment, wage_mean_usd, wage_p10_usd, wage_p25_usd, wage_p50_usd, wage_p75_usd, "
        "wage_p90_usd from marts.cluster_indicators where area_id = 'US' and level = 'all'"
    ).fetchall()
    assert rows == [(155495730.0, 69770.0, 31200.0, 37590.0, 50980.0, 80520.0, 128560.0)]


def test_areas_are_the_nation_states_and_metro_and_nonmetro_areas(lmi_database: duckdb.DuckDBPyConnection) -> None:
    rows = lmi_database.sql("select area_type, count(*) from reference.area group by 1 order by 1").fetchall()
    assert rows == [("county", 3260), ("metro", 393), ("national", 1), ("nonmetro", 135), ("state", 54)]


def test_framework_soc_and_naics_are_complete(lmi_database: duckdb.DuckDBPyConnection, one: Query) -> None:
    assert one("select count(*) from reference.cluster_grouping") == 6
    assert one("select count(*) from reference.cluster") == 14
    assert one("select count(*) from reference.cluster where is_cross_cutting") == 3
    assert one("select count(*) from reference.sub_cluster") == 72
    assert one("select count(*) from reference.legacy_cluster") == 16
    levels = lmi_database.sql("select soc_level, count(*) from reference.soc group by 1 order by 1").fetchall()
    assert levels == [("broad", 459), ("detailed", 867), ("major", 23), ("minor", 98)]
    assert one("select count(*) from reference.naics") == 2125
    assert one("select count(*) from reference.naics_sub_cluster where code_system = 'naics_2022'") == 2125
    assert one("select count(*) from reference.soc_sub_cluster where membership_source = 'listed'") == 1203


def test_withheld_brokers_of_ohio_have_what_the_published_figures_leave(
    lmi_database: duckdb.DuckDBPyConnection,
) -> None:
    """Real estate brokers (41-9021) are the only sales occupation that BLS withholds in Ohio.

    It publishes 459,090 jobs in sales (41-0000) and 458,580 in the other 21 occupations, among them 5,130 sales agents;
    and 9,960 managers and 1,220 appraisers of real estate.
    """
    published, brokers = 9_960 + 1_220 + 5_130, 459_090 - 458_580
    row = lmi_database.sql(
        "select employment, employment_published, modelled_pct, occupations, occupations_without_employment, status "
        "from marts.cluster_indicators where area_id = 'OH' and sub_cluster_id = 'real_estate' "
        "and basis = 'unduplicated'"
    ).fetchall()
    share = pytest.approx(100 * 510 / 16_820, abs=1e-4)
    assert row == [(published + brokers, published, share, 4, 1, "modelled")]


def test_clusters_of_nonmetro_areas_have_all_jobs_of_the_published_major_groups(one: Query) -> None:
    """Of 129 areas BLS publishes all 22 major groups. What it withholds in them is estimated, each job in one cluster.

    Where rounded occupations add up to more than their group, their sum stands.
    """
    off = """
        with groups as (
            select area_id, left(soc_code, 2) as major,
                sum(employment) filter (where occupation_group = 'major') as total,
                coalesce(sum(employment) filter (where occupation_group = 'detailed'), 0) as detail
            from core.oews_area_occupation
            group by area_id, major
        ),
        published as (
            select area_id, sum(greatest(total, detail)) as jobs
            from groups
            where major <> '00'
            group by area_id
            having count(total) = 22 and count(*) = 22
        ),
        clusters as (
            select area_id, sum(employment) as jobs, sum(employment_published) as published_jobs
            from marts.cluster_indicators
            where level = 'cluster' and basis = 'unduplicated'
            group by area_id
        )
        select clusters.jobs - published.jobs as difference, published.jobs - clusters.published_jobs as withheld
        from published inner join clusters using (area_id) inner join reference.area using (area_id)
        where area_type = 'nonmetro'
    """
    assert one(f"select count(*) from ({off})") == 129
    # the 14 clusters are rounded to thousandths of a job
    assert float(str(one(f"select max(abs(difference)) from ({off})"))) < 0.01
    assert float(str(one(f"select min(withheld) from ({off})"))) > 0


def test_published_jobs_of_clusters_are_those_of_their_occupations(one: Query) -> None:
    """Every state and area: the published detailed occupations, each in one cluster."""
    off = """
        select max(abs(clusters.jobs - occupations.jobs))
        from (
            select area_id, sum(employment_published) as jobs from marts.cluster_indicators
            where level = 'cluster' and basis = 'unduplicated' group by area_id
        ) as clusters
        inner join (
            select area_id, sum(employment) as jobs from core.oews_area_occupation
            where occupation_group = 'detailed' group by area_id
        ) as occupations using (area_id)
    """
    assert float(str(one(off))) < 0.05


def test_every_job_of_the_nation_counts_once(one: Query) -> None:
    # the sum of the 830 detailed occupations in the national workbook
    clusters = one(
        "select sum(employment) from marts.cluster_indicators "
        "where area_id = 'US' and level = 'cluster' and basis = 'unduplicated'"
    )
    assert clusters == pytest.approx(155_481_840, abs=0.05)


def test_energy_has_the_jobs_in_energy_industries(one: Query) -> None:
    energy = (
        "select employment from marts.cluster_indicators where area_id = 'US' and level = 'cluster' "
        "and cluster_id = 'energy_natural_resources' and basis = "
    )
    assert 1.5e6 < float(str(one(energy + "'unduplicated'"))) < 3e6
    # every membership in full
    assert float(str(one(energy + "'duplicated'"))) == pytest.approx(9.20e6, rel=0.005)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # by function, as reviewed
        ("11-1021", {"leadership_operations": (1.0, "function", "function")}),
        ("13-1082", {"project_management": (1.0, "single", "function")}),
        # 289,070 welders are in industries of Advanced Manufacturing, 58,360 in those of Construction
        (
            "51-4121",
            {
                "production_automation": (pytest.approx(289_070 / 347_430), "staffing_pattern", "single"),
                "skilled_trades": (pytest.approx(58_360 / 347_430), "staffing_pattern", "single"),
            },
        ),
    ],
)
def test_examples_of_the_methodology_are_shared_as_worked_by_hand(
    lmi_database: duckdb.DuckDBPyConnection, code: str, expected: dict[str, tuple[object, ...]]
) -> None:
    rows = lmi_database.sql(
        "select sub_cluster_id, weight, cluster_method, sub_cluster_method from marts.soc_allocation "
        f"where soc_code = '{code}' and weight > 0"
    ).fetchall()
    assert {row[0]: row[1:] for row in rows} == expected


def test_utilities_have_a_tenth_of_the_supervisors_of_mechanics(one: Query) -> None:
    """49-1011 of docs/methodology.md: the share of Energy & Natural Resources, and within it that of Utilities."""
    energy = 49_590 / (69_470 + 72_420 + 49_590 + 131_230)
    utilities = 19_830 / (1_900 + 6_700 + 19_830)
    weight = one("select weight from marts.soc_allocation where soc_code = '49-1011' and sub_cluster_id = 'utilities'")
    assert weight == pytest.approx(energy * utilities)


def test_few_jobs_are_shared_without_evidence(one: Query) -> None:
    share = one(
        "select sum(allocation.weight * nation.employment) "
        "filter (where not allocation.sub_cluster_has_evidence) / sum(allocation.weight * nation.employment) "
        "from marts.soc_allocation as allocation inner join marts.occupation_indicators as nation using (soc_code) "
        "where nation.area_id = 'US'"
    )
    assert 0.0 < float(str(share)) < 0.03


def test_jobs_in_industries_without_a_home_have_a_row_of_their_own(one: Query) -> None:
    """OEWS industries 5612, 5613, 5619, 5417, 8129 and 8134: all that has no home."""
    jobs = 200_420 + (2_593_250 + 708_730) + 328_520 + (868_520 + 63_270) + 436_330 + 358_750
    found = one("select employment from marts.industry_employment where level = 'cluster' and cluster_id = 'no_home'")
    assert found == jobs


def test_unmanned_vehicles_have_a_row_without_figures(lmi_database: duckdb.DuckDBPyConnection) -> None:
    rows = lmi_database.sql(
        "select distinct status, wage_p50_status, employment, employment_low, employment_high, wage_mean_usd, "
        "wage_p50_usd, coverage_pct from marts.cluster_indicators where sub_cluster_id = 'unmanned_vehicle_technology'"
    ).fetchall()
    assert rows == [("no_occupations", "no_occupations", None, None, None, None, None, None)]


def test_the_method_is_as_accurate_as_documented(lmi_database: duckdb.DuckDBPyConnection) -> None:
    """docs/methodology.md: errors on published groups that the estimate did not see."""
    rows = {
        (area_type, grouping, statistic, band): figures
        for area_type, grouping, statistic, band, *figures in lmi_database.sql(
            "select area_type, grouping, statistic, coverage_band, groups, median_abs_error_pct, mean_abs_error_pct "
            "from quality.method_accuracy where method = 'pooled'"
        ).fetchall()
    }
    assert rows["national", "major group", "mean", "95_to_100"][2] <= 0.05
    assert rows["state", "major group", "mean", "95_to_100"][2] <= 0.25
    for area_type, grouping, band, least, most in (
        ("state", "major group", "all", 580, 0.9),
        ("metro", "major group", "all", 4_100, 1.25),
        ("metro", "major group", "95_to_100", 1_800, 0.9),
        ("national", "minor group", "all", 85, 0.5),
    ):
        groups, median, _ = rows[area_type, grouping, "p50", band]
        assert groups >= least
        assert median <= most


def test_every_table_and_column_has_a_comment(one: Query) -> None:
    assert one("select count(*) from duckdb_tables() where coalesce(comment, '') = ''") == 0
    assert one("select count(*) from duckdb_columns() where not internal and coalesce(comment, '') = ''") == 0
    assert float(str(one("select count(*) from duckdb_tables()"))) > 20


@pytest.mark.parametrize("page", ["README.md", "docs/reading.md"])
def test_the_first_query_of_a_page_answers(lmi_database: duckdb.DuckDBPyConnection, page: str) -> None:
    query = (PROJECT / page).read_text(encoding="utf-8").split("```sql\n")[1].split("```")[0]
    rows = lmi_database.sql(query).fetchall()
    assert len(rows) == 14
    quotients = [row[2] for row in rows]
    assert quotients == sorted(quotients, reverse=True)
    # Ohio has more manufacturing than the nation
    assert "Advanced Manufacturing" in [row[0] for row in rows[:3]]


@pytest.mark.parametrize("page", ["architecture.md", "architecture.svg"])
def test_the_way_of_a_figure_is_told_with_true_figures(lmi_database: duckdb.DuckDBPyConnection, page: str) -> None:
    ((published, weight, jobs),) = lmi_database.sql(
        "select occupation.employment, allocation.weight, cluster.employment "
        "from marts.occupation_indicators as occupation "
        "inner join (select soc_code, cluster_id, sum(weight) as weight from marts.soc_allocation group by all) "
        "as allocation using (soc_code) "
        "inner join marts.cluster_indicators as cluster using (area_id, cluster_id) "
        "where area_id = 'OH' and soc_code = '15-1252' and cluster_id = 'digital_technology' "
        "and level = 'cluster' and basis = 'unduplicated'"
    ).fetchall()
    assert weight == 1
    words = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    assert f"{published:,}" in words
    assert f"{jobs:,.0f} jobs" in words
