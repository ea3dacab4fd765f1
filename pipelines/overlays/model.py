"""What `overlay.yml` may say."""

from typing import Annotated, Self

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, StringConstraints, model_validator

SOURCE = "overlay"
FILE = "overlay.yml"

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", strict=True)]
Name = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True, strict=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OwnCluster(_Strict):
    """A cluster that the framework does not have; `is_cross_cutting` as in reference.cluster."""

    cluster_id: Id
    cluster_name: Name
    is_cross_cutting: bool = Field(False, strict=True)


class OwnSubCluster(_Strict):
    """A sub-cluster that the framework does not have, in one of its clusters or in an own one."""

    sub_cluster_id: Id
    sub_cluster_name: Name
    cluster_id: Id


class OverlayFile(_Strict):
    """`overlay.yml`: whose overlay it is, where it is stated, and what it changes beside the CSV files.

    `names` gives clusters and sub-clusters of the framework other names; `left_out` drops some of them; `regions` names
    the regions of regions.csv.
    """

    overlay_id: Id | None = None
    state_id: str = Field(pattern=r"^[A-Z]{2}$")
    title: str = Field(min_length=5)
    source: str = Field(min_length=5)
    source_url: AnyHttpUrl | None = None
    as_of: int = Field(ge=1990, le=2100, strict=True)
    default_policy: Id | None = None
    names: dict[Id, Name] = Field(default_factory=dict)
    left_out: tuple[Id, ...] = ()
    clusters: tuple[OwnCluster, ...] = ()
    sub_clusters: tuple[OwnSubCluster, ...] = ()
    regions: dict[Id, Name] = Field(default_factory=dict)
    notes: str = ""

    @model_validator(mode="after")
    def _no_repeats(self) -> Self:
        if len(set(self.left_out)) < len(self.left_out):
            raise ValueError("left_out names one of them twice")
        return self
