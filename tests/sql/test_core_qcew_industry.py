import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qcew_inputs import SUPERSECTORS, chain, industry_table, naics_home, raw_cell, raw_tree
from sql_inputs import Row

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.paths import REFERENCE
from pipelines.tables import TableName


@pytest.fixture
def industries(run_sql):
    """By year and code, the rows for six-digit codes of some years and the industries above them."""

    def run(codes: dict[int, list[str]], homes: "list[Row] | pl.DataFrame") -> dict[tuple[int, str], Row]:
        cells = [cell for year, finest in codes.items() for cell in raw_tree(dict.fromkeys(finest, 1), year=year)]
        result = industry_table(run_sql, cells, homes)
        rows = {(row["year"], row["naics_code"]): row for row in result.iter_rows(named=True)}
        assert len(rows) == result.height
        return rows

    return run


def home(row: Row) -> tuple[str | None, str | None]:
    return row["cluster_id"], row["sub_cluster_id"]


def frontier(
    rows: dict[tuple[int, str], Row], column: str, year: int = 2024
) -> dict[str, tuple[str | None, str | None]]:
    return {code: home(row) for (of_year, code), row in rows.items() if of_year == year and row[column]}


#: A six-digit code of each sector; manufacturing, trade and transport have several two-digit prefixes.
ONE_OF_EACH = (
    *("111110", "211120", "221111", "236115", "311111", "325110", "332111", "423110", "441110", "455110", "481111"),
    *("491110", "513210", "522110", "531110", "541110", "551112", "561110", "611110", "621111", "711110", "721110"),
    *("811111", "921110", "999999"),
)


def test_every_industry_is_under_the_one_that_the_publisher_adds_it_to(industries):
    rows = industries({2024: list(ONE_OF_EACH)}, [naics_home("11", "agriculture")])
    found = {code: (row["depth"], row["parent_code"]) for (_, code), row in rows.items()}
    expected: dict[str, tuple[int, str | None]] = {"10": (0, None), "101": (1, "10"), "102": (1, "10")}
    for sector, supersector in SUPERSECTORS.items():
        expected[supersector] = (2, supersector[:3])
        expected[sector] = (3, supersector)
    for finest in ONE_OF_EACH:
        _, _, _, sector, *below = chain(finest)
        for place, code in enumerate(below):
            expected[code] = (4 + place, below[place - 1] if place else sector)
    assert found == expected
    # a few by hand, so that the expectation above does not stand alone
    assert found["311"] == (4, "31-33")
    assert found["4551"] == (5, "455")
    assert found["491"] == (4, "48-49")
    assert found["22"] == (3, "1021")
    assert found["92"] == (3, "1028")


def test_a_code_takes_the_home_of_its_longest_mapped_prefix(industries):
    rows = industries(
        {2024: ["311811", "311812", "311111", "325110", "441110", "236115"]},
        [
            naics_home("31-33", "manufacturing"),
            naics_home("311", "agriculture/food"),
            naics_home("3118", "manufacturing/production"),
            naics_home("311811", "hospitality/culinary"),
            # range of a sector: longer than 441, yet less specific
            naics_home("44-45", "sales/retail"),
            naics_home("441", "transport/vehicles"),
        ],
    )
    finest = {code: home(row) for (_, code), row in rows.items() if row["depth"] == 7}
    assert finest == {
        "311811": ("hospitality", "culinary"),
        "311812": ("manufacturing", "production"),
        "311111": ("agriculture", "food"),
        "325110": ("manufacturing", "unassigned"),
        "441110": ("transport", "vehicles"),
        "236115": ("unassigned", "unassigned"),
    }


def test_the_government_codes_of_oews_are_no_homes_here(industries):
    rows = industries(
        {2024: ["999999"]}, [naics_home("999", "public_service", "oews"), naics_home("11", "agriculture")]
    )
    assert home(rows[2024, "999999"]) == ("unassigned", "unassigned")


def test_the_frontier_is_the_shallowest_industry_wholly_inside(industries):
    rows = industries(
        {2024: ["111110", "112110", "311111", "325110", "332111", "332112", "999999"]},
        [
            naics_home("111", "agriculture/plants"),
            naics_home("112", "agriculture/animals"),
            naics_home("31-33", "manufacturing"),
            naics_home("311", "agriculture/food"),
            naics_home("332111", "manufacturing/metal"),
            naics_home("332112", "manufacturing/machines"),
        ],
    )
    # 11 is all agriculture but of two sub-clusters; manufacturing is mixed by its food, 332 has two sub-clusters
    assert frontier(rows, "is_cluster_frontier") == {
        "11": ("agriculture", None),
        "311": ("agriculture", "food"),
        "325": ("manufacturing", "unassigned"),
        "332": ("manufacturing", None),
        "99": ("unassigned", "unassigned"),
    }
    assert frontier(rows, "is_sub_cluster_frontier") == {
        "111": ("agriculture", "plants"),
        "112": ("agriculture", "animals"),
        "311": ("agriculture", "food"),
        "325": ("manufacturing", "unassigned"),
        "332111": ("manufacturing", "metal"),
        "332112": ("manufacturing", "machines"),
        "99": ("unassigned", "unassigned"),
    }
    # above the frontier there is no home, below it there is but nothing is summed
    assert home(rows[2024, "31-33"]) == (None, None)
    assert home(rows[2024, "3321"]) == ("manufacturing", None)
    assert home(rows[2024, "3111"]) == ("agriculture", "food")


def test_industries_of_no_home_are_a_frontier_of_their_own(industries):
    rows = industries(
        {2024: ["561110", "561320", "561330", "561910"]},
        [naics_home("56", "no_home"), naics_home("5611", "management/leadership")],
    )
    assert home(rows[2024, "56"]) == (None, None)
    assert frontier(rows, "is_cluster_frontier") == {
        "5611": ("management", "leadership"),
        "5613": ("no_home", "unassigned"),
        "5619": ("no_home", "unassigned"),
    }


def test_sub_clusters_of_one_name_in_two_clusters_are_not_one(industries):
    # both parts are homed in a cluster only, so both have the sub-cluster unassigned
    rows = industries({2024: ["541110", "541211"]}, [naics_home("5411", "legal"), naics_home("5412", "finance")])
    assert frontier(rows, "is_sub_cluster_frontier") == {
        "5411": ("legal", "unassigned"),
        "5412": ("finance", "unassigned"),
    }


def test_nothing_above_the_sectors_is_summed(industries):
    every = ("11", "21")
    rows = industries({2024: ["111110", "211120"]}, [naics_home(code, "resources/all_of_them") for code in every])
    assert set(frontier(rows, "is_cluster_frontier")) == set(every)
    assert set(frontier(rows, "is_sub_cluster_frontier")) == set(every)
    assert {home(rows[2024, code]) for code in ("10", "101", "1011")} == {(None, None)}


def test_each_year_has_its_own_tree(industries):
    homes = [naics_home("111", "agriculture/plants"), naics_home("112", "resources/animals")]
    rows = industries({2023: ["111110"], 2024: ["111110", "112110"]}, homes)
    # with 112 in it the sector of 2024 is mixed; that of 2023 is not
    assert set(frontier(rows, "is_cluster_frontier", 2023)) == {"11"}
    assert set(frontier(rows, "is_cluster_frontier", 2024)) == {"111", "112"}


def test_codes_before_2022_use_the_homes_of_their_own_edition_first(industries):
    rows = industries(
        {2021: ["511210", "517311"], 2022: ["511210", "517311"]},
        [
            naics_home("51", "digital"),
            naics_home("51121", "arts/media"),
            naics_home("5112", "digital/software", "naics_before_2022"),
        ],
    )
    # 51121 is longer, but means something else in 2021; a code that no older home names has that of NAICS 2022
    assert home(rows[2021, "511210"]) == ("digital", "software")
    assert home(rows[2021, "517311"]) == ("digital", "unassigned")
    assert home(rows[2022, "511210"]) == ("arts", "media")
    assert home(rows[2022, "517311"]) == ("digital", "unassigned")


HOMES_BEFORE_2022 = {
    "446110": ("healthcare_human_services", "physical_health"),
    "446120": ("marketing_sales", "retail_customer_experience"),
    "511110": ("arts_entertainment_design", "media_production_broadcasting"),
    "511210": ("digital_technology", "software_solutions"),
    "515112": ("arts_entertainment_design", "media_production_broadcasting"),
    "519110": ("arts_entertainment_design", "media_production_broadcasting"),
    "519120": ("education", "learner_support_community_engagement"),
    "519130": ("digital_technology", "web_cloud"),
    "532292": ("hospitality_events_tourism", "travel_leisure"),
    "541711": ("healthcare_human_services", "biotechnology_research_development"),
    "541712": ("advanced_manufacturing", "engineering"),
}
HOMES_SINCE_2022 = {
    "456110": ("healthcare_human_services", "physical_health"),
    "456120": ("marketing_sales", "retail_customer_experience"),
    "513110": ("arts_entertainment_design", "media_production_broadcasting"),
    "513210": ("digital_technology", "software_solutions"),
    "516110": ("arts_entertainment_design", "media_production_broadcasting"),
    "519210": ("education", "learner_support_community_engagement"),
    "519290": ("digital_technology", "web_cloud"),
    "532284": ("hospitality_events_tourism", "travel_leisure"),
    "541714": ("healthcare_human_services", "biotechnology_research_development"),
    "541715": ("advanced_manufacturing", "engineering"),
}


def test_the_mapping_homes_the_same_business_alike_in_both_editions(industries):
    mapping = read_csv(contracts()[TableName("seed", "naics_home")], REFERENCE)
    rows = industries({2016: list(HOMES_BEFORE_2022), 2022: list(HOMES_SINCE_2022)}, mapping)
    finest = {key: home(row) for key, row in rows.items() if row["depth"] == 7}
    assert finest == {
        **{(2016, code): place for code, place in HOMES_BEFORE_2022.items()},
        **{(2022, code): place for code, place in HOMES_SINCE_2022.items()},
    }
    # broadcasting lies wholly in one sub-cluster, so its three-digit industry is summed
    assert rows[2016, "515"]["is_sub_cluster_frontier"]
    assert rows[2016, "5112"]["is_cluster_frontier"]


CODES = ("111110", "111120", "111211", "112110", "211120", "236115", "311111", "311811", "332111", "332112", "999999")
PREFIXES = sorted({code for finest in CODES for code in chain(finest)[3:]})


@given(
    finest=st.sets(st.sampled_from(CODES), min_size=1),
    homes=st.dictionaries(
        st.sampled_from(PREFIXES), st.sampled_from(["a", "a/one", "a/two", "b", "b/three"]), min_size=1
    ),
)
@settings(max_examples=20, deadline=None)
def test_every_code_is_under_one_frontier_of_its_home(run_sql, finest, homes):
    cells = [raw_cell(code, 1.0) for code in {code for leaf in finest for code in chain(leaf)}]
    table = industry_table(run_sql, cells, [naics_home(code, place) for code, place in homes.items()])
    rows = {row["naics_code"]: row for row in table.iter_rows(named=True)}
    for leaf in finest:
        mapped = [homes[code] for code in chain(leaf) if code in homes]
        cluster, _, sub_cluster = mapped[-1].partition("/") if mapped else ("unassigned", "", "")
        on_cluster = [rows[code] for code in chain(leaf) if rows[code]["is_cluster_frontier"]]
        on_sub_cluster = [rows[code] for code in chain(leaf) if rows[code]["is_sub_cluster_frontier"]]
        assert [row["cluster_id"] for row in on_cluster] == [cluster]
        assert [home(row) for row in on_sub_cluster] == [(cluster, sub_cluster or "unassigned")]
        # the shallowest such industry: the one above holds another cluster, or is above the sectors
        depth = on_cluster[0]["depth"]
        assert depth == 3 or rows[chain(leaf)[depth - 1]]["cluster_id"] is None


def test_the_ancestors_of_an_industry_are_all_above_it(run_sql):
    parents = ["10", "101", "1013", "31-33", "311", "3118", "31181", "311811"]
    industries = [
        {"year": year, "naics_code": code, "depth": depth, "parent_code": parents[depth - 1] if depth else None}
        for year in (2023, 2024)
        for depth, code in enumerate(parents)
    ]
    result = run_sql("core.qcew_ancestor", {"core.qcew_industry": industries})
    expected = [
        (year, code, above, level)
        for year in (2023, 2024)
        for depth, code in enumerate(parents)
        for level, above in enumerate(parents[:depth])
    ]
    # 0 + 1 + .. + 7 = 28 pairs a year
    assert len(expected) == 56
    assert sorted(result.rows()) == sorted(expected)
