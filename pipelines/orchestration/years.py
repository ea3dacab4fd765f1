"""QCEW by year as Dagster shows it: a partition for each year, which a backfill or the next run reads by itself."""

import hashlib
import warnings
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from pipelines.archive.store import Archive
from pipelines.errors import SettingError
from pipelines.files import file_sha256
from pipelines.intake.parsed import is_kept
from pipelines.intake.years import stage_year, year_path, years
from pipelines.orchestration.kept import MADE_FROM
from pipelines.own_files import code_version, reference_lines
from pipelines.publishers.qcew import SOURCE
from pipelines.release.run import Run

YEARS = dg.DynamicPartitionsDefinition(name="qcew_year")
YEAR_KEY = dg.AssetKey(["raw", "qcew_year"])
#: The metadata with the checksum of a year's file.
_SHA256 = "sha256"


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


def _show(context: dg.AssetExecutionContext, year: str, metadata: Mapping[str, str]) -> None:
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


def _read_years(context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]) -> None:
    """Read the years that are asked for again; in a run without partitions, those that a run would read."""
    if not context.has_partition_key and not context.has_partition_key_range:
        stage_years(context, run)
        return
    taken = run.inputs.sources[SOURCE]
    by_year = years(taken)
    if missing := sorted(set(context.partition_keys) - by_year.keys()):
        raise SettingError(f"{SOURCE}: the files of the settings hold no year {', '.join(missing)}")
    for year in context.partition_keys:
        path = stage_year(taken, year, run.settings)
        metadata = {MADE_FROM: _made_from(by_year[year]), _SHA256: file_sha256(path)}
        context.add_asset_metadata(metadata, partition_key=year)


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.BetaWarning)
    qcew_year = dg.asset(
        name="qcew_year",
        key_prefix="raw",
        partitions_def=YEARS,
        # one run for all years that are asked for, as two cannot hold the data folder at once
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="raw",
        kinds={"parquet", "polars"},
        code_version=code_version("pipelines.intake.years")[:12],
        deps=[dg.AssetKey(["archive", SOURCE])],
        description="Rows of raw.qcew of one year, from the files of that year. A run reads the years that are missing "
        "or changed, a backfill those that are asked for. The first run that takes files of a year makes it known.",
    )(_read_years)
