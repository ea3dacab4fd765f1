"""The recipes of docs/contributing.md, each carried out as it is written, on a copy of the project."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipelines.files import file_sha256
from tests.fixtures.command import PROJECT, Ran
from tests.fixtures.recipes import checksums, copy_project, recipes

pytestmark = pytest.mark.slow

#: Files that each recipe touches.
FILES = {
    "A column in `marts.cluster_indicators`": 3,
    "A source": 4,
    "A policy": 1,
    "A pooling method": 1,
    "A check": 2,
    "A section of the report": 2,
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, str]]:
    """A copy of the project, and the checksums of its files."""
    root = copy_project(tmp_path_factory.mktemp("project"))
    return root, checksums(root)


@pytest.fixture(scope="module")
def changed(copied: tuple[Path, Mapping[str, str]]) -> Path:
    """The copy with all recipes carried out."""
    root, _ = copied
    for edits in recipes().values():
        for edit in edits:
            edit.apply(root)
    return root


@pytest.fixture(scope="module")
def proof(changed: Path, first_run: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the changed project makes of them, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMI_", "DAGSTER_"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.fixtures.recipe_proof", str(first_run[0]), str(tmp_path_factory.mktemp("work"))],
        cwd=changed,
        env=kept | {"PYTHONPATH": str(changed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["project"] == str(changed), "the copy proves itself, not this project"
    return found


def test_each_recipe_says_which_files_it_touches() -> None:
    assert {heading: len({edit.path for edit in edits}) for heading, edits in recipes().items()} == FILES


def test_no_other_file_changes_and_the_project_is_untouched(
    copied: tuple[Path, Mapping[str, str]], changed: Path, proof: dict[str, Any]
) -> None:
    """Only the recipes' files differ after all that ran, so that taking the edits back leaves the project as it was."""
    assert proof
    _, before = copied
    now, paths = checksums(changed), {edit.path for edits in recipes().values() for edit in edits}
    assert {name for name in now if now[name] != before.get(name)} == paths
    assert before.keys() <= now.keys()
    assert {name: file_sha256(PROJECT / name) for name in before} == before


def test_a_column(proof: dict[str, Any]) -> None:
    """Managers, carpenters and plumbers of Texas, each in full."""
    (row,) = proof["tables"]["row"]
    assert row["employment"] == 12_000 + 8_000 + 5_000
    assert row["employment_per_occupation"] == pytest.approx(25_000 / 3)
    assert proof["tables"]["unit"]["employment_per_occupation"] == "jobs"


def test_a_pooling_method(proof: dict[str, Any]) -> None:
    (row,) = proof["tables"]["row"]
    average = (12_000 * 100_000 + 8_000 * 60_000 + 5_000 * 63_000) / 25_000
    # distributions are stored to 0.01 percent
    assert row["wage_p50_usd"] == pytest.approx(average, rel=1e-4)


def test_a_check(proof: dict[str, Any]) -> None:
    """The nation has 25,000 teachers, the only occupation of Education."""
    before, after = proof["check"]["before"], proof["check"]["after"]
    assert before == {name: ["error", True, None] for name in ("wages_above_zero", "states_within_nation")}
    for name, words in (("wages_above_zero", "area_id=OK"), ("states_within_nation", "in_nation=25000")):
        severity, passed, observed = after[name]
        assert (severity, passed) == ("error", False)
        assert words in observed


def test_a_source(proof: dict[str, Any]) -> None:
    found = proof["source"]
    assert found["tables"] == ["raw.minimum_wage"]
    assert found["rows"] == [["OH", 10.7], ["WA", 16.66]]
    assert found["said"] == "minimum_wage: minimum_wage.csv: line 3, column 'wage': not a wage (found 'much')"
    assert found["is_listed"]
    assert found["is_empty_without"], "a run on the bundle goes on without it"


def test_a_policy(proof: dict[str, Any]) -> None:
    found = proof["policy"]
    assert found["is_loaded"]
    code, said = found["shown"]
    assert code == 0, said
    assert "Washington's list" in said
    code, said = found["flags"]
    assert code == 0, said
    assert "Washington (WA) by Washington's list (washington)" in said


def test_a_section(proof: dict[str, Any]) -> None:
    found = proof["section"]
    assert found["code"] == [0, ""]
    sections = found["sections"]
    assert sections.index("high-end") == sections.index("wages") + 1
    assert "One job in ten pays more than the wages below, in Wyoming." in found["text"]
    assert found["figures"] >= 14
    assert found["differences"] == []
