"""Settings, all from the environment as `LMI_*` (or a `.env` file in the folder of the run). Empty is not set."""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pipelines.errors import SettingError, refused_by_machine, shown
from pipelines.paths import IS_INSTALLED, PROJECT

#: DuckDB's share of the memory: with the rest of the process all stays under two gigabytes.
MEMORY_LIMIT = "1000MB"
#: With less a run does not come to its end.
LEAST_MEMORY = "500MB"
#: More than any machine has; DuckDB refuses much larger numbers.
_MOST_MEMORY = "1000TB"
_UNITS = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
#: How alike two names are, 0 to 1, from which on one is a slip of the other.
_ALMOST = 0.88
#: Settings whose values are not shown.
_SECRET = ("webhook_url", "base_urls")
#: What to write, by the kind of fault.
_TO_WRITE = {
    "int_parsing": "write a whole number",
    "int_parsing_size": "write a smaller number",
    "float_parsing": "write a number",
    "greater_than": "write more than {gt:g}",
    "greater_than_equal": "write {ge:g} or more",
    "less_than_equal": "write {le:g} or less",
    "enum": "write {expected}",
    "dict_type": 'write {{"publisher\'s address": "mirror"}}',
    "string_type": "write a text",
}


class Source(StrEnum):
    """Where a run takes its raw tables from."""

    BUNDLED = "bundled"
    FILES = "files"
    LIVE = "live"


class Engine(StrEnum):
    """What runs the SQL that makes tables, and the estimates."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class Weights(StrEnum):
    """Whose jobs by industry decide how an occupation is shared among its clusters."""

    NATIONAL = "national"
    STATE = "state"


def memory_bytes(text: str) -> float:
    """The bytes that a memory limit of DuckDB stands for. Raises ValueError for what is none."""
    parts = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([KMGT]i?B)", text.strip(), re.IGNORECASE)
    if parts is None:
        raise ValueError(f"write a number and a unit, such as {MEMORY_LIMIT} or 2GB")
    return float(parts[1]) * _UNITS[parts[2].upper()]


def _enough_memory(text: str) -> str:
    if memory_bytes(text) < memory_bytes(LEAST_MEMORY):
        raise ValueError(f"a run needs {LEAST_MEMORY} at least")
    if memory_bytes(text) > memory_bytes(_MOST_MEMORY):
        raise ValueError(f"{_MOST_MEMORY} at most")
    return text


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or re.search(r"[\x00-\x20\x7f]", text):
        raise ValueError("write an address that begins with http:// or https:// and names a host")
    return text


def _default_data_dir() -> Path:
    """A checkout keeps its data with it; nobody would look for data among installed packages."""
    return (Path.cwd() if IS_INSTALLED else PROJECT) / "data"


def _from_home(path: Path | None) -> Path | None:
    """A path whose ~ is the home folder, as a shell has it; nothing else reads a file .env so."""
    try:
        return None if path is None else path.expanduser()
    except RuntimeError as error:
        raise ValueError("~ stands for no home folder here; write the whole path") from error


def _no_file(path: Path) -> Path:
    """A folder, or a place where one can be made."""
    if "\0" in str(path):
        raise ValueError("a path has no NUL character")
    there = next((above for above in (path, *path.absolute().parents) if above.exists()), None)
    if there is not None and not there.is_dir():
        raise ValueError(f"{there} is a file, not a folder")
    return path


def _a_folder(path: Path | None) -> Path | None:
    if path is not None and not path.is_dir():
        raise ValueError("there is no such folder")
    return path


def _can_start(engine: Engine) -> Engine:
    if engine is Engine.SPARK:
        if find_spec("pyspark") is None:
            raise ValueError("pyspark is missing; say pip install 'career-cluster-lmi[spark]'")
        if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
            raise ValueError("Java is missing; install version 17 or newer, or name its folder in JAVA_HOME")
    return engine


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name} is named twice")
        found[name] = value
    return found


def _json(value: object) -> object:
    """A text read as JSON in which no name stands twice."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, object_pairs_hook=_no_name_twice)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError('not JSON; write {"publisher\'s address": "mirror"}') from error


#: An address of e-mail in ASCII, without a slash: publishers refuse requests that name a web address.
EMAIL = r"[\w~!$&'()*+,;=:.-]+@[\w-]+(\.[\w-]+)+"


def _an_email(text: str | None) -> str | None:
    if text is not None and re.fullmatch(EMAIL, text, re.ASCII) is None:
        raise ValueError("write an address such as lmi@agency.example.gov")
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]
Folder = Annotated[Path | None, AfterValidator(_from_home), AfterValidator(_a_folder)]


class Settings(BaseSettings):
    """One object for all settings; the field's description is its help text."""

    model_config = SettingsConfigDict(env_prefix="LMI_", env_file=".env", env_ignore_empty=True, extra="ignore")

    data_dir: Annotated[Path, AfterValidator(_from_home), AfterValidator(_no_file)] = Field(
        default_factory=_default_data_dir,
        description="folder for staging, releases and the published DuckDB; data in the checkout, else in the folder "
        "of the run",
    )
    source: Source = Field(
        Source.BUNDLED,
        description=(
            "bundled: the vintage in reference/bundle; files: publishers' files in LMI_FILES_DIR; "
            "live: the newest vintages, fetched from the publishers"
        ),
    )
    files_dir: Annotated[Path | None, AfterValidator(_from_home)] = Field(
        None, description="folder with the publishers' files; the source is then `files` unless another is given"
    )
    contact_email: Annotated[str | None, AfterValidator(_an_email)] = Field(
        None, description="address that publishers can write to; live runs need it"
    )
    overlay_dir: Folder = Field(
        None, description="folder with a state's own memberships, clusters, regions and default policy"
    )
    base_urls: Annotated[dict[str, WebAddress], NoDecode, BeforeValidator(_json)] = Field(
        default_factory=dict,
        repr=False,
        description='mirrors, as JSON: {"https://download.bls.gov": "https://mirror.example.gov"}',
    )
    http_pause_seconds: float = Field(1.0, ge=0, le=3600, description="pause between two requests to one host")
    http_timeout_seconds: float = Field(60, gt=0, le=3600, description="longest wait for a publisher's next bytes")
    http_attempts: int = Field(5, ge=1, le=100, description="attempts for a file before it is given up")
    http_backoff_seconds: float = Field(
        2.0, ge=0, le=3600, description="first wait between two attempts; it doubles each time"
    )
    http_deadline_seconds: float = Field(
        1_800, gt=0, le=86_400, description="longest time for one file, with all attempts, waits and redirects"
    )
    http_source_seconds: float = Field(
        7_200, gt=0, le=86_400, description="longest time for all files of one source together"
    )
    qcew_years: int = Field(6, ge=1, le=50, description="years of the Quarterly Census of Employment and Wages to take")
    weights: Weights = Field(
        Weights.NATIONAL,
        description=(
            "how jobs are shared among clusters: national, everywhere as in the nation; state, by each state's own "
            "industries, as far as QCEW shows them"
        ),
    )
    keep_releases: int = Field(12, ge=1, description="releases to keep; older ones are removed after a run published")
    webhook_url: WebAddress | None = Field(None, repr=False, description="address that is told of runs that failed")
    engine: Annotated[Engine, AfterValidator(_can_start)] = Field(
        Engine.DUCKDB,
        description="duckdb: one machine; spark: Spark 4, which needs career-cluster-lmi[spark] and Java 17 or newer",
    )
    spark_master: str = Field(
        "local[*]",
        pattern=r"^(local(\[[^\]]+\])?|spark://.+|yarn|k8s://.+)$",
        description="for engine `spark`: local[N], spark://host:7077, yarn or k8s://host",
    )
    publisher: str = Field(
        "Career Cluster LMI contributors",
        min_length=1,
        description="who publishes the releases, for citations and portals",
    )
    publisher_email: Annotated[str | None, AfterValidator(_an_email)] = Field(
        None, description="address for questions about the releases; it is published in data.json"
    )
    public_url: WebAddress | None = Field(
        None, description="address at which the folder releases is on the web; a release is at <address>/<its id>/"
    )
    memory_limit: Annotated[str, AfterValidator(_enough_memory)] = Field(
        MEMORY_LIMIT, description="DuckDB's memory limit, 500MB at least; larger work spills to disk"
    )

    @model_validator(mode="before")
    @classmethod
    def _a_folder_is_meant(cls, given: Any) -> Any:
        """A folder of files alone asks for them; the bundle in their place would be other figures without a word."""
        is_alone = isinstance(given, dict) and given.get("files_dir") and not given.get("source")
        return {**given, "source": Source.FILES} if is_alone else given

    @property
    def spark(self) -> str | None:
        """The master of the Spark that makes tables; None where DuckDB does."""
        return self.spark_master if self.engine is Engine.SPARK else None

    @property
    def method(self) -> dict[str, str]:
        """The settings that change figures; they are published with a release."""
        return {"weights": self.weights.value}

    def without_secrets(self, text: str) -> str:
        """A text without the webhook's address and the passwords of mirrors."""
        secrets = {address for address in (self.webhook_url,) if address}
        secrets |= {urlsplit(address).path for address in secrets if len(urlsplit(address).path) > 8}
        secrets |= {password for base in self.base_urls.values() if (password := urlsplit(base).password)}
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

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


def _to_write(fault: Mapping[str, Any]) -> str:
    """What is wrong with a setting, and what to write."""
    if fault["type"] in _TO_WRITE:
        return _TO_WRITE[fault["type"]].format(**fault.get("ctx", {}))
    return str(fault["msg"]).removeprefix("Value error, ")


def _no_publishers(base_urls: Mapping[str, str]) -> Iterator[str]:
    """What to say of what has a mirror and is no address, or one almost like a publisher's: it would change nothing.

    Another host may have files, too: pages of publishers link to them.
    """
    from pipelines.sources import publishers_addresses  # noqa: PLC0415  (read where a mirror is given)

    known = publishers_addresses()
    sources = {source: address for address, found in known.items() for source in found}
    for base in base_urls:
        host = re.match("https?://[^/?#]+", base)
        if host is None and base in sources:
            yield f"LMI_BASE_URLS: {base} is a source; write the address of its publisher, {sources[base]}"
        elif host is None:
            names = sources | {address.partition("://")[2]: address for address in known}
            near = [names[each] for each in get_close_matches(base, names, n=3)]
            meant = " or ".join(dict.fromkeys(near)) or f"one of {', '.join(known)}"
            yield f"LMI_BASE_URLS: there is no source {shown(base)}; write a publisher's address: {meant}"
        elif host[0] not in known and (near := get_close_matches(host[0], known, n=1, cutoff=_ALMOST)):
            yield f"LMI_BASE_URLS: no source is fetched from {shown(base)}; did you mean {near[0]}?"


def _written() -> tuple[list[str], list[int]]:
    """Names in the file .env, and the lines of it that cannot be read as `NAME=value`."""
    file = Path(".env")
    if not file.is_file():
        return [], []
    with file.open(encoding="utf-8") as stream:
        found = list(parse_stream(stream))
    return [each.key for each in found if each.key], [each.original.line for each in found if each.error]


def _misread() -> Iterator[str]:
    """What to say of lines of .env that cannot be read, and of variables named almost like a setting.

    Both would change nothing, and a run would go on with the default.
    """
    written, unread = _written()
    for line in unread:
        yield f"the file .env in this folder: line {line} is not NAME=value, or a quote is not closed in it"
    names = [f"LMI_{name.upper()}" for name in Settings.model_fields]
    for given in sorted({name.upper() for name in (*os.environ, *written)}.difference(names)):
        meant = get_close_matches(given, names, n=1, cutoff=_ALMOST) if given.startswith("LMI") else []
        if meant:
            yield f"{given} is no setting; write {meant[0]}"


def read_settings() -> Settings:
    """The settings of the environment. Raises SettingError naming each variable that is misspelt or not valid."""
    try:
        if faults := list(_misread()):
            raise SettingError(f"settings: {'; '.join(faults)}")
        settings = Settings()
        if faults := list(_no_publishers(settings.base_urls)):
            raise SettingError(f"settings: {'; '.join(faults)}")
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            name, *keys = map(str, fault["loc"])
            keys = [key for key in keys if key != "[key]"]
            found = "" if name in _SECRET else f" (found {shown(fault['input'])[:80]})"
            faults.append(f"LMI_{name.upper()}: {''.join(f'{key}: ' for key in keys)}{_to_write(fault)}{found}")
        raise SettingError(f"settings: {'; '.join(faults)}") from error
    except UnicodeError as error:
        raise SettingError("settings: the file .env in this folder is not text in UTF-8; save it as UTF-8") from error
    except OSError as error:  # of a .env file, or a path that is too long
        what = f"{error.filename or 'a path of the settings'}: {refused_by_machine(error)}"
        raise SettingError(f"settings: {what} (look at the paths, and at the file .env)") from error
    return settings
