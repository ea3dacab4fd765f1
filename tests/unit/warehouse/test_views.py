"""Views of the published database: their columns, and what stands in their rows."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.contracts.model import contracts, views
from pipelines.policies.defaults import default_policy
from pipelines.tables import TableName
from pipelines.warehouse.views import create_views, declared_definitions, definitions

#: Columns that these tests give a value; all others are empty.
ROWS: dict[str, list[dict[str, object]]] = {
    "reference.area": [
        {"area_id": "US", "area_name": "National", "area_type": "national"},
        {"area_id": "OH", "area_name": "Ohio", "area_type": "state", "state_id": "OH"},
        {"area_id": "CO", "area_name": "Colorado", "area_type": "state", "state_id": "CO"},
        {"area_id": "WY", "area_name": "Wyoming", "area_type": "state", "state_id": "WY"},
        {"area_id": "C18140", "area_name": "Columbus, OH", "area_type": "metro", "state_id": "OH"},
    ],
    "reference.policy": [
        {"policy": "default", "policy_title": "Neutral"},
        {"policy": "bright_outlook", "policy_title": "Bright"},
        {"policy": "ohio", "policy_title": "TopJobs", "state_id": "OH"},
        {"policy": "colorado_tier_2", "policy_title": "Tier 2", "state_id": "CO"},
        {"policy": "colorado_tier_1", "policy_title": "Tier 1", "state_id": "CO"},
    ],
    "reference.cluster": [{"cluster_id": "education", "cluster_name": "Education"}],
    "reference.sub_cluster": [{"sub_cluster_id": "teaching", "sub_cluster_name": "Teaching"}],
    "marts.cluster_indicators": [
        {"area_id": area, "level": "cluster", "cluster_id": "education", "sub_cluster_id": "all", "basis": basis,
         "period": "2025-05", "employment": jobs, "employment_share_pct": share}
        for area, basis, jobs, share in (
            ("US", "unduplicated", 900.0, 9.0), ("US", "duplicated", 1200.0, 12.0),
            ("OH", "unduplicated", 70.0, 7.0), ("OH", "duplicated", 80.0, 8.0),
        )
    ],
    "marts.occupation_flag": [
        {"area_id": "OH", "soc_code": code, "policy": policy, "in_demand": verdict}
        for code in ("11-1011", "51-4121")
        for policy, verdict in (("default", "true"), ("ohio", "false"), ("bright_outlook", "true"))
    ],
    "marts.occupation_indicators": [
        {"area_id": "OH", "soc_code": "11-1011", "occupation_name": "Chief executives", "employment": 10,
         "main_cluster_id": "education"},
    ],
    "marts.occupation_outlook": [
        {"area_id": "OH", "soc_code": "51-4121", "occupation_name": "Welders", "annual_openings": 30},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every declared table with the rows above, and the views over them."""
    with duckdb.connect(":memory:") as connection:
        for table in contracts().values():
            connection.execute(f"create schema if not exists {table.schema_name}")
            columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
            connection.execute(f"create table {table.table} ({columns})")
            for row in ROWS.get(str(table.table), []):
                marks = ", ".join("?" * len(row))
                connection.execute(f"insert into {table.table} ({', '.join(row)}) values ({marks})", [*row.values()])
        create_views(connection, views().values())
        yield connection


@pytest.mark.parametrize("name", views(), ids=str)
def test_a_view_has_the_declared_columns_types_and_comments(
    name: TableName, warehouse: duckdb.DuckDBPyConnection
) -> None:
    view = warehouse.sql(f"select * from {name}")
    assert tuple(view.columns) == views()[name].column_names
    assert [str(kind) for kind in view.types] == [column.type.upper() for column in views()[name].columns]
    comments = warehouse.sql(
        f"select column_name, comment from duckdb_columns() where schema_name = 'main' and table_name = '{name.name}'"
    ).fetchall()
    assert {column: bool(comment) for column, comment in comments} == dict.fromkeys(views()[name].column_names, True)


def test_each_area_has_the_policy_that_stands_for_its_state(warehouse: duckdb.DuckDBPyConnection) -> None:
    standing = dict(warehouse.sql("select area_id, policy from v_policy").fetchall())
    assert standing == {
        "US": "default",
        "WY": "default",
        "OH": "ohio",
        "C18140": "ohio",
        "CO": "colorado_tier_1",
    }
    # the same rule in Python stands for reports and commands
    named = [(str(row["policy"]), row.get("state_id")) for row in ROWS["reference.policy"]]
    for state in ("OH", "CO", "WY"):
        assert standing[state] == default_policy(state, named, None)  # type: ignore[arg-type]


def test_the_policy_of_an_overlay_goes_before_the_states_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("begin")
    warehouse.execute("insert into reference.overlay (state_id, default_policy) values ('OH', 'bright_outlook')")
    found = warehouse.sql("select policy from v_policy where area_id = 'C18140'").fetchall()
    warehouse.execute("rollback")
    assert found == [("bright_outlook",)]


def test_clusters_count_each_job_once_beside_the_nation_and_the_jobs_in_full(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.sql(
        "select area_name, cluster_name, sub_cluster_name, employment, national_share_pct, employment_in_full "
        "from v_cluster order by area_id"
    ).fetchall()
    assert rows == [("Ohio", "Education", None, 70, 9, 80), ("National", "Education", None, 900, 9, 1200)]


def test_occupations_have_one_row_under_the_states_policy_with_or_without_figures(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.sql(
        "select occupation_name, main_cluster_name, employment, annual_openings, policy_title, in_demand "
        "from v_occupation order by soc_code"
    ).fetchall()
    assert rows == [
        ("Chief executives", "Education", 10, None, "TopJobs", "false"),
        ("Welders", None, None, 30, "TopJobs", "false"),
    ]


def test_a_view_that_was_changed_is_told_from_the_declared_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    declared = declared_definitions()
    assert definitions(warehouse) == declared
    assert set(declared) == {str(name) for name in views()}
    with warehouse.cursor() as other:
        other.execute("begin")
        other.execute("create or replace view v_policy as select area_id, 'default' as policy from reference.area")
        assert definitions(other)["main.v_policy"] != declared["main.v_policy"]
        other.execute("rollback")
