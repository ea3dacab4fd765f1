"""A section is one module and its SQL: pages, notebooks and exports find it without being told its name."""

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.paths import SQL
from pipelines.reports import notebook, page, sections
from pipelines.reports.areas import Area
from pipelines.reports.profile import Profile
from pipelines.reports.release import Release, _query
from pipelines.reports.rows import Row
from pipelines.reports.sections.listed import occupations_table, small_part_note, which_meet
from pipelines.reports.words import listed, terms_as_text

TOY = '''
"""A toy."""

from pipelines.reports.blocks import Section, figures
from pipelines.reports.rows import rows


def _parts(profile, facts):
    found = rows("marts.shift_share", profile.release.ask("toy", least=2))
    return {"table": figures("Toys", "area_name", found, ["employment"])}


SECTION = Section(
    "toy",
    "Toys",
    125,
    "<p>Toys of {{ place }}.</p>{{ show(table) }}",
    parts=_parts,
    terms="<dt>Toy</dt><dd>A {{ place }} thing.</dd>",
)
'''


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A module beside the sections, and its SQL beside theirs."""
    (tmp_path / "toy.py").write_text(TOY, encoding="utf-8")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "toy.sql").write_text(
        "select * from (values ('Ohio', 1::double, 'ok'), ('<b>', 24, 'ok')) as t(area_name, employment, status) "
        "where employment >= $least",
        encoding="utf-8",
    )
    monkeypatch.setattr(sections, "__path__", [*sections.__path__, str(tmp_path)])
    monkeypatch.setattr("pipelines.reports.release.SQL", tmp_path)
    sections.sections.cache_clear()
    yield
    sections.sections.cache_clear()
    _query.cache_clear()
    sys.modules.pop("pipelines.reports.sections.toy", None)


@pytest.fixture
def profile() -> Profile:
    area = Area("OH", "Ohio & more", "state", "OH", False)
    profile = Profile(Release(duckdb.connect()), area)
    profile.__dict__["total"] = None
    return profile


def test_a_new_module_is_a_section_everywhere(toy: None, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    anchors = [section.anchor for section in sections.sections()]
    assert anchors.index("reading") < anchors.index("toy") < anchors.index("sources")
    section = sections.section("toy")
    monkeypatch.setattr("pipelines.reports.rows.key_columns", lambda table: ("area_name",))
    html = page.body(section, profile, page.table)  # type: ignore[arg-type]
    assert "<p>Toys of Ohio &amp; more.</p>" in html
    assert '<th scope="row">&lt;b&gt;</th><td data-column="employment">20</td>' in html
    assert "Ohio</th>" not in html
    assert "Toys of Ohio &amp; more." in notebook.show(section, profile).text
    assert terms_as_text([section], profile) == ["Toy: A Ohio & more thing."]


def test_sections_are_in_their_order_and_their_anchors_are_their_own() -> None:
    found = sections.sections()
    assert [section.anchor for section in found][:2] == ["summary", "clusters"]
    assert found[-1].anchor == "sources"
    for values in ([section.anchor for section in found], [section.order for section in found]):
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("path", sorted((SQL / "reports").glob("*.sql")), ids=lambda path: path.stem)
def test_a_query_is_one_select_that_something_asks(path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    assert len(duckdb.extract_statements(sql)) == 1
    assert sql.startswith("-- ")
    code = "".join(file.read_text(encoding="utf-8") for file in (SQL.parent / "pipelines").rglob("*.py"))
    assert f'"{path.stem}"' in code


def test_names_are_listed_as_people_write_them() -> None:
    assert listed(["Education"]) == "Education"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["Arts, Design", "Education"]) == "Arts, Design; and Education"


#: Ohio: OEWS May 2025, and Projections Central 2022-32.
FARMERS = {"soc_code": "11-9013", "occupation_name": "Farmers", "employment": 100, "base_jobs": 80_720}
NURSES = {"soc_code": "29-1141", "occupation_name": "Nurses", "employment": 129_640, "base_jobs": 131_170}
FIGURES = {
    **{"area_id": "OH", "period": "2025-05", "projection_period": "2022-32", "entry_education": None},
    **{"policy": "ohio", "wage_p50_usd": 65_990, "wage_p50_hourly_usd": 31.73, "growth_pct": -1.0},
    "annual_openings": 7_950,
}


def test_a_wage_of_few_employees_among_the_self_employed_is_marked(profile: Profile) -> None:
    found = [Row("marts.occupation_flag", {**FIGURES, **each}) for each in (FARMERS, NURSES)]
    farmers, nurses = ("".join(line.cells) for line in occupations_table(profile, "Some", found).lines)
    assert farmers.count("§") == 2  # at the wage an hour and at the one a year
    assert "§" not in nurses
    assert "self-employed" in small_part_note(found)
    assert small_part_note(found[1:]) == ""


@pytest.mark.parametrize(
    ("flags", "said"), [("high_wage, in_demand", "on the list of Rule"), (None, "in-demand by Rule")]
)
def test_a_policy_without_a_list_has_its_in_demand_occupations_shown(
    profile: Profile, monkeypatch: pytest.MonkeyPatch, flags: str | None, said: str
) -> None:
    monkeypatch.setattr(Profile, "policy", {"policy_title": "Rule", "list_flags": flags})
    assert which_meet(profile) == said


def test_a_cluster_with_twice_as_many_projected_jobs_is_mostly_self_employed(profile: Profile) -> None:
    # Ohio: OEWS May 2025, and Projections Central 2022-32
    jobs = {"agriculture": (46_606.3, 140_182.9), "education": (384_270.0, 390_000.0)}
    profile.__dict__["clusters"] = [
        Row("marts.cluster_indicators", {"cluster_id": cluster, "employment": counted})
        for cluster, (counted, _) in jobs.items()
    ]
    profile.__dict__["outlook"] = [
        Row("marts.cluster_outlook", {"cluster_id": cluster, "base_jobs": projected, "annual_openings": 16_446.0})
        for cluster, (_, projected) in jobs.items()
    ]
    assert profile.beyond == {"agriculture"}
