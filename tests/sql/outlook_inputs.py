"""Rows of the projections' raw tables for the SQL tests."""

from sql_inputs import Row

NATION_YEARS = {"base_year": 2024, "projected_year": 2034}


def occupation(code: str, base: float, projected: float, openings: float, *, kind: str = "Line item", **more) -> Row:
    """A row of raw.ep_occupation, in thousands; growth to one decimal as the publisher prints it."""
    return {
        "nem_code": code,
        "nem_title": f"Name of {code}",
        "occupation_type": kind,
        **NATION_YEARS,
        "base_jobs_thousand": base,
        "projected_jobs_thousand": projected,
        "change_thousand": round(projected - base, 1),
        "change_pct": round(100 * (projected - base) / base, 1),
        "annual_openings_thousand": openings,
        **more,
    }


def separations(code: str, exits: float, transfers: float) -> Row:
    """A row of raw.ep_separations, in thousands."""
    return {"nem_code": code, "annual_exits_thousand": exits, "annual_transfers_thousand": transfers}


def state_row(
    area: str, code: str, base: int, projected: int, openings: int, *, growth: float = 0.0, status: str = "ok", **more
) -> Row:
    """A row of raw.projections_central."""
    return {
        "area_id": area,
        "soc_code": code,
        "title": f"Name of {code}",
        "base_jobs": base,
        "projected_jobs": projected,
        "change_jobs": projected - base,
        "growth_pct": growth,
        "annual_openings": openings,
        "base_year": 2022,
        "projected_year": 2032,
        "status": status,
        **more,
    }


def bridge(nem_code: str, soc_code: str | None = None) -> Row:
    """A row of seed.nem_soc."""
    return {"nem_code": nem_code, "soc_code": soc_code or nem_code, "kind": "same"}
