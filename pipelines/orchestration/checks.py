"""Dagster's checks on the published tables: one for a contract, one for each reconciliation, from the run's verdict."""

from collections import defaultdict
from collections.abc import Iterator

import dagster as dg

from pipelines.orchestration.assets import asset_key
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import reconciliations
from pipelines.quality.result import CheckResult, Kind
from pipelines.quality.validation import CHECK_RESULT, Validation, validation_path
from pipelines.release.run import Run
from pipelines.tables import TableName

CONTRACT = "contract"


def _specs() -> list[dg.AssetCheckSpec]:
    after = [asset_key(CHECK_RESULT)]
    contract = [
        dg.AssetCheckSpec(
            CONTRACT,
            asset=asset_key(table.table),
            description="Columns, key, missing values, allowed values and ranges as the contract declares them, and "
            "figures near those of the release before",
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
    blocks = any(result.blocks for result in failed)
    return dg.AssetCheckResult(
        asset_key=asset_key(table),
        check_name=name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
        metadata={
            "checks": len(results),
            "failed": len(failed),
            "observed": "; ".join(f"{result.check}: {result.observed}" for result in failed[:10]) or "as expected",
        },
    )


@dg.multi_asset_check(name="checks_of_published_tables", specs=_specs(), can_subset=False)
def published_checks(run: dg.ResourceParam[Run]) -> Iterator[dg.AssetCheckResult]:
    """Show on each asset what the run's verdict says of it."""
    grouped: dict[tuple[TableName, str], list[CheckResult]] = defaultdict(list)
    for result in Validation.read(validation_path(run.settings.staging)).results:
        name = result.check if result.kind is Kind.RECONCILIATION else CONTRACT
        grouped[result.table, name].append(result)
    for (table, name), results in grouped.items():
        yield _result(table, name, results)
