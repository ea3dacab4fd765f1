"""From staged QCEW tables to estimates and back, and the errors of estimates, on figures worked out by hand."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.estimation.industry import Cells
from pipelines.estimation.industry_tables import Industries, families, fill_frames, read_cells, read_industries
from pipelines.estimation.industry_trial import Outcome, accuracy_frame, chances, cover, nodes

NAN = float("nan")
UPPER = {"10": None, "101": "10", "1011": "101", "11": "1011", "111": "11", "112": "11"}
DEPTHS = {"10": 0, "101": 1, "1011": 2, "11": 3, "111": 4, "112": 4}


def industry_frame(*years: int) -> pl.DataFrame:
    """core.qcew_industry: 11 is a cluster of two sub-clusters."""
    return pl.DataFrame(
        [
            {
                "year": year,
                "naics_code": code,
                "depth": DEPTHS[code],
                "parent_code": upper,
                "cluster_id": "agriculture" if code.startswith("11") else None,
                "sub_cluster_id": {"111": "plants", "112": "animals"}.get(code),
                "is_cluster_frontier": code == "11",
                "is_sub_cluster_frontier": code in {"111", "112"},
            }
            for year in years
            for code, upper in UPPER.items()
        ]
    )


AREAS = pl.DataFrame(
    [
        {"area_id": area, "area_type": kind, "state_id": state, "is_territory": state == "PR"}
        for area, kind, state in (
            ("US", "national", None),
            ("TX", "state", "TX"),
            ("OK", "state", "OK"),
            ("PR", "state", "PR"),
            ("40001", "county", "OK"),
            ("48001", "county", "TX"),
            ("48003", "county", "TX"),
            ("72001", "county", "PR"),
            ("TX:gulf", "region", "TX"),
        )
    ]
)


def tree(
    area: str, plants: tuple[float, float | None], animals: tuple[float, float | None], jobs: float, year: int = 2024
) -> list[dict[str, object]]:
    """Cells of one area and owner: establishments and jobs of two finest industries under `jobs` published ones."""
    rows = []
    for code, depth in DEPTHS.items():
        own = {"111": plants, "112": animals}.get(code, (plants[0] + animals[0], jobs))
        rows.append(
            {
                "area_id": area, "year": year, "own_code": "5", "naics_code": code, "depth": depth,
                "establishments": float(own[0]), "employment": None if own[1] is None else float(own[1]),
            }
        )  # fmt: skip
    return rows


def estimates(rows: list[dict[str, object]], *years: int) -> dict[tuple[str, int, str], float]:
    cell = pl.DataFrame(rows, infer_schema_length=None)
    pieces = list(fill_frames(cell.lazy(), industry_frame(*years), AREAS))
    assert {own for piece in pieces for own in piece["own_code"]} <= {"5"}
    return {(area, year, code): jobs for piece in pieces for area, year, _, code, jobs in piece.iter_rows()}


def test_states_add_up_to_the_nation_and_counties_to_their_state() -> None:
    rows = [
        *tree("US", (30, 300), (30, 900), 1200),
        # the nation has 300 and 900; OK shows 100 and 500, so TX has 200 and 400
        *tree("OK", (10, 100), (10, 500), 600),
        *tree("TX", (20, None), (20, None), 600),
        # TX has 10 and 20 jobs per establishment; of equal establishments the first county has more animals
        *tree("48001", (10, None), (10, None), 300),
        *tree("48003", (10, None), (10, None), 300),
    ]
    found = estimates(rows, 2024)
    assert found["TX", 2024, "111"] == pytest.approx(200, abs=1e-5)
    assert found["TX", 2024, "112"] == pytest.approx(400, abs=1e-5)
    assert found["48001", 2024, "111"] == found["48003", 2024, "111"] == pytest.approx(100, abs=1e-5)
    assert {area for area, _, _ in found} == {"TX", "48001", "48003"}


def test_a_territory_is_no_part_of_the_nation_but_takes_its_rates() -> None:
    rows = [
        *tree("US", (20, 200), (20, 600), 800),
        *tree("OK", (20, 200), (20, 600), 800),
        *tree("PR", (3, None), (1, None), 60),
    ]
    found = estimates(rows, 2024)
    # 10 and 30 jobs per establishment: 3 * 10 and 1 * 30
    assert (found["PR", 2024, "111"], found["PR", 2024, "112"]) == (30.0, 30.0)


def test_each_year_stands_alone() -> None:
    first = tree("TX", (1, None), (1, None), 60, 2023)
    second = [*tree("TX", (1, None), (1, None), 60), *tree("OK", (1000, 9000), (1000, 1000), 10_000)]
    found = estimates([*first, *second], 2023, 2024)
    assert found["TX", 2023, "111"] == 30.0
    assert found["TX", 2024, "111"] > 50
    assert found["TX", 2023, "111"] == estimates(first, 2023)["TX", 2023, "111"]


def test_pieces_come_in_the_order_of_the_key() -> None:
    rows = [
        row
        for year in (2023, 2024)
        for area in ("TX", "48003", "US", "40001", "48001", "OK")
        for row in tree(area, (1, None), (1, None), 60, year)
    ]
    pieces = list(fill_frames(pl.DataFrame(rows).lazy(), industry_frame(2023, 2024), AREAS))
    found = pl.concat(pieces)
    key = ["year", "area_id", "own_code", "naics_code"]
    assert found.select(key).equals(found.select(key).sort(key))
    # the counties of two states, and what is above them, in each year
    assert len(pieces) == 6


def test_what_nothing_says_has_no_row() -> None:
    cells = [{**row, "employment": None} for row in tree("48001", (1, None), (1, None), 60)]
    assert estimates(cells, 2024) == {}


def test_a_parent_comes_before_its_areas() -> None:
    assert list(families(AREAS)) == [
        ("national", None, ["US"]),
        ("state", "US", ["OK", "PR", "TX"]),
        ("county", "OK", ["40001"]),
        ("county", "TX", ["48001", "48003"]),
        ("county", "PR", ["72001"]),
    ]


def cells_of(*trees: list[dict[str, object]]) -> tuple[Cells, Industries]:
    industries = read_industries(industry_frame(2024))
    _, cells = read_cells(pl.DataFrame([row for rows in trees for row in rows], infer_schema_length=None), industries)
    return cells, industries


def test_cells_know_the_cell_above_them() -> None:
    cells, industries = cells_of(tree("OK", (2, 20), (3, None), 50), tree("TX", (1, 5), (1, 5), 10))
    assert cells.area.tolist() == [0] * 6 + [1] * 6
    assert cells.depth.tolist() == [0, 1, 2, 3, 4, 4] * 2
    assert cells.parent.tolist() == [-1, 0, 1, 2, 3, 3, -1, 6, 7, 8, 9, 9]
    np.testing.assert_array_equal(cells.employment[3:6], [50, 20, NAN])
    own, code = industries.owner_and_code(cells.industry[4:6])
    assert (own.to_list(), code.to_list()) == (["5", "5"], ["111", "112"])


def test_a_missing_cell_ends_the_way_up() -> None:
    cells, _ = cells_of([row for row in tree("OK", (2, 20), (3, None), 50) if row["naics_code"] != "11"])
    assert cells.parent.tolist() == [-1, 0, 1, -1, -1]


def test_the_chance_to_be_withheld_is_that_of_cells_alike() -> None:
    trees = [tree(area, (1, None if area == "OK" else 9), (50, 100), 109) for area in ("OK", "TX", "PR")]
    cells, industries = cells_of(*trees)
    chance = chances(cells, np.zeros(18, dtype=np.int64), np.full(industries.numbers, 9.0))
    # one of the three cells of one establishment and 9 expected jobs: (1 + 5 / 3) / (3 + 5)
    np.testing.assert_allclose(chance[cells.depth == 4][::2], 1 / 3)
    assert chance[cells.depth == 4][1::2].tolist() == [0.0] * 3
    assert chance[cells.depth == 0].tolist() == [0.0] * 3


def test_no_hidden_cell_is_what_its_siblings_leave() -> None:
    cells, _ = cells_of(tree("OK", (2, 20), (3, 30), 50), tree("TX", (2, 20), (3, 30), 50))
    hidden = np.zeros(12, dtype=np.bool_)
    hidden[4] = True
    # the one beside it in the same area goes, too; the cells above are published and show only the sum
    assert np.flatnonzero(cover(cells, hidden)).tolist() == [4, 5]
    # without another beside it, those above go, up to the total
    alone, _ = cells_of([row for row in tree("OK", (2, 20), (3, 30), 20) if row["naics_code"] != "112"])
    assert np.flatnonzero(cover(alone, np.arange(5) == 4)).tolist() == [1, 2, 3, 4]


def test_a_cell_that_is_withheld_already_covers_a_hidden_one() -> None:
    cells, _ = cells_of(tree("OK", (2, None), (3, 30), 50))
    assert np.flatnonzero(cover(cells, np.arange(6) == 5)).tolist() == [5]
    assert not cover(replace(cells, employment=np.nan_to_num(cells.employment)), np.zeros(6, dtype=np.bool_)).any()


def test_errors_by_hand() -> None:
    truth, estimate = np.array([100.0, 50.0, 10.0]), np.array([110.0, 45.0, 10.0])
    found = Outcome(truth, estimate, np.array([90.0, 46.0, 0.0]), np.array([120.0, 49.0, NAN])).figures()
    # errors of 10, 10 and 0 percent; 5 of 160 jobs too many, 15 wrong; the second lies outside its bounds
    assert found == {
        "groups": 3,
        "held_pct": 66.6667,
        "median_width_pct": round((100 * 15 / 110 + 100 * 1.5 / 45) / 2, 4),
        "median_error_pct": 10.0,
        "p90_error_pct": 10.0,
        "bias_pct": 3.125,
        "weighted_error_pct": 9.375,
    }


def test_industries_are_summed_by_cluster_and_private_owner() -> None:
    frame = industry_frame(2024)
    industries = read_industries(frame)
    cluster = nodes(frame, industries, "cluster").reshape(4, 6)
    assert (cluster[:, [0, 1, 2, 4, 5]] == -1).all()
    assert len(set(cluster[:3, 3])) == 1
    assert cluster[3, 3] not in cluster[:3, 3]
    sub_cluster = nodes(frame, industries, "sub_cluster").reshape(4, 6)
    assert len(set(sub_cluster[3, 4:])) == 2


def test_the_trial_is_the_same_in_every_run_and_measures_states_and_counties() -> None:
    rng = np.random.default_rng(1)
    rows = []
    for area in ("US", "TX", "OK", "48001", "48003"):
        plants, animals = rng.integers(50, 500, 2)
        held = area == "48001"
        rows += tree(area, (5, None if held else plants), (5, None if held else animals), float(plants + animals))
    cell = pl.DataFrame(rows, infer_schema_length=None).lazy()
    found = accuracy_frame(cell, industry_frame(2023, 2024), AREAS)
    assert found.equals(accuracy_frame(cell, industry_frame(2023, 2024), AREAS))
    # nothing is withheld in states, so nothing is hidden there; industries here have five establishments
    assert found.select("source", "area_type").unique().rows() == [("qcew", "county")]
    assert set(found["level"]) == {"industry", "sub_cluster"}
    hidden = found.filter(level="industry")["groups"].item()
    # a sub-cluster is one industry here, so nothing of a hidden one is published
    bands = found.filter(level="sub_cluster").select("coverage_band", "groups").rows()
    assert bands == [("all", hidden), ("0_to_50", hidden)]
