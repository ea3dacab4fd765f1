"""A readable report of each run that failed, and word of it to a webhook where one is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import BusyError, LmiError
from pipelines.settings import Settings

#: Reports that are kept; older ones are removed.
KEPT = 50

_ADVICE = {
    2: "Set what the message names, then run again.",
    3: "Look at the file that the message names. `lmi archive list` shows what is at hand; `lmi archive add` brings in "
    "a right one by hand.",
    4: "The publisher's layout or a change of this project broke a table's contract; the message names the column.",
    5: "A check failed, so nothing was published; data/staging holds the tables and data_docs of this run.",
    6: "Wait until the other run has ended.",
    8: "`lmi status` shows the last look at each source. The next scheduled look tries again; where the network blocks "
    "the publisher, `lmi archive add FILE --source NAME --vintage V` brings a file in by hand.",
}


def _last_release(settings: Settings) -> str:
    from pipelines.release.manifest import newest_release  # noqa: PLC0415

    release = newest_release(settings)
    return "there is no release yet" if release is None else f"release {release.manifest.release_id} stays as it was"


def report_text(settings: Settings, what: str, error: BaseException, at: datetime) -> str:
    """The report as Markdown: what failed, why, what readers have now, what to do."""
    code = error.exit_code if isinstance(error, LmiError) else 1
    advice = _ADVICE.get(code, "This was not foreseen; the message above and the logs of the run say more.")
    return (
        f"# {what} failed on {at:%Y-%m-%d} at {at:%H:%M} UTC\n\n"
        f"- Source of the run: {settings.source}\n"
        f"- Exit code: {code}\n"
        f"- Published: {_last_release(settings)}\n\n"
        f"## Why\n\n{type(error).__name__}: {error}\n\n"
        f"## What to do\n\n{advice}\n"
    )


def _post(url: str, text: str) -> str | None:
    """Send a report; returns why it could not be sent."""
    import requests  # noqa: PLC0415  (only where a webhook is set)

    try:
        requests.post(url, json={"text": text}, timeout=20).raise_for_status()
    except requests.RequestException as error:
        return f"the webhook was not told: {error}"
    return None


def write_report(settings: Settings, what: str, error: BaseException) -> Path:
    """Write the report of a failure to `data/failures/`, tell the webhook, and return the report's path."""
    at = datetime.now(UTC)
    text = report_text(settings, what, error, at)
    if settings.webhook_url is not None and (problem := _post(settings.webhook_url, text)) is not None:
        text += f"\n{problem}\n"
    settings.failures.mkdir(parents=True, exist_ok=True)
    path = settings.failures / f"{at:%Y%m%dT%H%M%S%f}.md"
    path.write_text(text, encoding="utf-8")
    for old in sorted(settings.failures.glob("*.md"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


@contextmanager
def failure_report(settings: Settings, what: str = "A run") -> Iterator[None]:
    """Report what stops the block, and let it through; another run at work is no failure."""
    try:
        yield
    except BusyError:
        raise
    except Exception as error:
        path = write_report(settings, what, error)
        if isinstance(error, LmiError):
            error.add_note(f"report: {path}")
        raise
