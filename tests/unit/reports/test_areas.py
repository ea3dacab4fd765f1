"""How a command finds the area that a person means."""

import pytest

from pipelines.errors import UnknownNameError
from pipelines.reports.areas import Area, find_area, find_state

AREAS = [
    Area(code, name, kind, state, False)
    for code, name, kind, state in (
        ("US", "National", "national", None),
        ("OH", "Ohio", "state", "OH"),
        ("VA", "Virginia", "state", "VA"),
        ("WV", "West Virginia", "state", "WV"),
        ("OH:core", "Columbus core", "region", "OH"),
        ("C18140", "Columbus, OH", "metro", "OH"),
        ("C17980", "Columbus, GA-AL", "metro", "GA"),
        ("N3900001", "West Northwestern Ohio nonmetropolitan area", "nonmetro", "OH"),
    )
]
OHIO, VIRGINIA = AREAS[1:3]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("oh", "OH"),
        (" OHIO ", "OH"),
        ("c18140", "C18140"),
        ("18140", "C18140"),
        ("3900001", "N3900001"),
        ("columbus, oh", "C18140"),
        ("GA-AL", "C17980"),
        # a whole name before a part of another, a state before other areas
        ("virginia", "VA"),
        ("hio", "OH"),
        ("United States", "US"),
        ("us", "US"),
    ],
)
def test_an_area_is_found_by_id_code_name_and_a_part_that_fits_one_only(asked: str, found: str) -> None:
    assert find_area(AREAS, asked).area_id == found


@pytest.mark.parametrize(
    ("asked", "found"), [("18140", "C18140"), ("columbus, ", "C18140"), ("CORE", "OH:core"), ("northwest", "N3900001")]
)
def test_within_a_state_only_its_areas_are_looked_at(asked: str, found: str) -> None:
    assert find_area(AREAS, asked, within=OHIO).area_id == found


@pytest.mark.parametrize(
    ("asked", "within", "said"),
    [
        (
            "columbus",
            None,
            "columbus fits several areas; give the id of one: OH:core Columbus core; C18140 Columbus, OH; C",
        ),
        ("columbus", OHIO, "fits several areas; give the id of one: OH:core Columbus core; C18140 Columbus, OH$"),
        ("Ohoi", None, "Ohoi is not an area of this release; did you mean Ohio"),
        ("", None, r"^the name of the state or area is empty"),
        (" ", OHIO, r"^the name of the state or area is empty"),
        ("Guam", None, r"^Guam is not an area of this release; states and territories: OH, VA, WV"),
        (
            "Columbus, GA-AL",
            OHIO,
            r"C17980 \(Columbus, GA-AL\) is not an area of OH; it is listed under GA: --state GA",
        ),
        (
            "Seattle",
            OHIO,
            "Seattle is not an area of OH; its areas: OH:core Columbus core; C18140 Columbus, OH; N3900001",
        ),
    ],
)
def test_what_is_unknown_or_fits_several_is_told_with_what_there_is(asked: str, within: Area | None, said: str) -> None:
    with pytest.raises(UnknownNameError, match=said):
        find_area(AREAS, asked, within=within)


@pytest.mark.parametrize(
    ("asked", "within", "said"),
    [
        (
            "VA:tide",
            VIRGINIA,
            r"^VA:tide \(Tidewater\) is a region without figures by occupation: no metro or",
        ),
        (
            "tidew",
            VIRGINIA,
            "a region without .* `lmi export VA` has what it has by industry",
        ),
        ("51001", None, r"^51001 \(Accomack County, Virginia\) is a county without figures by occupation, so that"),
        ("accomack county", None, "^Accomack County is a county of VA; a county has no figures by occupation, so name"),
        ("accomack county", OHIO, "accomack county is not an area of OH"),
        ("VA:tide", OHIO, "VA:tide is not an area of OH"),
        ("Seattle", VIRGINIA, "Seattle is not an area of VA; its areas: none"),
    ],
)
def test_an_area_without_figures_by_occupation_is_told_as_such(asked: str, within: Area | None, said: str) -> None:
    others = [
        Area("51001", "Accomack County, Virginia", "county", "VA", False),
        Area("VA:tide", "Tidewater", "region", "VA", False),
    ]
    with pytest.raises(UnknownNameError, match=said):
        find_area(AREAS, asked, within=within, others=others)


def test_a_state_is_asked_for() -> None:
    assert find_state(AREAS, "west virg").area_id == "WV"
    with pytest.raises(
        UnknownNameError, match=r"C18140 \(Columbus, OH\) is not a state or territory; it is listed under OH"
    ):
        find_state(AREAS, "18140")
    with pytest.raises(
        UnknownNameError, match=r"US \(National\) is not a state or territory; give the postal code or name of one"
    ):
        find_state(AREAS, "US")
    with pytest.raises(UnknownNameError, match=r"^Columbus is not a state or territory of .*name \(OH, Ohio\)$"):
        find_state(AREAS, "Columbus")
    with pytest.raises(UnknownNameError, match=r"`lmi export VA` has what it has by industry"):
        find_state(AREAS, "VA:tide", [Area("VA:tide", "Tidewater", "region", "VA", False)])
    with pytest.raises(UnknownNameError, match=r"^the name of the state or area is empty"):
        find_state(AREAS, " ")
