"""Assets from publishers' files to the release; lineage is read from the SQL, columns from the contracts."""

from collections.abc import Iterator

import dagster as dg

from pipelines.contracts.model import Table, contracts, published_tables
from pipelines.intake.fetch import refresh
from pipelines.intake.staging import (
    DOWNLOADED_MEMBERSHIPS,
    SETTING,
    SOURCE_VINTAGE,
    source_vintage,
    stage_memberships,
    stage_settings,
    stage_source,
)
from pipelines.orchestration.resources import Run
from pipelines.overlays.flags import FLAG_INPUTS, stage_flags, stage_policies
from pipelines.overlays.staging import AREAS, OVERLAY_TABLES, stage_overlay
from pipelines.policies.flags import OCCUPATION_FLAG, POLICY
from pipelines.publishers import career_clusters
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.quality.expectations import AFTER_CHECKS, checked_tables
from pipelines.quality.validation import CHECK_RESULT, validate
from pipelines.release.publish import publish
from pipelines.settings import Settings, Source
from pipelines.sources import declared_sources, looked_for
from pipelines.tables import TableName
from pipelines.warehouse.sql_tables import SqlTable, sql_tables
from pipelines.warehouse.staging import Staged, stage_csv, stage_frame, stage_sql

RELEASE_KEY = dg.AssetKey(["release", "lmi_duckdb"])


def asset_key(table: TableName) -> dg.AssetKey:
    """A table's asset."""
    return dg.AssetKey([table.schema, table.name])


def _column_schema(table: Table) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.type.value,
                description=column.meaning + (f" [{column.unit}]" if column.unit else ""),
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable, unique=table.primary_key == (column.name,)
                ),
            )
            for column in table.columns
        ]
    )


def _metadata(table: Table) -> dict[str, object]:
    return {
        "dagster/column_schema": _column_schema(table),
        "grain": table.grain,
        "primary_key": ", ".join(table.primary_key),
        "sources": ", ".join(table.sources),
    }


def _spec(table: Table, kinds: set[str], deps: list[TableName] | None = None) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=asset_key(table.table),
        description=" ".join([table.description, *table.warnings]),
        group_name=table.schema_name,
        kinds=kinds,
        metadata=_metadata(table),
        deps=[asset_key(dep) for dep in deps or []],
    )


def _made(run: Run, table: TableName, staged: Staged) -> dg.MaterializeResult[None]:
    """A table that was staged, and its measures; its checks begin beside the steps that follow."""
    run.staged(table)
    measures = {"dagster/row_count": dg.MetadataValue.int(staged.rows), "bytes": dg.MetadataValue.int(staged.bytes)}
    return dg.MaterializeResult(asset_key=asset_key(table), metadata=measures)


def archive_key(source: str) -> dg.AssetKey:
    """A source's newest vintage in the archive."""
    return dg.AssetKey(["archive", source])


def _archive_assets() -> dg.AssetsDefinition:
    """Fetches, in a job of its own; what runs publish is pinned before they start."""

    @dg.multi_asset(
        name="look_for_editions",
        specs=[
            dg.AssetSpec(
                key=archive_key(name),
                description=f"{source.title}, {source.publisher}. Newest edition: {source.newest}.",
                group_name="archive",
                kinds={"file"},
                metadata={"url": dg.MetadataValue.url(source.url), "calendar": source.calendar},
            )
            for name, source in looked_for().items()
        ],
        description="Looks for every source's newest edition in a live deployment; keeps the one before on failure",
    )
    def fetch(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        settings = Settings()
        if settings.source is not Source.LIVE:
            raise dg.Failure("nothing to fetch: LMI_SOURCE is not live")
        for outcome in refresh(settings):
            if outcome.attempt.outcome == "failed":
                context.log.warning(f"{outcome.source}: {outcome.attempt.message}")
            yield dg.MaterializeResult(
                asset_key=archive_key(outcome.source),
                metadata={"outcome": outcome.attempt.outcome, "message": outcome.attempt.message or ""},
            )

    return fetch


def _membership_asset() -> dg.AssetsDefinition:
    table = contracts()[DOWNLOADED_MEMBERSHIPS]

    @dg.multi_asset(
        name=f"source_{career_clusters.SOURCE}",
        specs=[_spec(table, {"parquet", "polars"}).merge_attributes(deps=[archive_key(career_clusters.SOURCE)])],
    )
    def stage(run: Run) -> dg.MaterializeResult[None]:
        staged = stage_memberships(run.inputs.memberships, run.settings, run.input_sha256)
        return _made(run, table.table, staged)

    return stage


def _source_asset(source: str) -> dg.AssetsDefinition:
    tables = tables_of(source)

    @dg.multi_asset(
        name=f"source_{source}",
        specs=[_spec(table, {"parquet", "polars"}).merge_attributes(deps=[archive_key(source)]) for table in tables],
        description=f"{declared_sources()[source].title}, {declared_sources()[source].publisher}",
    )
    def stage(run: Run) -> Iterator[dg.MaterializeResult[None]]:
        for table, staged in stage_source(run.inputs.sources[source], run.settings, run.input_sha256).items():
            yield _made(run, table, staged)

    return stage


def _csv_assets() -> dg.AssetsDefinition:
    tables = [table for table in contracts().values() if table.csv]

    @dg.multi_asset(
        name="reference_csv",
        specs=[_spec(table, {"csv", "polars"}) for table in tables],
        description="Reference tables that are CSV files in the repository, held to their contracts",
    )
    def stage(run: Run) -> Iterator[dg.MaterializeResult[None]]:
        for table in tables:
            staged = stage_csv(table, run.settings.staging, run.input_sha256)
            yield _made(run, table.table, staged)

    return stage


def _overlay_asset() -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="overlay",
        specs=[_spec(contracts()[name], {"yaml", "polars"}, [AREAS]) for name in OVERLAY_TABLES],
        description="A state's own memberships, clusters and regions from LMI_OVERLAY_DIR; empty tables without one",
    )
    def stage(run: Run) -> Iterator[dg.MaterializeResult[None]]:
        for table, staged in stage_overlay(run.settings, run.input_sha256).items():
            yield _made(run, table, staged)

    return stage


def _sql_asset(sql_table: SqlTable) -> dg.AssetsDefinition:
    table = contracts()[sql_table.table]

    @dg.multi_asset(
        name=f"{table.schema_name}__{table.name}",
        specs=[
            _spec(table, {"duckdb", "sql"}, sorted(sql_table.upstream)).merge_attributes(
                metadata={"method": sql_table.description, "sql": dg.MetadataValue.md(f"```sql\n{sql_table.sql}\n```")}
            )
        ],
    )
    def stage(run: Run) -> dg.MaterializeResult[None]:
        settings = run.settings
        staged = stage_sql(sql_table, settings.staging, run.input_sha256, settings.memory_limit)
        return _made(run, table.table, staged)

    return stage


def _raw_tables() -> list[TableName]:
    return [table.table for source in raw_sources() for table in tables_of(source)]


@dg.multi_asset(
    name="source_vintage", specs=[_spec(contracts()[SOURCE_VINTAGE], {"polars"}, _raw_tables())], can_subset=False
)
def source_vintage_asset(run: Run) -> dg.MaterializeResult[None]:
    """Vintages of the sources as staged."""
    table = contracts()[SOURCE_VINTAGE]
    staged = stage_frame(table, source_vintage(run.settings.staging), run.settings.staging, run.input_sha256)
    return _made(run, SOURCE_VINTAGE, staged)


@dg.multi_asset(name="setting", specs=[_spec(contracts()[SETTING], {"polars"})])
def setting_asset(run: Run) -> dg.MaterializeResult[None]:
    """Settings of the run that change figures."""
    staged = stage_settings(run.settings, run.input_sha256)
    return _made(run, SETTING, staged)


@dg.multi_asset(name="reference__policy", specs=[_spec(contracts()[POLICY], {"yaml", "polars"})], can_subset=False)
def policy_asset(run: Run) -> dg.MaterializeResult[None]:
    """Rule sets of `reference/policies`, in words."""
    staged = stage_policies(run.settings, run.input_sha256)
    return _made(run, POLICY, staged)


@dg.multi_asset(
    name="marts__occupation_flag",
    specs=[_spec(contracts()[OCCUPATION_FLAG], {"duckdb", "polars"}, [*FLAG_INPUTS, POLICY])],
    can_subset=False,
)
def occupation_flag_asset(run: Run) -> dg.MaterializeResult[None]:
    """The rule sets applied to every area's occupations."""
    staged = stage_flags(run.settings, run.input_sha256)
    return _made(run, OCCUPATION_FLAG, staged)


@dg.multi_asset(
    name="validation",
    specs=[
        _spec(
            contracts()[CHECK_RESULT],
            {"greatexpectations", "duckdb"},
            [table.table for table in checked_tables()]
            + [name for name, table in contracts().items() if not table.published],
        )
    ],
)
def check_result_asset(context: dg.AssetExecutionContext, run: Run) -> dg.MaterializeResult[None]:
    """Every check on every published table, and the verdict that the release is bound to."""
    verdict = validate(run.settings.staging, run.input_sha256, run.checks)
    for result in [*verdict.blocking, *verdict.warnings]:
        context.log.warning(f"{result.severity}: {result.table} {result.check}: {result.observed}")
    return dg.MaterializeResult(
        asset_key=asset_key(CHECK_RESULT),
        metadata={
            "dagster/row_count": len(verdict.results),
            "failed_errors": len(verdict.blocking),
            "failed_warnings": len(verdict.warnings),
        },
    )


class PublishConfig(dg.Config):
    """How to publish."""

    force: bool = False


@dg.asset(
    key=RELEASE_KEY,
    deps=[asset_key(CHECK_RESULT)],
    group_name="release",
    kinds={"duckdb"},
    metadata={"tables": ", ".join(str(name) for name in published_tables() if name not in AFTER_CHECKS)},
)
def release_asset(context: dg.AssetExecutionContext, config: PublishConfig, run: Run) -> dg.MaterializeResult[None]:
    """The published DuckDB: released only when every blocking check has passed on exactly these tables."""
    publication = publish(run.settings, run.input_sha256, force=config.force, on_step=context.log.info)
    manifest = publication.release.manifest
    return dg.MaterializeResult(
        metadata={
            "release_id": manifest.release_id,
            "new": publication.is_new,
            "database": dg.MetadataValue.path(str(run.settings.database)),
            "bytes": manifest.database_bytes,
            "checks": manifest.checks,
            "checks_passed": manifest.checks_passed,
        }
    )


def all_assets() -> list[dg.AssetsDefinition]:
    """Every asset of the pipeline."""
    return [
        _archive_assets(),
        *(_source_asset(source) for source in raw_sources()),
        _membership_asset(),
        _csv_assets(),
        _overlay_asset(),
        source_vintage_asset,
        setting_asset,
        policy_asset,
        occupation_flag_asset,
        *(_sql_asset(sql_table) for sql_table in sql_tables().values()),
        check_result_asset,
        release_asset,
    ]
