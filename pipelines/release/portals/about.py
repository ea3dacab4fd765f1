"""What every description of a release says: its title, tables, licence, publisher, sources and addresses."""

from dataclasses import dataclass

from pipelines.contracts.model import Table
from pipelines.release.dictionary import tables_by_schema
from pipelines.release.manifest import Manifest
from pipelines.settings import Settings
from pipelines.sources import declared_sources

#: A name that stays from release to release: a portal replaces the release before instead of adding one beside it.
IDENTIFIER = "career-cluster-lmi"
TITLE = "Career Cluster LMI: labor market indicators by Career Cluster"
DESCRIPTION = (
    "Jobs, pay, concentration, outlook and programs by cluster and sub-cluster of the modernized National Career "
    "Clusters Framework, for the nation, states and territories, and metro and nonmetro areas of the United States. "
    "Made from public figures of federal and state agencies; every figure has a status and, where it is estimated, an "
    "interval and a grade. Missing is never zero."
)
KEYWORDS = (
    *(
        "labor market information",
        "career technical education",
        "career clusters",
        "occupations",
        "wages",
        "employment",
    ),
    *("projections", "Perkins V", "CLNA", "OEWS", "SOC", "NAICS", "CIP"),
)
#: The licence of the figures that this project makes. O*NET, the College Scorecard's package and the framework ask for
#: attribution, so that a waiver of all rights could not be passed on with them.
LICENCE, LICENCE_URL = "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"
LICENCE_TITLE = "Creative Commons Attribution 4.0 International"
DATABASE_MEDIA_TYPE = "application/vnd.duckdb"
#: The tables that a portal lists by themselves; the others explain them.
_LISTED = "marts"
#: An address that cannot exist, for standards that ask for one where nobody gave it.
NO_EMAIL = "LMI_PUBLISHER_EMAIL@is-not-set.invalid"


def citation(publisher: str, release_id: str, year: int, address: str | None = None) -> str:
    """How a release is cited; the id names exactly these figures, wherever they lie."""
    where = f" {address}" if address else ""
    return f"{publisher} ({year}). {TITLE}. Release {release_id} [data set]. {LICENCE}.{where}"


@dataclass(frozen=True)
class About:
    """A release and who publishes it; `address` is that of its folder on the web, ending in a slash."""

    manifest: Manifest
    tables: tuple[Table, ...]
    publisher: str
    email: str | None
    address: str | None

    @property
    def listed(self) -> tuple[Table, ...]:
        """The tables that a portal lists."""
        return tuple(table for table in self.tables if table.schema_name == _LISTED)

    @property
    def version(self) -> str:
        """The version for standards that ask for a semantic one: the project's, with the release behind it."""
        return f"{self.manifest.project_version}+{self.manifest.release_id}"

    @property
    def day(self) -> str:
        """The day of publication."""
        return f"{self.manifest.published_at:%Y-%m-%d}"

    @property
    def attributions(self) -> tuple[str, ...]:
        """What the sources ask to be said of them, those of the project's own crosswalks too."""
        released = [source.attribution for source in self.manifest.sources.values()]
        return tuple(dict.fromkeys([*released, *(source.attribution for source in declared_sources().values())]))

    def where(self, file: str) -> str:
        """The address of a file of the release; its name where the release has no address."""
        return f"{self.address or ''}{file}"


def public_address(settings: Settings, release_id: str) -> str | None:
    """The address of a release's folder on the web, or None."""
    return None if settings.public_url is None else f"{settings.public_url.rstrip('/')}/{release_id}/"


def about(manifest: Manifest, settings: Settings) -> About:
    """What to say of a release by these settings."""
    return About(
        manifest=manifest,
        tables=tuple(table for _, tables in tables_by_schema() for table in tables),
        publisher=settings.publisher,
        email=settings.publisher_email,
        address=public_address(settings, manifest.release_id),
    )


def table_identifier(table: Table) -> str:
    """The name of a table in a catalogue."""
    return f"{IDENTIFIER}/{table.table}"
