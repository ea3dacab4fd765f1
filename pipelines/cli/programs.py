"""`lmi programs`: the programs of a state with their awards, openings, wages and earnings, and whether they qualify."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from pipelines.cli.console import DataDir, Json, listing, make_settings, out, print_json
from pipelines.cli.place import StateOption, StatePlace, one_place
from pipelines.cli.targets import refuse_no_file
from pipelines.cli.writing import write_files
from pipelines.contracts.model import contracts
from pipelines.errors import UnknownNameError
from pipelines.reports.areas import Area, find_state
from pipelines.reports.format import MISSING, count, dollars, form_of, yes_no
from pipelines.reports.programs import NEEDED_TABLES, PROGRAMS, StatePrograms, state_programs
from pipelines.reports.release import open_release
from pipelines.reports.spreadsheets import flag_columns


class AwardGroup(StrEnum):
    """Groups of award levels."""

    SHORT_CERTIFICATE = "short_certificate"
    CERTIFICATE = "certificate"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    GRADUATE = "graduate"
    DOCTOR = "doctor"


def programs(
    place: StatePlace = None,
    *,
    state: StateOption = None,
    cluster: Annotated[str | None, typer.Option(help="Only programs of one Career Cluster, by its name or id.")] = None,
    award: Annotated[AwardGroup | None, typer.Option(help="Only awards of one group.")] = None,
    policy: Annotated[
        str | None, typer.Option(help="Policy that decides who is eligible; the state's own by default.")
    ] = None,
    pell: Annotated[
        bool, typer.Option("--pell", help="Short certificates with the reasons why they are eligible or not.")
    ] = False,
    short: Annotated[
        bool,
        typer.Option(
            "--short-of-openings", help="Programs with fewer awards than openings of their level, most first."
        ),
    ] = False,
    csv: Annotated[Path | None, typer.Option(help="Also write all rows to this CSV.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="The same to a Parquet file.")] = None,
    top: Annotated[int, typer.Option(help="Programs to show, most awards first.", min=1)] = 25,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Show a state's programs: who finishes, which openings they lead to, what finishers earn, and who qualifies."""
    if pell and award not in (None, AwardGroup.SHORT_CERTIFICATE):
        raise UnknownNameError(f"--pell shows short certificates; leave out --award {award}")
    chosen = AwardGroup.SHORT_CERTIFICATE if pell else award
    refuse_no_file(csv, parquet)
    asked = one_place("lmi programs OH", place, state)
    settings = make_settings(data_dir)
    with open_release(settings.database, needed=NEEDED_TABLES) as release:
        of_state = find_state(release.areas.values(), asked, release.areas_without_occupations)
        found = state_programs(release, of_state, policy=policy, award_group=chosen, cluster=cluster)
    if short:
        below = found.rows.filter(pl.col("gap") > 0).sort("gap", descending=True, maintain_order=True)
        found = replace(found, rows=below)
    if as_json:
        print_json(_as_json(of_state, found))
    else:
        what = " ".join(
            filter(None, (chosen and chosen.replace("_", " "), cluster, "short of openings" if short else None))
        )
        heading = f"{of_state.area_name} ({of_state.area_id}): {found.rows.height:,} programs {what}"
        out.print(heading.rstrip(), style="bold")
        _show_reasons(found, top) if pell else _show_table(found, top)
        _show_basis(of_state, found)
    write_files(found.rows, flag_columns(contracts()[PROGRAMS]), csv, parquet, quiet=as_json)


def _as_json(state: Area, found: StatePrograms) -> dict[str, object]:
    return {
        "area_id": state.area_id,
        "area_name": state.area_name,
        "policy": found.policy,
        "policy_title": found.policy_title,
        "award_periods": found.periods,
        "projection_period": found.projection_period,
        "rows": found.rows.to_dicts(),
    }


def _show_basis(state: Area, found: StatePrograms) -> None:
    openings = f", openings a year those of {found.projection_period}" if found.projection_period else ""
    by = f"by {found.policy_title} ({found.policy}); awards are the mean of {found.periods}{openings}."
    if found.has_no_list:
        out.print(f"Flags {by}")
        said = (
            "They stand separate, so there is no list, and no program is eligible or not; --policy default has a list."
        )
        out.print(said, style="yellow")
    else:
        out.print(f"Eligible {by}")
    if others := [name for name in found.policies if name != found.policy]:
        out.print(f"The release also has {', '.join(others)} for {state.area_id} (--policy).")
    out.print(
        "Openings of an occupation count for every program that leads to it. A gap is not a shortage: awards of "
        "another level count as none, and training outside of colleges is in no figure."
    )


def _dollars(value: float | None) -> str:
    return MISSING if value is None else dollars(value)


def _count(value: float | None) -> str:
    return MISSING if value is None else count(value)


def _asks_for_more(row: dict[str, Any]) -> bool:
    """Whether each of the program's occupations on the list usually asks for more education than the award."""
    return bool(row["eligible"] == "true" and row["entry_reached"] == "false")


def _eligible(row: dict[str, Any]) -> str:
    return yes_no(row["eligible"]) + (", entry asks for more" if _asks_for_more(row) else "")


def _show_table(found: StatePrograms, top: int) -> None:
    table = listing(
        "code",
        "program",
        "award",
        "awards",
        "openings",
        "at its level",
        "its share of these",
        "awards at this level",
        "gap",
        "wage",
        "earnings",
        "eligible",
    )
    for row in found.rows.head(top).iter_rows(named=True):
        table.add_row(
            row["cip_code"],
            row["cip_title"],
            row["award_group"].replace("_", " "),
            _count(row["awards"]),
            _count(row["annual_openings"]),
            "none" if row["openings_at_level"] is None else count(row["openings_at_level"]),
            _count(row["openings_shared"]),
            _count(row["awards_at_level"]),
            MISSING if row["gap"] is None else form_of("gap").text(row["gap"]),
            _dollars(row["wage_p50_usd"]),
            _dollars(row["earnings_usd"]),
            _eligible(row),
        )
    out.print(table)
    out.print(
        "Openings and wage are of all occupations that a program leads to; openings at its level are of those that ask "
        "for this award. The gap is the program's share of these, each opening counted once, less its awards at that "
        "level. Earnings are of the four-digit field. Entry asks for more: each of its occupations on the "
        "list usually asks for more education than the award."
    )


def _show_reasons(found: StatePrograms, top: int) -> None:
    for row in found.rows.head(top).iter_rows(named=True):
        words = {"true": "eligible", "false": "not eligible", "no_list": "no list of occupations"}
        verdict = words.get(row["eligible"], "unknown")
        if _asks_for_more(row):
            verdict += ", though the entry asks for more"
        out.print(f"{row['cip_code']} {row['cip_title']}: {_count(row['awards'])} awards, {verdict}", style="bold")
        out.print(row["chain"])
        field = f"certificates of any length in the field {row['cip_code'][:5]}"
        if row["earnings_usd"] is None:
            earned = f"No earnings of {field} are given"
        else:
            earned = f"Completers of {field} earn {dollars(row['earnings_usd'])} after four years"
        if row["earns_above_benchmark"] != "unknown":
            word = "above" if row["earns_above_benchmark"] == "true" else "not above"
            earned += f", {word} the state's {_dollars(row['benchmark_usd'])} of high school graduates"
        out.print(f"{earned}.")
    out.print(
        "Workforce Pell asks for 150 to 599 clock hours in 8 to 14 weeks, which IPEDS does not give; earnings are "
        "a fact and not a federal determination."
    )
