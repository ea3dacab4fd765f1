"""The sources declared in `reference/sources.yml`."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from pipelines.errors import ContractError
from pipelines.models import Strict
from pipelines.paths import REFERENCE
from pipelines.yaml_files import load_yaml

#: The parts of a file's name and address that differ from file to file, each with the pattern of its values.
NAME_PARTS = {
    "year": "[12][0-9]{3}",
    "qtr": "[1-4]",
    "fips": "[0-9]{2}",
    "slice": "US[0-9A-Z]{3}|CS?[0-9]{3}[0-9A-Z]?|[0-9]{2,6}|[0-9]{2}[_-][0-9]{2}",
}


class Format(StrEnum):
    """What a file is, which decides how it is checked."""

    TEXT = "text"
    CSV = "csv"
    WORKBOOK = "workbook"
    ZIP = "zip"
    JSON = "json"
    PARQUET = "parquet"


class Vintage(Strict):
    """One vintage of a source, as its publisher names it."""

    vintage: str
    reference_period: str
    released_on: date | None = None
    notes: str | None = None
    is_sample: bool = False
    is_older_cycle: bool = False


class Link(Strict):
    """A page that links to the newest file, and a pattern of the file's address."""

    page: str
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _is_an_expression(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"pattern {pattern} is not a regular expression: {error}") from error
        return pattern


class Known(Strict):
    """Codes of our own that the first edition of a table must have, where the bundle has none to hold it against.

    `file` is a CSV or Parquet file below `reference/`; `codes` names its column for each column of the table, of which
    the first `chars` characters count (all, if None). So many percent may be missing of all codes; with `each`, of
    those of every value of that column that the table has.
    """

    file: str
    codes: dict[str, str] = Field(min_length=1)
    chars: int | None = Field(None, gt=0)
    each: str | None = None
    lost_pct: float = Field(ge=0, lt=100)


class Holding(Strict):
    """What a table must hold, in percent of its codes in the edition before.

    `codes` are the columns that name a row, `title` its name. So many codes may be lost, new or renamed; None sets no
    bound. The first `group_chars` characters of the first code (all, if None) name a group: `every_group` of the
    edition before must be there, and of each only so many codes may be lost. With `every_state`, the groups are areas.
    `figures` may not double or halve for half of the codes. An edition that has none before it, not even in the bundle,
    is held against what is `known`.
    """

    codes: tuple[str, ...] = Field(min_length=1)
    title: str | None = None
    lost_pct: float | None = Field(None, ge=0)
    new_pct: float | None = Field(None, ge=0)
    renamed_pct: float = Field(20, ge=0)
    group_chars: int | None = Field(None, gt=0)
    group_lost_pct: float | None = Field(None, ge=0)
    every_group: bool = True
    every_state: bool = False
    figures: tuple[str, ...] = ()
    known: tuple[Known, ...] = ()


@cache
def _name_pattern(name: str, is_paged: bool) -> re.Pattern[str]:
    """The pattern of the names that a declared name stands for, with a group for each part."""
    pattern = re.escape(name).replace(r"\*", "[^/]*")
    for part, values in NAME_PARTS.items():
        pattern = pattern.replace(rf"\{{{part}\}}", f"(?P<{part}>{values})")
    if is_paged:
        stem, dot, suffix = pattern.rpartition(r"\.")
        pattern = f"{stem}(?:_page_(?P<page>[1-9][0-9]*))?{dot}{suffix}"
    # a browser numbers a second download: Job Zones (1).xlsx
    stem, dot, suffix = pattern.rpartition(r"\.")
    return re.compile(rf"{stem}(?: ?\([1-9][0-9]?\))?{dot}{suffix}" if dot else pattern, re.IGNORECASE)


class FileDeclaration(Strict):
    """A publisher's file: its address, and what it must look like to be accepted.

    In name and address, {year} stands for each year, {qtr} for each quarter and {fips} for each state (two digits in
    the name, no leading zero in the address); {slice} is an area or industry of QCEW, and * in a name any text. An
    address with {page} is a list in pages, numbered from 0: each page is a file, and from the second on its name ends
    in the number.
    `sheets` are names of a workbook's sheets, `header` the names of the columns, `members` patterns of the names in a
    zip. A `part` holds some of the source's areas. A file that `replaces` another stands for it; what a file holds
    `may_be_in` another one. `min_size_ratio` and `max_size_ratio` bound the size relative to the file of the vintage
    before.
    """

    name: str = Field(min_length=1)
    format: Format
    url: str | None = None
    link: Link | None = None
    sheets: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    part: bool = False
    replaces: str | None = None
    may_be_in: str | None = None
    min_size_ratio: float = Field(0.5, gt=0, le=1)
    max_size_ratio: float = Field(3, ge=1)
    max_uncompressed_bytes: int = 8_000_000_000

    @property
    def is_template(self) -> bool:
        """Whether there is a file for each year, quarter or state."""
        return any(f"{{{part}}}" in self.name for part in NAME_PARTS)

    @property
    def is_paged(self) -> bool:
        """Whether the declaration stands for all pages of a list."""
        return "{page}" in (self.url or "")

    @property
    def is_slice(self) -> bool:
        """Whether files of the same name may lie in several folders."""
        return "{slice}" in self.name

    def match(self, path: str) -> re.Match[str] | None:
        """The parts of a file's name when this declaration stands for it, else None; of a path, its end is the name."""
        name = "/".join(path.split("/")[-self.name.count("/") - 1 :])
        return _name_pattern(self.name, self.is_paged).fullmatch(name)

    def name_of(self, path: str) -> str:
        """The name by which a file of this declaration is known: the declared one, if it is the name of one file."""
        if self.is_template or "*" in self.name:
            return "/".join(path.split("/")[-self.name.count("/") - 1 :])
        return self.name

    def of(self, part: str, value: str) -> Self:
        """The declaration for one year, quarter or state."""
        text = f"{{{part}}}"
        changed = {
            "name": self.name.replace(text, value),
            "url": self.url and self.url.replace(text, value.lstrip("0")),
            "members": tuple(member.replace(text, value) for member in self.members),
        }
        return self.model_copy(update=changed)

    def of_page(self, page: int) -> Self:
        """The declaration of one page. Pages after the first may be of any size."""
        changed: dict[str, object] = {"url": (self.url or "").replace("{page}", str(page))}
        if page > 0:
            stem, dot, suffix = self.name.rpartition(".")
            changed |= {"name": f"{stem}_page_{page}{dot}{suffix}", "min_size_ratio": 0.0}
            changed["max_size_ratio"] = float("inf")
        return self.model_copy(update=changed)

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if (self.url is None) == (self.link is None):
            raise ValueError(f"{self.name}: either a url or a link")
        return self


class SourceDeclaration(Strict):
    """A source: a publisher's files that belong together.

    `instead` are files that a folder of downloads may have in place of `files`: one that `replaces` a file, any number
    of those by year, or one that holds all; files `beside` them add to either. A run can do without an `optional`
    source. `holds` says what its tables must hold; of a `fixed` one, all editions are the bundled one.
    `cadence_months` and `lag_months` say when the next vintage is due; without a cadence none is expected. `years` is
    how many years of a yearly source are fetched, LMI_QCEW_YEARS by default. Runs do not look for a source
    `on_request`, and the bundle has none that is not `bundled`.
    """

    publisher: str
    title: str
    url: str
    files: tuple[FileDeclaration, ...] = Field(min_length=1)
    instead: tuple[FileDeclaration, ...] = ()
    beside: tuple[FileDeclaration, ...] = ()
    newest: str
    calendar: str
    cadence_months: int | None = Field(None, gt=0)
    lag_months: int = Field(0, ge=0)
    years: int | None = Field(None, gt=0)
    optional: bool = False
    on_request: bool = False
    bundled: bool = True
    licence: str
    attribution: str
    vintages: tuple[Vintage, ...]
    holds: dict[str, Holding] = Field(default_factory=dict)
    fixed: bool = False

    @property
    def file_names(self) -> tuple[str, ...]:
        """The names of `files`."""
        return tuple(file.name for file in self.files)

    @property
    def all_files(self) -> tuple[FileDeclaration, ...]:
        """Every file that the source may have, in the order in which names are looked up."""
        return (*self.files, *self.instead, *self.beside)

    @property
    def is_yearly(self) -> bool:
        """Whether there is a file for each year."""
        return any("{year}" in file.name for file in self.files)

    @property
    def is_by_state(self) -> bool:
        """Whether there is a file for each state."""
        return any("{fips}" in file.name for file in self.files)

    def name_of(self, path: str) -> str | None:
        """The name by which a file is known; None for a file of another source."""
        return next((file.name_of(path) for file in self.all_files if file.match(path)), None)

    def file_of(self, name: str) -> FileDeclaration | None:
        """The declaration that stands for a file, of `files` or `instead`; None for a file of another source."""
        for file in self.all_files:
            if match := file.match(name):
                parts = match.groupdict()
                page = int(parts.pop("page", None) or 0)
                for part, value in parts.items():
                    file = file.of(part, value)  # noqa: PLW2901
                return file.of_page(page) if file.is_paged else file
        return None

    def stands_for(self, name: str) -> str | None:
        """The name in `files` of which a file is the content; None for one that is in place of all."""
        file = next((file for file in self.all_files if file.match(name)), None)
        return None if file is None else file.replaces or (file.name if file in self.files else None)

    def missing(self, names: Iterable[str]) -> list[str]:
        """The files that have to be there beside those of these names."""
        there = {self.stands_for(name) for name in names}
        return [file.name for file in self.files if file.name not in there and file.may_be_in not in there]

    def of_state(self, fips: str) -> tuple[FileDeclaration, ...]:
        """The files of one state, by its two-digit FIPS code."""
        return tuple(file.of("fips", fips) for file in self.files)

    def of_year(self, year: int) -> tuple[FileDeclaration, ...]:
        """The files of one year."""
        return tuple(file.of("year", str(year)) for file in self.files)

    def vintage_of(self, reference_period: str, title: str) -> Vintage:
        """The declared vintage of a reference period; else one with this title and no release date."""
        for vintage in self.vintages:
            if vintage.reference_period == reference_period:
                return vintage
        return Vintage(vintage=title, reference_period=reference_period)

    def next_expected(self, reference_period: str) -> date | None:
        """The first day of the month in which the vintage after this one is due; None when none is expected.

        A projection's period (2024-34) counts from its base year.
        """
        end = re.search(r"(\d{4})(?:-(\d{2}))?$", reference_period)
        if self.cadence_months is None or end is None:
            return None
        month = int(end[2] or 12)
        months = int(end[1]) * 12 + min(month, 12) - 1 + self.cadence_months + self.lag_months
        return date(months // 12, months % 12 + 1, 1)


@cache
def declared_sources(path: Path = REFERENCE / "sources.yml") -> dict[str, SourceDeclaration]:
    """All sources by name. Raises ContractError that names the fault."""
    try:
        content = load_yaml(path)
        return {name: _declared(path.name, name, declaration) for name, declaration in content.items()}
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise ContractError(f"{path.name}: {error}") from error


def _declared(file: str, source: str, declaration: object) -> SourceDeclaration:
    try:
        return SourceDeclaration.model_validate(declaration)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ContractError(f"{file}: {source}: {faults}") from error


def looked_for() -> dict[str, SourceDeclaration]:
    """The sources that live runs look for, by name."""
    return {name: source for name, source in declared_sources().items() if not source.on_request}


def publishers_addresses() -> dict[str, tuple[str, ...]]:
    """The address of each publisher's host (`https://www.bls.gov`), and the sources that have files there."""
    found: dict[str, dict[str, None]] = {}
    for name, source in declared_sources().items():
        for file in source.files:
            address = file.url or (file.link.page if file.link else "")
            if host := re.match("https?://[^/?#]+", address):
                found.setdefault(host[0], {})[name] = None
    return {host: tuple(names) for host, names in sorted(found.items())}
