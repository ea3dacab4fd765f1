"""Which clusters hold other industries after a change of NAICS edition: by hand, and for the project's own lists."""

import polars as pl
import pytest
from qcew_inputs import naics_home, raw_cell
from sql_inputs import Row

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.paths import REFERENCE
from pipelines.tables import TableName

HOMES = read_csv(contracts()[TableName("seed", "naics_home")], REFERENCE)
CHANGES = read_csv(contracts()[TableName("seed", "naics_change")], REFERENCE)


@pytest.fixture
def breaks(run_sql):
    """The rows of core.industry_break for changes of edition and homes."""

    def run(changes: "list[Row] | pl.DataFrame", homes: "list[Row] | pl.DataFrame") -> list[Row]:
        given = {"raw.qcew": [raw_cell("111110", 1.0)], "seed.naics_change": changes, "seed.naics_home": homes}
        homed = {"core.industry_home": run_sql("core.industry_home", given)}
        links = {"core.naics_link": run_sql("core.naics_link", {"seed.naics_change": changes, **homed})}
        found = run_sql("core.industry_break", links)
        # whatever is left out of comparisons is of the clusters that are broken, and the other way round
        joined = run_sql("core.industry_joined", {**links, **homed}).rename({"first_year": "year"})
        places = ["year", "level", "cluster_id", "sub_cluster_id"]
        assert joined.select(places).unique().sort(places).equals(found.select(places).sort(places))
        return found.to_dicts()

    return run


def change(before: str, after: str, year: int = 2022) -> Row:
    return {"first_year": year, "naics_code_before": before, "naics_code": after}


def test_an_industry_that_is_split_over_two_homes_breaks_both(breaks):
    homes = [naics_home("44-45", "sales/retail"), naics_home("456", "health/pharmacies"), naics_home("51", "digital")]
    # electronic shopping of 2017 went to shops, pharmacies among them; software only changed its code
    found = breaks([change("454110", "456110"), change("454110", "455110"), change("511210", "513210")], homes)
    assert [(row["year"], row["level"], row["cluster_id"], row["sub_cluster_id"], row["moves"]) for row in found] == [
        (2022, "cluster", "health", "all", 1),
        (2022, "cluster", "sales", "all", 1),
        (2022, "sub_cluster", "health", "pharmacies", 1),
        (2022, "sub_cluster", "sales", "retail", 1),
    ]
    assert {row["example_move"] for row in found} == {"454110 to 456110"}


def test_a_move_inside_a_cluster_breaks_its_sub_clusters_only(breaks):
    homes = [naics_home("111", "agriculture/plants"), naics_home("112", "agriculture/animals")]
    found = breaks([change("111998", "112990", 2007)], homes)
    assert [(row["year"], row["level"], row["sub_cluster_id"]) for row in found] == [
        (2007, "sub_cluster", "animals"),
        (2007, "sub_cluster", "plants"),
    ]


def test_the_edition_before_has_homes_of_its_own(breaks):
    """51912 is listed for the editions before 2022 alone, so the two sides of the change are homed alike."""
    homes = [
        naics_home("51", "digital"),
        naics_home("51912", "education", "naics_before_2022"),
        naics_home("51921", "education"),
    ]
    assert breaks([change("519120", "519210")], homes) == []


def test_the_breaks_of_the_project_s_homes(breaks):
    found = breaks(CHANGES, HOMES)
    clusters = {
        year: {row["cluster_id"] for row in found if (row["year"], row["level"]) == (year, "cluster")}
        for year in (2007, 2011, 2017, 2022)
    }
    # by the Census Bureau's concordances: electronic shopping (454110) is split over all shops, pharmacies among them;
    # internet publishers (519130) over publishers, broadcasters and web portals; telecom resellers (517911) are split
    assert clusters[2022] == {
        "marketing_sales",
        "healthcare_human_services",
        "digital_technology",
        "arts_entertainment_design",
        "energy_natural_resources",
    }
    # research in biotechnology (541711) and other sciences (541712) became three industries
    assert clusters[2017] == {"advanced_manufacturing", "healthcare_human_services"}
    assert clusters[2011] == set()


def test_industries_that_kept_their_code_have_one_home_in_all_editions(run_sql):
    """So only the listed changes can move an industry between clusters."""
    cells = [raw_cell(code, 1.0, year=year) for year in (2016, 2024) for code in KEPT]
    placed = run_sql("core.industry_home", {"raw.qcew": cells, "seed.naics_change": [], "seed.naics_home": HOMES})
    homes = placed.group_by("naics_code").agg(pl.struct("cluster_id", "sub_cluster_id").n_unique())
    assert homes.height == len(KEPT) > 800
    assert homes.filter(pl.col("cluster_id") > 1).is_empty()


#: Six-digit codes of NAICS 2022 that no change of edition lists.
KEPT = sorted(
    set(pl.read_parquet(REFERENCE / "bundle" / "raw" / "naics.parquet").filter(naics_level=6)["naics_code"])
    - set(CHANGES["naics_code"])
    - set(CHANGES["naics_code_before"])
)
