"""Who employs the workers of the cross-cutting clusters: home clusters of the industries they work in."""

import polars as pl

from pipelines.reports.blocks import Column, Facts, Picture, Section, figures, of_other
from pipelines.reports.charts.panels import bars_panel
from pipelines.reports.charts.style import Chart, joined, labelled, titled
from pipelines.reports.profile import Profile
from pipelines.reports.rows import by, rows

CONTEXT = "marts.cross_cutting_context"
#: How many home clusters a chart shows of each cross-cutting cluster, and on a phone; the table shows all.
SHOWN, SHOWN_NARROW = 8, 5


def cross_cutting_homes(context: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """For each cross-cutting cluster, the home clusters whose industries employ most of its workers, in percent."""
    panels: list[Chart] = []
    for (name,), part in context.group_by("cluster_name", maintain_order=True):
        homes = labelled(part.head(SHOWN_NARROW if narrow else SHOWN), "home_cluster_name", narrow)
        panel = bars_panel(homes, "employment_share_pct", "Share of the cluster's jobs", limit=70)
        panels.append(titled(panel, str(name)))
    return joined(panels, down=True)


def _facts(profile: Profile) -> Facts:
    found = profile.rows("cross_cutting_estimate", "marts.cluster_by_industry_estimate")
    return {"estimates": [] if profile.area.is_nation else found}


def _parts(profile: Profile, facts: Facts) -> Facts:
    context = profile.release.ask("cross_cutting")
    name = f"Estimated jobs, {profile.title}"
    estimate = of_other("employment", name, facts["estimates"], "cluster_id", "home_cluster_id", is_optional=True)
    return {
        "picture": Picture(
            "cross-cutting",
            "Home clusters of the industries that employ the cross-cutting clusters",
            "Bars for each cross-cutting cluster: the share of its jobs in the nation by home cluster of the industry.",
            lambda narrow: cross_cutting_homes(context, narrow=narrow),
            shared=True,
            data=context,
        ),
        "tables": [
            figures(
                f"{group[0].name()}: home clusters of the industries, nation",
                Column("home_cluster_name", "Home cluster of the industry"),
                group,
                ["employment", Column("employment_share_pct", "Share"), "wage_mean_usd", estimate],
            )
            for group in by(rows(CONTEXT, context), "cluster_id").values()
        ],
    }


WORDS = """
<p>People in digital technology, management and marketing work in every industry. These are figures of the nation: the
share of each cross-cutting cluster's jobs in the industries of each home cluster
{%- if release.overlay %}, by the national framework{% endif %}.
{%- if not area.is_nation %} The publisher shows occupations by industry for the nation only, so the mix in
{{ place }} may differ.{% endif %}
{%- if estimates %} The last column estimates it: jobs in {{ place }} by industry (Quarterly Census of Employment and
Wages, {{ estimates[0]["year"] }}), with the occupations that such industries have in the nation. It is a model, not a
published figure.{% endif %}</p>
{{ show(picture) }}
{% for table in tables %}{{ show(table) }}
{% endfor %}
"""

SECTION = Section(
    "cross-cutting",
    "Who employs the cross-cutting clusters",
    70,
    WORDS,
    _facts,
    _parts,
    needs=(CONTEXT,),
    only_on_screen=True,
    in_appendix=lambda profile, facts: bool(facts["estimates"]) and profile.release.is_sample("qcew"),
)
