"""A state's own list of projections, beside the list of all states."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.archive.find import find_files
from pipelines.errors import BadInputError
from pipelines.publishers import projections_central
from pipelines.sources import declared_sources

ALL_STATES = "long_term_2022_2032.tsv"
OWN = "own_long_term_39.csv"
LISTED = [
    "Title\tBase\tProjected\tPercentChange\tAvgAnnualOpenings\tSTFIPS\tOccCode",
    "Total, All Occupations\t5800000\t5900000\t1.7\t640000\t39\t00-0000",
    "Registered Nurses\t131390\t135860\t3.4\t7630\t39\t29-1141",
    "Total, All Occupations\t300000\t310000\t3.3\t34000\t56\t00-0000",
]
HEADER = "OccCode,Title,BaseYear,ProjYear,Base,Projected,AvgAnnualOpenings"
TOTAL = '00-0000,"Total, All Occupations",2024,2034,5850000,5967000,650000'
NURSES = "29-1141,Registered Nurses,2024,2034,133000,140000,7900"


def read(folder: Path, *own: str, name: str = OWN) -> tuple[str, pl.DataFrame]:
    """The title of the vintage and the states' table, of the list of all states and an own one."""
    (folder / ALL_STATES).write_text("\n".join([*LISTED, ""]))
    (folder / name).write_text("\n".join([HEADER, *own, ""]))
    files = find_files("projections_central", folder)
    assert set(files) == {ALL_STATES, name}
    vintage, tables = projections_central.read(declared_sources()["projections_central"], files, folder)
    states = tables["projections_central"]
    assert isinstance(states, pl.DataFrame)
    return vintage.vintage, states


def test_the_own_list_stands_in_place_of_the_states(tmp_path: Path) -> None:
    title, states = read(tmp_path, TOTAL, NURSES)
    assert title == "2022-32, 2024-34 by state, with their own lists of OH"
    columns = ["area_id", "soc_code", "base_jobs", "growth_pct", "annual_openings", "base_year", "projected_year"]
    assert states.select(columns).rows() == [
        ("OH", "00-0000", 5_850_000, 2.0, 650_000, 2024, 2034),
        # 7,000 of 133,000
        ("OH", "29-1141", 133_000, 5.3, 7_900, 2024, 2034),
        ("WY", "00-0000", 300_000, 3.3, 34_000, 2022, 2032),
    ]


@pytest.mark.parametrize(
    ("lines", "place", "problem"),
    [
        # ten years' openings instead of one year's
        ([TOTAL.replace("650000", "6500000"), NURSES], "line 2, column 'AvgAnnualOpenings'", "average year"),
        # thousands of jobs, as BLS writes them
        ([TOTAL.replace("5850000,5967000,650000", "5850,5967,650"), NURSES], "row of 00-0000", "not thousands"),
        (["00-0000,All,2024,2034,5850.0,5967.0,650.0"], "line 2, column 'Base'", "not a plain number"),
        ([NURSES], "", "no row of the total"),
        ([TOTAL, NURSES.replace("7900", "")], "line 3, column 'AvgAnnualOpenings'", "blank"),
        ([TOTAL, NURSES.replace("2034", "2024")], "line 3, column 'ProjYear'", "not after the base year"),
        ([TOTAL, NURSES.replace("2024,2034", "2022,2032")], "line 3, column 'BaseYear'", "different years"),
        ([TOTAL, NURSES, NURSES], "line 4, column 'OccCode'", "listed twice"),
    ],
)
def test_other_units_and_forms_are_refused(tmp_path: Path, lines: list[str], place: str, problem: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read(tmp_path, *lines)
    assert caught.value.file == OWN
    assert place in str(caught.value)
    assert problem in str(caught.value)


def test_openings_as_high_as_any_state_has_are_taken(tmp_path: Path) -> None:
    _, states = read(tmp_path, TOTAL.replace("650000", "2340000"))
    assert states.filter(area_id="OH")["annual_openings"].to_list() == [2_340_000]


def test_an_unknown_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="unknown FIPS code"):
        read(tmp_path, TOTAL, name="own_long_term_03.csv")


def test_an_own_list_alone_is_not_a_list_of_all_states(tmp_path: Path) -> None:
    (tmp_path / OWN).write_text("\n".join([HEADER, TOTAL, ""]))
    with pytest.raises(BadInputError, match="adds to the source's files") as caught:
        find_files("projections_central", tmp_path)
    assert "long_term_{fips}.json" in str(caught.value)
