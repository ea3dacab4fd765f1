from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qcew_inputs import add_up, chain, depth_of, raw_cell
from sql_inputs import Row

#: Jobs of six-digit industries: 11 is farms (no pattern) and logging, 23 is one home with two patterns in 236 and one
#: in 238, 54 has two homes.
JOBS = {
    "111110": 30,
    "113310": 20,
    "236115": 40,
    "236220": 60,
    "238210": 80,
    "541110": 70,
    "541380": 25,
}
PATTERN = {
    "113310": "113300",
    "236115": "236100",
    "236220": "236200",
    "238210": "238000",
    "541110": "541100",
    "541380": "541300",
}
HOME = {"11": "agriculture", "23": "construction", "541110": "law", "541380": "engineering"}
#: What a code above the finest ones is matched with; of one kind only below sectors 11 and 54.
WIDER = {"23": "23--24", "236": "236000", "238": "238000"}


def home_of(code: str) -> str:
    return HOME.get(code) or HOME[code[:2]]


def staffing(code: str, own: str) -> Row:
    finest = [each for each in JOBS if code in chain(each)]
    homes = {home_of(each) for each in finest}
    patterns = {PATTERN.get(each) for each in finest}
    one_pattern = len(patterns) == 1
    industry = next(iter(patterns)) if one_pattern else WIDER.get(code)
    return {
        "year": 2024,
        "own_code": own,
        "naics_code": code,
        "industry_code": industry,
        "part": None if industry is None else "rest" if one_pattern else "whole",
        "home_cluster_id": next(iter(homes)) if len(homes) == 1 else None,
        "home_sub_cluster_id": "unassigned" if len(homes) == 1 else None,
        "is_one_kind": len(homes) == 1 and (industry is not None or patterns == {None}),
        "is_divisible": len(homes) > 1 or not one_pattern,
    }


CODES = add_up(JOBS)


def tree(year: int = 2024) -> list[Row]:
    rows: list[Row] = []
    for code in CODES:
        [path] = {chain(each)[: depth_of(code) + 1] for each in JOBS if code in chain(each)}
        rows.append(
            {
                "year": year,
                "naics_code": code,
                "depth": depth_of(code),
                "parent_code": path[-2] if len(path) > 1 else None,
            }
        )
    return rows


def ancestors(year: int = 2024) -> list[Row]:
    return [
        {"year": year, "naics_code": code, "ancestor_code": above, "ancestor_depth": depth_of(above)}
        for code in CODES
        for above in {above for each in JOBS if code in chain(each) for above in chain(each)[: depth_of(code)]}
    ]


@pytest.fixture(scope="module")
def taken(run_sql):
    """Industry to (OEWS industry, part, jobs) of the cells taken, for jobs of each cell, None being withheld."""

    def run(cells: Mapping[str, float | None], own: str = "5") -> dict[str, tuple[str | None, str | None, float]]:
        result = run_sql(
            "core.qcew_staffed_cell",
            {
                "core.qcew_cell": [
                    *(raw_cell(code, jobs, own=own) for code, jobs in cells.items()),
                    # last year's cells are not looked at
                    *(raw_cell(code, 9_999.0, own=own, year=2023) for code in cells),
                ],
                "core.qcew_staffing": [staffing(code, owner) for code in CODES for owner in ("3", "5")],
                "core.qcew_industry": tree() + tree(2023),
                "core.qcew_ancestor": ancestors() + ancestors(2023),
            },
        )
        assert set(result["year"]) <= {2024}
        return {
            row["naics_code"]: (row["industry_code"], row["part"], row["employment"])
            for row in result.iter_rows(named=True)
        }

    return run


def withheld(*codes: str) -> dict[str, float | None]:
    return {code: None if code in codes else float(jobs) for code, jobs in CODES.items()}


def test_published_cells_are_taken_where_finer_ones_tell_no_more(taken):
    assert taken(withheld()) == {
        "111": (None, None, 30.0),
        "113": ("113300", "rest", 20.0),
        "2361": ("236100", "rest", 40.0),
        "2362": ("236200", "rest", 60.0),
        "238": ("238000", "rest", 80.0),
        "5411": ("541100", "rest", 70.0),
        "5413": ("541300", "rest", 25.0),
    }


def test_where_a_finer_cell_is_withheld_the_wider_published_one_is_taken_whole(taken):
    found = taken(withheld("2361", "23611", "236115"))
    # 100 jobs of 236, none of them worked out for 2361
    assert found["236"] == ("236000", "whole", 100.0)
    assert found["238"] == ("238000", "rest", 80.0)
    assert not {code for code in found if code.startswith("2361") or code == "2362"}


def test_above_a_withheld_cell_all_of_the_home_is_taken(taken):
    found = taken(withheld("236", "2361", "23611", "236115"))
    assert {code: row for code, row in found.items() if code.startswith("23")} == {"23": ("23--24", "whole", 180.0)}


def test_inside_a_withheld_cell_what_is_published_is_taken(taken):
    # nothing above 236 is published, 2361 neither
    hidden = ("10", "101", "1012", "23", "236", "2361", "23611", "236115")
    found = taken(withheld(*hidden))
    assert {code: row for code, row in found.items() if code.startswith("23")} == {
        "2362": ("236200", "rest", 60.0),
        "238": ("238000", "rest", 80.0),
    }


def test_of_a_mixed_industry_a_withheld_part_is_missing(taken):
    # the 95 jobs of 541 are published, those of 5413 are not: they have a home of their own and are not worked out
    found = taken(withheld("5413", "54138", "541380"))
    assert {code: row[2] for code, row in found.items() if code.startswith("54")} == {"5411": 70.0}


def test_each_owner_is_looked_at_alone(taken):
    assert taken(withheld("2361", "23611", "236115"), own="3")["236"] == ("236000", "whole", 100.0)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(hidden=st.sets(st.sampled_from(sorted(CODES))))
def test_no_job_is_taken_twice_and_none_that_is_withheld(taken, hidden):
    cells = withheld(*hidden)
    found = taken(cells)
    for code, (_, _, jobs) in found.items():
        assert jobs == cells[code]
        inside = [other for other in found if other != code and any({code, other} <= set(chain(each)) for each in JOBS)]
        assert not inside
    assert sum(jobs for _, _, jobs in found.values()) <= sum(JOBS.values())
