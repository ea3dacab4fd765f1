"""Dagster's view of the pipeline says what contracts, SQL and checks say, and nothing of its own."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any

import dagster as dg
import pytest

from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError, BusyError
from pipelines.estimation.made import MADE, made_tables
from pipelines.intake.staging import DOWNLOADED_MEMBERSHIPS
from pipelines.orchestration.assets import RELEASE_KEY, VINTAGE_CHECK, archive_key, asset_key
from pipelines.orchestration.checks import CONTRACT
from pipelines.orchestration.definitions import defs
from pipelines.orchestration.execute import step_names
from pipelines.orchestration.history import tidy
from pipelines.orchestration.jobs import FETCH_JOB, JOB, changed_inputs, daily_look, failed_run, weekly
from pipelines.orchestration.years import YEAR_KEY
from pipelines.policies.figures import TABLES
from pipelines.policies.flags import OCCUPATION_FLAG, POLICY
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import all_checks, reconciliations
from pipelines.quality.validation import CHECK_RESULT, RELEASE
from pipelines.release.lock import hold
from pipelines.sources import looked_for
from pipelines.tables import TableName
from pipelines.warehouse.sql_tables import sql_tables

#: Made while publishing, so it is part of the release's asset.
WITHOUT_ASSET = {RELEASE}
#: The archive's vintages, one asset for each source.
ARCHIVE = {archive_key(source) for source in looked_for()}


@pytest.fixture(scope="module")
def graph() -> Any:
    return defs.resolve_asset_graph()


@pytest.fixture(scope="module")
def specs() -> dict[dg.AssetKey, dg.AssetSpec]:
    return {spec.key: spec for spec in defs.resolve_all_asset_specs()}


def test_definitions_load() -> None:
    dg.Definitions.validate_loadable(defs)


def test_every_table_is_one_asset_and_the_release_is_one_more(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    tables = {asset_key(name) for name in contracts() if name not in WITHOUT_ASSET}
    assert set(specs) == {*tables, *ARCHIVE, YEAR_KEY, RELEASE_KEY}
    assert len(defs.resolve_all_asset_specs()) == len(specs)


def test_every_asset_is_made_here(graph: Any) -> None:
    assert graph.external_asset_keys == {YEAR_KEY}


def test_lineage_is_that_of_the_sql_and_the_estimates(graph: Any) -> None:
    for name, maker in {**sql_tables(), **made_tables()}.items():
        assert graph.get(asset_key(name)).parent_keys == {asset_key(each) for each in maker.upstream}, name


def test_lineage_around_the_sql(graph: Any) -> None:
    memberships = asset_key(DOWNLOADED_MEMBERSHIPS)
    raw = {asset_key(name) for name in contracts() if name.schema == "raw"}
    assert graph.get(asset_key(TableName("reference", "source_vintage"))).parent_keys == raw - {memberships}
    for key in [*ARCHIVE, *(asset_key(name) for name, table in contracts().items() if table.csv)]:
        assert graph.get(key).parent_keys == set()
    on_request = set(raw_sources()) - set(looked_for())
    aside = {asset_key(table.table) for source in on_request for table in tables_of(source)}
    for key in raw:
        # runs do not look for sources on request
        assert len(graph.get(key).parent_keys & ARCHIVE) == (key not in aside), "one source's vintage"
    assert graph.get(memberships).parent_keys == {archive_key("career_clusters")}
    assert graph.get(asset_key(POLICY)).parent_keys == set()
    assert graph.get(asset_key(OCCUPATION_FLAG)).parent_keys == {asset_key(name) for name in (*TABLES, POLICY)}
    assert graph.get(RELEASE_KEY).parent_keys == {asset_key(CHECK_RESULT)}


def test_checks_come_after_every_table(graph: Any) -> None:
    others = {asset_key(name) for name in contracts() if name not in {CHECK_RESULT, RELEASE}}
    assert graph.get(asset_key(CHECK_RESULT)).parent_keys == others


def test_every_asset_is_described(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    assert [key.to_user_string() for key, spec in specs.items() if not spec.description and key != RELEASE_KEY] == []
    for name, table in contracts().items():
        if name in WITHOUT_ASSET:
            continue
        spec = specs[asset_key(name)]
        assert spec.description is not None
        for words in (table.description, *table.warnings):
            assert words in spec.description
        assert spec.group_name == name.schema


def test_columns_of_every_table_are_those_of_its_contract(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    for name, table in contracts().items():
        if name in WITHOUT_ASSET:
            continue
        schema = specs[asset_key(name)].metadata["dagster/column_schema"]
        assert isinstance(schema, dg.TableSchema)
        found = [(column.name, column.type, column.constraints.nullable) for column in schema.columns]
        assert found == [(column.name, column.type.value, column.nullable) for column in table.columns], name
        assert all(column.description for column in schema.columns), name


def test_units_are_told_with_the_columns(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    schema = specs[asset_key(TableName("marts", "cluster_indicators"))].metadata["dagster/column_schema"]
    descriptions = {column.name: column.description for column in schema.columns}
    assert descriptions["employment"].endswith("[jobs]")


def test_one_asset_of_a_publisher_makes_all_its_tables() -> None:
    node = defs.resolve_assets_def(asset_key(TableName("raw", "oews_area_occupation")))
    raw = {asset_key(name) for name in contracts() if name.schema == "raw" and name.name.startswith("oews_")}
    assert node.keys == raw


def test_checks_cover_every_checked_table_and_every_reconciliation(graph: Any) -> None:
    contract = {dg.AssetCheckKey(asset_key(table.table), CONTRACT) for table in checked_tables()}
    domain = {dg.AssetCheckKey(asset_key(check.table), check.name) for check in reconciliations()}
    assert len(domain) == len(reconciliations())
    freshness = {dg.AssetCheckKey(key, VINTAGE_CHECK) for key in ARCHIVE}
    assert graph.asset_check_keys == contract | domain | freshness


def test_every_check_that_a_verdict_has_can_be_shown(graph: Any) -> None:
    domain = {check.name for check in reconciliations()}
    shown = {
        dg.AssetCheckKey(asset_key(table), name if name in domain else CONTRACT)
        for table, name in (check.key for check in all_checks())
    }
    assert shown == {key for key in graph.asset_check_keys if key.asset_key not in ARCHIVE}


def test_job_runs_everything_in_one_process() -> None:
    job = defs.resolve_job_def(JOB)
    assert job.executor_def is dg.in_process_executor
    assert set(job.asset_layer.selected_asset_keys) == set(defs.resolve_all_asset_keys()) - ARCHIVE - {YEAR_KEY}
    assert step_names() == sorted(set(step_names()))
    assert {"source_oews", "validation", "checks_of_published_tables", RELEASE_KEY.to_python_identifier()} <= set(
        step_names()
    )
    assert {f"{name.schema}__{name.name}" for name in sql_tables()} <= set(step_names())
    assert {made.name for made in MADE} <= set(step_names())


def test_anything_else_that_is_run_has_one_process_too() -> None:
    assert defs.executor is dg.in_process_executor


def test_sources_are_looked_for_in_a_job_of_their_own() -> None:
    job = defs.resolve_job_def(FETCH_JOB)
    assert set(job.asset_layer.selected_asset_keys) == ARCHIVE
    assert job.executor_def is dg.in_process_executor
    checks = {key.asset_key for key in job.asset_layer.asset_graph.asset_check_keys if key.name == VINTAGE_CHECK}
    assert checks == ARCHIVE


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "home").mkdir()
    with dg.instance_for_test(temp_dir=str(tmp_path / "home")) as instance:
        yield instance


def _context(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setenv("LMI_DATA_DIR", str(folder))
    monkeypatch.setenv("LMI_SOURCE", source)


def test_a_deployment_that_is_not_live_looks_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _context(tmp_path, monkeypatch, "bundled")
    assert isinstance(daily_look(dg.build_schedule_context()), dg.SkipReason)
    assert isinstance(changed_inputs(dg.build_sensor_context(instance=dg.DagsterInstance.ephemeral())), dg.SkipReason)


def test_a_live_deployment_looks_daily_and_publishes_when_an_edition_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _context(tmp_path, monkeypatch, "live")
    assert isinstance(daily_look(dg.build_schedule_context()), dg.RunRequest)
    empty = changed_inputs(dg.build_sensor_context(instance=dg.DagsterInstance.ephemeral()))
    assert isinstance(empty, dg.SkipReason)
    assert "the archive has no vintage" in str(empty.skip_message)


def test_changed_inputs_are_asked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    _context(tmp_path, monkeypatch, "bundled")
    first, again = (weekly(dg.build_schedule_context(instance=instance)) for _ in range(2))
    assert isinstance(first, dg.RunRequest)
    assert isinstance(again, dg.RunRequest)
    assert first.run_key == again.run_key, "Dagster starts one run for one key"


def test_nothing_is_asked_for_while_a_run_fetches_or_publishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    _context(tmp_path, monkeypatch, "bundled")
    for name in (JOB, FETCH_JOB):
        run = instance.create_run_for_job(defs.resolve_job_def(name), status=dg.DagsterRunStatus.STARTING)
        skipped = weekly(dg.build_schedule_context(instance=instance))
        assert isinstance(skipped, dg.SkipReason)
        assert f"run {run.run_id} of {name} is about to begin" in str(skipped.skip_message)
        instance.report_run_failed(run)
        assert isinstance(weekly(dg.build_schedule_context(instance=instance)), dg.RunRequest)


def test_a_tick_reports_a_run_that_holds_the_folder_and_does_not_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    _context(tmp_path, monkeypatch, "bundled")
    began = int(time())
    with hold(tmp_path):
        for hours, reports in ((0, 0), (4, 1), (4, 1)):
            for path in tmp_path.glob(".run.*"):
                os.utime(path, (began - hours * 3600, began - hours * 3600))
            assert isinstance(weekly(dg.build_schedule_context(instance=instance)), dg.SkipReason)
            assert len(list((tmp_path / "failures").glob("*.md"))) == reports


@dg.resource
def _held(_: dg.InitResourceContext) -> None:
    raise BusyError("in use by another run")


def test_a_run_that_met_another_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _context(tmp_path, monkeypatch, "live")
    _report_of(_needs_the_folder, {"folder": _held})
    assert not (tmp_path / "failures").exists()


@dg.op(required_resource_keys={"folder"})
def _needs_the_folder() -> None:
    raise AssertionError


def test_a_run_that_was_killed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run marks it as failed; Dagster has no error of it."""
    _context(tmp_path, monkeypatch, "live")
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(defs.resolve_job_def(JOB), status=dg.DagsterRunStatus.STARTED)
        tidy(instance, tmp_path / "archive", "another")
        (record,) = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
        assert record.event_log_entry.dagster_event is not None
        context = dg.build_run_status_sensor_context(
            sensor_name="failed_run", dagster_event=record.event_log_entry.dagster_event, dagster_instance=instance,
            dagster_run=run,
        )  # fmt: skip
        failed_run(context.for_run_failure())
    (report,) = (tmp_path / "failures").iterdir()
    assert "The run was killed" in report.read_text(encoding="utf-8")


def _report_of(step: dg.OpDefinition, resources: dict[str, dg.ResourceDefinition] | None = None) -> None:
    """Let a run of one step fail, and the sensor hear of it."""
    job = dg.GraphDefinition(name="job", node_defs=[step]).to_job(resource_defs=resources)
    with dg.DagsterInstance.ephemeral() as instance:
        ran = job.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name="failed_run",
            dagster_instance=instance,
            dagster_run=ran.dagster_run,
            dagster_event=ran.get_run_failure_event(),
        ).for_run_failure()
        failed_run(context)


@dg.op
def _opens_a_bad_file() -> None:
    raise BadInputError(source="oews", file="oe.data.0.Current", place="line 7", problem="not a number", value="3O0")


@dg.op
def _has_a_mistake() -> None:
    raise KeyError("nowhere")


@pytest.mark.parametrize(
    ("step", "exit_code", "says"),
    [
        (_opens_a_bad_file, 3, "\n_opens_a_bad_file: oews: oe.data.0.Current: line 7: not a number (found '3O0')\n"),
        (_has_a_mistake, 1, "KeyError: 'nowhere'"),
    ],
    ids=["an expected error", "a mistake of ours"],
)
def test_a_failed_run_is_reported_as_the_command_reports_it(
    step: dg.OpDefinition, exit_code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _context(tmp_path, monkeypatch, "live")
    _report_of(step)
    (report,) = (tmp_path / "failures").iterdir()
    text = report.read_text(encoding="utf-8").replace("FailedRunError: ", "\n")
    assert f"- Exit code: {exit_code}\n" in text
    assert says in text
    assert ("Traceback" in text or "Stack Trace" in text) is (exit_code == 1)
