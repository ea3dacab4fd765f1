"""`lmi policies`: the rule sets, one of them, or a file that is to become one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as RichTable

from pipelines.console import out

if TYPE_CHECKING:
    from pipelines.policies.model import Policy


def find_policy(name: str) -> "Policy":
    """A policy by its name, or by the path of its file. Raises BadInputError for a broken file."""
    from pipelines.policies.model import load_all_policies, load_policy  # noqa: PLC0415

    path = Path(name)
    if path.suffix in (".yml", ".yaml") or path.parent != Path():
        return load_policy(path)
    known = load_all_policies()
    if name not in known:
        raise typer.BadParameter(
            f"no policy is called {name}; there are {', '.join(known)}. A file of your own is given by its path, "
            f"such as ./{name}.yml"
        )
    return known[name]


def policies(
    name: Annotated[
        str | None,
        typer.Argument(help="A policy to show in full, or the path of a file (.yml) to check and show."),
    ] = None,
) -> None:
    """List the rule sets for high-skill, high-wage and in-demand occupations; show one, or check a file."""
    if name is not None:
        _show(find_policy(name))
        if Path(name).suffix:
            out.print(f"{name} is a valid policy.", style="green")
        return
    from pipelines.policies.model import load_all_policies  # noqa: PLC0415
    from pipelines.policies.words import rules_in_words  # noqa: PLC0415

    table = RichTable("policy", "state", "high-skill", "high-wage", "in-demand", "source", show_lines=True)
    for found in load_all_policies().values():
        rules = (words or "not defined" for words in rules_in_words(found).values())
        source = f"{found.source_url or found.source}\nas of {found.as_of or 'no stated year'}"
        table.add_row(f"{found.name}\n{found.title}", found.state_id or "any", *rules, source)
    out.print(table)
    out.print("`lmi policies NAME` shows one with its source and notes; `lmi policies FILE.yml` checks a file.")


def _show(policy: "Policy") -> None:
    from pipelines.policies.words import COMBINED, FLAG_WORDS, rules_in_words  # noqa: PLC0415

    table = RichTable(show_header=False, box=None, pad_edge=False)
    table.add_row("Policy", policy.name)
    table.add_row("Title", policy.title)
    table.add_row("State", policy.state_id or "any")
    for flag, words in rules_in_words(policy).items():
        table.add_row(FLAG_WORDS[flag].capitalize(), words or "not defined")
    table.add_row("List", COMBINED[policy.combine])
    table.add_row("Source", policy.source)
    table.add_row("Address", str(policy.source_url or "none"))
    table.add_row("As of", str(policy.as_of or "not stated"))
    if policy.dollar_year is not None:
        table.add_row("Dollars of", str(policy.dollar_year))
    table.add_row("Notes", policy.notes)
    out.print(table)
