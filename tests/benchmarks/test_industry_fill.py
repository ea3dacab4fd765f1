"""Estimates of withheld QCEW cells beside plainer ones: errors on hidden cells, processor time and memory."""

import resource
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.contracts.model import contracts
from pipelines.estimation.arrays import Floats, sum_by
from pipelines.estimation.hiding import uniform, words
from pipelines.estimation.industry import Cells, Parent, as_parent, fill, nearest_published, not_shown, without_parent
from pipelines.estimation.industry_tables import Group, Industries, fill_frames, filled_groups, read_industries
from pipelines.estimation.industry_trial import SEEDS, SMALL, hide
from pipelines.intake.bundle import copy_source
from pipelines.settings import Settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_csv, stage_sql
from tests.benchmarks.pipeline_chain import upstream_of

CELL, INDUSTRY = TableName("core", "qcew_cell"), TableName("core", "qcew_industry")


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled sample up to core.qcew_cell."""
    folder = tmp_path_factory.mktemp("staging")
    needed = upstream_of(CELL)
    copy_source("qcew", folder)
    for table in contracts().values():
        if table.csv and table.table in needed:
            stage_csv(table, folder, input_sha256="")
    for name, sql in sql_tables().items():
        if name in needed or name == CELL:
            stage_sql(sql, folder, "", Settings().memory_limit)
    return folder


def plain(cells: Cells, weight: Floats) -> Floats:
    """The plainest form: what each published cell leaves, split by a weight."""
    above = nearest_published(cells)
    rows = np.flatnonzero(cells.is_withheld & cells.is_finest)
    sums = sum_by(above[rows], weight[rows], len(above))
    jobs = cells.employment.copy()
    jobs[rows] = weight[rows] * (not_shown(cells, above) / np.maximum(sums, 1e-9))[above[rows]]
    return jobs


def nation_of(group: Group, industries: Industries) -> Parent:
    """A nation of the group's areas, in which withheld cells have 0.5 to 2 times the usual jobs per establishment."""
    numbers = uniform(words(group.areas), np.arange(industries.numbers, dtype=np.uint64), 9)
    spread = 4.0 ** (numbers[group.cells.area, group.cells.industry] - 0.5)
    other = replace(group.cells, establishments=group.cells.establishments * spread)
    jobs = fill(other, without_parent(group.cells, industries.upper), group.counted)
    size = industries.numbers
    every = np.arange(size)
    rate = without_parent(group.cells, industries.upper).rate
    of_all = (sum_by(group.cells.industry, figure, size) for figure in (jobs, group.cells.establishments))
    return as_parent(every, *of_all, rate)


@pytest.mark.benchmark
def test_each_step_of_the_method_lowers_the_error(staged: Path) -> None:
    cell, industry = (pl.read_parquet(parquet_path(staged, name)) for name in (CELL, INDUSTRY))
    states = {"area_id": cell["area_id"].unique().sort(), "area_type": "state", "state_id": None, "is_territory": False}
    area = pl.DataFrame(states)
    industries = read_industries(industry)
    ((group, _),) = filled_groups(cell.lazy(), industries, area)
    everywhere = replace(group, parent=nation_of(group, industries), counted=np.ones_like(group.counted))
    errors: dict[str, list[tuple[float, float]]] = {}
    for seed in SEEDS:
        cells, truth = hide(group, industries, seed), group.cells.employment
        methods = {
            "equal parts": plain(cells, np.ones_like(truth)),
            "by establishments": plain(cells, np.maximum(cells.establishments, 0.25)),
            "this way, no nation": group.fill(cells, industries),
            "this way, with a nation": everywhere.fill(cells, industries),
        }
        hidden = cells.is_withheld & ~group.cells.is_withheld & cells.is_finest
        for name, jobs in methods.items():
            for kind, chosen in (("all", hidden), ("small", hidden & (cells.establishments <= SMALL))):
                error = np.abs(jobs - truth)[chosen].sum()
                errors.setdefault(f"{name}, {kind}", []).append((error, truth[chosen].sum()))
    print()
    weighted = {}
    for name, parts in errors.items():
        error, jobs = np.array(parts).sum(axis=0)
        weighted[name] = 100 * error / jobs
        print(f"{name:<32}{weighted[name]:6.1f} %")
    assert weighted["this way, with a nation, all"] < weighted["this way, no nation, all"]
    assert weighted["this way, no nation, all"] < weighted["by establishments, all"] < weighted["equal parts, all"]
    started, cpu = time.perf_counter(), time.process_time()
    found = pl.concat(fill_frames(cell.lazy(), industry, area))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - started
    begun = time.process_time()
    plain(group.cells, np.maximum(group.cells.establishments, 0.25))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{found.height} cells of {group.cells.area.size} in {wall:.2f} s, {cpu:.2f} s of processor; ", end="")
    print(f"the plain split of arrays {time.process_time() - begun:.3f} s; peak of the process {peak:.2f} GB")
    assert cpu < 5
