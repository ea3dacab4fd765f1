"""QCEW by year as Dagster shows it: a partition for each year, which a backfill or the next run reads by itself.

No asset of a run has partitions, for Dagster makes assets with and without partitions in no common run: "Materialize
all" would ask for a year. So the years are an asset that Dagster only shows, and a job of their own reads them again.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from pipelines.archive.store import Archive
from pipelines.errors import BusyError, SettingError
from pipelines.files import file_sha256
from pipelines.intake.parsed import is_kept
from pipelines.intake.years import stage_year, year_path, years
from pipelines.orchestration.kept import MADE_FROM
from pipelines.own_files import code_version, reference_lines
from pipelines.publishers.qcew import SOURCE
from pipelines.release.run import Run, begin
from pipelines.settings import read_settings

YEARS = dg.DynamicPartitionsDefinition(name="qcew_year")
YEAR_KEY = dg.AssetKey(["raw", "qcew_year"])
#: The metadata with the checksum of a year's file.
_SHA256 = "sha256"
#: Dagster begins the runs of a backfill together, and one at a time holds the data folder: how long the others wait.
_WAIT_SECONDS, _LOOK_SECONDS = 4 * 3600, 2

qcew_years = dg.AssetSpec(
    YEAR_KEY,
    partitions_def=YEARS,
    group_name="raw",
    kinds={"parquet", "polars"},
    deps=[dg.AssetKey(["archive", SOURCE])],
    description="Rows of raw.qcew of one year, from the files of that year. A run reads the years that are missing or "
    "changed, job stage_qcew_years those that are asked for. The first run that takes files of a year makes it known.",
)


def stage_years(context: dg.AssetExecutionContext, run: Run) -> None:
    """Stage the rows of each year that a run takes, or keep them where their files and code did not change.

    None of a vintage of the archive, whose tables were kept when it was accepted. All years are shown: Dagster forgets
    what old runs made.
    """
    taken = run.inputs.sources[SOURCE]
    by_year = years(taken)
    context.instance.add_dynamic_partitions(str(YEARS.name), list(by_year))
    is_read = taken.archived is not None and is_kept(Archive(run.settings.archive), taken.archived)
    found: dict[str, Path] = {}
    for year, files in by_year.items():
        inputs = _made_from(files)
        if is_read:
            _show(context, year, {MADE_FROM: inputs})
            continue
        path = _kept(context.instance, run, year, inputs) or stage_year(taken, year, run.settings)
        _show(context, year, {MADE_FROM: inputs, _SHA256: file_sha256(path)})
        found[year] = path
    run.years[SOURCE] = found


def _show(context: dg.AssetExecutionContext | dg.OpExecutionContext, year: str, metadata: Mapping[str, str]) -> None:
    context.log_event(dg.AssetMaterialization(YEAR_KEY, metadata=metadata, partition=year))


def _made_from(files: Mapping[str, str]) -> str:
    code = code_version("pipelines.intake.years")
    lines = [*(f"{name} {checksum}" for name, checksum in sorted(files.items())), code, *reference_lines()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _kept(instance: dg.DagsterInstance, run: Run, year: str, inputs: str) -> Path | None:
    """A year's file if Dagster has recorded it for these inputs, and it is the recorded one."""
    path = year_path(run.settings.staging, year)
    if run.force or not path.is_file():
        return None
    newest = instance.fetch_materializations(dg.AssetRecordsFilter(YEAR_KEY, asset_partitions=[year]), limit=1)
    for record in newest.records:
        recorded = record.asset_materialization
        metadata = {} if recorded is None else {name: value.value for name, value in recorded.metadata.items()}
        if metadata.get(MADE_FROM) == inputs and metadata.get(_SHA256) == file_sha256(path):
            return path
    return None


@dg.op
def read_qcew_year(context: dg.OpExecutionContext) -> None:
    """Read the year of the partition again, when no other run holds the data folder."""
    waiting = Retrying(
        retry=retry_if_exception_type(BusyError),
        wait=wait_fixed(_LOOK_SECONDS),
        stop=stop_after_delay(_WAIT_SECONDS),
        reraise=True,
    )
    for attempt in waiting:
        with attempt, begin(read_settings()) as run:
            _read_again(context, run, context.partition_key)


def _read_again(context: dg.OpExecutionContext, run: Run, year: str) -> None:
    taken = run.inputs.sources[SOURCE]
    by_year = years(taken)
    if year not in by_year:
        raise SettingError(f"{SOURCE}: the files of the settings hold no year {year}")
    path = stage_year(taken, year, run.settings)
    _show(context, year, {MADE_FROM: _made_from(by_year[year]), _SHA256: file_sha256(path)})


@dg.job(
    partitions_def=YEARS,
    executor_def=dg.in_process_executor,
    description="Reads years of QCEW again, one or a backfill of several; publishes nothing",
)
def stage_qcew_years() -> None:
    """Read one year."""
    read_qcew_year()
