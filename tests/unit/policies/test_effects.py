"""What a valid policy says in vain: tests that everybody meets, and flags that all or none of the occupations have."""

from typing import Any

import pytest

from pipelines.contracts.assignments import EDUCATION, EXPERIENCE, TRAINING
from pipelines.policies.effects import remarks, remarks_on_counts, remarks_on_state, remarks_on_thresholds
from pipelines.policies.model import Policy, load_policies

GROWS = {"measure": "growth_pct", "comparison": "above", "reference": "fixed", "fixed": 7}
NOT_HELD = {"available": False, "test": "demand in postings", "reason": "postings are not among the inputs"}


def policy(**changes: Any) -> Policy:
    content = dict.fromkeys(("state_id", "source_url", "as_of", "dollar_year", "skill", "wage", "demand"))
    content |= {"name": "trial", "title": "Trial rule", "source": "this test", "notes": "Made for this test."}
    return Policy.model_validate({**content, "combine": "any", **changes})


@pytest.mark.parametrize(
    ("skill", "everybody"),
    [
        ({"min_education": EDUCATION[0]}, True),
        ({"min_education": EDUCATION[1]}, False),
        ({"job_zone_min": 1}, True),
        ({"job_zone_min": 1.5}, False),
        ({"work_experience": list(EXPERIENCE)}, True),
        ({"work_experience": list(EXPERIENCE[1:])}, False),
        ({"on_the_job_training": list(TRAINING)}, True),
        ({"any": [{"job_zone_min": 4}, {"min_education": EDUCATION[0]}]}, True),
    ],
)
def test_a_test_of_skill_that_everybody_meets_is_told(skill: dict[str, Any], everybody: bool) -> None:
    said = remarks(policy(skill=skill))
    assert len(said) == everybody
    assert all(each.startswith("high-skill: ") and "every occupation" in each for each in said)


@pytest.mark.parametrize(
    ("measure", "comparison", "fixed", "everybody"),
    [
        ("annual_openings", "at_least", 0, True),
        ("annual_openings", "above", 0, False),
        ("employment_share_pct", "at_least", 0, True),
        ("growth_pct", "at_least", -100, True),
        # growth of openings may be below zero
        ("openings_growth", "at_least", 0, False),
    ],
)
def test_a_test_of_demand_that_everybody_meets_is_told(
    measure: str, comparison: str, fixed: float, everybody: bool
) -> None:
    demand = {"measure": measure, "comparison": comparison, "reference": "fixed", "fixed": fixed}
    assert bool(remarks(policy(demand=demand))) == everybody


def test_no_preset_has_a_test_that_everybody_meets() -> None:
    assert {name: remarks(preset) for name, preset in load_policies().items() if remarks(preset)} == {}


def count(met: int, missed: int, unknown: int = 0) -> dict[str, int]:
    return {"true": met, "false": missed, "unknown": unknown}


def test_flags_of_every_or_no_occupation_are_told() -> None:
    rule = policy(skill={"min_education": EDUCATION[0]}, demand=GROWS, combine="all")
    counts = {"high_skill": count(811, 0, 17), "in_demand": count(0, 828), "listed": count(0, 828)}
    assert remarks_on_counts(rule, counts, "Ohio") == [
        "high-skill: all 811 occupations of Ohio with known figures meet the rule (of 17 it is unknown): "
        "it chooses nothing.",
        "in-demand: no occupation of Ohio meets the rule.",
    ]
    told_apart = {"high_skill": count(1, 2), "in_demand": count(2, 1), "listed": count(0, 3)}
    assert remarks_on_counts(rule, told_apart, "Ohio") == ["list: no occupation of Ohio meets the rule."]
    assert remarks_on_counts(rule, {**told_apart, "listed": count(1, 2)}, "Ohio") == []
    assert remarks_on_counts(rule, {"in_demand": count(0, 0, 5)}, "Guam") == [
        "in-demand: of every occupation of Guam it is unknown."
    ]


def test_a_rule_with_tests_that_are_not_available_is_not_said_to_choose_nothing() -> None:
    """Ohio's rule misses nobody, because postings, which are not at hand, may be enough: the rest is unknown."""
    counts = {"in_demand": count(309, 0, 526), "listed": count(309, 0, 526)}
    assert remarks_on_counts(policy(demand={"any": [GROWS, NOT_HELD]}), counts, "Ohio") == []
    assert len(remarks_on_counts(policy(demand=GROWS), counts, "Ohio")) == 1


@pytest.mark.parametrize(("factor", "word"), [(1.2, "less"), (0.8, "more"), (1.0, None)])
def test_a_factor_on_a_figure_below_zero_is_told(factor: float, word: str | None) -> None:
    """Maine's jobs shrink by 1.8 % in its projections of 2022-32: a fifth more than that is a lower threshold."""
    demand = {"measure": "growth_pct", "comparison": "at_least", "reference": "all_occupations", "factor": factor}
    rule = policy(demand=demand)
    said = remarks_on_thresholds(rule, [("in_demand", "growth_pct", -1.8 * factor)], "Maine")
    assert len(said) == (word is not None)
    assert all("is below zero in Maine" in each and f"is {word} than all of it" in each for each in said)
    assert remarks_on_thresholds(rule, [("in_demand", "growth_pct", 5.1 * factor)], "Ohio") == []


def test_a_policy_of_another_state_is_told() -> None:
    ours, anyones = policy(state_id="OR", demand=GROWS), policy(demand=GROWS)
    assert remarks_on_state(ours, "OR", "Portland") == remarks_on_state(anyones, "WA", "Washington") == []
    (said,) = remarks_on_state(ours, "WA", "Washington")
    assert said.startswith("trial is a policy of OR, and Washington is not in OR: ")
    assert len(remarks_on_state(ours, None, "National")) == 1
