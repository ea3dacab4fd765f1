"""The median wage of the occupations that each program leads to: `core.program_wage`."""

import numpy as np
import polars as pl

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import contracts
from pipelines.estimation.tables import NO_BOUND, Frames, members_of, read_distributions, spread_jobs
from pipelines.estimation.wages import each_area, percentiles
from pipelines.tables import TableName

PROGRAM_WAGE = TableName("core", "program_wage")
_MEDIAN = np.array([0.5])


def make_program_wages(frames: Frames) -> dict[str, pl.DataFrame]:
    """core.program_wage: the median of each program's occupations together, in the nation and every state.

    It rests on published cells only, because an estimated one is not for publication by itself. A program whose
    occupations have none has no row. A state with a list of links of its own has the programs of that list.
    """
    linked = frames["core.program_link"]
    # a program of each list is a group of its own
    links = linked.select(pl.concat_str("link_list", "cip_code").alias("group_id"), "soc_code", weight=1.0).unique()
    jobs = frames["core.occupation_estimate"].sort("area_id", "soc_code")
    kinds = frames["reference.area"].filter(pl.col("area_type").is_in(["national", "state"])).select("area_id")
    jobs = jobs.join(kinds, on="area_id", how="semi")
    if links.is_empty() or jobs.is_empty():
        return {str(PROGRAM_WAGE): pl.DataFrame(schema=polars_schema(contracts()[PROGRAM_WAGE]))}
    areas, occupations = (jobs[name].unique().sort().to_list() for name in ("area_id", "soc_code"))
    published, _ = spread_jobs(jobs, areas, occupations)
    cells = frames["core.wage_distribution"].join(kinds, on="area_id", how="semi")
    found = read_distributions({**frames, "core.wage_distribution": cells}, areas, occupations)
    own = (found.row >= 0) & ~found.is_modelled[found.row]
    names, members = members_of(links, occupations)
    read = percentiles(found, np.where(own, published, 0.0), members, each_area(len(areas)), _MEDIAN)
    area, program = np.nonzero(read.jobs > 0)
    wage = np.exp(read.log_wage[area, program, 0])
    bound = np.exp(np.minimum(read.bound[area, program], NO_BOUND))
    made = pl.DataFrame(
        {
            "area_id": pl.Series(areas).gather(area),
            "group_id": pl.Series(names).gather(program),
            "wage_employment": np.round(read.jobs[area, program], 4),
            "wage_p50_usd": np.round(wage).astype(np.int64),
            "wage_p50_status": np.where(wage >= bound - 1, "top_coded", "ok"),
        }
    )
    own_lists = linked["link_list"].unique().to_list()
    own_list = pl.when(pl.col("area_id").is_in(own_lists)).then("area_id").otherwise(pl.lit("US"))
    made = made.filter(pl.col("group_id").str.head(2) == own_list)
    made = made.with_columns(cip_code=pl.col("group_id").str.slice(2)).select(*polars_schema(contracts()[PROGRAM_WAGE]))
    return {str(PROGRAM_WAGE): made.sort("area_id", "cip_code")}
