"""`lmi policies` and `lmi flags`: the policies, and the occupations of a state that meet them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as RichTable

from pipelines.cli.console import DataDir, listing, make_settings, out
from pipelines.cli.writing import refuse_no_place, write_rows
from pipelines.errors import UnknownNameError
from pipelines.overlays.applied_policies import applied_policies
from pipelines.policies.figures import TABLES
from pipelines.policies.flags import OCCUPATION_FLAG, POLICY
from pipelines.policies.lookup import StateFlags, state_flags
from pipelines.policies.model import Policy, load_policy
from pipelines.policies.words import FLAG_WORDS, list_in_words, rules_in_words
from pipelines.reports.areas import find_area, find_state
from pipelines.reports.format import MISSING, count, yes_no
from pipelines.reports.release import open_release
from pipelines.reports.spreadsheets import CODES_ARE_TEXT, write_csv, write_parquet

#: Columns of a window in which tables have lines.
_WIDE = 110


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
) -> None:
    """List the policies for high-skill, high-wage and in-demand occupations, show one, or check a policy file."""
    known = applied_policies(make_settings()).by_name
    if name is not None:
        _show(_find_policy(name, known))
        if Path(name).suffix:
            out.print(f"{name} is a valid policy.", style="green")
        return
    table = RichTable(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for found in known.values():
        table.add_row(found.name, f"{found.title} ({found.state_id or 'any state'})", style="bold")
        for flag, words in rules_in_words(found).items():
            table.add_row(f"  {FLAG_WORDS[flag]}", words or "not defined")
        table.add_row("  source", f"{found.source_url or found.source}, as of {found.as_of or 'no stated year'}")
    out.print(table)
    out.print("`lmi policies NAME` shows one with its source and notes; `lmi policies FILE.yml` checks a file.")


def _show(policy: Policy) -> None:
    table = RichTable(show_header=False, box=None, pad_edge=False)
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
    *,
    state: Annotated[str, typer.Option(help="Postal code or name of a state or territory, such as OR.")],
    policy: Annotated[
        str | None,
        typer.Option(help="A policy (`lmi policies` lists them) or a file (.yml); the state's own by default."),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(help="One area of the state: its id, CBSA code, name or a part of it; the state by default."),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Also write all occupations and areas of the state to this CSV.")
    ] = None,
    parquet: Annotated[Path | None, typer.Option(help="The same to a Parquet file.")] = None,
    top: Annotated[int, typer.Option(help="Occupations to show, most openings first.", min=1)] = 25,
    data_dir: DataDir = None,
) -> None:
    """Show which occupations of a state are high-skill, high-wage and in-demand, with rules and thresholds."""
    refuse_no_place(csv, parquet)
    settings = make_settings(data_dir)
    known = applied_policies(settings)
    needed = [str(table) for table in (*TABLES, OCCUPATION_FLAG, POLICY)]
    with open_release(settings.database, needed=needed) as release:
        areas = release.areas.values()
        of_state = find_state(areas, state)
        without = release.areas_without_occupations
        shown = of_state if area is None else find_area(areas, area, within=of_state, others=without)
        state_id = of_state.area_id
        chosen = _find_policy(policy or known.default(state_id), known.by_name)
        found = state_flags(
            release.connection, chosen, shown.area_id, shown.area_name, with_inner=shown.area_id == state_id
        )
    _show_flags(found, top)
    others = [name for name in known.own(state_id) if name != found.policy.name]
    if policy is None and others:
        out.print(f"{state_id} also has the policies {', '.join(others)}.")
    if csv is not None:
        write_rows(csv, found.flags, lambda path: write_csv(found.flags, path, (*FLAG_WORDS, "listed")))
        out.print(CODES_ARE_TEXT)
    if parquet is not None:
        write_rows(parquet, found.flags, lambda path: write_parquet(found.flags, path))


def _table(*headings: str) -> RichTable:
    """A table of occupations: without lines where the window is narrow, so that names of occupations have room."""
    if out.width >= _WIDE:
        return listing(*headings)
    table = RichTable(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    code, occupation, *figures = headings
    table.add_column(code, no_wrap=True)
    table.add_column(occupation, overflow="fold", min_width=13)
    for heading in figures:
        table.add_column(heading.replace("-", "-\n"), overflow="fold", min_width=7, max_width=8)
    return table


def _show_flags(found: StateFlags, top: int) -> None:
    words = {**FLAG_WORDS, "listed": "listed"}
    counts = found.counts()
    out.print(f"{found.area_name} ({found.area_id}) by {found.policy.title} ({found.policy.name})", style="bold")
    rules = RichTable(show_header=False, box=None, pad_edge=False)
    for flag, rule in found.rules.items():
        rules.add_row(FLAG_WORDS[flag].capitalize(), rule or "not defined")
        for threshold in found.thresholds():
            if threshold.flag == flag:
                rules.add_row("", f"threshold here: {threshold.figure} ({threshold.measure})")
    rules.add_row("List", list_in_words(found.policy.combine, found.policy.listing, found.policy.defined))
    out.print(rules)
    demand = found.shown["demand_area_id"].drop_nulls().unique().to_list()
    openings = "openings a year"
    if demand != [found.area_id]:
        openings += f" in {demand[0]}" if demand else ""
        whose = f"those of {demand[0]} as a whole" if demand else "not available"
        out.print(f"Projections (openings, growth) are {whose}.", style="yellow")
    if not found.is_published:
        out.print("Evaluated now: this release does not apply these rules here.", style="yellow")
    base = "jobs with self-employed" + (f" in {demand[0]}" if demand and demand != [found.area_id] else "")
    table = _table("code", "occupation", "jobs", base, openings, *(words[flag] for flag in counts))
    for row in found.shown.head(top).iter_rows(named=True):
        shown = ("employment", "base_jobs", "annual_openings")
        figures = (count(row[name]) if row[name] is not None else MISSING for name in shown)
        table.add_row(row["soc_code"], row["occupation_name"], *figures, *(yes_no(row[flag]) for flag in counts))
    out.print(table)
    out.print(
        "Openings are of the jobs of the projections, which count self-employed people; those of employers do not."
    )
    for flag, by_verdict in counts.items():
        told = ", ".join(f"{yes_no(verdict)} {number:,}" for verdict, number in by_verdict.items())
        out.print(f"{words[flag].capitalize()}: {told} of {found.shown.height:,} occupations")
