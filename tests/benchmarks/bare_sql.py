"""The SQL of a run and nothing else: every table's SELECT and every check over staged Parquet.

    python -m tests.benchmarks.bare_sql STAGING TARGET

Prints the seconds that DuckDB took, a connection per file as in a run, its imports and ours left out.
"""

import sys
import time
from pathlib import Path

from pipelines.paths import SQL
from pipelines.settings import Settings
from pipelines.tables import parquet_path
from pipelines.warehouse.engine import connect, write_select
from pipelines.warehouse.sql_tables import read_upstream, sql_tables


def main(staging: Path, target: Path) -> None:
    memory_limit = Settings().memory_limit
    tables = list(sql_tables().values())
    checks = [(path.read_text(encoding="utf-8"), path.name) for path in sorted((SQL / "checks").glob("*.sql"))]
    reads = [(sql, sorted(read_upstream(sql, name))) for sql, name in checks]
    start = time.perf_counter()
    for table in tables:
        with connect(staging, sorted(table.upstream), memory_limit) as connection:
            write_select(connection, table.sql, parquet_path(target, table.table))
    for sql, upstream in reads:
        with connect(staging, upstream, memory_limit) as connection:
            connection.execute(sql).fetchall()
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
