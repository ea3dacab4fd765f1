"""OEWS flat files in the publisher's layout: padded series ids, CRLF, right-aligned values, one figure a line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.errors import BadInputError
from pipelines.publishers import oews
from pipelines.publishers.states import postal_code_of_fips
from pipelines.sources import declared_sources

DATA = oews.DATA_FILE

AREAS = [
    ("00", "0000000", "N", "National"),
    ("26", "0026420", "M", "Houston-Pasadena-The Woodlands, TX"),
    ("48", "4800000", "S", "Texas"),
    ("48", "4800001", "M", "West Texas Region of Texas nonmetropolitan area"),
    ("66", "6600000", "S", "Guam"),
]
AREA_ROWS = ["\t".join(row) for row in AREAS]
INDUSTRY_ROWS = [
    "000000\tCross-Industry, Private, Federal, State, and Local\t0\tT\t0",
    "000001\tCross-industry, Private Ownership only\t1\tT\t1",
    "11--12\tSector 11 - Agriculture, Forestry, Fishing and Hunting\t2\tT\t2",
    "3320A1\tFabricated Metal Product Manufacturing (3321, 3322)\t4\tT\t3",
]
OCCUPATION_ROWS = [
    "000000\tAll Occupations\t\t0\tT\t0",
    "130000\tBusiness and Financial Operations Occupations\t\t0\tT\t1",
    "131000\tBusiness Operations Specialists\t\t1\tT\t2",
    "131020\tBuyers and Purchasing Agents\tBuy goods.\t3\tT\t3",
    "131030\tClaims Adjusters, Appraisers, Examiners, and Investigators\t\t2\tT\t4",
    "272011\tActors\t\t3\tT\t5",
]
DATATYPE_ROWS = [
    "01\tEmployment",
    "02\tEmployment percent relative standard error",
    "03\tHourly mean wage",
    "04\tAnnual mean wage",
    "05\tWage percent relative standard error",
    "06\tHourly 10th percentile wage",
    "07\tHourly 25th percentile wage",
    "08\tHourly median wage",
    "09\tHourly 75th percentile wage",
    "10\tHourly 90th percentile wage",
    "11\tAnnual 10th percentile wage",
    "12\tAnnual 25th percentile wage",
    "13\tAnnual median wage",
    "14\tAnnual 75th percentile wage",
    "15\tAnnual 90th percentile wage",
    "16\tEmployment per 1,000 jobs",
    "17\tLocation Quotient",
]
FOOTNOTE_ROWS = [
    "1\tEstimates do not sum to the totals.",
    "2\tAnnual wages are hourly wages times 2,080.",
    "3\tThe relative standard error measures reliability.",
    "4\tPaid either as hourly wages or annual salaries.",
    "5\tThis wage is equal to or greater than $115.00 per hour or $239,200 per year.",
    "8\tEstimate not released.",
]
HEADER = f"{'series_id':<30}\tyear\tperiod\t{'value':>12}\tfootnote_codes"


def series(area: str = "0000000", occupation: str = "000000", datatype: str = "01", industry: str = "000000") -> str:
    kind = {code: kind for _, code, kind, _ in AREAS}.get(area, "M")
    return f"OEU{kind}{area}{industry}{occupation}{datatype}"


def line(series_id: str, value: str, footnote: str = "", year: str = "2025", period: str = "A01") -> str:
    return f"{series_id:<30}\t{year}\t{period}\t{value:>12}\t{footnote}"


# lines 2 to 6 of the data file: the total employment of every area
TOTALS = [
    line(series("0000000"), "155495730"),
    line(series("0026420"), "3289720"),
    line(series("4800000"), "14000000"),
    line(series("4800001"), "190000"),
    line(series("6600000"), "63000"),
]
NEXT_LINE = 7


@dataclass
class Release:
    """The seven files; a test changes one and writes them."""

    rows: list[str] = field(default_factory=list)
    totals: list[str] = field(default_factory=lambda: list(TOTALS))
    header: str = HEADER
    area: list[str] = field(default_factory=lambda: list(AREA_ROWS))
    area_header: str = "state_code\tarea_code\tareatype_code\tarea_name"
    industry: list[str] = field(default_factory=lambda: list(INDUSTRY_ROWS))
    occupation: list[str] = field(default_factory=lambda: list(OCCUPATION_ROWS))
    datatype: list[str] = field(default_factory=lambda: list(DATATYPE_ROWS))
    footnote: list[str] = field(default_factory=lambda: list(FOOTNOTE_ROWS))
    release: list[str] = field(default_factory=lambda: ["2025A01\tMay 2025"])

    def write(self, folder: Path) -> Path:
        files = {
            DATA: [self.header, *self.totals, *self.rows],
            "oe.area": [self.area_header, *self.area],
            "oe.industry": [
                "industry_code\tindustry_name\tdisplay_level\tselectable\tsort_sequence",
                *self.industry,
            ],
            "oe.occupation": [
                "occupation_code\toccupation_name\toccupation_description\tdisplay_level\tselectable\tsort_sequence",
                *self.occupation,
            ],
            "oe.datatype": ["datatype_code\tdatatype_name", *self.datatype],
            "oe.footnote": ["footnote_code\tfootnote_text", *self.footnote],
            "oe.release": ["release_date\tdescription", *self.release],
        }
        for name, lines in files.items():
            (folder / name).write_bytes("".join(f"{text}\r\n" for text in lines).encode())
        return folder


def parse(files: Path | dict[str, Path]) -> SimpleNamespace:
    """The raw tables, by name without `oews_`."""
    paths = {name: files / name for name in oews.FILES} if isinstance(files, Path) else files
    _, tables = oews.read(declared_sources()["oews"], paths, Path())
    return SimpleNamespace(**{name.removeprefix("oews_"): frame for name, frame in tables.items()})


def only(frame: pl.DataFrame, **key: str) -> dict[str, object]:
    """The one row with these keys."""
    rows = frame.filter(**key)
    assert rows.height == 1
    return rows.row(0, named=True)


# --- what comes out --------------------------------------------------------------------------------------


def test_figures_stand_in_the_columns_of_their_datatypes(tmp_path: Path) -> None:
    values = ["480120", "1.2", "40.01", "83210", "0.3", "20.01", "27.02", "36.03", "47.04", "58.05"]
    values += ["41620", "56200", "74940", "97840", "120740", "3.088", "1.04"]
    rows = [line(series("4800000", "131020", f"{code:02d}"), value) for code, value in enumerate(values, start=1)]
    tables = parse(Release(rows).write(tmp_path))
    row = only(tables.area_occupation, area_id="TX", soc_code="13-1020")
    expected: dict[str, object] = {
        "area_id": "TX",
        "soc_code": "13-1020",
        "period": "2025-05",
        "employment": 480120,
        "employment_rse_pct": 1.2,
        "wage_mean_hourly_usd": 40.01,
        "wage_mean_usd": 83210,
        "wage_rse_pct": 0.3,
        "wage_p10_hourly_usd": 20.01,
        "wage_p25_hourly_usd": 27.02,
        "wage_p50_hourly_usd": 36.03,
        "wage_p75_hourly_usd": 47.04,
        "wage_p90_hourly_usd": 58.05,
        "wage_p10_usd": 41620,
        "wage_p25_usd": 56200,
        "wage_p50_usd": 74940,
        "wage_p75_usd": 97840,
        "wage_p90_usd": 120740,
        "jobs_per_1000": 3.088,
        "location_quotient": 1.04,
    }
    assert {name: row[name] for name in expected} == expected
    statuses = {name: value for name, value in row.items() if name.endswith("_status")}
    assert len(statuses) == 17
    assert set(statuses.values()) == {"ok"}


def test_whole_figures_are_integers_and_the_rest_floats(tmp_path: Path) -> None:
    schema = parse(Release().write(tmp_path)).area_occupation.schema
    whole = {"employment", "wage_mean_usd"} | {f"wage_p{p}_usd" for p in (10, 25, 50, 75, 90)}
    assert {name for name, dtype in schema.items() if dtype == pl.Int64} == whole
    assert sum(dtype == pl.Float64 for dtype in schema.values()) == 10
    assert sum(name.endswith("_status") and dtype == pl.String for name, dtype in schema.items()) == 17


def test_every_marker_has_its_status_and_no_figure(tmp_path: Path) -> None:
    rows = [
        line(series("4800000", "272011", "01"), "-", "8"),
        line(series("4800000", "272011", "03"), "62.50"),
        line(series("4800000", "272011", "04"), "-", "4"),
        line(series("4800000", "272011", "10"), "-", "5"),
    ]
    row = only(parse(Release(rows).write(tmp_path)).area_occupation, area_id="TX", soc_code="27-2011")
    found = {
        name: (row[name], row[f"{name}_status"])
        for name in ("employment", "wage_mean_hourly_usd", "wage_mean_usd", "wage_p90_hourly_usd", "wage_p90_usd")
    }
    assert found == {
        "employment": (None, "withheld"),
        "wage_mean_hourly_usd": (62.5, "ok"),
        "wage_mean_usd": (None, "not_applicable"),
        "wage_p90_hourly_usd": (None, "top_coded"),
        "wage_p90_usd": (None, "absent"),
    }


def test_a_number_may_carry_a_note_and_may_exceed_the_top_code(tmp_path: Path) -> None:
    rows = [line(series("4800000", "131020"), "480", "1"), line(series("4800000", "131020", "15"), "946560")]
    row = only(parse(Release(rows).write(tmp_path)).area_occupation, area_id="TX", soc_code="13-1020")
    assert (row["employment"], row["employment_status"]) == (480, "ok")
    assert (row["wage_p90_usd"], row["wage_p90_usd_status"]) == (946560, "ok")


def test_zero_is_a_number(tmp_path: Path) -> None:
    rows = [line(series("4800000", "131020"), "0"), line(series("4800000", "131020", "02"), "0.0")]
    row = only(parse(Release(rows).write(tmp_path)).area_occupation, area_id="TX", soc_code="13-1020")
    assert (row["employment"], row["employment_status"], row["employment_rse_pct"]) == (0, "ok", 0.0)


def test_areas_get_their_ids_and_types(tmp_path: Path) -> None:
    area = parse(Release().write(tmp_path)).area
    assert area.select("area_id", "area_code", "area_type", "state_code", "area_name").rows() == [
        ("C26420", "0026420", "metro", "26", "Houston-Pasadena-The Woodlands, TX"),
        ("GU", "6600000", "state", "66", "Guam"),
        ("N4800001", "4800001", "nonmetro", "48", "West Texas Region of Texas nonmetropolitan area"),
        ("TX", "4800000", "state", "48", "Texas"),
        ("US", "0000000", "national", "00", "National"),
    ]


def test_postal_codes_are_those_of_50_states_dc_and_5_territories() -> None:
    codes = postal_code_of_fips()
    assert len(codes) == len(set(codes.values())) == 56
    assert [codes[fips] for fips in ("11", "15", "29", "30", "31", "60", "66", "69", "72", "78")] == [
        "DC", "HI", "MO", "MT", "NE", "AS", "GU", "MP", "PR", "VI",
    ]  # fmt: skip
    # the numbers that FIPS left for territories that became none
    assert {"03", "07", "14", "43", "52"}.isdisjoint(codes)


def test_occupations_get_hyphens_and_groups(tmp_path: Path) -> None:
    occupation = parse(Release().write(tmp_path)).occupation
    assert occupation.select("soc_code", "occupation_group").rows() == [
        ("00-0000", "total"),
        ("13-0000", "major"),
        ("13-1000", "minor"),
        ("13-1020", "detailed"),
        ("13-1030", "broad"),
        ("27-2011", "detailed"),
    ]
    assert only(occupation, soc_code="27-2011")["occupation_name"] == "Actors"


def test_industries_of_the_nation_stand_apart_from_areas(tmp_path: Path) -> None:
    rows = [
        line(series(occupation="131020", industry="3320A1"), "1250"),
        line(series(occupation="131020", industry="11--12"), "-", "8"),
        line(series(occupation="131020"), "480120"),
    ]
    tables = parse(Release(rows).write(tmp_path))
    assert tables.industry_occupation.select(
        "industry_code", "soc_code", "period", "employment", "employment_status", "wage_p50_usd_status"
    ).rows() == [
        ("11--12", "13-1020", "2025-05", None, "withheld", "absent"),
        ("3320A1", "13-1020", "2025-05", 1250, "ok", "absent"),
    ]
    assert only(tables.area_occupation, area_id="US", soc_code="13-1020")["employment"] == 480120
    assert tables.industry.rows()[2:] == [
        ("11--12", "Sector 11 - Agriculture, Forestry, Fishing and Hunting", 2),
        ("3320A1", "Fabricated Metal Product Manufacturing (3321, 3322)", 4),
    ]


def test_release_and_top_codes_come_from_the_files(tmp_path: Path) -> None:
    release = Release(release=["2026A01\tMay 2026"], totals=[row.replace("\t2025\t", "\t2026\t") for row in TOTALS])
    release.footnote[4] = "5\tThis wage is equal to or greater than $120.00 per hour or $249,600 per year."
    tables = parse(release.write(tmp_path))
    assert tables.release.row(0, named=True) == {
        "period": "2026-05",
        "release_code": "2026A01",
        "description": "May 2026",
        "top_code_hourly_usd": 120.0,
        "top_code_annual_usd": 249600,
    }
    assert tables.area_occupation["period"].unique().to_list() == ["2026-05"]


def test_the_order_of_lines_and_the_size_of_chunks_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        line(series(area, occupation, f"{code:02d}"), str(code * 100))
        for area in ("0000000", "4800000")
        for occupation in ("131020", "272011")
        for code in (1, 4, 11, 12, 13)
    ]
    (tmp_path / "sorted").mkdir()
    (tmp_path / "mixed").mkdir()
    expected = parse(Release(rows).write(tmp_path / "sorted"))
    monkeypatch.setattr(oews, "_CHUNK_BYTES", 100)
    mixed = parse(Release([*rows[1::2], *rows[::2]]).write(tmp_path / "mixed"))
    assert_frame_equal(mixed.area_occupation, expected.area_occupation)
    assert only(mixed.area_occupation, area_id="TX", soc_code="27-2011")["wage_p50_usd"] == 1300


def test_files_may_lie_apart(tmp_path: Path) -> None:
    folder = Release().write(tmp_path)
    moved = (folder / "oe.area").rename(tmp_path / "area-2025.txt")
    files = {name: folder / name for name in oews.FILES} | {"oe.area": moved}
    assert parse(files).area.height == 5
    del files["oe.release"]
    with pytest.raises(BadInputError, match=r"oews: oe\.release: the file is missing"):
        parse(files)


# --- what is refused -------------------------------------------------------------------------------------


def refused(release: Release, folder: Path, file: str, *parts: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse(release.write(folder))
    assert (caught.value.source, caught.value.file) == ("oews", file)
    for part in ("oews", file, *parts):
        assert part in str(caught.value)


BUYERS = series("4800000", "131020")
MEDIAN = series("4800000", "131020", "13")


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        (line(BUYERS, "4.5"), ["'value'", "'4.5'", "decimal"]),
        (line(MEDIAN, "52000.5"), ["'value'", "'52000.5'", "decimal"]),
        (line(BUYERS, "1,250"), ["'value'", "'1,250'"]),
        (line(BUYERS, "-12"), ["'value'", "'-12'"]),
        (line(BUYERS, "12x"), ["'value'", "'12x'"]),
        (line(BUYERS, "nan"), ["'value'", "'nan'"]),
        (line(BUYERS, "1e3"), ["'value'", "'1e3'"]),
        (line(BUYERS, "inf"), ["'value'", "'inf'"]),
        (line(BUYERS, "**"), ["'value'", "'**'"]),
        (line(BUYERS, ""), ["'value'", "''"]),
        (line(BUYERS, "9" * 30), ["'value'", "implausibly large"]),
        (line(BUYERS, "-"), ["'value'", "without a footnote", "'-'"]),
        (line(BUYERS, "-", "1"), ["'value'", "without a footnote", "'-'"]),
        (line(BUYERS, "120", "8"), ["'footnote_codes'", "(120)", "'8'"]),
        (line(MEDIAN, "300000", "5"), ["'footnote_codes'", "(300000)", "'5'"]),
        (line(MEDIAN, "-", "4,5"), ["'footnote_codes'", "more than one", "'4,5'"]),
        (line(MEDIAN, "-", "9"), ["'footnote_codes'", "unknown footnote", "'9'"]),
        (line(BUYERS, "-", "5"), ["'footnote_codes'", "not a wage", "'5'"]),
        (line(BUYERS, "120", year="2024"), ["'year'", "2025", "'2024'"]),
        (line(BUYERS, "120", period="M05"), ["'period'", "'M05'"]),
        (line(BUYERS + "9", "120"), ["'series_id'", f"'{BUYERS}9'"]),
        (line(BUYERS.replace("OE", "LA"), "120"), ["'series_id'", "'LAUS"]),
        (line(BUYERS.replace("OEU", "OES"), "120"), ["'seasonal'", "'S'"]),
        (line(series("0099999", "131020"), "120"), ["'area_code'", "'0099999'", "oe.area"]),
        (line(BUYERS.replace("OEUS", "OEUM"), "120"), ["'areatype'", "'M'", "oe.area"]),
        (line(series(industry="999999"), "120"), ["'industry_code'", "'999999'", "oe.industry"]),
        (line(series(occupation="999999"), "120"), ["'occupation_code'", "'999999'", "oe.occupation"]),
        (line(series(datatype="18"), "120"), ["'datatype'", "'18'", "oe.datatype"]),
        (
            line(series("4800000", "131020", industry="11--12"), "120"),
            ["'industry_code'", "'11--12'", "one industry"],
        ),
        (f"{BUYERS:<30}\t2025\tA01\t120", ["4 fields"]),
        (f"{BUYERS:<30}\t2025\tA01\t120\t\t", ["6 fields"]),
        ("", ["1 fields"]),
        (line(BUYERS, "1\u00bd0"), ["'value'"]),
    ],
)
def test_a_bad_line_is_refused_by_number(tmp_path: Path, row: str, parts: list[str]) -> None:
    good = line(series("4800000", "130000"), "1000")
    refused(Release([good, row, good.replace("130000", "131000")]), tmp_path, DATA, f"line {NEXT_LINE + 1}", *parts)


def test_line_numbers_hold_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oews, "_CHUNK_BYTES", 90)
    rows = [line(series("4800000", "131020", f"{code:02d}"), "50") for code in range(1, 16)]
    refused(Release([*rows, line(series("4800000", "131030"), "x")]), tmp_path, DATA, f"line {NEXT_LINE + 15}", "'x'")


def test_a_byte_that_is_no_text_is_refused(tmp_path: Path) -> None:
    folder = Release([line(BUYERS, "120")]).write(tmp_path)
    path = folder / DATA
    path.write_bytes(path.read_bytes().replace(b"120\t", b"\xff20\t"))
    with pytest.raises(BadInputError, match=rf"oe\.data\.0\.Current: line {NEXT_LINE}: a byte that is not ASCII"):
        parse(folder)


def test_a_series_given_twice_is_refused(tmp_path: Path) -> None:
    rows = [line(BUYERS, "120"), line(series("4800000", "272011"), "5"), line(BUYERS, "120")]
    refused(Release(rows), tmp_path, DATA, f"line {NEXT_LINE + 2}", "twice", BUYERS)


@pytest.mark.parametrize(("codes", "unit"), [((6, 8, 10), "Hourly"), ((11, 13, 15), "Annual")])
def test_falling_percentiles_are_refused(tmp_path: Path, codes: tuple[int, ...], unit: str) -> None:
    ids = [series("4800000", "131020", f"{code:02d}") for code in codes]
    rising = [line(series_id, value) for series_id, value in zip(ids, ("20", "20", "21"), strict=True)]
    parse(Release(rising).write(tmp_path))
    falling = [line(series_id, value) for series_id, value in zip(ids, ("30", "40", "39"), strict=True)]
    refused(
        Release(falling),
        tmp_path,
        DATA,
        f"line {NEXT_LINE + 2}",
        ids[2],
        f"{unit} 90th percentile wage",
        f"{unit} median wage, 40",
        "39",
    )


def test_an_area_without_total_employment_is_refused(tmp_path: Path) -> None:
    refused(Release(totals=TOTALS[:-1]), tmp_path, DATA, "6600000 Guam", "1 areas")
    withheld = [*TOTALS[:-1], line(series("6600000"), "-", "8")]
    refused(Release(totals=withheld), tmp_path, DATA, "6600000 Guam", "1 areas")


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    folder = Release([line(BUYERS, "120")]).write(tmp_path)
    path = folder / DATA
    whole = path.read_bytes()
    for cut, place in ((10, f"line {NEXT_LINE}"), (2, f"line {NEXT_LINE}")):
        path.write_bytes(whole[:-cut])
        with pytest.raises(BadInputError, match=rf"oe\.data\.0\.Current: {place}: the last line does not end"):
            parse(folder)


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    refused(Release(totals=[]), tmp_path, DATA, "line 2", "no data rows")


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        (HEADER.replace("period", "month"), ["missing column 'period'", "unknown column 'month'"]),
        (HEADER.replace("\tfootnote_codes", ""), ["missing column 'footnote_codes'"]),
        (HEADER + "\trevised", ["unknown column 'revised'"]),
        ("\t".join(reversed(HEADER.split("\t"))), ["order"]),
    ],
)
def test_another_header_is_refused(tmp_path: Path, header: str, parts: list[str]) -> None:
    refused(Release(header=header), tmp_path, DATA, "line 1", *parts)


def _drop(name: str, at: int) -> Callable[[Release], None]:
    return lambda release: getattr(release, name).pop(at)


def _put(name: str, at: int, row: str) -> Callable[[Release], None]:
    return lambda release: getattr(release, name).__setitem__(at, row)


def _add(name: str, row: str) -> Callable[[Release], None]:
    return lambda release: getattr(release, name).append(row)


@pytest.mark.parametrize(
    ("change", "file", "parts"),
    [
        (_put("area", 4, "03\t0300000\tS\tNowhere"), "oe.area", ["line 6", "'state_code'", "FIPS", "'03'"]),
        (_put("area", 4, "66\t6600000\tC\tGuam"), "oe.area", ["line 6", "'areatype_code'", "'C'"]),
        (_put("area", 4, "66\t6600001\tS\tGuam"), "oe.area", ["line 6", "'area_code'", "'6600001'"]),
        (_put("area", 3, "48\t1200001\tM\tElsewhere"), "oe.area", ["line 5", "'area_code'", "neither"]),
        (_put("area", 3, "48\t4800000\tM\tTexas"), "oe.area", ["line 5", "'area_code'"]),
        (_put("area", 0, "01\t0000000\tN\tNation"), "oe.area", ["line 2", "'area_code'", "national"]),
        (_put("area", 4, "66\t6600000\tS\t"), "oe.area", ["line 6", "'area_name'", "blank"]),
        (_put("area", 4, "66\t66000\tS\tGuam"), "oe.area", ["line 6", "'area_code'", "'66000'"]),
        (_put("area", 4, "66\t6600000\tS"), "oe.area", ["line 6", "3 cells", "4"]),
        (_add("area", "48\t4800000\tS\tTexas"), "oe.area", ["line 7", "twice", "'4800000'"]),
        (_put("industry", 1, "ab\tx\t1\tT\t1"), "oe.industry", ["line 3", "'industry_code'", "'ab'"]),
        (_put("industry", 1, "000001\tx\tone\tT\t1"), "oe.industry", ["line 3", "'display_level'", "'one'"]),
        (_put("occupation", 2, "131000\tx\t\t4\tT\t2"), "oe.occupation", ["line 4", "level", "'4'"]),
        (_put("occupation", 2, "13-1000\tx\t\t1\tT\t2"), "oe.occupation", ["line 4", "'13-1000'"]),
        (_drop("datatype", 16), "oe.datatype", ["missing", "17"]),
        (_add("datatype", "18\tWage of the day"), "oe.datatype", ["line 19", "unknown datatype", "'18'"]),
        (_put("datatype", 12, "13\tAnnual mode wage"), "oe.datatype", ["line 14", "changed", "Annual mode wage"]),
        (_add("footnote", "9\tEstimate is a guess."), "oe.footnote", ["line 8", "code 9", "Estimate is a guess."]),
        (_put("footnote", 5, "8\tEstimate is final."), "oe.footnote", ["line 7", "withheld", "Estimate is final."]),
        (_put("footnote", 3, "4\tPaid daily."), "oe.footnote", ["line 5", "not_applicable", "Paid daily."]),
        (_put("footnote", 4, "5\tHigh."), "oe.footnote", ["line 6", "top_coded", "High."]),
        (
            _put("footnote", 4, "5\tThis wage is equal to or greater than $115.00 per hour."),
            "oe.footnote",
            ["footnote 5", "per year"],
        ),
        (_drop("footnote", 5), "oe.footnote", ["missing", "8"]),
        (_put("release", 0, "2025A01\tMay 2024"), "oe.release", ["line 2", "'description'", "'May 2024'"]),
        (_put("release", 0, "2025A01\tSpring 2025"), "oe.release", ["line 2", "'Spring 2025'"]),
        (_put("release", 0, "2025Q1\tMay 2025"), "oe.release", ["line 2", "'release_date'", "'2025Q1'"]),
        (_add("release", "2024A01\tMay 2024"), "oe.release", ["line 3", "more than one", "'2024A01'"]),
        (_drop("release", 0), "oe.release", ["no rows"]),
    ],
)
def test_a_bad_list_is_refused(tmp_path: Path, change: Callable[[Release], None], file: str, parts: list[str]) -> None:
    release = Release()
    change(release)
    refused(release, tmp_path, file, *parts)


def test_a_renamed_column_of_a_list_is_refused(tmp_path: Path) -> None:
    release = Release(area_header="state\tarea_code\tareatype_code\tarea_name")
    refused(release, tmp_path, "oe.area", "line 1", "missing column 'state_code'", "unknown column 'state'")


@pytest.mark.parametrize("name", oews.FILES)
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "missing"),
        (b"", "zero bytes"),
        (b"\r\n<!DOCTYPE html><html>Access Denied</html>", "HTML"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8brest", "gzip"),
        (b"a\tb\nc\0\td\n", "line 2: NUL"),
    ],
)
def test_a_file_that_is_not_a_list_is_refused(tmp_path: Path, name: str, content: bytes | None, problem: str) -> None:
    folder = Release().write(tmp_path)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(BadInputError, match=problem) as caught:
        parse(folder)
    assert caught.value.file == name


# --- for any figures -------------------------------------------------------------------------------------

PLACES = {2: 1, 3: 2, 5: 1, 6: 2, 7: 2, 8: 2, 9: 2, 10: 2, 16: 3, 17: 2}  # decimals, as published
WAGE_CODES = {3, 4, *range(6, 16)}


@st.composite
def cells(draw: st.DrawFn) -> dict[int, tuple[str, str]]:
    """Datatype -> (value, footnote) as published, with percentiles that rise."""
    cell: dict[int, tuple[str, str]] = {}
    for code in draw(st.lists(st.integers(1, 17), unique=True, max_size=17)):
        markers = ["8", "4", "5"] if code in WAGE_CODES else ["8"]
        marker = draw(st.sampled_from(["", "", "", *markers]))
        # thousands by datatype, so that a higher percentile is never lower
        amount = draw(st.integers(0, 99_999)) + code * 100_000
        digits = PLACES.get(code, 0)
        text = f"{amount // 10**digits}.{amount % 10**digits:0{digits}d}" if digits else str(amount)
        cell[code] = ("-", marker) if marker else (text, draw(st.sampled_from(["", "1", "2", "3"])))
    return cell


@given(cell=cells(), order=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_any_cell_comes_back_as_published(cell: dict[int, tuple[str, str]], order: Random) -> None:
    rows = [line(series("4800000", "131020", f"{code:02d}"), value, note) for code, (value, note) in cell.items()]
    order.shuffle(rows)
    with TemporaryDirectory() as folder:
        frame = parse(Release(rows).write(Path(folder))).area_occupation
    found = frame.filter(area_id="TX", soc_code="13-1020")
    assert found.height == (1 if cell else 0)
    status_of = {"8": "withheld", "4": "not_applicable", "5": "top_coded"}
    for number, name in enumerate(frame.columns[3::2], start=1):
        if not cell:
            break
        row = found.row(0, named=True)
        if number not in cell:
            assert (row[name], row[f"{name}_status"]) == (None, "absent")
            continue
        value, note = cell[number]
        if value == "-":
            assert (row[name], row[f"{name}_status"]) == (None, status_of[note])
        else:
            assert (row[name], row[f"{name}_status"]) == (float(value), "ok")


@given(
    digits=st.text("0123456789", min_size=1, max_size=8),
    letter=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="0123456789"),
    at=st.integers(0, 8),
    code=st.sampled_from(range(1, 18)),
)
@settings(max_examples=60, deadline=None)
def test_any_other_sign_in_a_number_is_refused(digits: str, letter: str, at: int, code: int) -> None:
    text = digits[:at] + letter + digits[at:]
    # a point between digits is a number where the figure has decimals
    if letter == "." and 0 < at < len(digits) and code in PLACES:
        return
    row = line(series("4800000", "131020", f"{code:02d}"), text)
    with TemporaryDirectory() as folder, pytest.raises(BadInputError) as caught:
        parse(Release([row]).write(Path(folder)))
    assert f"line {NEXT_LINE}, column 'value'" in str(caught.value)
    assert repr(text) in str(caught.value)
