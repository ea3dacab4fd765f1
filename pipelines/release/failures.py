"""Writes a report of each failed run, and posts it to a webhook when one is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import BusyError, LmiError
from pipelines.files import atomic
from pipelines.settings import Settings

#: How many reports are kept; older ones are removed.
KEPT = 50

_ADVICE = {
    2: "Set what the message names, then run again.",
    3: "Look at the file that the message names. `lmi archive list` shows the files in the archive; `lmi archive add` "
    "adds a good one that you downloaded.",
    4: "A new layout of the publisher or a change in this project broke a table's contract. The message names the "
    "column.",
    5: "A check failed and nothing was published. data/staging has the tables and data_docs of this run.",
    6: "Wait until the other run has ended.",
    8: "`lmi status` shows the last look for each source. The next scheduled look tries again. If the network blocks "
    "the publisher, add a file that you downloaded: `lmi archive add FILE --source NAME --vintage V`.",
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
    return (
        f"# {what} failed on {at:%Y-%m-%d} at {at:%H:%M} UTC\n\n"
        f"- Source of the run: {settings.source}\n"
        f"- Exit code: {code}\n"
        f"- Published: {_last_release(settings)}\n\n"
        f"## Why\n\n{type(error).__name__}: {error}\n\n"
        f"## What to do\n\n{advice}\n"
    )


def _post(url: str, text: str) -> str | None:
    """Post a report. Returns why that failed, or None."""
    import requests  # noqa: PLC0415  (only where a webhook is set)

    try:
        requests.post(url, json={"text": text}, timeout=20).raise_for_status()
    except requests.RequestException as error:
        return f"posting to the webhook failed: {error}"
    return None


def write_report(settings: Settings, what: str, error: BaseException) -> Path | None:
    """Write the report of a failure to `data/failures/`, post it to the webhook, and return its path.

    None when it cannot be written: raising that would hide the failure itself.
    """
    at = datetime.now(UTC)
    text = report_text(settings, what, error, at)
    if settings.webhook_url is not None and (problem := _post(settings.webhook_url, text)) is not None:
        text += f"\n{problem}\n"
    path = settings.failures / f"{at:%Y%m%dT%H%M%S%f}.md"
    try:
        with atomic(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
        for old in sorted(settings.failures.glob("*.md"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


@contextmanager
def failure_report(settings: Settings, what: str = "A run") -> Iterator[None]:
    """Report an error that ends the block, and raise it again. A busy data folder is not reported."""
    try:
        yield
    except BusyError:
        raise
    except Exception as error:
        path = write_report(settings, what, error)
        error.add_note(f"report: {path or f'none could be written to {settings.failures}'}")
        raise
