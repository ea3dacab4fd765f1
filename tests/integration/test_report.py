"""`lmi report`: every figure of a page is the database's, and what cannot be reported on is told clearly."""

import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.reports.build import write_report
from tests.fixtures.command import Ran, lmi
from tests.fixtures.figure_walk import differences
from tests.fixtures.report_pages import REPORTED, SECTIONS, Figure, Page


@pytest.fixture(scope="module")
def read(report_pages: Path) -> dict[str, Page]:
    return {name: Page((report_pages / f"{name}.html").read_text(encoding="utf-8")) for name in REPORTED}


# --- every figure is the database's -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTED)
def test_every_figure_is_the_databases(first_run: tuple[Path, Ran], read: dict[str, Page], name: str) -> None:
    figures = read[name].figures
    assert len(figures) > 1500
    assert differences(first_run[0] / "lmi.duckdb", figures) == []


def test_the_walk_notices_a_wrong_figure(first_run: tuple[Path, Ran], read: dict[str, Page]) -> None:
    database = first_run[0] / "lmi.duckdb"
    figure = next(one for one in read["OH"].figures if one.column == "employment")
    wrong = Figure(figure.table, figure.key, figure.column, "841,802")
    assert [found for found, _ in differences(database, [wrong])] == [wrong]


def test_a_page_that_counts_jobs_in_full(first_run: tuple[Path, Ran], tmp_path: Path) -> None:
    ran = lmi("report", "--state", "WY", "--basis", "duplicated", "--out", str(tmp_path), data=first_run[0])
    assert ran.code == 0, ran.err
    text = (tmp_path / "WY_duplicated.html").read_text(encoding="utf-8")
    page = Page(text)
    assert differences(first_run[0] / "lmi.duckdb", page.figures) == []
    bases = [value for figure in page.figures for name, value in figure.key if name == "basis"]
    # the clusters counted once stand beside them, and the nation has the same basis
    assert bases.count("duplicated") > 5 * bases.count("unduplicated") > 0
    assert "never add clusters up" in page.sections["clusters"]
    assert "so the clusters add up" not in text
    assert not [figure for figure in page.figures if figure.column == "cluster_weight"]


def test_weights_of_the_state_are_named_as_such(released_database: Path, tmp_path: Path) -> None:
    """A release with weights by state; its figures may stay as they are, for it is the weights that are looked at."""
    database = released_database / "lmi.duckdb"
    _changed(
        database,
        "update core.area_group_scheme set scheme = 'WY', weights_of = 'WY' where area_id = 'WY'",
    )
    ran = lmi("report", "--state", "WY", "--out", str(tmp_path), data=released_database)
    assert ran.code == 0, ran.err
    page = Page((tmp_path / "WY.html").read_text(encoding="utf-8"))
    assert differences(database, page.figures) == []
    weights = [figure for figure in page.figures if figure.column == "cluster_weight"]
    assert {(figure.table, figure.key[0]) for figure in weights} == {("marts.area_soc_allocation", ("area_id", "WY"))}
    assert "by where Wyoming's workers in it are employed" in " ".join(page.sections["clusters"].split())
    # they are not the nation's, where industries decide; functions are alike everywhere
    national = [
        Figure(figure.table, (("area_id", "US"), *figure.key[1:]), figure.column, figure.text) for figure in weights
    ]
    assert len(differences(database, national)) >= 3


#: Numbers that stand in the words of a page, and are no figures of an area.
_WORDS = re.compile(
    r"P10|P25|P75|P90|90% interval\w*|20%|25% of a row or more|O\*NET|https?://\S+|lmi report C18140"
    r"|relative standard error of 20% or more"
)


@pytest.mark.parametrize("name", REPORTED)
def test_no_number_stands_outside_the_figures(
    lmi_database: duckdb.DuckDBPyConnection, read: dict[str, Page], name: str
) -> None:
    notes = lmi_database.sql("select vintage, notes from reference.source_vintage").fetchall()
    notes += lmi_database.sql("select title, title from reference.source_vintage").fetchall()
    rules = "high_skill_rule, high_wage_rule, in_demand_rule"
    notes += lmi_database.sql(f"select {rules}, notes, policy_source from reference.policy").fetchall()
    vintages = "|".join(re.escape(" ".join(note.split())) for pair in notes for note in pair if note and len(note) > 8)
    loose = [
        (section, re.sub(vintages, "", _WORDS.sub("", text), flags=re.IGNORECASE))
        for section, text in read[name].loose
        if section not in ("sources", "reading", "cite", "")
    ]
    allowed = re.compile(r"\b(19|20)\d\d(-\d\d)?\b")  # years and periods
    assert [(section, text) for section, text in loose if re.search(r"\d", allowed.sub("", text))] == []


@pytest.mark.parametrize("name", REPORTED)
def test_counts_are_the_databases(one: Callable[[str], object], read: dict[str, Page], name: str) -> None:
    weak = one(
        f"""
        select count(*) from marts.cluster_indicators
        where area_id = '{name}' and level = 'cluster' and basis = 'unduplicated'
            and (reliability in ('C', 'D') or coverage_pct < 50 or wage_coverage_pct < 50)
        """
    )
    assert read[name].counts.get("weak_clusters", "0") == str(weak)


def test_clusters_are_all_there_and_the_largest_is_first(read: dict[str, Page], one: Callable[[str], object]) -> None:
    largest = one(
        "select cluster_id from marts.cluster_indicators where area_id = 'OH' and level = 'cluster' "
        "and basis = 'unduplicated' order by employment desc limit 1"
    )
    jobs = [
        dict(figure.key)
        for figure in read["OH"].figures
        if figure.column == "employment" and figure.table == "marts.cluster_indicators"
    ]
    listed = [key["cluster_id"] for key in jobs if key["level"] == "cluster" and key["basis"] == "unduplicated"]
    assert listed[0] == largest
    assert len(set(listed)) == 14
    inner = {key["sub_cluster_id"] for key in jobs if key["level"] == "sub_cluster"}
    assert len(inner) == 72


#: Figures of the section on programs, from the publishers' files: see test_programs.py for how they are added up.
BY_HAND = {
    ("OH", "healthcare_human_services", "associate"): ("4,110", "1,337", "+2,773", "+2,309", "+2,984"),
    ("OH", "education", "bachelor"): ("13,230", "8,753", "+4,480", "+2,342", "+10,585"),
    ("WY", "healthcare_human_services", "associate"): ("160", "104", "+56", "+42", "+64"),
    ("WY", "advanced_manufacturing", "associate"): ("70", "12", "+58", "+45", "+69"),
}


@pytest.mark.parametrize("asked", BY_HAND, ids="-".join)
def test_awards_and_openings_are_those_of_the_files(read: dict[str, Page], asked: tuple[str, str, str]) -> None:
    area, cluster, level = asked
    row = {"area_id": area, "level": "cluster", "cluster_id": cluster, "education_group": level}
    shown = {
        figure.column: figure.text
        for figure in read[area].figures
        if figure.table == "marts.supply_demand" and row.items() <= dict(figure.key).items()
    }
    columns = ("annual_openings", "awards", "gap", "gap_low", "gap_high")
    assert tuple(shown[column] for column in columns) == BY_HAND[asked]
    # and all clusters together stand below
    assert [
        figure for figure in read[area].figures if {("level", "all"), ("education_group", level)} <= set(figure.key)
    ]


def test_an_area_without_projections_has_its_largest_programs(read: dict[str, Page]) -> None:
    shown = [figure for figure in read["C18140"].figures if figure.table == "marts.program_completions"]
    # first majors of 2021-22 to 2023-24 where HD2024 has CBSA 18140: 3,621 and 3,098 in three years
    wanted = {("24.0101", "associate"): "1,207", ("51.3901", "certificate"): "1,033"}
    keys = [dict(figure.key) for figure in shown]
    awards = {
        (key["cip_code"], key["award_group"]): figure.text
        for key, figure in zip(keys, shown, strict=True)
        if figure.column == "awards"
    }
    assert wanted.items() <= awards.items()
    assert len(awards) == 10
    assert [figure for figure in read["OH"].figures if figure.table == "marts.program_completions"] == []


def test_the_programs_furthest_from_openings_lead_their_lists(read: dict[str, Page]) -> None:
    gaps = [
        figure
        for figure in read["OH"].figures
        if (figure.section, figure.table, figure.column) == ("programs", "marts.program_alignment", "gap")
    ]
    values = [int(figure.text.replace(",", "")) for figure in gaps]
    below, above = values[:10], values[10:]
    assert len(above) == 10
    assert below == sorted(below, reverse=True)
    assert above == sorted(above)
    assert below[-1] > 0 > above[-1]
    assert (
        dict(gaps[0].key)["cip_code"] == "49.0205"
    )  # drivers of trucks: 10,770 openings, and schools that IPEDS lacks


@pytest.mark.parametrize("name", REPORTED)
def test_no_gap_is_called_a_shortage(read: dict[str, Page], name: str) -> None:
    words = " ".join((read[name].sections["summary"] + read[name].sections["programs"]).split()).lower()
    denied = re.sub(r"a gap is not a shortage|(?:is|are) (?:not|neither)[^.]*shortage", "", words)
    assert "shortage" not in denied
    assert ("a gap is not a shortage" in words) == (name != "C18140")


def test_the_list_is_that_of_the_states_policy(read: dict[str, Page], one: Callable[[str], object]) -> None:
    page = read["OH"]
    listed = one(
        "select count(*) from marts.occupation_flag where area_id = 'OH' and policy = 'ohio' and listed = 'true'"
    )
    assert page.counts["listed"] == str(listed)
    wages = [figure for figure in page.figures if figure.column == "in_demand" and dict(figure.key)["policy"] == "ohio"]
    assert len({dict(figure.key)["soc_code"] for figure in wages}) >= 60
    words = " ".join(page.sections["listed"].split())
    # 80 % of the state's median is $39,504; registered nurses have the most openings of those above it but managers
    assert "Registered Nurses" in words
    assert "Ohio TopJobs" in words
    assert "Registered Nursing/Registered Nurse" in words


def test_a_state_without_a_list_has_its_in_demand_occupations(first_run: tuple[Path, Ran], tmp_path: Path) -> None:
    page = Page(write_report(first_run[0] / "lmi.duckdb", "OR", tmp_path).read_text(encoding="utf-8"))
    openings = [
        (dict(figure.key)["soc_code"], figure.text)
        for figure in page.figures
        if figure.section == "summary" and figure.column == "annual_openings" and "soc_code" in dict(figure.key)
    ]
    # Projections Central, Oregon 2022-32: fast food and counter workers, stockers
    assert openings[:2] == [("35-3023", "15,930"), ("53-7065", "8,030")]
    assert len(openings) == 10
    assert "in-demand by Oregon Career Explorer" in " ".join(page.sections["summary"].split())


# --- a page needs nothing but itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTED)
def test_a_page_is_whole(report_pages: Path, read: dict[str, Page], name: str) -> None:
    text = (report_pages / f"{name}.html").read_text(encoding="utf-8")
    assert len(text.encode()) < 2_000_000
    assert [loaded for loaded in read[name].loaded if not loaded.startswith("data:")] == []
    labels = re.findall(r'role="region" aria-label="([^"]*)"', text)
    assert len(set(labels)) == len(labels)
    assert re.findall(r"@import|url\((?!#|['\"]?data:)", text) == []
    assert list(read[name].sections) == SECTIONS[name]
    assert "nan" not in re.findall(r"[a-z]+", text.lower())
    assert "None" not in [text for _, text in read[name].loose]


@pytest.mark.parametrize("name", REPORTED)
def test_headings_are_in_order(read: dict[str, Page], name: str) -> None:
    levels = [level for level, _ in read[name].headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_vintage_of_a_sample_is_said_in_plain_words(read: dict[str, Page]) -> None:
    words = " ".join(read["OH"].sections["industry"].split())
    assert "2016" in words
    assert "is a sample" in words
    assert "Advance CTE" in read["OH"].sections["sources"]
    assert "registered mark" in read["OH"].sections["sources"]


def test_a_figure_that_is_not_there_is_a_word_and_a_metro_area_names_its_state(read: dict[str, Page]) -> None:
    assert "too little published" in read["GU"].sections["clusters"]
    assert "see the report for Ohio" in " ".join(read["C18140"].sections["summary"].split())


@pytest.mark.parametrize("name", REPORTED)
def test_figures_of_the_sample_stand_in_the_appendix_only(read: dict[str, Page], name: str) -> None:
    sample = {"marts.industry_indicators", "marts.cluster_by_industry_estimate", "marts.cluster_trend"}
    assert {figure.section for figure in read[name].figures if figure.table in sample} <= {"industry", "cross-cutting"}
    told = {section for section, text in read[name].loose if "2016" in text}
    assert told <= {"reliability", "sources", "industry", "cross-cutting"}
    headings = dict(zip(SECTIONS[name], (text for level, text in read[name].headings if level == 2), strict=True))
    assert ("industry" not in headings) or headings["industry"] == "Appendix: Employers"


@pytest.mark.parametrize("name", REPORTED)
def test_the_glance_says_it_all(read: dict[str, Page], name: str) -> None:
    here = [figure for figure in read[name].figures if figure.section == "summary"]
    columns = {figure.column for figure in here if dict(figure.key).get("level") == "cluster"}
    outlook = {"growth_pct", "annual_openings"} if "outlook" in SECTIONS[name] else set()
    assert {"employment", "wage_p50_usd", "reliability"} | outlook <= columns
    occupations = {dict(figure.key)["soc_code"] for figure in here if "soc_code" in dict(figure.key)}
    assert len(occupations) == 10
    programs = {figure.key for figure in here if figure.table == "marts.program_alignment"}
    assert (len(programs) > 1) == ("outlook" in SECTIONS[name] and name != "US")


def test_each_chart_comes_as_a_picture_and_as_figures(first_run: tuple[Path, Ran], tmp_path: Path) -> None:
    ran = lmi("report", "--state", "GU", "--charts", "--out", str(tmp_path), data=first_run[0])
    assert ran.code == 0, ran.err
    text = (tmp_path / "GU.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="(GU_charts/[a-z-]+\.(?:png|csv))" download>', text)
    drawn = re.findall(r'<figure id="([a-z-]+)-picture">', text)
    assert links == [f"GU_charts/{name}.{ending}" for name in drawn for ending in ("png", "csv")]
    assert {path.name for path in (tmp_path / "GU_charts").iterdir()} == {link.partition("/")[2] for link in links}
    for name in drawn:
        assert (tmp_path / "GU_charts" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    clusters = pl.read_csv(tmp_path / "GU_charts" / "clusters.csv")
    expected = duckdb.connect(str(first_run[0] / "lmi.duckdb"), read_only=True).sql(
        "select cluster_id, employment from marts.cluster_indicators "
        "where area_id = 'GU' and level = 'cluster' and basis = 'unduplicated'"
    )
    assert dict(clusters.select("cluster_id", "employment").iter_rows()) == dict(expected.fetchall())


def test_the_citation_names_the_release(read: dict[str, Page], one: Callable[[str], object]) -> None:
    release = one("select release_id from quality.release")
    assert f"Ohio: labor market by Career Cluster, jobs and wages of May 2025. Release {release}." in " ".join(
        read["OH"].sections["cite"].split()
    )


def test_what_is_doubtful_is_marked_where_it_stands_and_listed(released_database: Path, tmp_path: Path) -> None:
    database = released_database / "lmi.duckdb"
    row = "area_id = 'WY' and level = 'cluster' and cluster_id = 'construction' and basis = 'unduplicated'"
    _changed(
        database,
        f"update marts.cluster_outlook set base_jobs = 100 where {row}",
        f"update marts.cluster_indicators set reliability = 'D' where {row.replace('construction', 'education')}",
    )
    ran = lmi("report", "--state", "WY", "--out", str(tmp_path), data=released_database)
    assert ran.code == 0, ran.err
    text = (tmp_path / "WY.html").read_text(encoding="utf-8")
    page = Page(text)
    assert differences(database, page.figures) == []
    summary = text[text.index('id="summary"') : text.index('id="clusters"')]
    cells = re.findall(r'<td><span data-column="(\w+)"[^>]*>[^<]*</span> <span class="mark"[^>]*>(.)</span>', summary)
    assert ("growth_pct", "‡") in cells
    assert "Do not rely on this outlook" in " ".join(page.sections["summary"].split())
    weak = " ".join(page.sections["reliability"].split())
    assert "Outlook of Construction ‡: the projections begin with 100 jobs" in weak
    assert any(
        figure.section == "reliability" and dict(figure.key)["cluster_id"] == "education"
        for figure in page.figures
        if figure.column == "total_error_pct"
    )


@pytest.mark.parametrize(
    ("name", "arguments"), [("WY", ["wyom"]), ("C18140", ["ohio", "--area", "18140"]), ("C18140", ["C18140"])]
)
def test_the_command_writes_the_same_page(
    first_run: tuple[Path, Ran], report_pages: Path, tmp_path: Path, name: str, arguments: list[str]
) -> None:
    ran = lmi("report", "--state", *arguments, "--out", str(tmp_path), data=first_run[0])
    assert ran.code == 0, ran.out + ran.err
    assert f"{name}.html" in ran.out
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.html"]
    assert (tmp_path / f"{name}.html").read_bytes() == (report_pages / f"{name}.html").read_bytes()


# --- text from data is text -------------------------------------------------------------------------------------------

HOSTILE = "<script>alert('x')</script><b>&amp;</b>"


def _changed(database: Path, *statements: str) -> None:
    with duckdb.connect(str(database)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_text_from_data_is_shown_as_text(released_database: Path, tmp_path: Path) -> None:
    name = HOSTILE.replace("'", "''")
    _changed(
        released_database / "lmi.duckdb",
        f"update reference.area set area_name = '{name}' || area_name where area_id in ('OH', 'C18140')",
        f"update marts.occupation_indicators set occupation_name = '{name}' where area_id = 'OH'",
        f"update reference.cluster set cluster_name = '{name}' || cluster_name, scope_note = '{name}'",
        f"update reference.sub_cluster set sub_cluster_name = '{name}' || sub_cluster_name",
        f"update reference.source_vintage set notes = '{name}', title = '{name}', attribution = '{name}', "
        "url = 'javascript:alert(1)'",
    )
    ran = lmi("report", "--state", "OH", "--out", str(tmp_path), data=released_database)
    assert ran.code == 0, ran.err
    text = (tmp_path / "OH.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<b>" not in text
    assert "javascript:" not in text
    assert "&lt;script&gt;" in text
    assert f"{HOSTILE}Ohio" in dict(enumerate(heading for _, heading in Page(text).headings))[0]


# --- what cannot be reported on ---------------------------------------------------------------------------------------


def _refused(ran: Ran, code: int, *words: str) -> None:
    assert ran.code == code, ran.out + ran.err
    assert "Traceback" not in ran.err
    for word in words:
        assert word in " ".join(ran.err.split()), ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--state Ohoi", ["Ohoi is not an area", "did you mean Ohio"]),
        ("--state ZZ", ["ZZ is not an area", "states and territories: AK"]),
        ("--state Carolina", ["Carolina fits several areas", "NC North Carolina; SC South Carolina"]),
        ("--state OH --area C99999", ["C99999 is not an area of OH", "C18140"]),
        ("--state OH --area nonmetropolitan", ["nonmetropolitan fits several areas", "Eastern Ohio"]),
        ("--state OH --area Columbos", ["Columbos is not an area of OH", "did you mean Columbus, OH"]),
        ("--state OH --area C48260", ["C48260", "is not an area of OH"]),
        ("--state GU --area C18140", ["C18140", "is not an area of GU", "--state OH"]),
        ("--state OH --policy oregon", ["oregon is a policy of OR", "no flags of OH", "lmi flags OH --policy oregon"]),
        ("--state OH --policy none_such", ["none_such is not a policy", "default", "ohio"]),
        ("--state US --area C18140", ["C18140"]),
        ("--state OH --basis twice", ["--basis twice", "of OH", "it has: unduplicated, duplicated"]),
        ("--all --basis unduplicated:ohio", ["--basis unduplicated:ohio", "it has: unduplicated, duplicated"]),
        ("", ["lmi report OH"]),
        ("--all --state OH", ["--all"]),
        ("--area C18140", ["lmi report OH"]),
        ("--state OH --metros", ["--metros goes with --all"]),
        ("--state OH --format docx", ["docx", "html", "pdf"]),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(
    first_run: tuple[Path, Ran], tmp_path: Path, arguments: str, words: list[str]
) -> None:
    ran = lmi("report", *arguments.split(), "--out", str(tmp_path / "out"), data=first_run[0])
    _refused(ran, 2, *words)
    assert not (tmp_path / "out").exists()


def test_no_release(tmp_path: Path) -> None:
    _refused(
        lmi("report", "--state", "OH", data=tmp_path / "none"), 7, "lmi.duckdb does not exist", "run `lmi run` first"
    )


def test_a_file_that_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "lmi.duckdb").write_bytes(b"not a database" * 1000)
    _refused(lmi("report", "--all", data=tmp_path), 7, "is not a readable release")


def test_a_release_without_a_table_that_is_needed(released_database: Path, tmp_path: Path) -> None:
    _changed(released_database / "lmi.duckdb", "drop table marts.occupation_indicators")
    ran = lmi("report", "--state", "OH", "--out", str(tmp_path), data=released_database)
    _refused(ran, 7, "has no table marts.occupation_indicators", "lmi run --force")


def test_a_release_without_tables_of_sections_leaves_them_out(released_database: Path, tmp_path: Path) -> None:
    optional = (
        "marts.industry_indicators",
        "marts.cluster_trend",
        "marts.cross_cutting_context",
        "marts.occupation_outlook",
        "marts.cluster_outlook",
        "marts.occupation_flag",
        "marts.cluster_flag_share",
        "reference.policy",
        "quality.method_accuracy",
        "reference.method_parameter",
        "marts.supply_demand",
        "marts.program_alignment",
        "marts.program_completions",
    )
    _changed(released_database / "lmi.duckdb", *(f"drop table if exists {table}" for table in optional))
    ran = lmi("report", "--state", "OH", "--out", str(tmp_path), data=released_database)
    assert ran.code == 0, ran.err
    page = Page((tmp_path / "OH.html").read_text(encoding="utf-8"))
    lost = {"industry", "trend", "outlook", "flags", "cross-cutting", "listed", "programs"}
    assert list(page.sections) == [section for section in SECTIONS["OH"] if section not in lost]
    assert differences(released_database / "lmi.duckdb", page.figures) == []


def test_a_database_that_is_open_for_writing(released_database: Path, tmp_path: Path) -> None:
    writer = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read(); c.close()"
    )
    database = str(released_database / "lmi.duckdb")
    with subprocess.Popen(
        [sys.executable, "-c", writer, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        ran = lmi("report", "--state", "OH", "--out", str(tmp_path), data=released_database)
        other.communicate("")
    _refused(ran, 6, "is open for writing in another program")


def test_a_folder_that_cannot_be_written(first_run: tuple[Path, Ran], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = lmi("report", "--state", "GU", "--out", str(tmp_path / "file" / "reports"), data=first_run[0])
    _refused(ran, 9, "cannot be written: what should be a folder", "is a file")


def test_pdf_without_a_browser(first_run: tuple[Path, Ran], tmp_path: Path) -> None:
    ran = lmi(
        "report", "--state", "GU", "--format", "pdf", "--out", str(tmp_path), data=first_run[0], PATH=str(tmp_path)
    )
    _refused(ran, 1, "PDF needs Chromium", "apt-get install chromium")
    ran = lmi("report", "--all", "--format", "pdf", data=first_run[0], LMI_CHROMIUM=str(tmp_path / "nowhere"))
    _refused(ran, 1, "nowhere, which does not exist")


# --- every state ------------------------------------------------------------------------------------------------------


def test_all_reports_and_their_list(released_database: Path, tmp_path: Path) -> None:
    database = released_database / "lmi.duckdb"
    # a release of few states, for time
    _changed(
        database,
        "delete from reference.area where area_type = 'state' and area_id not in ('GU', 'WY')",
        "delete from marts.supply_demand where area_id = 'GU'",
        "update marts.supply_demand set distance_institution_pct = 74.2 "
        "where area_id = 'WY' and level = 'all' and education_group = 'bachelor'",
    )
    ran = lmi("report", "--all", "--out", str(tmp_path / "out"), data=released_database)
    folder = tmp_path / "out"
    assert ran.code == 0, ran.err
    assert "Wrote 3 reports" in ran.out
    assert sorted(path.name for path in folder.iterdir()) == ["GU.html", "US.html", "WY.html", "index.html"]
    guam = " ".join((folder / "GU.html").read_text(encoding="utf-8").split())
    assert "Awards of colleges and schools in Guam" not in guam
    online = {
        area: " ".join(Page((folder / f"{area}.html").read_text(encoding="utf-8")).sections["programs"].split())
        for area in ("US", "WY")
    }
    assert "mainly online" not in online["US"]
    assert 'live in many states: 74.2% of the awards at the level "Bachelor\'s degree". The gaps' in online["WY"]
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert [link for link in re.findall(r'<a href="([^"#]+)"', text) if (folder / link).is_file()] == [
        "US.html",
        "GU.html",
        "WY.html",
    ]
    assert differences(database, Page(text).figures) == []
    # a metro area without a page of its own leads to its state's areas
    assert re.search(r'<a href="WY.html#areas">Casper, WY</a>', text)
    assert 'id="areas"' in (folder / "WY.html").read_text(encoding="utf-8")
    metros = {dict(figure.key)["area_id"] for figure in Page(text).figures} - {"US", "GU", "WY"}
    found = duckdb.connect(str(database), read_only=True).sql(
        "select area_id from reference.area where state_id = 'WY' and area_type in ('metro', 'nonmetro')"
    )
    assert metros == {str(area) for (area,) in found.fetchall()}
