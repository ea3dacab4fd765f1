"""High-wage, high-skill, in-demand: occupations on the policy's list, ranked, with the programs that lead to them.

A policy whose flags stand separate makes no list; its in-demand occupations stand here.
"""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from pipelines.policies.words import FLAG_WORDS
from pipelines.reports.blocks import Column, Facts, Section, Table, figures
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row
from pipelines.reports.words import capital

FLAGGED, OCCUPATIONS, OUTLOOK = "marts.occupation_flag", "marts.occupation_indicators", "marts.occupation_outlook"
#: How many occupations a page shows; exports have all.
SHOWN = 60
#: How many programs an occupation names, as in the query.
_NAMED = 3
#: Below this share of the jobs that are projected, the jobs counted with a wage are a small part of the occupation.
_SMALL_PART = 0.5
#: The mark where jobs of employees stand beside openings that are mostly of others.
SMALL_PART = Markup(' <span class="mark" title="see below the table">§</span>')


def _facts(profile: Profile) -> Facts:
    policy = profile.policy["policy"] if profile.policy else None
    found = profile.rows("listed_occupations", FLAGGED, policy=policy)
    return {"policy": profile.policy, "listed": found, "shown": found[:SHOWN]}


def which_meet(profile: Profile) -> str:
    """How the occupations meet the policy: `on the list of Ohio ...`, `in-demand by Oregon ...`; empty without one."""
    if profile.policy is None:
        return ""
    return f"{'on the list of' if profile.policy['list_flags'] else 'in-demand by'} {profile.policy['policy_title']}"


def _is_small_part(row: Row) -> bool:
    """Whether wages are of less than half of the projected jobs, among which are the self-employed."""
    jobs, projected = row["employment"], row["base_jobs"]
    return jobs is not None and projected is not None and jobs < _SMALL_PART * projected


def _small_part(row: Row) -> Markup:
    return SMALL_PART if _is_small_part(row) else Markup()


def small_part_note(listed: Sequence[Row]) -> Markup:
    """What the mark at a wage means; nothing where no row has it."""
    if not any(_is_small_part(row) for row in listed):
        return Markup()
    return Markup(
        '<p class="note"><span class="mark">§</span> The wage is of employees, who have less than half of the jobs '
        "that the projections begin with. Openings count self-employed people and farms, too; the wage does not.</p>"
    )


def _of(table: str, period: str, column: str = "") -> Callable[[Row], Row | str]:
    """The row of another table that is of the same occupation, which the query has put beside; a word without one.

    A text `column` may be missing in the row, too.
    """

    def other(row: Row) -> Row | str:
        if row[period] is None:
            return "not listed"
        # the name has the dagger already
        return "not known" if column and row[column] is None else Row(table, {**row.values, "reliability": None})

    return other


def _programs(row: Row) -> Row | str:
    """The largest programs of the state that lead to the occupation, and how many more there are."""
    more = row["linked_programs"] - _NAMED
    if row["linked_programs"] == 0:
        return "none"
    told = Markup("{}").format(row["program_titles"])
    if more > 0:
        told += Markup(' and <span data-count="programs">{}</span> more').format(more)
    return Row(row.table, {**row.values, "program_titles": told, "reliability": None})


def occupations_table(profile: Profile, which: str, listed: Sequence[Row], *more: Column) -> Table:
    """Occupations of the list with preparation, wages and openings.

    `which` begins the label of the table, and `more` are columns that follow.
    """
    jobs, projected = _of(OCCUPATIONS, "period"), _of(OUTLOOK, "projection_period")
    education = _of(OUTLOOK, "projection_period", "entry_education")
    return figures(
        f"{which} {which_meet(profile)}, {profile.place}, the most openings first",
        "occupation_name",
        listed,
        [
            Column("entry_education", "Entry education", of=education, is_text=True),
            Column("wage_p50_hourly_usd", "Median wage an hour", of=jobs, marks=_small_part),
            Column("wage_p50_usd", "Median wage a year", of=jobs, marks=_small_part),
            Column("growth_pct", "Growth", of=projected),
            Column("annual_openings", "Openings a year", of=projected),
            *more,
        ],
    )


def _parts(profile: Profile, facts: Facts) -> Facts:
    # where the list asks for all flags, they tell nothing of its occupations
    flags = [flag for flag in FLAG_WORDS if any(row[flag] not in ("true", None) for row in facts["shown"])]
    return {
        "left": len(facts["listed"]) - len(facts["shown"]),
        "which": which_meet(profile),
        "wages": small_part_note(facts["shown"]),
        "has_weak": any(row.is_weak for row in facts["shown"]),
        "table": occupations_table(
            profile,
            "Occupations",
            facts["shown"],
            *(Column(flag, capital(FLAG_WORDS[flag])) for flag in flags),
            Column("program_titles", "Programs taught here", of=_programs, is_text=True),
        ),
    }


WORDS = """
<p>The <span data-count="listed">{{ listed | length }}</span> occupations of {{ place }} that are
<strong>{{ which }}</strong>, the most openings first. <a href="#flags">The rules and thresholds</a> stand above; an
occupation of which a figure that decides is missing is left out.
{%- if not policy.list_flags %} The policy makes no list; its flags stand separate.{% endif %}
{%- if left %} The table has those with the most openings; <span data-count="left">{{ left }}</span> more are in the
sheet listed_occupations of lmi export.{% endif %}</p>
{{ show(table) }}
{{ wages }}
<p class="note">
{%- if has_weak %}<span class="mark">†</span> Read with care: the jobs are of reliability C or D. {% endif -%}
Entry education is BLS's, for the nation. Growth is over the whole period of the projections. Openings are neither
vacancies nor a shortage of workers. Programs are those with awards in {{ place }} that NCES links to the occupation,
the most awards first; a link says that a program prepares for the occupation, not that its graduates work in it.</p>
"""

SECTION = Section(
    "listed",
    "Occupations that meet the policy",
    52,
    WORDS,
    _facts,
    _parts,
    needs=(FLAGGED, "reference.policy", "marts.program_completions"),
    only_on_screen=True,
    has=lambda profile, facts: bool(facts["listed"]),
)
