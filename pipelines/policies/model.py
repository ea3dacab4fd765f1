"""Policies of `reference/policies/`: a file defines high-skill, high-wage and in-demand.

The rule of a flag is a test, or tests joined by `any`, `all`, or `at_least` k `of` several. A test that needs an input
that the project does not have says `available: false`; its outcome is unknown.

Two thresholds sound alike and differ by a third: `all_occupations` is the figure of all jobs of an area together (the
median of all jobs), `median_across_occupations` is the median of the occupations' figures, each occupation counted
once.
"""

from collections.abc import Iterator
from math import inf, isinf
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from typing_extensions import TypeAliasType

from pipelines.contracts.assignments import Education, Experience, Training
from pipelines.errors import BadInputError, refuse
from pipelines.model_files import Id, Phrase, Place, PostalCode, Year, faults_of, read_model
from pipelines.models import Strict
from pipelines.paths import POLICIES
from pipelines.publishers.states import postal_code_of_fips

SOURCE = "policy"

WageFigure = Literal["wage_mean_usd", "wage_p10_usd", "wage_p25_usd", "wage_p50_usd", "wage_p75_usd", "wage_p90_usd"]
WageMeasure = Literal[WageFigure, "wage_p75_p25_ratio"]
DemandMeasure = Literal[
    "employment",
    "employment_share_pct",
    "annual_openings",
    "openings_growth",
    "openings_rate_pct",
    "base_jobs",
    "growth_pct",
    "cagr_pct",
]
Comparison = Literal["above", "at_least"]
Geography = Literal["same_area", "state", "nation"]
Flag = Literal["high_skill", "high_wage", "in_demand"]
#: Measures that can be compared between one occupation and all together; jobs and openings cannot.
_RATES = ("openings_rate_pct", "growth_pct", "cagr_pct")
#: What a measure can be at all; openings of a year may be more than the jobs.
BOUNDS: dict[DemandMeasure, tuple[float, float]] = {
    "employment": (0, inf),
    "employment_share_pct": (0, 100),
    "annual_openings": (0, inf),
    "openings_growth": (-inf, inf),
    "openings_rate_pct": (0, inf),
    "base_jobs": (0, inf),
    "growth_pct": (-100, inf),
    "cagr_pct": (-100, inf),
}

#: The most decimals of a threshold, of dollars and of a factor: the words of a rule tell no more.
DECIMALS, DOLLAR_DECIMALS, FACTOR_DECIMALS = 3, 2, 4

_Positive = Annotated[float, Field(gt=0, strict=True)]
#: A wage of a year, and a part or multiple of a figure; an hour's wage or a percentage would list all or nothing.
_DollarsAYear = Annotated[float, Field(ge=1_000, le=10_000_000, strict=True)]
_Factor = Annotated[float, Field(gt=0, le=10, strict=True)]

T = TypeVar("T")


#: The place of a key below a part of a policy, and why its value does not fit the others.
Misfit = tuple[Place, str]


class _Strict(Strict):
    model_config = ConfigDict(allow_inf_nan=False)

    def _misfits(self) -> Iterator[Misfit]:
        """What does not fit each other."""
        yield from ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (error := faults_of(self._misfits())) is not None:
            raise error
        return self


class AnyOf(_Strict, Generic[T]):
    """Met when one of the tests is met."""

    any: tuple[T, ...] = Field(min_length=2)


class AllOf(_Strict, Generic[T]):
    """Met when all of the tests are met."""

    all: tuple[T, ...] = Field(min_length=2)


class AtLeastOf(_Strict, Generic[T]):
    """Met when at least `at_least` of the tests are met."""

    at_least: int = Field(ge=1, strict=True)
    of: tuple[T, ...] = Field(min_length=2)

    def _misfits(self) -> Iterator[Misfit]:
        if self.at_least > len(self.of):
            yield ("at_least",), f"{self.at_least} of {len(self.of)} tests can never be met"


class Unavailable(_Strict):
    """A test that needs an input that the project does not have. Its outcome is always unknown."""

    available: Literal[False]
    test: Phrase
    reason: Phrase


class WageTest(_Strict):
    """Compares an annual wage of the occupation with `factor` times a wage of all jobs, or with fixed dollars."""

    measure: WageMeasure
    comparison: Comparison
    reference: Literal["all_occupations", "fixed_usd"]
    reference_measure: WageFigure | None = None
    fixed_usd: _DollarsAYear | None = None
    factor: _Factor = 1.0
    geography: Geography = "same_area"

    @property
    def threshold_measure(self) -> WageMeasure:
        """The measure of all jobs: that of the occupation unless the rule names another."""
        return self.reference_measure or self.measure

    @property
    def fixed(self) -> float | None:
        """Fixed threshold, in dollars a year."""
        return self.fixed_usd

    def _misfits(self) -> Iterator[Misfit]:
        yield from _misfits_of_fixed(self, "fixed_usd", self.fixed_usd)
        if self.reference_measure and self.reference == "fixed_usd":
            yield ("reference_measure",), "it needs reference: all_occupations"
        if self.measure == "wage_p75_p25_ratio" and (self.reference_measure or self.fixed_usd):
            yield ("measure",), "a ratio of wages can only be compared with the same ratio of all jobs"


class DemandTest(_Strict):
    """Compares a figure with a fixed one (in the unit of the measure), all jobs of the area, or its occupations."""

    measure: DemandMeasure
    comparison: Comparison
    reference: Literal["fixed", "all_occupations", "median_across_occupations", "mean_across_occupations"]
    fixed: Annotated[float, Field(ge=-1e9, le=1e9, strict=True)] | None = None
    factor: _Factor = 1.0
    geography: Geography = "same_area"

    @property
    def threshold_measure(self) -> DemandMeasure:
        """The measure of all jobs: that of the occupation."""
        return self.measure

    def _misfits(self) -> Iterator[Misfit]:
        yield from _misfits_of_fixed(self, "fixed", self.fixed)
        if self.fixed is not None:
            low, high = BOUNDS[self.measure]
            if not low <= self.fixed <= high:
                upper = "or more" if isinf(high) else f"to {high:g}"
                yield ("fixed",), f"{self.measure} is always {low:g} {upper}: write a threshold in that range"
            elif self.comparison == "above" and self.fixed == high:
                yield ("fixed",), f"{self.measure} is never above {high:g}: write a lower threshold"
        if self.reference == "all_occupations" and self.measure not in _RATES:
            problem = f"{self.measure} of one occupation cannot be compared with that of all occupations together"
            yield ("reference",), problem
        if self.reference.endswith("_across_occupations") and self.geography != "same_area":
            yield ("geography",), "figures across occupations need the geography same_area"


def _misfits_of_fixed(test: WageTest | DemandTest, name: str, value: float | None) -> Iterator[Misfit]:
    """A fixed threshold that is missing or not asked for, or that has a factor or a geography; too many decimals."""
    if test.reference == name and value is None:
        yield ("reference",), f"{name} needs the key {name} with the threshold"
    if test.factor != round(test.factor, FACTOR_DECIMALS):
        yield ("factor",), f"write at most {FACTOR_DECIMALS} decimals"
    if value is None:
        return
    decimals = DOLLAR_DECIMALS if isinstance(test, WageTest) else DECIMALS
    if value != round(value, decimals):
        yield (name,), f"write at most {decimals} decimals"
    if test.reference != name:
        yield (name,), f"it needs reference: {name}"
    if test.factor != 1:
        yield ("factor",), f"{name} takes no factor"
    if test.geography != "same_area":
        yield ("geography",), f"{name} takes no geography"


class EducationTest(_Strict):
    """The typical entry education is at least this level."""

    min_education: Education


class _WordsTest(_Strict):
    measure: ClassVar[str]
    unclear: tuple[Any, ...] = ()

    @property
    def qualifying(self) -> tuple[str, ...]:
        """The values that meet the test."""
        return tuple(getattr(self, self.measure))

    def _misfits(self) -> Iterator[Misfit]:
        for place, value in enumerate(self.unclear):
            if value in self.qualifying:
                yield ("unclear", place), "it is listed as met and as unclear"


class ExperienceTest(_WordsTest):
    """Work experience in a related occupation is one of these values; `unclear` values may or may not meet the rule."""

    measure: ClassVar[str] = "work_experience"
    work_experience: tuple[Experience, ...] = Field(min_length=1)
    unclear: tuple[Experience, ...] = ()


class TrainingTest(_WordsTest):
    """On-the-job training is one of these values; `unclear` values may or may not meet the rule."""

    measure: ClassVar[str] = "on_the_job_training"
    on_the_job_training: tuple[Training, ...] = Field(min_length=1)
    unclear: tuple[Training, ...] = ()


class JobZoneTest(_Strict):
    """The O*NET job zone, averaged over the occupation's parts, is at least this."""

    job_zone_min: float = Field(ge=1, le=5, strict=True)


#: The key that shows the kind of a test.
_KINDS = (
    "any",
    "all",
    "of",
    "available",
    "min_education",
    "work_experience",
    "on_the_job_training",
    "job_zone_min",
    "measure",
)


def _kind(test: Any) -> str | None:
    """The kind of a test, given as a mapping or as a model; None when it is no test. Its name is no key of a file."""
    if isinstance(test, dict):
        keys = test.keys()
    elif isinstance(test, BaseModel):
        keys = type(test).model_fields.keys()
    else:
        return None
    return next((f"{key} test" for key in _KINDS if key in keys), None)


_BY_KIND = Discriminator(
    _kind,
    custom_error_type="no_test",
    custom_error_message=f"not a known kind of test; a test has one of the keys {', '.join(_KINDS)}",
)

AnyWageTest = TypeAliasType(
    "AnyWageTest",
    Annotated[
        Annotated["AnyOf[AnyWageTest]", Tag("any test")]
        | Annotated["AllOf[AnyWageTest]", Tag("all test")]
        | Annotated["AtLeastOf[AnyWageTest]", Tag("of test")]
        | Annotated[Unavailable, Tag("available test")]
        | Annotated[WageTest, Tag("measure test")],
        _BY_KIND,
    ],
)
AnySkillTest = TypeAliasType(
    "AnySkillTest",
    Annotated[
        Annotated["AnyOf[AnySkillTest]", Tag("any test")]
        | Annotated["AllOf[AnySkillTest]", Tag("all test")]
        | Annotated["AtLeastOf[AnySkillTest]", Tag("of test")]
        | Annotated[Unavailable, Tag("available test")]
        | Annotated[EducationTest, Tag("min_education test")]
        | Annotated[ExperienceTest, Tag("work_experience test")]
        | Annotated[TrainingTest, Tag("on_the_job_training test")]
        | Annotated[JobZoneTest, Tag("job_zone_min test")],
        _BY_KIND,
    ],
)
AnyDemandTest = TypeAliasType(
    "AnyDemandTest",
    Annotated[
        Annotated["AnyOf[AnyDemandTest]", Tag("any test")]
        | Annotated["AllOf[AnyDemandTest]", Tag("all test")]
        | Annotated["AtLeastOf[AnyDemandTest]", Tag("of test")]
        | Annotated[Unavailable, Tag("available test")]
        | Annotated[DemandTest, Tag("measure test")],
        _BY_KIND,
    ],
)
SingleTest = WageTest | DemandTest | EducationTest | ExperienceTest | TrainingTest | JobZoneTest | Unavailable
Test = SingleTest | AnyOf[Any] | AllOf[Any] | AtLeastOf[Any]


class Policy(_Strict):
    """The rule of each flag that a policy defines, how the flags make a list, and the source.

    `as_of` is the year of the document, null when it has none; `dollar_year` is the year of fixed dollars. `combine`
    says whether any or all of the flags put an occupation on the list; with `separate` there is no list. `list_flags`
    are the flags that count for the list, all of those defined unless given.
    """

    name: Id
    title: Phrase
    state_id: PostalCode | None
    source: Phrase
    source_url: AnyHttpUrl | None
    as_of: Year | None
    dollar_year: Year | None
    skill: AnySkillTest | None
    wage: AnyWageTest | None
    demand: AnyDemandTest | None
    combine: Literal["any", "all", "separate"]
    list_flags: tuple[Flag, ...] | None = Field(default=None, min_length=1)
    notes: str = Field(min_length=10)

    @property
    def rules(self) -> dict[str, Test | None]:
        """The rule of each flag; None when the policy does not define it."""
        return {"high_skill": self.skill, "high_wage": self.wage, "in_demand": self.demand}

    @property
    def defined(self) -> tuple[str, ...]:
        """The flags that the policy defines."""
        return tuple(flag for flag, rule in self.rules.items() if rule)

    @property
    def listing(self) -> tuple[str, ...]:
        """The flags that make the list, in the order of the tables; none when the flags stand separate."""
        if self.combine == "separate":
            return ()
        return tuple(flag for flag in self.defined if flag in (self.list_flags or self.defined))

    def _misfits(self) -> Iterator[Misfit]:
        if not any(self.rules.values()):
            yield ("skill",), "skill, wage and demand are all empty: write the rule of at least one"
        if self.list_flags and self.combine == "separate":
            yield ("list_flags",), "it needs combine: any or combine: all"
        for place, flag in enumerate(self.list_flags or ()):
            if self.rules[flag] is None:
                yield ("list_flags", place), f"the policy does not define {flag}: leave it out, or write its rule"
        fixed = any(isinstance(test, WageTest) and test.fixed_usd for test in single_tests(self.wage))
        if fixed and self.dollar_year is None:
            yield ("dollar_year",), "the rule has fixed dollars: write the year that they are of"
        elif self.dollar_year is not None and not fixed:
            yield ("dollar_year",), "the rule has no fixed dollars (fixed_usd): write null"


def parts(test: Test) -> tuple[Test, ...]:
    """The tests that a test joins; none for a single test."""
    match test:
        case AnyOf():
            return test.any
        case AllOf():
            return test.all
        case AtLeastOf():
            return test.of
    return ()


def single_tests(test: Test | None) -> Iterator[SingleTest]:
    """The single tests of a rule, in the order of its file."""
    match test:
        case None:
            return
        case AnyOf() | AllOf() | AtLeastOf():
            for part in parts(test):
                yield from single_tests(part)
        case _:
            yield test


def load_policies(folder: Path = POLICIES) -> dict[str, Policy]:
    """All policies of a folder by name, in alphabetical order. Raises BadInputError as load_policy does."""
    found = {path.stem: load_policy(path) for path in sorted(folder.glob("*.yml"))}
    if not found:
        raise BadInputError(source=SOURCE, file=str(folder), problem="no policy (*.yml) in the folder")
    return found


def load_policy(path: Path) -> Policy:
    """The policy of a file. Raises BadInputError that names file, line and problem of every fault."""
    read = read_model(path, Policy, SOURCE)
    faults = []
    if read.model.state_id is not None and read.model.state_id not in postal_code_of_fips().values():
        problem = "no state or territory has this postal code"
        faults.append(read.fault(problem, "state_id", value=read.model.state_id))
    if read.model.name != path.stem:
        problem = f"the name must be the name of the file, {path.stem}"
        faults.append(read.fault(problem, "name", value=read.model.name))
    refuse(faults)
    return read.model
