import pytest
from sql_inputs import area_types, estimate_cell

US_AND_OK = [
    estimate_cell("US", "11-1021", 1_000),
    estimate_cell("US", "29-1141", 3_000),
    estimate_cell("US", "47-2111", 400),
    # withheld in OK; 47-2111 has no estimate there either
    estimate_cell("OK", "11-1021", None, 60),
    estimate_cell("OK", "29-1141", 200),
    # a metro area is no state
    estimate_cell("C36420", "29-1141", 90),
]


@pytest.fixture
def flow(run_sql):
    result = run_sql(
        "marts.legacy_cluster_flow",
        {
            "core.occupation_estimate": US_AND_OK,
            "reference.area": area_types("US", "OK", "C36420"),
            "reference.oews_occupation": [
                {"soc_code": "11-1021", "occupation_group": "detailed"},
                {"soc_code": "29-0000", "occupation_group": "major"},
                {"soc_code": "29-1141", "occupation_group": "detailed"},
                {"soc_code": "47-2111", "occupation_group": "detailed"},
            ],
            "reference.soc_legacy_cluster": [
                {"soc_code": "11-1021", "legacy_cluster_id": "business", "weight": 0.75},
                {"soc_code": "11-1021", "legacy_cluster_id": "finance", "weight": 0.25},
                {"soc_code": "29-1141", "legacy_cluster_id": "health_science", "weight": 1.0},
                {"soc_code": "47-2111", "legacy_cluster_id": "architecture", "weight": 1.0},
                # a member of a combined code has no figures of its own
                {"soc_code": "13-1021", "legacy_cluster_id": "business", "weight": 1.0},
            ],
            "core.scheme_membership": [
                {"scheme": "national", "basis": "unduplicated", **allocation}
                for allocation in (
                    {"soc_code": "11-1021", "cluster_id": "management", "sub_cluster_id": "leadership", "weight": 0.5},
                    {"soc_code": "11-1021", "cluster_id": "management", "sub_cluster_id": "regulation", "weight": 0.3},
                    {"soc_code": "11-1021", "cluster_id": "healthcare", "sub_cluster_id": "medicine", "weight": 0.2},
                    {"soc_code": "29-1141", "cluster_id": "healthcare", "sub_cluster_id": "medicine", "weight": 1.0},
                    {"soc_code": "47-2111", "cluster_id": "construction", "sub_cluster_id": "trades", "weight": 1.0},
                )
            ],
            "core.area_group_scheme": [{"area_id": area, "scheme": "national"} for area in ("US", "OK", "C36420")],
        },
    )
    return {
        (row["area_id"], row["legacy_cluster_id"], row["cluster_id"], row["sub_cluster_id"]): row
        for row in result.iter_rows(named=True)
    }


def test_jobs_go_where_both_weights_say(flow):
    jobs = {key[1:]: row["employment"] for key, row in flow.items() if key[0] == "US" and row["level"] == "sub_cluster"}
    # 1,000 managers: three quarters of business, half of those leaders now
    assert jobs == {
        ("business", "management", "leadership"): 375.0,
        ("business", "management", "regulation"): 225.0,
        ("business", "healthcare", "medicine"): 150.0,
        ("finance", "management", "leadership"): 125.0,
        ("finance", "management", "regulation"): 75.0,
        ("finance", "healthcare", "medicine"): 50.0,
        ("health_science", "healthcare", "medicine"): 3_000.0,
        ("architecture", "construction", "trades"): 400.0,
    }
    assert sum(jobs.values()) == 4_400


def test_shares_are_of_the_former_and_of_the_present_cluster(flow):
    business = flow["US", "business", "management", "all"]
    assert (business["employment"], business["share_of_legacy_cluster_pct"]) == (600.0, 80.0)
    # management is 600 of business and 200 of finance
    assert business["share_of_cluster_pct"] == 75.0
    # healthcare is 150 of business, 50 of finance, 3,000 of health science
    assert flow["US", "health_science", "healthcare", "all"]["share_of_cluster_pct"] == 93.75
    assert flow["US", "health_science", "healthcare", "medicine"]["share_of_cluster_pct"] == 93.75
    # an occupation shared among sub-clusters of one cluster is one occupation there
    assert business["occupations"] == business["occupations_defined"] == 1


def test_an_estimated_occupation_counts_and_says_so(flow):
    estimated = flow["OK", "business", "management", "all"]
    # three quarters of 60, of which 0.8 are in management
    assert (estimated["employment"], estimated["share_of_legacy_cluster_pct"]) == (36.0, 80.0)
    assert (estimated["status"], estimated["occupations"], estimated["coverage_pct"]) == ("modelled", 0, 0.0)


def test_an_occupation_without_an_estimate_is_missing_not_zero(flow):
    withheld = flow["OK", "architecture", "construction", "all"]
    assert (withheld["employment"], withheld["share_of_legacy_cluster_pct"]) == (None, None)
    assert (withheld["status"], withheld["occupations"], withheld["occupations_defined"]) == ("withheld", 0, 1)
    assert withheld["coverage_pct"] == 0.0
    shown = flow["OK", "health_science", "healthcare", "all"]
    assert (shown["employment"], shown["status"], shown["coverage_pct"]) == (200.0, "ok", 100.0)


def test_only_the_nation_and_states_are_shown(flow):
    assert {key[0] for key in flow} == {"US", "OK"}
