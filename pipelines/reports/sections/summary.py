"""At a glance: what a director asks first, on two pages: headlines, clusters, occupations, programs."""

from collections.abc import Callable

from markupsafe import Markup

from pipelines.reports.blocks import Column, Facts, Section, Table, contradiction, figures, mark, of_other
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row
from pipelines.reports.sections import section, shown
from pipelines.reports.sections.listed import OCCUPATIONS, SMALL_PART, occupations_table, small_part_note, which_meet
from pipelines.reports.sections.programs import program_gaps
from pipelines.reports.words import gathered

#: How many occupations, and how many programs below and above openings, the section shows.
_OCCUPATIONS, _PROGRAMS = 10, 5


def _facts(profile: Profile) -> Facts:
    used = {"oews"} | {row["source"] for row in profile.outlook}
    return {
        "headlines": gathered("headlines", shown(profile), profile),
        "weak_sources": [
            row for row in profile.release.vintages.values() if row["status"] != "ok" and row["source"] in used
        ],
        "contradicted": bool(profile.contradicted),
        "beyond": bool(profile.beyond),
        "anchors": {each.anchor for each in shown(profile)},
        "policy": profile.policy,
    }


def _clusters(profile: Profile) -> Table:
    """Jobs, pay and outlook of each cluster, with the grade of the jobs and marks at a weak or contradicted outlook."""
    total = profile.outlook_total
    outlook = [
        *profile.weighed_outlook,
        *([Row(total.table, {**total.values, "is_contradicted": False})] if total else []),
    ]
    period = outlook[0]["projection_period"] if outlook else ""

    def marks(row: Row) -> Markup:
        return mark(row) + contradiction(row)

    def of_openings(row: Row) -> Markup:
        return marks(row) + (SMALL_PART if row["cluster_id"] in profile.beyond else Markup())

    def projected(column: str, heading: str, marks: Callable[[Row], Markup] = marks) -> Column:
        return of_other(column, heading, outlook, "cluster_id", is_optional=True, marks=marks)

    return figures(
        f"Clusters of {profile.place}: jobs, pay and outlook, the largest first",
        "cluster_name",
        profile.clusters,
        [
            "employment",
            Column("employment_share_pct", "Share of jobs"),
            *([] if profile.area.is_nation else ["location_quotient"]),
            "wage_p50_usd",
            projected("growth_pct", f"Growth {period}"),
            projected("annual_openings", "Openings a year", of_openings),
            Column("reliability", "Grade of jobs"),
        ],
        total=(profile.total_name, profile.total),
    )


def _first(profile: Profile) -> list[Row]:
    """The first of the occupations that meet the policy."""
    listed = section("listed")
    return listed.known(profile)["listed"][:_OCCUPATIONS] if listed.is_shown(profile) else []


def _occupations(profile: Profile) -> Table | None:
    """The occupations that meet the policy with the most openings; without such occupations, the largest ones."""
    if section("listed").is_shown(profile):
        return occupations_table(profile, "First occupations", _first(profile))
    largest = profile.rows("largest_occupations", OCCUPATIONS, most=_OCCUPATIONS)
    if not largest:
        return None
    label = f"Largest occupations of {profile.place}"
    return figures(label, "occupation_name", largest, ["employment", "location_quotient", "wage_p50_usd"])


def _parts(profile: Profile, facts: Facts) -> Facts:
    has_programs = section("programs").is_shown(profile)
    below, above = program_gaps(profile, "First programs", most=_PROGRAMS) if has_programs else (None, None)
    return {
        "clusters": _clusters(profile),
        "occupations": _occupations(profile),
        "which": which_meet(profile),
        "wages": small_part_note(_first(profile)),
        "below": below,
        "above": above,
    }


WORDS = """
{% macro tile(name, row, column, more) %}
<div><dt>{{ name }}</dt><dd class="big">{{ row.figure(column) }}</dd><dd class="more">{{ more }}</dd></div>
{% endmacro %}
<dl class="tiles">
{{ tile("Wage and salary jobs", total, "employment", "in all occupations") }}
{{ tile("Median annual wage", total, "wage_p50_usd", "half of all jobs pay less") }}
{% for row in profile.ranked[:1] %}
{{ tile("Largest cluster", row, "employment_share_pct", row.name() ~ ", share of all jobs") }}
{% endfor %}
{% for row in profile.best("location_quotient")[:1] if not area.is_nation %}
{{ tile("Most concentrated", row, "location_quotient", row.name() ~ ", location quotient") }}
{% else %}{% for row in profile.best("wage_p50_usd")[:1] %}
{{ tile("Best paid cluster", row, "wage_p50_usd", row.name() ~ ", median") }}
{% endfor %}{% endfor %}
</dl>
<ul class="headlines">
{{ headlines }}
</ul>
<h3>Clusters by jobs, pay and outlook</h3>
{{ show(clusters) }}
{{ weak_note(profile.clusters + profile.outlook) }}
{% if contradicted %}
<p class="note"><span class="mark">‡</span> Do not rely on this outlook: the projections begin with less than half of
the jobs counted here.</p>
{% endif %}
{% if beyond %}
<p class="note"><span class="mark">§</span> Of more than twice the jobs beside them: openings count self-employed people
and farms, too, the jobs of this table do not.</p>
{% endif %}
{% for source in weak_sources %}
<p class="note">{{ weak_vintage(source) }}</p>
{% endfor %}
{% if occupations %}
<div class="part">
<h3>Occupations</h3>
{% if "listed" in anchors %}
<p>Occupations <strong>{{ which }}</strong>, those with the most openings;
<a href="#listed">more of them</a> are on the page.</p>
{% endif %}
{{ show(occupations) }}
{{ wages }}
</div>
{% endif %}
{% if below %}
<div class="part">
<h3>Programs</h3>
<p>Programs of {{ place }} whose awards fall furthest below, and go furthest above, their share of the openings of their
level. <strong>A gap is not a shortage</strong>; <a href="#programs">the section on programs</a> says why.</p>
{{ show(below, above) }}
</div>
{% endif %}
<p class="note">Grades and marks are explained under <a href="#reading">How to read these figures</a>;
<a href="#reliability">Where the figures are weak</a> lists all that is doubtful.
{%- if profile.state and profile.state != area and "outlook" not in anchors %} The outlook, the list of occupations and
gaps of programs are made for states: see the report for {{ profile.state.area_name }}.{% endif %}</p>
"""

SECTION = Section("summary", "At a glance", 10, WORDS, _facts, _parts)
