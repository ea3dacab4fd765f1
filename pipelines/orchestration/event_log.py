"""Dagster's event log in SQLite, with connections that stay open during a run.

Dagster opens and closes the file for every event, and SQLite then writes it through to the disk several times; a run
has hundreds of events. The files are the same, and the web interface reads them as they are written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event


def _write_through_at_checkpoints(connection: Any, _: object) -> None:
    """Without a write-through for each event: a loss of power can cost the last events, never the file."""
    connection.execute("pragma synchronous = normal")


class OpenEventLog(SqliteEventLogStorage):
    """The same files as SqliteEventLogStorage's, one engine for each file until `dispose`."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """As Dagster makes it from the instance's configuration."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.get(shard)
            if engine is None:
                timeout = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
                engine = create_engine(self.conn_string_for_shard(shard), connect_args=timeout)
                event.listen(engine, "connect", _write_through_at_checkpoints)
                self._initdb(engine)
                self._engines[shard] = engine
            with engine.begin() as connection:
                yield connection

    def dispose(self) -> None:
        """Close the files."""
        super().dispose()
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
