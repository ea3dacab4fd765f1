"""The package as its users get it: wheel and sdist hold all that the project needs, and the commands run from them."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.contracts.model import described_tables
from pipelines.own_files import own_lines
from tests.fixtures.command import HANGS_AFTER_SECONDS
from tests.fixtures.croissant import mlcroissant
from tests.integration.conftest import PROJECT

pytestmark = pytest.mark.slow

#: Folders of the repository that are resources of the package, and where the package has them.
RESOURCES = ("sql", "reference", "notebooks", "docs")
INSIDE = "pipelines/resources"
#: Not of the project: what tools leave in its folders.
_LEFT = ("__pycache__", "__marimo__", ".ipynb_checkpoints")
#: Hides the packages of the extras, as in an environment with the core only.
HIDDEN = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"vl_convert", "xlsxwriter", "marimo", "dagster_webserver"}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Hidden())
"""

Lmi = Callable[..., "subprocess.CompletedProcess[str]"]


def _build(project: Path, into: Path) -> Path:
    """The folder with wheel and sdist of a project."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(into)], cwd=project, check=True)
    return into


def _content(wheel: Path) -> dict[str, int]:
    """The checksum of each file of a wheel by its name."""
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(PROJECT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


def test_the_wheel_holds_every_file_that_the_project_reads(wheel: Path) -> None:
    there = set(_content(wheel))
    for folder in RESOURCES:
        files = [path for path in (PROJECT / folder).rglob("*") if path.is_file() and not {*path.parts} & {*_LEFT}]
        assert files
        assert [path for path in files if f"{INSIDE}/{path.relative_to(PROJECT).as_posix()}" not in there] == []
    code = [path for path in (PROJECT / "pipelines").rglob("*") if path.suffix in (".py", ".j2", ".css", ".conf")]
    assert [path for path in code if path.relative_to(PROJECT).as_posix() not in there] == []
    assert not [name for name in there if name.startswith(("tests/", "data/", "sql/", "reference/"))]


def test_the_sdist_makes_the_same_wheel(built: Path, wheel: Path, tmp_path: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    (again,) = _build(unpacked, tmp_path / "dist").glob("*.whl")
    assert _content(again) == _content(wheel)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; the packages that it requires are those of the tests, which needs no network."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    # the path alone: the link to this checkout there is not followed
    (site / "requirements_of_the_tests.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (folder / "hidden").mkdir()
    (folder / "hidden" / "sitecustomize.py").write_text(HIDDEN, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def lmi(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Lmi:
    """The installed command in an empty folder; with `core_only`, without the packages of the extras."""
    empty = tmp_path_factory.mktemp("empty")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMI_", "DAGSTER_", "PYTHON"))}

    def run(*arguments: str, core_only: bool = False) -> "subprocess.CompletedProcess[str]":
        path = {"PYTHONPATH": str(installed / "hidden")} if core_only else {}
        return subprocess.run(
            [str(installed / "bin" / arguments[0]), *arguments[1:]],
            cwd=empty,
            env=kept | path | {"COLUMNS": "200", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=HANGS_AFTER_SECONDS,
        )

    return run


def test_the_commands_run_in_an_empty_folder(lmi: Lmi) -> None:
    """`lmi run` needs the core packages only; a command that needs an extra names it, and works with it."""
    where = lmi("python", "-c", "from pipelines import paths; print(paths.PROJECT); print(paths.Path.cwd())")
    resources, empty = map(Path, where.stdout.splitlines())
    assert (resources.name, resources.parent.parent.name) == ("resources", "site-packages")
    lines = lmi("python", "-c", r"from pipelines.own_files import own_lines; print(*own_lines(), sep='\n')")
    assert lines.stdout.splitlines() == own_lines()

    ran = lmi("lmi", "run", core_only=True)
    assert ran.returncode == 0, ran.stderr
    assert "Published release" in ran.stdout
    assert (empty / "data" / "lmi.duckdb").is_file()
    (croissant,) = empty.glob("data/releases/*/croissant.json")
    read = mlcroissant.Dataset(jsonld=str(croissant)).metadata
    assert (len(read.record_sets), read.ctx.issues.errors) == (len(described_tables()), set())
    for arguments, extra in (
        ("report --state WY", "reports"),
        ("export --state WY --out wy", "reports"),
        ("notebook --headless", "notebook"),
        ("dev", "serve"),
    ):
        lacking = lmi("lmi", *arguments.split(), core_only=True)
        assert lacking.returncode == 1
        assert f"pip install 'career-cluster-lmi[{extra}]'" in lacking.stderr
        assert len(lacking.stderr.strip().splitlines()) == 1

    for arguments, written in (
        ("report --state WY", "data/reports/WY.html"),
        ("export --state WY --out wy", "wy/csv"),
        ("policies", ""),
        ("flags --state WY", ""),
        ("dictionary --out dictionary.md", "dictionary.md"),
        ("init state --state WY", "state/README.md"),
        ("overlay check state/overlay", ""),
    ):
        done = lmi("lmi", *arguments.split())
        assert done.returncode == 0, done.stderr
        assert (empty / written).exists()
    refused = lmi("lmi", "bundle", "build", ".")
    assert (refused.returncode, "rebuild them in a checkout" in refused.stderr) == (1, True)
