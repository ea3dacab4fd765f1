"""Programs and openings: awards against openings at the same level of education, earnings, nontraditional fields."""

from collections.abc import Callable

import polars as pl

from pipelines.reports.blocks import Column, Facts, Picture, Section, Table, figures, of_other
from pipelines.reports.charts import style
from pipelines.reports.charts.panels import DOT, LINE, TEXT, missing_words
from pipelines.reports.charts.style import LIGHT, Chart, Ranked
from pipelines.reports.format import cell, is_weak
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row, by, rows

SUPPLY, ALIGNMENT = "marts.supply_demand", "marts.program_alignment"
COMPLETIONS = "marts.program_completions"
EARNINGS, GENDER = "marts.cluster_earnings", "marts.cluster_gender"
#: Levels of education that awards are given at, in their order.
LEVELS = {
    "certificate": "Postsecondary award",
    "associate": "Associate's degree",
    "bachelor": "Bachelor's degree",
    "graduate": "Master's degree and above",
}
_AWARDS = {
    "short_certificate": "certificate under a year",
    "certificate": "certificate of a year or more",
    "associate": "associate's degree",
    "bachelor": "bachelor's degree",
    "graduate": "master's degree or graduate certificate",
    "doctor": "doctor's degree",
}
_AWARD = Column("award_name", "Award", of=lambda row: row, is_text=True)
_PROGRAM = Column("cip_title", "Program")
#: How many programs each list shows.
MOST = 10
#: From this share of awards of distance institutions on, in one cluster or in all, a page shows the share.
HIGH_DISTANCE_PCT = 25
#: The width of a panel beside others, in pixels.
_PANEL = 190
_TABLES_FOLLOW = "The tables after the pictures have every figure."


#: Rows with a gap have openings and awards to draw, the others a word for why they have none.
_IS_KNOWN = "isValid(datum.gap)"


def _awards_panel(ranked: Ranked, is_first: bool) -> Chart:
    for row in ranked.rows:
        row["drawn"] = LIGHT["soft" if is_weak(row) else "main"]
        row["diamond"] = "transparent" if is_weak(row) else LIGHT["accent"]
        # a strong mark needs an edge on a strong bar, a hollow one is its edge
        row["edge"] = LIGHT["accent" if is_weak(row) else "page"]
    top = style.highest(_known(ranked, "annual_openings", "awards_high"))
    scale = {"domain": [0, top * 1.06 or 1], "nice": False}
    axis = style.figures_axis("A year", "awards", 3)
    openings = style.marks(
        "bar", {}, _IS_KNOWN, x=style.amount("annual_openings", scale=scale, axis=axis), color=style.DRAWN
    )
    bounds = style.marks(
        "rule",
        {"color": LIGHT["ink"], "strokeWidth": 1.5},
        _IS_KNOWN,
        x=style.amount("awards_low", scale=scale),
        x2={"field": "awards_high"},
    )
    awards = style.marks(
        "point",
        {**DOT, "shape": "diamond", "size": 75},
        _IS_KNOWN,
        x=style.amount("awards", scale=scale),
        fill={**style.DRAWN, "field": "diamond"},
        stroke={**style.DRAWN, "field": "edge"},
    )
    layers = [openings, bounds, awards, *_words(ranked, missing_words())]
    return style.sized(style.rowwise(layers, ranked, is_first or ranked.is_narrow), ranked, _PANEL)


def _gap_panel(ranked: Ranked, is_first: bool) -> Chart:
    for row in ranked.rows:
        row["drawn"] = "transparent" if is_weak(row) else LIGHT["main"]
    ends = [0.0, *_known(ranked, "gap_low", "gap_high")]
    room = (max(ends) - min(ends)) * 0.06 or 1
    scale = {"domain": [min(ends) - room, max(ends) + room], "nice": False}
    axis = style.figures_axis("Openings less awards", "awards", 3)
    line = {**style.marks("rule", LINE, x=style.amount("at", scale=scale)), "data": style.data([{"at": 0.0}])}
    bounds = style.marks(
        "rule",
        {"color": LIGHT["main"], "strokeWidth": 2},
        _IS_KNOWN,
        x=style.amount("gap_low", scale=scale, axis=axis),
        x2={"field": "gap_high"},
    )
    dots = style.marks("point", {"size": 60, **DOT}, _IS_KNOWN, x=style.amount("gap", scale=scale), fill=style.DRAWN)
    # at the right, where the line of none seldom is
    words = style.marks("text", TEXT, x={"value": ranked.width(_PANEL)}, text=style.word("said"))
    layers = [bounds, dots, *_words(ranked, words)]
    rowwise = style.rowwise(layers, ranked, is_first or ranked.is_narrow)
    return style.sized(style.layered(line, rowwise), ranked, _PANEL)


def _known(ranked: Ranked, *columns: str) -> list[float]:
    return [row[column] for row in ranked.rows if row["gap"] is not None for column in columns]


def _words(ranked: Ranked, words: Chart) -> list[Chart]:
    return [words] if any(row["said"] for row in ranked.rows) else []


def _by_level(supply: pl.DataFrame, narrow: bool, panel: Callable[[Ranked, bool], Chart]) -> Chart:
    panels: list[Chart] = []
    for level, called in LEVELS.items():
        ranked = style.labelled(supply.filter(level="cluster", education_group=level), "cluster_name", narrow)
        if any(row["gap"] is not None for row in ranked.rows):
            for row in ranked.rows:
                row["said"] = cell(row, "gap") if row["gap"] is None else ""
            panels.append(style.titled(panel(ranked, not panels), called))
    return style.joined(panels, down=narrow)


def awards_and_openings(supply: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """Openings of every cluster as bars and awards between their bounds as diamonds, at each level of education.

    Panels have the same clusters in the same order; `supply` is of one area.
    """
    return _by_level(supply, narrow, _awards_panel)


def gaps_ranked(supply: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """The gap of every cluster between its bounds, at each level of education, against a line where there is none.

    Panels have the same clusters in the same order; `supply` is of one area.
    """
    return _by_level(supply, narrow, _gap_panel)


def _ordered(profile: Profile, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of clusters in the order of the page; what is no cluster of the basis, and all together, comes last."""
    order = {row["cluster_id"]: place for place, row in enumerate(profile.clusters)}
    return frame.sort(pl.col("cluster_id").replace_strict(order, default=len(order)), maintain_order=True)


def _facts(profile: Profile) -> Facts:
    found = profile.rows("supply_demand", SUPPLY)
    years = profile.release.ask("award_periods")
    distant = {row["education_group"]: row for row in found if row["level"] == "all" and _is_distant(row)}
    return {
        "supply": found,
        "years": years["award_period"].to_list() if len(years) else [],
        "distant": [(called, distant[level]) for level, called in LEVELS.items() if level in distant],
    }


def _has(profile: Profile, facts: Facts) -> bool:
    others = ("cluster_earnings", "cluster_gender")
    return bool(facts["supply"] or _largest(profile, facts)) or any(len(profile.frame(name)) for name in others)


def _largest(profile: Profile, facts: Facts) -> Table | None:
    """The programs with the most awards of an area inside a state, which has no openings beside them."""
    is_inside = not (profile.area.is_nation or profile.area.is_state)
    if not is_inside or facts["supply"] or COMPLETIONS not in profile.release.tables:
        return None
    found = _named(profile.rows("largest_programs", COMPLETIONS, most=MOST))
    if not found:
        return None
    columns: list[str | Column] = [_AWARD, "awards", "awards_women_pct", "institutions", "distance_institution_pct"]
    return figures(f"Programs with the most awards, {profile.place}", _PROGRAM, found, columns)


def _is_distant(row: Row) -> bool:
    return (row["distance_institution_pct"] or 0) >= HIGH_DISTANCE_PCT


def _gap_table(profile: Profile, level: str, found: list[Row]) -> Table:
    total = next((row for row in found if row["level"] == "all"), None)
    columns: list[str | Column] = ["annual_openings", "awards", "awards_to_other_levels"]
    if any(row.is_there("gap") for row in found):
        columns[2:] = ["gap", "gap_low", "gap_high", "supply_ratio_pct", "awards_to_other_levels", "coverage_pct"]
    if any(_is_distant(row) for row in found):
        columns.append("distance_institution_pct")
    return figures(
        f"{LEVELS[level]}: openings and awards a year by cluster, {profile.place}",
        "cluster_name",
        [row for row in found if row["level"] == "cluster"],
        columns,
        total=None if total is None else ("All clusters", total),
    )


def program_gaps(profile: Profile, which: str, *more: str, most: int = MOST) -> tuple[Table | None, Table | None]:
    """The programs whose awards fall furthest below and above openings, the furthest first; None without any.

    `which` begins the labels of the tables, `most` is at most MOST, and `more` are columns that follow.
    """
    policy = profile.policy["policy"] if profile.policy else None
    far = _named(profile.rows("program_gaps", ALIGNMENT, policy=policy, most=MOST))
    if not far:
        return None, None
    below = [row for row in far if row["gap"] > 0]
    above = sorted((row for row in far if row["gap"] < 0), key=lambda row: row["place_above"])
    columns: list[str | Column] = [_AWARD, "awards", "awards_at_level", "openings_shared", "gap", *more]
    return (
        figures(f"{which} whose awards fall furthest below openings", _PROGRAM, below[:most], columns),
        figures(f"{which} whose awards go furthest above openings", _PROGRAM, above[:most], columns),
    )


def _program_tables(profile: Profile) -> Facts:
    """The programs whose awards fall furthest below and above openings, and the largest in nontraditional fields."""
    policy = profile.policy["policy"] if profile.policy else None
    fields = by(
        _named(profile.rows("nontraditional_programs", ALIGNMENT, policy=policy, most=MOST)), "nontraditional_for"
    )
    more = ("wage_p50_usd", "earnings_usd", "distance_institution_pct", "eligible", "entry_reached")
    below, above = program_gaps(profile, "Programs", *more)
    return {
        "below": below,
        "above": above,
        "fields": [
            figures(
                f"Largest programs that lead mostly to fields that are nontraditional for {sex}",
                _PROGRAM,
                fields[sex],
                [_AWARD, "awards", "awards_women_pct", f"nontraditional_for_{sex}_pct"],
            )
            for sex in ("women", "men")
            if sex in fields
        ],
    }


def _named(found: list[Row]) -> list[Row]:
    return [Row(row.table, {**row.values, "award_name": _AWARDS[row["award_group"]]}) for row in found]


def _earnings(profile: Profile) -> Facts:
    """Earnings by cluster and credential; credentials that no cluster has earnings for are left out."""
    frame = profile.frame("cluster_earnings")
    if frame.is_empty() or frame["earnings_usd"].is_null().all():
        return {"earnings": None}
    known = frame.filter(pl.col("earnings_usd").is_not_null().any().over("credential_level"))
    names = {
        row["credential_level"]: row["credential_name"] for row in profile.release.table("reference.credential_award")
    }
    found = rows(EARNINGS, _ordered(profile, known))
    credentials = sorted(by(found, "credential_level").items())
    benchmark = next((row for row in found if row.is_there("benchmark_usd")), None)
    return {
        "benchmark": benchmark,
        "earnings": figures(
            f"Median earnings four years after completion by cluster and credential, {profile.place}",
            "cluster_name",
            list({row["cluster_id"]: row for row in found}.values()),
            [
                of_other("earnings_usd", names[level], group, "cluster_id", missing="no programs")
                for level, group in credentials
            ],
        ),
    }


def _gender(profile: Profile) -> Table | None:
    frame = profile.frame("cluster_gender")
    if frame.is_empty():
        return None
    gender = rows(GENDER, _ordered(profile, frame))
    total = next((row for row in gender if row["level"] == "all"), None)
    shares = ["women_pct", "nontraditional_for_women_pct", "nontraditional_for_men_pct", "nontraditional_unknown_pct"]
    clusters = [row for row in gender if row["level"] == "cluster"]
    label = f"Share of jobs in nontraditional occupations by cluster, {profile.place}"
    return figures(label, "cluster_name", clusters, shares, total=None if total is None else ("All clusters", total))


def _parts(profile: Profile, facts: Facts) -> Facts:
    drawn = profile.frame("supply_demand")
    drawn = drawn if drawn.is_empty() else _ordered(profile, drawn)
    supply = rows(SUPPLY, drawn)
    levels = by(supply, "education_group")
    return {
        "high_distance": HIGH_DISTANCE_PCT,
        "is_charted": any(row.is_there("gap") for row in supply if row["level"] == "cluster"),
        "pictures": [
            Picture(
                "supply",
                f"Openings and awards by cluster and level of education, {profile.place}",
                "Openings a year as bars, and awards a year of the same level as diamonds on a line from their lower "
                "to their upper bound. Pale bars and hollow diamonds: read with care.",
                lambda narrow: awards_and_openings(drawn, narrow=narrow),
                _TABLES_FOLLOW,
                data=drawn,
            ),
            Picture(
                "gaps",
                f"Gaps between openings and awards by cluster and level of education, {profile.place}",
                "Openings less awards of the same level: the dot is the gap, the line goes from its lower to its upper "
                "bound, the dashed line is where awards equal openings. Hollow dots: read with care.",
                lambda narrow: gaps_ranked(drawn, narrow=narrow),
                _TABLES_FOLLOW,
                data=drawn,
            ),
        ],
        "gap_tables": [_gap_table(profile, level, levels[level]) for level in LEVELS if level in levels],
        "largest": _largest(profile, facts),
        **_program_tables(profile),
        **_earnings(profile),
        "gender": _gender(profile),
    }


WORDS = """
{% if supply %}
<p>Awards of colleges and schools in {{ place }}, a year in the mean of {{ years | listed }}, beside projected openings
a year of {{ supply[0]["projection_period"] }}, at the same level of education
{%- if release.overlay %}, by the clusters of the national framework{% endif %}. The gap is openings less awards.
<strong>A gap is not a shortage</strong>: openings are also filled by people who change occupation, move in or return to
work, and graduates go on to study, to other states and to other occupations.</p>
{% if distant %}
<div class="warning"><p>Many awards that count here come from large institutions that teach mainly online, and their
graduates live in many states:
{%- for level, row in distant %} {{ row.figure("distance_institution_pct") }} of the awards at the level "{{ level }}"
{{- ";" if not loop.last else "." }}{% endfor %} The gaps of these levels say little of {{ place }}.</p></div>
{% endif %}
{% if is_charted %}{{ show(*pictures) }}
{% else %}<p>No gap can be given here: the openings that are published for {{ place }} cannot be used.</p>{% endif +%}
<div class="screen">
{% for table in gap_tables %}{{ show(table) }}
{% endfor %}
</div>
{{ weak_note(supply) }}
<p class="note">Nobody publishes where graduates go among the occupations of their program. The gap shares them by
openings; the bounds give each to the occupation that adds most, or least, to the cluster's awards. Bounds do not add
up.
Awards to other levels meet no openings here. General studies and programs without a known occupation are in no row.
Coverage: the share of the jobs of this level whose openings can be used; where it is not all, the upper bound leaves
out who may take an occupation without openings. From distance institutions: shown in a table where it is
{{ high_distance }}% of a row or more. "No occupations": none of this cluster asks
for
this level.</p>
{% endif %}
{% if largest %}
<h3>Programs with the most awards</h3>
<p>Awards of colleges and schools in {{ place }}, a year in the mean of {{ years | listed }}; they count where the
institution is. Projections are of states, so that no openings stand beside the awards here
{%- if profile.state and profile.state != area %}: the report for {{ profile.state.area_name }} has both{% endif %}.</p>
{{ show(largest) }}
<p class="note">Distance institutions are large ones that teach mainly online; their graduates live in many states.</p>
{% endif %}
{% if below %}
<div class="screen">
<h3>Programs furthest from the openings of their level</h3>
<p>Each opening counts once: an occupation's openings are shared among its programs by the awards that they give to it.
Programs with an occupation whose openings cannot be used are not ranked.</p>
{{ show(below, above) }}
<p class="note">"At the level": awards that go to occupations with this entry education; those of another level count as
none here, such as an associate's degree that leads to a nurse's license. Training outside of colleges (employers, high
schools, most driving schools) is in no figure, so that such programs look too few. Wage: median of the program's
occupations, of all levels. Distance institutions are large ones that teach mainly online; their graduates live in
many states. "On the list": one of the program's occupations is listed by {{ profile.policy["policy_title"] }}.
"Award is enough": the award
is at least the usual entry education of an occupation that decides this. The gap of a program is not a shortage
either.</p>
</div>
{% endif %}
{% if earnings %}
<h3>What completers earn</h3>
<p>Median earnings four years after completion, of completers with federal student aid who work and are not enrolled.
{%- if benchmark %} Young workers with a high school diploma and no more earn {{ benchmark.figure("benchmark_usd") }} in
{{ place }}.{% endif %}</p>
{{ show(earnings) }}
<p class="note">Too few covered: fewer than half of the completers are in programs whose earnings may be shown. Not
available: no program has any; they are withheld for small programs. The area is the institution's; graduates may work
elsewhere.</p>
{% endif %}
{% if gender %}
<h3>Nontraditional fields</h3>
<p>A field is nontraditional for the sex that has under a quarter of those employed in the occupation (Perkins V).
Shares of women are the nation's for each occupation; the mix of occupations is that of {{ place }}.</p>
{{ show(gender) }}
<div class="screen">
{% for table in fields %}{{ show(table) }}
{% endfor %}
</div>
{% endif %}
"""

DOUBTS = """
{% for level, row in distant %}
<li>Programs at the level "{{ level }}": {{ row.figure("distance_institution_pct") }} of the awards come from large
institutions that teach mainly online, whose graduates live in many states.</li>
{% endfor %}
"""

TERMS = """
{% if "marts.supply_demand" in release.tables %}
<dt>Awards, openings and gaps</dt>
<dd>Awards are first majors that institutions in the area report; they are not people, and count where the institution
is. An award is shared among the occupations of its program by their openings. The gap is openings less awards at the
same
level of education, between two bounds. It is not a shortage.</dd>
{% endif %}
"""

TABLES = (
    SUPPLY,
    ALIGNMENT,
    "marts.cluster_completions",
    COMPLETIONS,
    EARNINGS,
    "marts.program_earnings",
)

SECTION = Section(
    "programs",
    "Programs and openings",
    54,
    WORDS,
    _facts,
    _parts,
    "",
    TERMS,
    (SUPPLY, ALIGNMENT),
    TABLES,
    doubts=DOUBTS,
    has=_has,
)
