"""Rules in words."""

import pytest

from pipelines.policies.model import load_policies
from pipelines.policies.words import MEASURES, figure_words, list_in_words, rounded_words, rules_in_words

PRESETS = load_policies()


def test_a_single_test_is_a_phrase() -> None:
    assert rules_in_words(PRESETS["default"]) == {
        "high_skill": "typical entry education of at least Some college, no degree",
        "high_wage": "median annual wage above the median annual wage of all jobs in the area",
        "in_demand": "number of annual openings above the mean across occupations, each counted once; and (projected "
        "growth over the period of at least 0%; or number of annual openings as a share of jobs above the number of "
        "annual openings as a share of jobs of all jobs in the area)",
    }


def test_the_list_names_its_flags() -> None:
    def told_of(name: str) -> str:
        policy = PRESETS[name]
        return list_in_words(policy.combine, policy.listing, policy.defined)

    told = {name: told_of(name) for name in ("default", "ohio", "maryland", "oregon")}
    assert told == {
        "default": "An occupation is listed when it is high-wage and in-demand.",
        "ohio": "An occupation is listed when all of the flags are true.",
        "maryland": "An occupation is listed when any of the flags is true.",
        "oregon": "The flags stand separate; there is no list.",
    }


def test_factor_geography_and_what_is_not_tested_are_told() -> None:
    ohio = rules_in_words(PRESETS["ohio"])
    assert ohio["high_skill"] is None
    assert ohio["high_wage"] == "median annual wage of at least 80% of the median annual wage of all jobs in the state"
    assert str(ohio["in_demand"]).endswith(
        "; or number of annual openings above 620; or demand in online job postings [not tested: job postings are not "
        "among the inputs]; or demand in a survey of employers [not tested: surveys of employers are not among the "
        "inputs]"
    )


def test_joined_tests_keep_their_brackets() -> None:
    assert rules_in_words(PRESETS["delaware"])["high_skill"] == (
        "typical entry education of at least Bachelor's degree; or (typical entry education of at least Associate's "
        "degree; and (on-the-job training: Internship/residency; or related work experience: 5 years or more))"
    )
    assert str(rules_in_words(PRESETS["nebraska"])["high_wage"]).startswith(
        "at least 4 of 8: average annual wage of at least the average annual wage of all jobs in the area; 10th"
    )


@pytest.mark.parametrize(
    ("measure", "figure", "words"),
    [
        ("wage_p50_usd", 64_875.2, "$64,875.20"),
        ("wage_p50_usd", 34_008, "$34,008"),
        ("growth_pct", 10, "10%"),
        ("growth_pct", 2.5, "2.5%"),
        ("cagr_pct", -0.75, "-0.75%"),
        ("annual_openings", 10_000, "10,000"),
        ("employment", 50, "50 jobs"),
    ],
)
def test_figures_carry_their_unit(measure: str, figure: float, words: str) -> None:
    assert figure_words(figure, MEASURES[measure]) == words


@pytest.mark.parametrize(
    ("measure", "figure", "words"),
    [
        ("annual_openings", 745.171, "about 745"),
        ("annual_openings", 22_670.192308, "about 22,670"),
        ("openings_growth", 6.309789, "about 6.31"),
        ("wage_p50_usd", 64_875.2, "about $64,875"),
        ("wage_p75_p25_ratio", 1.945889, "about 1.95"),
        ("cagr_pct", -0.753902, "about -0.754%"),
        ("growth_pct", 0.0004, "about 0%"),
        # nothing is left out
        ("annual_openings", 90, "90"),
        ("wage_p50_usd", 62_990, "$62,990"),
        ("growth_pct", 7.3, "7.3%"),
        ("growth_pct", 0, "0%"),
        ("employment", 1_000_000.0, "1,000,000 jobs"),
    ],
)
def test_a_threshold_is_rounded_for_people_and_says_so(measure: str, figure: float, words: str) -> None:
    assert rounded_words(figure, MEASURES[measure]) == words
