"""State projections of Projections Central: the bulk file and the pages of its service."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import BadInputError
from pipelines.files import require_text
from pipelines.publishers import projections_central
from pipelines.publishers.common import read_delimited
from pipelines.publishers.projections_central import parse_api, parse_bulk
from pipelines.sources import declared_sources

from .workbooks import sample

PERIOD = (2022, 2032)
HEADER = "Title\tBase\tProjected\tPercentChange\tAvgAnnualOpenings\tSTFIPS\tOccCode\t\t"
LINES = [
    "Accountants and Auditors\t1538400\t1605800\t4.4\t126500\t0\t13-2011\t\t",
    "Actors\t20\t10\t-31.5\t0\t1\t27-2011\t\t",
    "Logging Workers, All Other\t0\t0\t25\t0\t32\t45-4029\t\t",
    "Total, All Occupations\t0\t0\t0\t0\t78\t00-0000\t\t",
]
COLUMNS = [
    "state_fips",
    "soc_code",
    "title",
    "base_jobs",
    "projected_jobs",
    "change_jobs",
    "growth_pct",
    "annual_openings",
    "base_year",
    "projected_year",
    "status",
]


def bulk(folder: Path, lines: Sequence[str], header: str = HEADER, end: str = "\r\n") -> Path:
    path = folder / "long_term.tsv"
    path.write_bytes((end.join([header, *lines]) + end).encode())
    return path


def refused_bulk(path: Path, *parts: str, period: tuple[int, int] | None = PERIOD) -> None:
    with pytest.raises(BadInputError) as caught:
        parse_bulk(path, period=period)
    assert (caught.value.source, caught.value.file) == ("projections_central", path.name)
    for part in parts:
        assert part in str(caught.value)


def test_the_nation_of_the_bulk_file_is_left_out(tmp_path: Path) -> None:
    states = parse_bulk(bulk(tmp_path, [*LINES, "\t" * 8, "\t" * 8]), period=PERIOD)
    assert states.columns == COLUMNS
    assert states.rows() == [
        ("01", "27-2011", "Actors", 20, 10, -10, -31.5, 0, 2022, 2032, "ok"),
        ("32", "45-4029", "Logging Workers, All Other", 0, 0, 0, 25.0, 0, 2022, 2032, "rounded"),
        ("78", "00-0000", "Total, All Occupations", 0, 0, 0, 0.0, 0, 2022, 2032, "ok"),
    ]


def test_a_bulk_file_with_its_years_keeps_the_published_change(tmp_path: Path) -> None:
    header = "Area,Title,Base,Projected,Change,PercentChange,AvgAnnualOpenings,STFIPS,OccCode,BaseYear,ProjYear"
    line = 'Alabama,"Floral Designers, All",110,130,10,12.3,20,1,27-1023,2024,2034'
    path = bulk(tmp_path, [line], header, "\n")
    # the years of the columns count, whatever the name says
    assert parse_bulk(path, period=PERIOD).rows() == [
        ("01", "27-1023", "Floral Designers, All", 110, 130, 10, 12.3, 20, 2024, 2034, "ok")
    ]
    refused_bulk(bulk(tmp_path, LINES), "its period is not known", period=None)
    refused_bulk(
        bulk(tmp_path, [line], header.replace(",Area", "").replace("BaseYear,", "Base Year,"), "\n"), "Base Year"
    )
    half = bulk(tmp_path, [line.replace(",2024,", ",")], header.replace("BaseYear,", ""), "\n")
    refused_bulk(half, "line 1", "its period is not known", period=None)
    mixed = ["Alabama,Florists,1,1,0,0,0,1,27-1024,2022,2032"]
    refused_bulk(bulk(tmp_path, [line, *mixed], header, "\n"), "line 3", "different years in one state", period=None)
    for published, problem in (("130,10,12.3", "130,50,12.3"), ("130,10,12.3", "130,10,42.3")):
        wrong = bulk(tmp_path, [line.replace(published, problem)], header, "\n")
        refused_bulk(wrong, "line 2", "of the jobs beside it", period=None)
    nation = [line.replace("Alabama", "United States")]
    refused_bulk(bulk(tmp_path, nation, header, "\n"), "'Area'", "does not fit its FIPS code", period=None)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("\t20\t", "\t2O\t", ["line 3", "'Base'", "not a plain number", "'2O'"]),
        ("\t20\t", "\t1,020\t", ["line 3", "'Base'", "'1,020'"]),
        ("\t20\t", "\t-20\t", ["line 3", "'Base'", "'-20'"]),
        ("\t20\t", "\t\t", ["line 3", "'Base'", "blank"]),
        ("\t-31.5\t", "\tn/a\t", ["line 3", "'PercentChange'", "'n/a'"]),
        ("27-2011", "272011", ["line 3", "'OccCode'", "'272011'"]),
        ("\t1\t", "\t3\t", ["line 3", "'STFIPS'", "unknown FIPS", "'3'"]),
        ("\t1\t", "\t001\t", ["line 3", "'STFIPS'", "'001'"]),
        ("27-2011\t\t", "27-2011\tx\t", ["line 1", "unknown column", "values under no name"]),
        ("27-2011\t\t", "27-2011\t\t\tx", ["line 3", "10 cells where the header has 9"]),
    ],
)
def test_a_bad_line_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]) -> None:
    lines = [LINES[0], LINES[1].replace(old, new), *LINES[2:]]
    refused_bulk(bulk(tmp_path, lines), *parts)


def test_a_bulk_file_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    refused_bulk(bulk(tmp_path, [*LINES, LINES[1]]), "line 6", "'OccCode'", "listed twice")
    refused_bulk(bulk(tmp_path, []), "no rows")
    refused_bulk(bulk(tmp_path, LINES, HEADER.replace("Base", "Jobs")), "missing column 'Base'", "'Jobs'")
    path = bulk(tmp_path, LINES)
    path.write_bytes(path.read_bytes()[:-3])
    refused_bulk(path, "line 5", "cut short")
    path.write_bytes(b"")
    refused_bulk(path, "zero bytes")
    path.write_bytes(b"<html>no</html>\n")
    refused_bulk(path, "HTML")
    path.write_bytes(HEADER.encode() + b"\nCaf\xe9\t1\t1\t1\t1\t1\t27-2011\t\t\n")
    refused_bulk(path, "UTF-8")


def json_row(code: str = "27-2011", **other: object) -> dict[str, object]:
    return {
        "Area": "California",
        "Title": "Actors ",
        "Base": "37960",
        "Projected": "44640",
        "Change": "6680",
        "PercentChange": "17.6",
        "AvgAnnualOpenings": "4700",
        "STFIPS": "6",
        "StateURL": "",
        "OccCode": code,
        "BaseYear": "2024",
        "ProjYear": "2034",
    } | other


def pages(*rows: Sequence[dict[str, object]], total: object = None) -> list[bytes]:
    count = sum(map(len, rows)) if total is None else total
    pager = {"total_items": count, "total_pages": len(rows), "items_per_page": 100}
    return [
        json.dumps({"rows": list(page), "pager": {"current_page": at, **pager}}).encode()
        for at, page in enumerate(rows)
    ]


def refused(answers: Sequence[bytes | Path], *parts: str, fips: str = "06") -> None:
    with pytest.raises(BadInputError) as caught:
        parse_api(answers, fips=fips)
    assert caught.value.source == "projections_central"
    for part in parts:
        assert part in str(caught.value)


def test_pages_of_a_state_become_one_table(tmp_path: Path) -> None:
    first, second = pages([json_row(), json_row("27-2012", Base=37950)], [json_row("27-2021")])
    saved = tmp_path / "06-1.json"
    saved.write_bytes(second)
    for fips in ("6", "06"):
        frame = parse_api([first, saved], fips=fips)
        assert frame.columns == COLUMNS
        assert frame.rows() == [
            ("06", "27-2011", "Actors", 37960, 44640, 6680, 17.6, 4700, 2024, 2034, "ok"),
            ("06", "27-2012", "Actors", 37950, 44640, 6680, 17.6, 4700, 2024, 2034, "ok"),
            ("06", "27-2021", "Actors", 37960, 44640, 6680, 17.6, 4700, 2024, 2034, "ok"),
        ]


def test_rows_of_the_nation_are_left_out() -> None:
    nation = json_row(STFIPS="0", Area=" United States", BaseYear="2025", ProjYear="2035")
    assert parse_api(pages([nation, json_row()]), fips="6")["state_fips"].to_list() == ["06"]
    assert parse_api(pages([nation]), fips="0").is_empty()
    refused(pages([json_row(STFIPS="0")]), "page 0: row 1", "'Area'", "'California'")
    refused(pages([json_row(Area="United States")]), "page 0: row 1", "'Area'", "'United States'")


@pytest.mark.parametrize(
    ("answers", "parts"),
    [
        (pages([json_row()], total=2), ["1 rows", "total_items says 2"]),
        (pages([json_row(), json_row("27-2012")], total="1"), ["2 rows", "total_items says 1"]),
        (pages([json_row()], [json_row()]), ["row 2", "'OccCode'", "listed twice", "'27-2011'"]),
        (pages([json_row()], [json_row("27-2012")])[:1], ["1 rows", "total_items says 2"]),
        (pages([json_row()], [json_row("27-2012")])[1:], ["pager.current_page", "expected page 0", "found 1"]),
        ([*pages([json_row()]), *pages([json_row("27-2012")])], ["page 1", "expected page 1", "found 0"]),
        (pages([]), ["page 0", "without rows"]),
        ([], ["no pages"]),
        (
            pages([json_row(), json_row("27-2012", BaseYear="2022", ProjYear="2032")]),
            ["'BaseYear'", "different years", "2022"],
        ),
        (pages([json_row(STFIPS="32", Area="Nevada")]), ["'STFIPS'", "another state", "'32'"]),
        (pages([json_row(Base="37,960")]), ["row 1", "'Base'", "'37,960'"]),
        (pages([json_row(), json_row("27-2012", Projected="<10")]), ["row 2", "'Projected'", "'<10'"]),
        (pages([json_row(PercentChange=None)]), ["'PercentChange'", "blank"]),
        (pages([json_row(ProjYear="2024")]), ["'ProjYear'", "not after"]),
        (pages([json_row(BaseYear="24")]), ["'BaseYear'", "'24'"]),
        (pages([json_row(MedianWage="1")]), ["unknown column 'MedianWage'"]),
        (pages([{k: v for k, v in json_row().items() if k != "Change"}]), ["missing column 'Change'"]),
        (pages([json_row(), {"OccCode": "27-2012"}]), ["row 2", "blank"]),
        (pages([json_row(Base=[1])]), ["neither text nor numbers", "Base"]),
        (pages([json_row(Base=True)]), ["neither text nor numbers", "Base"]),
        ([b'{"rows": [1], "pager": {}}'], ["not an object"]),
        ([b'{"rows": [], "pager": {"current_page": 0}}'], ["pager.total_items"]),
        ([b'{"rows": {}, "pager": {}}'], ["no object with 'rows' and 'pager'"]),
        ([b"[]"], ["no object with 'rows' and 'pager'"]),
        ([b"No results found."], ["page 0", "has not published", "items_per_page"]),
        ([b'{"message": "No results found."}'], ["has not published"]),
        ([b""], ["zero bytes"]),
        ([b"<!doctype html><html>"], ["HTML"]),
        ([pages([json_row()])[0][:-20]], ["cut short"]),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(answers: list[bytes], parts: list[str]) -> None:
    refused(answers, *parts)


def test_an_unknown_state_is_refused() -> None:
    refused(pages([json_row()]), "unknown FIPS", "'03'", fips="3")


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9999), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-999, 9999)),
        min_size=1,
        max_size=30,
        unique_by=lambda row: row[0],
    ),
    st.integers(1, 7),
)
def test_pages_lose_and_invent_nothing(rows: list[tuple[int, int, int, int]], size: int) -> None:
    """However the rows fall on pages, all of them come out, with what was written in them."""

    def growth(base: int, later: int, tenths: int) -> float:
        """The growth of the jobs; of hardly any jobs, any number can be that of the jobs before rounding."""
        return tenths / 10 if base < 10 else round(100 * (later - base) / base, 1)

    written = [
        json_row(
            f"27-{code:04d}",
            Base=str(base),
            Projected=str(later),
            Change=str(later - base),
            PercentChange=str(growth(base, later, tenths)),
        )
        for code, base, later, tenths in rows
    ]
    frame = parse_api(pages(*(written[at : at + size] for at in range(0, len(written), size))), fips="6")
    figures = frame.select("soc_code", "base_jobs", "projected_jobs", "growth_pct").rows()
    assert figures == [
        (f"27-{code:04d}", base, later, growth(base, later, tenths)) for code, base, later, tenths in rows
    ]
    assert (frame["status"] == "rounded").to_list() == [base == 0 for _, base, _, _ in rows]


def test_a_delimited_file_allows_for_columns_that_may_lack(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b'\xef\xbb\xbfCode,Name\n1,"a;  ""b"""\n\n2,c\n')
    require_text(path, "x")
    table = read_delimited(path, "x", {"code": "Code", "name": "Name"}, {"note": "Note"})
    assert table.frame.select("code", "name").rows() == [("1", 'a; "b"'), ("2", "c")]
    assert "note" not in table.frame.columns


@pytest.fixture(scope="module")
def published() -> pl.DataFrame:
    return parse_bulk(sample("projections_central/long_term_2022_2032.tsv"), period=PERIOD)


def test_the_publishers_bulk_file_has_its_counts_and_figures(published: pl.DataFrame) -> None:
    states = published
    assert (states.height, states["state_fips"].n_unique()) == (36_626 - 833, 54)
    assert states.filter(pl.col("base_jobs") == 0).height == 82
    assert states.filter(pl.col("soc_code") == "00-0000").height == 54
    wind = states.filter((pl.col("state_fips") == "56") & (pl.col("soc_code") == "49-9081")).row(0, named=True)
    assert (wind["base_jobs"], wind["projected_jobs"], wind["growth_pct"], wind["annual_openings"]) == (
        110,
        160,
        45.5,
        20,
    )
    assert states.filter(pl.col("status") == "rounded").filter(pl.col("base_jobs") > 0).height == 0
    # rounding to tens explains every gap between growth and jobs where there are thousands of them
    large = states.filter(pl.col("base_jobs") >= 10_000)
    growth = 100 * large["change_jobs"] / large["base_jobs"]
    assert ((growth - large["growth_pct"]).abs() < 0.2).all()


def test_statuses_are_the_ones_named(published: pl.DataFrame) -> None:
    assert set(published["status"]) == set(projections_central.STATUSES)


def nation_of(tmp_path: Path, answers: dict[str, list[bytes]]) -> list[tuple[object, ...]]:
    """The nation's rows that are read from the lists of several states."""
    files = {}
    for fips, pages_of_state in answers.items():
        for at, page in enumerate(pages_of_state):
            path = tmp_path / (f"long_term_{fips}.json" if at == 0 else f"long_term_{fips}_{at}.json")
            path.write_bytes(page)
            files[path.name] = path
    _, tables = projections_central.read(declared_sources()["projections_central"], files, tmp_path)
    columns = ["soc_code", "base_jobs", "annual_openings", "base_year", "projected_year"]
    return tables["projections_central_nation"].select(columns).rows()


def test_the_nation_that_the_lists_repeat_is_kept_once_for_each_cycle(tmp_path: Path) -> None:
    nation = json_row(STFIPS="0", Area="United States", AvgAnnualOpenings="9")
    older = nation | {"Base": "37950", "BaseYear": "2022", "ProjYear": "2032"}
    found = nation_of(
        tmp_path,
        {
            "6": pages([nation, json_row()]),
            "32": pages([nation, json_row(STFIPS="32", Area="Nevada")]),
            "41": pages([older, json_row(STFIPS="41", Area="Oregon", BaseYear="2022", ProjYear="2032")]),
        },
    )
    assert found == [("27-2011", 37950, 9, 2022, 2032), ("27-2011", 37960, 9, 2024, 2034)]


def test_a_figure_of_the_nation_that_the_lists_give_differently_is_left_out(tmp_path: Path) -> None:
    nation = json_row(STFIPS="0", Area="United States")
    other = nation | {"Base": "37961"}
    lists = {"6": pages([nation, json_row()]), "32": pages([other, json_row(STFIPS="32", Area="Nevada")])}
    assert nation_of(tmp_path, lists) == []


def test_the_nation_of_the_bulk_file_is_a_table_of_its_own(tmp_path: Path) -> None:
    path = bulk(tmp_path, LINES).rename(tmp_path / "long_term_2022_2032.tsv")
    source = declared_sources()["projections_central"]
    vintage, tables = projections_central.read(source, {path.name: path}, tmp_path)
    assert vintage is not None
    assert tables["projections_central"]["area_id"].to_list() == ["AL", "NV", "VI"]
    assert tables["projections_central_nation"].rows() == [
        ("13-2011", "Accountants and Auditors", 1538400, 1605800, 67400, 4.4, 126500, 2022, 2032, "ok")
    ]
