import pytest


def memberships(run_sql, listed: list[tuple[str, str]], combined: dict[str, str] | None = None):
    result = run_sql(
        "reference.soc_legacy_cluster",
        {
            "seed.onet_legacy_cluster": [
                {"onet_soc_code": code, "legacy_cluster_id": cluster} for code, cluster in listed
            ],
            "seed.soc_combined": [
                {"combined_code": combined_code, "member_code": code}
                for code, combined_code in (combined or {}).items()
            ],
        },
    )
    assert result.select("soc_code", "legacy_cluster_id").rows() == sorted(
        result.select("soc_code", "legacy_cluster_id").rows()
    )
    return {
        (row["soc_code"], row["legacy_cluster_id"]): (
            pytest.approx(row["weight"]),
            row["onet_occupations"],
            row["listed_as"],
        )
        for row in result.iter_rows(named=True)
    }


def test_a_code_listed_under_one_cluster_is_all_its_own_however_often_it_is_divided(run_sql):
    found = memberships(run_sql, [("29-1141.00", "health"), ("29-1141.01", "health"), ("29-1141.03", "health")])
    assert found == {("29-1141", "health"): (1.0, 3, "29-1141.00, 29-1141.01, 29-1141.03")}


def test_each_onet_occupation_counts_once_and_shares_itself_among_its_clusters(run_sql):
    # three parts: one of finance, one of management, one of both
    found = memberships(
        run_sql,
        [
            ("11-3031.00", "finance"),
            ("11-3031.01", "management"),
            ("11-3031.03", "finance"),
            ("11-3031.03", "management"),
        ],
    )
    assert found == {
        ("11-3031", "finance"): (0.5, 2, "11-3031.00, 11-3031.03"),
        ("11-3031", "management"): (0.5, 2, "11-3031.01, 11-3031.03"),
    }


def test_a_combined_code_is_the_mean_of_its_members(run_sql):
    # of four members three are of transportation, one is half of human services
    found = memberships(
        run_sql,
        [
            ("53-1042.00", "transportation"),
            ("53-1043.00", "transportation"),
            ("53-1044.00", "transportation"),
            ("53-1044.00", "human_services"),
            ("53-1049.00", "transportation"),
        ],
        {"53-1042": "53-1047", "53-1043": "53-1047", "53-1044": "53-1047", "53-1049": "53-1047"},
    )
    assert found["53-1047", "transportation"][0] == 0.875
    assert found["53-1047", "human_services"] == (0.125, 1, "53-1044.00")
    assert found["53-1044", "human_services"][0] == 0.5


def test_a_combined_code_that_is_listed_itself_stays_as_listed(run_sql):
    found = memberships(run_sql, [("13-1020.00", "management"), ("13-1021.00", "agriculture")], {"13-1021": "13-1020"})
    assert found["13-1020", "management"][0] == 1.0
    assert ("13-1020", "agriculture") not in found
