"""Settings, all from the environment as `LMI_*` (or a `.env` file in the folder of the run)."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.paths import PROJECT


class Source(StrEnum):
    """Where a run takes its raw tables from."""

    BUNDLED = "bundled"
    FILES = "files"


class Settings(BaseSettings):
    """One object for all settings; the field's description is its help text."""

    model_config = SettingsConfigDict(env_prefix="LMI_", env_file=".env", extra="ignore")

    data_dir: Path = Field(PROJECT / "data", description="folder for staging, releases and the published DuckDB")
    source: Source = Field(
        Source.BUNDLED,
        description="bundled: the vintage in reference/bundle; files: publishers' files in LMI_FILES_DIR",
    )
    files_dir: Path | None = Field(None, description="folder with the publishers' files, for source `files`")
    memory_limit: str = Field("1400MB", description="DuckDB's memory limit; larger work spills to disk")

    @property
    def staging(self) -> Path:
        """Parquet between steps, and what the gate reads."""
        return self.data_dir / "staging"

    @property
    def releases(self) -> Path:
        """One folder for each release, named by its id."""
        return self.data_dir / "releases"

    @property
    def database(self) -> Path:
        """The published database: the newest release."""
        return self.data_dir / "lmi.duckdb"
