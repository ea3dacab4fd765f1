"""What a valid policy says in vain: tests that everybody meets, and flags that every or no occupation has."""

from collections.abc import Iterable, Iterator, Mapping

from pipelines.contracts.assignments import EDUCATION, EXPERIENCE, TRAINING
from pipelines.policies.evaluate import VERDICTS
from pipelines.policies.model import (
    BOUNDS,
    DemandTest,
    EducationTest,
    ExperienceTest,
    JobZoneTest,
    Policy,
    SingleTest,
    TrainingTest,
    Unavailable,
    single_tests,
)
from pipelines.policies.words import FLAG_WORDS, MEASURES, factor_words, figure_words, reference_words, rule_in_words

_LEAST_JOB_ZONE = 1


def remarks(policy: Policy) -> list[str]:
    """What a person should know of a policy whatever the figures, in sentences: tests that everybody meets."""
    found = [
        f"{FLAG_WORDS[flag]}: {rule_in_words(test)}: every occupation with such a figure meets this test."
        for flag, rule in policy.rules.items()
        for test in single_tests(rule)
        if _is_met_by_all(test)
    ]
    return list(dict.fromkeys(found))


def _is_met_by_all(test: SingleTest) -> bool:
    match test:
        case EducationTest():
            return test.min_education == EDUCATION[0]
        case ExperienceTest():
            return set(test.qualifying) == set(EXPERIENCE)
        case TrainingTest():
            return set(test.qualifying) == set(TRAINING)
        case JobZoneTest():
            return test.job_zone_min <= _LEAST_JOB_ZONE
        case DemandTest():
            return test.comparison == "at_least" and test.fixed == BOUNDS[test.measure][0]
    return False


def remarks_on_state(policy: Policy, state_id: str | None, place: str) -> list[str]:
    """What to mind where a state's policy is applied to a place of another state, or to the nation (None)."""
    if policy.state_id in (None, state_id):
        return []
    return [
        f"{policy.name} is a policy of {policy.state_id}, and {place} is not in {policy.state_id}: these are the "
        "occupations that another state's rule would list here."
    ]


def remarks_on_thresholds(policy: Policy, thresholds: Iterable[tuple[str, str, float]], place: str) -> list[str]:
    """What to mind of thresholds in a place, given as flag, measure and figure: a factor on a figure below zero.

    There 120 % is less than 100 %, so that a rule asks for less than its words seem to say.
    """
    return [
        f"{FLAG_WORDS[flag]}: {reference_words(test)} is below zero in {place}, so that {factor_words(test.factor)}it "
        f"({figure_words(threshold, MEASURES[measure])}) is {'less' if test.factor > 1 else 'more'} than all of it."
        for flag, measure, threshold in thresholds
        for test in single_tests(policy.rules[flag])
        if isinstance(test, DemandTest)
        and test.measure == measure
        and test.fixed is None
        and test.factor != 1
        and threshold < 0
    ]


def remarks_on_counts(policy: Policy, counts: Mapping[str, Mapping[str, int]], place: str) -> list[str]:
    """The same of its flags in a place: `counts` has the occupations by verdict, for each flag and the list.

    Of the list only where nothing is said of its flags.
    """
    rules = policy.rules
    partial = {flag for flag in rules if any(isinstance(test, Unavailable) for test in single_tests(rules[flag]))}
    found = [
        said
        for flag, word in FLAG_WORDS.items()
        for said in _of_counts(word, counts.get(flag, {}), place, is_partial=flag in partial)
    ]
    return found or list(
        _of_counts("list", counts.get("listed", {}), place, is_partial=not partial.isdisjoint(policy.listing))
    )


def _of_counts(name: str, count: Mapping[str, int], place: str, *, is_partial: bool) -> Iterator[str]:
    """What is said of a flag; nothing where tests of its rule that are not available would tell occupations apart."""
    met, missed, unknown = (count.get(verdict, 0) for verdict in VERDICTS)
    also = f" (of {unknown:,} it is unknown)" if unknown else ""
    if met and not missed and not is_partial:
        yield f"{name}: all {met:,} occupations of {place} with known figures meet the rule{also}: it chooses nothing."
    elif missed and not met:
        yield f"{name}: no occupation of {place} meets the rule{also}."
    elif unknown and not met:
        yield f"{name}: of every occupation of {place} it is unknown."
