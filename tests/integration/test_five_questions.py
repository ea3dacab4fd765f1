"""A stranger's five questions in docs/analysts.md: one select, one page and one command give the same answer."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from pipelines.reports.build import write_report
from pipelines.reports.guide import section
from tests.fixtures.command import Here, Ran

TEXT = section("Five questions, three ways")
SELECTS = [part.strip() for part in re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)[0].split(";") if part.strip()]
#: The command for the page and the one for the terminal.
COMMANDS = re.findall(r"^\| .*\? \| `lmi (report .*?)` \| `lmi (.*?)` \|$", TEXT, re.MULTILINE)
#: Of each question: columns of the select that the command gives, too; and whether the command gives more rows.
ANSWERS = {
    "Columbus": (("cluster_name", "location_quotient"), True),
    "Texas": (("sub_cluster_name", "reliability"), False),
    "Oregon": (("occupation_name", "annual_openings", "entry_education", "wage_p50_usd"), True),
    "Digital": (("employment", "wage_mean_usd"), False),
    "Ohio": (("cip_title", "award_group"), False),
}


@pytest.fixture(scope="module")
def answers(first_run: tuple[Path, Ran]) -> list[list[dict[str, object]]]:
    with duckdb.connect(str(first_run[0] / "lmi.duckdb"), read_only=True) as connection:
        return [connection.sql(select).pl().to_dicts() for select in SELECTS]


def test_each_is_one_select_without_a_join() -> None:
    assert len(SELECTS) == len(COMMANDS) == len(ANSWERS) == 5
    for select in SELECTS:
        assert len(re.findall(r"\bselect\b", select)) == 1
        assert not re.search(r"\bjoin\b", select)


def test_the_selects_answer_as_the_publishers_figures_do(answers: list[list[dict[str, object]]]) -> None:
    columbus, texas, oregon, digital, ohio = answers
    assert all(float(str(row["location_quotient"])) > 1 for row in columbus)
    assert len(columbus) >= 3
    assert len(texas) == 6
    # Projections Central, Oregon 2022-32; OEWS May 2025; BLS's typical entry education
    assert oregon[0] == {
        "occupation_name": "Fast Food and Counter Workers",
        "annual_openings": 15_930,
        "entry_education": "No formal educational credential",
        "wage_p50_usd": 35_050,
        "policy_title": "Oregon Career Explorer",
    }
    assert len(oregon) == 10
    assert len(digital) == 1
    # IPEDS and the crosswalk: followed in test_programs.py; truck drivers have 17,940 openings in Ohio
    assert ohio[0]["cip_title"] == "Truck and Bus Driver/Commercial Vehicle Operator and Instructor"
    assert ohio[0]["gap"] == float(str(ohio[0]["openings"])) - float(str(ohio[0]["awards"]))


@pytest.mark.parametrize("number", range(5), ids=list(ANSWERS))
def test_the_command_gives_the_rows_of_the_select(
    number: int, here: Here, first_run: tuple[Path, Ran], answers: list[list[dict[str, object]]]
) -> None:
    columns, gives_more = list(ANSWERS.values())[number]
    ran = here(*COMMANDS[number][1].split(), "--json", data=first_run[0])
    assert (ran.code, ran.err) == (0, "")
    rows = json.loads(ran.out)["rows"]
    if number == 3:
        rows = [row for row in rows if row["home_cluster_id"] == "healthcare_human_services"]
    told = [{name: row[name] for name in columns} for row in rows]
    asked = [{name: row[name] for name in columns} for row in answers[number]]
    if not gives_more:
        assert len(told) == len(asked)
    assert told[: len(asked)] == asked
    # the terminal shows the first of them
    shown = here(*COMMANDS[number][1].split(), data=first_run[0])
    first = next(iter(asked[0].values()))
    # jobs are rounded to tens for people; a long title is broken between its words
    said = [f"{round(first, -1):,.0f}"] if isinstance(first, float) else str(first).split()
    assert [word for word in said if word not in shown.out] == []


@pytest.mark.parametrize("number", range(5), ids=list(ANSWERS))
def test_the_page_shows_the_first_answer(
    number: int, first_run: tuple[Path, Ran], answers: list[list[dict[str, object]]], tmp_path: Path
) -> None:
    place = COMMANDS[number][0].split()[1]
    page = write_report(first_run[0] / "lmi.duckdb", place, tmp_path).read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<[^>]+>", " ", page).replace("&amp;", "&").split())
    first = answers[number][0]
    figure = {
        0: f"{first.get('location_quotient', 0):.2f}",
        1: f"${first.get('median_wage_usd', 0):,.0f}",
        2: f"{first.get('annual_openings', 0):,}",
        # jobs are rounded to tens on pages
        3: f"{round(float(str(first.get('employment', 0))), -1):,.0f}",
        4: f"{first.get('gap', 0):,.0f}",
    }[number]
    name = {3: "Healthcare & Human Services"}.get(number) or str(next(iter(first.values())))
    assert any(figure in text[found.start() : found.start() + 300] for found in re.finditer(re.escape(name), text))
