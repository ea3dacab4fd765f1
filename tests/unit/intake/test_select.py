"""What a run takes of each source, found and hashed once."""

import hashlib
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from small_files import SOC_FILE

from pipelines.archive.find import find_files
from pipelines.errors import BadInputError, LmiError
from pipelines.intake import select
from pipelines.intake.bundle import Manifest, read_manifest
from pipelines.intake.by_hand import add_by_hand
from pipelines.intake.select import SourceInput, select_inputs
from pipelines.intake.staging import record_path, source_vintage, stage_source
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.release.inputs import input_fingerprint
from pipelines.settings import Settings, Source
from pipelines.warehouse.staging import read_stamp

INPUTS = "1" * 64
VINTAGES = {"soc": "2018", "naics": "2022", "oews": "May 2025"}


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Counter[Path]:
    """How often each file was hashed, from now on."""
    counts: Counter[Path] = Counter()
    digest = hashlib.file_digest

    def counting(file: Any, name: str) -> Any:
        counts[Path(file.name)] += 1
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", counting)
    return counts


def _within(counts: Counter[Path], folder: Path) -> dict[str, int]:
    return {path.name: count for path, count in counts.items() if path.is_relative_to(folder)}


def test_a_run_on_files_lists_the_folder_once_and_hashes_each_file_once(
    tmp_path: Path, publishers_files: Path, hashed: Counter[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path, source=Source.FILES, files_dir=publishers_files)
    listed = []
    rglob = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda path, pattern: (listed.append(path), rglob(path, pattern))[1])
    inputs = select_inputs(settings)
    input_fingerprint(settings, inputs)
    for taken in inputs.sources.values():
        stage_source(taken, settings, INPUTS)
    assert listed.count(publishers_files) == 1
    everything = [path.name for path in publishers_files.iterdir() if path.is_file()]
    everything += [path.name for path in (publishers_files / "oe").iterdir()]
    assert len(everything) == 23
    assert _within(hashed, publishers_files) == dict.fromkeys(everything, 1)


@pytest.mark.parametrize("kept", [True, False])
def test_a_live_run_hashes_archived_files_only_to_read_them_again(
    tmp_path: Path, publishers_files: Path, hashed: Counter[Path], kept: bool
) -> None:
    settings = Settings(data_dir=tmp_path, source=Source.LIVE)
    for source, vintage in VINTAGES.items():
        add_by_hand(settings, source, list(find_files(source, publishers_files).values()), vintage, None)
    if not kept:
        shutil.rmtree(settings.archive / "parsed")
    hashed.clear()
    inputs = select_inputs(settings)
    input_fingerprint(settings, inputs)
    for source in VINTAGES:
        stage_source(inputs.sources[source], settings, INPUTS)
    found = _within(hashed, settings.archive / "objects")
    # one of SOC, one of NAICS, seven of OEWS
    assert (len(found), set(found.values())) == ((0, set()) if kept else (9, {1}))


def test_a_live_run_needs_the_sources_that_are_not_optional(tmp_path: Path) -> None:
    with pytest.raises(LmiError, match="soc: the archive has no vintage; `lmi archive fetch`"):
        select_inputs(Settings(data_dir=tmp_path, source=Source.LIVE))


def _without(source: str, monkeypatch: pytest.MonkeyPatch, *, other_tables: bool = False) -> None:
    """The bundle without a source, or with other tables of it."""
    sources = dict(read_manifest().sources)
    bundled = sources.pop(source)
    if other_tables:
        sources[source] = bundled.model_copy(update={"tables": {}})
    monkeypatch.setattr(select, "read_manifest", lambda: Manifest(sources=sources))


@pytest.mark.parametrize(("source", "file"), [("soc", SOC_FILE), ("onet", "Job Zones.xlsx, 2019_to_SOC_Crosswalk.csv")])
def test_a_source_that_the_bundle_lacks_is_named_with_the_command_that_adds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, file: str
) -> None:
    """SOC is needed; O*NET is optional, but its table may not be empty."""
    for other_tables, problem in ((False, "does not hold this source"), (True, "holds other tables of this source")):
        _without(source, monkeypatch, other_tables=other_tables)
        with pytest.raises(BadInputError, match=f"{problem}; `lmi bundle build --source {source} FOLDER`") as caught:
            select_inputs(Settings(data_dir=tmp_path))
        assert (caught.value.source, caught.value.file) == (source, file)
        monkeypatch.undo()


def test_an_optional_source_whose_tables_may_be_empty_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path)
    for taken in select_inputs(settings).sources.values():
        stage_source(taken, settings, INPUTS)
    assert record_path(settings.staging, "onet").exists()
    _without("onet", monkeypatch)
    (table,) = (each.model_copy(update={"may_be_empty": True}) for each in tables_of("onet"))
    for module in ("select", "staging"):
        monkeypatch.setattr(f"pipelines.intake.{module}.tables_of", lambda source: (table,))
    monkeypatch.setattr(select, "raw_sources", lambda: ("onet",))
    taken = select_inputs(settings).sources["onet"]
    assert (taken, taken.lines) == (SourceInput("onet"), [])
    staged = stage_source(taken, settings, "2" * 64)
    assert [(name, entry.rows) for name, entry in staged.items()] == [(table.table, 0)]
    assert read_stamp(settings.staging, table.table) == "2" * 64
    # a source without a vintage has no row, though an earlier run had one
    without = {"onet", "projections_short"}
    assert set(source_vintage(settings.staging)["source"]) == {*raw_sources(), "career_clusters"} - without
