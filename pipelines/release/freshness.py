"""The state of each source: its vintage, its age, when the next one is due, and how the last look for it went."""

import re
from dataclasses import dataclass
from datetime import date

from pipelines.archive.store import Archive, ArchiveManifest, Attempt
from pipelines.release.manifest import Manifest
from pipelines.settings import Settings
from pipelines.sources import declared_sources

#: Publishers are sometimes late: a look reports a vintage as a problem this many days after it is due.
GRACE_DAYS = 62


@dataclass(frozen=True)
class SourceState:
    """One source of a release, or of the archive alone. Days are ISO dates; `next_expected` is a month.

    It is overdue once that month has passed.
    """

    source: str
    vintage: str
    reference_period: str
    released_on: str | None
    retrieved_on: str | None
    age_months: int | None
    status: str
    next_expected: str | None
    is_overdue: bool
    last_look: str | None


def _due(source: str, reference_period: str) -> date | None:
    """When the vintage after the one of a reference period is due; None when no next vintage is foreseen."""
    declared = declared_sources().get(source)
    return None if declared is None else declared.next_expected(reference_period)


def is_overdue(source: str, reference_period: str, today: date) -> bool:
    """Whether the month has passed in which the vintage after the one of a reference period was due."""
    due = _due(source, reference_period)
    return due is not None and (today.year, today.month) > (due.year, due.month)


def is_late(source: str, reference_period: str, today: date) -> bool:
    """Whether that vintage is late by more than GRACE_DAYS."""
    due = _due(source, reference_period)
    return due is not None and (today - due).days > GRACE_DAYS


def vintage_problems(source: str, archived: ArchiveManifest, today: date) -> list[str]:
    """Why a source's newest vintage in the archive may not be the publisher's newest; empty when it is current."""
    newest, attempt = archived.newest(source), archived.attempts.get(source)
    problems = []
    if attempt is None or attempt.outcome == "failed":
        problems.append(f"last look: {attempt.message if attempt else 'never'}")
    if newest is None:
        problems.append("no vintage in the archive")
    elif is_late(source, newest.reference_period, today):
        due = _due(source, newest.reference_period)
        problems.append(f"the vintage after {newest.vintage} was expected in {due:%B %Y}")
    return problems


def source_states(settings: Settings, manifest: Manifest, today: date) -> list[SourceState]:
    """Every source of a release by name, then those that are in the archive only."""
    archived = Archive(settings.archive).manifest()
    known = {
        name: (each.vintage, each.reference_period, each.released_on, each.retrieved_on, each.status)
        for name, each in manifest.sources.items()
    }
    for name in sorted((archived.vintages.keys() | archived.attempts.keys()) - known.keys()):
        known[name] = ("none", "", None, "never", "not in the release")
        for newest in archived.vintages.get(name, ())[-1:]:
            released = newest.released_on.isoformat() if newest.released_on else None
            accepted = newest.accepted_at.date().isoformat()
            known[name] = (newest.vintage, newest.reference_period, released, accepted, "not in the release")
    states = []
    for name, (vintage, period, released_on, retrieved_on, status) in known.items():
        attempt = archived.attempts.get(name)
        due = _due(name, period)
        states.append(
            SourceState(
                source=name,
                vintage=vintage,
                reference_period=period,
                released_on=released_on,
                retrieved_on=retrieved_on,
                age_months=age_in_months(period, today),
                status="stale" if status == "ok" and retrieved_on is not None and _failed(attempt) else status,
                next_expected=f"{due:%B %Y}" if due else None,
                is_overdue=is_overdue(name, period, today),
                last_look=_look(attempt),
            )
        )
    return states


def _failed(attempt: Attempt | None) -> bool:
    return attempt is not None and attempt.outcome == "failed"


def _look(attempt: Attempt | None) -> str | None:
    if attempt is None:
        return None
    look = f"{attempt.at:%Y-%m-%d %H:%M} {attempt.outcome}"
    return f"{look}: {attempt.message}" if attempt.outcome == "failed" else look


def age_in_months(reference_period: str, today: date) -> int | None:
    """Months from a reference period such as `2025-05` or `2022` (its last month) to today; None for any other form."""
    found = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", reference_period)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2] or 12)
    return (today.year - year) * 12 + today.month - month
