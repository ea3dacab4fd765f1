"""Flags of the published release, worked by hand from BLS's figures, and the command that shows them."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.policies.evaluate import evaluate
from pipelines.policies.figures import occupation_figures, read_published
from pipelines.policies.model import Policy
from tests.fixtures.command import PROJECT, Here, Ran

Query = Callable[[str], object]


#: policy, area, occupation: verdicts and what decided wage and demand, from OEWS May 2025, the national projections of
#: 2024-34 and the states' of 2022-32.
WORKED = {
    # Nurses: $129,010 against $57,000; 2,930 openings against 90, the middle one of Oregon's 725 projected occupations.
    ("oregon", "OR", "29-1141"): ("true", "true", 129_010, 57_000, "true", 2_930, 90, None),
    # Machinists have long-term training, so Oregon's competitive education would decide, and no source has it.
    ("oregon", "OR", "51-4041"): ("unknown", "true", 63_820, 57_000, "true", 380, 90, None),
    # The metro area has its own median of all jobs, and the state's openings.
    ("oregon", "C38900", "35-3023"): ("false", "false", 35_620, 60_690, "true", 15_930, 90, None),
    # Information security analysts: 2,250 jobs whose wages are withheld.
    ("oregon", "OR", "15-1212"): ("true", "unknown", None, 57_000, "true", 150, 90, None),
    # Skincare specialists: median $52,110 is below, but P75/P25 = 80,140 / 39,000 exceeds 83,070 / 42,690.
    ("oregon_workforce_pell", "OR", "39-5094"): ("true", "true", 2.054872, 1.945889, "true", 140, 90, None),
    # The 807 occupations whose projections are not in doubt gain 50,920 jobs in ten years, 6.309789 a year each.
    # 80% of $49,380 is $39,504; aides' $39,010 is less.
    ("ohio", "OH", "31-1131"): (None, "false", 39_010, 39_504, "true", 63, 6.309789, "false"),
    ("ohio", "OH", "23-1022"): (None, "true", 68_790, 39_504, "unknown", 0, 6.309789, "unknown"),
    # Average wages: $99,010 against $77,580; 7.3% against 7%.
    ("maryland", "MD", "29-1141"): ("true", "true", 99_010, 77_580, "true", 7.3, 7, "true"),
    ("maryland", "MD", "43-9061"): ("unknown", "false", 50_570, 77_580, "unknown", -2.2, 7, "unknown"),
    # 13,570 jobs in 2032 against 11,720 in 2022 are 185 a year.
    ("delaware", "DE", "29-1141"): ("true", "true", 99_520, 52_190, "true", 185, 4, None),
    ("delaware", "DE", "43-9061"): ("false", "false", 42_740, 52_190, "false", -20, 4, None),
    # Disc jockeys: annual wages are not published, and no source states the demand score.
    ("nebraska", "NE", "27-2091"): ("false", "unknown", None, 62_400, "unknown", None, None, "false"),
    # 80% of $47,380 is $37,904. Two of the three ratios are not available.
    ("tennessee", "TN", "29-1141"): (None, "true", 81_500, 37_904, "unknown", 6.9977, 10.9539, "unknown"),
    # P75 of all jobs $72,640. All jobs grow by 7.8% in ten years, 0.754% a year; nurses by 14.6%, 1.372% a year.
    ("montana", "MT", "29-1141"): ("true", "true", 85_280, 72_640, "true", 1.3721, 0.753902, "true"),
    # Average $57,610. The mean of South Dakota's openings over its occupations is 108.56.
    ("south_dakota", "SD", "51-4041"): (None, "false", 51_860, 57_610, "false", 90, 108.561525, "false"),
    ("colorado_tier_1", "CO", "47-2152"): (None, "false", 63_240, 64_875.2, "true", 1_090, 40, "false"),
    ("colorado_tier_2", "CO", "47-2152"): (None, "true", 63_240, 34_008, "true", 1_090, 40, "true"),
    # Developers by growth of 15.8%, nurses by 189,100 openings, family physicians (2.7%) by neither.
    ("bright_outlook", "US", "15-1252"): (None, None, None, None, "true", 15.8, 10, "true"),
    ("bright_outlook", "US", "29-1141"): (None, None, None, None, "true", 189_100, 10_000, "true"),
    ("bright_outlook", "US", "29-1215"): (None, None, None, None, "false", 2.7, 10, "false"),
    # Median of all jobs $50,980; 18,861,600 openings in 832 occupations are 22,670.192308 each.
    ("default", "US", "35-3023"): ("false", "false", 31_200, 50_980, "true", 904_300, 22_670.192308, "false"),
    ("default", "US", "29-1141"): ("true", "true", 97_550, 50_980, "true", 189_100, 22_670.192308, "true"),
    # New York's openings only repeat the change of jobs.
    ("default", "NY", "29-1141"): ("true", "true", 109_440, 59_670, "unknown", None, None, "unknown"),
}


@pytest.mark.parametrize("case", WORKED, ids=" ".join)
def test_published_flags_are_as_worked_by_hand(
    lmi_database: duckdb.DuckDBPyConnection, case: tuple[str, str, str]
) -> None:
    found = lmi_database.execute(
        "select high_skill, high_wage, high_wage_value, high_wage_threshold, in_demand, in_demand_value, "
        "in_demand_threshold, listed from marts.occupation_flag where policy = ? and area_id = ? and soc_code = ?",
        case,
    ).fetchall()
    assert found == [WORKED[case]]


def test_an_explanation_names_figures_threshold_and_whose_projections(one: Query) -> None:
    flag = "from marts.occupation_flag where policy = 'oregon' and area_id = 'C38900' and soc_code = '35-3023'"
    assert one(f"select high_wage_explanation {flag}") == (
        "Median annual wage $35,620 is not above $60,690, the median annual wage of all jobs in the area:"
        " not high-wage."
    )
    assert one(f"select in_demand_explanation {flag}") == (
        "Number of annual openings 15,930 is above 90, the median across occupations, each counted once: in-demand."
        " The projections are those of OR as a whole."
    )


def _high_wage(**wage: object) -> Policy:
    return Policy.model_validate(
        {
            "name": "trial",
            "title": "Trial rule",
            "state_id": None,
            "source": "this test",
            "source_url": None,
            "as_of": None,
            "dollar_year": None,
            "skill": None,
            "wage": {"measure": "wage_p50_usd", "comparison": "at_least", "reference": "all_occupations", **wage},
            "demand": None,
            "combine": "any",
            "notes": "Made for this test.",
        }
    )


@pytest.mark.parametrize(
    ("rule", "share"),
    [
        ({"factor": 0.8}, 69),
        ({}, 49),
        ({"reference_measure": "wage_p75_usd", "comparison": "above"}, 22),
    ],
    ids=["80 % of the median", "the median", "the third quarter"],
)
def test_share_of_jobs_in_high_wage_occupations_over_states(
    lmi_database: duckdb.DuckDBPyConnection, rule: dict[str, object], share: int
) -> None:
    """Measured elsewhere on the same figures, over the 50 states and DC: 69, 49 and 22 percent."""
    states = lmi_database.sql("select area_id from reference.area where area_type = 'state' and not is_territory").pl()
    assert states.height == 51
    figures = occupation_figures(read_published(lmi_database)).join(states, on="area_id", how="semi")
    judged = evaluate(_high_wage(**rule), figures).with_columns(figures["employment"])
    shares = (
        judged.filter(pl.col("employment") > 0)
        .group_by("area_id")
        .agg(share=100 * pl.col("employment").filter(pl.col("high_wage") == "true").sum() / pl.col("employment").sum())
    )
    assert shares.height == 51
    assert shares["share"].mean() == pytest.approx(share, abs=2)


def test_top_coded_wages_decide_where_they_can(one: Query) -> None:
    flags = (
        "from marts.occupation_flag inner join marts.occupation_indicators using (area_id, soc_code) "
        "where wage_p50_status = 'top_coded' and policy = 'default'"
    )
    assert one(f"select string_agg(distinct high_wage) {flags}") == "true"
    assert float(str(one(f"select count(*) {flags}"))) > 50


def test_no_state_has_flags_by_the_rule_of_another(one: Query) -> None:
    assert (
        one(
            "select count(*) from marts.occupation_flag inner join reference.policy using (policy) "
            "inner join reference.area using (area_id) where policy.state_id <> area.state_id"
        )
        == 0
    )


def test_shares_of_a_state_are_those_of_its_occupations(one: Query) -> None:
    # Oregon, at or below $57,000 by OEWS: the share of published jobs above it
    jobs = one(
        "select 100.0 * sum(employment) filter (where wage_p50_usd > 57000) / sum(employment) "
        "from marts.occupation_indicators where area_id = 'OR'"
    )
    share = one(
        "select jobs_flagged_pct from marts.cluster_flag_share where area_id = 'OR' and level = 'all' "
        "and basis = 'unduplicated' and policy = 'oregon' and flag = 'high_wage'"
    )
    assert float(str(share)) == pytest.approx(float(str(jobs)), abs=0.001)


# --- lmi flags ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data(first_run: tuple[Path, Ran]) -> Path:
    return first_run[0]


def test_the_command_shows_rule_thresholds_and_occupations(here: Here, data: Path) -> None:
    ran = here("flags", "--state", "OR", "--top", "3", data=data)
    assert ran.code == 0, ran.err
    told = " ".join(ran.out.split())
    assert "Oregon (OR) by Oregon Career Explorer (oregon)" in told
    assert "High-wage median annual wage above the median annual wage of all jobs in the area" in told
    assert "threshold here: $57,000 (median annual wage)" in told
    assert "threshold here: 90 (number of annual openings)" in told
    assert "OR also has the policies oregon_workforce_pell." in told
    for heading in ("jobs May 2025", "jobs 2022 with self-employed", "openings a year 2022-32"):
        assert all(word in ran.out for word in heading.split()), heading
    # the three with the most openings; long names go on in a second line
    rows = [line for line in ran.out.splitlines() if re.match(r"│ \d", line)]
    assert [row.split("│")[1].strip() for row in rows] == ["35-3023", "53-7065", "41-2031"]
    assert rows[0].split("│")[2].strip().startswith("Fast Food and")
    assert [cell.strip() for cell in rows[0].split("│")[3:10]] == [
        # jobs of employers, jobs of the projections, which count the self-employed, their openings, and the wage
        "59,920", "61,880", "15,930", "$35,050", "no", "no", "yes",
    ]  # fmt: skip


def test_a_metro_area_is_found_by_name_and_names_the_area_of_its_projections(here: Here, data: Path) -> None:
    ran = here("flags", "--state", "oregon", "--area", "portland", "--top", "1", data=data)
    assert ran.code == 0, ran.err
    assert "Portland-Vancouver-Hillsboro, OR-WA (C38900)" in ran.out
    assert "threshold here: $60,690 (median annual wage)" in ran.out
    assert "Projections (openings, growth) are those of OR as a whole." in ran.out
    assert all(words in ran.out for words in ("openings a year 2022-32 in", "self-employed in OR"))


def test_files_hold_every_occupation_of_the_state_and_its_areas(here: Here, data: Path, tmp_path: Path) -> None:
    as_csv, as_parquet = tmp_path / "or.csv", tmp_path / "or.parquet"
    ran = here("flags", "--state", "OR", "--csv", str(as_csv), "--parquet", str(as_parquet), data=data)
    assert ran.code == 0, ran.err
    written = pl.read_parquet(as_parquet)
    in_csv = pl.read_csv(as_csv)
    assert in_csv["high_wage"].to_list() == written["high_wage"].replace({"true": "met", "false": "not met"}).to_list()
    assert written["area_id"].unique().sort().to_list()[0] == "C10540"
    assert "OR" in written["area_id"]
    assert set(written["policy"]) == {"oregon"}
    nurses = written.filter(area_id="OR", soc_code="29-1141").row(0, named=True)
    assert (nurses["occupation_name"], nurses["employment"]) == ("Registered Nurses", 39_730)
    assert nurses["high_wage_threshold"] == 57_000
    # a projected occupation without published jobs has a row without jobs
    legislators = written.filter(area_id="OR", soc_code="11-1031").row(0, named=True)
    assert (legislators["employment"], legislators["high_wage"]) == (None, "unknown")


def test_the_guides_own_rule_is_valid_and_applied_without_a_new_release(here: Here, data: Path, tmp_path: Path) -> None:
    guide = (PROJECT / "docs" / "policies.md").read_text(encoding="utf-8")
    mine = tmp_path / "my_state.yml"
    mine.write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    checked = here("policies", str(mine), data=data)
    assert checked.code == 0, checked.err
    assert "median annual wage of at least 120% of the median annual wage of all jobs in the area" in checked.out
    ran = here("flags", "--state", "WA", "--policy", str(mine), "--csv", str(tmp_path / "flags.csv"), data=data)
    assert ran.code == 0, ran.err
    # 120 % of Washington's median of $62,990
    assert "threshold here: $75,588 (median annual wage)" in ran.out
    assert "Evaluated now: this release does not apply these rules here." in ran.out
    written = pl.read_csv(tmp_path / "flags.csv", infer_schema_length=None)
    assert set(written["policy"]) == {"my_state"}
    # all three flags make the list
    listed = written.filter(listed="met")
    assert listed.height > 100
    assert set(listed["high_wage"]) == {"met"}


def test_a_rule_that_every_or_no_occupation_meets_is_told(here: Here, data: Path, tmp_path: Path) -> None:
    guide = (PROJECT / "docs" / "policies.md").read_text(encoding="utf-8")
    mine = tmp_path / "my_state.yml"
    rule = guide.split("```yaml\n")[1].split("```")[0]
    skill, demand = (
        rule[rule.index("skill:") : rule.index("wage:")],
        rule[rule.index("demand:") : rule.index("combine:")],
    )
    rule = rule.replace(skill, "skill: {min_education: No formal educational credential}\n")
    share = "{measure: employment_share_pct, comparison: above, reference: fixed, fixed: 90}"
    mine.write_text(rule.replace(demand, f"demand: {share}\n"), encoding="utf-8")
    for asked in (("policies", str(mine)), ("flags", "WA", "--policy", str(mine))):
        ran = here(*asked, data=data)
        assert ran.code == 0, ran.err
        told = " ".join(ran.out.partition("To mind")[2].split())
        assert "high-skill: typical entry education of at least No formal educational credential: every" in told
        assert "with known figures meet the rule (of 17 it is unknown): it chooses nothing." in told
        assert "in-demand: no occupation of Washington meets the rule" in told
    assert "To mind" not in here("flags", "WA", data=data).out


def test_a_policy_of_another_state_a_rounded_threshold_and_a_narrow_terminal(
    here: Here, data: Path, tmp_path: Path
) -> None:
    guide = (PROJECT / "docs" / "policies.md").read_text(encoding="utf-8")
    mine = tmp_path / "my_state.yml"
    mine.write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    (state,) = re.findall(r"^state_id: ([A-Z]{2})$", mine.read_text(encoding="utf-8"), re.MULTILINE)
    for rule, of in ((str(mine), state), ("oregon", "OR")):
        for asked, place in (("TX", "Texas"), ("C12420", "Austin-Round Rock-San Marcos, TX"), ("US", "National")):
            told = " ".join(here("flags", asked, "--policy", rule, "--top", "1", data=data).out.split())
            assert f"is a policy of {of}, and {place} is not in {of}" in told.partition("To mind")[2]
        assert "is a policy of" not in here("flags", of, "--policy", rule, "--top", "1", data=data).out
    # Washington's mean of openings is 745.171
    shown, given = (here("flags", "WA", "--top", "1", *more, data=data).out for more in ((), ("--json",)))
    assert "threshold here: about 745 (number of annual openings)" in shown
    assert {each["figure"] for each in json.loads(given)["thresholds"]} == {"$62,990", "745.171"}
    assert json.loads(given)["rows"][0]["wage_p50_status"] == "ok"


def test_the_guides_mistake_is_named_as_it_says(here: Here, data: Path, tmp_path: Path) -> None:
    guide = (PROJECT / "docs" / "policies.md").read_text(encoding="utf-8")
    mine = tmp_path / "my_state.yml"
    rule = guide.split("```yaml\n")[1].split("```")[0]
    mine.write_text(rule.replace("factor: 1.2", "facter: 1.2"), encoding="utf-8")
    told = guide.split("(`my_state.yml: ")[1].split("`)")[0]
    checked = here("policies", str(mine), data=data)
    assert checked.code == 3
    assert f"my_state.yml: {told}" in checked.err


def test_the_guides_query_answers(lmi_database: duckdb.DuckDBPyConnection) -> None:
    guide = (PROJECT / "docs" / "policies.md").read_text(encoding="utf-8")
    rows = lmi_database.sql(guide.split("```sql\n")[1].split("```")[0]).fetchall()
    assert len(rows) == 14
    assert all(row[1] + row[2] + row[3] == pytest.approx(100, abs=0.01) for row in rows)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--state", "OX"), 2, "OX is not an area of this release"),
        (("--state", "OR", "--policy", "oregone"), 2, "no policy is called oregone; there are bright_outlook"),
        (("--state", "OR", "--policy", "./nowhere.yml"), 3, "nowhere.yml: the file is missing"),
        (("--state", "OR", "--area", "Seattle"), 2, "Seattle is not an area of OR; "),
        (("--state", "OR", "--area", "nonmetropolitan"), 2, "nonmetropolitan fits several areas; give the id of one"),
        (("--state", "OR", "--csv", "/nowhere/or.csv"), 2, "or.csv cannot be written: there is no folder /nowhere"),
        (("--state", "OR", "--csv", "/"), 2, "/ cannot be written: it is a folder; give the name of a file"),
    ],
)
def test_errors_say_what_to_do(here: Here, data: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = here("flags", *arguments, data=data)
    assert ran.code == code
    assert told in " ".join(ran.err.split())
    assert "Traceback" not in ran.err


def test_without_a_release_there_are_no_flags(here: Here, tmp_path: Path) -> None:
    ran = here("flags", "--state", "OR", data=tmp_path / "empty")
    assert ran.code == 7
    assert "run `lmi run` first" in ran.err
