"""The SQL of a run and nothing else: every table's SELECT and every check over staged Parquet.

    python -m tests.benchmarks.bare_sql STAGING TARGET

Prints the seconds that DuckDB took, with a connection for each file as in a run, without imports.
"""

import sys
import time
from pathlib import Path

from pipelines.quality.reconciliation import reconciliations
from pipelines.settings import Settings
from pipelines.tables import parquet_path
from pipelines.warehouse.engine import connect, write_select
from pipelines.warehouse.sql_tables import sql_tables


def main(staging: Path, target: Path) -> None:
    memory_limit = Settings().memory_limit
    tables = list(sql_tables().values())
    checks = [(check.sql, sorted(check.upstream)) for check in reconciliations()]
    start = time.perf_counter()
    for table in tables:
        with connect(staging, sorted(table.upstream), memory_limit) as connection:
            write_select(connection, table.sql, parquet_path(target, table.table))
    for sql, upstream in checks:
        with connect(staging, upstream, memory_limit) as connection:
            connection.execute(sql).fetchall()
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
