"""O*NET's tables: job zones, the crosswalk to SOC, and the list of occupations by Career Cluster."""

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import BadInputError
from pipelines.publishers import onet, onet_clusters

from .workbooks import sample, write_workbook

Row = Sequence[object]
Parse = Callable[[Path], pl.DataFrame]

ZONES: list[Row] = [
    ("11-1011.00", "Chief Executives", 5, "08/2023", "Analyst"),
    ("11-1011.03", "Chief Sustainability Officers", 4, "12/2021", "Analyst - Preliminary"),
    ("53-7073.00", "Wellhead Pumpers", 2, "01/2019", "Analyst"),
]
ZONE_HEADER: Row = ("O*NET-SOC Code", "Title", "Job Zone", "Date", "Domain Source")
SOC_HEADER = "O*NET-SOC 2019 Code,O*NET-SOC 2019 Title,2018 SOC Code,2018 SOC Title\n"
CROSSWALK = (
    "11-1011.00,Chief Executives,11-1011,Chief Executives\n"
    "11-1011.03,Chief Sustainability Officers,11-1011,Chief Executives\n"
    '53-7073.00,"Wellhead Pumpers, Old",53-7073,Wellhead Pumpers\n'
)
CLUSTER_HEADER = "Career Cluster,Sub-Cluster,Code,Occupation\n"


def zones_book(folder: Path, rows: Sequence[Row] = ZONES, header: Row = ZONE_HEADER) -> Path:
    return write_workbook(folder / "Job Zones.xlsx", {"Job Zones": [header, *rows]})


def text(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def refused(parse: Parse, path: Path, *parts: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse(path)
    assert caught.value.source == parse.__module__.rpartition(".")[2]
    for part in parts:
        assert part in str(caught.value)


def test_job_zones_are_read_from_the_workbook(tmp_path: Path) -> None:
    frame = onet.parse_job_zones(zones_book(tmp_path))
    assert frame.columns == ["onet_soc_code", "job_zone", "date"]
    assert frame.rows() == [("11-1011.00", 5, "2023-08"), ("11-1011.03", 4, "2021-12"), ("53-7073.00", 2, "2019-01")]


@pytest.mark.parametrize(
    ("at", "value", "parts"),
    [
        (0, "11-1011", ["row 2", "'O*NET-SOC Code'", "'11-1011'"]),
        (0, "11-1011.03", ["row 3", "'O*NET-SOC Code'", "listed twice"]),
        (2, 6, ["row 2", "'Job Zone'", "'6'"]),
        (2, 0, ["row 2", "'Job Zone'", "'0'"]),
        (2, 3.5, ["row 2", "'Job Zone'", "'3.5'"]),
        (2, None, ["row 2", "'Job Zone'", "blank"]),
        (3, "2023-08", ["row 2", "'Date'", "'2023-08'"]),
        (3, "13/2023", ["row 2", "'Date'", "'13/2023'"]),
    ],
)
def test_a_bad_job_zone_is_refused(tmp_path: Path, at: int, value: object, parts: list[str]) -> None:
    row = [*ZONES[0][:at], value, *ZONES[0][at + 1 :]]
    refused(onet.parse_job_zones, zones_book(tmp_path, [row, *ZONES[1:]]), "Job Zones.xlsx", *parts)


def test_other_forms_of_job_zones_are_refused(tmp_path: Path) -> None:
    parse = onet.parse_job_zones
    refused(parse, zones_book(tmp_path, header=("Code", *ZONE_HEADER[1:])), "unknown column 'Code'")
    refused(parse, zones_book(tmp_path, []), "Job Zones.xlsx", "no rows")
    refused(parse, text(tmp_path, "Job Zones.xlsx", "<html>"), "HTML")
    refused(parse, text(tmp_path, "Job Zones.xlsx", ""), "zero bytes")
    refused(parse, tmp_path / "none.xlsx", "missing")


def test_the_crosswalk_gives_one_soc_code_each(tmp_path: Path) -> None:
    frame = onet.parse_onet_to_soc(text(tmp_path, "soc.csv", SOC_HEADER + CROSSWALK))
    assert frame.columns == ["onet_soc_code", "onet_soc_title", "soc_code", "soc_title"]
    assert frame.row(2) == ("53-7073.00", "Wellhead Pumpers, Old", "53-7073", "Wellhead Pumpers")
    parse = onet.parse_onet_to_soc
    twice = CROSSWALK + "11-1011.03,Chief,11-1021,Others\n"
    refused(parse, text(tmp_path, "soc.csv", SOC_HEADER + twice), "line 5", "listed twice", "'11-1011.03'")
    refused(parse, text(tmp_path, "soc.csv", SOC_HEADER + "11-1011.00,A,11-101,B\n"), "line 2", "not a SOC code")
    refused(parse, text(tmp_path, "soc.csv", SOC_HEADER + "11-1011,A,11-1011,B\n"), "line 2", "not an O*NET-SOC code")
    refused(parse, text(tmp_path, "soc.csv", SOC_HEADER + "11-1011.00,A\n"), "line 2", "2 cells")
    broken = '11-1011.00,"A\nB\n\nC",11-1011,B\n\n11-1011.01,A,11-101,B\n'
    refused(parse, text(tmp_path, "soc.csv", SOC_HEADER + broken), "line 7", "not a SOC code")
    refused(parse, text(tmp_path, "soc.csv", SOC_HEADER + '11-1011.00,"A,11-1011,B\n'), "line 2", "is never closed")
    refused(parse, text(tmp_path, "soc.csv", SOC_HEADER + CROSSWALK[:-1]), "line 4", "cut short")
    refused(
        parse, text(tmp_path, "soc.csv", SOC_HEADER.replace("2018", "2010") + CROSSWALK), "unknown column '2010 SOC"
    )


def test_a_soc_code_has_one_row_of_job_zones(tmp_path: Path) -> None:
    zones = onet.parse_job_zones(zones_book(tmp_path))
    crosswalk = onet.parse_onet_to_soc(text(tmp_path, "soc.csv", SOC_HEADER + CROSSWALK))
    frame = onet.job_zone_by_soc(zones, crosswalk)
    assert frame.columns == ["soc_code", "job_zone_mean", "job_zone_min", "job_zone_max", "onet_soc_codes"]
    assert frame.rows() == [("11-1011", 4.5, 4, 5, 2), ("53-7073", 2.0, 2, 2, 1)]
    with pytest.raises(BadInputError, match=r"1 codes are not in the crosswalk.*53-7073\.00"):
        onet.job_zone_by_soc(zones, crosswalk.head(2))


@given(st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 99)), st.integers(1, 5), min_size=1))
def test_job_zones_by_soc_never_multiply_codes(zones: dict[tuple[int, int], int]) -> None:
    codes = [f"11-10{soc}1.{part:02d}" for soc, part in zones]
    rated = pl.DataFrame({"onet_soc_code": codes, "job_zone": list(zones.values())})
    crosswalk = pl.DataFrame({"onet_soc_code": codes, "soc_code": [code[:7] for code in codes]})
    frame = onet.job_zone_by_soc(rated, crosswalk)
    assert frame["soc_code"].to_list() == sorted({code[:7] for code in codes})
    assert frame["onet_soc_codes"].sum() == len(codes)
    assert (frame["job_zone_mean"] * frame["onet_soc_codes"]).sum() == pytest.approx(sum(zones.values()))
    assert frame.filter(~pl.col("job_zone_mean").is_between("job_zone_min", "job_zone_max")).height == 0


def test_the_cluster_list_of_either_framework_is_read(tmp_path: Path) -> None:
    rows = '"Arts, Entertainment, & Design",Fashion & Interiors,27-1022.00,Fashion Designers\n'
    frame = onet_clusters.parse_cluster_list(text(tmp_path, "clusters.csv", CLUSTER_HEADER + rows))
    assert frame.columns == ["cluster_name", "sub_cluster_name", "onet_soc_code", "title"]
    assert frame.rows() == [
        ("Arts, Entertainment, & Design", "Fashion & Interiors", "27-1022.00", "Fashion Designers"),
    ]
    former = CLUSTER_HEADER.replace("Sub-Cluster", "Career Pathway")
    rows = '"A, B & C; A, B & C;D",x;  y; w,13-1082.00,"Specialists; All"\nE,z,13-1083.00,Others\n'
    frame = onet_clusters.parse_cluster_list(text(tmp_path, "clusters.csv", former + rows))
    assert frame.rows() == [
        ("A, B & C", "x", "13-1082.00", "Specialists; All"),
        ("A, B & C", "y", "13-1082.00", "Specialists; All"),
        ("D", "w", "13-1082.00", "Specialists; All"),
        ("E", "z", "13-1083.00", "Others"),
    ]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("A; B,x,13-1082.00,S\n", ["line 2", "'Sub-Cluster'", "another number", "'x'"]),
        ("A,x; y,13-1082.00,S\n", ["line 2", "'Sub-Cluster'", "another number"]),
        ("A;,x;y,13-1082.00,S\n", ["line 2", "'Career Cluster'", "blank name"]),
        ("A; A,x; x,13-1082.00,S\n", ["line 2", "'Code'", "listed twice"]),
        ("A,x,13-1082.00,S\nA,x,13-1082.00,S\n", ["line 3", "'Code'", "listed twice"]),
        ("A,x,13-1082.00,S\nB,x,13-1083.00,T\n", ["line 3", "'Career Cluster'", "in another cluster", "'B'"]),
        ("A,x,13-1082.00,S\nA,y,13-1082.00,T\n", ["line 3", "'Occupation'", "another title in another line", "'T'"]),
        ("A,x,13-1082,S\n", ["line 2", "'Code'", "not an O*NET-SOC code"]),
        ("A,,13-1082.00,S\n", ["line 2", "'Sub-Cluster'", "blank"]),
        ("A,x,13-1082.00,S,more\n", ["line 2", "5 cells where the header has 4"]),
        ('A,x,13-1082.00,"S\n', ["clusters.csv"]),
    ],
)
def test_a_bad_line_of_the_cluster_list_is_refused(tmp_path: Path, line: str, parts: list[str]) -> None:
    refused(onet_clusters.parse_cluster_list, text(tmp_path, "clusters.csv", CLUSTER_HEADER + line), *parts)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz")), min_size=1, max_size=9, unique=True))
def test_joined_names_are_paired_by_position(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    """Written on one line or on many, the memberships are the same."""
    pairs = [(cluster, cluster + sub_cluster) for cluster, sub_cluster in pairs]
    columns = ["; ".join(pair[at] for pair in pairs) for at in (0, 1)]
    joined = f"{columns[0]},{columns[1]},13-1082.00,S\n"
    single = "".join(f"{cluster},{sub_cluster},13-1082.00,S\n" for cluster, sub_cluster in pairs)
    folder = tmp_path_factory.mktemp("clusters")
    frames = [
        onet_clusters.parse_cluster_list(text(folder, "clusters.csv", CLUSTER_HEADER + content))
        for content in (joined, single)
    ]
    assert frames[0].equals(frames[1])
    assert frames[0].select("cluster_name", "sub_cluster_name").rows() == pairs


def test_the_publishers_job_zones_come_down_to_soc() -> None:
    zones = onet.parse_job_zones(sample("onet/Job Zones.xlsx"))
    crosswalk = onet.parse_onet_to_soc(sample("onet/2019_to_SOC_Crosswalk.csv"))
    assert (zones.height, crosswalk.height) == (923, 1016)
    assert dict(zones["job_zone"].value_counts().rows()) == {1: 31, 2: 295, 3: 219, 4: 224, 5: 154}
    by_soc = onet.job_zone_by_soc(zones, crosswalk)
    assert (by_soc.height, by_soc["onet_soc_codes"].sum()) == (798, 923)
    # the same cells by another reader: five codes of registered nurses, from zone 3 to zone 5
    sheet = openpyxl.load_workbook(sample("onet/Job Zones.xlsx"), read_only=True)["Job Zones"]
    nurses = [row[2] for row in sheet.iter_rows(min_row=2, values_only=True) if str(row[0]).startswith("29-1141")]
    assert len(nurses) == 5
    wanted = ("29-1141", sum(nurses) / 5, min(nurses), max(nurses), 5)
    assert by_soc.filter(pl.col("soc_code") == "29-1141").row(0) == wanted == ("29-1141", 4.2, 3, 5, 5)


def test_the_publishers_former_cluster_list_is_paired() -> None:
    frame = onet_clusters.parse_cluster_list(sample("legacy_clusters/onet_all_career_clusters_2023.csv"))
    # 1,011 lines, of which 20 join two memberships and one joins three
    assert frame.height == 1011 + 20 + 2
    assert frame["cluster_name"].n_unique() == 16
    managers = frame.filter(pl.col("onet_soc_code") == "13-1082.00").select("cluster_name", "sub_cluster_name").rows()
    assert managers == [
        ("Business Management & Administration", "General Management"),
        ("Business Management & Administration", "Operations Management"),
        ("Information Technology", "Information Support and Services"),
    ]


def test_job_zones_of_the_text_files_have_no_titles(tmp_path: Path) -> None:
    path = tmp_path / "Job Zones.txt"
    lines = ["O*NET-SOC Code\tJob Zone\tDate\tDomain Source", "11-1011.00\t5\t08/2023\tAnalyst", ""]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    assert onet.parse_job_zones(path).rows() == [("11-1011.00", 5, "2023-08")]


def test_a_soc_code_that_belongs_to_another_line_is_refused(tmp_path: Path) -> None:
    lines = ["O*NET-SOC 2019 Code,O*NET-SOC 2019 Title,2018 SOC Code,2018 SOC Title"]
    lines += ["11-1011.00,Chief Executives,11-1021,Chief Executives", ""]
    path = tmp_path / "2019_to_SOC_Crosswalk.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInputError, match="not the SOC code that") as caught:
        onet.parse_onet_to_soc(path)
    assert caught.value.value == "11-1021"
