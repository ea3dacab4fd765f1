"""The published figures by the 16 legacy clusters, compared with those by the clusters of 2024."""

from collections.abc import Callable

import duckdb
import pytest

Query = Callable[[str], object]


def test_every_job_of_the_nation_is_in_one_legacy_cluster(one: Query) -> None:
    # the sum of the 830 detailed occupations in BLS's national workbook
    jobs = one("select sum(employment) from marts.legacy_cluster_indicators where area_id = 'US'")
    assert jobs == pytest.approx(155_481_840, abs=0.05)
    assert one("select count(*) from marts.legacy_cluster_indicators where area_id = 'US'") == 16


def test_every_detailed_occupation_of_the_nation_has_a_legacy_cluster(one: Query) -> None:
    assert (
        one(
            "select count(distinct soc_code) from marts.occupation_indicators "
            "inner join reference.soc_legacy_cluster using (soc_code) where area_id = 'US'"
        )
        == 830
    )


def test_law_and_public_safety_is_the_jobs_of_its_occupations(one: Query) -> None:
    # the 42 O*NET occupations that the list of 2023 names only under this cluster are 38 SOC codes; their TOT_EMP in
    # BLS's national workbook add up to this
    jobs = one(
        "select employment from marts.legacy_cluster_indicators "
        "where area_id = 'US' and legacy_cluster_id = 'law_public_safety_corrections_security'"
    )
    assert jobs == 5_693_210


def test_projected_jobs_of_the_legacy_clusters_are_all_line_items_of_the_nation(one: Query) -> None:
    # BLS Employment Projections 2024-34: 169,956,100 jobs in all, whose 832 line items are rounded to hundreds
    jobs = one("select sum(base_jobs) from marts.legacy_cluster_outlook where area_id = 'US'")
    assert float(str(jobs)) == pytest.approx(169_956_100, abs=832 * 50)


def test_most_jobs_of_a_renamed_cluster_are_in_its_successor(lmi_database: duckdb.DuckDBPyConnection) -> None:
    largest = dict(
        lmi_database.sql(
            "select legacy_cluster_id, arg_max(cluster_id, employment) from marts.legacy_cluster_flow "
            "where area_id = 'US' and level = 'cluster' group by 1"
        ).fetchall()
    )
    # the framework's own old-to-new table
    successor = dict(lmi_database.sql("select legacy_cluster_id, cluster_id from reference.legacy_cluster").fetchall())
    assert largest == successor
