"""The sources declared in `reference/sources.yml`."""

import re
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipelines.errors import ContractError
from pipelines.paths import REFERENCE
from pipelines.yaml_files import load_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Format(StrEnum):
    """What a file is, which decides how far it can be trusted."""

    TEXT = "text"
    CSV = "csv"
    WORKBOOK = "workbook"
    ZIP = "zip"
    JSON = "json"


class Vintage(_Strict):
    """One edition of a source."""

    vintage: str
    reference_period: str
    released_on: date | None = None
    notes: str | None = None
    is_sample: bool = False
    is_older_cycle: bool = False


class Link(_Strict):
    """A page that links to the newest file, and a pattern that its address matches."""

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


#: Bounds that let every size through.
_ANY_SIZE = {"min_size_ratio": 0.0, "max_size_ratio": float("inf")}


#: What stands for the part of a file's name that differs, as a pattern for both file names and regular expressions.
NAME_PARTS = {"{year}": "[12][0-9][0-9][0-9]", "{qtr}": "[1-4]", "{fips}": "[0-9][0-9]"}


class FileDeclaration(_Strict):
    """A publisher's file: where it is, and what it must look like to be taken.

    A name and address with {year} stand for a file of every year, with {qtr} of every quarter, with {fips} for a file
    of every state (two digits in the name, no leading zero in the address); * in a name stands for anything. An
    address with {page} stands for the pages of a list, from 0 on: each is a file, and those after the first have their
    number in the name.
    `sheets` and `header` are names that must be there: of a workbook's sheets, of the columns in its header. `members`
    are patterns of the names in a zip. The size ratios bound the size against the edition before.
    """

    name: str = Field(min_length=1)
    format: Format
    url: str | None = None
    link: Link | None = None
    sheets: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    min_size_ratio: float = Field(0.5, gt=0, le=1)
    max_size_ratio: float = Field(3, ge=1)
    max_uncompressed_bytes: int = 8_000_000_000

    @property
    def is_paged(self) -> bool:
        """Whether the file comes in pages, and this is not one of them yet."""
        return "{page}" in (self.url or "")

    def of_page(self, page: int) -> Self:
        """One page of the file. A page may be of any size, the last one most of all."""
        stem, dot, suffix = self.name.rpartition(".")
        name = self.name if page == 0 else f"{stem}_page_{page}{dot}{suffix}"
        url = (self.url or "").replace("{page}", str(page))
        changed = {"name": name, "url": url} if page == 0 else {"name": name, "url": url, **_ANY_SIZE}
        return self.model_copy(update=changed)

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if (self.url is None) == (self.link is None):
            raise ValueError(f"{self.name}: either a url or a link")
        return self


class SourceDeclaration(_Strict):
    """A publisher's set of files that belong together.

    A run does without an `optional` source when it cannot be had, or takes the bundled edition of it. A folder of files
    may hold those under `instead` in place of `files`. Without `cadence_months` no next edition is due. Of files by
    year, `years` are taken; without it as many as the setting says. Runs do not look for one `on_request`.
    """

    publisher: str
    title: str
    url: str
    files: tuple[FileDeclaration, ...] = Field(min_length=1)
    instead: tuple[FileDeclaration, ...] = ()
    newest: str
    calendar: str
    cadence_months: int | None = Field(None, gt=0)
    lag_months: int = Field(0, ge=0)
    years: int | None = Field(None, gt=0)
    optional: bool = False
    on_request: bool = False
    licence: str
    attribution: str
    vintages: tuple[Vintage, ...]

    @property
    def file_names(self) -> tuple[str, ...]:
        """Names of the files."""
        return tuple(file.name for file in self.files)

    @property
    def is_yearly(self) -> bool:
        """Whether there is a file for each year."""
        return any("{year}" in file.name for file in self.files)

    @property
    def is_by_state(self) -> bool:
        """Whether there is a file for each state."""
        return any("{fips}" in file.name for file in self.files)

    def file_of(self, name: str) -> FileDeclaration | None:
        """The declaration of a file by its own name, of `files` or `instead`; None for a file of another source."""
        for file in (*self.files, *self.instead):
            pattern = re.escape(file.name).replace(r"\*", "[^/]*")
            for part, digits in NAME_PARTS.items():
                pattern = pattern.replace(re.escape(part), f"(?P<{part.strip('{}')}>{digits})")
            if file.is_paged:
                stem, dot, suffix = pattern.rpartition(r"\.")
                pattern = f"{stem}(_page_(?P<page>[1-9][0-9]*))?{dot}{suffix}"
            match = re.fullmatch(pattern, name)
            if match is None:
                continue
            parts = match.groupdict()
            place = self.files.index(file) if file in self.files else None
            found = file
            if place is not None and "year" in parts:
                found = self.of_year(int(parts["year"]))[place]
            if place is not None and "fips" in parts:
                found = self.of_state(parts["fips"])[place]
            return found.of_page(int(parts["page"] or 0)) if found.is_paged else found
        return None

    def of_state(self, fips: str) -> tuple[FileDeclaration, ...]:
        """The files of one state, by its FIPS code of two digits."""
        return tuple(
            file.model_copy(
                update={
                    "name": file.name.replace("{fips}", fips),
                    "url": None if file.url is None else file.url.replace("{fips}", fips.lstrip("0")),
                }
            )
            for file in self.files
        )

    def of_year(self, year: int) -> tuple[FileDeclaration, ...]:
        """The files of one year."""
        return tuple(
            file.model_copy(
                update={
                    "name": file.name.replace("{year}", str(year)),
                    "url": None if file.url is None else file.url.replace("{year}", str(year)),
                    "members": tuple(member.replace("{year}", str(year)) for member in file.members),
                }
            )
            for file in self.files
        )

    def vintage_of(self, reference_period: str, title: str) -> Vintage:
        """The declared vintage of a reference period; one not declared has no known release date."""
        for vintage in self.vintages:
            if vintage.reference_period == reference_period:
                return vintage
        return Vintage(vintage=title, reference_period=reference_period)

    def next_expected(self, reference_period: str) -> date | None:
        """The first day of the month in which the edition after the one of a reference period is due.

        None when no next edition is foreseen, or the period does not end in a year or a month. A projection's (2024-34)
        counts from its base year.
        """
        end = re.search(r"(\d{4})(?:-(\d{2}))?$", reference_period)
        if self.cadence_months is None or end is None:
            return None
        month = int(end[2] or 12)
        months = int(end[1]) * 12 + min(month, 12) - 1 + self.cadence_months + self.lag_months
        return date(months // 12, months % 12 + 1, 1)


@cache
def declared_sources(path: Path = REFERENCE / "sources.yml") -> dict[str, SourceDeclaration]:
    """All sources by name. Raises ContractError naming the fault."""
    try:
        content = load_yaml(path)
        return {name: SourceDeclaration.model_validate(declaration) for name, declaration in content.items()}
    except (OSError, yaml.YAMLError, ValidationError, AttributeError) as error:
        raise ContractError(f"{path.name}: {error}") from error


def looked_for() -> dict[str, SourceDeclaration]:
    """The sources that live runs look for, by name."""
    return {name: source for name, source in declared_sources().items() if not source.on_request}
