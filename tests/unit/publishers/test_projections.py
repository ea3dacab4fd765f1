"""The workbooks of BLS Employment Projections, and the bridge from their codes to those of OEWS."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import BadInputError
from pipelines.paths import CROSSWALKS, REFERENCE
from pipelines.publishers import projections
from pipelines.sources import declared_sources

from .workbooks import sample, write_workbook

Row = Sequence[object]
Rows = list[list[object]]

EN = "\u2013"
TITLE_12 = (
    f"Table 1.2 Occupational projections, 2024{EN}2034, and worker characteristics, 2024 (Employment in thousands)"
)
TITLE_10 = f"Table 1.10 Occupational separations and openings, projected 2024{EN}34 (Employment in thousands)"
TITLE_54 = "Table 5.4 Education and training assignments by detailed occupation, 2024"
HEADER_12 = [
    "2024 National Employment Matrix title",
    "2024 National Employment Matrix code",
    "Occupation type",
    "Employment, 2024",
    "Employment, 2034",
    "Employment distribution, percent, 2024",
    "Employment distribution, percent, 2034",
    f"Employment change, numeric, 2024{EN}34",
    f"Employment change, percent, 2024{EN}34",
    "Percent self employed, 2024",
    f"Occupational openings, 2024{EN}34 annual average",
    "Median annual wage, dollars, 2024[1]",
    "Typical education needed for entry",
    "Work experience in a related occupation",
    "Typical on-the-job training needed to attain competency in the occupation",
    "Related Occupational Outlook Handbook (OOH) content xlsx",
]
ANNUAL = f"2024{EN}34 annual average"
HEADER_10 = [
    *HEADER_12[:5],
    *HEADER_12[7:9],
    f"Labor force exit rate, {ANNUAL}",
    f"Occupational transfer rate, {ANNUAL}",
    f"Total occupational separations rate, {ANNUAL}",
    f"Labor force exits, {ANNUAL}",
    f"Occupational transfers, {ANNUAL}",
    f"Total occupational separations, {ANNUAL}",
    f"Occupational openings, {ANNUAL}",
]
# base, projected, change, percent, exits, transfers, separations, openings
TOTAL = (100.0, 110.0, 10.0, 10.0, 4.0, 5.0, 9.0, 10.0)
CHIEFS = (60.0, 72.0, 12.0, 20.0, 2.0, 3.0, 5.0, 6.2)
ACTORS = (30.0, 29.4, -0.6, -2.0, 1.5, 1.4, 2.9, 2.8)
SURGEONS = (10.0, 8.6, -1.4, -14.0, 0.5, 0.6, 1.1, 1.0)
FOOT = (
    ["Footnotes:"],
    ["[1] Data are from another program."],
    ["Note: a dash."],
    ["Source: Employment Projections program"],
)


def row_12(title: str, code: str, kind: str, figures: Sequence[float], *rest: object) -> list[object]:
    base, projected, change, percent, _, _, _, openings = figures
    return [title, code, kind, base, projected, 1, 1, change, percent, "—", openings, *rest]


def row_10(title: str, code: str, kind: str, figures: Sequence[float]) -> list[object]:
    return [title, code, kind, *figures[:4], 3, 4, 7, *figures[4:]]


def rows_12() -> Rows:
    dashes = ["—"] * 4
    return [
        row_12("Total, all occupations", "00-0000", "Summary", TOTAL, 49500, *dashes),
        row_12(
            "    Chief executives",
            "11-1011",
            "Line item",
            CHIEFS,
            206420,
            "Bachelor's degree",
            "5 years or more",
            "None",
            "OOH Content",
        ),
        row_12("  Actors", "27-2011", "Line item", ACTORS, "—", "Some college, no degree", "None", dashes[0], "—"),
        row_12(
            "Surgeons[2]",
            "29-1249",
            "Line item",
            SURGEONS,
            ">=$239,200",
            "Doctoral or professional degree",
            "None",
            "Internship/residency",
            "—",
        ),
    ]


def rows_10() -> Rows:
    return [
        row_10("Total, all occupations", "00-0000", "Summary", TOTAL),
        row_10("  Chief executives", "11-1011", "Line item", CHIEFS),
        row_10("  Actors", "27-2011", "Line item", ACTORS),
        row_10("Surgeons", "29-1249", "Line item", SURGEONS),
    ]


def book(
    folder: Path,
    occupation: Rows | None = None,
    separations: Rows | None = None,
    *,
    titles: tuple[str, str] = (TITLE_12, TITLE_10),
    header_12: Sequence[str] = HEADER_12,
    header_10: Sequence[str] = HEADER_10,
    foot: Sequence[Row] = FOOT,
) -> Path:
    first = occupation if occupation is not None else rows_12()
    second = separations if separations is not None else rows_10()
    sheets: dict[str, Sequence[Row]] = {
        "Index": [["Occupation.xlsx contents"], [titles[0]], [titles[1]]],
        "A": [[titles[0]], header_12, *first, *foot],
        "B": [[titles[1]], header_10, *second, FOOT[3]],
        "C": [["Table 1.3 Fastest growing occupations, 2024 and projected 2034"], HEADER_12[:5]],
    }
    return write_workbook(folder / "occupation.xlsx", sheets)


def refused(path: Path, *parts: str, parse: Callable[[Path], object] = projections.parse_occupation) -> None:
    with pytest.raises(BadInputError) as caught:
        parse(path)
    assert (caught.value.source, caught.value.file) == ("projections", path.name)
    for part in parts:
        assert part in str(caught.value)


def test_projections_keep_what_is_published(tmp_path: Path) -> None:
    tables = projections.parse_occupation(book(tmp_path))
    assert (tables.base_year, tables.projected_year) == (2024, 2034)
    frame = tables.occupation
    assert frame.filter(pl.col("nem_code") == "11-1011").to_dicts() == [
        {
            "nem_code": "11-1011",
            "nem_title": "Chief executives",
            "occupation_type": "Line item",
            "base_year": 2024,
            "projected_year": 2034,
            "base_jobs_thousand": 60.0,
            "projected_jobs_thousand": 72.0,
            "change_thousand": 12.0,
            "change_pct": 20.0,
            "annual_openings_thousand": 6.2,
            "median_wage_usd": 206420,
            "median_wage_status": "ok",
            "median_wage_top_code_usd": None,
            "median_wage_year": 2024,
            "entry_education": "Bachelor's degree",
            "work_experience": "5 years or more",
            "on_the_job_training": "None",
        }
    ]
    assert frame["nem_code"].to_list() == ["00-0000", "11-1011", "27-2011", "29-1249"]
    assert frame["nem_title"][3] == "Surgeons"


def test_a_dash_a_top_code_and_none_stay_three_different_things(tmp_path: Path) -> None:
    frame = projections.parse_occupation(book(tmp_path)).occupation
    wages = frame.select("median_wage_usd", "median_wage_status", "median_wage_top_code_usd").rows()
    assert wages[2:] == [(None, "absent", None), (None, "top_coded", 239200)]
    words = frame.select("entry_education", "work_experience", "on_the_job_training").rows()
    assert words[0] == (None, None, None)
    assert words[2] == ("Some college, no degree", "None", None)


def test_separations_keep_their_flows(tmp_path: Path) -> None:
    frame = projections.parse_occupation(book(tmp_path)).separations
    actors = frame.filter(pl.col("nem_code") == "27-2011").row(0, named=True)
    assert (actors["exit_rate_pct"], actors["transfer_rate_pct"], actors["separation_rate_pct"]) == (3.0, 4.0, 7.0)
    assert (actors["annual_exits_thousand"], actors["annual_transfers_thousand"]) == (1.5, 1.4)
    assert (actors["annual_separations_thousand"], actors["annual_openings_thousand"]) == (2.9, 2.8)
    assert actors["change_thousand"] == -0.6


def test_an_older_layout_is_found_by_its_title(tmp_path: Path) -> None:
    """Another number, a hyphen for the dash, full years, a later wage, and fewer columns nobody reads."""
    older = [name.replace(f"2024{EN}34", "2022-2032").replace("2024", "2022") for name in HEADER_12]
    older = [name.replace("2034", "2032").replace("dollars, 2022[1]", "dollars, 2023[1]") for name in older]
    unread = {5, 6, 9, 15}
    rows = [[value for at, value in enumerate(row) if at not in unread] for row in rows_12()]
    path = book(
        tmp_path,
        rows,
        titles=(
            "Table 1.7 Occupational projections, 2022-32, and worker characteristics, 2022 (Numbers in thousands)",
            "Table 1.10 Occupational separations and openings, projected 2022-32 (Numbers in thousands)",
        ),
        header_12=[name for at, name in enumerate(older) if at not in unread],
        header_10=[
            name.replace(f"2024{EN}34", f"2022{EN}32").replace("2024", "2022").replace("2034", "2032")
            for name in HEADER_10
        ],
    )
    tables = projections.parse_occupation(path)
    assert (tables.base_year, tables.projected_year) == (2022, 2032)
    assert tables.occupation["median_wage_year"].unique().to_list() == [2023]
    assert tables.occupation["base_jobs_thousand"].to_list() == [100.0, 60.0, 30.0, 10.0]
    assert tables.separations["base_year"].unique().to_list() == [2022]


@pytest.mark.parametrize(
    ("row", "column", "value", "parts"),
    [
        (1, 3, "60.0e", ["row 4", "'Employment, 2024'", "not a plain number", "'60.0e'"]),
        (1, 3, "1,060.0", ["'Employment, 2024'", "not a plain number"]),
        (1, 3, -60, ["'Employment, 2024'", "a negative number"]),
        (1, 3, "—", ["'Employment, 2024'", "not a plain number", "'—'"]),
        (1, 3, None, ["'Employment, 2024'", "blank cell"]),
        (1, 4, 72.2, [f"numeric, 2024{EN}34'", "not the difference"]),
        (1, 7, 1200, [f"numeric, 2024{EN}34'", "not the difference"]),
        (1, 11, "#", ["'Median annual wage, dollars, 2024[1]'", "'#'"]),
        (1, 11, ">=$239.2", ["'Median annual wage, dollars, 2024[1]'", "'>=$239.2'"]),
        (1, 12, "Bachelors", ["'Typical education needed for entry'", "'Bachelors'"]),
        (1, 13, "6 years", ["'Work experience in a related occupation'", "'6 years'"]),
        (1, 14, "Some", ["on-the-job training", "'Some'"]),
        (1, 2, "Total", ["'Occupation type'", "'Total'"]),
        (1, 1, "11-101", ["code'", "not a code", "'11-101'"]),
        (2, 1, "11-1011", ["row 5", "code'", "listed twice", "'11-1011'"]),
        (2, 1, None, ["row 5", "without a code"]),
        (0, 1, "11-0000", ["sheet 'A'", "no row 00-0000"]),
        (0, 3, 103, [f"numeric, 2024{EN}34'", "not the difference"]),
    ],
)
def test_a_bad_cell_is_refused(tmp_path: Path, row: int, column: int, value: object, parts: list[str]) -> None:
    rows = rows_12()
    rows[row][column] = value
    refused(book(tmp_path, rows), "sheet 'A'", *parts)


def test_line_items_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    separations = [row for row in rows_10() if row[1] != "29-1249"]
    refused(
        book(tmp_path, [row for row in rows_12() if row[1] != "29-1249"], separations),
        "'Employment, 2024'",
        "2 line items do not add up to row 00-0000",
        "-10.0 thousand",
    )


@pytest.mark.parametrize(
    ("row", "column", "value", "parts"),
    [
        (1, 13, 62, ["row 4", "another value than in the table of projections", "62"]),
        (1, 3, 60.1, ["row 4", "'Employment, 2024'", "another value"]),
        (1, 2, "Summary", ["row 4", "'Occupation type'", "another value"]),
        (1, 10, 2.2, ["row 4", "openings are not growth + exits + transfers", "6.2"]),
        (1, 11, "x", [f"Occupational transfers, {ANNUAL}", "not a plain number"]),
        (2, 1, "27-2012", ["row 5", "'27-2012'", "the table of projections lacks"]),
    ],
)
def test_separations_that_disagree_are_refused(
    tmp_path: Path, row: int, column: int, value: object, parts: list[str]
) -> None:
    rows = rows_10()
    rows[row][column] = value
    refused(book(tmp_path, separations=rows), "sheet 'B'", *parts)


def test_a_code_without_separations_is_refused(tmp_path: Path) -> None:
    refused(book(tmp_path, separations=rows_10()[:3]), "sheet 'B'", "1 codes", "29-1249")


def test_other_columns_years_and_units_are_refused(tmp_path: Path) -> None:
    refused(book(tmp_path, header_12=[*HEADER_12[:9], "Openings", *HEADER_12[10:]]), "unknown column 'Openings'")
    refused(book(tmp_path, header_12=["Employment, 2023" if x == HEADER_12[3] else x for x in HEADER_12]), "2023")
    later = [name.replace("34", "35") for name in HEADER_10]
    refused(book(tmp_path, header_10=later), "sheet 'B'", "missing column", "Employment, 2034")
    unit = TITLE_12.replace("in thousands", "in jobs")
    refused(book(tmp_path, titles=(unit, TITLE_10)), "sheet 'A'", "in thousands", "Employment in jobs")


def test_a_missing_or_repeated_table_is_refused(tmp_path: Path) -> None:
    refused(book(tmp_path, titles=("Table 1.2 Something", TITLE_10)), "no tables", "Table 1.2 Something")
    refused(book(tmp_path, titles=(TITLE_12, TITLE_12)), "2 tables", "worker characteristics")


def test_a_sheet_without_its_end_or_with_rows_below_it_is_refused(tmp_path: Path) -> None:
    refused(book(tmp_path, foot=FOOT[:3]), "sheet 'A'", "'Source: ...'", "cut short")
    below: list[Row] = [*FOOT, row_12("Pilots", "53-2011", "Line item", ACTORS, "—", *["—"] * 4)]
    refused(book(tmp_path, foot=below), "row 11", "below the footnotes", "'53-2011'")
    refused(book(tmp_path, foot=[["Total revised"], *FOOT]), "row 7", "not a footnote", "'Total revised'")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "zero bytes"),
        (b"<!DOCTYPE html><p>Access denied", "HTML"),
        (b"PK\x03\x04cut", "cut short"),
        (b"x", ".xlsx"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "occupation.xlsx"
    path.write_bytes(content)
    refused(path, problem)
    refused(path, problem, parse=projections.parse_education)


def education_book(folder: Path, rows: Rows, header: Sequence[str] | None = None) -> Path:
    names = header or [*HEADER_12[:2], *HEADER_12[12:15], "Related Occupational Outlook Handbook (OOH) content"]
    sheets: dict[str, Sequence[Row]] = {
        "Table 5.3": [["Table 5.3 Educational attainment for workers, 2024"], [*HEADER_12[:2], "Bachelor's degree"]],
        "Education Requirements": [[TITLE_54], names, *rows, FOOT[3]],
    }
    return write_workbook(folder / "education.xlsx", sheets)


def test_education_is_read_beside_other_tables(tmp_path: Path) -> None:
    rows: Rows = [
        ["Legislators", "11-1031", "Bachelor's degree", "Less than 5 years", "None", "—"],
        ["Carpenters", "47-2031", "High school diploma or equivalent", "None", "Apprenticeship", "OOH Content"],
        ["Others", "55-1011", "—", "None", "—", "—"],
    ]
    frame = projections.parse_education(education_book(tmp_path, rows))
    assert frame.rows() == [
        ("11-1031", "Legislators", 2024, "Bachelor's degree", "Less than 5 years", "None"),
        ("47-2031", "Carpenters", 2024, "High school diploma or equivalent", "None", "Apprenticeship"),
        ("55-1011", "Others", 2024, None, "None", None),
    ]
    refused(education_book(tmp_path, [*rows, rows[0]]), "row 6", "twice", parse=projections.parse_education)
    rows[1][4] = "none"
    refused(education_book(tmp_path, rows), "row 4", "'none'", parse=projections.parse_education)
    header = ["2023 National Employment Matrix title", *HEADER_12[1:2], *HEADER_12[12:15], "x"]
    refused(education_book(tmp_path, rows, header), "unknown column 'x'", parse=projections.parse_education)
    header[-1] = "Related Occupational Outlook Handbook (OOH) content"
    refused(education_book(tmp_path, rows, header), "two base years", parse=projections.parse_education)


@given(
    st.lists(
        st.tuples(st.floats(-500, 500), st.floats(0, 500), st.floats(0, 500), st.integers(1, 20)),
        min_size=1,
        max_size=20,
    )
)
def test_openings_deviate_by_rounding_only(rows: list[tuple[float, float, float, int]]) -> None:
    """Whatever the true flows are, figures rounded to 0.1 keep the identity within their own rounding."""
    frame = pl.DataFrame(
        [
            (str(at), 2024, 2024 + span, change, exits, transfers, change / span + exits + transfers)
            for at, (change, exits, transfers, span) in enumerate(rows)
        ],
        schema=[
            "nem_code",
            "base_year",
            "projected_year",
            "change_thousand",
            "annual_exits_thousand",
            "annual_transfers_thousand",
            "annual_openings_thousand",
        ],
        orient="row",
    )
    exact = projections.openings_deviation(frame)["deviation_thousand"]
    assert (exact.abs() < 1e-9).all()
    rounded = projections.openings_deviation(frame.with_columns(pl.selectors.ends_with("_thousand").round(1)))
    bounds = [0.05 * (3 + 1 / span) + 1e-9 for *_, span in rows]
    assert all(abs(gap) <= bound for gap, bound in zip(rounded["deviation_thousand"], bounds, strict=True))


@pytest.fixture(scope="module")
def tables() -> projections.EpTables:
    return projections.parse_occupation(sample("bls_ep/occupation.xlsx"))


def cells(sheet: str) -> dict[str, tuple[object, ...]]:
    """The publisher's rows by code, read cell by cell."""
    workbook = openpyxl.load_workbook(sample("bls_ep/occupation.xlsx"), read_only=True)
    return {str(row[1]): row for row in workbook[sheet].iter_rows(min_row=3, values_only=True) if row[1]}


def test_the_publishers_workbook_has_its_counts_and_figures(tables: projections.EpTables) -> None:
    frame = tables.occupation
    assert (tables.base_year, tables.projected_year) == (2024, 2034)
    assert dict(frame["occupation_type"].value_counts().rows()) == {"Line item": 832, "Summary": 281}
    assert dict(frame["median_wage_status"].value_counts().rows()) == {"ok": 1085, "top_coded": 19, "absent": 9}
    figures = ["base_jobs_thousand", "projected_jobs_thousand", "change_thousand", "change_pct", "median_wage_usd"]
    wanted = {
        "00-0000": (169956.1, 175167.9, 5211.8, 3.1, 49500),
        "31-1120": (4347.7, 5087.5, 739.8, 17.0, 34900),
        "41-2011": (3157.2, 2843.6, -313.6, -9.9, 31190),
        "49-9081": (13.6, 20.5, 6.8, 49.9, 62580),
    }
    for code, values in wanted.items():
        assert frame.filter(pl.col("nem_code") == code).select(figures).row(0) == values
    wellhead = tables.separations.filter(pl.col("nem_code") == "53-7073").row(0)
    assert wellhead[5:] == (-0.9, 3.8, 7.5, 11.3, 0.7, 1.4, 2.1, 2.0)


def test_the_publishers_workbook_agrees_with_another_reader(tables: projections.EpTables) -> None:
    published = cells("Table 1.2")
    for row in tables.occupation.iter_rows(named=True):
        other = published[row["nem_code"]]
        assert row["nem_title"] == str(other[0]).strip()
        assert (row["base_jobs_thousand"], row["annual_openings_thousand"]) == (other[3], other[10])
        assert row["median_wage_usd"] == (other[11] if isinstance(other[11], int) else None)
        assert (row["entry_education"] or "—", row["on_the_job_training"] or "—") == (other[12], other[14])
    published = cells("Table 1.10")
    for row in tables.separations.iter_rows(named=True):
        other = published[row["nem_code"]]
        assert (row["annual_exits_thousand"], row["annual_transfers_thousand"]) == (other[10], other[11])


def test_openings_are_growth_exits_and_transfers_in_the_publishers_workbook(tables: projections.EpTables) -> None:
    deviation = projections.openings_deviation(tables.separations)["deviation_thousand"]
    assert deviation.len() == 1113
    assert deviation.abs().max() == pytest.approx(0.14)


def test_the_education_table_repeats_the_projections(tables: projections.EpTables) -> None:
    education = projections.parse_education(sample("bls_ep/education_table_5_4.xlsx"))
    items = tables.occupation.filter(pl.col("occupation_type") == "Line item")
    assert education.equals(items.select(education.columns))
    assert education["work_experience"].value_counts().sort("count").rows() == [
        ("5 years or more", 28),
        ("Less than 5 years", 88),
        ("None", 716),
    ]


def bridge() -> list[dict[str, str]]:
    with (CROSSWALKS / "nem_soc.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def members() -> dict[str, set[str]]:
    with (CROSSWALKS / "soc_combined.csv").open(encoding="utf-8", newline="") as file:
        found: dict[str, set[str]] = {}
        for row in csv.DictReader(file):
            found.setdefault(row["combined_code"], set()).add(row["member_code"])
        return found


def test_the_bridge_leads_to_codes_that_soc_or_oews_has() -> None:
    rows = bridge()
    combined = members()
    soc = pl.read_parquet(REFERENCE / "bundle" / "raw" / "soc.parquet")
    detailed = set(soc.filter(pl.col("soc_level") == "detailed")["soc_code"])
    oews = pl.read_parquet(REFERENCE / "bundle" / "raw" / "oews_occupation.parquet")
    published = set(oews.filter(pl.col("occupation_group") == "detailed")["soc_code"])
    assert list(rows[0]) == ["nem_code", "soc_code", "kind", "reason"]
    for row in rows:
        kind = "combined" if row["soc_code"] in combined else "same" if row["soc_code"] in published else "only_here"
        assert row["kind"] == kind, row
        assert row["soc_code"] in (published if kind == "combined" else detailed), row
        assert row["reason"], row
    assert [row["nem_code"] for row in rows] == sorted({row["nem_code"] for row in rows})
    assert {row["soc_code"] for row in rows if row["kind"] == "only_here"} == {"11-1031", "45-3031"}
    # every job that OEWS counts has a projection, and no projection counts an occupation twice
    reached = [code for row in rows for code in combined.get(row["soc_code"], {row["soc_code"]})]
    assert len(reached) == len(set(reached))
    assert published <= {row["soc_code"] for row in rows}
    civilian = {code for code in detailed if not code.startswith("55-")}
    assert set(reached) == civilian


def test_the_bridge_resolves_to_sub_clusters() -> None:
    with (CROSSWALKS / "soc_sub_cluster.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["soc_code"] for row in csv.DictReader(file)}
    combined = members()
    for row in bridge():
        assert listed & ({row["soc_code"]} | combined.get(row["soc_code"], set())), row


def test_the_bridge_covers_the_publishers_line_items(tables: projections.EpTables) -> None:
    items = tables.occupation.filter(pl.col("occupation_type") == "Line item")
    assert {row["nem_code"] for row in bridge()} == set(items["nem_code"])
    soc = pl.read_parquet(REFERENCE / "bundle" / "raw" / "soc.parquet")
    same = items.join(soc, left_on="nem_code", right_on="soc_code").filter(pl.col("soc_level") == "detailed")
    assert same.height == 820
    plain = (pl.col(name).str.to_lowercase().str.replace_all("[^a-z0-9]+", " ") for name in ("nem_title", "soc_title"))
    assert same.filter(pl.any_horizontal(next(plain) != next(plain))).height == 0


def test_combined_codes_have_the_members_that_the_publisher_names() -> None:
    """The publisher's crosswalk from O*NET-SOC puts each member under its combined code."""
    workbook = openpyxl.load_workbook(sample("onet/nem-onet-to-soc-crosswalk.xlsx"), read_only=True)
    named: dict[str, set[str]] = {}
    for row in workbook["ONET to SOC crosswalk"].iter_rows(min_row=6, values_only=True):
        soc_code = str(row[1])[:7]
        if row[3] not in (None, "—", soc_code):
            named.setdefault(str(row[3]), set()).add(soc_code)
    assert named == {row["nem_code"]: members()[row["nem_code"]] for row in bridge() if row["kind"] == "combined"}


@pytest.mark.parametrize(
    ("title", "edition"),
    [
        (
            "Table 1.7 Occupational projections, 2016\u201326, and worker characteristics, 2016 (Numbers in thousands)",
            "2016-26",
        ),
        ("Table 1.2 Employment by detailed occupation, 2018 and projected 2028 (Numbers in thousands)", "2018-28"),
        ("Table 1.10 Occupational separations and openings, projected 2014-24 (In thousands)", "2014-24"),
    ],
)
def test_an_edition_of_older_codes_is_named_with_those_that_are_taken(tmp_path: Path, title: str, edition: str) -> None:
    path = write_workbook(
        tmp_path / "occupation.xlsx", {"Index": [("contents",)], "Table": [(title,), ("Title", "Code")]}
    )
    told = f"of the edition {edition}; the editions taken are those from 2019-29 on"
    with pytest.raises(BadInputError, match=told):
        projections.parse_occupation(path)
    with pytest.raises(BadInputError, match=told):
        projections.parse_education(path)


def test_the_workbook_of_2022_32_holds_both_tables(tmp_path: Path) -> None:
    """Figures of chief executives from the publisher's Tables 1.7, 1.10 and 5.4."""
    path = sample("bls_ep/occupation_2022_32.xlsx")
    source = declared_sources()["projections"]
    vintage, tables = projections.read(source, {"occupation_2022_32.xlsx": path}, tmp_path)
    assert vintage is not None
    assert (vintage.vintage, vintage.is_older_cycle) == ("2022-32", True)
    jobs, leaving, needs = (tables[name] for name in projections.TABLES)
    assert isinstance(jobs, pl.DataFrame)
    assert isinstance(needs, pl.DataFrame)
    total = jobs.row(0, named=True)
    assert (total["base_jobs_thousand"], total["projected_jobs_thousand"]) == (164482.6, 169148.1)
    assert (total["median_wage_usd"], total["median_wage_year"]) == (46310, 2022)
    assert needs.row(0) == ("11-1011", "Chief executives", 2022, "Bachelor's degree", "5 years or more", "None")
    assert (jobs.height, leaving.height, needs.height) == (1113, 1113, 832)
