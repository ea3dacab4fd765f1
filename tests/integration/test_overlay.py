"""A release with the example overlay of docs/: its rows are added, the national rows do not change."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.errors import BadInputError
from tests.fixtures.figure_walk import differences
from tests.fixtures.report_pages import Page
from tests.fixtures.small_release import OVERLAY as EXAMPLE
from tests.fixtures.small_release import columns_alike, rows_alike
from tests.integration.conftest import Here

pytestmark = pytest.mark.slow

OVERLAID = ("unduplicated:ohio_pathways", "duplicated:ohio_pathways")


@pytest.fixture(scope="module")
def overlaid(small_run: Path) -> Path:
    """A data folder after a live run with the overlay and figures of counties."""
    return small_run


@pytest.fixture(scope="module")
def both(first_run: tuple[Path, object], overlaid: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release of the bundle without (`plain`) and the small live one with the overlay (`own`), opened together."""
    with duckdb.connect() as connection:
        for name, data in (("plain", first_run[0]), ("own", overlaid)):
            connection.execute(f"attach '{data / 'lmi.duckdb'}' as {name} (read_only)")
        yield connection


#: Tables that are made from figures by occupation, and a condition for the rows that an overlay adds. Areas with all
#: their figures in both releases are compared.
ADDED = {
    "marts.cluster_indicators": "contains(area_id, ':') or contains(basis, ':')",
    "marts.occupation_indicators": "contains(area_id, ':')",
    "marts.occupation_flag": "contains(area_id, ':') or policy = 'ohio_wages'",
    "marts.cluster_flag_share": "contains(area_id, ':') or contains(basis, ':') or policy = 'ohio_wages'",
    "marts.cluster_outlook": "contains(basis, ':')",
    "marts.occupation_outlook": "false",
    "marts.soc_allocation": "false",
    "marts.cluster_education_mix": "contains(basis, ':')",
    "marts.cluster_range": "false",
    "marts.legacy_cluster_indicators": "false",
    "marts.legacy_cluster_outlook": "false",
    "marts.legacy_cluster_flow": "false",
    "marts.cross_cutting_context": "false",
    "reference.area": "area_type = 'region'",
    "reference.cluster": "false",
    "reference.sub_cluster": "false",
    "reference.soc_sub_cluster": "false",
    "reference.policy": "policy = 'ohio_wages'",
}


@pytest.mark.parametrize("table", ADDED)
def test_national_rows_are_the_same(both: duckdb.DuckDBPyConnection, table: str) -> None:
    alike, columns = rows_alike(both, table), columns_alike(both, table)
    rest = f"(select {columns} from own.{table} where not ({ADDED[table]}) and {alike})"
    plain = f"(select {columns} from plain.{table} where {alike})"
    lost = both.sql(f"from {plain} except from {rest}").fetchall()
    changed = both.sql(f"from {rest} except from {plain}").fetchall()
    assert (lost, changed) == ([], [])
    counts = both.sql(f"select (select count(*) from {plain}), (select count(*) from {rest})").fetchall()
    assert counts[0][0] == counts[0][1] > 0


def test_only_areas_of_ohio_have_the_overlays_basis(both: duckdb.DuckDBPyConnection) -> None:
    found = both.sql(
        "select distinct area_id, state_id from own.marts.cluster_indicators join own.reference.area using (area_id) "
        "where contains(basis, ':')"
    ).fetchall()
    assert {state for _, state in found} == {"OH"}
    in_ohio = both.sql("select count(*) from own.reference.area where state_id = 'OH' and oews_area_code is not null")
    assert len(found) == in_ohio.fetchall()[0][0] + 3  # and three regions


def test_jobs_move_as_the_overlay_says(both: duckdb.DuckDBPyConnection) -> None:
    """Ohio's new cluster: half of its electrical engineers and car mechanics, a quarter of its assemblers."""
    jobs = dict(
        both.sql("select soc_code, employment from plain.marts.occupation_indicators where area_id = 'OH'").fetchall()
    )
    moved = {"17-2071": 0.5, "49-3023": 0.5, "51-2028": 0.25}
    expected = sum(weight * jobs[code] for code, weight in moved.items())
    rows = both.sql(
        "select basis, employment from own.marts.cluster_indicators where area_id = 'OH' and level = 'cluster' "
        "and cluster_id = 'energy_storage_mobility'"
    ).fetchall()
    assert dict(rows) == pytest.approx({OVERLAID[0]: expected, OVERLAID[1]: sum(jobs[code] for code in moved)})
    # every job once, in one cluster or another
    totals = both.sql(
        "select basis, sum(employment) from own.marts.cluster_indicators where area_id = 'OH' and level = 'cluster' "
        "and starts_with(basis, 'unduplicated') group by basis"
    ).fetchall()
    assert dict(totals)[OVERLAID[0]] == pytest.approx(dict(totals)["unduplicated"])


@pytest.mark.parametrize("name", ["cluster_completions", "supply_demand", "cluster_earnings", "program_completions"])
def test_links_of_ohio_leave_other_states(both: duckdb.DuckDBPyConnection, name: str) -> None:
    # the small release lacks the jobs by which one projection of Idaho's is doubtful; the nation has it in its sums
    states = "select area_id from plain.reference.area where area_type = 'state' and area_id not in ('OH', 'ID')"
    own, plain = (f"(select * from {of}.marts.{name} where area_id in ({states}))" for of in ("own", "plain"))
    assert both.sql(f"from {plain} except all from {own}").fetchall() == []
    assert both.sql(f"from {own} except all from {plain}").fetchall() == []


def test_a_dropped_link_takes_no_award_in_ohio_and_all_awards_stay(both: duckdb.DuckDBPyConnection) -> None:
    columns = "sum(awards) filter (where level = 'cluster'), max(awards) filter (where level = 'all')"
    where = "where area_id = 'OH' and basis = 'unduplicated' and award_period = 'mean' and award_group = 'bachelor'"
    ((in_clusters, in_all),) = both.sql(f"select {columns} from own.marts.cluster_completions {where}").fetchall()
    # C2022_A to C2024_A: 201,124 bachelor's degrees at Ohio's institutions
    assert in_all == pytest.approx(201_124 / 3, abs=0.001)
    assert in_clusters == pytest.approx(in_all, abs=0.02)
    occupations = dict(
        both.sql(
            "select own.cip_code, own.occupations - plain.occupations from own.marts.program_alignment as own "
            "inner join plain.marts.program_alignment as plain using (area_id, cip_code, award_group, policy) "
            "where area_id = 'OH' and policy = 'default' and own.occupations <> plain.occupations"
        ).fetchall()
    )
    assert occupations == {"47.0604": 1, "52.0201": -1}


def test_changed_links_and_secondary_schools_are_published(both: duckdb.DuckDBPyConnection) -> None:
    changes = both.sql(
        "select cip_code, soc_code, change from own.reference.overlay_change where cip_code <> 'all'"
    ).fetchall()
    assert changes == [("47.0604", "49-3031", "add"), ("52.0201", "11-1011", "drop")]
    counts = both.sql(
        "select area_id, cluster_name, school_year, concentrators from own.marts.secondary_programs"
    ).fetchall()
    assert counts == [
        ("OH", "Energy Storage & Mobility", "2023-24", 640),
        ("OH", "Health Science", "2022-23", 11_800),
        ("OH", "Health Science", "2023-24", 12_300),
    ]
    assert both.sql("select count(*) from plain.marts.secondary_programs").fetchall() == [(0,)]


def test_a_region_of_metro_areas_adds_them_up_and_pools_their_wages(both: duckdb.DuckDBPyConnection) -> None:
    metros = both.sql(
        "select area_id, employment, wage_p50_usd from plain.marts.occupation_indicators "
        "where soc_code = '29-1141' and area_id in ('C10420', 'C15940', 'C17410')"
    ).fetchall()
    ((jobs, median, status),) = both.sql(
        "select employment, wage_p50_usd, employment_status from own.marts.occupation_indicators "
        "where soc_code = '29-1141' and area_id = 'OH:northeast_metros'"
    ).fetchall()
    assert (jobs, status) == (sum(row[1] for row in metros), "ok")
    assert min(row[2] for row in metros) < median < max(row[2] for row in metros)
    row = both.sql(
        "select employment, coverage_pct, status from own.marts.cluster_indicators "
        "where area_id = 'OH:northeast_metros' and level = 'all' and basis = 'unduplicated'"
    ).fetchall()
    total = both.sql(
        "select sum(employment) from plain.marts.cluster_indicators where level = 'all' and basis = 'unduplicated' "
        "and area_id in ('C10420', 'C15940', 'C17410')"
    ).fetchall()
    assert row[0][0] == total[0][0]
    assert row[0][2] == "ok"


def test_a_region_says_how_much_of_it_the_metro_area_is(both: duckdb.DuckDBPyConnection) -> None:
    """Central Ohio: the Columbus metro area whole, but not Knox county, which has 1,500 of 17,600 jobs."""
    (row,) = both.sql(
        "select counties, counties_covered, areas_whole, qcew_year, qcew_employment, qcew_employment_covered, "
        "region_coverage_pct, coverage_method from own.marts.region_coverage where area_id = 'OH:central_ohio'"
    ).fetchall()
    assert row == (11, 10, 1, 2024, 17_600, 16_100, pytest.approx(100 * 16_100 / 17_600), "jobs_of_counties")
    ((region_jobs, status, coverage), (metro_jobs, _, metro_coverage)) = both.sql(
        "select employment, status, coverage_pct from own.marts.cluster_indicators where level = 'cluster' "
        "and area_id in ('OH:central_ohio', 'C18140') and cluster_id = 'education' and basis = 'unduplicated' "
        "order by area_id desc"
    ).fetchall()
    assert region_jobs == metro_jobs
    assert status == "partial"
    assert coverage == pytest.approx(metro_coverage * 16_100 / 17_600, abs=1e-3)
    # Columbus' core counts by the share that the overlay gives, and says so
    ((jobs, status),) = both.sql(
        "select employment, status from own.marts.cluster_indicators where area_id = 'OH:columbus_core' "
        "and cluster_id = 'education' and level = 'cluster' and basis = 'unduplicated'"
    ).fetchall()
    assert (jobs, status) == (pytest.approx(0.85 * metro_jobs, abs=0.01), "modelled")


def test_a_region_adds_up_its_counties_and_what_one_withholds_is_estimated(both: duckdb.DuckDBPyConnection) -> None:
    """Knox county withholds construction: of its 1,500 jobs 1,000 are in hospitals, so it has 0 to 500.

    Nothing else of the county is withheld, as it would be by the publisher, so the estimate has all 500.
    """
    columns = "establishments, employment, employment_low, employment_high, cells, cells_withheld, status"
    rows = both.sql(
        f"select cluster_id, {columns} from own.marts.industry_indicators where area_id = 'OH:central_ohio' "
        "and ownership = 'all' and level = 'cluster' and cluster_id in ('construction', 'healthcare_human_services')"
    ).fetchall()
    assert {row[0]: row[1:] for row in rows} == {
        "construction": (22, 6_600, 6_100, 6_600, 11, 1, "modelled"),
        "healthcare_human_services": (22, 11_000, 11_000, 11_000, 11, 0, "ok"),
    }
    # the counties of the three metro areas are not in these files, so that region has no figures by industry
    (count,) = both.sql(
        "select count(*) from own.marts.industry_indicators where area_id = 'OH:northeast_metros'"
    ).fetchall()
    assert count == (0,)


def test_the_manifest_and_the_database_name_the_overlay(both: duckdb.DuckDBPyConnection, overlaid: Path) -> None:
    (manifest,) = (json.loads(path.read_text()) for path in overlaid.glob("releases/*/manifest.json"))
    overlay = manifest["overlay"]
    assert (overlay["overlay_id"], overlay["state_id"]) == ("ohio_pathways", "OH")
    assert overlay["files"].keys() == {path.name for path in EXAMPLE.iterdir()}
    ((sha256, policy),) = both.sql("select overlay_sha256, default_policy from own.reference.overlay").fetchall()
    assert (sha256, policy) == (overlay["sha256"], "ohio_wages")
    names = both.sql("select node_name from own.reference.overlay_node where cluster_id = 'healthcare_human_services'")
    assert ("Health Science",) in names.fetchall()
    assert both.sql("select count(*) from plain.reference.overlay").fetchall() == [(0,)]


def test_the_overlays_own_policy_flags_its_areas(both: duckdb.DuckDBPyConnection) -> None:
    rows = both.sql(
        "select distinct state_id from own.marts.occupation_flag join own.reference.area using (area_id) "
        "where policy = 'ohio_wages'"
    ).fetchall()
    assert rows == [("OH",)]


def test_the_command_uses_the_overlays_policy(here: Here, overlaid: Path) -> None:
    ran = here("flags", "--state", "OH", data=overlaid, LMI_OVERLAY_DIR=str(EXAMPLE))
    assert ran.code == 0, ran.err
    assert "Ohio (OH) by Wages at the state's median (example) (ohio_wages)" in ran.out
    assert "Evaluated now" not in ran.out
    ran = here("flags", "--state", "OR", data=overlaid, LMI_OVERLAY_DIR=str(EXAMPLE))
    assert "ohio_wages" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "name", "bases"),
    [
        (["--basis", OVERLAID[0]], "OH_unduplicated_ohio_pathways", OVERLAID),
        (["--basis", OVERLAID[1], "--area", "C18140"], "C18140_duplicated_ohio_pathways", OVERLAID),
        (["--area", "OH:columbus_core"], "OH_columbus_core", ("unduplicated", "duplicated")),
    ],
)
def test_a_report_by_the_overlays_clusters_and_of_its_regions(
    here: Here, overlaid: Path, tmp_path: Path, *, arguments: list[str], name: str, bases: tuple[str, str]
) -> None:
    ran = here("report", "--state", "OH", *arguments, "--out", str(tmp_path), data=overlaid)
    assert ran.code == 0, ran.err
    page = Page((tmp_path / f"{name}.html").read_text(encoding="utf-8"))
    assert differences(overlaid / "lmi.duckdb", page.figures) == []
    # totals are as published on every basis; the nation has the framework's bases
    told = {value for figure in page.figures for key, value in figure.key if key == "basis"}
    assert {basis for basis in told if ":" in basis} == {basis for basis in bases if ":" in basis}
    is_own = "Energy Storage & Mobility" in page.sections["clusters"]
    assert is_own is (bases == OVERLAID)
    for called, instead in (("Health Science", "Healthcare & Human Services"), ("Battery Manufacturing", None)):
        assert (called in page.sections["detail"]) is is_own
        assert instead is None or (instead in page.sections["detail"]) is not is_own
    weights = {
        dict(figure.key)["soc_code"]: figure.text
        for figure in page.figures
        if figure.column == "cluster_weight" and dict(figure.key)["cluster_id"] == "energy_storage_mobility"
    }
    by_overlay = {"17-2071": "50.0%", "49-3023": "50.0%", "51-2028": "25.0%"}
    assert weights == (by_overlay if name == "OH_unduplicated_ohio_pathways" else {})
    summary = " ".join(page.sections["summary"].split())
    assert ("made of those of Columbus, OH (85.0% of its jobs)" in summary) is name.endswith("columbus_core")
    assert ("a model, not a count" in summary) is name.endswith("columbus_core")
    # a cluster that the state leaves out has no row
    assert ("Unmanned Vehicle Technology" in page.sections["detail"]) is not is_own


def test_an_overlays_basis_is_of_its_own_state(here: Here, overlaid: Path, tmp_path: Path) -> None:
    for command in ("report", "export"):
        ran = here(command, "--state", "TX", "--basis", OVERLAID[0], "--out", str(tmp_path / "out"), data=overlaid)
        assert ran.code == 2
        assert f"{OVERLAID[0]} is of OH and its areas only; it has: unduplicated, duplicated" in ran.err
        assert not (tmp_path / "out").exists()


def test_an_export_names_the_overlays_clusters(here: Here, overlaid: Path, tmp_path: Path) -> None:
    ran = here("export", "--state", "OH", "--basis", OVERLAID[0], "--out", str(tmp_path), data=overlaid)
    assert ran.code == 0, ran.err
    rows = pl.read_parquet(tmp_path / "parquet" / "OH_cluster_indicators.parquet")
    assert set(rows["basis"]) == {OVERLAID[0]}
    assert set(rows.filter(pl.col("area_type") == "region")["area_id"]) >= {"OH:central_ohio"}
    named = dict(rows.select("cluster_id", "cluster_name").unique().iter_rows())
    assert named["healthcare_human_services"] == "Health Science"
    assert named["energy_storage_mobility"] == "Energy Storage & Mobility"
    assert named["construction"] == "Construction"
    inner = dict(rows.select("sub_cluster_id", "sub_cluster_name").unique().iter_rows())
    assert inner["it_support_services"] == "Information Support & Services"
    assert f"only rows of {OVERLAID[0]} are here" in (tmp_path / "notes_OH.md").read_text("utf-8")


def test_a_broken_overlay_stops_the_run_and_the_last_release_stays(
    here: Here, small_released: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "ohio_pathways")
    with (folder / "regions.csv").open("a", encoding="utf-8") as regions:
        regions.write("central_ohio,39998,\n")
    before = (
        sorted(path.name for path in (small_released / "releases").iterdir()),
        (small_released / "lmi.duckdb").read_bytes(),
    )
    ran = here("run", data=small_released, LMI_OVERLAY_DIR=str(folder))
    assert ran.code == BadInputError.exit_code
    assert "overlay: regions.csv: line 19: there is no county, metro or nonmetro area with this code" in ran.err
    after = (
        sorted(path.name for path in (small_released / "releases").iterdir()),
        (small_released / "lmi.duckdb").read_bytes(),
    )
    assert after == before


def test_the_check_says_what_an_overlay_would_do(here: Here, tmp_path: Path) -> None:
    ran = here("overlay", "check", str(EXAMPLE), data=tmp_path)
    assert ran.code == 0, ran.err
    for text in (
        "ohio_pathways",
        "4 in other sub-clusters",
        "1 dropped, 1 added",
        "Chief Executives",
        "OH:central_ohio",
        "C18140 85 %",
        "no faults",
    ):
        assert text in ran.out
    ran = here("overlay", "check", str(tmp_path / "nowhere"), data=tmp_path)
    assert (ran.code, "there is no such folder" in ran.err) == (BadInputError.exit_code, True)
