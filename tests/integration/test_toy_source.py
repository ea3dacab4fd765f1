"""A new source is one module, one declaration and the contract of its raw table; nothing else knows of it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.intake.staging import source_vintage
from tests.integration.conftest import PROJECT

pytestmark = pytest.mark.slow

MODULE = '''
"""A toy source."""

import polars as pl

SOURCE = "toy"
TABLES = ("toy",)


def read(source, files, scratch):
    """Jobs by area."""
    frame = pl.read_csv(files["toy.csv"], schema={"area_id": pl.String, "employment": pl.Int64})
    return source.vintage_of("2030", "2030"), {"toy": frame}
'''
DECLARATION = """
toy:
  publisher: A bureau
  title: Jobs by area
  url: https://example.org/
  files: [{name: toy.csv, format: csv, url: "https://example.org/toy.csv"}]
  newest: one file
  calendar: never
  licence: public domain
  attribution: A bureau
  vintages: []
"""
CONTRACT = """
description: Jobs of a toy source.
grain: one row per area
primary_key: [area_id]
sources: [A bureau]
published: false
columns: [area_id, employment]
"""
#: Runs on the bundle that lacks the source, makes the bundle of it, and makes the raw tables of all sources and the
#: table of their vintages; prints what the commands said.
STEPS = """
import json, sys
from pathlib import Path
import dagster as dg
from pipelines.orchestration.assets import all_assets
from pipelines.orchestration.resources import run_resource
from pipelines.publishers.registry import raw_sources, tables_of
from tests.fixtures.command import here

data, files = map(Path, sys.argv[1:])
refused = here("run", data=data)
built = here("bundle", "build", str(files), "--source", "toy", data=data)
keys = [["raw", table.name] for source in raw_sources() for table in tables_of(source)]
selection = [dg.AssetKey(key) for key in [*keys, ["reference", "source_vintage"]]]
with dg.DagsterInstance.ephemeral() as instance:
    assert dg.materialize(all_assets(), selection=selection, resources={"run": run_resource}, instance=instance).success
print(json.dumps({"refused": [refused.code, refused.err], "built": [built.code, built.out]}))
"""
ADDED = {
    "pipelines/publishers/toy.py": MODULE,
    "reference/contracts/tables/raw/toy.yml": CONTRACT,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project."""
    copy = tmp_path / "project"
    for folder in ("pipelines", "sql", "reference"):
        shutil.copytree(PROJECT / folder, copy / folder)
    shutil.copy(PROJECT / "pyproject.toml", copy)
    return copy


def _content(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _steps(project: Path, data: Path, files: Path) -> dict[str, tuple[int, str]]:
    """What the commands said, in a process of the copy."""
    environment = {"LMI_DATA_DIR": str(data), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", STEPS, str(data), str(files)]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, tuple[int, str]] = json.loads(done.stdout)
    return found


def test_a_source_is_added_by_module_declaration_and_contract_and_removed_with_them(
    project: Path, tmp_path: Path
) -> None:
    before = _content(project)
    for name, text in ADDED.items():
        (project / name).write_text(text, encoding="utf-8")
    with (project / "reference" / "sources.yml").open("a", encoding="utf-8") as file:
        file.write(DECLARATION)

    files = tmp_path / "files"
    files.mkdir()
    (files / "toy.csv").write_text("area_id,employment\nTX,7\nWY,2\n", encoding="utf-8")
    said = _steps(project, tmp_path / "data", files)
    code, err = said["refused"]
    assert code == BadInputError.exit_code
    assert "toy: toy.csv: the bundle does not hold this source; `lmi bundle build --source toy FOLDER`" in err
    code, out = said["built"]
    assert (code, "toy: 2030, 1 tables, 2 rows" in out) == (0, True), out
    bundled = json.loads((project / "reference/bundle/manifest.json").read_text(encoding="utf-8"))["sources"]
    assert bundled.pop("toy")["tables"]["raw.toy"]["rows"] == 2
    assert bundled == json.loads(before["reference/bundle/manifest.json"])["sources"]

    vintages = pl.read_parquet(tmp_path / "data" / "staging" / "reference" / "source_vintage.parquet")
    assert vintages.filter(source="toy").select("vintage", "rows", "status").rows() == [("2030", 2, "ok")]
    staged = pl.read_parquet(tmp_path / "data" / "staging" / "raw" / "toy.parquet")
    assert staged.rows() == [("TX", 7), ("WY", 2)]

    for name in [*ADDED, "reference/bundle/raw/toy.parquet"]:
        (project / name).unlink()
    for name in ("reference/sources.yml", "reference/bundle/manifest.json"):
        (project / name).write_bytes(before[name])
    assert _content(project) == before
    # the copy is the project again, whose code needs no process of its own
    assert "toy" not in source_vintage(tmp_path / "data" / "staging")["source"].to_list()
