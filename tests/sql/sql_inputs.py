"""Small typed inputs for the SQL tests: tables from dicts, and OEWS cells with the status of each figure."""

from collections.abc import Sequence
from typing import Any

import polars as pl

Row = dict[str, Any]
Tables = dict[str, "list[Row] | pl.DataFrame"]

TOP_CODE = 239_200
#: Stands for a figure that the publisher top-coded, or that does not apply; None is a withheld figure.
TOP_CODED = "top_coded"
NOT_APPLICABLE = "not_applicable"

PERCENTILES = (10, 25, 50, 75, 90)
FIGURES: dict[str, Any] = {
    "employment": pl.Int64,
    "employment_rse_pct": pl.Float64,
    "wage_mean_hourly_usd": pl.Float64,
    "wage_mean_usd": pl.Int64,
    "wage_rse_pct": pl.Float64,
    **{f"wage_p{percentile}_hourly_usd": pl.Float64 for percentile in PERCENTILES},
    **{f"wage_p{percentile}_usd": pl.Int64 for percentile in PERCENTILES},
    "jobs_per_1000": pl.Float64,
    "location_quotient": pl.Float64,
}
_FIGURE_COLUMNS = {
    column: dtype
    for name, figure in FIGURES.items()
    for column, dtype in ((name, figure), (f"{name}_status", pl.String))
}


def _text(*columns: str) -> dict[str, Any]:
    return dict.fromkeys(columns, pl.String)


def _double(*columns: str) -> dict[str, Any]:
    return dict.fromkeys(columns, pl.Float64)


#: Columns and types of every table that a SELECT reads.
SCHEMAS: dict[str, dict[str, Any]] = {
    "raw.oews_area": _text("area_id", "area_code", "area_type", "state_code", "area_name"),
    "raw.oews_area_occupation": {**_text("area_id", "soc_code", "period"), **_FIGURE_COLUMNS},
    "raw.oews_industry_occupation": {**_text("industry_code", "soc_code", "period"), **_FIGURE_COLUMNS},
    "raw.oews_industry": {**_text("industry_code", "industry_name"), "display_level": pl.Int64},
    "raw.oews_occupation": _text("soc_code", "occupation_name", "occupation_group"),
    "raw.oews_release": {
        **_text("period", "release_code", "description"),
        "top_code_hourly_usd": pl.Float64,
        "top_code_annual_usd": pl.Int64,
    },
    "raw.soc": {
        **_text("soc_code", "soc_title", "soc_level", "parent_code", "major_code"),
        "sort_order": pl.Int64,
    },
    "raw.naics": {
        **_text("naics_code", "naics_title", "parent_code", "sector_code"),
        "naics_level": pl.Int64,
        "sort_order": pl.Int64,
    },
    "seed.state": {**_text("state_fips", "state_id", "state_name"), "is_territory": pl.Boolean},
    "seed.soc_combined": _text("combined_code", "member_code", "source"),
    "seed.soc_sub_cluster": _text("soc_code", "cluster_id", "sub_cluster_id"),
    "seed.naics_home": _text(
        "code_system", "naics_code", "naics_title", "cluster_id", "sub_cluster_id", "reason", "advance_cte_agrees"
    ),
    "reference.area": {
        **_text("area_id", "area_name", "area_type", "state_id", "state_fips", "oews_area_code"),
        "is_territory": pl.Boolean,
    },
    "reference.cluster": {
        **_text("cluster_id", "cluster_name", "grouping_id", "scope_note"),
        "is_cross_cutting": pl.Boolean,
        "sort_order": pl.Int64,
    },
    "reference.sub_cluster": {
        **_text("sub_cluster_id", "cluster_id", "sub_cluster_name", "scope_note"),
        "sort_order": pl.Int64,
    },
    "reference.method_parameter": {**_text("parameter", "unit", "meaning", "basis"), "value": pl.Float64},
    "reference.oews_occupation": {
        **_text("soc_code", "occupation_name", "occupation_group", "major_code", "member_codes"),
        "is_combined": pl.Boolean,
    },
    "reference.soc_sub_cluster": _text("soc_code", "sub_cluster_id", "cluster_id", "membership_source", "listed_as"),
    "reference.naics_sub_cluster": _text(
        "code_system",
        "naics_code",
        "naics_title",
        "cluster_id",
        "sub_cluster_id",
        "mapped_code",
        "reason",
        "advance_cte_agrees",
    ),
    "core.oews_area_occupation": {
        **_text("area_id", "soc_code", "occupation_group", "period"),
        **_FIGURE_COLUMNS,
    },
    "core.oews_industry_occupation": {
        **_text("industry_code", "soc_code", "occupation_group", "period"),
        **_FIGURE_COLUMNS,
    },
    "core.oews_industry": {
        **_text("industry_code", "industry_name", "parent_industry_code", "home_cluster_id", "home_sub_cluster_id"),
        "industry_level": pl.Int64,
        "is_ownership_variant": pl.Boolean,
        "is_one_cluster": pl.Boolean,
        "is_one_sub_cluster": pl.Boolean,
    },
    "core.occupation_home_employment": {
        **_text("soc_code", "home_cluster_id", "home_sub_cluster_id"),
        **_double("employment", "mixed_employment", "wage_employment", "wages_usd"),
    },
    "core.occupation_group": {
        **_text("group_id", "level", "cluster_id", "sub_cluster_id", "basis", "soc_code"),
        "weight": pl.Float64,
    },
    "core.group_total": {
        **_text("area_id", "group_id"),
        **dict.fromkeys(("occupations_defined", "occupations", "occupations_without_employment"), pl.Int64),
        **_double("employment", "employment_rse_pct", "wage_mean_usd"),
        "has_top_coded_mean": pl.Boolean,
        **_double("wage_mean_coverage_pct", "wage_coverage_pct", "national_employment_published"),
        **_double("national_employment", "coverage_pct"),
    },
    "core.group_percentile": {
        **_text("area_id", "group_id"),
        **_double(*(f"wage_p{percentile}_usd" for percentile in PERCENTILES)),
    },
    "marts.soc_allocation": {
        **_text("soc_code", "cluster_id", "sub_cluster_id"),
        **_double("weight", "cluster_weight", "weight_in_cluster"),
        **_text("cluster_method", "sub_cluster_method", "evidence_soc_code"),
        **_double("cluster_home_employment", "sub_cluster_home_employment"),
    },
}

#: One-off tables that most SELECTs read; the expected figures of the tests stand on these values.
DEFAULTS: dict[str, list[Row]] = {
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
        {"parameter": "wage_tail_floor", "value": 0.85},
        {"parameter": "wage_tail_ceiling", "value": 1.35},
        {"parameter": "interval_z", "value": 1.645},
        {"parameter": "reliability_a_below", "value": 10.0},
        {"parameter": "reliability_b_below", "value": 20.0},
        {"parameter": "reliability_c_below", "value": 30.0},
        {"parameter": "lq_min_coverage_pct", "value": 50.0},
        {"parameter": "accuracy_min_coverage_pct", "value": 95.0},
    ],
}


def typed_table(name: str, rows: "list[Row] | pl.DataFrame") -> pl.DataFrame:
    """Rows as the table `schema.name` with all its columns; columns left out are NULL, unknown ones an error."""
    if isinstance(rows, pl.DataFrame):
        return rows
    schema = SCHEMAS[name]
    if unknown := {column for row in rows for column in row} - schema.keys():
        raise AssertionError(f"{name} has no column {', '.join(sorted(unknown))}")
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


def figures(
    employment: int | str | None,
    *,
    rse: float | str | None = 1.0,
    mean: int | str | None = 50_000,
    wages: Sequence[int | str | None] = (None,) * 5,
    **others: float | str | None,
) -> Row:
    """The figures of one OEWS cell, each with its status; `wages` are the annual P10, P25, P50, P75, P90."""
    given: Row = dict.fromkeys(FIGURES)
    given.update(employment=employment, employment_rse_pct=rse, wage_mean_usd=mean, **others)
    given.update({f"wage_p{percentile}_usd": wage for percentile, wage in zip(PERCENTILES, wages, strict=True)})
    row: Row = {}
    for name, value in given.items():
        row[name] = None if isinstance(value, str) else value
        row[f"{name}_status"] = value if isinstance(value, str) else "withheld" if value is None else "ok"
    return row


def area_cell(area_id: str, soc_code: str, employment: int | None, *, group: str = "detailed", **named: Any) -> Row:
    """A row of core.oews_area_occupation; without employment its error is withheld too."""
    if employment is None:
        named.setdefault("rse", None)
    return {
        "area_id": area_id,
        "soc_code": soc_code,
        "occupation_group": group,
        "period": "2025-05",
        **figures(employment, **named),
    }


def industry_cell(
    industry_code: str, soc_code: str, employment: int | None, *, group: str = "detailed", **named: Any
) -> Row:
    """A row of core.oews_industry_occupation."""
    return {
        "industry_code": industry_code,
        "soc_code": soc_code,
        "occupation_group": group,
        "period": "2025-05",
        **figures(employment, **named),
    }


def home_employment(soc_code: str, cluster: str, sub_cluster: str, employment: float, **others: Any) -> Row:
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
