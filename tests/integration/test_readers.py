"""Readers of the published database while new releases are published."""

import threading
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.quality.validation import Validation, validation_path
from pipelines.release.publish import publish
from pipelines.settings import Settings

pytestmark = pytest.mark.slow

ROWS = "select count(*) from marts.cluster_indicators"


def test_readers_see_whole_releases_while_new_ones_are_published(small_released: Path) -> None:
    ended = threading.Event()
    faults: list[str] = []
    seen: set[str] = set()
    with duckdb.connect(str(small_released / "lmi.duckdb"), read_only=True) as connection:
        whole = connection.sql(ROWS).fetchall()

    def read() -> None:
        while not ended.is_set():
            try:
                with duckdb.connect(str(small_released / "lmi.duckdb"), read_only=True) as connection:
                    ((ids,),) = connection.sql("select list(distinct release_id) from quality.release").fetchall()
                    rows = connection.sql(ROWS).fetchall()
                if len(ids) != 1 or rows != whole:
                    faults.append(f"{ids}, {rows} rows")
                seen.update(ids)
            except duckdb.Error as error:
                faults.append(str(error))
            time.sleep(0.5)

    settings = Settings(data_dir=small_released)
    input_sha256 = Validation.read(validation_path(settings.staging)).input_sha256
    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    try:
        published = [publish(settings, input_sha256, force=True).release.manifest.release_id for _ in range(2)]
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert faults == []
    assert published[0] in seen
    assert len(seen) > 1
