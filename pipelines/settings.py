"""Settings, all from the environment as `LMI_*` (or a `.env` file in the folder of the run). Empty is not set."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from pipelines.errors import SettingError
from pipelines.paths import PROJECT

#: DuckDB's share of the memory: with the rest of the process all stays under two gigabytes.
MEMORY_LIMIT = "1000MB"


class Source(StrEnum):
    """Where a run takes its raw tables from."""

    BUNDLED = "bundled"
    FILES = "files"
    LIVE = "live"


class Weights(StrEnum):
    """Whose jobs by industry decide how an occupation is shared among its clusters."""

    NATIONAL = "national"
    STATE = "state"


class Settings(BaseSettings):
    """One object for all settings; the field's description is its help text."""

    model_config = SettingsConfigDict(env_prefix="LMI_", env_file=".env", env_ignore_empty=True, extra="ignore")

    data_dir: Path = Field(PROJECT / "data", description="folder for staging, releases and the published DuckDB")
    source: Source = Field(
        Source.BUNDLED,
        description=(
            "bundled: the vintage in reference/bundle; files: publishers' files in LMI_FILES_DIR; "
            "live: the newest vintages, fetched from the publishers"
        ),
    )
    files_dir: Path | None = Field(None, description="folder with the publishers' files, for source `files`")
    contact_email: str | None = Field(None, description="address that publishers can write to; live runs need it")
    overlay_dir: Path | None = Field(
        None, description="folder with a state's own memberships, clusters, regions and default policy"
    )
    base_urls: dict[str, str] = Field(
        default_factory=dict, description='mirrors, as JSON: {"https://download.bls.gov": "https://mirror.example.gov"}'
    )
    http_pause_seconds: float = Field(1.0, ge=0, description="pause between two requests to one host")
    http_timeout_seconds: float = Field(60, gt=0, description="longest wait for a publisher's next bytes")
    http_attempts: int = Field(5, ge=1, description="attempts for a file before it is given up")
    http_backoff_seconds: float = Field(2.0, ge=0, description="first wait between two attempts; it doubles each time")
    qcew_years: int = Field(6, ge=1, description="years of the Quarterly Census of Employment and Wages to take")
    weights: Weights = Field(
        Weights.NATIONAL,
        description=(
            "how jobs are shared among clusters: national, everywhere as in the nation; state, by each state's own "
            "industries, as far as QCEW shows them"
        ),
    )
    keep_releases: int = Field(12, ge=1, description="releases to keep; older ones are removed after a run published")
    webhook_url: str | None = Field(None, description="address that is told of runs that failed")
    memory_limit: str = Field(MEMORY_LIMIT, description="DuckDB's memory limit; larger work spills to disk")

    @property
    def method(self) -> dict[str, str]:
        """The settings that change figures; they are published with a release."""
        return {"weights": self.weights.value}

    @property
    def staging(self) -> Path:
        """Parquet between steps, and what the gate reads."""
        return self.data_dir / "staging"

    @property
    def archive(self) -> Path:
        """Publishers' files as fetched, by content."""
        return self.data_dir / "archive"

    @property
    def failures(self) -> Path:
        """A report for each run that failed."""
        return self.data_dir / "failures"

    @property
    def releases(self) -> Path:
        """One folder for each release, named by its id."""
        return self.data_dir / "releases"

    @property
    def database(self) -> Path:
        """The published database: the newest release."""
        return self.data_dir / "lmi.duckdb"


def read_settings() -> Settings:
    """The settings of the environment. Raises SettingError naming each variable that is not valid."""
    try:
        return Settings()
    except SettingsError as error:
        raise SettingError('settings: LMI_BASE_URLS: not JSON; write {"publisher\'s address": "mirror"}') from error
    except ValidationError as error:
        faults = "; ".join(
            f"LMI_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']} (found {fault['input']!r})"
            for fault in error.errors()
        )
        raise SettingError(f"settings: {faults}") from error
