"""Ages of vintages, and the summary of a release, on figures small enough to add up by hand."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.release.freshness import age_in_months
from pipelines.reports.summary import summarise

# area_id, level, cluster_id, basis, employment, total_error_pct, reliability
INDICATORS = [
    ("US", "all", None, "unduplicated", 1000.0, None, None),
    ("US", "all", None, "duplicated", 1000.0, None, None),
    ("US", "cluster", "agriculture", "unduplicated", 300.0, 2.0, "A"),
    ("US", "cluster", "education", "unduplicated", 650.0, 1.0, "A"),
    ("US", "cluster", "agriculture", "duplicated", 900.0, 2.5, "A"),
    ("US", "sub_cluster", "agriculture", "unduplicated", 300.0, 25.0, "C"),
    ("WY", "all", None, "unduplicated", 40.0, None, None),
    ("WY", "cluster", "agriculture", "unduplicated", 30.0, 31.0, "D"),
    ("WY", "cluster", "education", "unduplicated", 10.0, 12.0, "B"),
    ("GU", "cluster", "agriculture", "unduplicated", 2.0, 31.0, "D"),
    ("GU", "cluster", "education", "unduplicated", None, None, None),
    ("WY", "cluster", "agriculture", "duplicated", 30.0, 99.0, "D"),
    # not a state
    ("C16940", "cluster", "agriculture", "unduplicated", 1.0, 80.0, "D"),
]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "lmi.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema reference")
        connection.execute(
            "create table marts.cluster_indicators (area_id varchar, level varchar, cluster_id varchar, basis varchar, "
            "employment double, total_error_pct double, reliability varchar, period varchar default '2025-05')"
        )
        connection.executemany(
            "insert into marts.cluster_indicators by position values (?, ?, ?, ?, ?, ?, ?, '2025-05')", INDICATORS
        )
        connection.execute(
            "create table reference.area as from (values ('US', 'National', 'national'), ('WY', 'Wyoming', 'state'), "
            "('GU', 'Guam', 'state'), ('C16940', 'Cheyenne, WY', 'metro'), ('56021', 'Laramie', 'county'), "
            # a region without a metro area has no figures of OEWS
            "('WY:plains', 'Plains', 'region')) as t(area_id, area_name, area_type)"
        )
        connection.execute(
            "create table reference.cluster as from (values ('agriculture', 'Agriculture'), "
            "('education', 'Education')) as t(cluster_id, cluster_name)"
        )
        connection.execute("create table reference.sub_cluster as from range(72) as t(sub_cluster_id)")
    return path


def test_summary_counts_every_job_once_and_ranks_the_weakest_states(database: Path) -> None:
    summary = summarise(database)
    assert (summary.period, summary.areas, summary.clusters, summary.sub_clusters) == ("2025-05", 4, 2, 72)
    assert (summary.national_employment, summary.unduplicated_employment) == (1000, 950)
    assert summary.reliability == {"A": 2, "B": 1, "D": 3}
    assert list(summary.weakest_state_clusters) == [
        ("Guam", "Agriculture", 31.0),
        ("Wyoming", "Agriculture", 31.0),
        ("Wyoming", "Education", 12.0),
    ]


def test_summary_does_not_write(database: Path) -> None:
    before = database.read_bytes()
    summarise(database)
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("period", "today", "months"),
    [
        ("2025-05", date(2026, 11, 23), 18),
        ("2025-05", date(2025, 5, 1), 0),
        ("2025-12", date(2026, 1, 31), 1),
        ("2026-02", date(2026, 1, 31), -1),
        # a year ends in December
        ("2022", date(2026, 11, 23), 47),
        ("2018", date(2019, 1, 1), 1),
        # neither a year nor a month: no age rather than a wrong one
        ("2024-34", date(2026, 11, 23), None),
        ("2025-Q1", date(2026, 11, 23), None),
        ("", date(2026, 11, 23), None),
    ],
)
def test_age_is_counted_from_the_last_month_of_the_period(period: str, today: date, months: int | None) -> None:
    assert age_in_months(period, today) == months
