"""States and areas by what people call them; a name that is not known is answered with the nearest ones."""

import difflib
from collections.abc import Sequence

import duckdb
import polars as pl

from pipelines.errors import UnknownNameError
from pipelines.reports import queries


def _hint(asked: str, names: list[str]) -> str:
    """The known names that are nearest to what was asked for, as a question; nothing where none is near."""
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(asked.strip().casefold(), folded, n=3)
    return f"did you mean {' or '.join(folded[name] for name in near)}? " if near else ""


def find_state(connection: duckdb.DuckDBPyConnection, asked: str) -> tuple[str, str]:
    """Id and name of a state or territory by its postal code or name, in any case.

    Raises UnknownNameError that lists what there is, nearest first.
    """
    states = [
        (str(code), str(name))
        for code, name in connection.sql(
            "select area_id, area_name from reference.area where area_type = 'state' order by area_id"
        ).fetchall()
    ]
    for code, name in states:
        if asked.strip().casefold() in (code.casefold(), name.casefold()):
            return code, name
    hint = _hint(asked, [name for pair in states for name in pair])
    raise UnknownNameError(
        f"{asked} is no state or territory of this release; {hint}known: {', '.join(code for code, _ in states)}"
    )


def find_area(connection: duckdb.DuckDBPyConnection, state_id: str, asked: str) -> tuple[str, str]:
    """Id and name of an area within a state by its id or name, in any case: a metro or nonmetro area, or a region.

    Raises UnknownNameError that says where the area is, or lists what the state has.
    """
    known = queries.areas(connection).rows(named=True)
    wanted = asked.strip().casefold()
    for row in known:
        if wanted not in (row["area_id"].casefold(), row["area_name"].casefold()) or row["area_type"] == "national":
            continue
        if row["state_id"] == state_id:
            return row["area_id"], row["area_name"]
        listed = "" if row["state_id"] is None else f"; it is listed under {row['state_id']}: --state {row['state_id']}"
        raise UnknownNameError(f"{row['area_id']} ({row['area_name']}) is not an area of {state_id}{listed}")
    within = [
        (row["area_id"], row["area_name"])
        for row in known
        if row["state_id"] == state_id and row["area_type"] != "state"
    ]
    if not within:
        raise UnknownNameError(f"{asked} is no area of {state_id}, which has none; leave --area out")
    hint = _hint(asked, [name for pair in within for name in pair])
    raise UnknownNameError(
        f"{asked} is no area of {state_id}; {hint}known: {', '.join(f'{code} {name}' for code, name in within)}"
    )


def check_basis(connection: duckdb.DuckDBPyConnection, basis: str, area_ids: Sequence[str]) -> None:
    """Raise UnknownNameError where an area has no figures on a basis, with those that it has."""
    known = queries.bases(connection, area_ids)
    there = known.filter(pl.col("basis") == basis)["area_id"]
    lacking = [area_id for area_id in area_ids if area_id not in set(there)]
    if not lacking:
        return
    has = ", ".join(known.filter(pl.col("area_id") == lacking[0])["basis"])
    overlay = queries.overlay(connection, basis)
    where = f"; {basis} is of {overlay['state_id']} and its areas only" if overlay else ""
    raise UnknownNameError(f"--basis {basis}: the release has no such figures of {lacking[0]}{where}; it has: {has}")
