"""The verdict on a set of staged tables: the result of every check, bound to the checksum of each table's file.

It names every table of a run, also those that are not published: a figure is only as good as what it was made from.
"""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import Table, contracts
from pipelines.errors import GateError
from pipelines.files import content_sha256
from pipelines.quality.beside import Beside, checks_beside
from pipelines.quality.data_docs import write_data_docs
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import all_checks
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.staging import stage_frame

CHECK_RESULT = TableName("quality", "check_result")
RELEASE = TableName("quality", "release")


@dataclass(frozen=True)
class Validation:
    """What was checked and what was found."""

    input_sha256: str
    tables: Mapping[str, str]
    results: tuple[CheckResult, ...]

    @property
    def blocking(self) -> tuple[CheckResult, ...]:
        """Failed checks that forbid publishing."""
        return tuple(result for result in self.results if result.blocks)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """Failed checks that do not."""
        return tuple(result for result in self.results if not result.passed and not result.blocks)

    @property
    def passed(self) -> dict[tuple[TableName, str], CheckResult]:
        """The checks that passed, by table and name."""
        return {(result.table, result.check): result for result in self.results if result.passed}

    def write(self, path: Path) -> None:
        """Write as JSON."""
        results = [vars(result) | {"table": str(result.table)} for result in self.results]
        content = {"input_sha256": self.input_sha256, "tables": dict(self.tables), "results": results}
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Validation":
        """Read what `write` wrote. Raises GateError when there is none or it cannot be read."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            results = tuple(
                CheckResult(
                    **result
                    | {
                        "table": TableName.parse(result["table"]),
                        "kind": Kind(result["kind"]),
                        "severity": Severity(result["severity"]),
                        "years": tuple((year, seen) for year, seen in result.get("years", ())),
                    }
                )
                for result in content["results"]
            )
            return cls(content["input_sha256"], content["tables"], results)
        except (OSError, ValueError, KeyError, TypeError) as error:
            problem = "it is missing, cut short or edited"
            raise GateError(f"no readable validation result at {path}: {problem}; run `lmi run` again") from error


def validation_path(staging: Path) -> Path:
    """The file of the verdict on the staged tables."""
    return staging / "validation.json"


def data_docs_path(staging: Path) -> Path:
    """The folder of the pages about the checks of the staged tables."""
    return staging / "data_docs"


def judged_tables() -> tuple[Table, ...]:
    """Every table whose file the verdict names; the one about the release itself is made while it is published."""
    return tuple(table for name, table in contracts().items() if name != RELEASE)


def table_checksums(staging: Path, tables: Iterable[Table]) -> dict[str, str]:
    """The SHA-256 of each table's staged file or folder. Raises GateError naming a table that is not staged."""
    checksums = {}
    for table in tables:
        path = parquet_path(staging, table.table)
        if not path.exists():
            raise GateError(f"{table.table} is not staged; run the whole pipeline")
        checksums[str(table.table)] = content_sha256(path)
    return checksums


def check_result_frame(results: tuple[CheckResult, ...]) -> pl.DataFrame:
    """The table `quality.check_result`."""
    rows = [
        {
            "table_name": str(result.table),
            "check_name": result.check,
            "kind": result.kind.value,
            "severity": result.severity.value,
            "passed": result.passed,
            "failing_rows": result.failing_rows,
            "observed": result.observed,
            "expected": result.expected,
            "description": result.description,
        }
        for result in results
    ]
    return pl.DataFrame(rows, schema=polars_schema(contracts()[CHECK_RESULT])).sort("table_name", "check_name")


def validate(
    staging: Path,
    input_sha256: str,
    beside: Beside | None = None,
    *,
    docs: bool = True,
    compared: Sequence[CheckResult] = (),
) -> Validation:
    """Run every check on the staged tables and keep the verdict beside them.

    `beside` may have run some already; `compared` are the results of the comparisons with the release before.
    """
    validation_path(staging).unlink(missing_ok=True)
    shutil.rmtree(data_docs_path(staging), ignore_errors=True)
    before = table_checksums(staging, (table for table in judged_tables() if table.table != CHECK_RESULT))
    with nullcontext(beside) if beside else checks_beside(staging) as checks:
        results = (*checks.finish(all_checks()), *compared)
    if docs:
        write_data_docs(data_docs_path(staging), checked_tables(), results)
    staged = stage_frame(contracts()[CHECK_RESULT], check_result_frame(results), staging, input_sha256)
    validation = Validation(input_sha256, before | {str(CHECK_RESULT): staged.sha256}, results)
    validation.write(validation_path(staging))
    return validation
