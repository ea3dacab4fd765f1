"""Runs SELECTs on Spark over staged tables. A table that Spark makes is a folder of Parquet files, in order."""

import os
import re
import sys
import warnings
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from pipelines.contracts.model import ColumnType, Table, contracts
from pipelines.errors import MachineError, SettingError, machine_error
from pipelines.files import atomic, remove
from pipelines.tables import TableName, parquet_path

#: Types of columns in Spark's words.
_TYPES = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "bigint",
    ColumnType.DOUBLE: "double",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp_ntz",
    ColumnType.POINTS: "array<int>",
}
#: What a session always has; the rest is Spark's own, from its files of settings.
_SETTINGS = {
    "spark.app.name": "career-cluster-lmi",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "true",  # an overflow is an error
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
#: For a session in this process: small tables want few tasks, and nothing is open to the network.
_LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
}
_LOCAL_HEAP = "4g"


def view_name(table: TableName) -> str:
    """The name of a staged table among Spark's temporary views, which have no schemas."""
    return f"{table.schema}__{table.name}"


@lru_cache(maxsize=1)
def session(master: str) -> Any:
    """The Spark session of this process. Raises SettingError when Spark does not start."""
    # of a pandas that is newer than it knows
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else tasks run in whatever is called python3
    is_local = master.startswith("local")
    if is_local:
        os.environ.setdefault("SPARK_DRIVER_MEMORY", _LOCAL_HEAP)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = _SETTINGS | (_LOCAL if is_local else {})
    conf = SparkConf().setMaster(master).setAll(list(settings.items()))
    try:
        if SparkContext._gateway is None:  # Databricks has one
            # what Java says on its own is for no user; errors come as exceptions
            quiet = launch_gateway(conf, {"stdout": DEVNULL, "stderr": DEVNULL})
            SparkContext._ensure_initialized(gateway=quiet, conf=conf)
        return SparkSession.builder.config(conf=conf).getOrCreate()
    except Exception as error:  # Spark's, the system's, or Java's own by way of py4j
        said = " ".join(str(error).split())[:300]
        raise SettingError(f"LMI_SPARK_MASTER: Spark does not start at {master}: {said}") from error


def schema_of(table: Table) -> str:
    """The columns of a table for Spark."""
    return ", ".join(f"{column.name} {_TYPES[column.type]}" for column in table.columns)


def read(spark: Any, staging: Path, table: TableName) -> Any:
    """A staged table as a data frame of Spark."""
    # Spark takes a path for a pattern
    path = re.sub(r"([][{}*?\\])", r"\\\1", str(parquet_path(staging, table).absolute()))
    return spark.read.schema(schema_of(contracts()[table])).parquet(f"file:{path}")


def select(master: str, staging: Path, upstream: Iterable[TableName], sql: str) -> Any:
    """The rows of a SELECT in Spark's SQL over staged tables, by the names of `view_name`."""
    spark = session(master)
    for table in upstream:
        read(spark, staging, table).createOrReplaceTempView(view_name(table))
    return spark.sql(sql)


def write(rows: Any, target: Path) -> None:
    """Write a data frame as a folder of Parquet files in the order of its rows; the folder is complete or not there.

    Raises MachineError when the machine has no space or memory left.
    """
    with atomic(target) as temporary:
        try:
            rows.write.parquet(f"file:{temporary.absolute()}")
        except Exception as error:
            raise machine_error(error) or error from None
        files = sorted(temporary.glob("part-*.parquet"))
        for extra in set(temporary.iterdir()) - set(files):
            remove(extra)
        for number, file in enumerate(files):
            file.rename(temporary / f"part-{number:05}.parquet")  # the same name in each run
        if not files:
            raise MachineError(
                f"{target.name}: Spark wrote no file that this machine can see; the data folder must be one that "
                "driver and workers share, at the same path"
            )
