"""The bundle: the same bytes from the same files, and never taken when its bytes are not those of the manifest."""

import hashlib
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from small_files import NAICS_FILE, SOC_FILE, SOC_ROWS, Built

from pipelines.errors import BadInputError, UnknownNameError
from pipelines.intake.bundle import build, copy_source, read_manifest, verify_table
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.sources import declared_sources
from pipelines.tables import TableName
from tests.unit.publishers.workbooks import write_workbook

BUNDLED = [source for source in raw_sources() if declared_sources()[source].bundled]

SOC = TableName("raw", "soc")


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def bundle(built: Built, tmp_path: Path) -> Path:
    """A copy of the small bundle for tests that damage it."""
    return Path(shutil.copytree(built.bundle, tmp_path / "bundle"))


def test_building_twice_from_the_same_files_gives_the_same_bytes(built: Built, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(built.files, tmp_path / "moved")
    build(elsewhere, tmp_path / "again")
    assert _content(tmp_path / "again") == _content(built.bundle)


def test_bundle_holds_every_raw_table_and_nothing_else(built: Built) -> None:
    # memberships are carried in reference/crosswalks, and downloaded in live runs only
    raw = {f"raw/{table.table.name}.parquet" for source in BUNDLED for table in tables_of(source)}
    assert set(_content(built.bundle)) == {*raw, "manifest.json"}


def test_manifest_describes_files_and_tables(built: Built) -> None:
    assert read_manifest(built.bundle) == built.manifest
    soc = built.manifest.sources["soc"]
    (file,) = soc.files
    content = (built.files / SOC_FILE).read_bytes()
    assert (file.name, file.bytes) == (SOC_FILE, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    table = (built.bundle / "raw" / "soc.parquet").read_bytes()
    assert soc.tables["raw.soc"].model_dump() == {
        "rows": 4,
        "bytes": len(table),
        "sha256": hashlib.sha256(table).hexdigest(),
    }
    oews = built.manifest.sources["oews"]
    assert (oews.vintage.vintage, oews.vintage.reference_period) == ("May 2025", "2025-05")
    assert len(oews.files) == 7
    # two areas and three occupations; Wyoming has all three
    assert oews.tables["raw.oews_area_occupation"].rows == 6


def test_building_without_a_source_names_its_files(built: Built, tmp_path: Path) -> None:
    files = shutil.copytree(built.files, tmp_path / "files")
    (files / NAICS_FILE).unlink()
    with pytest.raises(BadInputError, match="not found in the folder") as caught:
        build(files, tmp_path / "bundle")
    assert (caught.value.source, caught.value.file) == ("naics", NAICS_FILE)
    assert not (tmp_path / "bundle" / "manifest.json").exists()


def test_one_source_is_built_again_and_the_others_stay(built: Built, bundle: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    rows = [*SOC_ROWS[:-1], (None, None, None, "15-1254", "Web Developers")]
    write_workbook(files / SOC_FILE, {"Structure": rows})
    manifest = build(files, bundle, ["soc"])
    assert list(manifest.sources) == BUNDLED
    changed = {name for name, content in _content(bundle).items() if content != _content(built.bundle).get(name)}
    assert changed == {"raw/soc.parquet", "manifest.json"}
    assert pl.read_parquet(bundle / "raw" / "soc.parquet")["soc_code"].to_list()[-1] == "15-1254"
    others = {name: source for name, source in built.manifest.sources.items() if name != "soc"}
    assert {name: source for name, source in manifest.sources.items() if name != "soc"} == others


def test_a_source_without_raw_tables_cannot_be_built(built: Built, bundle: Path) -> None:
    with pytest.raises(
        UnknownNameError, match="career_clusters makes no raw tables; the sources that do are soc, naics"
    ):
        build(built.files, bundle, ["soc", "career_clusters"])
    assert _content(bundle) == _content(built.bundle)


def test_tables_of_a_source_that_is_gone_are_removed(bundle: Path, built: Built) -> None:
    (bundle / "raw" / "moon.parquet").write_bytes(b"")
    content = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    content["sources"]["moon"] = content["sources"]["soc"] | {
        "tables": {"raw.moon": content["sources"]["soc"]["tables"]["raw.soc"]}
    }
    (bundle / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    build(built.files, bundle, ["soc"])
    assert _content(bundle) == _content(built.bundle)


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="the bundle has no manifest") as caught:
        read_manifest(tmp_path)
    assert caught.value.file == str(tmp_path / "manifest.json")


@pytest.mark.parametrize("damage", ["{", "[]", '{"sources": {"soc": {}}}', '{"sources": {}, "more": 1}'])
def test_a_manifest_of_another_form_is_refused(tmp_path: Path, damage: str) -> None:
    (tmp_path / "manifest.json").write_text(damage, encoding="utf-8")
    with pytest.raises(BadInputError, match="the manifest is not valid") as caught:
        read_manifest(tmp_path)
    assert caught.value.file == str(tmp_path / "manifest.json")


def test_one_changed_byte_of_a_table_is_noticed_and_nothing_is_staged(bundle: Path, tmp_path: Path) -> None:
    path = bundle / "raw" / "soc.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    staging = tmp_path / "staging"
    with pytest.raises(BadInputError, match="the file is not the one in the manifest") as caught:
        copy_source("soc", staging, bundle)
    assert (caught.value.source, caught.value.file) == ("bundle", "raw/soc.parquet")
    assert caught.value.value == hashlib.sha256(content).hexdigest()
    assert not (staging / "raw").exists()


def test_a_missing_table_is_named(bundle: Path) -> None:
    (bundle / "raw" / "soc.parquet").unlink()
    entry = read_manifest(bundle).sources["soc"].tables["raw.soc"]
    with pytest.raises(BadInputError, match="the file is missing") as caught:
        verify_table(SOC, entry, bundle)
    assert caught.value.file == "raw/soc.parquet"


def test_copied_tables_are_the_bundled_bytes(built: Built, tmp_path: Path) -> None:
    copied = copy_source("oews", tmp_path, built.bundle)
    assert copied == built.manifest.sources["oews"]
    expected = {name: content for name, content in _content(built.bundle).items() if name.startswith("raw/oews_")}
    assert len(expected) == 6
    assert _content(tmp_path) == expected


def test_committed_bundle_is_whole() -> None:
    manifest = read_manifest()
    assert set(manifest.sources) == set(BUNDLED)
    for source in manifest.sources.values():
        for name, entry in source.tables.items():
            path = verify_table(TableName.parse(name), entry)
            assert path.stat().st_size == entry.bytes
            assert pl.scan_parquet(path).select(pl.len()).collect().item() == entry.rows


def test_manifest_is_readable_json_with_the_publishers_addresses(built: Built) -> None:
    content = json.loads((built.bundle / "manifest.json").read_text(encoding="utf-8"))
    assert list(content["sources"]) == BUNDLED
    assert content["sources"]["oews"]["url"] == "https://download.bls.gov/pub/time.series/oe/"
