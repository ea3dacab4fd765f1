"""From an empty environment to a report: the package, then two commands, timed. Packages come from the cache."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.benchmarks.children import measure
from tests.fixtures.command import PROJECT

#: The limit, on two cores that do nothing else.
AT_MOST_SECONDS = 240


@pytest.mark.benchmark
def test_a_first_report_takes_at_most_four_minutes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (wheel,) = tmp_path.glob("*.whl")

    def environment(name: str) -> list[str]:
        """The arguments that install the package into a new environment."""
        venv.create(tmp_path / name, with_pip=False)
        python = str(tmp_path / name / "bin" / "python")
        return ["-m", "pip", "--python", python, "install", "--quiet", f"{wheel}[reports]"]

    # the first fills the cache
    (_, installed) = measure(environment("before"), environment("user"))
    assert installed.code == 0, installed.output
    data = {"LMI_DATA_DIR": str(tmp_path / "data")}
    commands = [["-m", "pipelines.cli", *words] for words in (["run"], ["report", "OH"])]
    python = tmp_path / "user" / "bin" / "python"
    ran, reported = measure(*commands, environment=data, project=tmp_path, python=str(python))
    assert (tmp_path / "data" / "reports" / "OH.html").is_file(), ran.output + reported.output
    steps = {"pip install": installed, "lmi run": ran, "lmi report OH": reported}
    for name, step in steps.items():
        print(f"\n{name}: {step.seconds:.0f} s, processor {step.cpu_seconds:.0f} s")
    print(f"together {sum(step.seconds for step in steps.values()):.0f} s")
    assert sum(step.seconds for step in steps.values()) <= AT_MOST_SECONDS
