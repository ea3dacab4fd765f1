"""Check results on every published asset, as the verdict has them: one for its contract, one per reconciliation."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from pipelines.archive.store import Archive
from pipelines.orchestration.assets import archive_key, asset_key
from pipelines.orchestration.resources import Run
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import reconciliations
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.quality.validation import CHECK_RESULT, Validation, validation_path
from pipelines.release.freshness import GRACE_DAYS, is_overdue
from pipelines.settings import Settings
from pipelines.sources import declared_sources, looked_for
from pipelines.tables import TableName

CONTRACT = "contract"
FRESHNESS = "edition_is_current"


def _specs() -> list[dg.AssetCheckSpec]:
    after = [asset_key(CHECK_RESULT)]
    contract = [
        dg.AssetCheckSpec(
            CONTRACT,
            asset=asset_key(table.table),
            description="Columns, key, missing values, allowed values and ranges as the contract declares them",
            additional_deps=after,
        )
        for table in checked_tables()
    ]
    domain = [
        dg.AssetCheckSpec(
            check.name, asset=asset_key(check.table), description=check.description, additional_deps=after
        )
        for check in reconciliations()
    ]
    return contract + domain


def _result(table: TableName, name: str, results: list[CheckResult]) -> dg.AssetCheckResult:
    failed = [result for result in results if not result.passed]
    worst = Severity.ERROR if any(result.blocks for result in failed) else Severity.WARN
    return dg.AssetCheckResult(
        asset_key=asset_key(table),
        check_name=name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if worst is Severity.ERROR else dg.AssetCheckSeverity.WARN,
        metadata={
            "checks": len(results),
            "failed": len(failed),
            "observed": "; ".join(f"{result.check}: {result.observed}" for result in failed[:10]) or "as expected",
        },
    )


@dg.multi_asset_check(name="checks_of_published_tables", specs=_specs(), can_subset=False)
def published_checks(run: Run) -> Iterator[dg.AssetCheckResult]:
    """Shows the verdict on each asset."""
    grouped: dict[tuple[TableName, str], list[CheckResult]] = defaultdict(list)
    for result in Validation.read(validation_path(run.settings.staging)).results:
        name = CONTRACT if result.kind is Kind.EXPECTATION else result.check
        grouped[result.table, name].append(result)
    for (table, name), results in grouped.items():
        yield _result(table, name, results)


@dg.multi_asset_check(
    name="editions_are_current",
    specs=[
        dg.AssetCheckSpec(
            FRESHNESS,
            asset=archive_key(name),
            description=(
                f"The last look went well, and no edition is overdue by more than {GRACE_DAYS} days: {source.calendar}"
            ),
        )
        for name, source in looked_for().items()
    ],
    can_subset=False,
)
def freshness_checks() -> Iterator[dg.AssetCheckResult]:
    """Freshness of every source by its own calendar."""
    manifest = Archive(Settings().archive).manifest()
    today = datetime.now(UTC).date()
    for source in looked_for():
        editions, attempt = manifest.vintages.get(source), manifest.attempts.get(source)
        problems = []
        if attempt is None or attempt.outcome == "failed":
            problems.append(f"last look: {attempt.message if attempt else 'never'}")
        if not editions:
            problems.append("no edition in the archive")
        elif is_overdue(source, editions[-1].reference_period, today):
            expected = declared_sources()[source].next_expected(editions[-1].reference_period)
            problems.append(f"the edition after {editions[-1].vintage} was expected in {expected:%B %Y}")
        yield dg.AssetCheckResult(
            asset_key=archive_key(source),
            check_name=FRESHNESS,
            passed=not problems,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"observed": "; ".join(problems) or "as expected"},
        )
