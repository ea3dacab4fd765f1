"""The sources declared in `reference/sources.yml`."""

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.errors import ContractError
from pipelines.paths import REFERENCE


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Vintage(_Strict):
    """One edition of a source."""

    vintage: str
    reference_period: str
    released_on: date | None = None
    notes: str | None = None


class SourceDeclaration(_Strict):
    """A publisher's set of files that belong together."""

    publisher: str
    title: str
    url: str
    files: tuple[str, ...] = Field(min_length=1)
    licence: str
    attribution: str
    vintages: tuple[Vintage, ...] = Field(min_length=1)

    def vintage_of(self, reference_period: str, title: str) -> Vintage:
        """The declared vintage of a reference period; one not declared has no known release date."""
        for vintage in self.vintages:
            if vintage.reference_period == reference_period:
                return vintage
        return Vintage(vintage=title, reference_period=reference_period)


@cache
def declared_sources(path: Path = REFERENCE / "sources.yml") -> dict[str, SourceDeclaration]:
    """All sources by name. Raises ContractError naming the fault."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {name: SourceDeclaration.model_validate(declaration) for name, declaration in content.items()}
    except (OSError, yaml.YAMLError, ValidationError, AttributeError) as error:
        raise ContractError(f"{path.name}: {error}") from error
