"""Counties and the metro areas they make up, held to the delineation of July 2023 and to the areas of OEWS."""

import polars as pl
import pytest

from pipelines.paths import BUNDLE, CROSSWALKS


@pytest.fixture(scope="module")
def counties() -> pl.DataFrame:
    return pl.read_csv(CROSSWALKS / "county.csv", infer_schema_length=0)


@pytest.fixture(scope="module")
def metros() -> pl.DataFrame:
    return pl.read_parquet(BUNDLE / "raw" / "oews_area.parquet").filter(pl.col("area_type") == "metro")


def _members(counties: pl.DataFrame, cbsa: str) -> list[str]:
    return counties.filter(pl.col("cbsa_area_id") == cbsa)["county_fips"].sort().to_list()


def test_every_metro_area_has_counties_and_every_county_s_metro_area_is_one(
    counties: pl.DataFrame, metros: pl.DataFrame
) -> None:
    named = counties.drop_nulls("cbsa_area_id")
    assert metros.height == 393
    assert set(named["cbsa_area_id"]) == set(metros["area_id"])
    # 1,252 counties by the delineation; Kalawao, Hawaii, is none of QCEW's
    assert named.height == 1251


def test_a_metro_area_s_counties_lie_in_the_states_of_its_name(counties: pl.DataFrame, metros: pl.DataFrame) -> None:
    states = pl.read_csv(CROSSWALKS / "state.csv", infer_schema_length=0)
    placed = (
        counties.drop_nulls("cbsa_area_id")
        .join(states, on="state_fips")
        .join(metros.select("area_id", metro_name="area_name"), left_on="cbsa_area_id", right_on="area_id")
        .with_columns(in_name=pl.col("metro_name").str.extract(r", ([A-Z-]+)$").str.split("-"))
    )
    assert placed.height == 1251
    assert placed.filter(~pl.col("state_id").is_in(pl.col("in_name"))).is_empty()
    reached = placed.group_by("cbsa_area_id").agg(
        pl.col("state_id").unique().sort(), pl.col("in_name").first().list.sort()
    )
    assert reached.filter(pl.col("state_id") != pl.col("in_name")).is_empty()


@pytest.mark.parametrize(
    ("cbsa", "members"),
    [
        ("C10420", ["39133", "39153"]),  # Akron: Portage and Summit
        ("C17410", ["39007", "39035", "39055", "39085", "39093", "39103"]),  # Cleveland, with Ashtabula since 2023
        ("C14860", ["09120", "09190"]),  # Bridgeport: planning regions, not Connecticut's former counties
        ("C28450", ["55059"]),  # Kenosha, part of Chicago until 2023
        ("C48680", ["12119"]),
        ("C27980", ["15009"]),
    ],
)
def test_metro_areas_have_the_counties_of_the_delineation(
    counties: pl.DataFrame, cbsa: str, members: list[str]
) -> None:
    assert _members(counties, cbsa) == members


def test_counties_outside_metro_areas_have_none(counties: pl.DataFrame) -> None:
    # Sussex (Delaware) and Henry (Indiana) lie in micropolitan areas; Fairfield (Connecticut) ended with 2023
    assert (
        counties.filter(pl.col("county_fips").is_in(["10005", "18065", "09001"]))["cbsa_area_id"].to_list()
        == [None] * 3
    )


def test_a_code_that_begins_or_ends_shares_its_land_with_others(counties: pl.DataFrame) -> None:
    """Every code with a first or last year has a territory, and every territory a change."""
    dated = pl.col("first_year").is_not_null() | pl.col("last_year").is_not_null()
    assert counties.filter(dated & pl.col("territory_id").is_null()).is_empty()
    territories = counties.drop_nulls("territory_id").group_by("territory_id").agg(pl.len(), dated=dated.any())
    assert territories.filter((pl.col("len") < 2) | ~pl.col("dated")).is_empty()


@pytest.mark.parametrize(
    ("territory", "ended", "always", "began"),
    [
        ("02261", ["02261"], [], ["02063", "02066"]),  # Valdez-Cordova became Chugach and Copper River
        ("02270", ["02270"], [], ["02158"]),  # Wade Hampton was renamed Kusilvak
        ("46113", ["46113"], [], ["46102"]),  # Shannon was renamed Oglala Lakota
        ("51515", ["51515"], ["51019"], []),  # the city of Bedford joined Bedford County
        ("08014", [], ["08001", "08013", "08059", "08123"], ["08014"]),  # Broomfield came out of four counties
    ],
)
def test_what_followed_what(
    counties: pl.DataFrame, territory: str, ended: list[str], always: list[str], began: list[str]
) -> None:
    codes = counties.filter(territory_id=territory)
    assert codes.drop_nulls("last_year")["county_fips"].to_list() == ended
    assert codes.drop_nulls("first_year")["county_fips"].to_list() == began
    assert (
        codes.filter(pl.all_horizontal(pl.col("first_year", "last_year").is_null()))["county_fips"].to_list() == always
    )
