"""What a site's lists, comparison, texts and downloads hold, on a release of a few rows."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import duckdb
import pytest

from pipelines.errors import LmiError, MachineError, NoReleaseError, UnknownNameError
from pipelines.release.manifest import Manifest
from pipelines.release.manifest import Release as Published
from pipelines.reports.profile import Profile, profiles
from pipelines.reports.release import Release
from pipelines.reports.site import build
from pipelines.reports.site.build import MARKER, _put, _tasks, refuse_foreign
from pipelines.reports.site.compare import as_json, charts, compared, script_file
from pipelines.reports.site.downloads import checksums, copy_release, in_words
from pipelines.reports.site.places import area_lines, cluster_lines, site_states
from pipelines.reports.site.texts import texts

AREAS = """
create schema reference; create schema marts;
create table reference.area as select * from (values
    ('US', 'National', 'national', null, null),
    ('GA', 'Georgia', 'state', 'GA', null),
    ('OH', 'Ohio', 'state', 'OH', null),
    ('AL', 'Alabama', 'state', 'AL', null),
    ('C17980', 'Columbus, GA-AL', 'metro', 'GA', null),
    ('C18140', 'Columbus, OH', 'metro', 'OH', null),
    ('N3900001', 'North Ohio nonmetropolitan area', 'nonmetro', 'OH', null),
    ('01113', 'Russell County, Alabama', 'county', 'AL', 'C17980'),
    ('13215', 'Muscogee County, Georgia', 'county', 'GA', 'C17980'),
    ('39005', 'Ashland County, Ohio', 'county', 'OH', null)
) as given(area_id, area_name, area_type, state_id, cbsa_area_id), (select false as is_territory);
create table reference.cluster as select * from (values
    ('construction', 'Construction', false, 1, null), ('agriculture', 'Agriculture & <Food>', false, 2, null)
) as given(cluster_id, cluster_name, is_cross_cutting, sort_order, scope_note);
create table reference.sub_cluster as select '' as sub_cluster_id, '' as cluster_id, '' as sub_cluster_name,
    1 as sort_order, '' as scope_note where false;
create table reference.overlay_node as select '' as overlay_id, '' as level, '' as cluster_id, '' as sub_cluster_id,
    '' as node_name, false as is_cross_cutting where false;
create table reference.overlay as select '' as overlay_id, '' as overlay_title, '' as state_id where false;
create table marts.cluster_indicators as select area_id, 'unduplicated' as basis, level, cluster_id,
    'all' as sub_cluster_id, cast(employment as double) as employment, cast(share as double) as employment_share_pct,
    cast(lq as double) as location_quotient, cast(wage as double) as wage_p50_usd, wage_status as wage_p50_status,
    grade as reliability, reason as reliability_reason, cast(published as double) as published_pct, 'ok' as status
from (values
    ('all', 'all', 1234567.0, 100.0, 1.0, 45000.4, 'ok', 'A', null, 99.0),
    ('cluster', 'agriculture', 12344.0, 1.04, null, 239200.0, 'top_coded', 'D', 'estimated_cells', 30.0),
    ('cluster', 'construction', 56789.0, 4.6, 0.987654, null, 'withheld', 'A', null, 98.0)
) as given(level, cluster_id, employment, share, lq, wage, wage_status, grade, reason, published),
    (select area_id from reference.area where area_type <> 'county') as area;
"""


@pytest.fixture
def release() -> Iterator[Release]:
    with duckdb.connect() as connection:
        connection.execute(AREAS)
        yield Release(connection)


def _profiles(release: Release) -> dict[str, Profile]:
    return {each.area.area_id: each for each in profiles(release, list(release.areas.values()))}


def _ids(release: Release, *only: str) -> list[list[str]]:
    return [[area.area_id for area in state.areas] for state in site_states(release, only)]


def test_a_site_has_all_areas_by_state(release: Release) -> None:
    assert _ids(release) == [["US"], ["AL"], ["GA", "C17980"], ["OH", "C18140", "N3900001"]]


def test_a_part_of_a_site_has_the_states_and_areas_that_are_named_and_the_nation(release: Release) -> None:
    assert _ids(release, "ohio") == [["US"], ["OH", "C18140", "N3900001"]]
    assert _ids(release, "17980", "AL") == [["US"], ["AL"], ["GA", "C17980"]]
    assert _ids(release, "US") == [["US"]]
    with pytest.raises(UnknownNameError, match="columbus fits several areas"):
        site_states(release, ["columbus"])
    with pytest.raises(UnknownNameError, match=r"39005 .* is a county without figures"):
        site_states(release, ["39005"])


def test_exports_are_of_states_and_begin_first(release: Release) -> None:
    states = site_states(release, ["OH"])
    kinds = [kind for kind, _ in _tasks(states, exports=True).values()]
    assert kinds == ["files", *["report"] * 4, *["clusters"] * 2]
    assert "files" not in {kind for kind, _ in _tasks(states, exports=False).values()}


def test_an_area_is_found_by_its_codes_its_states_and_its_counties(release: Release) -> None:
    lines = area_lines(release, site_states(release), _profiles(release))
    georgia = next(line for line in lines if line.anchor == "GA")
    (columbus,) = georgia.inner
    assert (columbus.title, columbus.target) == ("Columbus, GA-AL", "reports/C17980.html")
    assert set(columbus.words.split()) == {
        *("C17980", "17980", "GA", "Georgia", "AL", "Alabama", "Muscogee", "Russell", "County")
    }
    assert columbus.note == "1,234,570 jobs, median wage $45,000"
    ohio = next(line for line in lines if line.anchor == "OH")
    assert ["Ashland" in line.words for line in (ohio, *ohio.inner)] == [False, False, True]
    assert lines[0].title == "United States"
    assert [line.title for line in lines[0].inner] == []


def test_a_county_of_one_of_several_nonmetro_areas_finds_its_state(release: Release) -> None:
    """No source says which of them it counts in."""
    release.connection.execute(
        "insert into reference.area values ('N3900002', 'South of Ohio', 'nonmetro', 'OH', null, false)"
    )
    ohio = next(line for line in area_lines(release, site_states(release), _profiles(release)) if line.anchor == "OH")
    assert ["Ashland County" in line.words for line in (ohio, *ohio.inner)] == [True, False, False]


def test_clusters_of_a_state_are_listed_the_largest_first(release: Release) -> None:
    ohio = cluster_lines(site_states(release, ["OH"]), _profiles(release))[1]
    found = [(each.title, each.target, each.note) for each in ohio.inner]
    assert found == [
        ("Construction", "clusters/OH_construction.html", "56,790 jobs"),
        ("Agriculture & <Food>", "clusters/OH_agriculture.html", "12,340 jobs"),
    ]


def test_compared_figures_are_written_as_in_reports_and_missing_ones_have_no_number(release: Release) -> None:
    data = compared(site_states(release, ["C18140"]), _profiles(release))
    assert data["clusters"] == ["Construction", "Agriculture & <Food>"]
    assert list(data["areas"]) == ["US", "OH", "C18140"]
    title, target, state, figures = data["areas"]["C18140"]
    assert (title, target, state) == ("Columbus, OH", "reports/C18140.html", "Ohio")
    total, construction, agriculture = figures
    assert total == [["1,234,570", "100.0%", "1.00", "$45,000", "A"], [1.0, 100.0, 45000.4], 0]
    assert construction == [["56,790", "4.6%", "0.99", "withheld", "A"], [0.988, 4.6, None], 0]
    assert agriculture == [
        ["12,340", "1.0%", "too little published", ">= $239,200", "D (estimated cells)"],
        [None, 1.04, 239200.0],
        1,
    ]


def test_the_data_of_the_comparison_are_a_script_that_sets_one_name(release: Release) -> None:
    data = compared(site_states(release), _profiles(release))
    text = script_file(data)
    assert text.startswith("window.lmiAreas = ")
    assert json.loads(text.removeprefix("window.lmiAreas = ").removesuffix(";\n")) == data


def test_nothing_in_json_ends_the_script_element() -> None:
    text = as_json(["</script><script>alert(1)</script>"])
    assert "<" not in text
    assert json.loads(text) == ["</script><script>alert(1)</script>"]


def test_charts_have_the_colours_of_the_page() -> None:
    text = str(charts())
    assert "var(--main, #1b6ca8)" in text
    assert not re.search(r'"#[0-9a-f]{6}"', text)
    assert [each["title"] for each in json.loads(text)] == ["Location quotient", "Share of all jobs", "Median wage"]


def test_documents_name_each_other_by_links_and_have_no_styles() -> None:
    found = {text.file: text for text in texts()}
    assert found["methodology.html"].title == "Methodology"
    body = str(found["what-is-estimated.html"].body)
    assert '<a href="methodology.html">The methodology</a>' in body
    # policies are no page of the site
    assert "A state's own rule" in found["reading.html"].body
    for text in found.values():
        assert "style=" not in text.body
        assert ".md)" not in text.body
        assert "<pre>" not in text.body
        assert "<th></th>" not in text.body
        assert set(re.findall(r'href="([^":#]+)"', str(text.body))) <= set(found)
        labels = re.findall(r'aria-label="([^"]+)" tabindex="0"><table>', str(text.body))
        assert len(labels) == text.body.count("<table>") == len(set(labels))


def _earlier(folder: Path, *names: str) -> None:
    folder.mkdir()
    for name in names:
        (folder / name).write_text("here", encoding="utf-8")
    marker = {"kind": "Career Cluster LMI site", "files": list(names)}
    (folder / MARKER).write_text(json.dumps(marker), encoding="utf-8")


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    refuse_foreign(tmp_path / "new")
    refuse_foreign(tmp_path)
    _earlier(tmp_path / "site", "index.html")
    refuse_foreign(tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("lmi.example.gov", encoding="utf-8")
    with pytest.raises(LmiError, match="no earlier site put there, such as CNAME"):
        refuse_foreign(tmp_path / "site")
    with pytest.raises(LmiError, match="no earlier site"):
        refuse_foreign(tmp_path)
    with pytest.raises(LmiError, match="is a file"):
        refuse_foreign(tmp_path / "site" / "CNAME")


@pytest.mark.parametrize("marker", ["", "[]", "{}", '{"kind": "Another site", "files": ["index.html"]}'])
def test_a_marker_of_something_else_does_not_make_an_earlier_site(tmp_path: Path, marker: str) -> None:
    _earlier(tmp_path / "site", "index.html")
    (tmp_path / "site" / MARKER).write_text(marker, encoding="utf-8")
    with pytest.raises(LmiError, match="such as index"):
        refuse_foreign(tmp_path / "site")


def test_a_new_site_takes_the_place_of_the_earlier_one_whole(tmp_path: Path) -> None:
    building = tmp_path / "work" / "site"
    building.mkdir(parents=True)
    (building / "new.html").write_text("new", encoding="utf-8")
    _earlier(tmp_path / "site", "old.html")
    _put(building, tmp_path / "site")
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["new.html"]


def test_the_earlier_site_stays_where_the_new_one_cannot_be_put(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    _earlier(tmp_path / "site", "old.html")
    with pytest.raises(OSError, match="No such file"):
        _put(tmp_path / "work" / "site", tmp_path / "site")
    assert (tmp_path / "site" / "old.html").is_file()


def _published(folder: Path) -> Published:
    folder.mkdir()
    names = ("lmi.duckdb", "dictionary.md", "zz.txt")
    for name in names:
        (folder / name).write_text(f"the {name}", encoding="utf-8")
    sums = {name: hashlib.sha256(f"the {name}".encode()).hexdigest() for name in names}
    manifest = Manifest.model_construct(
        release_id="20261101T060000Z-aaaaaaaa",
        published_at=datetime(2026, 11, 1, tzinfo=UTC),
        database_sha256=sums.pop("lmi.duckdb"),
        files=sums,
    )
    return Published.model_construct(folder=folder, manifest=manifest)


def test_the_files_of_a_release_are_listed_with_their_checksums(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    found = copy_release(_published(tmp_path / "release"), site)
    assert [each.file for each in found] == ["release/lmi.duckdb", "release/dictionary.md", "release/zz.txt"]
    assert [each.size for each in found] == [14, 17, 10]
    for line in checksums(found).splitlines():
        sha256, name = line.split("  ")
        assert hashlib.sha256((site / name).read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize("name", ["lmi.duckdb", "zz.txt"])
def test_a_file_that_is_not_the_published_one_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "site").mkdir()
    release = _published(tmp_path / "release")
    (tmp_path / "release" / name).write_text("another", encoding="utf-8")
    with pytest.raises(NoReleaseError, match=f"{name} is not the file that was published"):
        copy_release(release, tmp_path / "site")


@pytest.mark.parametrize(
    ("size", "said"), [(47, "47 bytes"), (23_900, "23.9 kB"), (2_700_000, "2.7 MB"), (1_173_600_000, "1,173.6 MB")]
)
def test_sizes_in_words(size: int, said: str) -> None:
    assert in_words(size) == said


def test_a_site_that_fails_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build, "_write", full)
    with pytest.raises(MachineError, match="site cannot be written: no space is left"):
        build.build_site(cast("Published", None), tmp_path / "new" / "site")
    assert list(tmp_path.iterdir()) == []
