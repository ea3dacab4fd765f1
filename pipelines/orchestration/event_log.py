"""The adapter to Dagster's private API, for speed and to remove what runs leave. Nothing else imports `dagster._core`.

Dagster's SQLite event log opens and closes its file for every event, and each time SQLite writes to the disk several
times. A run has some 700 events. Where the steps do nothing, that takes 50 seconds, against 5 with the file kept open.
No setting changes this, and an ephemeral instance would hide the command's runs from the web interface. Here the same
files stay open until the run ends; the web interface reads them meanwhile.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from dagster import DagsterInstance
from dagster._core.instance import InstanceRef
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

from pipelines.yaml_files import load_yaml


def open_instance() -> DagsterInstance:
    """The instance of DAGSTER_HOME, its event log kept open unless dagster.yaml configures a storage."""
    home = os.environ["DAGSTER_HOME"]
    configured = load_yaml(Path(home) / "dagster.yaml") or {}
    data = InstanceRef.from_dir(home).event_storage_data
    if {"storage", "run_storage", "event_log_storage", "schedule_storage"} & configured.keys() or data is None:
        return DagsterInstance.get()
    log = {"module": __name__, "class": OpenEventLog.__name__, "config": data.config_dict}
    return DagsterInstance.from_ref(InstanceRef.from_dir(home, overrides={"event_log_storage": log}))


def forget(instance: DagsterInstance, run_id: str) -> None:
    """Delete a run. Dagster deletes its rows; here its own event log and its captured output go, too."""
    instance.delete_run(run_id)
    log = instance.event_log_storage
    if isinstance(log, SqliteEventLogStorage):
        if isinstance(log, OpenEventLog):
            log.close(run_id)
        path = Path(log.path_for_shard(run_id))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        shutil.rmtree(Path(instance.root_directory, "storage", run_id), ignore_errors=True)


def _write_at_checkpoints(connection: Any, _: object) -> None:
    """Do not write to the disk for each event: a loss of power can cost the last events, never the file."""
    connection.execute("pragma synchronous = normal")


class OpenEventLog(SqliteEventLogStorage):
    """The files of SqliteEventLogStorage, with one engine for each file until `dispose`."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Dagster calls this with the instance's configuration."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.get(shard)
            if engine is None:
                timeout = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
                engine = create_engine(self.conn_string_for_shard(shard), connect_args=timeout)
                event.listen(engine, "connect", _write_at_checkpoints)
                self._initdb(engine)
                self._engines[shard] = engine
            with engine.begin() as connection:
                yield connection

    def close(self, shard: str) -> None:
        """Close one file."""
        with self._db_lock:
            engine = self._engines.pop(shard, None)
            if engine is not None:
                engine.dispose()

    def dispose(self) -> None:
        """Close the files."""
        super().dispose()
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
