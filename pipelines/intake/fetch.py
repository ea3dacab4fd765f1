"""Fetches the newest vintage of every source from its publisher into the archive.

A vintage is accepted as a whole, after every file of the source was fetched and checked, and all were read together.
Until then the vintage before stays the newest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from re import search
from urllib.parse import urljoin, urlsplit

from pipelines.archive.addresses import Sites, without_login
from pipelines.archive.distrust import check_download
from pipelines.archive.http import Client, http_date
from pipelines.archive.store import Archive, ArchivedFile, ArchivedVintage, Attempt
from pipelines.errors import FetchError, LmiError, MachineError, NoSuchFileError, machine_error
from pipelines.intake.parsed import accept
from pipelines.publishers.registry import page_count
from pipelines.publishers.states import postal_code_of_fips
from pipelines.settings import Settings
from pipelines.sources import FileDeclaration, Link, SourceDeclaration, declared_sources, looked_for

#: The most pages of one list. The longest list has a thousand rows, which is one page.
MOST_PAGES = 50
#: A server's clock may be ahead of ours by so much.
_CLOCKS_DIFFER = timedelta(days=1)


@dataclass(frozen=True)
class Progress:
    """The bytes of one file that have arrived; `total` is None when the publisher does not give it."""

    source: str
    file: str
    done: int
    total: int | None


@dataclass(frozen=True)
class Outcome:
    """The outcome of the look for a source's newest vintage, and the error when it failed."""

    source: str
    attempt: Attempt
    error: LmiError | None = None


_OnProgress = Callable[[Progress], None]
_Taken = tuple[ArchivedFile, Path]


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value for name, value in attrs if tag == "a" and name == "href" and value]


def override(url: str, base_urls: Mapping[str, str]) -> str:
    """The address, with its base replaced when LMI_BASE_URLS has one for it; the longest base counts."""
    for base in sorted(base_urls, key=len, reverse=True):
        if url.startswith(base):
            return base_urls[base].rstrip("/") + "/" + url.removeprefix(base).lstrip("/")
    return url


def linked_address(page: str, link: Link, page_url: str) -> str:
    """The one address on a page that matches the link's pattern. Raises FetchError when there is none or several."""
    anchors = _Anchors()
    anchors.feed(page)
    try:
        found = sorted({urljoin(page_url, address) for address in anchors.addresses if search(link.pattern, address)})
    except ValueError as error:
        raise FetchError(page_url, "a link on the page cannot be read: it is no address") from error
    if len(found) != 1:
        seen = ", ".join(found) or "none"
        raise FetchError(page_url, f"expected one link like {link.pattern} on the page (found {seen[:500]})")
    return found[0]


def sites_of(source: SourceDeclaration, base_urls: Mapping[str, str]) -> Sites:
    """Where requests for a source may go: to its declared hosts, and to the bases that LMI_BASE_URLS has for them."""
    addresses = [source.url, *(file.url or (file.link.page if file.link else "") for file in source.files)]
    overridden = {override(address, base_urls) for address in addresses} - set(addresses)
    return Sites(
        hosts=frozenset(urlsplit(address).hostname or "" for address in addresses), bases=frozenset(overridden)
    )


class _Refresh:
    """The look for the newest vintage of one source."""

    def __init__(self, source: str, archive: Archive, client: Client, settings: Settings) -> None:
        self.source, self.archive, self.client, self.settings = source, archive, client, settings
        self.declared: SourceDeclaration = declared_sources()[source]
        self.before = archive.newest(source)
        self.known = {file.name: file for file in self.before.files} if self.before else {}
        self.pages: dict[str, str] = {}
        self.whole: dict[ArchivedFile, bool] = {}

    def is_whole(self, file: ArchivedFile) -> bool:
        """Whether a known file is undamaged in the archive. It may be large, so it is read once only."""
        if file not in self.whole:
            self.whole[file] = self.archive.is_whole(file)
        return self.whole[file]

    def files(self, now: datetime) -> tuple[FileDeclaration, ...]:
        """The files to fetch: the declared ones, or those of all states, or those of the newest years."""
        if self.declared.is_by_state:
            return tuple(file for fips in sorted(postal_code_of_fips()) for file in self.declared.of_state(fips))
        if not self.declared.is_yearly:
            return self.declared.files
        known = [year for year in range(now.year - 10, now.year) if self.declared.of_year(year)[0].name in self.known]
        for newest in range(now.year - 1, max(known, default=now.year - 4), -1):
            if all(self.client.exists(self.address(file)) for file in self.declared.of_year(newest)):
                break
        else:
            if not known:
                raise FetchError(self.declared.files[0].url or "", "no year has a file")
            newest = max(known)
        years = range(newest - (self.declared.years or self.settings.qcew_years) + 1, newest + 1)
        return tuple(file for year in years for file in self.declared.of_year(year))

    def address(self, file: FileDeclaration) -> str:
        """The declared address of a file, or the one that a page links to. The page is read once."""
        base_urls = self.settings.base_urls
        if file.link is None:
            return override(file.url or "", base_urls)
        page = override(file.link.page, base_urls)
        if page not in self.pages:
            self.pages[page] = self.client.text(page)
        return override(linked_address(self.pages[page], file.link, page), base_urls)

    def take(self, file: FileDeclaration, folder: Path, now: datetime, on_progress: _OnProgress) -> _Taken:
        """A file's entry in the archive and its present path; kept when the server says that it has not changed."""

        def report(done: int, total: int | None) -> None:
            on_progress(Progress(self.source, file.name, done, total))

        report(0, None)
        try:
            url, known = self.address(file), self.known.get(file.name)
            asked = without_login(url)
            is_same = known is not None and (known.asked_url or known.url) == asked
            since = known.last_modified if known and is_same and self.is_whole(known) else None
            fetched = self.client.fetch(url, folder / file.name, if_modified_since=since, on_progress=report)
            if fetched is None:
                kept = self.known[file.name]
                return kept, self.archive.path(kept)
            check_download(
                fetched.path,
                file,
                source=self.source,
                content_type=fetched.content_type,
                url=asked,
                final_url=fetched.final_url,
                previous_bytes=known.bytes if known else None,
            )
        finally:
            report(0, 0)
        arrived = ArchivedFile(
            name=file.name,
            url=fetched.final_url,
            asked_url=asked if asked != fetched.final_url else None,
            sha256=fetched.sha256,
            bytes=fetched.bytes,
            last_modified=fetched.last_modified,
            retrieved_at=now,
        )
        return arrived, fetched.path

    def take_all(self, file: FileDeclaration, folder: Path, now: datetime, on_progress: _OnProgress) -> list[_Taken]:
        """A file, or all pages of a list. Raises NoSuchFileError if it is missing or the list has no rows."""
        if not file.is_paged:
            return [self.take(file, folder, now, on_progress)]
        taken = [self.take(file.of_page(0), folder, now, on_progress)]
        first, path = taken[0]
        pages = page_count(self.source, path)
        if pages == 0:
            raise NoSuchFileError(first.url or "", "the list has no rows yet")
        if pages > MOST_PAGES:
            raise FetchError(first.url or "", f"page 0 gives {pages:,} pages; a list has {MOST_PAGES} at the most")
        for page in range(1, pages):
            try:
                taken.append(self.take(file.of_page(page), folder, now, on_progress))
            except NoSuchFileError as error:
                raise FetchError(error.url, f"page 0 gives {pages} pages, and this one is missing") from error
        return taken

    def run(self, folder: Path, now: datetime, on_progress: _OnProgress) -> Attempt:
        """Fetch what changed and accept it. Raises LmiError and leaves the vintage before in place."""
        taken: list[_Taken] = []
        for declaration in self.files(now):
            try:
                taken += self.take_all(declaration, folder, now, on_progress)
            except NoSuchFileError:
                if self.declared.is_by_state and declaration.name not in self.known:
                    continue  # a state that has not published yet
                raise
        if not taken:
            problem = "no state has a file: the files have moved, or the service has changed its addresses"
            raise FetchError(self.declared.files[0].url or "", problem)
        files = [file for file, _ in taken]
        paths = {file.name: path for file, path in taken}
        same = self.known.keys() == paths.keys() and all(
            self.known[file.name].sha256 == file.sha256 and self.is_whole(self.known[file.name]) for file in files
        )
        if self.before is not None and same:
            if tuple(files) != self.before.files:
                self.archive.add(self.before.model_copy(update={"files": tuple(files)}))
            return Attempt(at=now, outcome="unchanged", message=None)
        checksums = {file.name: file.sha256 for file in files}
        as_of = _newest_change(files, now) or now
        vintage = accept(self.source, paths, as_of, self.archive, checksums, fetched=True)
        for file in files:
            if paths[file.name] != self.archive.path(file):
                self.archive.put(paths[file.name], file)
        self.archive.add(ArchivedVintage.of(self.source, vintage, "fetched", now, files))
        return Attempt(at=now, outcome="new", message=f"{vintage.vintage} accepted")


def _newest_change(files: list[ArchivedFile], now: datetime) -> datetime | None:
    """When the publisher last changed any of the files; None when no server gives a date that can be true."""
    changes = (http_date(file.last_modified or "") for file in files)
    return max((changed for changed in changes if changed and changed <= now + _CLOCKS_DIFFER), default=None)


def client_of(settings: Settings) -> Client:
    """The HTTP client of the settings. Raises MissingContactError before any request."""
    return Client(
        settings.contact_email,
        pause_seconds=settings.http_pause_seconds,
        read_timeout=settings.http_timeout_seconds,
        attempts=settings.http_attempts,
        backoff_seconds=settings.http_backoff_seconds,
        deadline_seconds=settings.http_deadline_seconds,
        lock_folder=settings.archive / "hosts",
    )


def look(
    settings: Settings,
    sources: tuple[str, ...] | None = None,
    on_progress: _OnProgress = lambda _: None,
) -> list[Outcome]:
    """Look for the newest vintage of every source, or of those named, and record each outcome in the archive.

    Raises MissingContactError first. Whatever goes wrong with one source is its outcome, and the others go on.
    """
    archive = Archive(settings.archive)
    outcomes: list[Outcome] = []
    with client_of(settings) as client, archive.hold():
        for source in sources or looked_for():
            now = datetime.now(UTC).replace(microsecond=0)
            error: LmiError | None = None
            client.turn_to(sites_of(declared_sources()[source], settings.base_urls), settings.http_source_seconds)
            try:
                with archive.temporary() as folder:
                    attempt = _Refresh(source, archive, client, settings).run(folder, now, on_progress)
            except Exception as failure:
                error = failure if isinstance(failure, LmiError) else _unforeseen(source, failure)
                attempt = Attempt(at=now, outcome="failed", message=str(error))
            archive.note_attempt(source, attempt)
            outcomes.append(Outcome(source, attempt, error))
    return outcomes


def _unforeseen(source: str, failure: Exception) -> LmiError:
    """The error of a source for what nobody foresaw."""
    machine = machine_error(failure)
    problem = machine or f"{type(failure).__name__}: {failure}"
    error = (MachineError if machine else LmiError)(f"{source}: {problem}")
    error.__cause__ = failure
    return error


def refresh(
    settings: Settings,
    sources: tuple[str, ...] | None = None,
    on_progress: _OnProgress = lambda _: None,
) -> list[Outcome]:
    """As `look`; after all looks, raises the first error of a source that a run cannot do without."""
    outcomes = look(settings, sources, on_progress)
    archive = Archive(settings.archive)
    for outcome in outcomes:
        if outcome.error is not None and not _can_do_without(archive, outcome.source):
            raise outcome.error
    return outcomes


def _can_do_without(archive: Archive, source: str) -> bool:
    """Whether a run can take an earlier vintage of a source, or none."""
    vintage = archive.newest(source)
    is_kept = vintage is not None and all(archive.is_whole(file) for file in vintage.files)
    return is_kept or declared_sources()[source].optional
