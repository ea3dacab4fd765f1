import pytest
from sql_inputs import Row

from pipelines.contracts.model import contracts
from pipelines.tables import TableName

PLACE = {"area_id": "US", "level": "cluster", "cluster_id": "health", "sub_cluster_id": "all", "basis": "unduplicated"}


def level(education: str, jobs: float | None, openings: float | None) -> Row:
    return {**PLACE, "entry_education": education, "base_jobs": jobs, "annual_openings": openings}


def mix(run_sql, rows: list[Row], coverage: float = 90.0) -> list[Row]:
    result = run_sql(
        "marts.cluster_education_mix",
        {
            "core.group_outlook": rows,
            "marts.cluster_outlook": [PLACE | {"projection_period": "2024-34", "coverage_pct": coverage}],
        },
    )
    return result.to_dicts()


def test_shares_are_of_what_is_known_and_in_order(run_sql):
    found = mix(
        run_sql,
        [
            level("Bachelor's degree", 300.0, 20.0),
            level("High school diploma or equivalent", 100.0, 20.0),
            level("not assigned", 600.0, 60.0),
            # nobody publishes these here
            level("Master's degree", None, None),
        ],
    )
    assert [(row["entry_education"], row["education_rank"]) for row in found] == [
        ("High school diploma or equivalent", 2),
        ("Bachelor's degree", 6),
    ]
    assert [row["openings_pct"] for row in found] == [50, 50]
    assert [row["base_jobs_pct"] for row in found] == [25, 75]
    assert {row["projection_period"] for row in found} == {"2024-34"}


def test_no_openings_have_no_shares(run_sql):
    (row,) = mix(run_sql, [level("Bachelor's degree", 30.0, 0.0)])
    assert (row["openings_pct"], row["base_jobs_pct"]) == (None, pytest.approx(100))


def test_every_level_that_bls_assigns_has_its_place_in_the_order(run_sql):
    assigned = contracts()[TableName("marts", "cluster_education_mix")].columns
    (education,) = (column.values for column in assigned if column.name == "entry_education")
    found = mix(run_sql, [level(words, 1.0, 1.0) for words in education])
    assert [row["entry_education"] for row in found] == list(education)
    assert [row["education_rank"] for row in found] == list(range(1, 9))


def test_a_cluster_hardly_projected_has_no_mix_and_doubtful_openings_leave_the_mix_of_jobs(run_sql):
    assert mix(run_sql, [level("Bachelor's degree", 30.0, 3.0)], coverage=49.9) == []
    (row,) = mix(run_sql, [level("Bachelor's degree", 30.0, None)], coverage=50.0)
    assert (row["base_jobs_pct"], row["annual_openings"], row["openings_pct"]) == (pytest.approx(100), None, None)
