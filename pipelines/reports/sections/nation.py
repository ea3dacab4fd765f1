"""Compared with the nation: each cluster's share of jobs and median wage beside the nation's."""

import polars as pl

from pipelines.reports.areas import NATION
from pipelines.reports.blocks import Facts, Picture, Section, figures, of_other
from pipelines.reports.charts import style
from pipelines.reports.charts.style import LIGHT, Chart
from pipelines.reports.profile import CLUSTERS, Profile
from pipelines.reports.release import DUPLICATED, UNDUPLICATED
from pipelines.reports.rows import rows


def against_nation(clusters: pl.DataFrame, area_name: str, *, narrow: bool = False) -> Chart:
    """Share of jobs and median wage of each cluster in the area and in the nation, joined by a line.

    The nation's figures are in columns that begin with `us_`.
    """
    ranked = style.labelled(clusters, "cluster_name", narrow)
    pairs = ranked.rows
    here, nation = style.wrapped(area_name, 30).replace("\n", " "), "Nation"

    def panel(column: str, title: str, *, is_first: bool) -> Chart:
        top = style.highest(row[name] for row in pairs for name in (column, f"us_{column}"))
        scale = {"domain": [0, top * 1.06 or 1], "nice": False}
        axis = style.figures_axis(title, column, 4)
        points = [
            {"label": row["label"], "value": row[source], "kind": who}
            for row in pairs
            for source, who in ((f"us_{column}", nation), (column, here))
            if row[source] is not None
        ]
        lines = style.marks(
            "rule",
            {"color": LIGHT["unknown"], "strokeWidth": 2},
            f"isValid(datum.{column}) && isValid(datum.us_{column})",
            x=style.amount(column, scale=scale, axis=axis),
            x2={"field": f"us_{column}"},
        )
        dots = style.marks(
            "point",
            {"size": 75, "filled": True, "opacity": 1},
            x=style.amount("value", scale=scale),
            **style.by_kind({here: ("circle", "main"), nation: ("diamond", "accent")}),
        )
        dots["data"] = style.data(points)
        return style.sized(style.rowwise([lines, dots], ranked, is_first or narrow), ranked, 320)

    return ranked.joined(
        panel("employment_share_pct", "Share of all jobs", is_first=True),
        panel("wage_p50_usd", "Median annual wage", is_first=False),
    )


def _parts(profile: Profile, facts: Facts) -> Facts:
    # a state's own clusters are compared with the framework's
    basis = UNDUPLICATED if profile.once else DUPLICATED
    national = profile.release.ask("clusters", areas=[NATION], basis=basis).filter(level="cluster")
    beside = national.select("cluster_id", pl.col("employment_share_pct", "wage_p50_usd").name.prefix("us_"))
    frame = profile.cluster_frame.join(beside, on="cluster_id", how="left", maintain_order="left")
    other = rows(CLUSTERS, national)
    return {
        "picture": Picture(
            "nation",
            f"{profile.title} and the nation by cluster",
            f"Share of all jobs and median annual wage by cluster: circles are {profile.title}, diamonds the nation.",
            lambda narrow: against_nation(frame, profile.title, narrow=narrow),
            data=frame,
        ),
        "table": figures(
            f"Clusters in {profile.place} and in the nation",
            "cluster_name",
            profile.clusters,
            [
                "employment_share_pct",
                of_other("employment_share_pct", "Share in the nation", other, "cluster_id"),
                "wage_p50_usd",
                of_other("wage_p50_usd", "Median in the nation", other, "cluster_id"),
            ],
        ),
    }


WORDS = """
<p>The share of jobs of each cluster in {{ place }} and in the nation, and the median wage of its jobs.</p>
{{ show(picture, table) }}
{{ weak_note(profile.clusters) }}
{% if release.overlay %}
<p class="note">The nation's figures are of the national framework. They have no cluster of the state's own, and where
the state changes the occupations of a cluster, the nation's cluster has other occupations.</p>
{% endif %}
{% if area.is_territory %}
<p class="note">The national figures do not include the territories.</p>
{% endif %}
"""

SECTION = Section(
    "nation",
    "Compared with the nation",
    90,
    WORDS,
    parts=_parts,
    has=lambda profile, facts: not profile.area.is_nation,
)
