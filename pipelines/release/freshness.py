"""How the sources of a release stand: their editions, ages, what is due next, and how the last look for it went."""

import re
from dataclasses import dataclass
from datetime import date

from pipelines.archive.store import Archive, ArchivedVintage, Attempt
from pipelines.release.manifest import Manifest
from pipelines.settings import Settings
from pipelines.sources import declared_sources

#: Publishers are late now and then: so long an edition that is due is not called overdue.
GRACE_DAYS = 62


@dataclass(frozen=True)
class SourceState:
    """One source of a release, or of the archive alone. Days are ISO dates; `next_expected` is a month."""

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


def is_overdue(source: str, reference_period: str, today: date) -> bool:
    """Whether the edition after the one of a reference period should have been there for a while."""
    expected = declared_sources()[source].next_expected(reference_period)
    return expected is not None and (today - expected).days > GRACE_DAYS


def source_states(settings: Settings, manifest: Manifest, today: date) -> list[SourceState]:
    """Every source of a release, by name; then those that are only looked for, as no table is made of them."""
    archived = Archive(settings.archive).manifest()
    attempts = archived.attempts
    states = []
    for name, entry in manifest.sources.items():
        expected = (
            declared_sources()[name].next_expected(entry.reference_period) if name in declared_sources() else None
        )
        states.append(
            SourceState(
                source=name,
                vintage=entry.vintage,
                reference_period=entry.reference_period,
                released_on=entry.released_on,
                retrieved_on=entry.retrieved_on,
                age_months=age_in_months(entry.reference_period, today),
                status=entry.status,
                next_expected=f"{expected:%B %Y}" if expected else None,
                is_overdue=expected is not None and is_overdue(name, entry.reference_period, today),
                last_look=_look(attempts.get(name)),
            )
        )
    for name in sorted((archived.vintages.keys() | attempts.keys()) - manifest.sources.keys()):
        newest = archived.newest(name)
        states.append(_in_archive(name, newest, attempts.get(name), today))
    return states


def _look(attempt: Attempt | None) -> str | None:
    if attempt is None:
        return None
    look = f"{attempt.at:%Y-%m-%d %H:%M} {attempt.outcome}"
    return f"{look}: {attempt.message}" if attempt.outcome == "failed" else look


def _in_archive(name: str, newest: ArchivedVintage | None, attempt: Attempt | None, today: date) -> SourceState:
    """A source that the release has no part of."""
    declared = declared_sources().get(name)
    expected = declared.next_expected(newest.reference_period) if newest is not None and declared is not None else None
    return SourceState(
        source=name,
        vintage="none" if newest is None else newest.vintage,
        reference_period="" if newest is None else newest.reference_period,
        released_on=None if newest is None or newest.released_on is None else newest.released_on.isoformat(),
        retrieved_on="never" if newest is None else newest.accepted_at.date().isoformat(),
        age_months=None if newest is None else age_in_months(newest.reference_period, today),
        status="not in the release",
        next_expected=f"{expected:%B %Y}" if expected else None,
        is_overdue=expected is not None and newest is not None and is_overdue(name, newest.reference_period, today),
        last_look=_look(attempt),
    )


def age_in_months(reference_period: str, today: date) -> int | None:
    """Months from a reference period such as `2025-05` or `2022` (its last month) to today; None for any other form."""
    found = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", reference_period)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2] or 12)
    return (today.year - year) * 12 + today.month - month
