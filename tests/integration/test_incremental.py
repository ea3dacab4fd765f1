"""A run after one policy changed makes little again, and its release is the one that a forced run makes."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.fixtures.command import lmi
from tests.fixtures.recipes import copy_project

pytestmark = pytest.mark.slow


def change_policy(project: Path) -> None:
    """Raise the openings that a copy of the project asks for in Ohio's list; its file may be a link to the original."""
    path = project / "reference" / "policies" / "ohio.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count("fixed: 620") == 1
    path.unlink()
    path.write_text(text.replace("fixed: 620", "fixed: 700"), encoding="utf-8")


@pytest.mark.timeout(1200)
def test_a_run_after_a_policy_changed_publishes_what_a_forced_one_does(released: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    change_policy(project)
    ran = lmi("run", data=released, project=project)
    assert ran.code == 0, ran.out + ran.err
    made, kept = map(int, re.findall(r"(\d+) tables were made; (\d+) did not change", ran.out)[0])
    # the policy, its flags, two tables that read flags, and the results of the checks
    assert made == 5
    assert kept > 150
    forced = lmi("run", "--force", data=released, project=project)
    assert forced.code == 0, forced.out + forced.err
    assert re.search(r"\d+ tables were made; 0 did not change", forced.out)
    *_, changed, again = sorted((released / "releases").iterdir())
    differences = json.loads((changed / "diff.json").read_text(encoding="utf-8"))["tables"]
    assert {name for name, each in differences.items() if each["status"] != "same"} == {
        "reference.policy",
        "marts.occupation_flag",
        "marts.cluster_flag_share",
        "marts.program_alignment",
    }
    same = json.loads((again / "diff.json").read_text(encoding="utf-8"))["tables"]
    assert {each["status"] for each in same.values()} == {"same"}
    # bounds of QCEW cells that are added up again may differ in their last bits: checksums of files are left out
    verdicts = [
        json.loads((folder / "validation.json").read_text(encoding="utf-8"))["results"] for folder in (changed, again)
    ]
    kept_results, forced_results = ([{**each, "seen": "", "years": []} for each in results] for results in verdicts)
    assert kept_results == forced_results
    shutil.rmtree(project)
