"""Files that once gave a wrong figure without a word, through the real command: years that do not compare."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.command import PROJECT, Ran, lmi

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

SHARED = PROJECT.parent / "shared"
CASES = SHARED / "cases"


@pytest.fixture(scope="module", autouse=True)
def _is_there() -> None:
    if not CASES.is_dir():
        pytest.skip("needs ../shared")


def write_case(case: str, script: str, folder: Path) -> Path:
    """A copy of a case, with the files that its script writes."""
    target = Path(shutil.copytree(CASES / case, folder / case))
    subprocess.run([sys.executable, script], cwd=target, check=True)
    return target


def run_on(files: Path, data: Path, **environment: str) -> Ran:
    return lmi("run", "--files", str(files), data=data, hangs_after=1500, **environment)


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(data / "lmi.duckdb"), read_only=True) as connection:
        return connection.sql(query).fetchall()


def test_where_no_job_changed_over_a_change_of_naics_edition_no_cluster_did(tmp_path: Path) -> None:
    case, data = write_case("qcew_naics_break", "ct.py", tmp_path), tmp_path / "data"
    ran = run_on(case / "ct_files", data)
    assert ran.code == 0, ran.out + ran.err
    # the jobs of each area are the same in 2021 and 2022, under other codes
    changed = rows(
        data,
        "select employment_change_status, count(*), min(employment_change_pct), max(employment_change_pct) "
        "from marts.industry_indicators where year = 2022 group by all order by all",
    )
    found = {str(status): figures for status, *figures in changed}
    assert found["ok"][1:] == [0, 0]
    assert found["not_comparable"][1:] == [None, None]
    assert found.keys() <= {"ok", "not_comparable", "withheld", "not_in_vintage"}
    digital = (
        "select employment_change_status, employment_change_pct from marts.industry_indicators "
        "where area_id = 'CT' and cluster_id = 'digital_technology' and level = 'cluster' and ownership = 'all' "
        "and year = 2022"
    )
    # compared on the same industries, or not at all
    assert rows(data, digital) in ([("ok", 0)], [("not_comparable", None)])
    moved = "select count(*) from marts.shift_share where year_to = 2022 and abs(change_jobs) > 1e-6"
    assert rows(data, moved) == [(0,)]


def test_a_region_over_a_change_of_boundaries_is_refused_before_the_run(tmp_path: Path) -> None:
    case, data = write_case("qcew_ct_mixed", "ct.py", tmp_path), tmp_path / "data"
    ran = run_on(case / "ct_files", data, LMI_OVERLAY_DIR=str(case / "ct_overlay"))
    assert ran.code == 3
    assert "it has 09110 from 2024, 09003 until 2023" in " ".join(ran.err.split())
    assert not (data / "releases.json").exists()


def test_a_region_of_a_census_area_and_what_it_became_has_a_figure_in_each_year(tmp_path: Path) -> None:
    case, data = write_case("qcew_ak_never", "ak.py", tmp_path), tmp_path / "data"
    ran = run_on(case / "ak_files", data, LMI_OVERLAY_DIR=str(case / "ak_overlay"))
    assert ran.code == 0, ran.out + ran.err
    found = rows(
        data,
        "select year, employment, employment_change_status from marts.industry_indicators "
        "where area_id = 'AK:gulf' and level = 'all' and ownership = 'all' order by year",
    )
    # by ak.py a fifth of 6,230 jobs of seven industries in 2019, then 14 and 6 %, each industry cut to whole jobs
    assert found == [(2019, 1246.0, "not_in_vintage"), (2020, 1245.0, "ok"), (2021, 1245.0, "ok")]


def test_real_counties_on_both_sides_of_naics_2022_are_compared_on_the_same_industries(tmp_path: Path) -> None:
    files, data = tmp_path / "files", tmp_path / "data"
    with zipfile.ZipFile(SHARED / "data" / "bls_qcew" / "ohio_counties_annual_slices_2020_2023.zip") as packed:
        packed.extractall(files)
    ran = run_on(files, data)
    assert ran.code == 0, ran.out + ran.err
    found = rows(
        data,
        "select year, employment, employment_change_pct, employment_change_status from marts.industry_indicators "
        "where area_id = '39049' and level = 'cluster' and cluster_id = 'digital_technology' and ownership = 'private' "
        "and year >= 2022 order by year",
    )
    # private jobs by the publisher: 511210, from 2022 on 513210; 518210; 54151. 519290 is made of parts of industries
    # that stood in other clusters too, so it counts among the jobs and not in the change from 2021
    jobs_2021, jobs_2022, jobs_2023 = 1408 + 2378 + 12333, 1672 + 2652 + 12894, 1611 + 3210 + 12355
    assert found == [
        (2022, jobs_2022 + 909.0, round(100 * (jobs_2022 / jobs_2021 - 1), 6), "ok"),
        (2023, jobs_2023 + 996.0, round(100 * ((jobs_2023 + 996) / (jobs_2022 + 909) - 1), 6), "ok"),
    ]
    assert rows(data, "select vintage from reference.source_vintage where source = 'qcew'") == [
        ("2020 to 2023, 15 counties (OH)",)
    ]


def test_a_county_of_quarterly_files_is_published_with_pay_from_unrounded_sums(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ran = run_on(CASES / "qcew_one_county_2016", data)
    assert ran.code == 0, ran.out + ran.err
    pay = rows(
        data,
        "select count(*) from marts.industry_indicators where area_id = '48047' "
        "and abs(pay_annual_avg_usd - round(wages_usd / employment_published, 2)) > 0.005",
    )
    assert pay == [(0,)]
    assert rows(data, "select vintage from reference.source_vintage where source = 'qcew'") == [
        ("2016, 1 county (TX)",)
    ]


def test_314_county_files_of_two_states_are_named_so(tmp_path: Path) -> None:
    sys.path.insert(0, str(CASES / "qcew_ak_never"))
    try:
        from gen import area_rows, write  # type: ignore[import-not-found]  # noqa: PLC0415
    finally:
        sys.path.pop(0)
    files, data = tmp_path / "files", tmp_path / "data"
    files.mkdir()
    listed = (PROJECT / "reference" / "crosswalks" / "county.csv").read_text(encoding="utf-8").splitlines()[1:]
    counties = [line[:5] for line in listed if line.startswith(("39", "48"))][:314]
    assert len(counties) == 314
    for county in counties:
        jobs = {"722511": (90, 1500), "622110": (4, 1200), "541511": (12, 80)}
        write(str(files / f"2021.annual {county}.csv"), area_rows(county, "7", 2021, jobs))
    ran = run_on(files, data)
    assert ran.code == 0, ran.out + ran.err
    label = "2021, 314 counties (OH, TX)"
    assert rows(data, "select vintage from reference.source_vintage where source = 'qcew'") == [(label,)]
    newest = max((data / "releases").iterdir())
    manifest = json.loads((newest / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["sources"]["qcew"]["vintage"] == label
