"""Applies a policy to figures. Each flag is true, false or unknown, with the figure, the threshold and an explanation.

A test with a missing input is unknown (null), a rule only when that matters: `any` is true when one test is true.
A top-coded wage is a range without an upper end, so it can still decide a test.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import polars as pl

from pipelines.contracts.assignments import EDUCATION, EXPERIENCE, TRAINING
from pipelines.errors import ContractError, shown
from pipelines.policies.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    DemandTest,
    EducationTest,
    ExperienceTest,
    JobZoneTest,
    Policy,
    Test,
    TrainingTest,
    Unavailable,
    WageTest,
    parts,
    single_tests,
)
from pipelines.policies.words import (
    ACROSS,
    ASSIGNMENTS,
    FLAG_WORDS,
    FLAGS,
    MEASURES,
    Named,
    factor_words,
    reference_words,
)

KEY = ("area_id", "soc_code")
VERDICTS = ("true", "false", "unknown")

_WORDS = {"entry_education": EDUCATION, "work_experience": EXPERIENCE, "on_the_job_training": TRAINING}
# far below a cent or a job: rounding errors of floating point must not decide a comparison
_DECIMALS = 6

_WAGES = tuple(name for name, named in MEASURES.items() if named.before == "$")
#: Measures from projections, which exist for the nation and the states only.
_PROJECTED = ("annual_openings", "openings_growth", "openings_rate_pct", "base_jobs", "growth_pct", "cagr_pct")
#: Prefixes of figures of all jobs, by the geography of a test.
_ALL_JOBS = {"same_area": "all_", "state": "state_all_", "nation": "nation_all_"}
#: Flags whose measures are words rather than figures.
_IN_WORDS = ("high_skill",)


def evaluate(policy: Policy, occupations: pl.DataFrame) -> pl.DataFrame:
    """Apply a policy to occupations in areas: one row per area_id and soc_code, in the order given.

    `occupations` has area_id, soc_code and `required_columns(policy)`: figures of the occupation; of all jobs of its
    area as `all_<measure>`; of all jobs of its state as `state_all_<measure>`, of the nation as `nation_all_<measure>`
    (projections: in the cycle of the area's own, null where that is not at hand). Wages are dollars a year, openings a
    yearly average, growth_pct is over the whole period. Missing figures are null. Each wage such as `wage_p50_usd` has
    a `wage_p50_status`; with `top_coded` the wage is a lower bound. Figures across occupations, each counted once, are
    `median_across_<measure>` and `mean_across_<measure>`. Without such a column they are computed from the rows of the
    area, which must then be all its detailed occupations and no groups. `demand_area_id`, when given, is the area of
    the projections; the explanation says so when it is another area.

    Returns area_id, soc_code, policy, listed, and for each flag (high_skill, high_wage, in_demand):
    `<flag>`: true, false or unknown; null when the policy does not define the flag;
    `<flag>_measure`, `<flag>_value`, `<flag>_threshold`: the measure, the occupation's figure and the threshold, in the
    measure's unit (for high_skill in BLS's words), of the first test with the same outcome as the flag, or of the first
    test with a measure when there is none;
    `<flag>_explanation`: the tests that decided the flag, or all of them when it is unknown, in words and figures.
    `listed` combines the policy's `listing` as its `combine` says; null when the flags stand separate.

    Raises ContractError for missing columns, columns of another type, missing or repeated keys, figures that are not
    finite, and values that are not BLS's.
    """
    _check(policy, occupations)
    occupations = _with_across(policy, occupations)
    outcomes = {flag: _outcome(rule) for flag, rule in policy.rules.items() if rule is not None}
    verdicts = [outcomes[flag].verdict for flag in policy.listing]
    listed = pl.lit(None, pl.String)
    if verdicts:
        listed = _words(reduce(or_ if policy.combine == "any" else and_, verdicts))
    columns = [*KEY, pl.lit(policy.name).alias("policy"), listed.alias("listed")]
    has_demand_area = "demand_area_id" in occupations.columns
    for flag in FLAGS:
        columns.extend(_flag_columns(policy, flag, outcomes.get(flag), has_demand_area=has_demand_area))
    return occupations.lazy().select(columns).collect()


def required_columns(policy: Policy) -> tuple[str, ...]:
    """Columns that the policy needs beside the key, sorted. Figures across occupations can be computed from them."""
    outcomes = [_outcome(rule) for rule in policy.rules.values() if rule is not None]
    names = {
        name for outcome in outcomes for part in (outcome.verdict, outcome.clause) for name in part.meta.root_names()
    }
    return tuple(sorted(name for name in names if "_across_" not in name))


@dataclass(frozen=True)
class _Single:
    """A single test with a measure: verdict, value and threshold (figures, or words)."""

    verdict: pl.Expr
    measure: str
    value: pl.Expr
    threshold: pl.Expr


@dataclass(frozen=True)
class _Outcome:
    """The outcome of a test: true, false or null for unknown; the reason as a clause; single tests with measures."""

    verdict: pl.Expr
    clause: pl.Expr
    tests: tuple[_Single, ...]


@dataclass(frozen=True)
class _Range:
    """The range of a figure: both ends are the figure, or the upper end is infinite (top-coded), or both are null."""

    low: pl.Expr
    high: pl.Expr

    def scaled(self, factor: float) -> "_Range":
        return _Range((self.low * factor).round(_DECIMALS), (self.high * factor).round(_DECIMALS))


def _flag_columns(policy: Policy, flag: str, outcome: _Outcome | None, *, has_demand_area: bool) -> Iterator[pl.Expr]:
    kind = pl.String if flag in _IN_WORDS else pl.Float64
    explanation = pl.lit(f"{policy.title} does not define {FLAG_WORDS[flag]}.")
    if outcome is None:
        outcome = _Outcome(pl.lit(None, pl.Boolean), explanation, ())
        yield pl.lit(None, pl.String).alias(flag)
    else:
        yield _words(outcome.verdict).alias(flag)
        explanation = _explanation(flag, outcome, has_demand_area=has_demand_area)
    yield _of_decisive(outcome, [pl.lit(test.measure) for test in outcome.tests], pl.String).alias(f"{flag}_measure")
    yield _of_decisive(outcome, [test.value for test in outcome.tests], kind).alias(f"{flag}_value")
    yield _of_decisive(outcome, [test.threshold for test in outcome.tests], kind).alias(f"{flag}_threshold")
    yield explanation.alias(f"{flag}_explanation")


def _explanation(flag: str, outcome: _Outcome, *, has_demand_area: bool) -> pl.Expr:
    ending = _by_verdict(outcome.verdict, ": ", ": not ", ": unknown whether ")
    first, rest = outcome.clause.str.slice(0, 1).str.to_uppercase(), outcome.clause.str.slice(1)
    pieces = [first, rest, ending, pl.lit(f"{FLAG_WORDS[flag]}.")]
    if has_demand_area and any(test.measure in _PROJECTED for test in outcome.tests):
        projected = pl.col("demand_area_id")
        elsewhere = pl.format(" The projections are those of {} as a whole.", projected)
        pieces.append(pl.when(projected != pl.col("area_id")).then(elsewhere).otherwise(pl.lit("")))
    return pl.concat_str(pieces)


def _of_decisive(outcome: _Outcome, of_tests: Sequence[pl.Expr], kind: type[pl.DataType]) -> pl.Expr:
    """The value of the first test with the same outcome as the rule, or of the first test."""
    if not of_tests:
        return pl.lit(None, kind)
    found = of_tests[0]
    for test, belonging in reversed(list(zip(outcome.tests, of_tests, strict=True))):
        found = pl.when(test.verdict.eq_missing(outcome.verdict)).then(belonging).otherwise(found)
    return found


def _words(verdict: pl.Expr) -> pl.Expr:
    return _by_verdict(verdict, *VERDICTS)


def _by_verdict(verdict: pl.Expr, yes: str, no: str, unknown: str = "") -> pl.Expr:
    return pl.when(verdict).then(pl.lit(yes)).when(~verdict).then(pl.lit(no)).otherwise(pl.lit(unknown))


def _outcome(test: Test) -> _Outcome:
    match test:
        case AnyOf() | AllOf() | AtLeastOf():
            return _joined(test, [_outcome(part) for part in parts(test)])
        case WageTest() | DemandTest():
            return _comparison(test)
        case JobZoneTest():
            threshold = pl.lit(test.job_zone_min)
            return _held("job_zone_mean", _figure("job_zone_mean"), _Range(threshold, threshold), "at_least")
        case EducationTest():
            return _education(test)
        case ExperienceTest() | TrainingTest():
            return _assignment(test)
        case Unavailable():
            clause = pl.lit(f"not tested: {test.test}, because {test.reason}")
            return _Outcome(pl.lit(None, pl.Boolean), clause, ())


def _told_once(tests: Sequence[Test], outcomes: Sequence[_Outcome]) -> Iterator[_Outcome]:
    """Outcomes without those of tests that repeat one before them; the clause of the first says how many they are."""
    for place, (test, outcome) in enumerate(zip(tests, outcomes, strict=True)):
        if test not in tests[:place]:
            times = tests.count(test)
            clause = outcome.clause if times == 1 else pl.format("{} ({} such tests)", outcome.clause, pl.lit(times))
            yield _Outcome(outcome.verdict, clause, outcome.tests)


def _joined(test: AnyOf[Test] | AllOf[Test] | AtLeastOf[Test], outcomes: Sequence[_Outcome]) -> _Outcome:
    """Several tests as one. The clause names the tests that decided it, or all of them when it is unknown."""
    verdicts = [outcome.verdict for outcome in outcomes]
    match test:
        case AnyOf():
            verdict = reduce(or_, verdicts)
        case AllOf():
            verdict = reduce(and_, verdicts)
        case AtLeastOf():
            met, possible = _count(verdicts, unknown=False), _count(verdicts, unknown=True)
            verdict = pl.when(met >= test.at_least).then(True).when(possible < test.at_least).then(False)
    deciding = [
        pl.when(verdict.is_null() | (outcome.verdict == verdict)).then(outcome.clause)
        for outcome in _told_once(parts(test), outcomes)
    ]
    clause = pl.concat_str(deciding, separator="; ", ignore_nulls=True)
    if isinstance(test, AtLeastOf):
        met = _count(verdicts, unknown=False).cast(pl.String)
        clause = pl.format("{} of {} tests are met and {} needed ({})", met, len(verdicts), test.at_least, clause)
    return _Outcome(verdict, clause, tuple(single for outcome in outcomes for single in outcome.tests))


def _count(verdicts: Iterable[pl.Expr], *, unknown: bool) -> pl.Expr:
    """How many verdicts are true, with unknown ones counted as `unknown` says."""
    return pl.sum_horizontal(verdict.fill_null(unknown).cast(pl.Int64) for verdict in verdicts)


def _comparison(test: WageTest | DemandTest) -> _Outcome:
    value = _figure(test.measure)
    match test.reference:
        case "fixed_usd" | "fixed":
            threshold = pl.lit(test.fixed, pl.Float64)
            return _held(test.measure, value, _Range(threshold, threshold), test.comparison)
        case "all_occupations":
            base = _figure(test.threshold_measure, _ALL_JOBS[test.geography])
        case "median_across_occupations" | "mean_across_occupations":
            across = pl.col(f"{test.reference.removesuffix('occupations')}{test.measure}").cast(pl.Float64)
            base = _Range(across, across)
    words = reference_words(test)
    return _held(test.measure, value, base.scaled(test.factor), test.comparison, (base, words, test.factor))


def _with_across(policy: Policy, occupations: pl.DataFrame) -> pl.DataFrame:
    """The occupations with the figures across them that the policy needs."""
    added = {}
    for rule in policy.rules.values():
        for test in single_tests(rule):
            if isinstance(test, DemandTest) and test.reference in ACROSS:
                name, figure = test.reference.removesuffix("occupations") + test.measure, _figure(test.measure).low
                if name not in occupations.columns:
                    over = figure.median() if name.startswith("median") else figure.mean()
                    added[name] = over.over("area_id")
    return occupations.with_columns(**added)


def _figure(measure: str, prefix: str = "") -> _Range:
    """A measure of the occupation, or with a prefix of all jobs."""
    if measure == "wage_p75_p25_ratio":
        upper, lower = _figure("wage_p75_usd", prefix), _figure("wage_p25_usd", prefix)
        return _Range(upper.low / lower.high, upper.high / lower.low).scaled(1)
    if measure == "employment_share_pct":
        share = 100 * _figure("employment").low / _figure("employment", "all_").low
        return _Range(share, share).scaled(1)
    low = pl.col(prefix + measure).cast(pl.Float64)
    if measure not in _WAGES:
        return _Range(low, low)
    top_coded = low.is_not_null() & (pl.col(f"{prefix}{measure.removesuffix('_usd')}_status") == "top_coded")
    return _Range(low, pl.when(top_coded).then(float("inf")).otherwise(low))


def _held(
    measure: str, value: _Range, threshold: _Range, comparison: str, base: tuple[_Range, str, float] | None = None
) -> _Outcome:
    """Compare a figure with a threshold, made of `base`: a published figure, its words, and a factor."""
    if comparison == "above":
        met, missed = value.low > threshold.high, value.high <= threshold.low
    else:
        met, missed = value.low >= threshold.high, value.high < threshold.low
    verdict = pl.when(met).then(True).when(missed).then(False)

    named = MEASURES[measure]
    shown, compared = _shown(value, named), _shown(threshold, named)
    words = "the threshold"
    if base is None:
        compared = pl.format("the rule's {}", compared)
    else:
        figure, words, factor = base
        published = pl.format(" ({})", _shown(figure, named)) if factor != 1 else pl.lit("")
        compared = pl.format("{}, {}{}", compared, pl.lit(factor_words(factor) + words), published)
    yes, no = ("is above", "is not above") if comparison == "above" else ("is at least", "is below")
    relation = _by_verdict(verdict, yes, no, "cannot be placed against")
    clause = (
        pl.when(value.low.is_null())
        .then(pl.lit(f"{named.words} is not known"))
        .when(threshold.low.is_null())
        .then(pl.lit(f"{words} is not known"))
        .otherwise(pl.concat_str(pl.lit(named.words), shown, relation, compared, separator=" "))
    )
    in_words = measure == "job_zone_mean"
    low, needed = (_number(end, cents=False) if in_words else end for end in (value.low, threshold.low))
    return _Outcome(verdict, clause, (_Single(verdict, measure, low, needed),))


def _education(test: EducationTest) -> _Outcome:
    given = pl.col("entry_education")
    verdict = given.is_in(EDUCATION[EDUCATION.index(test.min_education) :])
    relation = _by_verdict(verdict, "meets", "is below")
    clause = pl.format("typical entry education ({}) {} {}", given, relation, pl.lit(test.min_education))
    return _assigned("entry_education", clause, verdict, test.min_education)


def _assignment(test: ExperienceTest | TrainingTest) -> _Outcome:
    given = pl.col(test.measure)
    verdict = pl.when(given.is_in(test.unclear).not_()).then(given.is_in(test.qualifying))
    relation = _by_verdict(verdict, "counts", "does not count", "may or may not count")
    clause = pl.format("{} ({}) {}", pl.lit(ASSIGNMENTS[test.measure]), given, relation)
    return _assigned(test.measure, clause, verdict, " or ".join(test.qualifying))


def _assigned(measure: str, clause: pl.Expr, verdict: pl.Expr, threshold: str) -> _Outcome:
    """A test of one of BLS's assignments, which are missing for some occupations."""
    given = pl.col(measure)
    missing = pl.lit(f"{ASSIGNMENTS[measure]} is not known")
    single = _Single(verdict, measure, given.cast(pl.String), pl.lit(threshold))
    return _Outcome(verdict, pl.when(given.is_null()).then(missing).otherwise(clause), (single,))


def _shown(figure: _Range, named: Named) -> pl.Expr:
    """A figure with its unit, and `at least` before a lower bound."""
    bound = pl.when(figure.high.is_infinite()).then(pl.lit("of at least ")).otherwise(pl.lit(""))
    number = _number(figure.low, cents=named.before == "$")
    return pl.concat_str(bound, pl.lit(named.before), number, pl.lit(named.after))


def _number(figure: pl.Expr, *, cents: bool) -> pl.Expr:
    """A number as `figure_words` writes it, without its unit."""
    places = 2 if cents else 3
    smallest = (figure.abs() * 10**places).round().cast(pl.Int64)
    whole, decimals = smallest // 10**places, smallest % 10**places
    backwards = whole.cast(pl.String).str.reverse().str.replace_all(r"(\d{3})", "$1,")
    fraction = pl.concat_str(pl.lit("."), decimals.cast(pl.String).str.zfill(places))
    if not cents:
        fraction = fraction.str.strip_chars_end("0")
    sign = pl.when(smallest > 0, figure < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    shown = pl.when(decimals > 0).then(fraction).otherwise(pl.lit(""))
    return pl.concat_str(sign, backwards.str.strip_chars_end(",").str.reverse(), shown)


def _check(policy: Policy, occupations: pl.DataFrame) -> None:
    """Refuse input that `evaluate` cannot take."""

    def error(problem: str) -> ContractError:
        return ContractError(f"policy {policy.name}: {problem}")

    required = (*KEY, *required_columns(policy))
    if missing := [name for name in required if name not in occupations.columns]:
        raise error(f"the occupations lack the columns {', '.join(missing)}")
    keys = occupations.select(KEY)
    for name in required:
        values = occupations[name]
        text = name in KEY or name in _WORDS or name.endswith("_status")
        if not (values.dtype == pl.String if text else values.dtype.is_numeric()) and values.dtype != pl.Null:
            raise error(f"{name} is {values.dtype}, expected {'text' if text else 'numbers'}")
        problem, fault = _fault(name, values)
        for row in fault.fill_null(False).arg_true().head(1):
            raise error(f"{name} {problem} at {shown(keys.row(row))} (found {shown(values[row])})")
    for row in keys.is_duplicated().arg_true().head(1):
        raise error(f"two rows have the key {shown(keys.row(row))}")


def _fault(name: str, values: pl.Series) -> tuple[str, pl.Series]:
    """The fault that cells of a column can have, and the cells that have it."""
    if name in KEY:
        return "is missing", values.is_null()
    if name in _WORDS:
        return "is not one of BLS's values", ~values.is_in(_WORDS[name])
    if name.endswith("_status") or values.dtype == pl.Null:
        return "", pl.Series([False])
    return "is not a finite number", ~values.is_finite()
