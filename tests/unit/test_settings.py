"""Settings come from the environment; folders hang on the data folder."""

import json
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from pipelines import settings as settings_module
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


def test_an_installed_package_keeps_its_data_in_the_folder_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_module, "IS_INSTALLED", True)
    assert Settings().data_dir == tmp_path / "data"


def test_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMI_DATA_DIR", "/somewhere/lmi")
    monkeypatch.setenv("LMI_SOURCE", "files")
    monkeypatch.setenv("LMI_FILES_DIR", "/somewhere/downloads")
    monkeypatch.setenv("LMI_MEMORY_LIMIT", "3GB")
    settings = Settings()
    assert settings.data_dir == Path("/somewhere/lmi")
    assert (settings.source, settings.files_dir) == (Source.FILES, Path("/somewhere/downloads"))
    assert settings.memory_limit == "3GB"


def test_a_folder_of_files_is_taken_unless_another_source_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().source is Source.BUNDLED
    monkeypatch.setenv("LMI_FILES_DIR", "/somewhere/downloads")
    assert Settings().source is Source.FILES
    for source in (Source.BUNDLED, Source.LIVE):
        monkeypatch.setenv("LMI_SOURCE", source)
        assert Settings().source is source
    monkeypatch.setenv("LMI_SOURCE", "")
    assert Settings().source is Source.FILES


def test_a_dotenv_file_decides_where_the_environment_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("LMI_SOURCE=files\nLMI_MEMORY_LIMIT=1GB\nOTHER=x\n", encoding="utf-8")
    monkeypatch.setenv("LMI_MEMORY_LIMIT", "2GB")
    settings = Settings()
    assert (settings.source, settings.memory_limit) == (Source.FILES, "2GB")


def test_a_folder_of_a_dotenv_file_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "overlay").mkdir()
    lines = ["LMI_DATA_DIR=~/lmi data", "LMI_OVERLAY_DIR=~/overlay", "LMI_FILES_DIR=~"]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    settings = read_settings()
    assert settings.data_dir == tmp_path / "lmi data"
    assert (settings.overlay_dir, settings.files_dir) == (tmp_path / "overlay", tmp_path)
    monkeypatch.setenv("LMI_DATA_DIR", "~nobody of this name/lmi")
    with pytest.raises(SettingError, match=r"LMI_DATA_DIR: ~ stands for no home folder here"):
        read_settings()


def test_a_dotenv_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LMI_SOURCE=\xff\xfe")
    with pytest.raises(SettingError, match=r"the file \.env in this folder is not text in UTF-8"):
        read_settings()


def test_an_unknown_source_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMI_SOURCE", "guessed")
    with pytest.raises(ValidationError, match="'bundled', 'files' or 'live'"):
        Settings()


@pytest.mark.parametrize(
    ("name", "meant"),
    [("LMI_MEMORY_LIMT", "LMI_MEMORY_LIMIT"), ("LMI_WEIGHT", "LMI_WEIGHTS"), ("LMI_DATADIR", "LMI_DATA_DIR")],
)
def test_a_setting_that_is_misspelt_is_named(name: str, meant: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{name}=1GB\n", encoding="utf-8")
    with pytest.raises(SettingError, match=f"{name} is no setting; write {meant}$"):
        read_settings()


@pytest.mark.parametrize("text", ["LMI_SOURCE=live\nLMI_WEIGHTS='state\n", "# mine\nfoo bar baz =\n"])
def test_a_line_of_dotenv_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=r"\.env in this folder: line 2 is not NAME=value"):
        read_settings()


def test_other_variables_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LMI_SCREENSHOTS", "LMI_BENCH_BASE", "LMI_BENCH_OEWS", "LMIX_DATA_DIR_OF_OTHERS", "DATA_DIR"):
        monkeypatch.setenv(name, "x")
    assert read_settings() == Settings()


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA_DIR", "FILES_DIR", "OVERLAY_DIR", "SOURCE"):
        monkeypatch.setenv(f"LMI_{name}", "")
    settings = Settings()
    assert (settings.data_dir, settings.files_dir, settings.overlay_dir) == (PROJECT / "data", None, None)
    assert settings.source is Source.BUNDLED


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LMI_SOURCE", "guessed", r"^settings: LMI_SOURCE: write .bundled., .files. or .live. \(found 'guessed'\)$"),
        ("LMI_BASE_URLS", "https://mirror.example.gov", r"^settings: LMI_BASE_URLS: not JSON; write "),
        ("LMI_BASE_URLS", "[" * 5000, r"^settings: LMI_BASE_URLS: not JSON; write "),
        ("LMI_BASE_URLS", '["x"]', r"^settings: LMI_BASE_URLS: write \{\"publisher's address\": \"mirror\"\}$"),
        ("LMI_BASE_URLS", '{"https://a.gov": 1}', r"^settings: LMI_BASE_URLS: https://a.gov: write a text$"),
        ("LMI_BASE_URLS", '{"a": "b", "a": "c"}', r"^settings: LMI_BASE_URLS: a is named twice$"),
        ("LMI_BASE_URLS", '{"https://a.gov": "mirror"}', r"^settings: LMI_BASE_URLS: https://a.gov: write an address"),
        (
            "LMI_BASE_URLS",
            '{"oews": "https://mirror.example.gov"}',
            "^settings: LMI_BASE_URLS: oews is a source; write the address of its publisher, https://download.bls.gov$",
        ),
        (
            "LMI_BASE_URLS",
            '{"oewss": "https://mirror.example.gov"}',
            "^settings: LMI_BASE_URLS: there is no source 'oewss'; write a publisher's address: https://download.bls.gov",
        ),
        (
            "LMI_BASE_URLS",
            '{"https://download.bls.gv/x": "https://mirror.example.gov"}',
            r"^settings: LMI_BASE_URLS: no source is fetched from 'https://download.bls.gv/x'; did you mean https://down",
        ),
        (
            "LMI_BASE_URLS",
            '{"zzz": "https://mirror.example.gov"}',
            "^settings: LMI_BASE_URLS: there is no source 'zzz'; write a publisher's address: one of https://careertech",
        ),
        (
            "LMI_BASE_URLS",
            '{"www.bls.gov": "https://mirror.example.gov"}',
            "^settings: LMI_BASE_URLS: there is no source 'www.bls.gov'; write a publisher's address: https://www.bls",
        ),
        ("LMI_WEBHOOK_URL", "hooks.example.gov/x", r"^settings: LMI_WEBHOOK_URL: write an address that begins with"),
        ("LMI_WEBHOOK_URL", "http://[::1", r"^settings: LMI_WEBHOOK_URL: write an address"),
        ("LMI_MEMORY_LIMIT", "2GBB", r"^settings: LMI_MEMORY_LIMIT: write a number and a unit.*\(found '2GBB'\)$"),
        ("LMI_ENGINE", "sparks", r"^settings: LMI_ENGINE: .*'duckdb' or 'spark'.*\(found 'sparks'\)$"),
        ("LMI_SPARK_MASTER", "host:7077", r"^settings: LMI_SPARK_MASTER: .*\(found 'host:7077'\)$"),
        ("LMI_MEMORY_LIMIT", "lots", r"^settings: LMI_MEMORY_LIMIT: write a number and a unit"),
        ("LMI_MEMORY_LIMIT", "0", r"^settings: LMI_MEMORY_LIMIT: write a number and a unit"),
        ("LMI_MEMORY_LIMIT", "10MB", r"^settings: LMI_MEMORY_LIMIT: a run needs 500MB at least"),
        ("LMI_MEMORY_LIMIT", "0GB", r"^settings: LMI_MEMORY_LIMIT: a run needs 500MB at least"),
        ("LMI_MEMORY_LIMIT", "900000000TB", r"^settings: LMI_MEMORY_LIMIT: 1000TB at most"),
        ("LMI_MEMORY_LIMIT", "-2GB", r"^settings: LMI_MEMORY_LIMIT: write a number and a unit"),
        ("LMI_MEMORY_LIMIT", "2\u00b2GB", r"^settings: LMI_MEMORY_LIMIT: write a number and a unit"),
        ("LMI_HTTP_PAUSE_SECONDS", "inf", r"^settings: LMI_HTTP_PAUSE_SECONDS: write 3600 or less"),
        ("LMI_HTTP_TIMEOUT_SECONDS", "nan", r"^settings: LMI_HTTP_TIMEOUT_SECONDS: write 3600 or less"),
        ("LMI_HTTP_DEADLINE_SECONDS", "0", r"^settings: LMI_HTTP_DEADLINE_SECONDS: write more than 0"),
        ("LMI_QCEW_YEARS", "9" * 5000, r"^settings: LMI_QCEW_YEARS: .{1,200}$"),
        ("LMI_DATA_DIR", "/dev/null", r"^settings: LMI_DATA_DIR: /dev/null is a file, not a folder"),
        ("LMI_DATA_DIR", "/dev/null/data", r"^settings: LMI_DATA_DIR: /dev/null is a file, not a folder"),
        ("LMI_DATA_DIR", "/" + "a" * 300, r"^settings: .*the name is too long"),
        ("LMI_PUBLISHER_EMAIL", "lmi at agency.gov", r"^settings: LMI_PUBLISHER_EMAIL: write an address such as lmi@"),
        ("LMI_PUBLISHER_EMAIL", "lmi@agency", r"^settings: LMI_PUBLISHER_EMAIL: write an address such as lmi@"),
        (
            "LMI_CONTACT_EMAIL",
            "nobody",
            r"^settings: LMI_CONTACT_EMAIL: write an address such as lmi@.*\(found 'nobody'\)$",
        ),
        ("LMI_CONTACT_EMAIL", "lmi@agency", r"^settings: LMI_CONTACT_EMAIL: write an address such as lmi@"),
        ("LMI_CONTACT_EMAIL", "a@b.gov c@d.gov", r"^settings: LMI_CONTACT_EMAIL: write an address such as lmi@"),
        ("LMI_PUBLIC_URL", "lmi.example.gov", r"^settings: LMI_PUBLIC_URL: write an address that begins with"),
        ("LMI_OVERLAY_DIR", "/no/such/folder", r"^settings: LMI_OVERLAY_DIR: there is no such folder"),
    ],
)
def test_a_setting_that_is_not_valid_is_named(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=says) as caught:
        read_settings()
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMI_WEBHOOK_URL", "ftp://hooks.example.gov/S3CRET"),
        ("LMI_BASE_URLS", '{"https://a.gov": "ftp://us:S3CRET@mirror"}'),
        ("LMI_BASE_URLS", '{"https://a.gov": "https://us:S3CRET@mirror"'),
        ("LMI_BASE_URLS", '["https://us:S3CRET@mirror"]'),
    ],
)
def test_a_secret_that_is_not_valid_is_not_shown(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=name) as caught:
        read_settings()
    assert "S3CRET" not in str(caught.value)


def test_a_mirror_stands_for_a_publisher_or_a_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    mirrors = {
        "https://www.bls.gov": "https://m.example.gov/bls",
        "https://download.bls.gov/pub/time.series": "https://m.example.gov",
        # a publisher's page may link to it
        "https://ed-public-download.scorecard.network": "https://m.example.gov/scorecard",
    }
    monkeypatch.setenv("LMI_BASE_URLS", json.dumps(mirrors))
    assert read_settings().base_urls == mirrors


@pytest.mark.parametrize("limit", ["1000MB", "2GB", "2 GiB", "0.75gb", "500MB", "1000TB"])
def test_memory_limits_are_those_of_duckdb(limit: str) -> None:
    with duckdb.connect(config={"memory_limit": limit}):
        assert Settings(memory_limit=limit).memory_limit == limit


def test_secrets_are_in_no_picture_of_the_settings() -> None:
    settings = Settings(webhook_url="https://h.example/S3CRET", base_urls={"https://a.gov": "https://u:S3CRET@m"})
    assert "S3CRET" not in repr(settings)
    assert settings.without_secrets("see https://h.example/S3CRET or S3CRET") == "see *** or ***"


def test_folders_hang_on_the_data_folder() -> None:
    settings = Settings(data_dir=Path("/d"))
    assert (settings.staging, settings.releases, settings.database) == (
        Path("/d/staging"),
        Path("/d/releases"),
        Path("/d/lmi.duckdb"),
    )


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_spark_is_named_by_its_master(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "find_spec", lambda name: object())
    monkeypatch.setattr(settings_module.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert Settings().spark is None
    assert Settings(spark_master="spark://host:7077").spark is None  # DuckDB needs no master
    assert Settings(engine="spark").spark == "local[*]"
    assert Settings(engine="spark", spark_master="spark://host:7077").spark == "spark://host:7077"


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("pyspark", r"^settings: LMI_ENGINE: pyspark is missing; say pip install 'career-cluster-lmi\[spark\]'"),
        (
            "java",
            r"^settings: LMI_ENGINE: Java is missing; install version 17 or newer, or name its folder in JAVA_HOME",
        ),
    ],
)
def test_what_spark_needs_is_asked_for_before_any_work(
    missing: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMI_ENGINE", "spark")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(settings_module, "find_spec", lambda name: None if name == missing else object())
    monkeypatch.setattr(settings_module.shutil, "which", lambda name: None if name == missing else f"/usr/bin/{name}")
    with pytest.raises(SettingError, match=says):
        read_settings()
