"""What a run writes, and what it does when nothing changed."""

import hashlib
import json
import re
from pathlib import Path

import duckdb
import pytest

from pipelines.quality.reconciliation import release_checks
from tests.conftest import own
from tests.integration.conftest import Here, Ran


def _releases(data: Path) -> list[Path]:
    return sorted((data / "releases").iterdir())


def test_run_names_what_it_wrote(first_run: tuple[Path, Ran]) -> None:
    data, ran = first_run
    assert "Published release" in ran.out
    assert str(data / "lmi.duckdb") in ran.out
    assert "583 areas" in ran.out
    assert "14 clusters" in ran.out
    assert "checks" in ran.out.lower()
    assert "Reliability" in ran.out


def test_release_folder_describes_itself(first_run: tuple[Path, Ran]) -> None:
    data, _ = first_run
    (folder,) = _releases(data)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["release_id"] == folder.name
    database = (folder / "lmi.duckdb").read_bytes()
    assert manifest["database_sha256"] == hashlib.sha256(database).hexdigest()
    assert (data / "lmi.duckdb").read_bytes() == database
    assert manifest["sources"]["oews"]["vintage"] == "May 2025"
    assert manifest["sources"]["oews"]["released_on"] == "2026-05-15"
    assert manifest["checks"] == manifest["checks_passed"] + len(manifest["warnings"])
    assert "marts.cluster_indicators" in (folder / "dictionary.md").read_text(encoding="utf-8")
    assert manifest["sources"]["oews"]["attribution"] in (folder / "catalogue.html").read_text(encoding="utf-8")
    assert "first release" in (folder / "diff.md").read_text(encoding="utf-8")
    validation = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    assert len(validation["results"]) == manifest["checks"]
    assert (folder / "data_docs" / "index.html").is_file()
    with duckdb.connect(str(folder / "lmi.duckdb"), read_only=True) as connection:
        assert connection.sql("select release_id from quality.release").fetchall() == [(folder.name,)]


def test_unchanged_inputs_publish_nothing(here: Here, released: Path) -> None:
    before = _releases(released)
    again = here("run", data=released)
    assert again.code == 0
    assert "Nothing changed" in again.out
    assert _releases(released) == before


def test_status_tells_release_and_vintages(here: Here, first_run: tuple[Path, Ran]) -> None:
    data, _ = first_run
    (folder,) = _releases(data)
    ran = here("status", data=data)
    assert ran.code == 0
    assert folder.name in ran.out
    assert "May 2025" in ran.out
    assert "2026-05-15" in ran.out
    assert "is this release" in ran.out


@pytest.mark.slow
def test_validate_finds_what_was_changed_in_the_release_and_nothing_else(here: Here, small_released: Path) -> None:
    (folder,) = _releases(small_released)
    warnings = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["warnings"]
    asked = {check.name for check in release_checks()}
    database = own(folder / "lmi.duckdb")
    database.chmod(0o644)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update marts.cluster_indicators set employment = 2 * employment "
            "where area_id = 'OH' and cluster_id = 'education' and level = 'cluster' and basis = 'unduplicated'"
        )
    own(small_released / "lmi.duckdb").write_bytes(b"damaged")
    bad = here("validate", data=small_released)
    assert bad.code == 5
    assert "lmi.duckdb is not this release's database" in " ".join(bad.out.split())
    failed = {line.split()[2].rstrip(":") for line in bad.out.splitlines() if line.startswith(("error ", "warn "))}
    assert failed == asked & {warning.split()[1].rstrip(":") for warning in warnings} | {
        "cluster_range_holds_the_figures",
        "clusters_add_up_to_total",
        "interval_and_reliability_fit_error",
        "published_within_estimate",
        "share_and_premium_fit_figures",
    }
    passed, checks = re.findall(r"([0-9,]+) of ([0-9,]+) checks passed", bad.out)[0]
    assert int(checks.replace(",", "")) == len(release_checks())
    assert int(passed.replace(",", "")) == len(release_checks()) - len(failed)
    assert "area_id=OH, cluster_id=education" in bad.out.replace("\n", " ")
    assert "is not the database that the manifest names" in " ".join(bad.out.split())


def test_without_a_release_the_command_says_what_to_do(here: Here, tmp_path: Path) -> None:
    for command in ("status", "validate"):
        ran = here(command, data=tmp_path)
        assert ran.code == 7
        assert "lmi run" in ran.err
