"""Files are found under the names that people have, and what no source took is named with the reason."""

from pathlib import Path

import pytest

from pipelines.archive.find import accepted_names, find_all, find_files, left_over
from pipelines.errors import BadInputError
from pipelines.files import is_litter
from pipelines.publishers.registry import raw_sources
from pipelines.sources import declared_sources


def _touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


@pytest.mark.parametrize(
    ("source", "names", "known"),
    [
        ("onet", ["Job Zones.txt", "2019_to_SOC_Crosswalk.csv"], None),
        ("onet", ["job zones.xlsx", "2019_to_SOC_Crosswalk (1).csv"], {"Job Zones.xlsx", "2019_to_SOC_Crosswalk.csv"}),
        (
            "onet",
            ["db_29_3_text/Job Zones.txt", "2019_to_SOC_Crosswalk.xlsx"],
            {"Job Zones.txt", "2019_to_SOC_Crosswalk.xlsx"},
        ),
        ("soc", ["SOC_Structure_2018(2).XLSX"], {"soc_structure_2018.xlsx"}),
        ("projections", ["occupation_2022_32.xlsx"], None),
        ("projections", ["occupation.xlsx", "education_table_5_4.xlsx"], None),
        ("projections_central", ["long_term_2020_2030.tsv"], None),
        ("projections_central", ["LongTerm 2024-34.csv"], None),
        ("projections_central", ["Long Term Projections.xlsx"], None),
        ("qcew", ["48047.csv"], None),
        ("qcew", ["48047.csv", "10.csv", "31_33.csv", "US000.csv", "C2642.csv", "CS104.csv"], None),
        ("qcew", ["48047.csv", "2023/a/area/48049.csv", "2023_annual_singlefile (1).zip"], None),
        ("qcew", ["2022/48047.csv", "2023/48047.csv"], {"2022/48047.csv", "2023/48047.csv"}),
    ],
)
def test_files_are_found_under_the_names_that_people_have(
    tmp_path: Path, source: str, names: list[str], known: set[str] | None
) -> None:
    found = find_files(source, _touch(tmp_path, *names))
    assert set(found) == (known or set(names))
    assert {path.relative_to(tmp_path).as_posix() for path in found.values()} == set(names)
    assert all(declared_sources()[source].file_of(name) is not None for name in found)


def test_what_computers_add_by_themselves_is_passed_over(tmp_path: Path) -> None:
    litter = [
        ".DS_Store",
        "sub/Thumbs.db",
        "__MACOSX/soc_structure_2018.xlsx",
        "._soc_structure_2018.xlsx",
        "desktop.ini",
    ]
    assert all(map(is_litter, litter))
    found = find_all(_touch(tmp_path, "soc_structure_2018.xlsx", *litter), raw_sources())
    assert {source: list(files) for source, files in found.items() if files} == {"soc": ["soc_structure_2018.xlsx"]}
    assert left_over(tmp_path, found) == {}


def test_a_file_that_no_source_took_is_named_with_the_reason(tmp_path: Path) -> None:
    names = ["long_term_39.json", "long_term_2022_2032.tsv", "soc_structure_2019.xlsx", "notes/letter.docx"]
    found = find_all(_touch(tmp_path, *names), raw_sources())
    assert left_over(tmp_path, found) == {
        "long_term_2022_2032.tsv": "projections_central took long_term_39.json instead",
        "notes/letter.docx": "no source has a file of this name",
        "soc_structure_2019.xlsx": "no source has a file of this name; soc has soc_structure_2018.xlsx",
    }


def test_a_file_of_a_source_without_tables_is_named_as_such(tmp_path: Path) -> None:
    found = find_all(_touch(tmp_path, "soc_structure_2018.xlsx", "All_Career_Clusters.csv"), raw_sources())
    told = "a run makes no table of onet_clusters; `lmi archive add --source onet_clusters` keeps its files"
    assert left_over(tmp_path, found) == {"All_Career_Clusters.csv": told}


@pytest.mark.parametrize("other", ["occupation_2022_32.xlsx", "occupation_2016_26.xlsx"])
def test_workbooks_of_two_editions_are_refused(tmp_path: Path, other: str) -> None:
    _touch(tmp_path, "occupation.xlsx", "education.xlsx", other)
    with pytest.raises(BadInputError, match=r"each of them is occupation\.xlsx"):
        find_files("projections", tmp_path)


def test_two_files_that_each_hold_all_are_refused(tmp_path: Path) -> None:
    _touch(tmp_path, "long_term_2022_2032.tsv", "long_term_2024_2034.csv")
    with pytest.raises(BadInputError, match="and there are several"):
        find_files("projections_central", tmp_path)


@pytest.mark.parametrize("names", [["occupation.xlsx", "occupation (1).xlsx"], ["a/oe.area", "b/OE.AREA"]])
def test_copies_of_a_file_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(BadInputError, match="found more than once"):
        find_all(_touch(tmp_path, *names), raw_sources())


def test_every_accepted_form_is_told() -> None:
    told = accepted_names(raw_sources())
    assert "soc: soc_structure_2018.xlsx" in told
    assert "Job Zones.txt in place of Job Zones.xlsx" in told
    assert "long*term*.csv" in told
    for declared in (declared_sources()[source] for source in raw_sources()):
        assert all(file.name in told for file in (*declared.files, *declared.instead))
