"""When the pipeline runs, what a run holds, and how its verdict is shown."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
import yaml

from pipelines.archive.store import Archive
from pipelines.errors import BusyError, GateError, NoReleaseError
from pipelines.orchestration import history, jobs
from pipelines.orchestration.assets import asset_key
from pipelines.orchestration.checks import CONTRACT, published_checks
from pipelines.orchestration.event_log import OpenEventLog, open_instance
from pipelines.orchestration.home import prepare_home
from pipelines.orchestration.jobs import weekly
from pipelines.orchestration.resources import run_resource
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import reconciliations
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.quality.validation import Validation, validation_path
from pipelines.release import run as beginning
from pipelines.release.inputs import input_fingerprint
from pipelines.release.lock import hold
from pipelines.release.run import Run, begin
from pipelines.settings import Settings
from pipelines.tables import TableName

INPUTS = "a" * 64


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder of its own in the environment."""
    monkeypatch.setenv("LMI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LMI_SOURCE", "bundled")
    return Settings()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two variables that `prepare_home` sets, put back afterwards."""
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "")


def _tick(
    monkeypatch: pytest.MonkeyPatch,
    released: str | None,
    data: Path,
    has: tuple[str, dg.DagsterRunStatus] | None = None,
) -> dg.SkipReason | dg.RunRequest:
    """What the schedule asks for; `has` are job and status of a run that Dagster has."""
    manifest = SimpleNamespace(input_sha256=released, release_id="20261102T060000Z-aaaaaaaa")
    release = None if released is None else SimpleNamespace(manifest=manifest)
    monkeypatch.setenv("LMI_DATA_DIR", str(data))
    monkeypatch.setattr(jobs, "newest_release", lambda settings: release)
    monkeypatch.setattr(jobs, "input_fingerprint", lambda settings: INPUTS)
    (data / "dagster").mkdir(exist_ok=True)
    with dg.DagsterInstance.local_temp(str(data / "dagster")) as instance:
        if has is not None:
            instance.create_run_for_job(dg.job(name=has[0])(lambda: None), status=has[1])
        outcome = weekly.evaluate_tick(dg.build_schedule_context(instance=instance))
    (only,) = [*outcome.run_requests, *([dg.SkipReason(outcome.skip_message)] if outcome.skip_message else [])]
    return only


def test_schedule_is_weekly_and_of_the_whole_job() -> None:
    assert weekly.job_name == jobs.JOB
    assert (weekly.cron_schedule, weekly.execution_timezone) == ("0 6 * * 1", "UTC")


def test_schedule_skips_inputs_that_are_published_and_says_where(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    skipped = _tick(monkeypatch, INPUTS, tmp_path)
    assert isinstance(skipped, dg.SkipReason)
    assert "20261102T060000Z-aaaaaaaa" in str(skipped.skip_message)


@pytest.mark.parametrize("released", [None, "b" * 64])
def test_schedule_runs_for_other_inputs_once_a_day(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, released: str | None
) -> None:
    request = _tick(monkeypatch, released, tmp_path)
    assert isinstance(request, dg.RunRequest)
    assert request.run_key == f"{INPUTS} {datetime.now(UTC):%Y-%m-%d}"


def test_no_run_is_asked_for_while_another_is_at_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It would be refused, and these inputs would not be asked for again."""
    with hold(tmp_path):
        skipped = _tick(monkeypatch, None, tmp_path)
    assert isinstance(skipped, dg.SkipReason)
    assert "in use by another run" in str(skipped.skip_message)
    assert isinstance(_tick(monkeypatch, None, tmp_path), dg.RunRequest)


@pytest.mark.parametrize("job", [jobs.JOB, jobs.FETCH_JOB])
def test_a_run_that_was_killed_stops_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, job: str) -> None:
    """Dagster has it as started for ever; nobody holds its lock."""
    request = _tick(monkeypatch, None, tmp_path, (job, dg.DagsterRunStatus.STARTED))
    assert isinstance(request, dg.RunRequest)
    # a key of its own, so that Dagster starts a run although one was asked for today
    today = f"{INPUTS} {datetime.now(UTC):%Y-%m-%d}"
    assert (request.run_key != today) is (job == jobs.JOB)
    assert str(request.run_key).startswith(today)


@pytest.mark.parametrize("job", [jobs.JOB, jobs.FETCH_JOB])
def test_no_run_is_asked_for_while_one_is_about_to_begin(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, job: str
) -> None:
    skipped = _tick(monkeypatch, None, tmp_path, (job, dg.DagsterRunStatus.NOT_STARTED))
    assert isinstance(skipped, dg.SkipReason)
    assert f"of {job} is about to begin" in str(skipped.skip_message)


def test_no_run_is_asked_for_while_one_fetches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Archive(tmp_path / "archive").hold():
        skipped = _tick(monkeypatch, None, tmp_path)
    assert isinstance(skipped, dg.SkipReason)
    assert "in use by a run that fetches" in str(skipped.skip_message)
    assert isinstance(_tick(monkeypatch, None, tmp_path), dg.RunRequest)


def test_a_damaged_release_does_not_silence_the_schedule(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The run that it asks for fails, and is reported."""
    newest = jobs.newest_release
    with monkeypatch.context() as patched:
        assert isinstance(_tick(patched, INPUTS, tmp_path), dg.SkipReason)
        folder = tmp_path / "releases" / "20261102T060000Z-aaaaaaaa"
        folder.mkdir(parents=True)
        with pytest.raises(NoReleaseError):
            newest(Settings(data_dir=tmp_path))
        patched.setattr(jobs, "newest_release", newest)
        with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
            assert isinstance(weekly(dg.build_schedule_context(instance=instance)), dg.RunRequest)


@dg.job(name=jobs.JOB)
def _nothing() -> None:
    """A run of it has no steps."""


def test_killed_runs_are_marked_and_old_ones_forgotten(
    settings: Settings, home: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT_RUNS", 2)
    prepare_home(settings)
    with open_instance() as instance:
        old, *kept = (_nothing.execute_in_process(instance=instance).run_id for _ in range(3))
        killed, own = (
            instance.create_run_for_job(_nothing, status=dg.DagsterRunStatus.STARTED).run_id for _ in range(2)
        )
        events = settings.data_dir / "dagster" / "history" / "runs"
        assert (events / f"{old}.db").is_file()
        with Archive(settings.archive).hold():
            history.tidy(instance, settings.archive, own)
        status = {run.run_id: run.status for run in instance.get_runs()}
        assert status[killed] is dg.DagsterRunStatus.FAILURE
        assert status[own] is dg.DagsterRunStatus.STARTED
        # the killed one has ended now, and is one of the two that stay
        assert status.keys() == {kept[-1], killed, own}
    assert {path.stem for path in events.glob("*.db")} == {"index", kept[-1], killed}


def test_a_run_that_made_a_table_which_no_later_one_made_is_not_forgotten(
    settings: Settings, home: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT_RUNS", 1)
    prepare_home(settings)

    @dg.asset
    def table() -> None:
        """Made twice."""

    with open_instance() as instance:
        first, second = (dg.materialize([table], instance=instance).run_id for _ in range(2))
        *_, last = (_nothing.execute_in_process(instance=instance).run_id for _ in range(2))
        history.tidy(instance, settings.archive, "own")
        assert {run.run_id for run in instance.get_runs()} == {second, last}
        assert first not in {second, last}


def test_a_run_that_fetches_is_dead_only_when_nobody_holds_the_archive(settings: Settings, home: None) -> None:
    prepare_home(settings)
    fetching = dg.job(name=jobs.FETCH_JOB)(lambda: None)
    with open_instance() as instance:
        run_id = instance.create_run_for_job(fetching, status=dg.DagsterRunStatus.STARTED).run_id

        def status() -> dg.DagsterRunStatus:
            (run,) = instance.get_runs(dg.RunsFilter(run_ids=[run_id]))
            return run.status

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(history, "_LONGEST_WAIT", timedelta(0))
            with Archive(settings.archive).hold():
                history.tidy(instance, settings.archive, "own")
            assert status() is dg.DagsterRunStatus.STARTED
            history.tidy(instance, settings.archive, "own")
        assert status() is dg.DagsterRunStatus.FAILURE


def test_dagster_lives_in_the_data_folder_and_reports_to_nobody(
    settings: Settings, home: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = prepare_home(settings)
    assert folder == settings.data_dir / "dagster"
    assert yaml.safe_load((folder / "dagster.yaml").read_text(encoding="utf-8")) == {"telemetry": {"enabled": False}}
    with dg.DagsterInstance.get() as instance:
        assert instance.root_directory == str(folder)
        assert instance.telemetry_enabled is False


def test_a_home_that_is_set_is_used_and_its_configuration_kept(
    settings: Settings, home: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "dagster.yaml").write_text("telemetry: {enabled: false}\nretention: {}\n", encoding="utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(mine))
    assert prepare_home(settings) == mine
    assert "retention" in (mine / "dagster.yaml").read_text(encoding="utf-8")
    assert not (settings.data_dir / "dagster").exists()


def test_what_a_run_logs_is_read_by_the_web_interface(settings: Settings, home: None) -> None:
    """The log that stays open writes the files that Dagster reads by itself, while the run goes on and afterwards."""

    @dg.op
    def speak() -> None:
        with dg.DagsterInstance.get() as web:
            (run,) = web.get_runs()
            assert web.event_log_storage.get_logs_for_run(run.run_id)

    @dg.job
    def small() -> None:
        speak()

    prepare_home(settings)
    with open_instance() as instance:
        assert type(instance.event_log_storage) is OpenEventLog
        run_id = small.execute_in_process(instance=instance).run_id
    with dg.DagsterInstance.get() as web:
        assert type(web.event_log_storage) is not OpenEventLog
        kinds = [record.dagster_event_type for record in web.all_logs(run_id)]
        assert kinds[-1] is dg.DagsterEventType.RUN_SUCCESS
        (run,) = web.get_runs()
        assert run.status is dg.DagsterRunStatus.SUCCESS
    left = [path.name for path in (settings.data_dir / "dagster").rglob("*-wal")]
    assert left == [], "closed in good order"


def test_a_storage_that_is_configured_is_used(settings: Settings, home: None, tmp_path: Path) -> None:
    folder = prepare_home(settings)
    content = {"telemetry": {"enabled": False}, "storage": {"sqlite": {"base_dir": str(tmp_path / "elsewhere")}}}
    (folder / "dagster.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with open_instance() as instance:
        assert type(instance.event_log_storage) is not OpenEventLog
    assert (tmp_path / "elsewhere").is_dir()


def test_a_run_holds_the_data_folder_and_knows_its_inputs(settings: Settings) -> None:
    leftover = settings.releases / ".building-20261102T060000Z-aaaaaaaa"
    leftover.mkdir(parents=True)
    with dg.build_resources({"run": run_resource}) as resources:
        run = resources.run
        assert run.settings == settings
        assert run.input_sha256 == input_fingerprint(settings)
        assert not leftover.exists()
        with pytest.raises(BusyError), hold(settings.data_dir):
            pass
    with hold(settings.data_dir):
        pass


def test_the_fingerprint_is_taken_when_it_is_asked_for_and_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a fetch in the same run has changed the archive; and before it, nothing is hashed."""
    inputs = iter(["after the fetch", "never"])
    with begin(settings) as run:
        monkeypatch.setattr(beginning, "input_fingerprint", lambda *_: next(inputs))
        assert (run.input_sha256, run.input_sha256) == ("after the fetch", "after the fetch")
        assert not run.is_published, "there is no release"


def test_a_file_that_changes_while_a_run_is_at_work_lets_nothing_be_published(
    settings: Settings, tmp_path: Path
) -> None:
    """Tables that were made before and after it would stand in one release."""
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    (overlay / "overlay.yml").write_text("title: before\n", encoding="utf-8")
    with begin(settings.model_copy(update={"overlay_dir": overlay})) as run:
        assert run.input_sha256
        run.hold_inputs()
        (overlay / "overlay.yml").write_text("title: after\n", encoding="utf-8")
        with pytest.raises(GateError, match=r"nothing published: .* changed while the run was at work; run again"):
            run.hold_inputs()


def _result(table: TableName, check: str, kind: Kind, severity: Severity, passed: bool) -> CheckResult:
    observed = None if passed else f"{check} saw this"
    return CheckResult(table, check, kind, severity, passed, None, observed, "that", "Words.")


def test_the_verdict_is_shown_on_each_table(settings: Settings) -> None:
    """All pass but: a contract with two failures, and a reconciliation that only warns."""
    table = checked_tables()[0].table
    warned = reconciliations()[0]
    tables = [each.table for each in checked_tables()]
    results = [
        *(_result(each, "has_rows", Kind.EXPECTATION, Severity.ERROR, each != table) for each in tables),
        _result(table, "columns_match", Kind.EXPECTATION, Severity.ERROR, True),
        _result(table, "primary_key_unique", Kind.EXPECTATION, Severity.ERROR, False),
        *(
            _result(check.table, check.name, Kind.RECONCILIATION, Severity.WARN, check is not warned)
            for check in reconciliations()
        ),
    ]
    settings.staging.mkdir(parents=True)
    Validation(INPUTS, {}, tuple(results)).write(validation_path(settings.staging))
    run = Run(settings, None)
    shown = {(each.asset_key, each.check_name): each for each in published_checks(run=run)}

    assert len(shown) == len(checked_tables()) + len(reconciliations())
    broken = shown.pop((asset_key(table), CONTRACT))
    assert (broken.passed, broken.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert broken.metadata["checks"].value == 3
    assert broken.metadata["failed"].value == 2
    observed = str(broken.metadata["observed"].value)
    assert observed == "has_rows: has_rows saw this; primary_key_unique: primary_key_unique saw this"
    only_warned = shown.pop((asset_key(warned.table), warned.name))
    assert (only_warned.passed, only_warned.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert all(each.passed for each in shown.values())
