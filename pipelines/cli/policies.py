"""`lmi policies` and `lmi flags`: the policies, and the occupations of a state that meet them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from pipelines.cli.console import DataDir, Json, listing, make_settings, out, plain_table, print_json
from pipelines.cli.place import Place, StateOption, one_place
from pipelines.cli.targets import refuse_no_file
from pipelines.cli.writing import write_files
from pipelines.errors import BusyError, NoReleaseError, UnknownNameError
from pipelines.overlays.applied_policies import applied_policies
from pipelines.policies.effects import remarks
from pipelines.policies.figures import NATION, TABLES
from pipelines.policies.flags import OCCUPATION_FLAG, POLICY, policy_table
from pipelines.policies.lookup import StateFlags, state_flags
from pipelines.policies.model import Policy, load_policy
from pipelines.policies.words import FLAG_WORDS, MEASURES, list_in_words, rounded_words, rules_in_words
from pipelines.reports.areas import find_area
from pipelines.reports.format import MISSING, cell, count, month, yes_no
from pipelines.reports.release import open_release
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.cli.listing import Listing


class Flag(StrEnum):
    """The flags, and the list, as columns of marts.occupation_flag."""

    HIGH_SKILL = "high_skill"
    HIGH_WAGE = "high_wage"
    IN_DEMAND = "in_demand"
    LISTED = "listed"


def _find_policy(name: str, known: Mapping[str, Policy]) -> Policy:
    """A policy by its name or by the path of its file. Raises UnknownNameError, or BadInputError for a broken file."""
    path = Path(name)
    if path.suffix in (".yml", ".yaml") or path.parent != Path():
        return load_policy(path)
    if name not in known:
        raise UnknownNameError(
            f"no policy is called {name}; there are {', '.join(known)}. For a file of your own, give its path, "
            f"such as ./{name}.yml"
        )
    return known[name]


def policies(
    name: Annotated[
        str | None,
        typer.Argument(help="A policy to show in full, or the path of a file (.yml) to check and show."),
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """List the policies for high-skill, high-wage and in-demand occupations, show one, or check a policy file."""
    settings = make_settings(data_dir)
    known = applied_policies(settings).by_name
    if as_json:
        shown = known.values() if name is None else [_find_policy(name, known)]
        print_json([_as_row(found) for found in shown])
        return
    if name is not None:
        found = _find_policy(name, known)
        _show(found)
        _show_remarks([said for _, said in _to_mind_of([found], settings)])
        if Path(name).suffix:
            out.print(f"{name} is a valid policy.", style="green")
        return
    table = plain_table()
    for found in known.values():
        table.add_row(found.name, f"{found.title} ({found.state_id or 'any state'})", style="bold")
        for flag, words in rules_in_words(found).items():
            table.add_row(f"  {FLAG_WORDS[flag]}", words or "not defined")
        if found.listing:
            table.add_row("  listed", list_in_words(found.combine, found.listing, found.defined))
        table.add_row("  source", f"{found.source_url or found.source}, as of {found.as_of or 'no stated year'}")
    out.print(table)
    _show_remarks([f"{policy}: {said}" if policy else said for policy, said in _to_mind_of(known.values(), settings)])
    out.print("`lmi policies NAME` shows one with its source and notes; `lmi policies FILE.yml` checks a file.")


def _to_mind_of(policies: Collection[Policy], settings: Settings) -> Iterator[tuple[str, str]]:
    """What to mind of policies, each with its name: of their tests, and by the release of their flags.

    The flags are those of the policy's state, or of the nation. Without a release that is said, without a name.
    """
    needed = [str(table) for table in (*TABLES, OCCUPATION_FLAG, POLICY)]
    yield from ((policy.name, said) for policy in policies for said in remarks(policy))
    try:
        with open_release(settings.database, needed=needed) as release:
            for policy in policies:
                area = find_area(release.areas.values(), policy.state_id or NATION)
                found = state_flags(release.connection, policy, area.area_id, area.area_name, with_inner=False)
                yield from ((policy.name, said) for said in found.remarks())
    except (NoReleaseError, BusyError, UnknownNameError):
        yield "", "what a rule lists is not known without a release that has its area: `lmi run` makes one."


def _show_remarks(said: list[str]) -> None:
    if said:
        out.print("To mind", style="yellow")
        for remark in said:
            out.print(f"- {remark}", highlight=False)


def _as_row(policy: Policy) -> dict[str, object]:
    """A policy as the row of reference.policy that it makes."""
    return policy_table([policy]).to_dicts()[0]


def _show(policy: Policy) -> None:
    table = plain_table()
    table.add_row("Policy", policy.name)
    table.add_row("Title", policy.title)
    table.add_row("State", policy.state_id or "any")
    for flag, words in rules_in_words(policy).items():
        table.add_row(FLAG_WORDS[flag].capitalize(), words or "not defined")
    table.add_row("List", list_in_words(policy.combine, policy.listing, policy.defined))
    table.add_row("Source", policy.source)
    table.add_row("Address", str(policy.source_url or "none"))
    table.add_row("As of", str(policy.as_of or "not stated"))
    if policy.dollar_year is not None:
        table.add_row("Dollars of", str(policy.dollar_year))
    table.add_row("Notes", policy.notes)
    out.print(table)


def flags(
    place: Place = None,
    *,
    state: StateOption = None,
    policy: Annotated[
        str | None,
        typer.Option(help="A policy (`lmi policies` lists them) or a file (.yml); the state's own by default."),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(help="Look for the area in the state only: Columbus of OH, not of GA."),
    ] = None,
    only: Annotated[Flag | None, typer.Option(help="Only occupations that have this flag, or are listed.")] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Also write all occupations, of a state also those of its areas, to this CSV.")
    ] = None,
    parquet: Annotated[Path | None, typer.Option(help="The same to a Parquet file.")] = None,
    top: Annotated[int, typer.Option(help="Occupations to show, most openings first.", min=1)] = 25,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Show which occupations of a place are high-skill, high-wage and in-demand, with rules and thresholds."""
    refuse_no_file(csv, parquet)
    asked = one_place("lmi flags OH", place, state)
    settings = make_settings(data_dir)
    known = applied_policies(settings)
    needed = [str(table) for table in (*TABLES, OCCUPATION_FLAG, POLICY)]
    with open_release(settings.database, needed=needed) as release:
        areas, without = release.areas.values(), release.areas_without_occupations
        shown = find_area(areas, asked, others=without)
        if area is not None:
            shown = find_area(areas, area, within=shown, others=without)
        state_id = shown.state_id or shown.area_id
        chosen = _find_policy(policy or known.default(state_id), known.by_name)
        found = state_flags(release.connection, chosen, shown.area_id, shown.area_name, with_inner=shown.is_state)
    rows = found.shown if only is None else found.shown.filter(pl.col(only) == "true")
    if as_json:
        print_json(_as_json(found, rows))
    else:
        _show_flags(found, rows, top)
        others = [name for name in known.own(state_id) if name != found.policy.name]
        if policy is None and others:
            out.print(f"{state_id} also has the policies {', '.join(others)}.")
    write_files(found.flags, (*FLAG_WORDS, "listed"), csv, parquet, quiet=as_json)


def _as_json(found: StateFlags, rows: pl.DataFrame) -> dict[str, object]:
    """The flags of the shown area: its policy with rules and thresholds, how many occupations have which, and rows."""
    return {
        "area_id": found.area_id,
        "area_name": found.area_name,
        **_as_row(found.policy),
        "is_published": found.is_published,
        "thresholds": [asdict(threshold) for threshold in found.thresholds()],
        "counts": found.counts(),
        "to_mind": _to_mind(found),
        "rows": rows.to_dicts(),
    }


def _to_mind(found: StateFlags) -> list[str]:
    return [*remarks(found.policy), *found.remarks()]


def _one(rows: pl.DataFrame, column: str) -> str:
    """The year or years of a figure's column, which all rows share."""
    return ", ".join(map(str, rows[column].drop_nulls().unique().sort()))


def _occupations(rows: pl.DataFrame, figures: Mapping[str, str], verdicts: Mapping[str, str]) -> "Listing":
    """Occupations with these columns of figures and flags, each by its heading."""
    table = listing("code", "occupation", *figures.values(), *verdicts.values(), "education")
    for row in rows.iter_rows(named=True):
        shown = [_figure(row, name) for name in figures]
        flagged = [yes_no(row[flag]) for flag in verdicts]
        table.add_row(row["soc_code"], row["occupation_name"], *shown, *flagged, row["entry_education"] or "")
    return table


def _figure(row: Mapping[str, Any], name: str) -> str:
    """A figure of an occupation; jobs and openings as they are published, of wages what their status says."""
    if name == "wage_p50_usd":
        return cell(row, name)
    return MISSING if row[name] is None else count(row[name])


def _show_flags(found: StateFlags, rows: pl.DataFrame, top: int) -> None:
    words = {**FLAG_WORDS, "listed": "listed"}
    counts = found.counts()
    out.print(f"{found.area_name} ({found.area_id}) by {found.policy.title} ({found.policy.name})", style="bold")
    rules = plain_table()
    for flag, rule in found.rules.items():
        rules.add_row(FLAG_WORDS[flag].capitalize(), rule or "not defined")
        for of_flag, measure, threshold in found.threshold_figures():
            if of_flag == flag:
                named = MEASURES[measure]
                rules.add_row("", f"threshold here: {rounded_words(threshold, named)} ({named.words})")
    rules.add_row("List", list_in_words(found.policy.combine, found.policy.listing, found.policy.defined))
    out.print(rules)
    demand = found.shown["demand_area_id"].drop_nulls().unique().to_list()
    openings = f"openings a year {_one(rows, 'projection_period')}".rstrip()
    if demand != [found.area_id]:
        openings += f" in {demand[0]}" if demand else ""
        whose = f"those of {demand[0]} as a whole" if demand else "not available"
        out.print(f"Projections (openings, growth) are {whose}.", style="yellow")
    if not found.is_published:
        out.print("Evaluated now: this release does not apply these rules here.", style="yellow")
    base = f"jobs {_one(rows, 'base_year')} with self-employed".replace("  ", " ")
    base += f" in {demand[0]}" if demand and demand != [found.area_id] else ""
    jobs = f"jobs {month(_one(rows, 'period'))}".rstrip()
    headings = {"employment": jobs, "base_jobs": base, "annual_openings": openings, "wage_p50_usd": "median wage"}
    verdicts = {flag: words[flag] for flag in counts}
    table = _occupations(rows.head(top), headings, verdicts)
    # in a narrow terminal the other columns stay side by side without wages
    without = _occupations(rows.head(top), {name: headings[name] for name in list(headings)[:-1]}, verdicts)
    out.print(without if without.fits(out) and not table.fits(out) else table)
    out.print(
        "Openings are of the jobs of the projections, which count self-employed people; those of employers do not."
    )
    for flag, by_verdict in counts.items():
        told = ", ".join(f"{yes_no(verdict)} {number:,}" for verdict, number in by_verdict.items())
        out.print(f"{words[flag].capitalize()}: {told} of {found.shown.height:,} occupations")
    _show_remarks(_to_mind(found))
