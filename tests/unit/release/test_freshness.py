"""Every source is held to its own calendar, and status says what is due."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.archive.store import Archive, ArchivedVintage, Attempt, described
from pipelines.release.freshness import is_late, is_overdue, source_states, vintage_problems
from pipelines.release.manifest import Manifest, ReleasedSource
from pipelines.settings import Settings

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
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


def _problems(archive: Archive, source: str) -> list[str]:
    return vintage_problems(source, archive.manifest(), NOW.date())


def test_a_source_that_was_never_looked_for_is_told(archive: Archive) -> None:
    assert _problems(archive, "oews") == ["last look: never", "no vintage in the archive"]


@pytest.mark.parametrize(
    ("source", "vintage", "problems"),
    [
        # OEWS of May comes a year later; May 2024's follower was due in May 2026. QCEW of a year comes in June
        ("oews", ("May 2024", "2024-05"), ["the vintage after May 2024 was expected in May 2026"]),
        ("onet_clusters", ("May 2026", "2026-05"), ["the vintage after May 2026 was expected in August 2026"]),
        ("qcew", ("annual averages of 2025", "2025"), []),
        ("projections", ("2025-35", "2025-35"), []),
        # Projections Central has no cadence: each state has its own time
        ("projections_central", ("2022-32 by state", "2022-32"), []),
    ],
)
def test_each_source_is_due_by_its_own_calendar(
    archive: Archive, tmp_path: Path, source: str, vintage: tuple[str, str], problems: list[str]
) -> None:
    _accept(archive, source, *vintage, tmp_path)
    assert _problems(archive, source) == problems


def test_the_last_look_is_told_when_it_failed(archive: Archive, tmp_path: Path) -> None:
    _accept(archive, "oews", "May 2025", "2025-05", tmp_path)
    assert _problems(archive, "oews") == []
    archive.note_attempt("oews", Attempt(at=NOW, outcome="failed", message="403 Forbidden"))
    assert _problems(archive, "oews") == ["last look: 403 Forbidden"]


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
def test_a_look_gives_a_source_two_months_of_grace(source: str, period: str, today: date, overdue: bool) -> None:
    assert is_late(source, period, today) is overdue


@pytest.mark.parametrize(
    ("source", "period", "today", "overdue"),
    [
        ("oews", "2025-05", date(2027, 5, 31), False),  # due in May 2027
        ("oews", "2025-05", date(2027, 6, 1), True),
        ("ipeds", "2024", date(2026, 12, 31), False),
        ("ipeds", "2024", date(2027, 1, 1), True),
        ("cps", "2022", date(2024, 2, 1), True),  # 2023's were due in January 2024
        ("projections_central", "2022-32", date(2040, 1, 1), False),
    ],
)
def test_what_was_expected_in_a_month_that_has_passed_is_overdue(
    source: str, period: str, today: date, overdue: bool
) -> None:
    assert is_overdue(source, period, today) is overdue


def test_a_source_is_stale_while_the_last_look_failed(archive: Archive, tmp_path: Path) -> None:
    """Beside the release, which is the same before and afterwards."""
    fields = {"vintage": "May 2025", "reference_period": "2025-05", "released_on": None}
    taken = ReleasedSource.model_construct(**fields, retrieved_on="2026-11-01", status="ok")
    bundled = ReleasedSource.model_construct(**fields, retrieved_on=None, status="ok")
    sample = ReleasedSource.model_construct(**fields, retrieved_on="2026-11-01", status="sample")
    release = Manifest.model_construct(sources={"oews": taken, "qcew": sample, "soc": bundled})

    def states() -> list[str]:
        return [each.status for each in source_states(Settings(data_dir=tmp_path), release, NOW.date())]

    assert states() == ["ok", "sample", "ok"]
    for source in release.sources:
        archive.note_attempt(source, Attempt(at=NOW, outcome="failed", message="403 Forbidden"))
    assert states() == ["stale", "sample", "ok"]
    archive.note_attempt("oews", Attempt(at=NOW, outcome="unchanged", message=None))
    assert states() == ["ok", "sample", "ok"]


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
