"""Downloads that are not what they should be, and those that are."""

import io
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.archive.distrust import BOMB_BYTES, HEADER_ROWS, check_download
from pipelines.errors import BadInputError
from pipelines.sources import FileDeclaration, Format, declared_sources
from tests.unit.publishers.workbooks import sample, write_workbook

COLUMNS = ("Code", "Career Cluster")
ROWS: list[Sequence[object]] = [COLUMNS, ("11-1011", "Management")]
PAGE = b"\xef\xbb\xbf\n <!DOCTYPE html><html><title>Access Denied</title></html>\n"
URL = "https://publisher.example/file"


def declared(format_: Format, **fields: object) -> FileDeclaration:
    return FileDeclaration.model_validate({"name": "file", "format": format_, "url": URL} | fields)


def written(folder: Path, content: bytes, name: str = "download") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(*members: tuple[str | ZipInfo, bytes], method: int = ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content, compress_type=method)
    return buffer.getvalue()


def member(name: str, *, mode: int = 0o100644, flags: int = 0) -> ZipInfo:
    info = ZipInfo(name)
    info.external_attr = mode << 16
    info.flag_bits |= flags
    return info


def _parquet() -> bytes:
    written = io.BytesIO()
    pl.DataFrame({"code": ["11-1011"]}).write_parquet(written)
    return written.getvalue()


def good(format_: Format, folder: Path) -> bytes:
    if format_ is Format.WORKBOOK:
        return write_workbook(folder / "good.xlsx", {"List": ROWS}).read_bytes()
    return {
        Format.TEXT: b"Code\tCareer Cluster\n11-1011\tManagement\n",
        Format.CSV: b'Code,"Career Cluster"\n11-1011,Management\n',
        Format.ZIP: zipped(("folder/", b""), ("folder/table.csv", b"a,b\n1,2\n")),
        Format.JSON: b'{"data": [1, 2.5, null]}',
        Format.PARQUET: _parquet(),
    }[format_]


def fault(path: Path, declaration: FileDeclaration, **answer: object) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        check_download(path, declaration, source="bureau", **answer)  # type: ignore[arg-type]
    assert (caught.value.source, caught.value.file) == ("bureau", path.name)
    return caught.value


@pytest.mark.parametrize("format_", Format)
def test_a_right_file_is_taken(format_: Format, tmp_path: Path) -> None:
    path = written(tmp_path, good(format_, tmp_path))
    check_download(path, declared(format_), source="bureau")
    check_download(
        path,
        declared(format_),
        source="bureau",
        content_type="application/octet-stream",
        url=URL,
        final_url="https://cdn.publisher.example/file",
        previous_bytes=path.stat().st_size,
    )


@pytest.mark.parametrize("format_", Format)
def test_nothing_and_pages_are_refused_whatever_was_declared(format_: Format, tmp_path: Path) -> None:
    assert "zero bytes" in str(fault(written(tmp_path, b""), declared(format_)))
    page = fault(written(tmp_path, PAGE), declared(format_), content_type="application/zip", url=URL, final_url=URL)
    assert "a web page instead of the file" in str(page)
    assert "DOCTYPE" in str(page)
    redirected = fault(written(tmp_path, PAGE), declared(format_), url=URL, final_url="https://login.example/?to=file")
    assert "redirected to https://login.example/?to=file, which sent a web page" in str(redirected)


@pytest.mark.parametrize("format_", Format)
def test_what_the_server_calls_a_page_is_refused(format_: Format, tmp_path: Path) -> None:
    path = written(tmp_path, good(format_, tmp_path))
    error = fault(path, declared(format_), content_type="Text/HTML; charset=utf-8", url=URL, final_url=URL + "/blocked")
    assert "redirected to https://publisher.example/file/blocked" in str(error)
    assert "web page" in str(fault(path, declared(format_), content_type="application/xhtml+xml"))


@pytest.mark.parametrize("format_", [Format.WORKBOOK, Format.ZIP])
@pytest.mark.parametrize("other", [b"a,b\n1,2\n", b"\x1f\x8b\x08\x00rest", b"\xd0\xcf\x11\xe0"])
def test_other_magic_bytes_are_refused(format_: Format, other: bytes, tmp_path: Path) -> None:
    assert "is not a" in fault(written(tmp_path, other), declared(format_)).problem


@pytest.mark.parametrize("format_", [Format.TEXT, Format.CSV, Format.JSON])
def test_packed_and_binary_files_are_no_text(format_: Format, tmp_path: Path) -> None:
    assert "a zip archive" in str(fault(written(tmp_path, zipped(("a", b"1"))), declared(format_)))
    assert "a gzip file" in str(fault(written(tmp_path, b"\x1f\x8b\x08\x00"), declared(format_)))
    assert "line 2: NUL byte" in str(fault(written(tmp_path, b"a\tb\n1\0\t2\n"), declared(format_)))


def test_a_hole_far_into_a_text_is_found(tmp_path: Path) -> None:
    before = b"a\tb\n" * 400_000
    error = fault(written(tmp_path, before + b"\0\0" + before), declared(Format.TEXT))
    assert (error.place, error.problem) == ("byte 1600001", "NUL byte in a text file")


def test_a_text_ends_its_last_line(tmp_path: Path) -> None:
    error = fault(written(tmp_path, b"a\tb\n1\t2\n3\t4"), declared(Format.TEXT))
    assert "the last line does not end" in str(error)
    assert error.value == "3\t4"


def test_a_csv_without_a_last_newline_has_all_cells_in_its_last_line(tmp_path: Path) -> None:
    check_download(written(tmp_path, b'a,b\n1,2\n3,"four, or 4"'), declared(Format.CSV), source="bureau")
    for end in (b"3", b'3,"fo', b"3,4,5"):
        error = fault(written(tmp_path, b"a,b\n1,2\n" + end), declared(Format.CSV))
        assert (error.problem, error.value) == ("the last line does not end: the file is cut short", end.decode())


@pytest.mark.parametrize(
    ("format_", "line"),
    [
        (Format.TEXT, b"Code   \t  Career Cluster\r\n"),
        (Format.TEXT, b"\xef\xbb\xbfCode\tCareer Cluster\n"),
        (Format.CSV, b'"Code", Career Cluster\r\n'),
        (Format.CSV, b"\xef\xbb\xbfCode,Career Cluster\n"),
    ],
)
def test_the_declared_header_is_met_in_the_first_line(format_: Format, line: bytes, tmp_path: Path) -> None:
    row = b"11-1011\tx\n" if format_ is Format.TEXT else b"11-1011,x\n"
    check_download(written(tmp_path, line + row), declared(format_, header=COLUMNS), source="bureau")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Code"], "missing column 'Career Cluster'"),
        (["Code", "Wage", "Career Cluster"], "unexpected column 'Wage'"),
        (["Code", "Cluster"], "missing column 'Career Cluster'; unexpected column 'Cluster'"),
        (["Code", "Career Cluster", "Code"], "unexpected column 'Code'"),
        (["Career Cluster", "Code"], "not in the order Code, Career Cluster"),
        (["Code", "Career Cluster", ""], "unexpected column '(without a name)'"),
    ],
)
def test_another_header_line_is_refused_by_name(names: list[str], said: str, tmp_path: Path) -> None:
    for format_, delimiter in ((Format.TEXT, "\t"), (Format.CSV, ",")):
        line = delimiter.join(names) + "\n"
        error = fault(written(tmp_path, line.encode()), declared(format_, header=COLUMNS))
        assert error.place == "line 1"
        assert said in str(error)


@pytest.mark.parametrize("size", [500, 1000, 3000])
def test_a_size_within_the_ratios_is_taken(size: int, tmp_path: Path) -> None:
    path = written(tmp_path, b"a" * (size - 1) + b"\n")
    check_download(path, declared(Format.TEXT), source="bureau", previous_bytes=1000)


@pytest.mark.parametrize(
    ("size", "ratios", "said"),
    [
        (499, {}, "499 bytes are less than 0.5 times the 1,000 bytes"),
        (3001, {}, "3,001 bytes are more than 3 times the 1,000 bytes"),
        (899, {"min_size_ratio": 0.9}, "less than 0.9 times"),
        (1501, {"max_size_ratio": 1.5}, "declare another max_size_ratio"),
    ],
)
def test_a_size_beyond_the_ratios_is_refused(size: int, ratios: dict[str, float], said: str, tmp_path: Path) -> None:
    path = written(tmp_path, b"a" * (size - 1) + b"\n")
    assert said in str(fault(path, declared(Format.TEXT, **ratios), previous_bytes=1000))


def test_declared_sheets_are_there(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "book.xlsx", {"Overview": [], "List": ROWS})
    check_download(path, declared(Format.WORKBOOK, sheets=["List", "Overview"]), source="bureau")
    error = fault(path, declared(Format.WORKBOOK, sheets=["List", "Matrix"]))
    assert str(error) == "bureau: book.xlsx: sheet 'Matrix': no such sheet; the workbook has 'Overview', 'List'"


def test_the_header_stands_in_one_of_the_first_rows_of_any_sheet(tmp_path: Path) -> None:
    declaration = declared(Format.WORKBOOK, header=COLUMNS)
    titles: list[Sequence[object]] = [("A title", None), ()] + [("A note about Code",)] * (HEADER_ROWS - 3)
    header = (None, " Career \n Cluster\xa0", "Code ")
    path = write_workbook(tmp_path / "book.xlsx", {"Overview": [], "List": [*titles, header]})
    check_download(path, declaration, source="bureau")
    path = write_workbook(tmp_path / "book.xlsx", {"Overview": [], "List": [*titles, ("More",), header]})
    error = fault(path, declaration)
    assert error.place == "sheet 'Overview', 'List'"
    assert error.problem == "none of the first 15 rows has the columns Code, Career Cluster"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (("Code",), "missing column 'Career Cluster'"),
        (("Code", "Wage", "Career Cluster"), "unexpected column 'Wage'"),
        (("Code", "Career Cluster", "Career Cluster"), "unexpected column 'Career Cluster'"),
    ],
)
def test_another_header_row_is_refused_by_name(header: Sequence[object], said: str, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "book.xlsx", {"Other": ROWS, "List": [("A title",), header]})
    error = fault(path, declared(Format.WORKBOOK, sheets=["List"], header=COLUMNS))
    assert error.place == "sheet 'List', row 2"
    assert said in str(error)


def test_of_two_rows_with_the_declared_names_the_exact_one_counts(tmp_path: Path) -> None:
    wide = ("Code", "Career Cluster", "Career Cluster")
    path = write_workbook(tmp_path / "book.xlsx", {"Wide": [wide], "List": ROWS})
    check_download(path, declared(Format.WORKBOOK, header=COLUMNS), source="bureau")


def test_a_zip_is_no_workbook(tmp_path: Path) -> None:
    path = written(tmp_path, zipped(("table.csv", b"a,b\n")))
    assert "not an .xlsx workbook" in str(fault(path, declared(Format.WORKBOOK)))


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, zipped(("xl/workbook.xml", bytes(BOMB_BYTES + 1))))
    assert "a zip bomb" in str(fault(path, declared(Format.WORKBOOK)))


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"data": [1,\n 2', "line 2, column 3"),
        (b"code,title\n", "line 1, column 1"),
        (b'{"data": NaN}', ""),
        (b"[" * 100_000, ""),
        (b'"\xff"', ""),
    ],
)
def test_what_is_not_json_is_refused(content: bytes, place: str, tmp_path: Path) -> None:
    error = fault(written(tmp_path, content), declared(Format.JSON))
    assert "not JSON" in str(error)
    assert error.place == place


def test_each_declared_member_is_there_once(tmp_path: Path) -> None:
    path = written(tmp_path, zipped(("db/", b""), ("db/Job Zones.txt", b"a\n"), ("db/Read Me.txt", b"b\n")))
    check_download(path, declared(Format.ZIP, members=["Job Zones.txt", "read*"]), source="bureau")
    error = fault(path, declared(Format.ZIP, members=["Job Zones.txt", "Tasks.txt"]))
    assert error.place == "file 'Tasks.txt'"
    assert error.problem.startswith("no file of the zip has such a name; get the zip as the publisher has it")
    assert str(error).endswith("(found 'db/Job Zones.txt, db/Read Me.txt')")
    error = fault(path, declared(Format.ZIP, members=["*.txt"]))
    assert error.problem.startswith("more than one file of the zip has such a name; get")
    assert error.value == "db/Job Zones.txt, db/Read Me.txt"
    # a folder is no file
    assert "no file" in str(fault(path, declared(Format.ZIP, members=["db"])))


@pytest.mark.parametrize("folders", ["", "2023/", "downloads/My QCEW files/"])
def test_a_zip_that_somebody_made_again_is_taken(folders: str, tmp_path: Path) -> None:
    name = f"{folders}2023.annual.singlefile.csv"
    around = [(f"{folders[: at + 1]}", b"") for at, letter in enumerate(folders) if letter == "/"]
    litter = [(f"__MACOSX/{folders}._2023.annual.singlefile.csv", b"x"), (f"{folders}.DS_Store", b"x")]
    path = written(tmp_path, zipped(*around, (name, b"a\n"), *litter))
    check_download(path, declared(Format.ZIP, members=["2023.annual.singlefile.csv"]), source="bureau")


@pytest.mark.parametrize("members", [[], [("data/", b"")], [("data/.DS_Store", b"x"), ("__MACOSX/._a.csv", b"x")]])
def test_a_zip_without_files_says_so(members: list[tuple[str, bytes]], tmp_path: Path) -> None:
    error = fault(written(tmp_path, zipped(*members)), declared(Format.ZIP, members=["*.csv"]))
    assert error.problem == "the zip archive holds no file"
    assert "not an .xlsx workbook" in str(fault(written(tmp_path, zipped(*members)), declared(Format.WORKBOOK)))


BAD_LAYOUTS: dict[str, tuple[ZipInfo, str]] = {
    "absolute": (member("/etc/table.csv"), "absolute"),
    "drive": (member("C:/table.csv"), "absolute"),
    "parent": (member("a/../../table.csv"), "leads out of its folder"),
    "only a parent": (member(".."), "leads out of its folder"),
    "backslash": (member("a\\..\\table.csv"), "backslash"),
    "line break": (member("a\n/table.csv"), "control character"),
    "symbolic link": (member("table.csv", mode=0o120777), "symbolic link"),
    "device": (member("table.csv", mode=0o020666), "not a regular file"),
}


@pytest.mark.parametrize("layout", BAD_LAYOUTS)
def test_members_that_could_land_elsewhere_are_refused(layout: str, tmp_path: Path) -> None:
    info, said = BAD_LAYOUTS[layout]
    path = written(tmp_path, zipped(("other.csv", b"1"), (info, b"a")))
    error = fault(path, declared(Format.ZIP))
    assert said in error.problem
    assert error.value == info.filename
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_cut_by_nul_is_refused(tmp_path: Path) -> None:
    content = zipped(("table.csv_..", b"a")).replace(b"table.csv_..", b"table.csv\0..")
    assert "control character" in str(fault(written(tmp_path, content), declared(Format.ZIP)))


def test_encrypted_and_repeated_members_are_refused(tmp_path: Path) -> None:
    content = bytearray(zipped(("table.csv", b"a")))
    at = content.index(b"PK\x01\x02") + 8
    content[at : at + 2] = struct.pack("<H", 1)
    assert "encrypted" in str(fault(written(tmp_path, bytes(content)), declared(Format.ZIP)))
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = bytearray(zipped(("table.csv", b"a"), ("table.csv", b"b")))
    error = fault(written(tmp_path, bytes(content)), declared(Format.ZIP))
    assert (error.problem, error.value) == ("two members have the same name", "table.csv")


def test_other_packing_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, zipped(("table.csv", b"a"), method=ZIP_BZIP2))
    assert "another method than deflate" in str(fault(path, declared(Format.ZIP)))


def test_a_bomb_is_refused_by_ratio_and_by_size(tmp_path: Path) -> None:
    zeros = written(tmp_path, zipped(("table.csv", bytes(BOMB_BYTES + 1))))
    error = fault(zeros, declared(Format.ZIP))
    assert (error.place, "a zip bomb" in error.problem) == ("member 'table.csv'", True)
    # as tight, but small
    check_download(
        written(tmp_path, zipped(("table.csv", bytes(BOMB_BYTES // 10)))), declared(Format.ZIP), source="bureau"
    )
    halves = written(tmp_path, zipped(("a", bytes(600)), ("b", bytes(401)), method=ZIP_STORED))
    error = fault(halves, declared(Format.ZIP, max_uncompressed_bytes=1000))
    assert error.place == "member 'b'"
    check_download(halves, declared(Format.ZIP, max_uncompressed_bytes=1001), source="bureau")


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """Sixty entries of the directory that all lead to one packed megabyte: each is small, together they are a bomb."""
    one = zipped(("a", bytes(1_000_000)))
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry, tail = one[start:end], bytearray(one[end:])
    tail[8:12] = struct.pack("<HH", 60, 60)
    tail[12:16] = struct.pack("<I", 60 * len(entry))
    path = written(tmp_path, one[:start] + entry * 60 + bytes(tail))
    error = fault(path, declared(Format.ZIP))
    assert "same name" in error.problem
    # under names of their own Python asks the local header, so only the ratio of the whole is left to test
    many = zipped(*((f"{number:02}", bytes(1_000_000)) for number in range(60)))
    assert fault(written(tmp_path, many), declared(Format.ZIP)).place == "all members"


def with_directory_size(content: bytes, size: int) -> bytes:
    """The zip with another unpacked size in its directory."""
    changed = bytearray(content)
    at = content.index(b"PK\x01\x02") + 24
    changed[at : at + 4] = struct.pack("<I", size)
    return bytes(changed)


def with_directory_checksum(content: bytes, checksum: int) -> bytes:
    changed = bytearray(content)
    at = content.index(b"PK\x01\x02") + 16
    changed[at : at + 4] = struct.pack("<I", checksum)
    return bytes(changed)


@pytest.mark.parametrize("said_bytes", [5, 10, 4000])
def test_the_sizes_in_the_directory_are_not_believed(said_bytes: int, tmp_path: Path) -> None:
    table = b"0123456789" * 100
    content = with_directory_size(zipped(("table.csv", table)), said_bytes)
    path = written(tmp_path, content)
    error = fault(path, declared(Format.ZIP))
    assert f"the directory gives {said_bytes:,} bytes, the member has 1,000" in str(error)
    assert "unpacks to more than 999 bytes" in str(fault(path, declared(Format.ZIP, max_uncompressed_bytes=999)))
    # a checksum that fits the lie changes nothing
    path = written(tmp_path, with_directory_checksum(content, zlib.crc32(table[:said_bytes])))
    fault(path, declared(Format.ZIP))
    fault(path, declared(Format.ZIP, max_uncompressed_bytes=999))
    assert list(tmp_path.iterdir()) == [path]


def test_a_bomb_that_claims_to_be_packed_loosely_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped(("table.csv", bytes(BOMB_BYTES + 1))))
    at = content.index(b"PK\x01\x02") + 20
    content[at : at + 4] = struct.pack("<I", BOMB_BYTES)
    path = written(tmp_path, bytes(content))
    # so many packed bytes are not there
    assert "damaged" in str(fault(path, declared(Format.ZIP)))
    assert list(tmp_path.iterdir()) == [path]


def test_a_changed_byte_of_a_member_is_found(tmp_path: Path) -> None:
    content = zipped(("table.csv", b"0123456789"), method=ZIP_STORED).replace(b"01234", b"01235", 1)
    path = written(tmp_path, content)
    error = fault(path, declared(Format.ZIP))
    assert (error.place, "damaged" in error.problem) == ("member 'table.csv'", True)
    assert list(tmp_path.iterdir()) == [path]


WHOLE: dict[Format, bytes] = {}


@pytest.fixture(scope="module", autouse=True)
def whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("whole")
    WHOLE.update({format_: good(format_, folder) for format_ in Format})


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@settings(max_examples=60, deadline=None)
@given(data=st.data(), format_=st.sampled_from(list(Format)))
def test_a_download_cut_anywhere_is_refused(data: st.DataObject, format_: Format, scratch: Path) -> None:
    content = WHOLE[format_]
    is_table = format_ in (Format.TEXT, Format.CSV)
    # a list that lacks whole rows at its end looks whole, and so does a row that lacks the end of its last cell in CSV
    row = content.rfind(b"Management")
    looks_whole = {row - len(b"11-1011,")} | (set(range(row, len(content))) if format_ is Format.CSV else set())
    cuts = [at for at in range(len(content)) if not (is_table and at in looks_whole)]
    header = COLUMNS if is_table else ()
    cut = data.draw(st.sampled_from(cuts))
    fault(written(scratch, content[:cut]), declared(format_, header=header))


@settings(max_examples=150, deadline=None)
@given(
    format_=st.sampled_from(list(Format)),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_changed_bytes_are_taken_or_refused_in_words(
    format_: Format, changes: list[tuple[float, int]], scratch: Path
) -> None:
    content = bytearray(WHOLE[format_])
    for where, value in changes:
        content[int(where * len(content))] = value
    header = () if format_ in (Format.ZIP, Format.JSON) else COLUMNS
    path = written(scratch, bytes(content))
    try:
        check_download(path, declared(format_, header=header), source="bureau")
    except BadInputError as error:
        assert error.file == path.name  # noqa: PT017
    else:
        if format_ is Format.ZIP:
            with ZipFile(path) as archive:
                assert archive.testzip() is None
        elif format_ is Format.JSON:
            json.loads(bytes(content))


@pytest.mark.parametrize(
    ("pattern", "most", "said"),
    [
        ("*.csv", 10_000, "more than one file"),
        ("*.txt", 10_000, "no file"),
        ("b.csv", 4_999, "more than 4,998 bytes"),
    ],
)
def test_a_member_that_is_not_there_once_and_bytes_over_the_limit_are_refused(
    pattern: str, most: int, said: str, tmp_path: Path
) -> None:
    path = written(tmp_path, zipped(("a.csv", b"1"), ("b.csv", b"a" * 5_000)))
    error = fault(path, declared(Format.ZIP, members=[pattern], max_uncompressed_bytes=most))
    assert said in str(error)
    assert (error.source, error.file) == ("bureau", "download")
    assert list(tmp_path.iterdir()) == [path]


OWN_FILES: dict[str, tuple[str, Callable[[], FileDeclaration]]] = {
    "SOC": ("bls_soc/soc_structure_2018.xlsx", lambda: declared_sources()["soc"].files[0]),
    "NAICS": ("census_naics/2-6 digit_2022_Codes.xlsx", lambda: declared_sources()["naics"].files[0]),
    "SOC clusters": (
        "advance_cte/SOC_Career_Clusters_Crosswalk.xlsx",
        lambda: declared_sources()["career_clusters"].files[0],
    ),
    "NAICS clusters": (
        "advance_cte/NAICS_Subclusters_Crosswalk.xlsx",
        lambda: declared_sources()["career_clusters"].files[1],
    ),
    "QCEW": ("bls_qcew/2016_qtrly_by_area_statewide.zip", lambda: declared(Format.ZIP, members=["*01000 Alabama*"])),
    "CSV without a last newline": ("bls_qcew/industry_titles.csv", lambda: declared(Format.CSV)),
    "O*NET": (
        "legacy_clusters/onet_all_career_clusters_2023.csv",
        lambda: declared(Format.CSV, header=["Career Cluster", "Career Pathway", "Code", "Occupation"]),
    ),
}


@pytest.mark.parametrize("name", OWN_FILES)
def test_publishers_own_files_are_taken(name: str) -> None:
    file, declaration = OWN_FILES[name]
    check_download(sample(file), declaration(), source="bureau")
