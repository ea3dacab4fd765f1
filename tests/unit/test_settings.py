"""Settings come from the environment; folders hang on the data folder."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines.errors import SettingError
from pipelines.paths import PROJECT
from pipelines.settings import Settings, Source, read_settings


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings in the environment, and a folder without a .env file."""
    for name in ("DATA_DIR", "SOURCE", "FILES_DIR", "MEMORY_LIMIT"):
        monkeypatch.delenv(f"LMI_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing() -> None:
    settings = Settings()
    assert settings.source is Source.BUNDLED
    assert settings.data_dir == PROJECT / "data"
    assert settings.files_dir is None


def test_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMI_DATA_DIR", "/somewhere/lmi")
    monkeypatch.setenv("LMI_SOURCE", "files")
    monkeypatch.setenv("LMI_FILES_DIR", "/somewhere/downloads")
    monkeypatch.setenv("LMI_MEMORY_LIMIT", "3GB")
    settings = Settings()
    assert settings.data_dir == Path("/somewhere/lmi")
    assert (settings.source, settings.files_dir) == (Source.FILES, Path("/somewhere/downloads"))
    assert settings.memory_limit == "3GB"


def test_a_dotenv_file_decides_where_the_environment_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("LMI_SOURCE=files\nLMI_MEMORY_LIMIT=1GB\nOTHER=x\n", encoding="utf-8")
    monkeypatch.setenv("LMI_MEMORY_LIMIT", "2GB")
    settings = Settings()
    assert (settings.source, settings.memory_limit) == (Source.FILES, "2GB")


def test_an_unknown_source_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMI_SOURCE", "guessed")
    with pytest.raises(ValidationError, match="'bundled', 'files' or 'live'"):
        Settings()


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA_DIR", "FILES_DIR", "OVERLAY_DIR", "SOURCE"):
        monkeypatch.setenv(f"LMI_{name}", "")
    settings = Settings()
    assert (settings.data_dir, settings.files_dir, settings.overlay_dir) == (PROJECT / "data", None, None)
    assert settings.source is Source.BUNDLED


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LMI_SOURCE", "guessed", r"^settings: LMI_SOURCE: Input should be .* \(found 'guessed'\)$"),
        ("LMI_BASE_URLS", "https://mirror.example.gov", r"^settings: LMI_BASE_URLS: not JSON; write "),
        ("LMI_BASE_URLS", '["x"]', r"^settings: LMI_BASE_URLS: Input should be a valid dictionary"),
    ],
)
def test_a_setting_that_is_not_valid_is_named(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=says) as caught:
        read_settings()
    assert caught.value.exit_code == 2


def test_folders_hang_on_the_data_folder() -> None:
    settings = Settings(data_dir=Path("/d"))
    assert (settings.staging, settings.releases, settings.database) == (
        Path("/d/staging"),
        Path("/d/releases"),
        Path("/d/lmi.duckdb"),
    )


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
