"""How a command finds the area that a person means."""

from collections.abc import Callable

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


SAME = [
    *AREAS,
    Area("OH:virginia", "Virginia", "region", "OH", False),
    Area("OH:wv", "Wheeling", "region", "OH", False),
    Area("OH:twin", "Columbus, OH", "region", "OH", False),
]
IDLE = Area("OH:ohio", "Ohio", "region", "OH", False)


@pytest.mark.parametrize(
    ("find", "asked", "listed"),
    [
        (find_area, "Virginia", "VA Virginia (state); OH:virginia Virginia (region)"),
        (find_state, "virginia", "VA Virginia (state); OH:virginia Virginia (region)"),
        (find_area, "Columbus, OH", "C18140 Columbus, OH (metro); OH:twin Columbus, OH (region)"),
        # a region in which no metro area counts has a name, too
        (find_area, "Ohio", "OH Ohio (state); OH:ohio Ohio (region)"),
        (find_state, "ohio", "OH Ohio (state); OH:ohio Ohio (region)"),
    ],
)
def test_a_region_called_as_another_area_is_told_with_the_ids_of_both(
    find: Callable[..., Area], asked: str, listed: str
) -> None:
    with pytest.raises(UnknownNameError) as told:
        find(SAME, asked, others=[IDLE])
    assert str(told.value) == f"{asked} fits several areas; give the id of one: {listed}"


def test_an_id_finds_its_area_whatever_others_are_called() -> None:
    for area in SAME:
        assert find_area(SAME, area.area_id, others=[IDLE]) == area
        if area.is_state:
            assert find_state(SAME, area.area_id.lower(), others=[IDLE]) == area
    assert find_area(SAME, "oh:TWIN", within=OHIO).area_id == "OH:twin"
    with pytest.raises(UnknownNameError, match="Columbus, OH fits several areas; give the id of one"):
        find_area(SAME, "Columbus, OH", within=OHIO)
