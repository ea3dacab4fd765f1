"""Writes a report of each failed run, and posts it to a webhook when one is set."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from pipelines.errors import BusyError, LmiError, MachineError, Stopped, machine_error, printable
from pipelines.files import atomic
from pipelines.settings import Settings

#: How many reports are kept; older ones are removed.
KEPT = 50
#: A run that holds the data folder and has written nothing for so long is stuck.
STUCK_AFTER = timedelta(hours=3)
#: The longest time for the webhook in all, and without a byte of it.
WEBHOOK_SECONDS, WEBHOOK_SILENCE_SECONDS = 20.0, 10.0

_ADVICE = {
    2: "Set what the message names, then run again.",
    3: "Look at the file that the message names. `lmi archive list` shows the files in the archive; `lmi archive add` "
    "adds a good one that you downloaded.",
    4: "A new layout of the publisher or a change in this project broke a table's contract. The message names the "
    "column.",
    5: "A check failed and nothing was published. data/staging has the tables and data_docs of this run.",
    6: "A run that does not go on holds the data folder. End its process (the message names it), then run again.",
    8: "`lmi status` shows the last look for each source. The next scheduled look tries again. If the network blocks "
    "the publisher, add a file that you downloaded: `lmi archive add FILE --source NAME --vintage V`.",
    9: "The machine lacks what the message names. Nothing half-written is left; run again when there is enough of it.",
}


def _last_release(settings: Settings) -> str:
    from pipelines.release.record import newest_release  # noqa: PLC0415

    try:
        release = newest_release(settings)
    except (LmiError, OSError) as error:
        return f"the newest release cannot be read: {error}"
    return "there is no release yet" if release is None else f"still release {release.manifest.release_id}"


def report_text(settings: Settings, what: str, error: BaseException, at: datetime) -> str:
    """The report as Markdown: what failed, what is published now, why it failed, and what to do."""
    code = error.exit_code if isinstance(error, LmiError) else 1
    advice = _ADVICE.get(code, "An unexpected error. See the message above and the logs of the run.")
    text = (
        f"# {what} failed on {at:%Y-%m-%d} at {at:%H:%M} UTC\n\n"
        f"- Source of the run: {settings.source}\n"
        f"- Exit code: {code}\n"
        f"- Published: {_last_release(settings)}\n\n"
        f"## Why\n\n{type(error).__name__}: {error}\n\n"
        f"## What to do\n\n{advice}\n"
    )
    return printable(settings.without_secrets(text))


def _post(url: str, text: str) -> str | None:
    """Post a report. Returns why that failed, or None; the address is a secret, so nobody's words about it are told."""
    from pipelines.archive.connections import Limit, Session, current  # noqa: PLC0415  (only where a webhook is set)

    until = monotonic() + WEBHOOK_SECONDS
    token = current.set(Limit(WEBHOOK_SECONDS, until, WEBHOOK_SILENCE_SECONDS, takes_private=True))
    waits = (WEBHOOK_SILENCE_SECONDS, WEBHOOK_SILENCE_SECONDS)
    try:
        with (
            Session() as session,
            session.post(url, json={"text": text}, timeout=waits, allow_redirects=False, stream=True) as response,
        ):
            if 200 <= response.status_code < 300:
                return None
            why = f"it answered {response.status_code}"
            if response.is_redirect:
                why += ", a redirect, which is not followed: set LMI_WEBHOOK_URL to the address itself"
    except Exception as error:  # whatever its answer makes a library say must not hide the failure that is reported
        why = type(error).__name__
    finally:
        current.reset(token)
    return f"posting to the webhook failed: {why}"


def write_report(settings: Settings, what: str, error: BaseException, name: str | None = None) -> Path | None:
    """Write the report of a failure to `data/failures/`, post it to the webhook, and return its path.

    `name` is the report's, the time by default. None when it cannot be written, on the same full disk, it may be:
    raising that would hide the failure itself. The webhook is told before.
    """
    at = datetime.now(UTC)
    text = report_text(settings, what, error, at)
    if settings.webhook_url is not None and (problem := _post(settings.webhook_url, text)) is not None:
        text += f"\n{problem}\n"
    path = settings.failures / f"{name or f'{at:%Y%m%dT%H%M%S%f}'}.md"
    try:
        with atomic(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
        for old in sorted(settings.failures.glob("*.md"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def _changed(paths: Iterable[Path]) -> Iterator[datetime]:
    """When files were last changed, those that are there."""
    for path in paths:
        with suppress(OSError):
            yield datetime.fromtimestamp(path.stat().st_mtime, UTC)


def last_progress(settings: Settings) -> datetime | None:
    """When a run last wrote anything into the data folder; None when none ever did.

    Whoever asks for a lock touches it, and Dagster's daemon writes all the time: neither counts.
    """
    places = (settings.staging, settings.archive, settings.releases)
    inside = (path for place in places for path in place.rglob("*") if path.is_file() and path.suffix != ".lock")
    of_runs = (path for path in inside if path.parent != settings.archive / "hosts" and path.name != ".lock")
    return max(_changed([settings.data_dir / ".run.json", *of_runs]), default=None)


def report_if_stuck(settings: Settings, busy: Exception) -> Path | None:
    """Report a run that holds the data folder and has written nothing for hours, once; returns the report's path."""
    since = last_progress(settings)
    if since is None or datetime.now(UTC) - since < STUCK_AFTER:
        return None
    name = f"{since:%Y%m%dT%H%M%S%f}-stuck"
    if (settings.failures / f"{name}.md").exists():
        return None
    error = BusyError(f"{busy} (nothing was written since {since:%Y-%m-%d %H:%M} UTC)")
    return write_report(settings, "A run that does not end", error, name)


@contextmanager
def failure_report(settings: Settings, what: str = "A run") -> Iterator[None]:
    """Report an error that ends the block, and raise it again.

    A fault of the machine is raised as MachineError. A busy data folder is reported only when its run is stuck, and a
    command that somebody stopped is not.
    """
    try:
        yield
    except Exception as error:
        machine = machine_error(error)
        if machine is not None and str(settings.data_dir) not in str(machine):
            machine = MachineError(f"{settings.data_dir}: {machine}")  # some libraries do not say where
        raised = machine or error
        if Stopped.by is None:
            _noted(settings, what, raised)
        if raised is error:
            raise
        raise raised from error


def _noted(settings: Settings, what: str, error: Exception) -> None:
    """Report an error, and add to it where the report is."""
    if isinstance(error, BusyError):
        path = report_if_stuck(settings, error)
        if path is not None:
            error.add_note(f"a run that does not go on is reported: {path}")
        return
    path = write_report(settings, what, error)
    error.add_note(f"report: {path}" if path else f"no report could be written into {settings.failures}")
