from sql_inputs import Row

MEMBERSHIPS = [
    ("15-1252", "digital", "software", 0.5),
    ("15-1252", "digital", "web", 0.25),
    ("15-1252", "health", "records", 0.25),
    ("11-1021", "management", "leadership", 1.0),
    # no staff in the industries of health: nothing of it is counted there, all of it on the full basis
    ("11-1021", "health", "records", 0.0),
    # a member of a combined code has no figures of its own
    ("13-1021", "supply", "purchasing", 1.0),
]


def membership(basis: str, of: tuple[str, str, str, float], weight: float, scheme: str = "national") -> Row:
    """A row of core.scheme_membership; inside digital, shares are equal ones when jobs are counted once."""
    soc_code, cluster, sub_cluster, _ = of
    keys = {
        "scheme": scheme,
        "basis": basis,
        "soc_code": soc_code,
        "cluster_id": cluster,
        "sub_cluster_id": sub_cluster,
    }
    is_evident = basis == "duplicated" or cluster != "digital"
    evidence = {"evidence_weight": weight if is_evident else 0.0, "cluster_evidence_weight": weight}
    return {**keys, "weight": weight, **evidence}


AREA_SCHEMES = (("US", "national"), ("AK", "national"), ("TX", "TX"))


def groups(run_sql, scheme: str = "national", column: str = "weight") -> dict[str, dict[str, float]]:
    result = run_sql(
        "core.occupation_group",
        {
            "reference.oews_occupation": [
                {"soc_code": "00-0000", "occupation_group": "total"},
                {"soc_code": "15-0000", "occupation_group": "major", "major_code": "15-0000"},
                {"soc_code": "15-1252", "occupation_group": "detailed", "major_code": "15-0000"},
                {"soc_code": "15-1251", "occupation_group": "detailed", "major_code": "15-0000"},
                {"soc_code": "11-1021", "occupation_group": "detailed", "major_code": "11-0000"},
            ],
            "core.area_group_scheme": [{"area_id": area, "scheme": scheme} for area, scheme in AREA_SCHEMES],
            "core.scheme_membership": [
                *(membership("unduplicated", of, of[-1]) for of in MEMBERSHIPS if of[-1] > 0),
                *(membership("duplicated", of, 1.0) for of in MEMBERSHIPS),
                membership("unduplicated", MEMBERSHIPS[1], 1.0, "TX"),
            ],
            "reference.soc_legacy_cluster": [
                {"soc_code": "15-1252", "legacy_cluster_id": "information", "weight": 1.0},
                {"soc_code": "11-1021", "legacy_cluster_id": "business", "weight": 0.75},
                {"soc_code": "11-1021", "legacy_cluster_id": "finance", "weight": 0.25},
                {"soc_code": "13-1021", "legacy_cluster_id": "business", "weight": 1.0},
            ],
        },
    )
    keys = result.select("scheme", "group_id", "soc_code").rows()
    assert keys == sorted(keys)
    found: dict[str, dict[str, float]] = {}
    for row in result.filter(scheme=scheme).iter_rows(named=True):
        assert row["group_id"] == f"{row['basis']}/{row['cluster_id']}/{row['sub_cluster_id']}"
        assert row["soc_code"] not in found.setdefault(row["group_id"], {})
        found[row["group_id"]][row["soc_code"]] = row[column]
    return found


def test_unduplicated_weights_are_the_allocation_and_clusters_sum_their_sub_clusters(run_sql):
    found = {name: members for name, members in groups(run_sql).items() if name.startswith("unduplicated/")}
    assert found == {
        "unduplicated/digital/all": {"15-1252": 0.75},
        "unduplicated/digital/software": {"15-1252": 0.5},
        "unduplicated/digital/web": {"15-1252": 0.25},
        "unduplicated/health/all": {"15-1252": 0.25},
        "unduplicated/health/records": {"15-1252": 0.25},
        "unduplicated/management/all": {"11-1021": 1.0},
        "unduplicated/management/leadership": {"11-1021": 1.0},
    }


def test_duplicated_counts_every_member_in_full_and_once_in_a_cluster(run_sql):
    found = {name: members for name, members in groups(run_sql).items() if name.startswith("duplicated/")}
    assert found == {
        "duplicated/digital/all": {"15-1252": 1.0},
        "duplicated/digital/software": {"15-1252": 1.0},
        "duplicated/digital/web": {"15-1252": 1.0},
        "duplicated/health/all": {"15-1252": 1.0, "11-1021": 1.0},
        "duplicated/health/records": {"15-1252": 1.0, "11-1021": 1.0},
        "duplicated/management/all": {"11-1021": 1.0},
        "duplicated/management/leadership": {"11-1021": 1.0},
    }


def test_former_clusters_share_each_job_out(run_sql):
    found = {name: members for name, members in groups(run_sql).items() if name.startswith("former/")}
    assert found == {
        "former/business/all": {"11-1021": 0.75},
        "former/finance/all": {"11-1021": 0.25},
        "former/information/all": {"15-1252": 1.0},
    }


def test_what_rests_on_evidence_is_a_part_of_the_weight(run_sql):
    weights, evident = groups(run_sql), groups(run_sql, column="evidence_weight")
    less = {
        "unduplicated/digital/software": {"15-1252": 0.0},
        "unduplicated/digital/web": {"15-1252": 0.0},
        # nobody knows how the jobs are shared among several former clusters
        "former/business/all": {"11-1021": 0.0},
        "former/finance/all": {"11-1021": 0.0},
    }
    assert evident == {**weights, **less}


def test_the_publishers_groups_hold_every_detailed_occupation(run_sql):
    found = {name: members for name, members in groups(run_sql).items() if name.startswith("publisher/")}
    assert found == {
        "publisher/00-0000/all": {"11-1021": 1.0, "15-1251": 1.0, "15-1252": 1.0},
        "publisher/11-0000/all": {"11-1021": 1.0},
        "publisher/15-0000/all": {"15-1251": 1.0, "15-1252": 1.0},
    }


def test_a_schemes_own_weights_stand_beside_former_clusters_and_the_publishers_groups(run_sql):
    assert groups(run_sql, "TX") == {
        "unduplicated/digital/all": {"15-1252": 1.0},
        "unduplicated/digital/web": {"15-1252": 1.0},
        "former/business/all": {"11-1021": 0.75},
        "former/finance/all": {"11-1021": 0.25},
        "former/information/all": {"15-1252": 1.0},
        "publisher/00-0000/all": {"11-1021": 1.0, "15-1251": 1.0, "15-1252": 1.0},
        "publisher/11-0000/all": {"11-1021": 1.0},
        "publisher/15-0000/all": {"15-1251": 1.0, "15-1252": 1.0},
    }
