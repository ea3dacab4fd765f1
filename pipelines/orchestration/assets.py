"""Assets from publishers' files to the release. Lineage comes from the SQL, columns from the contracts."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import dagster as dg

from pipelines.archive.store import Archive
from pipelines.contracts.model import Table, contracts, published_tables
from pipelines.estimation.made import MADE, Made, stage_step
from pipelines.files import file_sha256
from pipelines.intake.fetch import refresh
from pipelines.intake.staging import (
    DOWNLOADED_MEMBERSHIPS,
    SETTING,
    SOURCE_VINTAGE,
    record_lines,
    source_vintage,
    stage_memberships,
    stage_settings,
    stage_source,
)
from pipelines.orchestration.kept import (
    MADE_FROM,
    MADE_FROM_SLICES,
    kept,
    kept_slices,
    made_from,
    made_from_years,
    table_of,
)
from pipelines.orchestration.years import YEAR_KEY, qcew_years, stage_years
from pipelines.overlays.applied_policies import rule_lines, stage_flags, stage_policies
from pipelines.overlays.overlay_tables import COMPARED, OVERLAY_TABLES, overlay_lines, stage_overlay
from pipelines.own_files import code_version
from pipelines.paths import REFERENCE
from pipelines.policies.figures import TABLES as FIGURES
from pipelines.policies.flags import OCCUPATION_FLAG, POLICY
from pipelines.publishers import career_clusters, qcew
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.quality.comparison import compare
from pipelines.quality.expectations import AFTER_CHECKS, checked_tables
from pipelines.quality.validation import CHECK_RESULT, validate
from pipelines.release.freshness import vintage_problems
from pipelines.release.publish import publish
from pipelines.release.run import Run
from pipelines.settings import Settings, Source, read_settings
from pipelines.sources import declared_sources, looked_for
from pipelines.tables import TableName
from pipelines.warehouse.slices import YEAR
from pipelines.warehouse.sql_tables import SqlTable, sql_tables
from pipelines.warehouse.staging import Staged, contract_of, stage_csv, stage_frame

VINTAGE_CHECK = "vintage_is_current"


@dataclass(frozen=True)
class _Step:
    """Stages tables at once. `lines` stand for what they are made from beside the tables that they read.

    With `slices`, one checksum of what each slice of its one table is made from, `by_slice` makes the table and keeps
    the rows of the slices that it is given.
    """

    tables: tuple[TableName, ...]
    stage: Callable[[Run], dict[TableName, Staged]]
    lines: Callable[[Run], Iterable[str]] = lambda _: ()
    slices: Callable[[Run, dg.AssetSpec], dict[str, str]] = lambda *_: {}
    by_slice: Callable[[Run, list[str]], dict[TableName, Staged]] | None = None


RELEASE_KEY = dg.AssetKey(["release", "lmi_duckdb"])
#: Where the code begins that makes tables.
_INTAKE = ("pipelines.intake.staging",)
_WAREHOUSE = ("pipelines.warehouse.staging",)
_POLICIES = ("pipelines.overlays.applied_policies",)


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


def _spec(
    table: Table, kinds: set[str], code: tuple[str, ...], deps: Iterable[dg.AssetKey] = (), sql: SqlTable | None = None
) -> dg.AssetSpec:
    """A table's asset; `code` are the modules in which the code begins that makes it."""
    made_by = [table.model_dump_json(), sql.sql if sql else "", code_version(*code)]
    metadata: dict[str, object] = {
        "dagster/column_schema": _column_schema(table),
        "grain": table.grain,
        "primary_key": ", ".join(table.primary_key),
        "sources": ", ".join(table.sources),
    }
    if sql is not None:
        metadata |= {"method": sql.description, "sql": dg.MetadataValue.md(f"```sql\n{sql.sql}\n```")}
    return dg.AssetSpec(
        key=asset_key(table.table),
        description=" ".join([table.description, *table.warnings]),
        group_name=table.schema_name,
        kinds=kinds,
        metadata=metadata,
        deps=list(deps),
        code_version=hashlib.sha256("\n".join(made_by).encode()).hexdigest()[:12],
    )


@dataclass(frozen=True)
class Maker:
    """Tables that `steps` stage, or that are kept, after what `prepare` does in every run: an asset of Dagster."""

    name: str
    specs: Sequence[dg.AssetSpec]
    steps: Sequence[_Step]
    description: str | None = None
    prepare: Callable[[dg.AssetExecutionContext, Run], None] | None = None

    def asset(self) -> dg.AssetsDefinition:
        """The asset. The checks of its tables begin while the next steps run."""

        @dg.multi_asset(name=self.name, specs=self.specs, description=self.description)
        def asset(
            context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]
        ) -> Iterator[dg.MaterializeResult[None]]:
            if self.prepare is not None:
                self.prepare(context, run)
            for step in self.steps:
                yield from self._make(context.instance, run, step)

        return asset

    def is_kept(self, instance: dg.DagsterInstance, run: Run) -> bool:
        """Whether a run keeps all tables of it; they are then tables of the run. All that they read must be kept."""
        found: dict[TableName, Staged] = {}
        for step in self.steps:
            own = self._specs(step)
            tables = kept(instance, run, own, made_from(run, own, step.lines(run)))
            if tables is None:
                return False
            found |= tables
        if self.prepare is None:  # else it stages them itself, in every run
            for table, staged in found.items():
                run.staged(table, staged, is_kept=True)
        return True

    def _specs(self, step: _Step) -> list[dg.AssetSpec]:
        return [spec for spec in self.specs if table_of(spec.key) in step.tables]

    def _make(self, instance: dg.DagsterInstance, run: Run, step: _Step) -> Iterator[dg.MaterializeResult[None]]:
        own = self._specs(step)
        found = kept(instance, run, own, made_from(run, own, step.lines(run)))
        is_kept = found is not None
        slices = step.slices(run, own[0])
        if found is not None:
            made = found
        elif step.by_slice is not None:
            made = step.by_slice(run, kept_slices(instance, run, own[0].key, slices))
        else:
            made = step.stage(run)
        # again, for making may have written what lines tell of
        inputs = made_from(run, own, step.lines(run))
        for table, staged in made.items():
            run.staged(table, staged, is_kept=is_kept)
            measures = {"dagster/row_count": staged.rows, "bytes": staged.bytes, "kept": is_kept}
            yield dg.MaterializeResult(
                asset_key=asset_key(table),
                metadata={**measures, MADE_FROM: inputs, **({MADE_FROM_SLICES: slices} if slices else {})},
                data_version=dg.DataVersion(staged.sha256),
            )


def archive_key(source: str) -> dg.AssetKey:
    """A source's newest vintage in the archive."""
    return dg.AssetKey(["archive", source])


#: The daily look is at 5:17 UTC.
_DAILY_LOOK = dg.FreshnessPolicy.cron(deadline_cron="0 7 * * *", lower_bound_delta=timedelta(hours=24))


def archive_assets(*, live: bool) -> dg.AssetsDefinition:
    """The newest vintage of each source, and a check that it is current.

    Only a live deployment fetches. In any other these assets succeed without doing anything, and are never stale.
    """

    @dg.multi_asset(
        name="look_for_vintages",
        specs=[
            dg.AssetSpec(
                key=archive_key(name),
                description=f"{source.title}, {source.publisher}. Newest vintage: {source.newest}.",
                group_name="archive",
                kinds={"file"},
                metadata={"url": dg.MetadataValue.url(source.url), "calendar": source.calendar},
                freshness_policy=_DAILY_LOOK if live else None,
            )
            for name, source in looked_for().items()
        ],
        check_specs=[
            dg.AssetCheckSpec(
                VINTAGE_CHECK,
                asset=archive_key(name),
                description=f"The last look succeeded, and no vintage is overdue: {source.calendar}",
            )
            for name, source in looked_for().items()
        ],
        # first in a run of all assets: the fingerprint of the inputs is taken when the first table is staged
        op_tags={"dagster/priority": "1"},
        description="Looks for every source's newest vintage in a live deployment; keeps the last one on failure",
    )
    def fetch(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        settings = read_settings()
        outcomes = {each.source: each.attempt for each in refresh(settings)} if settings.source is Source.LIVE else {}
        archived = Archive(settings.archive).manifest()
        for source in looked_for():
            if (attempt := outcomes.get(source)) is None:
                told = {"outcome": "not looked for", "message": f"LMI_SOURCE is {settings.source}, not live"}
                problems = []
            else:
                told = {"outcome": attempt.outcome, "message": attempt.message or ""}
                problems = vintage_problems(source, archived, datetime.now(UTC).date())
            for problem in problems:
                context.log.warning(f"{source}: {problem}")
            check = dg.AssetCheckResult(
                asset_key=archive_key(source),
                check_name=VINTAGE_CHECK,
                passed=not problems,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"observed": "; ".join(problems) or "as expected"},
            )
            yield dg.MaterializeResult(asset_key=archive_key(source), metadata=told, check_results=[check])

    return fetch


def _keys(names: Iterable[TableName]) -> list[dg.AssetKey]:
    return [asset_key(name) for name in names]


def _source_deps(source: str) -> list[dg.AssetKey]:
    """A source's vintage in the archive; runs do not look for a source on request. QCEW is read by year."""
    vintage = [archive_key(source)] if source in looked_for() else []
    return [*vintage, YEAR_KEY] if source == qcew.SOURCE else vintage


def _source_maker(source: str) -> Maker:
    declared = declared_sources()[source]
    tables = tables_of(source)

    def lines(run: Run) -> list[str]:
        taken = run.inputs.sources[source]
        return [*taken.lines, *record_lines(taken, run.settings.staging), *run.reference_lines]

    step = _Step(
        tuple(table.table for table in tables),
        lambda run: stage_source(run.inputs.sources[source], run.settings, run.input_sha256, run.years.get(source)),
        lines,
    )
    return Maker(
        f"source_{source}",
        [
            _spec(
                table,
                {"parquet", "polars"},
                (f"pipelines.publishers.{source}", *_INTAKE),
                _source_deps(source),
            )
            for table in tables
        ],
        [step],
        f"{declared.title}, {declared.publisher}",
        stage_years if source == qcew.SOURCE else None,
    )


def _membership_maker() -> Maker:
    table = contracts()[DOWNLOADED_MEMBERSHIPS]
    step = _Step(
        (table.table,),
        lambda run: {table.table: stage_memberships(run.inputs.memberships, run.settings, run.input_sha256)},
        lambda run: [*run.inputs.membership_lines, *run.reference_lines],
    )
    return Maker(
        f"source_{career_clusters.SOURCE}",
        [_spec(table, {"parquet", "polars"}, _INTAKE, [archive_key(career_clusters.SOURCE)])],
        [step],
    )


def _csv_maker() -> Maker:
    def step(table: Table) -> _Step:
        return _Step(
            (table.table,),
            lambda run: {table.table: stage_csv(table, run.settings.staging, run.input_sha256)},
            lambda _: [file_sha256(REFERENCE / str(table.csv))],
        )

    tables = [table for table in contracts().values() if table.csv]
    return Maker(
        "reference_csv",
        [_spec(table, {"csv", "polars"}, _WAREHOUSE) for table in tables],
        [step(table) for table in tables],
        "Reference tables that are CSV files in the repository, held to their contracts",
    )


def _overlay_maker() -> Maker:
    step = _Step(
        OVERLAY_TABLES,
        lambda run: stage_overlay(run.settings, run.input_sha256),
        lambda run: [*overlay_lines(run.settings), *run.reference_lines],
    )
    return Maker(
        "overlay",
        [
            _spec(contracts()[name], {"yaml", "polars"}, ("pipelines.overlays.overlay_tables",), _keys(COMPARED))
            for name in OVERLAY_TABLES
        ],
        [step],
        "A state's own memberships, clusters and regions from LMI_OVERLAY_DIR; empty tables without one",
    )


def _sql_maker(sql: SqlTable) -> Maker:
    return Maker(
        f"{sql.table.schema}__{sql.table.name}",
        [_spec(contract_of(sql), {"duckdb", "sql"}, _WAREHOUSE, _keys(sorted(sql.upstream)), sql)],
        [_table_step(sql, (sql.table,))],
    )


def _made_maker(made: Made) -> Maker:
    upstream = _keys(sorted(made.upstream))
    return Maker(
        made.name,
        [
            _spec(contracts()[table], {"numpy", "polars"}, ("pipelines.estimation.made",), upstream)
            for table in made.tables
        ],
        [_table_step(made, made.tables)],
        made.description,
    )


def _table_step(step: SqlTable | Made, tables: tuple[TableName, ...]) -> _Step:
    def stage(run: Run, same: Collection[int] = ()) -> dict[TableName, Staged]:
        settings = run.settings
        return stage_step(step, settings.staging, run.input_sha256, settings.memory_limit, same, spark=settings.spark)

    def by_year(run: Run, same: list[str]) -> dict[TableName, Staged]:
        return stage(run, [int(year) for year in same])

    if contracts()[tables[0]].parts[:1] != (YEAR,):
        return _Step(tables, stage)
    return _Step(tables, stage, slices=made_from_years, by_slice=by_year)


def _stage_vintages(settings: Settings, input_sha256: str) -> Staged:
    vintages = source_vintage(settings.staging)
    return stage_frame(contracts()[SOURCE_VINTAGE], vintages, settings.staging, input_sha256)


def _setting_lines(run: Run) -> list[str]:
    return [f"{name} {value}" for name, value in sorted(run.settings.method.items())]


def _vintage_lines(run: Run) -> list[str]:
    taken = run.inputs.sources.values()
    return [*(line for each in taken for line in record_lines(each, run.settings.staging)), *run.reference_lines]


def _policy_lines(run: Run) -> list[str]:
    return [*run.policy_lines, *overlay_lines(run.settings)]


def _flag_step() -> _Step:
    """The flags, of which those of a policy that is as it was are kept."""

    def stage(run: Run, same: Collection[str] = ()) -> dict[TableName, Staged]:
        return {OCCUPATION_FLAG: stage_flags(run.settings, run.input_sha256, same)}

    def slices(run: Run, spec: dg.AssetSpec) -> dict[str, str]:
        figures = spec.replace_attributes(deps=_keys(FIGURES))
        rules = rule_lines(run.settings)
        return {name: made_from(run, [figures], [*run.reference_lines, *lines]) for name, lines in rules.items()}

    return _Step((OCCUPATION_FLAG,), stage, _policy_lines, slices, stage)


def _other_makers() -> list[Maker]:
    """Tables that neither a publisher's file, nor a CSV, nor SQL makes."""

    def maker(
        spec: dg.AssetSpec, stage: Callable[[Settings, str], Staged], lines: Callable[[Run], Iterable[str]], name: str
    ) -> Maker:
        table = table_of(spec.key)
        step = _Step((table,), lambda run: {table: stage(run.settings, run.input_sha256)}, lines)
        return Maker(name, [spec], [step])

    raw = _keys(table.table for source in raw_sources() for table in tables_of(source))
    setting, vintage, policy, flag = (contracts()[name] for name in (SETTING, SOURCE_VINTAGE, POLICY, OCCUPATION_FLAG))
    flags = _spec(flag, {"duckdb", "polars"}, _POLICIES, _keys([*FIGURES, POLICY]))
    return [
        maker(_spec(setting, {"polars"}, _INTAKE), stage_settings, _setting_lines, "setting"),
        maker(_spec(vintage, {"polars"}, _INTAKE, raw), _stage_vintages, _vintage_lines, "source_vintage"),
        maker(_spec(policy, {"yaml", "polars"}, _POLICIES), stage_policies, _policy_lines, "reference__policy"),
        Maker("marts__occupation_flag", [flags], [_flag_step()]),
    ]


@dg.multi_asset(
    name="validation",
    specs=[
        _spec(
            contracts()[CHECK_RESULT],
            {"greatexpectations", "duckdb"},
            ("pipelines.quality.validation",),
            _keys(
                [table.table for table in checked_tables()]
                + [name for name, table in contracts().items() if not table.published]
            ),
        )
    ],
)
def check_result_asset(context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]) -> dg.MaterializeResult[None]:
    """Every check on every published table, and the verdict that the release is bound to."""
    settings = run.settings
    previous = None if run.previous is None else run.previous.database
    compared = compare(settings.staging, previous, run.accepted, settings.memory_limit)
    verdict = run.verdict = validate(settings.staging, run.input_sha256, run.checks, compared=compared)
    run.made[str(CHECK_RESULT)] = verdict.tables.get(str(CHECK_RESULT), "")
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
def release_asset(
    context: dg.AssetExecutionContext, config: PublishConfig, run: dg.ResourceParam[Run]
) -> dg.MaterializeResult[None]:
    """The published DuckDB: released only when every blocking check has passed on exactly these tables."""
    run.hold_inputs()
    publication = publish(
        run.settings,
        run.input_sha256,
        force=config.force,
        verdict=run.verdict,
        made=run.made,
        on_step=context.log.info,
    )
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


@cache
def makers() -> tuple[Maker, ...]:
    """What makes the tables of a run before they are checked."""
    return (
        *(_source_maker(source) for source in raw_sources()),
        _membership_maker(),
        _csv_maker(),
        _overlay_maker(),
        *_other_makers(),
        *(_sql_maker(sql) for sql in sql_tables().values()),
        *(_made_maker(made) for made in MADE),
    )


def kept_names(instance: dg.DagsterInstance, run: Run) -> frozenset[str]:
    """The makers that have nothing to do in a run: all tables are kept, and so is all that they read."""
    by_key = {spec.key: maker for maker in makers() for spec in maker.specs}
    by_name = {maker.name: maker for maker in makers()}

    @cache
    def is_kept(name: str) -> bool:
        maker = by_name[name]
        above = {by_key[dep.asset_key].name for spec in maker.specs for dep in spec.deps if dep.asset_key in by_key}
        return all(is_kept(each) for each in sorted(above)) and maker.is_kept(instance, run)

    return frozenset(name for name, maker in by_name.items() if is_kept(name) and maker.prepare is None)


def all_assets() -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Every asset of the pipeline."""
    return [
        archive_assets(live=read_settings().source is Source.LIVE),
        qcew_years,
        *(maker.asset() for maker in makers()),
        check_result_asset,
        release_asset,
    ]
