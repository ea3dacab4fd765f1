import pytest
from sql_inputs import home_employment


def test_jobs_by_industry_home_at_every_level(run_sql):
    result = run_sql(
        "marts.industry_employment",
        {
            "core.occupation_home_employment": [
                home_employment(
                    "00-0000", "manufacturing", "production", 300, wage_employment=300.0, wages_usd=18_000_000.0
                ),
                home_employment(
                    "00-0000",
                    "manufacturing",
                    "unassigned",
                    100,
                    mixed_employment=50.0,
                    wage_employment=100.0,
                    wages_usd=4_000_000.0,
                ),
                # half of the jobs have a mean wage
                home_employment("00-0000", "health", "care", 500, wage_employment=250.0, wages_usd=10_000_000.0),
                home_employment("00-0000", "unassigned", "unassigned", 100, mixed_employment=100.0),
                # single occupations are no part of it
                home_employment("15-1252", "health", "care", 7_777, wage_employment=7_777.0, wages_usd=1.0),
            ]
        },
    )
    assert result["area_id"].unique().to_list() == ["US"]
    assert result["period"].unique().to_list() == ["2025-05"]
    figures = result.drop("area_id", "period").rows()
    assert figures == [
        # 32,000,000 over the 650 jobs with a wage; 50 + 100 of 1,000 jobs are mixed
        ("all", "all", "all", 1000.0, 100.0, pytest.approx(49_230.77), 15.0),
        ("cluster", "health", "all", 500.0, 50.0, 40_000.0, 0.0),
        # 22,000,000 over 400; 50 of 400 mixed
        ("cluster", "manufacturing", "all", 400.0, 40.0, 55_000.0, 12.5),
        ("cluster", "unassigned", "all", 100.0, 10.0, None, 100.0),
        ("sub_cluster", "health", "care", 500.0, 50.0, 40_000.0, 0.0),
        ("sub_cluster", "manufacturing", "production", 300.0, 30.0, 60_000.0, 0.0),
        ("sub_cluster", "manufacturing", "unassigned", 100.0, 10.0, 40_000.0, 50.0),
        ("sub_cluster", "unassigned", "unassigned", 100.0, 10.0, None, 100.0),
    ]
    assert result.drop("area_id", "period").columns == [
        "level",
        "cluster_id",
        "sub_cluster_id",
        "employment",
        "employment_share_pct",
        "wage_mean_usd",
        "mixed_pct",
    ]
