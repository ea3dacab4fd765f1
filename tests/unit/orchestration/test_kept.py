"""Which tables a run makes again after a change, with the real wiring over steps that write small files."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import polars as pl
import pytest

from pipelines.contracts.model import contracts
from pipelines.estimation.made import Made
from pipelines.intake.select import RunInputs, SourceInput
from pipelines.orchestration import assets
from pipelines.orchestration.assets import asset_key
from pipelines.overlays.overlay_tables import OVERLAY_TABLES
from pipelines.policies.figures import TABLES as FIGURES
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.quality.validation import Validation
from pipelines.release import run as run_module
from pipelines.release.run import Run
from pipelines.settings import Settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import SqlTable
from pipelines.warehouse.staging import Staged, stamp

POLICY, FLAG = TableName("reference", "policy"), TableName("marts", "occupation_flag")


class World:
    """A data folder and its Dagster instance; the content of each table is a word, by default always the same."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data_dir=folder)
        self.instance = dg.DagsterInstance.ephemeral()
        self.words: dict[TableName, str] = {}
        #: The words of tables with years, and the years that a table was told to keep.
        self.years: dict[TableName, dict[int, str]] = {}
        self.same: list[int] = []
        self.ran: list[str] = []
        self.before: Validation | None = None
        self.policies = ["ohio 1"]
        #: The rules of each policy, and the policies whose flags were to be kept.
        self.rules = {"default": ["1"], "ohio": ["1"]}
        self.same_policies: list[str] = []

    def write(self, table: TableName) -> Staged:
        """Make a table: its word, in a file."""
        self.ran.append(str(table))
        path = parquet_path(self.settings.staging, table)
        path.parent.mkdir(parents=True, exist_ok=True)
        if years := self.years.get(table):
            pl.DataFrame({"year": list(years), "word": list(years.values())}).write_parquet(path)
        else:
            pl.DataFrame({"word": [self.words.get(table, f"{table}")]}).write_parquet(path)
        return stamp(self.settings.staging, table, "1" * 64)

    def write_all(self, tables: Iterable[TableName]) -> dict[TableName, Staged]:
        return {table: self.write(table) for table in tables}

    def begin(self, *, force: bool = False) -> Run:
        """A run after the last one that published."""
        run = Run(self.settings, None)
        run.force = force
        run.__dict__["verdict_before"] = None if force else self.before
        run.__dict__["inputs"] = RunInputs({name: SourceInput(name) for name in raw_sources()})
        run.__dict__["input_sha256"] = "1" * 64
        run.checks = SimpleNamespace(staged=lambda _: None)  # type: ignore[assignment]
        return run

    def to_do(self, run: Run) -> set[str]:
        """The steps of a run that have something to do."""
        return {maker.name for maker in assets.makers()} - assets.kept_names(self.instance, run)

    def run(self, *tables: TableName, force: bool = False, publishes: bool = True) -> list[str]:
        """Make these tables and what they read; gives the tables that were made, in order."""
        self.ran.clear()
        run = self.begin(force=force)
        wanted = dg.AssetSelection.assets(*map(asset_key, tables)).upstream().required_multi_asset_neighbors()
        selection = wanted.upstream().required_multi_asset_neighbors()
        archive = dg.AssetSelection.groups("archive")
        done = dg.materialize(
            assets.all_assets(),
            selection=selection - archive - dg.AssetSelection.assets(["raw", "qcew_year"]),
            instance=self.instance,
            resources={"run": run},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        assert done.success
        assert set(self.ran) == run.made.keys() - run.kept
        if publishes:
            self.before = Validation("1" * 64, dict(run.made), ())
        return list(self.ran)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path)

    def one(table: TableName) -> Callable[..., Staged]:
        return lambda *_: made.write(table)

    monkeypatch.setattr(assets, "stage_csv", lambda table, *_: made.write(table.table))
    monkeypatch.setattr(assets, "stage_frame", lambda table, *_: made.write(table.table))
    monkeypatch.setattr(assets, "source_vintage", lambda _: None)
    monkeypatch.setattr(assets, "stage_years", lambda *_: None)
    for name, table in (
        ("stage_memberships", assets.DOWNLOADED_MEMBERSHIPS),
        ("stage_settings", assets.SETTING),
        ("stage_policies", POLICY),
    ):
        monkeypatch.setattr(assets, name, one(table))

    def stage_flags(_: Settings, __: str, same: Collection[str]) -> Staged:
        made.same_policies = list(same)
        return made.write(FLAG)

    monkeypatch.setattr(assets, "stage_flags", stage_flags)
    monkeypatch.setattr(assets, "rule_lines", lambda _: made.rules)
    monkeypatch.setattr(assets, "stage_overlay", lambda *_: made.write_all(OVERLAY_TABLES))
    monkeypatch.setattr(
        assets, "stage_source", lambda taken, *_: made.write_all(table.table for table in tables_of(taken.source))
    )

    def stage_step(step: SqlTable | Made, *others: object, spark: str | None) -> dict[TableName, Staged]:
        made.same = list(others[-1])  # type: ignore[call-overload]
        return made.write_all(step.tables if isinstance(step, Made) else [step.table])

    monkeypatch.setattr(assets, "stage_step", stage_step)
    monkeypatch.setattr(
        run_module, "reference_lines", lambda *, policies=False: ["rest", *(made.policies if policies else [])]
    )
    yield made
    made.instance.dispose()


def test_a_run_executes_the_steps_that_have_something_to_do(world: World) -> None:
    everything = [name for name in contracts() if name.schema in ("marts", "quality", "reference", "core")]
    first = world.run(*(name for name in everything if name not in assets.AFTER_CHECKS), assets.DOWNLOADED_MEMBERSHIPS)
    run = world.begin()
    # QCEW shows its years in every run
    assert world.to_do(run) == {"source_qcew"}
    qcew = {"raw.qcew"}
    assert run.kept == set(first) - qcew
    assert run.made.keys() == run.kept
    world.policies = ["ohio 2"]
    run = world.begin()
    flags = {"marts__occupation_flag", "marts__cluster_flag_share", "marts__program_alignment"}
    assert world.to_do(run) == {"source_qcew", "reference__policy", *flags}
    assert set(first) - run.kept == qcew | {name.replace("__", ".") for name in {"reference__policy", *flags}}
    assert world.to_do(world.begin(force=True)) == {maker.name for maker in assets.makers()}


def test_a_changed_policy_remakes_the_flags_and_what_reads_them(world: World) -> None:
    everything = [name for name in contracts() if name.schema in ("marts", "quality", "reference", "core")]
    targets = [name for name in everything if name not in assets.AFTER_CHECKS]
    first = world.run(*targets)
    assert len(first) == len(set(first)) > 150
    assert world.run(*targets) == []
    world.policies = ["ohio 2"]
    world.words |= {POLICY: "rules", FLAG: "flags"}
    # what reads flags, by sql/marts: cluster_flag_share and program_alignment
    assert sorted(world.run(*targets)) == [
        "marts.cluster_flag_share",
        "marts.occupation_flag",
        "marts.program_alignment",
        "reference.policy",
    ]


def test_the_flags_of_policies_that_are_as_they_were_are_kept(world: World) -> None:
    world.run(FLAG)
    assert world.same_policies == [], "nothing was there before"
    world.policies, world.rules = ["ohio 2"], {"default": ["1"], "ohio": ["2"], "maine": ["1"]}
    world.words[POLICY] = "rules"
    assert world.run(FLAG) == [str(POLICY), str(FLAG)]
    assert world.same_policies == ["default"]
    # every policy judges the figures
    world.words[FIGURES[0]] = "other"
    parquet_path(world.settings.staging, FIGURES[0]).unlink()
    assert world.run(FLAG)[-1] == str(FLAG)
    assert world.same_policies == []


CELL, INDUSTRY, HOME = (TableName("core", name) for name in ("qcew_cell", "qcew_industry", "industry_home"))
RAW, HOMES = TableName("raw", "qcew"), TableName("seed", "naics_home")


@pytest.fixture
def small(world: World) -> World:
    """After a first run of core.qcew_cell and what it reads: it reads qcew_industry, and that industry_home."""
    assert {"core.qcew_cell", "core.qcew_industry", "core.industry_home", "raw.qcew"} <= set(world.run(CELL))
    return world


def test_nothing_is_made_again_when_nothing_changed_and_all_is_with_force(small: World) -> None:
    assert small.run(CELL) == []
    assert {str(each) for each in (CELL, INDUSTRY, HOME, RAW, HOMES)} <= set(small.run(CELL, force=True))


def test_a_changed_csv_is_staged_alone_and_only_what_becomes_another_goes_on(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = assets.file_sha256
    csv = str(contracts()[HOMES].csv)
    monkeypatch.setattr(assets, "file_sha256", lambda path: "other" if str(path).endswith(csv) else sha256(path))
    small.words |= {HOMES: "other homes", HOME: "other industries"}
    # the industries come out as before, so that their cells are kept
    assert small.run(CELL) == [str(HOMES), str(HOME), str(INDUSTRY)]


@pytest.mark.parametrize("edited", [RAW, CELL], ids=str)
def test_a_table_whose_file_is_not_the_one_that_was_made_is_made_again(small: World, edited: TableName) -> None:
    path = parquet_path(small.settings.staging, edited)
    pl.DataFrame({"word": ["edited"]}).write_parquet(path)
    assert small.run(CELL) == [str(edited)]
    assert pl.read_parquet(path)["word"].to_list() == [str(edited)]


@pytest.mark.parametrize("content", [b"", b"no table\n", b"PAR1"])
def test_a_file_that_is_no_table_is_made_again(small: World, content: bytes) -> None:
    path = parquet_path(small.settings.staging, CELL)
    path.write_bytes(content)
    assert small.run(CELL) == [str(CELL)]
    assert pl.read_parquet(path)["word"].to_list() == [str(CELL)]


def test_a_stray_file_in_the_folder_of_a_table_has_the_table_made_again(small: World) -> None:
    path = parquet_path(small.settings.staging, CELL)
    content = path.read_bytes()
    path.unlink()
    path.mkdir()
    (path / "2022-00000.parquet").write_bytes(content)
    assert "core__qcew_cell" not in small.to_do(small.begin())
    (path / "notes.txt").write_text("a stray file\n")
    assert "core__qcew_cell" in small.to_do(small.begin())


def test_a_table_without_its_file_is_made_again(small: World) -> None:
    parquet_path(small.settings.staging, INDUSTRY).unlink()
    assert small.run(CELL) == [str(INDUSTRY)]


@pytest.mark.parametrize("part", ["sql", "contract", "code"])
def test_a_table_is_made_again_when_its_sql_contract_or_code_changed(
    small: World, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets.makers.cache_clear()
    if part == "sql":
        changed = {name: _with_sql(each) if name == HOME else each for name, each in assets.sql_tables().items()}
        monkeypatch.setattr(assets, "sql_tables", lambda: changed)
    elif part == "contract":
        contract = assets.contract_of
        monkeypatch.setattr(
            assets,
            "contract_of",
            lambda sql: contract(sql).model_copy(update={"grain": "other"}) if sql.table == HOME else contract(sql),
        )
    else:
        code = assets.code_version
        monkeypatch.setattr(assets, "code_version", lambda *of: "other" if "warehouse" in of[0] else code(*of))
    made = small.run(CELL)
    # all SQL tables and the CSV files are made by the code that changed
    assert (str(HOME) in made, str(CELL) in made, str(RAW) in made) == (True, part == "code", False)
    assert small.run(CELL) == []


def _with_sql(table: SqlTable) -> SqlTable:
    return replace(table, sql=f"{table.sql}-- other\n")


def test_what_a_run_made_that_published_nothing_is_made_again(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    small.words[RAW] = "refused"
    parquet_path(small.settings.staging, RAW).unlink()
    assert small.run(CELL, publishes=False) == [str(RAW), str(HOME), str(INDUSTRY), str(CELL)]
    assert str(RAW) in small.run(CELL, publishes=False)
    assert small.run(CELL) != []
    assert small.run(CELL) == []


def test_without_a_release_or_a_history_of_dagster_everything_is_made(small: World) -> None:
    before = small.before
    small.before = None
    assert str(RAW) in small.run(CELL)
    small.before, small.instance = before, dg.DagsterInstance.ephemeral()
    assert str(RAW) in small.run(CELL)


def test_the_history_of_another_data_folder_keeps_nothing(small: World, tmp_path: Path) -> None:
    other = World(tmp_path / "other")
    other.instance, other.words = small.instance, {RAW: "of the other folder"}
    small.settings, own = other.settings, small.settings
    small.words, small.before, before = other.words, None, small.before
    small.run(CELL)
    small.settings, small.before, small.words = own, before, {}
    assert small.run(CELL)[0] == str(RAW)


def test_dagster_has_the_checksum_of_the_file_as_data_version(small: World) -> None:
    event = small.instance.get_latest_materialization_event(asset_key(CELL))
    assert event is not None
    path = parquet_path(small.settings.staging, CELL)
    assert (event.tags or {})["dagster/data_version"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_table_that_is_made_by_year_keeps_the_years_whose_rows_and_files_are_the_same(world: World) -> None:
    years = {2022: "a", 2023: "b"}
    world.years = {RAW: years, INDUSTRY: years, CELL: years}
    world.run(CELL)
    assert world.same == [], "nothing was there before"
    world.years = dict.fromkeys((RAW, INDUSTRY, CELL), years | {2024: "c"})
    parquet_path(world.settings.staging, RAW).unlink()
    assert world.run(CELL) == [str(RAW), str(HOME), str(INDUSTRY), str(CELL)]
    assert world.same == [2022, 2023]
    world.years[INDUSTRY] = {2022: "other", 2023: "b", 2024: "c"}
    parquet_path(world.settings.staging, INDUSTRY).unlink()
    assert world.run(CELL) == [str(INDUSTRY), str(CELL)]
    assert world.same == [2023, 2024]
    # an edited file has no year that can be kept
    pl.DataFrame({"year": [2022, 2023, 2024], "word": ["edited"] * 3}).write_parquet(
        parquet_path(world.settings.staging, CELL)
    )
    assert world.run(CELL) == [str(CELL)]
    assert world.same == []
