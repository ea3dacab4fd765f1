"""Which tables a run keeps instead of making them again, by what Dagster recorded when they were made.

A table is kept when everything that it is made from is as it was, its file is the one of the data version that Dagster
has, and the newest release was published with that file: what a refused or stopped run left is made again.

Dagster's own provenance (`get_asset_provenance`) is not enough. It knows no inputs that are not assets, such as files,
settings and an overlay, and it takes the version of an input from the newest run of any data folder on its instance.
"""

import hashlib
from collections.abc import Iterable, Mapping

import dagster as dg

from pipelines.contracts.model import contracts
from pipelines.files import content_sha256
from pipelines.release.run import Run
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.slices import year_checksums
from pipelines.warehouse.staging import Staged, stamp

#: The metadata of a table that stands for everything that it was made from, and the same for each of its slices: the
#: rows of a year, or of a policy.
MADE_FROM, MADE_FROM_SLICES = "made_from", "made_from_slices"
#: Dagster's tag of a materialization that holds its data version.
_DATA_VERSION = "dagster/data_version"


def table_of(key: dg.AssetKey) -> TableName:
    """The table of an asset."""
    return TableName(*key.path)


def made_from(run: Run, specs: Iterable[dg.AssetSpec], lines: Iterable[str]) -> str:
    """One checksum of all that tables are made from: code versions, files of the tables that they read, `lines`."""
    read = {table_of(dep.asset_key) for spec in specs for dep in spec.deps}
    versions = sorted(f"{spec.key.to_user_string()} {spec.code_version}" for spec in specs)
    inputs = [f"{table} {_checksum(run, table)}" for table in sorted(read & contracts().keys())]
    return hashlib.sha256("\n".join([*versions, *inputs, *lines]).encode()).hexdigest()


def made_from_years(run: Run, spec: dg.AssetSpec) -> dict[str, str]:
    """As `made_from` for each year of a table that is made by year: of what has years, rows of those that it reads."""
    read = [table_of(dep.asset_key) for dep in spec.deps]
    files = {str(table): (parquet_path(run.settings.staging, table), _checksum(run, table)) for table in read}
    return year_checksums([str(spec.code_version)], files, contracts()[table_of(spec.key)].years_before)


def kept(
    instance: dg.DagsterInstance, run: Run, specs: Iterable[dg.AssetSpec], inputs: str
) -> dict[TableName, Staged] | None:
    """The staged tables of assets if all of them can be kept, else None; `inputs` is what `made_from` gives now."""
    found: dict[TableName, Staged] = {}
    for spec in specs:
        staged = _kept(instance, run, spec.key, inputs)
        if staged is None:
            return None
        found[table_of(spec.key)] = staged
    return found


def kept_slices(instance: dg.DagsterInstance, run: Run, key: dg.AssetKey, inputs: Mapping[str, str]) -> list[str]:
    """The slices whose rows can be kept of a table; `inputs` is what each is made from now."""
    before = _recorded(instance, run, key).get(MADE_FROM_SLICES)
    if not isinstance(before, Mapping) or stamped(run, table_of(key)) is None:
        return []
    return [name for name, checksum in inputs.items() if before.get(name) == checksum]


def _kept(instance: dg.DagsterInstance, run: Run, key: dg.AssetKey, inputs: str) -> Staged | None:
    return stamped(run, table_of(key)) if _recorded(instance, run, key).get(MADE_FROM) == inputs else None


def _published(run: Run, table: TableName) -> str | None:
    return None if run.verdict_before is None else run.verdict_before.tables.get(str(table))


def _recorded(instance: dg.DagsterInstance, run: Run, key: dg.AssetKey) -> dict[str, object]:
    """What Dagster has recorded of a table, if it is the one that was published; else nothing."""
    published = _published(run, table_of(key))
    event = None if published is None else instance.get_latest_materialization_event(key)
    recorded = None if event is None else event.asset_materialization
    if recorded is None or (recorded.tags or {}).get(_DATA_VERSION) != published:
        return {}
    return {name: value.value for name, value in recorded.metadata.items()}


def stamped(run: Run, table: TableName) -> Staged | None:
    """A staged table, noted as one of this run, if its file is the one that was published; else None."""
    path, published = parquet_path(run.settings.staging, table), _published(run, table)
    # told by its bytes before it is read: what somebody put in its place may be no table at all
    if published is None or not path.exists() or content_sha256(path) != published:
        return None
    return stamp(run.settings.staging, table, run.input_sha256, published)


def _checksum(run: Run, table: TableName) -> str:
    """Of the file that this run staged or, in a run of some assets only, of the one that is there."""
    path = parquet_path(run.settings.staging, table)
    return run.made.get(str(table)) or (content_sha256(path) if path.exists() else "not staged")
