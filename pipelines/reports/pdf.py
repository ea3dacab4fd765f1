"""Prints a page to PDF with Chromium or Chrome, where one is installed."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from pipelines.errors import LmiError, refused_by_machine
from pipelines.files import atomic, scratch

#: Programs that print, of which the first that is found is taken; LMI_CHROMIUM gives the path of another.
PROGRAMS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: A page takes seconds; a browser that hangs is stopped after this many.
TIMEOUT = 180


class Format(StrEnum):
    """What a page is written as."""

    HTML = "html"
    PDF = "pdf"


class Paper(StrEnum):
    """The paper that a page is printed on."""

    LETTER = "letter"
    A4 = "a4"


def find_chromium() -> Path:
    """The browser's program. Raises LmiError that says how to get one."""
    if named := os.environ.get("LMI_CHROMIUM"):
        if not Path(named).is_file():
            raise LmiError(f"LMI_CHROMIUM names {named}, which does not exist")
        return Path(named)
    for program in PROGRAMS:
        if found := shutil.which(program):
            return Path(found)
    raise LmiError(
        "PDF needs Chromium or Chrome, and none is installed: install it (Debian and Ubuntu: `apt-get install "
        "chromium`), give its path in LMI_CHROMIUM, or use --format html, which every browser prints to PDF"
    )


def pages_of_targets(pdf: Path) -> dict[str, int]:
    """The printed page, counted from 1, of each element of a page that one of its links leads to, by its id."""
    from pypdf import PdfReader  # noqa: PLC0415  (an extra)

    reader = PdfReader(pdf)
    found = {name: reader.get_destination_page_number(at) for name, at in reader.named_destinations.items()}
    return {name.removeprefix("/"): page + 1 for name, page in found.items() if page is not None}


def print_pdf(page: Path, target: Path, browser: Path) -> None:
    """Print a page to a PDF file, which appears whole or not at all. Raises LmiError with what the browser said."""
    with scratch("lmi-pdf-") as folder:
        made = folder / "page.pdf"
        command = [
            str(browser),
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            f"--print-to-pdf={made}",
            page.resolve().as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses its sandbox to root, as in containers
        try:
            code, told = _run(command, Path(folder))
        except subprocess.TimeoutExpired as error:
            raise LmiError(f"{browser} did not print {page.name} within {TIMEOUT} s") from error
        except OSError as error:
            raise LmiError(f"{browser} could not be started: {refused_by_machine(error)}") from error
        if code != 0 or not made.is_file() or made.stat().st_size == 0:
            said = (told.strip().splitlines() or ["no message"])[-1]
            raise LmiError(f"{browser} did not print {page.name} (exit code {code}): {said}")
        with atomic(target) as temporary:
            shutil.copyfile(made, temporary)


def _run(command: list[str], folder: Path) -> tuple[int, str]:
    """The exit code of a browser and what it said on stderr; what it leaves is in the folder.

    It and the processes that it started end with the call, however that ends. Raises TimeoutExpired and OSError.
    """
    # in a session of its own: one signal reaches them all, and Ctrl-C of a terminal none before its time
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(folder)},
    ) as browser:
        try:
            _, told = browser.communicate(timeout=TIMEOUT)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(browser.pid, signal.SIGKILL)
    return browser.returncode, told
