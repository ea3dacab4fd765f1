"""Rules in words, with figures formatted for people."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.policies.model import (
    DECIMALS,
    DOLLAR_DECIMALS,
    AllOf,
    AnyOf,
    AtLeastOf,
    DemandTest,
    EducationTest,
    ExperienceTest,
    JobZoneTest,
    Policy,
    SingleTest,
    Test,
    TrainingTest,
    Unavailable,
    WageTest,
)


@dataclass(frozen=True)
class Named:
    """A measure in words, and what is written before and after its figures."""

    words: str
    before: str = ""
    after: str = ""


MEASURES = {
    "wage_mean_usd": Named("average annual wage", "$"),
    "wage_p10_usd": Named("10th percentile of annual wages", "$"),
    "wage_p25_usd": Named("25th percentile of annual wages", "$"),
    "wage_p50_usd": Named("median annual wage", "$"),
    "wage_p75_usd": Named("75th percentile of annual wages", "$"),
    "wage_p90_usd": Named("90th percentile of annual wages", "$"),
    "wage_p75_p25_ratio": Named("ratio of the 75th to the 25th percentile of wages"),
    "employment": Named("employment", after=" jobs"),
    "employment_share_pct": Named("share of the area's jobs", after="%"),
    "annual_openings": Named("number of annual openings"),
    "openings_growth": Named("number of annual openings due to growth"),
    "openings_rate_pct": Named("number of annual openings as a share of jobs", after="%"),
    "base_jobs": Named("number of jobs in the base year"),
    "growth_pct": Named("projected growth over the period", after="%"),
    "cagr_pct": Named("projected growth a year", after="%"),
    "job_zone_mean": Named("job zone"),
}
ASSIGNMENTS = {
    "entry_education": "typical entry education",
    "work_experience": "related work experience",
    "on_the_job_training": "on-the-job training",
}
#: The flags, in the order of the tables, in words.
FLAG_WORDS = {"high_skill": "high-skill", "high_wage": "high-wage", "in_demand": "in-demand"}
FLAGS = tuple(FLAG_WORDS)
#: Figures across occupations.
ACROSS = {
    "median_across_occupations": "the median across occupations, each counted once",
    "mean_across_occupations": "the mean across occupations, each counted once",
}


def rules_in_words(policy: Policy) -> dict[str, str | None]:
    """The rule of each flag in one phrase, such as `median annual wage of at least $50,000`; None when not defined."""
    return {flag: None if rule is None else rule_in_words(rule) for flag, rule in policy.rules.items()}


def rule_in_words(rule: Test) -> str:
    """A rule, or one of its tests, in one phrase."""
    return _phrase(rule, within=False)


def reference_words(test: WageTest | DemandTest) -> str:
    """The figure that the threshold of a test is made from, in words; not for fixed figures."""
    if test.reference in ACROSS:
        return ACROSS[test.reference]
    place = {"same_area": "area", "state": "state", "nation": "nation"}[test.geography]
    if test.geography == "nation" and isinstance(test, DemandTest):
        place += " in the same projection period"
    return f"the {MEASURES[test.threshold_measure].words} of all jobs in the {place}"


def list_in_words(combine: str, listing: Sequence[str], defined: Sequence[str]) -> str:
    """What puts an occupation on a policy's list: all or any of the `defined` flags, or those of `listing` by name."""
    if not listing:
        return "The flags stand separate; there is no list."
    if set(listing) == set(defined):
        return f"An occupation is listed when {combine} of the flags {'are' if combine == 'all' else 'is'} true."
    joined = " or " if combine == "any" else " and "
    return f"An occupation is listed when it is {joined.join(FLAG_WORDS[flag] for flag in listing)}."


def factor_words(factor: float) -> str:
    """`80% of `, or nothing when the factor is 1."""
    return "" if factor == 1 else f"{factor * 100:g}% of "


def _phrase(test: Test, *, within: bool) -> str:
    match test:
        case AnyOf():
            text = "; or ".join(_phrase(part, within=True) for part in test.any)
        case AllOf():
            text = "; and ".join(_phrase(part, within=True) for part in test.all)
        case AtLeastOf():
            parts = "; ".join(_phrase(part, within=True) for part in test.of)
            text = f"at least {test.at_least} of {len(test.of)}: {parts}"
        case _:
            return _single(test)
    return f"({text})" if within else text


def _single(test: SingleTest) -> str:
    match test:
        case WageTest() | DemandTest():
            return _comparison(test)
        case JobZoneTest():
            return f"job zone of at least {test.job_zone_min:g}"
        case EducationTest():
            return f"typical entry education of at least {test.min_education}"
        case ExperienceTest() | TrainingTest():
            words = f"{ASSIGNMENTS[test.measure]}: {' or '.join(test.qualifying)}"
            return words if not test.unclear else f"{words} (unclear: {' or '.join(test.unclear)})"
        case Unavailable():
            return f"{test.test} [not tested: {test.reason}]"


def _comparison(test: WageTest | DemandTest) -> str:
    named = MEASURES[test.measure]
    relation = "above" if test.comparison == "above" else "of at least"
    if test.fixed is not None:
        return f"{named.words} {relation} {figure_words(test.fixed, named)}"
    return f"{named.words} {relation} {factor_words(test.factor)}{reference_words(test)}"


def figure_words(figure: float, named: Named) -> str:
    """A figure with its unit: commas between thousands, at most three decimals (cents for dollars), none when zero."""
    places = DOLLAR_DECIMALS if named.before == "$" else DECIMALS
    text = f"{abs(figure):,.{places}f}"
    whole, _, decimals = text.partition(".")
    if not decimals.strip("0"):
        text = whole
    elif places == DECIMALS:
        text = text.rstrip("0")
    sign = "-" if figure < 0 and text.strip("0,.") else ""
    return f"{sign}{named.before}{text}{named.after}"


def rounded_words(figure: float, named: Named) -> str:
    """The same as a person reads it: whole from 100 on, three digits below; `about` before what is left out."""
    places = 2 - math.floor(math.log10(abs(figure))) if figure else 0
    shown = round(figure, min(max(places, 0), DECIMALS))
    words = figure_words(shown, named)
    return words if math.isclose(shown, figure, rel_tol=1e-9) else f"about {words}"
