"""Whatever goes wrong, nothing wrong is published and the last release stays."""

import shutil
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from filelock import FileLock

from pipelines.errors import BadInputError, GateError
from pipelines.estimation.made import stage_step, steps
from pipelines.intake.select import select_inputs
from pipelines.intake.staging import stage_source
from pipelines.orchestration.assets import RELEASE_KEY, all_assets
from pipelines.orchestration.resources import run_resource
from pipelines.publishers import oews
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import reconciliations
from pipelines.quality.result import CheckResult
from pipelines.quality.suites import run_checks
from pipelines.quality.validation import Validation, table_checksums, validation_path
from pipelines.release.inputs import input_fingerprint
from pipelines.release.publish import publish
from pipelines.settings import Settings, Source
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import SqlTable
from tests.conftest import own
from tests.fixtures.flat_files import write_flat_files
from tests.integration.conftest import PROJECT, lmi

pytestmark = pytest.mark.slow

INDICATORS = TableName("marts", "cluster_indicators")
OCCUPATIONS = TableName("reference", "oews_occupation")
ALLOCATION = TableName("marts", "soc_allocation")


def _settings(data: Path) -> Settings:
    return Settings(data_dir=data)


def _published(data: Path) -> tuple[list[str], bytes]:
    return sorted(path.name for path in (data / "releases").iterdir()), (data / "lmi.duckdb").read_bytes()


def _double(data: Path, cluster_id: str) -> None:
    path = own(parquet_path(data / "staging", INDICATORS))
    frame = pl.read_parquet(path)
    hit = (pl.col("cluster_id") == cluster_id) & (pl.col("area_id") == "TX") & (pl.col("level") == "cluster")
    frame.with_columns(pl.when(hit).then(pl.col("employment") * 2).otherwise(pl.col("employment"))).write_parquet(path)


def test_a_broken_policy_stops_the_run_and_the_last_release_stays(released: Path, tmp_path: Path) -> None:
    """On a copy of the project with a mistake in a state's rule."""
    project = tmp_path / "project"
    for folder in ("pipelines", "sql"):
        shutil.copytree(PROJECT / folder, project / folder)
    shutil.copytree(PROJECT / "reference", project / "reference", ignore=shutil.ignore_patterns("bundle"))
    (project / "reference" / "bundle").symlink_to(PROJECT / "reference" / "bundle")
    shutil.copy(PROJECT / "pyproject.toml", project)
    rule = project / "reference" / "policies" / "ohio.yml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("factor: 0.8", "factor: -0.8"), encoding="utf-8")
    before = _published(released)
    ran = lmi("run", data=released, project=project)
    assert ran.code == BadInputError.exit_code
    assert "policy: ohio.yml: line 13: factor: a number above 0 is wanted (found '-0.8')" in ran.err
    assert _published(released) == before


def _publish_after(name: str, settings: Settings, inputs: str) -> CheckResult:
    """Run a check that fails, with the results before of the others: all of them take half a minute. Publish."""
    (check,) = (check for check in reconciliations() if check.name == name)
    (failed,) = run_checks(settings.staging, [check])
    path = validation_path(settings.staging)
    results = [failed if each.check == name else each for each in Validation.read(path).results]
    Validation(inputs, table_checksums(settings.staging, checked_tables()), tuple(results)).write(path)
    with pytest.raises(GateError, match=name):
        publish(settings, inputs, force=True)
    return failed


def test_a_doubled_figure_fails_its_checks_and_nothing_is_published(released: Path) -> None:
    before = _published(released)
    settings = _settings(released)
    _double(released, "construction")
    assert not _publish_after("clusters_add_up_to_total", settings, input_fingerprint(settings)).passed
    assert _published(released) == before


def _add_an_occupation(files: Path) -> None:
    """Add a detailed occupation with jobs in the nation that the framework does not place."""
    with (files / "oe.occupation").open("ab") as file:
        file.write(b"151259\tHolographers\t\t3\tT\t9999\r\n")
    with (files / oews.DATA_FILE).open("ab") as file:
        file.write(f"{'OEUN000000000000015125901':30}\t2025\tA01\t{1200:>12}\t\r\n".encode())


def test_an_occupation_that_no_cluster_has_is_named_and_nothing_is_published(
    small_released: Path, tmp_path: Path
) -> None:
    """From the publisher's files to the check; tables that neither reads are those of the run before."""
    write_flat_files(tmp_path / "files", area_ids=["WY"])
    _add_an_occupation(tmp_path / "files")
    before = _published(small_released)
    settings = Settings(data_dir=small_released, source=Source.FILES, files_dir=tmp_path / "files")
    inputs = Validation.read(validation_path(settings.staging)).input_sha256
    stage_source(select_inputs(settings).sources["oews"], settings, inputs)
    read, made = {OCCUPATIONS, ALLOCATION}, []
    for step in reversed(steps()):
        if isinstance(step, SqlTable) and step.table in read:
            read |= step.upstream
            made.append(step)
    for step in reversed(made):
        stage_step(step, settings.staging, inputs, settings.memory_limit)
    failed = _publish_after("occupation_without_membership", settings, inputs)
    assert failed.blocks
    assert failed.observed == "soc_code=15-1259, occupation_name=Holographers"
    assert _published(small_released) == before


def test_a_figure_changed_after_the_checks_is_refused(released: Path) -> None:
    before = _published(released)
    settings = _settings(released)
    _double(released, "education")
    with pytest.raises(GateError, match=r"marts\.cluster_indicators changed after the checks"):
        publish(settings, input_fingerprint(settings), force=True)
    assert _published(released) == before


def test_a_table_from_other_inputs_is_refused(released: Path) -> None:
    settings = _settings(released)
    parquet_path(released / "staging", TableName("raw", "soc")).with_suffix(".inputs").write_text("0" * 64)
    with pytest.raises(GateError, match=r"raw\.soc not made from these inputs"):
        publish(settings, input_fingerprint(settings), force=True)


@pytest.mark.parametrize("schema", ["raw", "seed", "core"])
def test_an_edited_table_that_is_not_published_is_refused(released: Path, schema: str) -> None:
    """Whatever was made of it: the verdict names it, too."""
    settings = _settings(released)
    largest = max((settings.staging / schema).glob("*.parquet"), key=lambda path: path.stat().st_size)
    path = own(largest)
    frame = pl.read_parquet(path)
    frame.head(frame.height - 1).write_parquet(path)
    with pytest.raises(GateError, match=rf"{schema}\.{path.stem} changed after the checks"):
        publish(settings, input_fingerprint(settings), force=True)


def test_a_selection_of_assets_publishes_nothing(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its tables are those of an earlier run, which nobody remembers."""
    monkeypatch.setenv("LMI_DATA_DIR", str(released))
    monkeypatch.setenv("LMI_SOURCE", "bundled")
    before = _published(released)
    config = {"ops": {RELEASE_KEY.to_python_identifier(): {"config": {"force": True}}}}
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(GateError, match="not made in this run"):
        dg.materialize(
            all_assets(), selection=[RELEASE_KEY], resources={"run": run_resource}, run_config=config, instance=instance
        )
    assert _published(released) == before


def test_missing_checks_are_refused(released: Path) -> None:
    settings = _settings(released)
    path = validation_path(settings.staging)
    path.write_text(path.read_text(encoding="utf-8").replace('"weights_sum_to_one"', '"something_else"'), "utf-8")
    with pytest.raises(GateError, match=r"not checked: .*weights_sum_to_one"):
        publish(settings, input_fingerprint(settings), force=True)


def test_a_missing_verdict_is_refused(released: Path) -> None:
    settings = _settings(released)
    validation_path(settings.staging).unlink()
    with pytest.raises(GateError, match="no readable validation result"):
        publish(settings, input_fingerprint(settings), force=True)


def test_a_second_run_stops_with_a_clear_message(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".run.lock"):
        ran = lmi("run", data=tmp_path)
    assert ran.code == 6
    assert "in use by another run" in ran.err
    assert not (tmp_path / "releases").exists()


def test_a_release_that_was_not_yet_installed_is_installed_by_the_next_run(released: Path) -> None:
    wanted = (released / "lmi.duckdb").read_bytes()
    own(released / "lmi.duckdb").write_bytes(b"an older release")
    assert "repairs it" in lmi("status", data=released).out
    assert lmi("run", data=released).code == 0
    assert (released / "lmi.duckdb").read_bytes() == wanted


def test_a_damaged_bundle_stops_the_run(tmp_path: Path) -> None:
    from pipelines.errors import BadInputError  # noqa: PLC0415
    from pipelines.intake.bundle import copy_source  # noqa: PLC0415
    from pipelines.paths import BUNDLE  # noqa: PLC0415

    bundle = tmp_path / "bundle"
    (bundle / "raw").mkdir(parents=True)
    for path in [BUNDLE / "manifest.json", BUNDLE / "raw" / "soc.parquet"]:
        shutil.copyfile(path, bundle / path.relative_to(BUNDLE))
    soc = bundle / "raw" / "soc.parquet"
    soc.write_bytes(soc.read_bytes()[:-1])
    with pytest.raises(BadInputError, match=r"bundle: raw/soc\.parquet: the file is not the one in the manifest"):
        copy_source("soc", tmp_path / "staging", bundle)
