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


class FileDeclaration(_Strict):
    """A publisher's file: where it is, and what it must look like to be taken.

    A name and address with {year} stand for a file of every year, with {fips} for a file of every state (two digits in
    the name, no leading zero in the address); * in a name stands for anything.
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

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if (self.url is None) == (self.link is None):
            raise ValueError(f"{self.name}: either a url or a link")
        return self


class SourceDeclaration(_Strict):
    """A publisher's set of files that belong together.

    A run does without an `optional` source when it cannot be had, or takes the bundled edition of it. A folder of files
    may hold those under `instead` in place of `files`. Without `cadence_months` no next edition is due.
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
    optional: bool = False
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
            pattern = re.escape(file.name).replace(r"\*", "[^/]*").replace(r"\{year\}", "(?P<year>[12][0-9]{3})")
            match = re.fullmatch(pattern.replace(r"\{fips\}", "(?P<fips>[0-9]{2})"), name)
            if match is None:
                continue
            place = self.files.index(file) if file in self.files else None
            if place is not None and "year" in match.groupdict():
                return self.of_year(int(match["year"]))[place]
            if place is not None and "fips" in match.groupdict():
                return self.of_state(match["fips"])[place]
            return file
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
