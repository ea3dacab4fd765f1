"""Small typed inputs for the SQL tests: tables from dicts, and OEWS cells with the status of each figure."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import contracts
from pipelines.tables import TableName

Row = dict[str, Any]
Tables = dict[str, "list[Row] | pl.DataFrame"]

TOP_CODE = 239_200
#: Stands for a figure that the publisher top-coded, or that does not apply; None is a withheld figure.
TOP_CODED = "top_coded"
NOT_APPLICABLE = "not_applicable"

PERCENTILES = (10, 25, 50, 75, 90)
PERCENTILE_COLUMNS = tuple(f"wage_p{percentile}_usd" for percentile in PERCENTILES)
PERCENTILE_STATUSES = tuple(f"wage_p{percentile}_status" for percentile in PERCENTILES)
FIGURES = (
    "employment",
    "employment_rse_pct",
    "wage_mean_hourly_usd",
    "wage_mean_usd",
    "wage_rse_pct",
    *(f"wage_p{percentile}_hourly_usd" for percentile in PERCENTILES),
    *PERCENTILE_COLUMNS,
    "jobs_per_1000",
    "location_quotient",
)

#: One-off tables that many SELECTs read; the expected figures of the tests stand on these values.
DEFAULTS: dict[str, list[Row]] = {
    "seed.naics_change": [],
    "seed.coverage_break": [],
    "core.industry_joined": [],
    "core.industry_tied_jobs": [],
    "core.naics_edition": [],
    "core.area_territory": [],
    "raw.oews_release": [
        {
            "period": "2025-05",
            "release_code": "2025A01",
            "description": "May 2025",
            "top_code_hourly_usd": 115.0,
            "top_code_annual_usd": TOP_CODE,
        }
    ],
    "reference.method_parameter": [
        {"parameter": "interval_constant", "value": 1.9},
        {"parameter": "interval_z", "value": 1.645},
        {"parameter": "sampling_divisor", "value": 1.1},
        {"parameter": "reliability_a_below", "value": 10.0},
        {"parameter": "reliability_b_below", "value": 20.0},
        {"parameter": "reliability_c_below", "value": 30.0},
        {"parameter": "staffing_pattern_min_placed_pct", "value": 25.0},
        {"parameter": "evidence_a_from_pct", "value": 75.0},
        {"parameter": "evidence_b_from_pct", "value": 50.0},
        {"parameter": "evidence_c_from_pct", "value": 25.0},
        {"parameter": "modelled_a_up_to_pct", "value": 25.0},
        {"parameter": "modelled_b_up_to_pct", "value": 50.0},
        {"parameter": "modelled_c_up_to_pct", "value": 75.0},
        {"parameter": "coverage_a_from_pct", "value": 50.0},
        {"parameter": "modelled_from_pct", "value": 0.5},
        {"parameter": "lq_min_published_pct", "value": 50.0},
        {"parameter": "outlook_max_share_gap_pct", "value": 20.0},
        {"parameter": "outlook_min_share_of_oews_pct", "value": 5.0},
        {"parameter": "outlook_oews_from_jobs", "value": 1000.0},
        {"parameter": "modelled_from_pct", "value": 0.5},
        {"parameter": "industry_min_published_pct", "value": 50.0},
        {"parameter": "industry_min_compared_pct", "value": 90.0},
        {"parameter": "change_min_published_pct", "value": 90.0},
        {"parameter": "outlook_min_coverage_pct", "value": 50.0},
        {"parameter": "earnings_min_covered_pct", "value": 50.0},
        {"parameter": "openings_list_ratio_low", "value": 0.7},
        {"parameter": "openings_list_ratio_high", "value": 1.4},
        {"parameter": "openings_list_from_jobs", "value": 100.0},
        {"parameter": "openings_max_repeats_pct", "value": 50.0},
        {"parameter": "openings_occupation_ratio_low", "value": 0.5},
        {"parameter": "openings_occupation_ratio_high", "value": 2.0},
        {"parameter": "openings_occupation_slack", "value": 10.0},
    ],
    "core.interval_constant": [
        {"area_type": area_type, "interval_constant": constant}
        for area_type, constant in (("metro", 2.0), ("nonmetro", 2.5), ("state", 3.0), ("national", 3.0))
    ],
    "reference.setting": [{"setting": "weights", "setting_value": "national"}],
    # most runs have no state overlay, and most tests no legacy cluster
    **{
        name: []
        for name in (
            "core.qcew_fill",
            "core.qcew_region_cell",
            "core.qcew_region_fill",
            "core.region_occupation",
            "core.region_wage",
            "marts.overlay_allocation",
            "marts.region_coverage",
            "reference.legacy_cluster",
            "reference.overlay",
            "reference.overlay_node",
            "reference.region_member",
            "seed.overlay_membership",
            "seed.region",
        )
    },
}


def typed_table(name: str, rows: "list[Row] | pl.DataFrame") -> pl.DataFrame:
    """Rows as the table `schema.name` in its contract's types; columns left out are NULL, unknown ones an error."""
    if isinstance(rows, pl.DataFrame):
        return rows
    schema = polars_schema(contracts()[TableName.parse(name)])
    if unknown := {column for row in rows for column in row} - schema.keys():
        raise AssertionError(f"{name} has no column {', '.join(sorted(unknown))}")
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


def status(value: Any) -> str:
    """What the publisher says of a figure."""
    return value if isinstance(value, str) else "withheld" if value is None else "ok"


def figures(
    employment: int | None,
    *,
    rse: float | None = 1.0,
    mean: int | str | None = 50_000,
    wages: Sequence[int | str | None] = (None,) * 5,
    **others: float | str | None,
) -> Row:
    """The figures of one OEWS cell, each with its status; `wages` are the annual P10, P25, P50, P75, P90."""
    given: Row = dict.fromkeys(FIGURES)
    # without employment its error is withheld too
    given.update(employment=employment, employment_rse_pct=None if employment is None else rse, wage_mean_usd=mean)
    given.update(zip(PERCENTILE_COLUMNS, wages, strict=True), **others)
    row: Row = {}
    for name, value in given.items():
        row[name] = None if isinstance(value, str) else value
        row[f"{name}_status"] = status(value)
    return row


def area_cell(area_id: str, soc_code: str, employment: int | None, *, group: str = "detailed", **named: Any) -> Row:
    """A row of core.oews_area_occupation."""
    keys = {"area_id": area_id, "soc_code": soc_code, "occupation_group": group, "period": "2025-05"}
    return {**keys, **figures(employment, **named)}


def industry_cell(
    industry_code: str, soc_code: str, employment: int | None, *, group: str = "detailed", **named: Any
) -> Row:
    """A row of core.oews_industry_occupation."""
    keys = {"industry_code": industry_code, "soc_code": soc_code, "occupation_group": group, "period": "2025-05"}
    return {**keys, **figures(employment, **named)}


def wage_cell(
    area_id: str,
    soc_code: str,
    employment: int | None,
    *,
    group: str = "detailed",
    rse: float | None = 1.0,
    mean: int | str | None = 50_000,
    wages: Sequence[int | str | None] = (None,) * 5,
) -> Row:
    """A row of core.occupation_wage, in which the least that a top-coded wage can be stands in for it."""
    bounds: list[int | None] = []
    for wage in wages:
        least = max([TOP_CODE, *(bound for bound in bounds if bound)])
        bounds.append(least if wage == TOP_CODED else None if isinstance(wage, str) else wage)
    return {
        "area_id": area_id,
        "soc_code": soc_code,
        "occupation_group": group,
        "period": "2025-05",
        "employment": employment,
        "employment_status": status(employment),
        "employment_rse_pct": None if employment is None else rse,
        "wage_mean_usd": TOP_CODE if mean == TOP_CODED else None if isinstance(mean, str) else mean,
        "wage_mean_status": status(mean),
        **dict(zip(PERCENTILE_COLUMNS, bounds, strict=True)),
        **dict(zip(PERCENTILE_STATUSES, map(status, wages), strict=True)),
        "has_percentiles": None not in bounds,
        "top_coded_from_usd": bounds[wages.index(TOP_CODED)] if TOP_CODED in wages else None,
    }


def estimate_cell(
    area_id: str,
    soc_code: str,
    published: float | None,
    estimate: float = 0.0,
    *,
    rse: float | None = 1.0,
    mean: float | None = 50_000.0,
    is_mean_modelled: bool | None = None,
    is_lower_bound: bool = False,
) -> Row:
    """A row of core.occupation_estimate: published jobs, or `estimate` of withheld ones.

    The mean wage is modelled with the jobs unless said otherwise.
    """
    is_modelled = published is None
    return {
        "area_id": area_id,
        "soc_code": soc_code,
        "employment_published": published,
        "employment_estimate": estimate if published is None else published,
        "is_modelled": is_modelled,
        "employment_rse_pct": None if is_modelled else rse,
        "wage_mean_estimate_usd": mean,
        "is_wage_mean_modelled": is_modelled if is_mean_modelled is None else is_mean_modelled,
        "is_wage_mean_lower_bound": is_lower_bound,
    }


def area_types(*areas: str) -> list[Row]:
    """Rows of reference.area: the nation, metros (C1), nonmetro areas (N1), and states."""
    kinds = {"C": "metro", "N": "nonmetro"}
    return [
        {
            "area_id": area,
            "area_type": "national" if area == "US" else kinds[area[0]] if area[1].isdigit() else "state",
        }
        for area in areas
    ]


def schemes(cells: Sequence[Row], **of_area: str) -> list[Row]:
    """Rows of core.area_group_scheme for the areas of some cells: national, but for the areas named."""
    areas = sorted({str(cell["area_id"]) for cell in cells})
    return [{"area_id": area, "scheme": of_area.get(area, "national")} for area in areas]


def parts(cells: Sequence[Row], **of_area: dict[str, float]) -> list[Row]:
    """Rows of core.area_part: each area of some cells itself, and each area named with the shares of its parts."""
    own = {area: {area: 1.0} for area in sorted({str(cell["area_id"]) for cell in cells})}
    return [
        {"area_id": area, "part_area_id": part, "share": share}
        for area, shares in (own | of_area).items()
        for part, share in shares.items()
    ]


def home_employment(soc_code: str, cluster: str, sub_cluster: str, employment: float, **others: float) -> Row:
    """A row of core.occupation_home_employment."""
    return {
        "soc_code": soc_code,
        "home_cluster_id": cluster,
        "home_sub_cluster_id": sub_cluster,
        "employment": float(employment),
        "mixed_employment": 0.0,
        "wage_employment": 0.0,
        "wages_usd": 0.0,
        **others,
    }
