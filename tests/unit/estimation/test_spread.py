"""What Spark's tasks make of one area, or of one state and year, is what is made of all at once."""

import polars as pl
import pyarrow as pa

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import contracts
from pipelines.estimation import spread
from pipelines.estimation.industry_tables import fill_frames, read_industries
from pipelines.estimation.tables import make_percentiles
from pipelines.tables import TableName
from tests.unit.estimation.test_group_percentile import cell as wage_cell
from tests.unit.estimation.test_group_percentile import frames, group
from tests.unit.estimation.test_industry_tables import AREAS, industry_frame, tree

CELL = TableName("core", "qcew_cell")
JOBS, WAGES = TableName("core", "occupation_estimate"), TableName("core", "wage_distribution")


def as_spark_gives(frame: pl.DataFrame, table: TableName) -> pa.Table:
    """Rows with every column of the contract, and Spark's types: whole numbers of other sizes, lists of any length."""
    schema = polars_schema(contracts()[table])
    full = frame.select(
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, kind).alias(name)
        for name, kind in schema.items()
    )
    return full.with_columns(pl.selectors.array().arr.to_list().cast(pl.List(pl.Int32))).to_arrow()


def test_states_and_then_the_counties_of_each_are_filled_as_all_at_once() -> None:
    rows = [
        each
        for year in (2023, 2024)
        for each in (
            *tree("US", (900, 9_000), (600, 6_600), 15_600, year),
            *tree("TX", (400, None), (300, None), 7_900 + year % 10, year),
            *tree("OK", (500, None), (300, None), 7_600, year),
            *tree("48001", (100, None), (20, None), 1_500, year),
            *tree("48003", (200, None), (9, None), 2_600, year),
            *tree("40001", (30, None), (60, None), 900, year),
            *tree("72001", (3, None), (6, None), 70, year),
        )
    ]
    cell, industry = pl.DataFrame(rows, infer_schema_length=None), industry_frame(2023, 2024)
    together = pl.concat(fill_frames(cell.lazy(), industry, AREAS)).sort("year", "area_id", "naics_code")
    assert together["area_id"].n_unique() == 6

    made = []
    numbered = {year: read_industries(industry.filter(year=year)) for year in (2023, 2024)}
    for year in (2023, 2024):
        of_year = cell.filter(year=year)
        upper = as_spark_gives(of_year.filter(pl.col("area_id").str.len_chars() == 2), CELL)
        made.append(spread._upper(industry, AREAS, upper))
        # in any order, as after a shuffle
        parents = spread._parents(industry, AREAS, upper).sort_by([("rate", "descending")])
        for state, first in (("TX", "48"), ("OK", "40"), ("PR", "72")):
            counties = as_spark_gives(of_year.filter(pl.col("area_id").str.starts_with(first)), CELL)
            parent = parents.filter(pa.compute.equal(parents["parent_id"], state))
            made.append(spread._counties(numbered, counties, parent))
    apart = pl.concat([pl.DataFrame(pl.from_arrow(each)) for each in made])
    assert apart.sort("year", "area_id", "naics_code").equals(together)


def test_percentiles_of_a_region_of_two_areas_are_those_of_all_areas_at_once() -> None:
    wages = ((30_000, 40_000, 50_000, 60_000, 70_000), (20_000, 30_000, 45_000, 50_000, 90_000))
    cells = [
        {**wage_cell(soc, jobs, wages[number]), "area_id": area}
        for area, jobs in (("TX", 170), ("OK", 90), ("VT", 20))
        for number, soc in enumerate(("15-1252", "29-1141"))
    ]
    whole = {
        "core.occupation_group": pl.DataFrame([group("15-1252"), group("29-1141", 0.4)]),
        "core.area_part": pl.DataFrame(
            {
                "area_id": ["OK", "TX", "TX:both", "TX:both", "VT"],
                "part_area_id": ["OK", "TX", "OK", "TX", "VT"],
                "share": [1.0, 1.0, 0.25, 0.5, 1.0],
            }
        ),
        "core.area_group_scheme": pl.DataFrame({"area_id": ["OK", "TX", "TX:both", "VT"], "scheme": "national"}),
    }
    made = frames(cells)
    # a cell with wages and no jobs, of an occupation that has jobs in other areas
    no_jobs = (pl.col("area_id") == "VT") & (pl.col("soc_code") == "29-1141")
    made[str(JOBS)] = made[str(JOBS)].filter(~no_jobs)
    assert made[str(WAGES)].filter(no_jobs).height == 1
    together = make_percentiles({**made, **whole})["core.group_percentile"]
    assert together["area_id"].to_list() == ["OK", "TX", "TX:both", "VT"]

    small = {**whole, "core.wage_scale": made["core.wage_scale"]}
    apart = []
    for area, parts in (("TX:both", ["OK", "TX"]), ("VT", ["VT"])):
        inputs = []
        for table in (JOBS, WAGES):
            rows = as_spark_gives(made[str(table)].filter(pl.col("area_id").is_in(parts)), table)
            inputs.append(rows.append_column("pool_id", pa.array([area] * rows.num_rows)))
        found = spread._of_area(make_percentiles, TableName("core", "group_percentile"), small, *inputs)
        apart.append(pl.DataFrame(pl.from_arrow(found)))
    both = pl.concat(apart)
    assert both.equals(together.filter(pl.col("area_id").is_in(["TX:both", "VT"])).select(both.columns))
