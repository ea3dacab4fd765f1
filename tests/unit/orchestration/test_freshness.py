"""Every source is held to its own calendar, and status says what is due."""

from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines.archive.store import Archive, ArchivedVintage, Attempt, described
from pipelines.orchestration import checks
from pipelines.orchestration.assets import archive_key
from pipelines.orchestration.checks import freshness_checks
from pipelines.release.freshness import is_overdue, source_states
from pipelines.release.manifest import Manifest
from pipelines.settings import Settings
from pipelines.sources import looked_for

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


class _Clock(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return NOW


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setenv("LMI_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(checks, "datetime", _Clock)
    return Archive(tmp_path / "archive")


def _accept(archive: Archive, source: str, vintage: str, period: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(vintage, encoding="utf-8")
    archived = described(file, "file.txt", NOW)
    archive.put(file, archived)
    archive.add(
        ArchivedVintage(
            source=source, vintage=vintage, reference_period=period, released_on=None, notes=None, origin="fetched",
            accepted_at=NOW, files=(archived,),
        )
    )  # fmt: skip
    archive.note_attempt(source, Attempt(at=NOW, outcome="unchanged", message=None))


def _observed() -> dict[str, tuple[bool, str]]:
    found = {}
    for result in freshness_checks():  # type: ignore[attr-defined]
        assert result.severity is dg.AssetCheckSeverity.WARN
        (name,) = (source for source in looked_for() if archive_key(source) == result.asset_key)
        found[name] = (result.passed, str(result.metadata["observed"].value))
    assert set(found) == set(looked_for())
    return found


def test_a_source_that_was_never_looked_for_is_told(archive: Archive) -> None:
    assert _observed()["oews"] == (False, "last look: never; no edition in the archive")


def test_each_source_is_due_by_its_own_calendar(archive: Archive, tmp_path: Path) -> None:
    # OEWS of May comes a year later; May 2024's follower was due in May 2026. QCEW of a year comes in June
    for source, vintage, period in (
        ("oews", "May 2024", "2024-05"),
        ("qcew", "annual averages of 2025", "2025"),
        ("projections", "2025-35", "2025-35"),
        ("onet_clusters", "May 2026", "2026-05"),
        ("projections_central", "2022-32 by state", "2022-32"),
    ):
        _accept(archive, source, vintage, period, tmp_path)
    observed = _observed()
    assert observed["oews"] == (False, "the edition after May 2024 was expected in May 2026")
    assert observed["onet_clusters"] == (False, "the edition after May 2026 was expected in August 2026")
    fine = (True, "as expected")
    # Projections Central has no cadence: each state has its own time
    assert [observed[source] for source in ("qcew", "projections", "projections_central")] == [fine] * 3


def test_the_last_look_is_told_when_it_failed(archive: Archive, tmp_path: Path) -> None:
    _accept(archive, "oews", "May 2025", "2025-05", tmp_path)
    assert _observed()["oews"] == (True, "as expected")
    archive.note_attempt("oews", Attempt(at=NOW, outcome="failed", message="403 Forbidden"))
    assert _observed()["oews"] == (False, "last look: 403 Forbidden")


@pytest.mark.parametrize(
    ("source", "period", "today", "overdue"),
    [
        ("oews", "2025-05", date(2027, 7, 2), False),  # due 1 May 2027, 62 days of grace
        ("oews", "2025-05", date(2027, 7, 3), True),
        ("qcew", "2025", date(2027, 8, 1), False),  # 2026's are due in June 2027
        ("qcew", "2025", date(2027, 8, 3), True),
        ("naics", "2022", date(2028, 1, 31), False),  # 2027's, that December
        ("naics", "2022", date(2028, 2, 2), True),
        ("projections_central", "2022-32", date(2040, 1, 1), False),
    ],
)
def test_a_source_is_overdue_after_two_months_of_grace(source: str, period: str, today: date, overdue: bool) -> None:
    assert is_overdue(source, period, today) is overdue


def test_status_tells_of_sources_that_the_release_has_no_part_of(archive: Archive, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    release = Manifest.model_construct(sources={})
    assert source_states(settings, release, NOW.date()) == []
    archive.note_attempt("onet_clusters", Attempt(at=NOW, outcome="failed", message="404 Not Found"))
    _accept(archive, "ipeds", "completions of 2023-24", "2024", tmp_path)
    ipeds, clusters = source_states(settings, release, NOW.date())
    assert (clusters.source, clusters.vintage, clusters.retrieved_on) == ("onet_clusters", "none", "never")
    assert (clusters.status, clusters.last_look) == ("not in the release", "2026-11-25 12:00 failed: 404 Not Found")
    assert (ipeds.source, ipeds.vintage, ipeds.retrieved_on) == ("ipeds", "completions of 2023-24", "2026-11-25")
    # the year 2024 ended 23 months ago; that of 2025 is due a year after its end
    assert (ipeds.age_months, ipeds.next_expected, ipeds.is_overdue) == (23, "December 2026", False)
    assert ipeds.last_look == "2026-11-25 12:00 unchanged"
