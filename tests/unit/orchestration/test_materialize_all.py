"""All assets in one run, as the web interface's "Materialize all" starts it."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from pipelines.archive.store import Attempt
from pipelines.estimation.made import Made
from pipelines.intake.fetch import Outcome
from pipelines.intake.select import RunInputs, SourceInput
from pipelines.orchestration import assets, checks, resources
from pipelines.orchestration.assets import VINTAGE_CHECK, archive_assets, archive_key
from pipelines.orchestration.definitions import defs
from pipelines.orchestration.years import YEAR_KEY
from pipelines.overlays.overlay_tables import OVERLAY_TABLES
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.quality.reconciliation import all_checks
from pipelines.quality.validation import Validation
from pipelines.release import run as beginning
from pipelines.release.record import releases
from pipelines.settings import Settings
from pipelines.sources import looked_for
from pipelines.warehouse.staging import Staged

INPUTS = "a" * 64
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the functions that the assets call, in order. They make nothing; the wiring is the real one."""
    called: list[str] = []
    nothing = Staged(0, 0, "")
    passed = Validation("", {}, tuple(check.passed() for check in all_checks()))
    manifest = SimpleNamespace(release_id="1", database_bytes=1, checks=1, checks_passed=1)
    results: dict[str, object] = {
        **dict.fromkeys(("stage_frame", "stage_csv", "stage_memberships"), nothing),
        **dict.fromkeys(("stage_settings", "stage_policies", "stage_flags"), nothing),
        "source_vintage": None,
        "stage_overlay": dict.fromkeys(OVERLAY_TABLES, nothing),
        "validate": passed,
        "compare": [],
        "publish": SimpleNamespace(is_new=True, release=SimpleNamespace(manifest=manifest)),
        "refresh": [Outcome(name, Attempt(at=NOW, outcome="new", message=None)) for name in looked_for()],
    }

    def stub(name: str) -> Callable[..., object]:
        def call(*_: object, **__: object) -> object:
            called.append(name)
            return results[name]

        return call

    for name in results:
        monkeypatch.setattr(assets, name, stub(name))
    raw = {name: [table.table for table in tables_of(name)] for name in raw_sources()}
    monkeypatch.setattr(assets, "stage_source", lambda taken, *_: dict.fromkeys(raw[taken.source], nothing))
    monkeypatch.setattr(
        assets,
        "stage_step",
        lambda step, *_, **__: dict.fromkeys(step.tables if isinstance(step, Made) else [step.table], nothing),
    )
    monkeypatch.setattr(assets, "made_from_years", lambda *_: {})
    monkeypatch.setattr(checks.Validation, "read", lambda _: passed)
    inputs = RunInputs({name: SourceInput(name) for name in raw_sources()})
    monkeypatch.setattr(beginning, "select_inputs", lambda _: inputs)
    monkeypatch.setattr(beginning, "input_fingerprint", lambda *_: called.append("fingerprint") or INPUTS)
    beside = SimpleNamespace(staged=lambda _: None)
    monkeypatch.setattr(resources, "checks_beside", lambda *_: nullcontext(beside))
    return called


@pytest.mark.parametrize("source", ["bundled", "live"])
def test_all_assets_are_made_in_one_run(
    calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    _deployment(monkeypatch, tmp_path, source)
    resource = {"run": resources.run_resource}
    defs = dg.Definitions(assets.all_assets(), asset_checks=[checks.published_checks], resources=resource)
    job = defs.resolve_implicit_global_asset_job_def()
    done = job.execute_in_process(run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}})
    assert done.success
    made = {event.asset_key for event in done.get_asset_materialization_events()}
    assert made == set(defs.resolve_all_asset_keys()) - {YEAR_KEY}
    assert len(done.get_asset_check_evaluations()) == len(defs.resolve_asset_graph().asset_check_keys)
    # what is staged is what was fetched before, and what is published is what was there in the beginning
    assert [name for name in calls if name in ("refresh", "fingerprint", "publish")] == (
        ["refresh"] * (source == "live") + ["fingerprint", "fingerprint", "publish"]
    )
    assert calls[:2] == ["refresh", "fingerprint"] if source == "live" else calls[0] == "fingerprint"


@pytest.mark.long
def test_all_assets_make_a_release_of_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _deployment(monkeypatch, tmp_path, "bundled")
    assert defs.resolve_implicit_global_asset_job_def().execute_in_process().success
    (release,) = releases(Settings())
    assert release.manifest.checks_passed > 1000


def _deployment(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    monkeypatch.setenv("LMI_DATA_DIR", str(folder))
    monkeypatch.setenv("LMI_SOURCE", source)


def _materialized(done: dg.ExecuteInProcessResult, source: str) -> dict[str, Any]:
    (event,) = [event for event in done.get_asset_materialization_events() if event.asset_key == archive_key(source)]
    return {name: value.value for name, value in event.materialization.metadata.items()}


def test_a_deployment_that_is_not_live_fetches_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deployment(monkeypatch, tmp_path, "bundled")
    done = dg.materialize([archive_assets(live=False)])
    for source in looked_for():
        told = _materialized(done, source)
        assert (told["outcome"], told["message"]) == ("not looked for", "LMI_SOURCE is bundled, not live")
    assert all(check.passed for check in done.get_asset_check_evaluations())
    assert not (tmp_path / "archive").exists()


def test_a_live_deployment_says_how_each_look_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _deployment(monkeypatch, tmp_path, "live")

    def refresh(_: Settings) -> list[Outcome]:
        attempts = {name: Attempt(at=NOW, outcome="new", message=None) for name in looked_for()}
        attempts["oews"] = Attempt(at=NOW, outcome="failed", message="403 Forbidden")
        return [Outcome(name, attempt, None) for name, attempt in attempts.items()]

    problems = {"oews": ["last look: 403 Forbidden", "no vintage in the archive"]}
    monkeypatch.setattr(assets, "refresh", refresh)
    monkeypatch.setattr(assets, "vintage_problems", lambda source, *_: problems.get(source, []))
    done = dg.materialize([archive_assets(live=True)])
    assert _materialized(done, "oews")["outcome"] == "failed"
    assert _materialized(done, "qcew")["outcome"] == "new"
    failed = [check for check in done.get_asset_check_evaluations() if not check.passed]
    assert [(check.asset_key, check.check_name, check.severity) for check in failed] == [
        (archive_key("oews"), VINTAGE_CHECK, dg.AssetCheckSeverity.WARN)
    ]
    assert failed[0].metadata["observed"].value == "last look: 403 Forbidden; no vintage in the archive"


def test_a_live_deployment_expects_a_look_each_day() -> None:
    for spec in archive_assets(live=True).specs:
        assert spec.freshness_policy is not None
        # looked for at 5:17, stale from 7:00 on
        assert "0 7 * * *" in str(spec.freshness_policy)
    assert [spec for spec in archive_assets(live=False).specs if spec.freshness_policy is not None] == []
