"""Pictures: what they show of small frames, and that their SVG is safe, named and in the page's colours."""

import re
from xml.etree import ElementTree

import polars as pl
import pytest

from pipelines.reports.blocks import Picture
from pipelines.reports.charts.style import PALETTE, Chart
from pipelines.reports.charts.svg import themed
from pipelines.reports.sections.areas import areas_ranked
from pipelines.reports.sections.clusters import clusters_ranked
from pipelines.reports.sections.cross_cutting import cross_cutting_homes
from pipelines.reports.sections.flags import flag_shares
from pipelines.reports.sections.industry import industry_jobs
from pipelines.reports.sections.nation import against_nation
from pipelines.reports.sections.outlook import education_mix, outlook_ranked
from pipelines.reports.sections.programs import awards_and_openings, gaps_ranked
from pipelines.reports.sections.trend import trend_lines
from pipelines.reports.sections.wages import wage_ranges

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('x')</script> & \"Sons\""


def _clusters() -> pl.DataFrame:
    """Three clusters: one sound, one of low grade with a top-coded end, one withheld; names as bad as can be."""
    return pl.DataFrame(
        {
            "cluster_id": ["a", "b", "c"],
            "cluster_name": [HOSTILE, "Healthcare & Human Services", "Arts, Entertainment, & Design"],
            "employment": [1000.0, 200.0, None],
            "employment_low": [900.0, 80.0, None],
            "employment_high": [1100.0, 320.0, None],
            "employment_share_pct": [12.5, 2.5, None],
            "us_employment_share_pct": [10.0, 5.0, 1.0],
            "location_quotient": [1.25, None, None],
            "reliability": ["A", "D", None],
            "coverage_pct": [99.0, 40.0, 0.0],
            "status": ["ok", "partial", "withheld"],
            **{
                f"wage_p{point}_{part}": values
                for point, wages in {
                    10: (20000, 40000),
                    25: (30000, 60000),
                    50: (41234, 98765),
                    75: (50000, 150000),
                    90: (60000, 239200),
                }.items()
                for part, values in {
                    "usd": [float(wages[0]), float(wages[1]), None],
                    "status": ["ok", "top_coded" if point == 90 else "ok", "withheld"],
                }.items()
            },
            "us_wage_p50_usd": [40000.0, 90000.0, 50000.0],
            "us_wage_p50_status": ["ok"] * 3,
        }
    )


def _areas(count: int = 3) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "area_id": ["C1", "N1", "C2"][:count],
            "area_name": ["Columbus, OH", "Eastern Ohio nonmetropolitan area", HOSTILE][:count],
            "area_type": ["metro", "nonmetro", "metro"][:count],
            "wage_p25_usd": [30000.0, 28000.0, None][:count],
            "wage_p50_usd": [50000.0, 45000.0, None][:count],
            "wage_p50_status": ["ok", "ok", "withheld"][:count],
            "wage_p75_usd": [70000.0, 60000.0, None][:count],
        }
    )


def _context() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "cluster_name": ["Digital Technology", "Digital Technology", "Marketing & Sales"],
            "home_cluster_name": [HOSTILE, "Financial Services", "Agriculture"],
            "employment_share_pct": [52.04, 11.0, 3.0],
        }
    )


def _supply() -> pl.DataFrame:
    """Three clusters at two levels: one sound, one on little evidence, one without a figure at one of the levels."""
    levels = {"certificate": ("ok", "ok", "low_coverage"), "associate": ("ok", "partial", "ok")}
    return pl.DataFrame(
        [
            {
                "level": "cluster",
                "cluster_name": name,
                "education_group": level,
                "annual_openings": None if status == "low_coverage" else 900.0,
                "awards": 300.0,
                "awards_low": 200.0,
                "awards_high": 1200.0,
                **{
                    column: None if status == "low_coverage" else gap
                    for column, gap in (("gap", 600.0), ("gap_low", -300.0), ("gap_high", 700.0))
                },
                "coverage_pct": 20.0 if status == "low_coverage" else 90.0,
                "evidence_pct": evidence,
                "status": status,
            }
            for level, statuses in levels.items()
            for name, status, evidence in zip(
                (HOSTILE, "Education", "Construction"), statuses, (90.0, 40.0, 80.0), strict=True
            )
        ]
    )


def _drawn(chart: Chart) -> tuple[str, ElementTree.Element]:
    text = Picture("jobs", "Jobs <b>", HOSTILE, lambda narrow: chart, table="In a table.").svg("one")
    return text, ElementTree.fromstring(text)


ALL = {
    "clusters_ranked": lambda narrow: clusters_ranked(_clusters(), 50000.0, narrow=narrow),
    "wage_ranges": lambda narrow: wage_ranges(_clusters(), 50000.0, narrow=narrow),
    "against_nation": lambda narrow: against_nation(_clusters(), HOSTILE, narrow=narrow),
    "areas_ranked": lambda narrow: areas_ranked(_areas(), 50000.0, here="C1", narrow=narrow),
    "cross_cutting_homes": lambda narrow: cross_cutting_homes(_context(), narrow=narrow),
    "awards_and_openings": lambda narrow: awards_and_openings(_supply(), narrow=narrow),
    "gaps_ranked": lambda narrow: gaps_ranked(_supply(), narrow=narrow),
}


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", list(ALL))
def test_every_picture_is_a_named_image_with_text_as_text(name: str, narrow: bool) -> None:
    text, root = _drawn(ALL[name](narrow))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "one-t one-d"
    assert root.findtext(f"{SVG}title") == "Jobs <b>"
    assert root.findtext(f"{SVG}desc") == f"{HOSTILE} In a table."
    assert "<script" not in text
    assert not [element for element in root.iter() if element.tag.endswith(("script", "image", "foreignObject"))]
    shown = " ".join("".join(element.itertext()) for element in root.iter(f"{SVG}text"))
    assert "<script>" in shown
    assert len({element.get("role") for element in root.iter()} - {None}) == 1
    assert "http" not in text.replace("http://www.w3.org/", "")


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", list(ALL))
def test_every_colour_is_a_variable_of_the_page(name: str, narrow: bool) -> None:
    text, root = _drawn(ALL[name](narrow))
    allowed = re.compile(r"none|transparent|var\(--(\w+), #[0-9a-f]{6}\)")
    for element in root.iter():
        for attribute in ("fill", "stroke"):
            colour = element.get(attribute)
            if colour is not None and element.get("display") != "none" and element.tag != f"{SVG}g":
                assert allowed.fullmatch(colour), (element.tag, attribute, colour)
    assert set(re.findall(r"var\(--(\w+)", text)) <= set(PALETTE)


def _texts(root: ElementTree.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def test_clusters_carry_the_figures_as_they_are_written_in_tables() -> None:
    _, root = _drawn(clusters_ranked(_clusters(), 50000.0))
    texts = _texts(root)
    for said in ("1,000", "200", "withheld", "1.25", "too little published", "$41,234", "$98,765"):
        assert said in texts
    assert "0" not in [text for text in texts if text.startswith("withheld")]


def test_weak_figures_are_pale_and_the_withheld_have_no_bar() -> None:
    text, _ = _drawn(clusters_ranked(_clusters(), None, narrow=True))
    bars = re.findall(r'<path[^>]*d="M0,[\d.]+h([\d.]+)v[^>]*fill="var\(--(\w+)', text)
    drawn = [(float(width) > 0, colour) for width, colour in bars if colour in {"main", "soft"}]
    assert drawn.count((True, "main")) == 1
    assert drawn.count((True, "soft")) == 1


def test_a_gap_on_little_evidence_is_hollow_and_a_missing_one_is_a_word() -> None:
    text, root = _drawn(gaps_ranked(_supply()))
    dots = re.findall(r'<path[^>]*stroke="var\(--main[^>]*>', text)
    # two levels of three clusters, of which one has no figure at one level
    assert (len(dots), len([dot for dot in dots if "fill=" not in dot])) == (5, 2)
    assert _texts(root).count("too little projected") == 1
    # each cluster is named once for all panels, each level over its own
    assert _texts(root).count("Education") == 1
    assert {"Postsecondary award", "Associate's degree"} <= set(_texts(root))
    assert "Bachelor's degree" not in _texts(root)


def test_bounds_of_a_gap_are_on_both_sides_of_none() -> None:
    text, _ = _drawn(gaps_ranked(_supply().filter(pl.col("evidence_pct") == 90, education_group="associate")))
    ((begin, length),) = re.findall(
        r'<line transform="translate\(([\d.]+),[\d.]+\)" x2="(-?[\d.]+)" y2="0"[^>]*stroke="var\(--main', text
    )
    ((none,),) = [re.findall(r'<line transform="translate\(([\d.]+),0\)"[^>]*stroke="var\(--accent', text)]
    low, high = sorted((float(begin), float(begin) + float(length)))
    # -300 to 700 around 0
    assert (high - float(none)) / (float(none) - low) == pytest.approx(7 / 3, rel=0.02)


def test_awards_stand_between_their_bounds_on_the_openings_of_their_level() -> None:
    text, root = _drawn(
        awards_and_openings(_supply().filter(pl.col("evidence_pct") == 90, education_group="associate"))
    )
    ((openings,),) = [re.findall(r'<path[^>]*d="M0,[\d.]+h([\d.]+)v[^>]*fill="var\(--main', text)]
    ((begin, length),) = re.findall(
        r'<line transform="translate\(([\d.]+),[\d.]+\)" x2="(-?[\d.]+)" y2="0"[^>]*stroke="var\(--ink', text
    )
    (awards,) = re.findall(r'<path[^>]*translate\(([\d.]+),[\d.]+\)[^>]*fill="var\(--accent', text)
    low, high = sorted((float(begin), float(begin) + float(length)))
    # openings of 900, and awards of 300 between 200 and 1,200, on one scale from 0
    for at, awards_a_year in ((low, 200), (float(awards), 300), (high, 1200)):
        assert at / float(openings) == pytest.approx(awards_a_year / 900, rel=0.02)
    assert "too little projected" not in _texts(root)


def test_without_openings_awards_are_not_drawn() -> None:
    text, root = _drawn(awards_and_openings(_supply()))
    # two levels of three clusters, of which one has no figure at one level; one at each level is pale and hollow
    assert len(re.findall(r'<path[^>]*fill="var\(--(?:main|soft)', text)) == 5
    assert len(re.findall(r'<path[^>]*fill="var\(--accent', text)) == 3
    assert _texts(root).count("too little projected") == 1


def test_wages_are_ranked_by_their_median() -> None:
    _, root = _drawn(wage_ranges(_clusters(), 50000.0))
    texts = _texts(root)
    assert "median of all jobs $50,000" in texts
    assert texts.index("Healthcare & Human Services") < next(i for i, text in enumerate(texts) if "<script>" in text)
    assert texts.index("Arts, Entertainment, & Design") > texts.index("Healthcare & Human Services")


def test_an_empty_frame_says_that_there_is_nothing_to_draw() -> None:
    for chart in (
        clusters_ranked(_clusters().clear(), 50000.0),
        wage_ranges(_clusters().clear(), None),
        against_nation(_clusters().clear(), "Guam"),
        areas_ranked(_areas().clear(), None),
        cross_cutting_homes(_context().clear()),
        awards_and_openings(_supply().clear()),
        gaps_ranked(_supply().clear()),
    ):
        _, root = _drawn(chart)
        assert "No figures to draw." in _texts(root)


def test_names_that_are_cut_short_alike_stay_two_rows() -> None:
    long = "North Northeastern Ohio and much more of it that goes on and on nonmetropolitan area"
    frame = _areas(2).with_columns(pl.Series("area_name", [long, long + " part two"]))
    _, root = _drawn(areas_ranked(frame, None, narrow=True))
    assert len([text for text in _texts(root) if text.startswith("North Northeastern")]) == 2


def test_ids_are_the_pictures_own() -> None:
    plain = '<svg xmlns="x" width="10" height="20"><rect width="10" height="20" fill="transparent"/><defs>'
    plain += '<clipPath id="clip0"/></defs><g clip-path="url(#clip0)" role="img"/></svg>'
    text = themed(plain, "t", "d", "two", "wide")
    assert 'id="two-clip0"' in text
    assert "url(#two-clip0)" in text
    assert text.count("role=") == 1
    assert "<rect" not in text
    with pytest.raises(ValueError, match="no SVG of known size"):
        themed("<svg>", "t", "d", "two", "wide")


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", [0, 1])
def test_contrast_is_enough_on_light_and_dark_ground(ground: int) -> None:
    page = PALETTE["page"][ground]
    for text in ("ink", "muted", "accent", "main", "second"):
        assert _contrast(PALETTE[text][ground], page) >= 4.5, text


def test_stacked_bars_end_where_their_parts_add_up_to() -> None:
    shares = pl.DataFrame(
        {
            "level": ["cluster"] * 2,
            "flag": ["high_wage", "in_demand"],
            "cluster_name": ["Education"] * 2,
            "jobs_flagged_pct": [60.0, 25.0],
            "jobs_unknown_pct": [10.0, None],
            "jobs_not_flagged_pct": [30.0, 75.0],
            "status": ["ok"] * 2,
        }
    )
    panels = flag_shares(shares)["hconcat"]
    assert [[(row["kind"], row["begin"], row["end"]) for row in panel["data"]["values"]] for panel in panels] == [
        [("Yes", 0.0, 60.0), ("Unknown", 60.0, 70.0), ("No", 70.0, 100.0)],
        [("Yes", 0.0, 25.0), ("Unknown", 25.0, 25.0), ("No", 25.0, 100.0)],
    ]


def test_education_is_drawn_in_groups_of_levels() -> None:
    mix = pl.DataFrame(
        {
            "cluster_id": ["a"] * 3,
            "cluster_name": ["Education"] * 3,
            "education_rank": [2, 5, 6],
            "openings_pct": [50.0, 20.0, 30.0],
        }
    )
    rows = education_mix(mix)["data"]["values"]
    assert [(row["kind"], row["end"]) for row in rows] == [
        ("High school or less", 50.0),
        ("Some college or award", 50.0),
        ("Associate's degree", 70.0),
        ("Bachelor's degree", 100.0),
        ("Master's or doctoral", 100.0),
    ]


def _trend() -> pl.DataFrame:
    """Two clusters over three years: one starts anew in 2022, one has no index at all; the total has one throughout."""
    rows = [
        ("all", "all", "All industries", 2020, 100.0, 2020),
        ("all", "all", "All industries", 2021, 103.0, 2020),
        ("all", "all", "All industries", 2022, 106.0, 2020),
        ("cluster", "a", HOSTILE, 2020, 100.0, 2020),
        ("cluster", "a", HOSTILE, 2021, 98.5, 2020),
        ("cluster", "a", HOSTILE, 2022, 100.0, 2022),
        ("cluster", "b", "Healthcare & Human Services", 2022, None, None),
    ]
    columns = ["level", "cluster_id", "cluster_name", "year", "employment_index", "base_year"]
    return pl.DataFrame(rows, columns, orient="row")


@pytest.mark.parametrize("narrow", [False, True])
def test_a_trend_has_a_line_for_each_run_of_years_beside_that_of_all(narrow: bool) -> None:
    drawn = trend_lines(_trend(), narrow=narrow)["data"]["values"]
    lines: dict[tuple[str, int], list[tuple[int, float]]] = {}
    for row in drawn:
        lines.setdefault((row["kind"], row["base_year"]), []).append((row["year"], row["employment_index"]))
    assert lines == {
        ("All industries", 2020): [(2020, 100.0), (2021, 103.0), (2022, 106.0)],
        ("The cluster", 2020): [(2020, 100.0), (2021, 98.5)],
        ("The cluster", 2022): [(2022, 100.0)],
    }
    # a cluster without an index has no panel
    assert len({row["panel"] for row in drawn}) == 1
    texts = _texts(_drawn(trend_lines(_trend(), narrow=narrow))[1])
    assert {"All industries", "The cluster", "2022"} <= set(texts)


def test_a_trend_without_any_index_says_so() -> None:
    nothing = _trend().with_columns(employment_index=pl.lit(None, pl.Float64))
    assert "No figures to draw." in _texts(_drawn(trend_lines(nothing))[1])


def test_employers_and_openings_carry_their_figures() -> None:
    employers = _clusters().with_columns(level=pl.lit("cluster"))
    assert {"1,000", "withheld"} <= set(_texts(_drawn(industry_jobs(employers))[1]))
    outlook = employers.with_columns(annual_openings=pl.col("employment") / 10, growth_pct=pl.lit(3.25))
    assert {"100", "withheld", "+3.2%", "all jobs"} <= set(_texts(_drawn(outlook_ranked(outlook, 1.5))[1]))
