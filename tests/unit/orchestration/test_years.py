"""QCEW by year: what is read when a year is added, changed, or asked for by a backfill, and what Dagster shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import polars as pl
import pytest

from pipelines.errors import BadInputError, BusyError, SettingError
from pipelines.files import content_sha256
from pipelines.intake import years as reading
from pipelines.intake.by_hand import add_by_hand
from pipelines.intake.years import year_path
from pipelines.orchestration import assets
from pipelines.orchestration import years as shown
from pipelines.orchestration.years import YEAR_KEY, stage_qcew_years
from pipelines.publishers import qcew
from pipelines.release.run import Run
from pipelines.settings import Settings, Source
from tests.unit.intake.small_files import taken
from tests.unit.publishers.qcew_files import write_year


class World:
    def __init__(self, folder: Path) -> None:
        self.files, self.read = folder / "files", list[str]()
        self.settings = Settings(data_dir=folder / "data", source=Source.FILES, files_dir=self.files)
        self.instance = dg.DagsterInstance.ephemeral()
        self.files.mkdir()
        write_year(self.files, 2022, 70)
        write_year(self.files, 2023, 80)

    def begin(self, *, force: bool = False) -> Run:
        run = Run(self.settings, None)
        run.force = force
        run.__dict__["verdict_before"] = None
        run.__dict__["inputs"] = SimpleNamespace(sources={"qcew": taken("qcew", self.settings)})
        run.__dict__["input_sha256"] = "1" * 64
        run.checks = SimpleNamespace(staged=lambda _: None)  # type: ignore[assignment]
        return run

    def stage(self, *, force: bool = False) -> list[str]:
        """Stage raw.qcew as a run does; gives the files that were read."""
        self.read.clear()
        done = dg.materialize(
            [assets._source_maker("qcew").asset()], instance=self.instance, resources={"run": self.begin(force=force)}
        )
        assert done.success
        return list(self.read)

    def backfill(self, *asked: str) -> list[str]:
        """What a backfill of some years runs: a run for each partition."""
        self.read.clear()
        for year in asked:
            assert stage_qcew_years.execute_in_process(instance=self.instance, partition_key=year).success
        return list(self.read)

    @property
    def jobs(self) -> dict[int, float]:
        table = pl.read_parquet(self.settings.staging / "raw" / "qcew.parquet").filter(own_code="5", naics_code="10")
        return dict(table.select("year", "employment").iter_rows())


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path)
    parse = qcew.read_part

    def read_part(files: dict[str, Path], folder: Path) -> Path:
        made.read += sorted(files)
        return parse(files, folder)

    busy = iter([True, True])

    @contextmanager
    def begin(_: Settings) -> Iterator[Run]:
        if next(busy, False):
            raise BusyError("another run holds the folder")
        yield made.begin()

    monkeypatch.setattr(qcew, "read_part", read_part)
    monkeypatch.setattr(shown, "begin", begin)
    monkeypatch.setattr(shown, "_LOOK_SECONDS", 0)
    yield made
    made.instance.dispose()


WYOMING = "statewide files of 1 state (WY)"
Y2022, Y2023, Y2024 = (f"{year}_annual_by_area.zip" for year in (2022, 2023, 2024))


def test_a_year_that_is_added_is_read_alone(world: World) -> None:
    assert world.stage() == [Y2022, Y2023]
    write_year(world.files, 2024, 90)
    assert world.stage() == [Y2024]
    assert world.jobs == {2022: 70, 2023: 80, 2024: 90}
    assert world.instance.get_materialized_partitions(YEAR_KEY) == {"2022", "2023", "2024"}
    # the same as if all years were read at once
    before = content_sha256(world.settings.staging / "raw" / "qcew.parquet")
    assert world.stage(force=True) == [Y2022, Y2023, Y2024]
    assert content_sha256(world.settings.staging / "raw" / "qcew.parquet") == before


def test_a_year_whose_file_changed_is_read_again_and_one_that_is_gone_leaves(world: World) -> None:
    world.stage()
    write_year(world.files, 2023, 85)
    assert world.stage() == [Y2023]
    assert world.jobs == {2022: 70, 2023: 85}
    (world.files / Y2022).unlink()
    assert world.stage() == []
    assert world.jobs == {2023: 85}


def test_a_staged_year_that_was_edited_is_read_again(world: World) -> None:
    world.stage()
    path = year_path(world.settings.staging, "2022")
    pl.read_parquet(path).with_columns(employment=pl.lit(1.0)).write_parquet(path)
    assert world.stage() == [Y2022]
    assert world.jobs == {2022: 70, 2023: 80}


def test_other_code_reads_all_years_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.stage()
    monkeypatch.setattr(shown, "code_version", lambda *_: "other")
    assert world.stage() == [Y2022, Y2023]


def test_a_backfill_reads_the_years_that_are_asked_for_and_the_next_run_takes_them(world: World) -> None:
    world.stage()
    write_year(world.files, 2022, 75)
    assert world.backfill("2022") == [Y2022]
    assert world.stage() == []
    assert world.jobs == {2022: 75, 2023: 80}
    assert world.backfill("2022", "2023") == [Y2022, Y2023]
    (world.files / Y2022).unlink()
    with pytest.raises(SettingError, match="hold no year 2022"):
        world.backfill("2022", "2023")


def test_a_file_that_changes_while_it_is_read_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run, parse = world.begin(), qcew.read_part

    def changed(files: dict[str, Path], folder: Path) -> Path:
        write_year(world.files, 2022, 1)
        return parse(files, folder)

    monkeypatch.setattr(qcew, "read_part", changed)
    with pytest.raises(BadInputError, match=f"{Y2022}.*changed during the run"):
        reading.stage_year(run.inputs.sources["qcew"], "2022", world.settings)
    assert not year_path(world.settings.staging, "2022").exists()


def test_rows_of_another_year_than_the_files_name_says_are_refused(world: World) -> None:
    (world.files / Y2023).rename(world.files / Y2024)
    with pytest.raises(BadInputError, match=f"{Y2024}.*another year than 2024.*2023"):
        reading.stage_year(taken("qcew", world.settings), "2024", world.settings)


def test_a_vintage_with_a_year_more_reads_that_year_alone_when_it_is_accepted(world: World) -> None:
    live = Settings(data_dir=world.settings.data_dir, source=Source.LIVE)
    add_by_hand(live, "qcew", [world.files / Y2022, world.files / Y2023], f"2022 to 2023, {WYOMING}", None)
    assert world.read == [Y2022, Y2023]
    world.read.clear()
    write_year(world.files, 2024, 90)
    files = [world.files / name for name in (Y2022, Y2023, Y2024)]
    add_by_hand(live, "qcew", files, f"2022 to 2024, {WYOMING}", None)
    assert world.read == [Y2024]
    world.settings = live
    # the tables were kept when the vintage was accepted; its years are shown
    assert world.stage() == []
    assert world.jobs == {2022: 70, 2023: 80, 2024: 90}
    assert world.instance.get_materialized_partitions(YEAR_KEY) == {"2022", "2023", "2024"}
