"""A release is asked each thing once, and lacks what it lacks without failing."""

from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from pipelines.errors import NoReleaseError, UnknownNameError
from pipelines.reports.release import Release, counterpart, is_counted_once, open_release, overlay_of


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "lmi.duckdb"
    with duckdb.connect(str(path)) as connection:
        for schema in ("marts", "reference"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table marts.cluster_indicators as from (values ('US', 'unduplicated'), ('OH', 'unduplicated'), "
            "('OH', 'unduplicated:pathways')) as t(area_id, basis)"
        )
        connection.execute(
            "create table reference.area as from (values ('OH', 'Ohio', 'state', 'OH', false), "
            "('US', 'National', 'national', null, false), ('TX', 'Texas', 'state', 'TX', false)) "
            "as t(area_id, area_name, area_type, state_id, is_territory)"
        )
        connection.execute(
            "create table reference.overlay as select 'pathways' as overlay_id, 'OH' as state_id, 'O' as overlay_title,"
            " 'wages' as default_policy"
        )
    return path


def test_a_query_runs_once_for_all_areas(database: Path) -> None:
    with open_release(database, needed=()) as release:
        release.choose(["OH", "US"])
        with patch.object(Release, "tables", frozenset(("marts.cluster_indicators", "reference.overlay"))):
            asked = release.ask("bases")
            assert release.ask("bases") is asked
            assert release.of("OH", "bases")["basis"].to_list() == ["unduplicated", "unduplicated:pathways"]
            assert release.of("US", "bases")["basis"].to_list() == ["unduplicated"]
            assert release.of("TX", "bases").is_empty()


def test_areas_are_those_with_figures_the_nation_first(database: Path) -> None:
    with open_release(database, needed=()) as release:
        assert [(area.area_id, area.title) for area in release.areas.values()] == [
            ("US", "United States"),
            ("OH", "Ohio"),
        ]


def test_what_a_release_lacks_has_no_rows(database: Path) -> None:
    with open_release(database, needed=()) as release:
        assert release.ask("outlook", areas=["OH"]).is_empty()
        assert release.of("OH", "industries").is_empty()
        assert release.table("reference.policy") == []
        assert release.row("reference.method_parameter", parameter="lq_min_coverage_pct") is None
        assert release.policies == {}


def test_a_basis_is_refused_with_those_that_the_area_has(database: Path) -> None:
    with open_release(database, "unduplicated:pathways", needed=()) as release:
        release.choose(["OH"])
        with pytest.raises(
            UnknownNameError, match="of US; unduplicated:pathways is of OH and its areas only; it has: undup"
        ):
            release.choose(["OH", "US"])


def test_a_policy_needs_a_release_with_policies(database: Path) -> None:
    with pytest.raises(NoReleaseError, match="no policies"), open_release(database, policy="default", needed=()):
        pass


def test_bases_by_name() -> None:
    assert [is_counted_once(basis) for basis in ("unduplicated", "unduplicated:x", "duplicated:x")] == [
        True,
        True,
        False,
    ]
    assert [counterpart(basis) for basis in ("unduplicated", "duplicated:x")] == ["duplicated", "unduplicated:x"]
    assert [overlay_of(basis) for basis in ("unduplicated", "duplicated:x")] == [None, "x"]
