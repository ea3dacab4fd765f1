"""Every query and snippet of docs/analysts.md, run from the page itself; answers are checked for shape and sense."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts.model import Table, views
from pipelines.reports.guide import GUIDE, questions, section
from tests.fixtures.command import PROJECT, Ran

Answer = pl.DataFrame
DATABASE = "data/lmi.duckdb"
BEFORE = "data/releases/RELEASE_BEFORE/lmi.duckdb"


def _figures(frame: Answer, name: str, value: str = "jobs", of: str = "cluster_name") -> object:
    return frame.filter(pl.col(of) == name)[value].item()


def _descending(frame: Answer, column: str) -> None:
    values = frame[column].drop_nulls().to_list()
    assert values == sorted(values, reverse=True)


def _has_reasons(answer: Answer) -> None:
    """A grade below A has a reason, and A has none."""
    assert answer.filter((pl.col("reliability") == "A") == pl.col("reliability_reason").is_not_null()).is_empty()
    assert set(answer["reliability_reason"].drop_nulls()) <= {"sampling", "estimated_cells", "sharing"}


CHECKS: dict[int, tuple[list[str], tuple[int, int], Callable[[Answer], None]]] = {}


def _answers(number: int, columns: str, rows: tuple[int, int]) -> Callable[[Callable[[Answer], None]], None]:
    """Declare what the answer to a question looks like; the function says what else must be true of it."""

    def declare(check: Callable[[Answer], None]) -> None:
        CHECKS[number] = (columns.split(), rows, check)

    return declare


@_answers(1, "area_id area_name area_type", (17, 40))
def _(answer: Answer) -> None:
    assert _figures(answer, "Columbus, OH", "area_id", "area_name") == "C18140"
    assert answer["area_id"].n_unique() == answer.height


@_answers(2, "county_fips county_name state_id", (15, 15))
def _(answer: Answer) -> None:
    # OMB's delineation of July 2023: three counties of Indiana, seven of Kentucky, five of Ohio
    assert dict(answer.group_by("state_id").len().iter_rows()) == {"IN": 3, "KY": 7, "OH": 5}
    assert "39061" in answer["county_fips"]


@_answers(
    3,
    "cluster_name jobs location_quotient reliability reliability_reason modelled_pct evidence_pct",
    (2, 10),
)
def _(answer: Answer) -> None:
    _descending(answer, "location_quotient")
    assert answer["location_quotient"].min() >= 1
    assert answer["modelled_pct"].max() < 50
    assert answer["evidence_pct"].is_between(50, 100).all()
    _has_reasons(answer)
    assert answer["cluster_name"].n_unique() == answer.height


@_answers(
    4,
    "cluster_name jobs at_least at_most reliability reliability_reason share_pct share_in_the_nation_pct modelled_pct "
    "evidence_pct status",
    (14, 14),
)
def _(answer: Answer) -> None:
    _descending(answer, "jobs")
    assert answer.filter(~pl.col("jobs").is_between("at_least", "at_most")).is_empty()
    _has_reasons(answer)
    # all of the nation's jobs, each once
    assert answer["share_in_the_nation_pct"].sum() == pytest.approx(100, abs=1)
    energy = answer.row(by_predicate=pl.col("cluster_name") == "Energy & Natural Resources", named=True)
    assert energy["share_pct"] > 2 * energy["share_in_the_nation_pct"]


@_answers(
    5,
    "cluster_name sub_cluster_name jobs median_wage_usd wage_p50_status above_median_pct reliability",
    (20, 71),
)
def _(answer: Answer) -> None:
    _descending(answer, "above_median_pct")
    assert set(answer["reliability"]) <= {"A", "B"}
    # OEWS gives Ohio's median of all jobs as 49,380
    assert answer["median_wage_usd"].min() > 49_380
    assert answer["sub_cluster_name"].n_unique() == answer.height


@_answers(
    6,
    "area_name area_type jobs location_quotient median_wage_usd reliability reliability_reason modelled_pct status",
    (16, 16),
)
def _(answer: Answer) -> None:
    assert set(answer["area_type"]) == {"metro", "nonmetro"}
    _descending(answer, "location_quotient")
    _has_reasons(answer)
    assert answer.filter((pl.col("modelled_pct") > 0.6) & (pl.col("status") != "modelled")).is_empty()


@_answers(
    7,
    "area_name jobs share_pct at_least_pct at_most_pct reliability wage_p25_usd wage_p50_usd wage_p75_usd",
    (7, 7),
)
def _(answer: Answer) -> None:
    _descending(answer, "share_pct")
    assert answer.filter(~pl.col("share_pct").is_between("at_least_pct", "at_most_pct")).is_empty()
    # 90 % is 1.645 standard errors to each side; grade A is a total error of less than 10 %
    width = (answer["at_most_pct"] - answer["at_least_pct"]) / answer["share_pct"]
    assert width.is_between(0.001, 2 * 1.645 * 0.1).all()
    assert set(answer["reliability"]) == {"A"}
    assert answer.filter(
        (pl.col("wage_p25_usd") >= pl.col("wage_p50_usd")) | (pl.col("wage_p50_usd") >= pl.col("wage_p75_usd"))
    ).is_empty()
    states = answer.filter(pl.col("area_name") != "National")
    assert states["jobs"].sum() < _figures(answer, "National", "jobs", "area_name")


@_answers(8, "cluster_name wage_p10_usd wage_p50_usd wage_p90_usd wage_p90_status p90_to_p10", (14, 14))
def _(answer: Answer) -> None:
    _descending(answer, "p90_to_p10")
    assert answer["p90_to_p10"].is_between(1.5, 12).all()


@_answers(9, "cluster_name jobs_counted_once jobs_in_full counted_elsewhere_pct", (14, 14))
def _(answer: Answer) -> None:
    # the 830 detailed occupations of BLS's national workbook
    assert answer["jobs_counted_once"].sum() == pytest.approx(155_481_840, abs=14)
    assert (answer["jobs_in_full"] >= answer["jobs_counted_once"]).all()
    assert answer["counted_elsewhere_pct"].is_between(0, 100).all()


@_answers(
    10,
    "cluster_name sub_cluster_name status jobs published_jobs modelled_pct coverage_pct reliability occupations "
    "occupations_without_employment",
    (10, 50),
)
def _(answer: Answer) -> None:
    # BLS publishes the major groups of Casper, so all that it withholds is estimated
    assert set(answer["status"]) == {"modelled", "no_occupations"}
    modelled = answer.filter(status="modelled")
    assert (modelled["jobs"] >= modelled["published_jobs"]).all()
    assert "A" not in set(modelled["reliability"])
    assert answer.filter(pl.col("status") == "no_occupations")["sub_cluster_name"].to_list() == [
        "Unmanned Vehicle Technology"
    ]


@_answers(
    11,
    "occupation_name jobs counted_here_pct jobs_counted_here share_of_cluster_pct wage_p50_usd wage_p50_status",
    (80, 200),
)
def _(answer: Answer) -> None:
    _descending(answer, "jobs_counted_here")
    assert answer["occupation_name"].n_unique() == answer.height
    assert answer["share_of_cluster_pct"].sum() == pytest.approx(100, abs=2)
    assert answer["occupation_name"][0] == "Registered Nurses"


@_answers(
    12,
    "cluster_name sub_cluster_name share_of_each_job_pct cluster_method sub_cluster_method "
    "jobs_in_industries_of_the_cluster",
    (3, 3),
)
def _(answer: Answer) -> None:
    assert answer["share_of_each_job_pct"].sum() == pytest.approx(100, abs=0.2)
    assert set(answer["cluster_name"]) == {"Management & Entrepreneurship", "Energy & Natural Resources"}


@_answers(
    13,
    "area_name jobs employment_status wage_p50_usd wage_p50_status wage_p50_hourly_usd reliability",
    (10, 17),
)
def _(answer: Answer) -> None:
    state = answer.row(by_predicate=pl.col("area_name") == "Ohio", named=True)
    assert state["jobs"] > answer.filter(pl.col("area_name") != "Ohio")["jobs"].max()
    assert state["wage_p50_hourly_usd"] == pytest.approx(state["wage_p50_usd"] / 2080, abs=0.01)


@_answers(14, "soc_code occupation_name jobs main_cluster", (52, 52))
def _(answer: Answer) -> None:
    # BLS, national workbook of May 2025: 52 detailed occupations have the word
    assert _figures(answer, "29-2052", of="soc_code") == 471_680
    assert answer["occupation_name"].str.to_lowercase().str.contains("technician").all()


@_answers(15, "cluster_name works_in_industries_of jobs share_pct mean_wage_usd", (45, 48))
def _(answer: Answer) -> None:
    assert set(answer["cluster_name"]) == {"Digital Technology", "Management & Entrepreneurship", "Marketing & Sales"}
    shares = answer.group_by("cluster_name").agg(pl.col("share_pct").sum())["share_pct"].to_list()
    assert shares == pytest.approx([100, 100, 100], abs=1)
    # industries of 14 clusters, of none, and jobs whose industry is not published
    homes = set(answer["works_in_industries_of"])
    assert homes > {"Healthcare & Human Services", "no one cluster", "no published industry"}
    assert len(homes) == 16


@_answers(
    16,
    "cluster_name year establishments jobs estimated_pct at_least at_most average_pay_usd status",
    (14, 14),
)
def _(answer: Answer) -> None:
    # docs/follow-a-number.md follows this one from BLS's rows
    assert _figures(answer, "Construction", "jobs") == 242_947
    assert (answer["at_most"] >= answer["at_least"]).all()
    assert answer.filter(~pl.col("jobs").is_between("at_least", "at_most")).is_empty()
    assert answer.filter((pl.col("estimated_pct") >= 0.5) != (pl.col("status") == "modelled")).is_empty()


@_answers(17, "naics_code naics_title establishments jobs status", (9, 9))
def _(answer: Answer) -> None:
    assert answer["jobs"].sum() == pytest.approx(242_947.0, abs=0.5)
    # BLS QCEW, Ohio 2016: the mean of the twelve months of private construction
    assert _figures(answer, "23", "jobs", "naics_code") == 205_878.4


@_answers(
    18,
    "cluster_name year_from year_to change_jobs national_jobs industry_mix_jobs regional_jobs status",
    (14, 14),
)
def _(answer: Answer) -> None:
    # one year of a sample without the nation: nothing is made up
    assert set(answer["status"]) == {"not_in_vintage"}
    assert answer["change_jobs"].null_count() == 14
    assert (answer["year_to"] - answer["year_from"]).unique().to_list() == [1]


@_answers(19, "legacy_cluster_name change successor jobs_of_the_legacy_cluster median_wage_usd", (16, 16))
def _(answer: Answer) -> None:
    assert _figures(answer, "Marketing", "successor", "legacy_cluster_name") == "Marketing & Sales"
    # Ohio's detailed occupations add up to less than its 5,550,180 published jobs
    assert 5_000_000 < answer["jobs_of_the_legacy_cluster"].sum() <= 5_550_180


@_answers(20, "cluster_name jobs share_of_the_legacy_pct", (5, 14))
def _(answer: Answer) -> None:
    assert answer["cluster_name"][0] == "Management & Entrepreneurship"
    assert answer["share_of_the_legacy_pct"].sum() == pytest.approx(100, abs=0.5)


@_answers(21, "area_type grouping method groups typical_error_pct error_of_nine_in_ten_pct", (10, 10))
def _(answer: Answer) -> None:
    wide = answer.pivot("method", index=["area_type", "grouping"], values="typical_error_pct")
    assert (wide["pooled"] < wide["average_of_medians"]).all()


@_answers(22, "source vintage reference_period released_on status", (5, 20))
def _(answer: Answer) -> None:
    assert _figures(answer, "oews", "vintage", "source") == "May 2025"
    assert _figures(answer, "qcew", "status", "source") == "sample"


@_answers(23, "severity passed checks", (1, 3))
def _(answer: Answer) -> None:
    assert answer.filter((pl.col("severity") == "error") & ~pl.col("passed")).is_empty()
    assert answer["checks"].sum() > 500


@_answers(24, "area_name cluster_name jobs_before jobs_now change_pct", (1, 1))
def _(answer: Answer) -> None:
    # the release before is this one with twice the jobs of one cluster
    row = answer.row(0, named=True)
    assert (row["area_name"], row["cluster_name"], row["change_pct"]) == ("Ohio", "Education", -50.0)
    assert row["jobs_before"] == pytest.approx(2 * row["jobs_now"], abs=1)


@_answers(
    25,
    "occupation_name projection_period base_jobs growth_pct annual_openings openings_growth openings_exits "
    "openings_transfers entry_education",
    (25, 25),
)
def _(answer: Answer) -> None:
    _descending(answer, "annual_openings")
    # BLS, Employment Projections 2024-34, Table 1.10: 765.8 thousand openings a year
    assert _figures(answer, "Home health and personal care aides", "annual_openings", "occupation_name") == 765_800
    parts = answer.select(pl.sum_horizontal("openings_growth", "openings_exits", "openings_transfers")).to_series()
    assert parts.to_list() == pytest.approx(answer["annual_openings"].to_list(), rel=0.001)


@_answers(
    26,
    "occupation_name annual_openings growth_pct projection_period entry_education on_the_job_training wage_p50_usd "
    "reliability main_cluster",
    (20, 200),
)
def _(answer: Answer) -> None:
    _descending(answer, "annual_openings")
    # OEWS gives Ohio's median of all jobs as 49,380
    assert answer["wage_p50_usd"].min() > 49_380
    assert answer["occupation_name"].n_unique() == answer.height
    assert "Bachelor's degree" not in set(answer["entry_education"])


@_answers(27, "cluster_name works_in_industries_of estimated_jobs share_pct year_of_industries", (10, 15))
def _(answer: Answer) -> None:
    _descending(answer, "estimated_jobs")
    assert answer["share_pct"].sum() == pytest.approx(100, abs=1)
    # Digital Technology has 161 thousand jobs in Ohio by occupation; the estimate is near and not the same
    assert answer["estimated_jobs"].sum() == pytest.approx(161_000, rel=0.1)
    assert set(answer["year_of_industries"]) == {2016}


@_answers(
    28,
    "occupation_name jobs wage_p50_usd wage_threshold_usd high_wage_explanation in_demand_explanation",
    (100, 500),
)
def _(answer: Answer) -> None:
    _descending(answer, "jobs")
    # Ohio TopJobs: 80 % of the state's median, which OEWS gives as 49,380
    assert set(answer["wage_threshold_usd"]) == {39_504.0}
    assert answer["wage_p50_usd"].min() >= 39_504
    assert answer["high_wage_explanation"].str.ends_with("high-wage.").all()


@_answers(
    29,
    "cluster_name high_wage_pct not_high_wage_pct unknown_pct high_wage_openings_pct coverage_pct",
    (14, 14),
)
def _(answer: Answer) -> None:
    _descending(answer, "high_wage_pct")
    whole = answer.select(pl.sum_horizontal("high_wage_pct", "not_high_wage_pct", "unknown_pct")).to_series()
    assert whole.to_list() == pytest.approx([100] * 14, abs=0.2)
    # Ohio's threshold is $39,504: OEWS pays nearly every digital job more, and most of hospitality's less
    assert _figures(answer, "Digital Technology", "high_wage_pct") > 90
    assert _figures(answer, "Hospitality, Events, & Tourism", "high_wage_pct") < 50


@_answers(
    30,
    "policy_title occupations_listed not_listed unknown high_skill_rule high_wage_rule in_demand_rule",
    (3, 3),
)
def _(answer: Answer) -> None:
    whole = answer.select(pl.sum_horizontal("occupations_listed", "not_listed", "unknown")).to_series()
    # each rule judges the same occupations
    assert whole.n_unique() == 1
    assert whole[0] > 800
    _descending(answer, "occupations_listed")


@_answers(
    31,
    "cluster_name projection_period base_jobs growth_pct national_growth_pct annual_openings openings_rate_pct "
    "middle_skill_pct coverage_pct status openings_status",
    (14, 14),
)
def _(answer: Answer) -> None:
    _descending(answer, "annual_openings")
    # Projections Central, Ohio 2022-32: 5,673,450 jobs in the listed occupations
    assert 5_000_000 < answer["base_jobs"].sum() <= 5_673_450
    assert answer["projection_period"].unique().to_list() == ["2022-32"]
    assert answer["openings_rate_pct"].is_between(5, 25).all()


@_answers(32, "entry_education share_of_openings_pct share_of_jobs_pct projection_period", (6, 8))
def _(answer: Answer) -> None:
    assert answer["share_of_openings_pct"].sum() == pytest.approx(100, abs=0.5)
    assert answer["entry_education"][-1] == "Doctoral or professional degree"
    assert answer["share_of_jobs_pct"].sum() == pytest.approx(100, abs=0.5)


@_answers(33, "cip_code cip_title award_group awards women_pct institutions from_distance_institutions_pct", (25, 25))
def _(answer: Answer) -> None:
    _descending(answer, "awards")
    # C2024_A: 5,524 bachelor's degrees in nursing at Ohio's institutions, 4,755 of them women's
    nursing = answer.row(by_predicate=(pl.col("cip_code") == "51.3801") & (pl.col("award_group") == "bachelor"))
    assert (nursing[3], nursing[4]) == (5_524, 86.1)


@_answers(34, "area_name award_group awards_a_year institutions", (11, 11))
def _(answer: Answer) -> None:
    _descending(answer, "awards_a_year")
    # three years of associate's degrees in nursing at the institutions of the ten counties
    assert _figures(answer, "Columbus, OH", "awards_a_year", "area_name") == 936.7
    # all of Ohio has 3,885 a year
    assert answer["awards_a_year"].sum() < 3_885


@_answers(35, "cluster_name openings_a_year awards_a_year gap_low gap gap_high coverage_pct status", (14, 14))
def _(answer: Answer) -> None:
    _descending(answer, "openings_a_year")
    # followed from the publishers' files in test_programs.py
    health = answer.row(by_predicate=pl.col("cluster_name") == "Healthcare & Human Services")
    assert health[1:6] == (4_110, 1_337, 2_309, 2_773, 2_984)
    assert answer.filter(pl.col("gap").is_null() == pl.col("status").is_in(["ok", "partial"])).is_empty()
    assert answer.filter(~pl.col("gap").is_between("gap_low", "gap_high")).is_empty()


@_answers(36, "cluster_name education_group openings_a_year awards_at_most gap_at_least", (10, 40))
def _(answer: Answer) -> None:
    _descending(answer, "gap_at_least")
    rest = answer["openings_a_year"] - answer["awards_at_most"] - answer["gap_at_least"]
    assert rest.abs().max() <= 1
    found = dict(
        answer.select(pl.concat_str("cluster_name", pl.lit(" "), "education_group"), "gap_at_least").iter_rows()
    )
    assert found["Supply Chain & Transportation certificate"] == 12_390
    # openings of finance may all be met
    assert "Financial Services bachelor" not in found


@_answers(37, "cip_code cip_title awards_a_year wage_p50_usd entry_reached chain", (50, 50))
def _(answer: Answer) -> None:
    _descending(answer, "awards_a_year")
    assert answer["chain"].str.ends_with(": eligible.").all()
    assert answer["chain"].str.contains("39,504").any()
    # 2,830 short certificates of truck drivers in three years
    assert _figures(answer, "49.0205", "awards_a_year", "cip_code") == 943.3


@_answers(38, "award_group awards_a_year eligible_pct not_eligible_pct unknown_pct", (6, 6))
def _(answer: Answer) -> None:
    whole = answer.select(pl.sum_horizontal("eligible_pct", "not_eligible_pct", "unknown_pct")).to_series()
    assert whole.to_list() == pytest.approx([100] * 6, abs=0.2)
    # all awards of Ohio's institutions, the mean of three years
    assert answer["awards_a_year"].sum() == pytest.approx(175_464, abs=6)


@_answers(
    39,
    "cip4_code cip_title earnings_usd earnings_low_usd earnings_high_usd benchmark_usd completers "
    "completers_with_earnings_pct",
    (50, 150),
)
def _(answer: Answer) -> None:
    _descending(answer, "earnings_usd")
    assert answer.row(by_predicate=pl.col("cip4_code") == "51.38")[2:5] == (76_482, 62_102, 86_632)
    assert answer["benchmark_usd"].n_unique() == 1
    assert answer.filter(~pl.col("earnings_usd").is_between("earnings_low_usd", "earnings_high_usd")).is_empty()


@_answers(
    40,
    "cluster_name earnings_usd earnings_low_usd earnings_high_usd completers completers_with_earnings_pct "
    "earnings_status",
    (12, 14),
)
def _(answer: Answer) -> None:
    _descending(answer, "earnings_usd")
    assert answer["cluster_name"][0] == "Healthcare & Human Services"
    # the range of a cluster reaches that of its fields: no median of nursing is above 86,632
    assert answer["earnings_high_usd"][0] >= 86_632
    assert answer.filter(~pl.col("earnings_usd").is_between("earnings_low_usd", "earnings_high_usd")).is_empty()


@_answers(41, "cip_code cip_title award_group awards_a_year nontraditional_for_women_pct women_pct", (50, 200))
def _(answer: Answer) -> None:
    _descending(answer, "awards_a_year")
    assert answer["nontraditional_for_women_pct"].is_between(50, 100).all()
    engineers = answer.row(by_predicate=(pl.col("cip_code") == "14.1901") & (pl.col("award_group") == "bachelor"))
    assert engineers[3:] == (1_510.0, 100.0, 15.4)
    assert not answer["cip_code"].str.starts_with("51.38").any()


@_answers(42, "soc_code occupation_name annual_openings entry_education listed reason", (6, 6))
def _(answer: Answer) -> None:
    _descending(answer, "annual_openings")
    # CIP2020_SOC2018_Crosswalk: six occupations, none of them a teacher
    assert set(answer["soc_code"]) == {"17-3012", "17-3021", "17-3023", "17-3024", "17-3028", "49-2095"}
    # Projections Central, Ohio 2022-32
    assert _figures(answer, "17-3023", "annual_openings", "soc_code") == 220


@_answers(43, "cip_code cip_title award_group awards_a_year institutions", (6, 6))
def _(answer: Answer) -> None:
    _descending(answer, "awards_a_year")
    # the crosswalk leads from two programs to welders
    assert set(answer["cip_code"]) == {"48.0508", "15.0614"}
    assert answer["awards_a_year"][0] == 614.3


@_answers(44, "cluster_name awards_2021_22 awards_2022_23 awards_2023_24", (16, 16))
def _(answer: Answer) -> None:
    _descending(answer, "awards_2023_24")
    # all first majors of Ohio's institutions, and those of CIP 24
    years = ("awards_2021_22", "awards_2022_23", "awards_2023_24")
    assert [answer[year].sum() for year in years] == pytest.approx([177_152, 176_416, 172_825], abs=1)
    assert answer.row(by_predicate=pl.col("cluster_name") == "transfer")[1:] == (13_081, 11_591, 12_201)


@_answers(
    45,
    "cluster_name year jobs index_of_jobs base_year change_pct compared_pct growth_a_year_pct not_comparable_reason "
    "coverage_break",
    (14, 14),
)
def _(answer: Answer) -> None:
    # the sample has one year
    assert answer.select("year", "index_of_jobs", "base_year", "not_comparable_reason").unique().rows() == [
        (2016, 100.0, 2016, "first_year")
    ]


@pytest.fixture(scope="module")
def before(first_run: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release to compare with: this one with twice the jobs in Ohio's Education."""
    path = tmp_path_factory.mktemp("before") / "lmi.duckdb"
    shutil.copyfile(first_run[0] / "lmi.duckdb", path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update marts.cluster_indicators set employment = 2 * employment "
            "where area_id = 'OH' and cluster_id = 'education' and level = 'cluster' and basis = 'unduplicated'"
        )
    return path


@pytest.fixture
def reader(first_run: tuple[Path, Ran]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database, opened as the guide says; attached databases go with it."""
    with duckdb.connect(str(first_run[0] / "lmi.duckdb"), read_only=True) as connection:
        yield connection


def test_every_question_is_checked_and_there_are_enough() -> None:
    numbers = [question.number for question in questions()]
    assert numbers == list(range(1, len(numbers) + 1)) == sorted(CHECKS)
    assert len(numbers) >= 20
    assert all(question.title.endswith("?") for question in questions())


def test_sections_are_found_by_their_heading() -> None:
    assert section("Five rules that keep figures right").startswith("1. ")
    with pytest.raises(KeyError):
        section("Nowhere")


@pytest.mark.parametrize("number", sorted(CHECKS))
def test_a_question_of_the_guide_is_answered(number: int, reader: duckdb.DuckDBPyConnection, before: Path) -> None:
    columns, (least, most), check = CHECKS[number]
    (sql,) = (question.sql for question in questions() if question.number == number)
    *preparing, query = [part for part in sql.split(";") if part.strip()]
    for statement in preparing:
        reader.execute(statement.replace(BEFORE, str(before)))
    answer = reader.sql(query).pl()
    assert answer.columns == columns
    assert least <= answer.height <= most
    assert answer.null_count().sum_horizontal().item() < answer.height * answer.width
    check(answer)


@pytest.mark.parametrize("view", views().values(), ids=lambda view: view.name)
def test_a_view_has_one_row_for_each_key(view: Table, reader: duckdb.DuckDBPyConnection) -> None:
    keys = ", ".join(view.primary_key)
    found = reader.sql(f"select count(*), count(distinct ({keys})) from {view.table}").fetchall()
    assert found[0][0] == found[0][1] > 0
    missing = [
        column.name
        for column in view.columns
        if not column.nullable
        and reader.sql(f"select count(*) from {view.table} where {column.name} is null").fetchall() != [(0,)]
    ]
    assert missing == []


def test_views_have_all_rows_of_their_tables(reader: duckdb.DuckDBPyConnection) -> None:
    def one(sql: str) -> object:
        return reader.sql(sql).fetchall()[0][0]

    for view, table in (("v_cluster", "marts.cluster_indicators"), ("v_outlook", "marts.cluster_outlook")):
        once = "basis = 'unduplicated'"
        assert one(f"select count(*) from {view}") == one(f"select count(*) from {table} where {once}")
    with_figures = "select count(*) from v_occupation where period is not null"
    assert one(with_figures) == one("select count(*) from marts.occupation_indicators")
    assert one("select count(*) from v_policy") == one("select count(*) from reference.area")
    # the name of the file is the name of the catalog
    assert one("select count(*) from lmi.v_program") == one("select count(*) from v_program")


def test_the_python_snippet_runs(first_run: tuple[Path, Ran], capsys: pytest.CaptureFixture[str]) -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert DATABASE in snippet
    names: dict[str, object] = {}
    exec(snippet.replace(DATABASE, str(first_run[0] / "lmi.duckdb")), names)
    clusters = names["clusters"]
    assert isinstance(clusters, pl.DataFrame)
    assert clusters.shape == (14, 4)
    assert "Healthcare & Human Services" in capsys.readouterr().out


def test_tables_that_the_guide_names_are_there(lmi_database: duckdb.DuckDBPyConnection) -> None:
    tables = lmi_database.sql("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    views = lmi_database.sql("select view_name from duckdb_views() where not internal").fetchall()
    present = {str(name) for (name,) in (*tables, *views)}
    text = GUIDE.read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:marts|reference|quality|core)\.[a-z_]+|\bv_[a-z]+", text))
    assert len(named) > 20
    assert named <= present


def test_the_first_questions_are_one_select_without_a_join() -> None:
    for question in questions()[:10]:
        assert not re.search(r"\b(join|with|union)\b", question.sql), question.title
        assert len(re.findall(r"\bselect\b", question.sql)) == 1


def test_links_of_the_documentation_lead_somewhere() -> None:
    for page in [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http|#)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
        for named in re.findall(r"`(docs/[a-z-]+\.md)`", page.read_text(encoding="utf-8")):
            assert (PROJECT / named).is_file(), f"{page.name}: {named}"
