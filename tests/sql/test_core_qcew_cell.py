import pytest
from qcew_inputs import PAY_USD, add_up, chain, depth_of, raw_cell, raw_tree
from sql_inputs import Row, Tables

Bounds = list[float | None]


def hierarchy(cells: list[Row]) -> Tables:
    """The industries of the cells with those above them."""
    leaves = {(cell["year"], cell["naics_code"]) for cell in cells if cell["depth"] == 7}
    pairs = {(year, code, chain(leaf)[:depth]) for year, leaf in leaves for depth, code in enumerate(chain(leaf))}
    return {
        "core.qcew_industry": [
            {"year": year, "naics_code": code, "depth": depth_of(code), "parent_code": above[-1] if above else None}
            for year, code, above in pairs
        ],
    }


@pytest.fixture
def table(run_sql):
    return lambda cells: run_sql("core.qcew_cell", {"raw.qcew": cells, **hierarchy(cells)})


@pytest.fixture
def bounds(table):
    """By code, the jobs and their bounds; for cells of one area, owner and year."""

    def run(cells: list[Row]) -> dict[str, Bounds]:
        result = table(cells)
        assert result.height == len(cells)
        columns = ("naics_code", "employment", "employment_low", "employment_high")
        return {code: figures for code, *figures in map(list, result.select(columns).rows())}

    return run


#: 10 = 1000: agriculture 11 = 300 (111 = 180 of 111110 = 100 and 111211 = 80; 112 = 120), mining 21 = 200,
#: construction 23 = 500.
JOBS = {"111110": 100, "111211": 80, "112110": 120, "211120": 200, "236115": 500}


def test_what_is_published_bounds_itself(bounds):
    found = bounds(raw_tree(JOBS))
    assert found == {code: [jobs] * 3 for code, jobs in add_up(JOBS).items()}
    assert (found["10"], found["11"], found["1112"]) == ([1000] * 3, [300] * 3, [80] * 3)


def test_withheld_cells_share_what_the_published_one_above_leaves(bounds):
    found = bounds(raw_tree(JOBS, withheld=["1111", "11111", "111110", "1112", "11121", "111211"]))
    # nothing of 111 = 180 is shown, so each withheld part has 0 to 180
    for code in ("1111", "11111", "111110", "1112", "11121", "111211"):
        assert found[code] == [None, 0, 180], code
    assert found["111"] == [180] * 3
    assert found["112110"] == [120] * 3


def test_what_is_shown_is_taken_off_the_upper_bound(bounds):
    jobs = {"111110": 10, "111120": 20, "111130": 30, "111140": 40}
    found = bounds(raw_tree(jobs, withheld=["111120", "111140"]))
    # each is the finest, but 11112 and 11114 above it are published: nothing else lies in these
    assert (found["111120"], found["111140"]) == ([None, 0, 20], [None, 0, 40])
    found = bounds(raw_tree(jobs, withheld=["11112", "111120", "11114", "111140"]))
    # 1111 = 100 shows 10 + 30, leaving 60
    for code in ("11112", "111120", "11114", "111140"):
        assert found[code] == [None, 0, 60], code


def test_a_withheld_industry_has_at_least_what_is_published_in_it(bounds):
    found = bounds(raw_tree(JOBS, withheld=["11", "111", "1111", "11111", "111110", "21"]))
    # below 1011 = 500 are shown 1112 = 80 and 112 = 120 (in 11), and 211 = 200 (in 21): 100 are not
    assert found["11"] == [None, 200, 300]
    assert found["111"] == [None, 80, 180]
    assert found["21"] == [None, 200, 300]
    for code in ("1111", "11111", "111110"):
        assert found[code] == [None, 0, 100], code
    # what is published below counts once: 11121 and 111211 are part of 1112
    assert found["1112"] == found["111211"] == [80] * 3


def test_published_cells_in_layers_count_for_the_withheld_one_right_above(bounds):
    # withheld 11 and, below published 111, withheld 1111 with published 11111
    found = bounds(raw_tree(JOBS, withheld=["11", "1111"]))
    # 11 shows 111 = 180 and 112 = 120, all of it; 1011 = 500 less these and 21 = 200 leaves nothing
    assert found["11"] == [None, 300, 300]
    # 1111 shows 11111 = 100; 111 = 180 less 11111 and 1112 = 80 leaves nothing
    assert found["1111"] == [None, 100, 100]


def test_the_nearest_published_industry_above_may_be_the_total(bounds):
    withheld = ["101", "1011", "11", "112", "1121", "11211", "112110", "1012", "23", "236"]
    found = bounds(raw_tree(JOBS, withheld=withheld))
    # shown below 10 = 1000: 111 = 180, 21 = 200, 2361 = 500, leaving 120
    assert found["112110"] == [None, 0, 120]
    assert found["11"] == [None, 180, 300]
    assert found["1011"] == [None, 380, 500]
    assert found["101"] == [None, 880, 1000]
    assert found["236"] == found["23"] == found["1012"] == [None, 500, 620]


def test_without_a_published_industry_above_there_is_no_upper_bound(bounds):
    found = bounds(raw_tree(JOBS, withheld=["10", "101", "1011", "11", "112", "1121", "11211", "112110"]))
    # 111 = 180, 21 = 200 and 1012 = 500 are still published
    assert found["10"] == found["101"] == [None, 880, None]
    assert found["1011"] == [None, 380, None]
    assert found["11"] == [None, 180, None]
    assert found["112110"] == [None, 0, None]
    assert found["111"] == [180] * 3


def test_parts_above_the_whole_by_rounding_leave_nothing_and_nothing_negative(bounds):
    cells = raw_tree({"111110": 10, "112110": 20, "113110": 5}, withheld=["113", "1131", "11311", "113110"])
    # the publisher's own sum is one less than its parts
    cells = [
        cell | {"employment": 29.0} if cell["naics_code"] in {"10", "101", "1011", "11"} else cell for cell in cells
    ]
    found = bounds(cells)
    # 29 - 10 - 20 is -1: there is no room for 113, and its bounds do not cross
    assert found["113"] == found["113110"] == [None, 0, 0]


def test_areas_owners_and_years_stand_alone(table):
    held = ["1111", "11111", "111110", "1112", "11121", "111211"]
    jobs = {"111110": 3, "111211": 4}
    keys = [("TX", "5", 2024), ("OK", "5", 2024), ("TX", "3", 2024), ("TX", "5", 2023)]
    cells = []
    for number, (area, own, year) in enumerate(keys, 1):
        many = {code: count * number for code, count in jobs.items()}
        cells += raw_tree(many, withheld=held, area=area, own=own, year=year)
    result = table(cells)
    assert result.height == len(cells)
    found = {
        (row["area_id"], row["own_code"], row["year"]): row["employment_high"]
        for row in result.iter_rows(named=True)
        if row["naics_code"] == "111110"
    }
    # 7, 14, 21 and 28 jobs in 111
    assert found == dict(zip(keys, (7, 14, 21, 28), strict=True))


def test_the_row_of_all_owners_is_no_cell(table):
    cells = [raw_cell("10", 1500, own="0"), *raw_tree(JOBS), *raw_tree({"611110": 500}, own="3")]
    result = table(cells)
    assert set(result["own_code"]) == {"3", "5"}
    assert result.height == len(cells) - 1


def test_a_withheld_cell_keeps_its_establishments_and_nothing_else(table):
    result = table(raw_tree(JOBS, withheld=["11", "21"]))
    rows = {row["naics_code"]: row for row in result.iter_rows(named=True)}
    # three six-digit industries of two establishments each
    assert (rows["11"]["establishments"], rows["11"]["employment"], rows["11"]["wages_usd"]) == (6.0, None, None)
    assert (rows["11"]["status"], rows["11"]["depth"]) == ("withheld", 3)
    assert (rows["23"]["establishments"], rows["23"]["wages_usd"], rows["23"]["status"]) == (2.0, 500 * PAY_USD, "ok")


def test_a_published_zero_is_not_withheld(bounds):
    found = bounds(raw_tree({"111110": 0, "112110": 20}, withheld=["112110"]))
    assert found["111110"] == found["1111"] == [0, 0, 0]
    # 11211 = 20 is published and its only part is not
    assert found["112110"] == [None, 0, 20]
