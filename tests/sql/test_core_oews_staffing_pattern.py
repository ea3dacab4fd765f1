from fractions import Fraction

import pytest
from sql_inputs import Row, area_cell, industry_cell

OPERATORS, BUTCHERS, NURSES = "51-1011", "51-2022", "29-1141"


def industry(code: str, level: int, parent: str | None, *, variant: bool = False) -> Row:
    return {
        "industry_code": code,
        "industry_level": level,
        "parent_industry_code": parent,
        "is_ownership_variant": variant,
    }


TREE = [
    industry("000000", 0, None),
    industry("31--34", 2, "000000"),
    industry("311000", 3, "31--34"),
    industry("311100", 4, "311000"),
    industry("311200", 4, "311000"),
    industry("62--63", 2, "000000"),
    industry("622005", 4, None, variant=True),
]
#: Jobs of all occupations, then of each that is shown: of 311000's 300, 40 are in neither of its parts.
JOBS: dict[str, dict[str, int | None]] = {
    "000000": {"00-0000": 1000, OPERATORS: 400, BUTCHERS: 195, NURSES: 400},
    "31--34": {"00-0000": 600, OPERATORS: 400, BUTCHERS: 190},
    "311000": {"00-0000": 300, OPERATORS: 200, BUTCHERS: 90},
    "311100": {"00-0000": 200, OPERATORS: 150, BUTCHERS: None},
    "311200": {"00-0000": 60, OPERATORS: 30, BUTCHERS: 30},
    "62--63": {"00-0000": 400, NURSES: 400},
    "622005": {"00-0000": 300, NURSES: 300},
}


@pytest.fixture(scope="module")
def pattern(run_sql) -> dict[tuple[str, str], dict[str, float]]:
    """By industry and part, the share of each occupation."""
    figures = {
        "core.oews_area_occupation": [
            area_cell("US", soc, jobs, group="total" if soc == "00-0000" else "detailed")
            for soc, jobs in JOBS["000000"].items()
        ],
        "core.oews_industry": TREE,
        "core.oews_industry_ancestor": run_sql("core.oews_industry_ancestor", {"core.oews_industry": TREE}),
        "core.oews_industry_occupation": [
            industry_cell(code, soc, jobs, group="total" if soc == "00-0000" else "detailed")
            for code, shown in JOBS.items()
            if code != "000000"
            for soc, jobs in shown.items()
        ],
    }
    parts = run_sql("core.oews_industry_part", figures)
    rows = run_sql("core.oews_staffing_pattern", {**figures, "core.oews_industry_part": parts})
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault((row["industry_code"], row["part"]), {})[row["soc_code"]] = row["share"]
    return found


def exactly(shares: dict[str, Fraction]) -> object:
    return pytest.approx({soc: float(share) for soc, share in shares.items()}, abs=1e-11)


def test_an_industry_that_shows_all_its_jobs_is_staffed_as_it_shows(pattern):
    assert pattern["311200", "whole"] == exactly({OPERATORS: Fraction(1, 2), BUTCHERS: Fraction(1, 2)})
    # it lists no finer industry, so that all of it is the rest
    assert pattern["311200", "rest"] == pattern["311200", "whole"]
    assert pattern["62--63", "whole"] == exactly({NURSES: Fraction(1)})


def test_what_it_does_not_show_is_staffed_as_the_industry_above_has_it(pattern):
    # 50 of the 200 jobs of 311100 are not shown. Of 311000's 90 jobs that its parts do not show (50 of 311100, 40 of no
    # part) it shows 80: 200 - 180 operators, 90 - 30 butchers. Of 310 that 31--34 has beyond what is shown in 311000 it
    # shows 300: 200 operators, 100 butchers. The nation shows 5 butchers of the last 10.
    hidden = Fraction(50, 200)
    in_food = hidden * Fraction(80, 90)
    in_factories = hidden * Fraction(10, 90) * Fraction(300, 310)
    in_nation = hidden * Fraction(10, 90) * Fraction(10, 310) * Fraction(5, 10)
    assert pattern["311100", "whole"] == exactly(
        {
            OPERATORS: Fraction(150, 200) + in_food * Fraction(20, 80) + in_factories * Fraction(200, 300),
            BUTCHERS: in_food * Fraction(60, 80) + in_factories * Fraction(100, 300) + in_nation,
        }
    )


def test_the_rest_of_an_industry_is_staffed_as_its_parts_do_not_show(pattern):
    in_food, in_factories = Fraction(80, 90), Fraction(10, 90) * Fraction(300, 310)
    in_nation = Fraction(10, 90) * Fraction(10, 310) * Fraction(5, 10)
    assert pattern["311000", "rest"] == exactly(
        {
            OPERATORS: in_food * Fraction(20, 80) + in_factories * Fraction(200, 300),
            BUTCHERS: in_food * Fraction(60, 80) + in_factories * Fraction(100, 300) + in_nation,
        }
    )
    # the whole of it is 200 operators and 90 butchers, and 10 jobs more as 31--34 has them
    missing = Fraction(10, 300)
    assert pattern["311000", "whole"] == exactly(
        {
            OPERATORS: Fraction(200, 300) + missing * Fraction(300, 310) * Fraction(200, 300),
            BUTCHERS: Fraction(90, 300)
            + missing * Fraction(300, 310) * Fraction(100, 300)
            + missing * Fraction(10, 310) * Fraction(5, 10),
        }
    )


def test_the_nations_own_jobs_by_industry_give_back_its_occupations(pattern):
    jobs = {
        ("311100", "whole"): 200,
        ("311200", "whole"): 60,
        ("62--63", "whole"): 400,
        ("311000", "rest"): 40,
        ("31--34", "rest"): 300,
    }
    staffed: dict[str, float] = {}
    for place, count in jobs.items():
        for soc, share in pattern[place].items():
            staffed[soc] = staffed.get(soc, 0) + count * share
    assert staffed == pytest.approx({OPERATORS: 400, BUTCHERS: 195, NURSES: 400})


def test_ownership_variants_have_no_pattern(pattern):
    assert {code for code, _ in pattern} == {"000000", "31--34", "311000", "311100", "311200", "62--63"}
