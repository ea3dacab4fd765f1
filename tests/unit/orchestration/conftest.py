"""What makes the tables is put together anew for each test, from what the test puts in its place."""

from collections.abc import Iterator

import pytest

from pipelines.orchestration import assets


@pytest.fixture(autouse=True)
def _makers_of_the_test() -> Iterator[None]:
    assets.makers.cache_clear()
    yield
    assets.makers.cache_clear()
