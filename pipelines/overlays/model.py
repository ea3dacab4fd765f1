"""The keys of `overlay.yml`."""

from typing import Self

from pydantic import AnyHttpUrl, Field, model_validator

from pipelines.errors import BadInputError
from pipelines.model_files import Id, Name, Phrase, PostalCode, Year, faults_of
from pipelines.models import Strict

SOURCE = "overlay"
FILE = "overlay.yml"


class OwnCluster(Strict):
    """A cluster of the state's own; `is_cross_cutting` means the same as in reference.cluster."""

    cluster_id: Id
    cluster_name: Name
    is_cross_cutting: bool = Field(False, strict=True)


class OwnSubCluster(Strict):
    """A sub-cluster of the state's own, in a cluster of the framework or of the state."""

    sub_cluster_id: Id
    sub_cluster_name: Name
    cluster_id: Id


class OverlayFile(Strict):
    """`overlay.yml`: the state, the source of the overlay, and the changes that are not in the CSV files.

    `names` renames clusters and sub-clusters of the framework, `left_out` drops some, `regions` names the regions of
    regions.csv.
    """

    overlay_id: Id | None = None
    state_id: PostalCode
    title: Phrase
    source: Phrase
    source_url: AnyHttpUrl | None = None
    as_of: Year
    default_policy: Id | None = None
    names: dict[Id, Name] = Field(default_factory=dict)
    left_out: tuple[Id, ...] = ()
    clusters: tuple[OwnCluster, ...] = ()
    sub_clusters: tuple[OwnSubCluster, ...] = ()
    regions: dict[Id, Name] = Field(default_factory=dict)
    notes: str = ""

    @model_validator(mode="after")
    def _no_repeats(self) -> Self:
        again = [place for place, identity in enumerate(self.left_out) if identity in self.left_out[:place]]
        if (error := faults_of((("left_out", place), "the id is listed twice") for place in again)) is not None:
            raise error
        return self


def line_fault(file: str, line: int, problem: str, value: object = None) -> BadInputError:
    """The error for a line of one of the overlay's CSV files."""
    return BadInputError(source=SOURCE, file=file, place=f"line {line}", problem=problem, value=value)
