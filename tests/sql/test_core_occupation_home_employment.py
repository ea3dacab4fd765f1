import pytest
from sql_inputs import TOP_CODED, Row, area_cell, home_employment, industry_cell


def industry(
    code: str, level: int, parent: str | None, cluster: str | None, sub_cluster: str | None = None, **others: bool
) -> Row:
    return {
        "industry_code": code,
        "industry_level": level,
        "parent_industry_code": parent,
        "home_cluster_id": cluster,
        "home_sub_cluster_id": sub_cluster,
        "is_ownership_variant": others.get("variant", False),
        "is_one_cluster": others.get("one", True),
        "is_one_sub_cluster": others.get("one", True),
    }


TREE = [
    industry("000000", 0, None, None, one=False),
    industry("000001", 1, None, None, one=False, variant=True),
    industry("31--34", 2, "000000", "manufacturing", one=False),
    industry("311000", 3, "31--34", "agriculture", "food"),
    industry("311100", 4, "311000", "agriculture", "food"),
    industry("311200", 4, "311000", "agriculture", "animals"),
    industry("325000", 3, "31--34", "manufacturing", "production"),
    industry("332000", 3, "31--34", "manufacturing"),
    industry("62--63", 2, "000000", "health"),
    industry("622005", 4, None, "health", variant=True),
]


@pytest.fixture
def homes(run_sql):
    def run(area_cells: list[Row], industry_cells: list[Row]) -> list[Row]:
        parts = run_sql(
            "core.oews_industry_part",
            {
                "core.oews_area_occupation": area_cells,
                "core.oews_industry": TREE,
                "core.oews_industry_ancestor": run_sql("core.oews_industry_ancestor", {"core.oews_industry": TREE}),
                "core.oews_industry_occupation": industry_cells,
            },
        )
        result = run_sql(
            "core.occupation_home_employment", {"core.oews_industry": TREE, "core.oews_industry_part": parts}
        )
        return list(result.iter_rows(named=True))

    return run


def jobs(rows: list[Row], soc_code: str = "51-1011") -> dict[tuple[str, str], float]:
    return {
        (row["home_cluster_id"], row["home_sub_cluster_id"]): row["employment"]
        for row in rows
        if row["soc_code"] == soc_code
    }


def test_each_industry_keeps_what_its_parts_do_not_show(homes):
    rows = homes(
        [area_cell("US", "51-1011", 1000), area_cell("TX", "51-1011", 700)],
        [
            industry_cell("31--34", "51-1011", 600),
            industry_cell("311000", "51-1011", 300),
            industry_cell("311100", "51-1011", 180),
            industry_cell("311200", "51-1011", 20),
            industry_cell("325000", "51-1011", 150),
            industry_cell("62--63", "51-1011", 90),
        ],
    )
    # 311000 keeps 300 - 180 - 20 = 100, 31--34 keeps 600 - 300 - 150 = 150, all industries 1000 - 600 - 90 = 310
    assert jobs(rows) == {
        ("agriculture", "food"): 280.0,
        ("agriculture", "animals"): 20.0,
        ("manufacturing", "production"): 150.0,
        ("manufacturing", "unassigned"): 150.0,
        ("health", "unassigned"): 90.0,
        ("unassigned", "unassigned"): 310.0,
    }
    # only the 150 jobs that nothing but mixed manufacturing shows are mixed; a cluster without sub-cluster is not
    mixed = {row["home_cluster_id"] + "/" + row["home_sub_cluster_id"]: row["mixed_employment"] for row in rows}
    assert mixed.pop("unassigned/unassigned") in {0.0, 310.0}
    assert mixed == {
        "agriculture/food": 0.0,
        "agriculture/animals": 0.0,
        "manufacturing/production": 0.0,
        "manufacturing/unassigned": 150.0,
        "health/unassigned": 0.0,
    }


@pytest.mark.parametrize("middle", [[], [industry_cell("311000", "51-1011", None)]], ids=["absent", "withheld"])
def test_a_missing_middle_level_is_passed_over(homes, middle):
    rows = homes(
        [area_cell("US", "51-1011", 1000)],
        [
            industry_cell("31--34", "51-1011", 600),
            *middle,
            industry_cell("311100", "51-1011", 180),
            industry_cell("311200", "51-1011", 20),
        ],
    )
    # 31--34 keeps 600 - (180 + 20) = 400 and all industries 1000 - 600 = 400; the 200 are not counted twice
    assert jobs(rows) == {
        ("agriculture", "food"): 180.0,
        ("agriculture", "animals"): 20.0,
        ("manufacturing", "unassigned"): 400.0,
        ("unassigned", "unassigned"): 400.0,
    }


def test_parts_above_the_whole_by_rounding_leave_nothing_and_nothing_negative(homes):
    rows = homes(
        [area_cell("US", "51-1011", 100)],
        [
            industry_cell("31--34", "51-1011", 100),
            industry_cell("311000", "51-1011", 60),
            industry_cell("325000", "51-1011", 50),
        ],
    )
    # 100 - 110 is not -10: the sector has no row of its own, and neither have all industries with 100 - 100
    assert jobs(rows) == {("agriculture", "food"): 60.0, ("manufacturing", "production"): 50.0}


def test_what_rounding_takes_from_one_industry_is_not_taken_from_another_of_its_home(homes):
    rows = homes(
        [area_cell("US", "51-1011", 100)],
        [
            industry_cell("31--34", "51-1011", 100),
            industry_cell("311000", "51-1011", 60),
            industry_cell("332000", "51-1011", 50),
        ],
    )
    assert jobs(rows) == {("agriculture", "food"): 60.0, ("manufacturing", "unassigned"): 50.0}


def test_withheld_cells_do_not_count_and_their_jobs_stay_with_the_parent(homes):
    rows = homes(
        [area_cell("US", "51-1011", 100), area_cell("US", "15-1252", None)],
        [
            industry_cell("31--34", "51-1011", None),
            industry_cell("62--63", "51-1011", 40),
            industry_cell("62--63", "15-1252", 30),
        ],
    )
    assert jobs(rows) == {("health", "unassigned"): 40.0, ("unassigned", "unassigned"): 60.0}
    # the nation's figure is withheld: what an industry shows is all there is
    assert jobs(rows, "15-1252") == {("health", "unassigned"): 30.0}


def test_an_occupation_that_no_industry_shows_is_unassigned(homes):
    assert jobs(homes([area_cell("US", "51-1011", 70)], [])) == {("unassigned", "unassigned"): 70.0}


def test_ownership_variants_repeat_jobs_and_are_left_out(homes):
    rows = homes(
        [area_cell("US", "51-1011", 100)],
        [
            industry_cell("000001", "51-1011", 80),
            industry_cell("62--63", "51-1011", 40),
            industry_cell("622005", "51-1011", 35),
        ],
    )
    assert jobs(rows) == {("health", "unassigned"): 40.0, ("unassigned", "unassigned"): 60.0}


def test_all_jobs_are_homed_too_but_not_the_groups_between(homes):
    rows = homes(
        [
            area_cell("US", "00-0000", 1000, group="total"),
            area_cell("US", "51-0000", 500, group="major"),
            area_cell("US", "51-1011", 100),
        ],
        [
            industry_cell("62--63", "00-0000", 900, group="total"),
            industry_cell("62--63", "51-0000", 400, group="major"),
            industry_cell("62--63", "51-1010", 300, group="broad"),
        ],
    )
    assert {row["soc_code"] for row in rows} == {"00-0000", "51-1011"}
    assert jobs(rows, "00-0000") == {("health", "unassigned"): 900.0, ("unassigned", "unassigned"): 100.0}


def test_wages_are_summed_over_the_jobs_that_have_a_mean(homes):
    rows = homes(
        [area_cell("US", "51-1011", 1000, mean=None)],
        [
            industry_cell("31--34", "51-1011", 600, mean=60_000),
            industry_cell("311000", "51-1011", 250, mean=50_000),
            industry_cell("325000", "51-1011", 200, mean=None),
            industry_cell("62--63", "51-1011", 300, mean=TOP_CODED),
        ],
    )
    wages = {
        (row["home_cluster_id"], row["home_sub_cluster_id"]): (row["wage_employment"], row["wages_usd"]) for row in rows
    }
    assert wages == {
        ("agriculture", "food"): (250.0, 12_500_000.0),  # 250 * 50,000
        ("manufacturing", "production"): (0.0, 0.0),  # withheld
        ("manufacturing", "unassigned"): (150.0, 9_000_000.0),  # (600 - 250 - 200) * 60,000
        ("health", "unassigned"): (300.0, 71_760_000.0),  # 300 * 239,200, the bound
        ("unassigned", "unassigned"): (0.0, 0.0),  # the nation's mean is withheld
    }


def test_jobs_of_one_home_from_several_industries_add_up(homes):
    rows = homes(
        [area_cell("US", "51-1011", 100, mean=None)],
        [
            industry_cell("311000", "51-1011", 100, mean=30_000),
            industry_cell("311100", "51-1011", 60, mean=40_000),
        ],
    )
    # 311000 keeps 40 at 30,000 beside 311100's 60 at 40,000: 1,200,000 + 2,400,000
    assert rows == [
        home_employment("51-1011", "agriculture", "food", 100, wage_employment=100.0, wages_usd=3_600_000.0)
    ]
