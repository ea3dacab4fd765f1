import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sql_inputs import Row, Tables, area_cell, home_employment

SOC = "11-1021"
CLUSTERS = {
    "agriculture": False,
    "health": False,
    "manufacturing": False,
    "digital": True,
    "management": True,
    "marketing": True,
}
#: Sub-clusters that are home of some industry; others are in no industry's mapping.
INDUSTRY_SUB_CLUSTERS = ("crops", "food", "machinery", "production", "leadership")


def membership(framework: str, code: str, cluster: str, sub_cluster: str, given: float | None = None) -> Row:
    """A row of core.framework_membership; a cluster that is not among CLUSTERS is a state's own."""
    return {
        "framework": framework,
        "soc_code": code,
        "cluster_id": cluster,
        "sub_cluster_id": sub_cluster,
        "is_cross_cutting": CLUSTERS.get(cluster, False),
        "has_evidence": cluster in CLUSTERS,
        "given_weight": given,
    }


def tables(
    memberships: list[tuple[str, str, str]],
    national: dict[str, int | None],
    homes: list[Row],
    combined: dict[str, str] | None = None,
    states: list[Row] | None = None,
) -> Tables:
    """Inputs of core.framework_allocation; the codes in `national` are the detailed OEWS occupations."""
    return {
        "core.framework_membership": [
            membership("national", code, cluster, sub_cluster) for code, cluster, sub_cluster in memberships
        ],
        "reference.oews_occupation": [
            {"soc_code": code, "occupation_group": "detailed", "major_code": code[:2] + "-0000"} for code in national
        ],
        "seed.soc_combined": [
            {"combined_code": combined_code, "member_code": code} for code, combined_code in (combined or {}).items()
        ],
        "core.oews_area_occupation": [
            *(area_cell("US", code, employment) for code, employment in national.items()),
            # another area's jobs are no evidence
            *(area_cell("TX", code, 55_555) for code in national),
        ],
        "core.occupation_home_employment": homes,
        "core.area_home_employment": states or [],
        "reference.naics_sub_cluster": [
            {"code_system": "naics_2022", "naics_code": str(place), "sub_cluster_id": sub_cluster}
            for place, sub_cluster in enumerate((*INDUSTRY_SUB_CLUSTERS, None, None))
        ],
    }


@pytest.fixture
def allocate(run_sql):
    def run(*arguments) -> list[Row]:
        rows = run_sql("core.framework_allocation", tables(*arguments)).filter(area_id="US")
        return list(rows.iter_rows(named=True))

    return run


@pytest.fixture
def clusters(allocate):
    """Cluster weights and the one method of an occupation with one sub-cluster in each of its clusters."""

    def run(members: list[str], national: int | None, homes: dict[str, int]) -> tuple[dict[str, float], str]:
        rows = allocate(
            [(SOC, cluster, f"only of {cluster}") for cluster in members],
            {SOC: national},
            [home_employment(SOC, cluster, "unassigned", jobs) for cluster, jobs in homes.items()],
        )
        assert all(row["weight_in_cluster"] == 1 and row["sub_cluster_method"] == "single" for row in rows)
        assert all(row["weight"] == row["cluster_weight"] for row in rows)
        (method,) = {row["cluster_method"] for row in rows}
        return {row["cluster_id"]: row["weight"] for row in rows}, method

    return run


def test_an_occupation_of_one_cluster_is_all_its_own(clusters):
    weights, method = clusters(["health"], 1000, {"health": 10, "manufacturing": 900})
    assert (weights, method) == ({"health": 1.0}, "single")


def test_without_cross_cutting_member_home_shares_are_scaled_to_one(clusters):
    # 300 and 100 of 1,000 jobs are in the two clusters' own industries; the 600 elsewhere follow them 3 to 1
    weights, method = clusters(
        ["manufacturing", "agriculture"], 1000, {"manufacturing": 300, "agriculture": 100, "unassigned": 600}
    )
    assert weights == pytest.approx({"manufacturing": 0.75, "agriculture": 0.25})
    assert method == "staffing_pattern"


def test_a_cross_cutting_member_gets_the_rest(clusters):
    # manufacturing keeps its 200 of 1,000; management gets the other 800, whoever's industries they are in
    weights, method = clusters(
        ["manufacturing", "management"],
        1000,
        {"manufacturing": 200, "management": 50, "health": 250, "unassigned": 500},
    )
    assert weights == pytest.approx({"manufacturing": 0.2, "management": 0.8})
    assert method == "staffing_pattern_and_rest"


def test_two_cross_cutting_members_share_the_rest_by_their_own_industries(clusters):
    # the rest of 800 goes 30 to 10: 600 and 200
    weights, method = clusters(
        ["manufacturing", "management", "marketing"],
        1000,
        {"manufacturing": 200, "management": 30, "marketing": 10, "unassigned": 760},
    )
    assert weights == pytest.approx({"manufacturing": 0.2, "management": 0.6, "marketing": 0.2})
    assert method == "staffing_pattern_and_rest"


def test_two_cross_cutting_members_share_the_rest_equally_without_industries(clusters):
    weights, _ = clusters(["manufacturing", "management", "marketing"], 1000, {"manufacturing": 200, "health": 800})
    assert weights == pytest.approx({"manufacturing": 0.2, "management": 0.4, "marketing": 0.4})


def test_cross_cutting_members_alone_share_everything(clusters):
    weights, _ = clusters(["management", "marketing"], 1000, {"management": 30, "marketing": 90, "health": 880})
    assert weights == pytest.approx({"management": 0.25, "marketing": 0.75})


def test_a_sector_cluster_without_jobs_in_its_industries_gets_none_of_the_rest(clusters):
    weights, _ = clusters(["manufacturing", "management"], 1000, {"health": 400, "unassigned": 600})
    assert weights == {"manufacturing": 0.0, "management": 1.0}


def test_sector_parts_above_the_national_figure_by_rounding_leave_no_negative_rest(clusters):
    weights, _ = clusters(["manufacturing", "agriculture", "management"], 100, {"manufacturing": 60, "agriculture": 50})
    assert weights == pytest.approx({"manufacturing": 60 / 110, "agriculture": 50 / 110, "management": 0.0})


@pytest.mark.parametrize("members", [["manufacturing", "agriculture"], ["manufacturing", "management"]])
def test_without_evidence_members_share_equally(clusters, members):
    weights, method = clusters(members, None, {})
    assert weights == dict.fromkeys(members, 0.5)
    assert method == "equal_split"


def test_another_occupations_industries_are_no_evidence(allocate):
    rows = allocate(
        [(SOC, "manufacturing", "machinery"), (SOC, "agriculture", "food")],
        {SOC: 1000},
        [
            home_employment("00-0000", "manufacturing", "machinery", 900),
            home_employment("51-1011", "agriculture", "food", 9),
        ],
    )
    assert {row["cluster_id"]: row["weight"] for row in rows} == {"manufacturing": 0.5, "agriculture": 0.5}


@pytest.fixture
def sub_clusters(allocate):
    """Weights in the cluster and methods by sub-cluster of an occupation that is in manufacturing only."""

    def run(members: list[str], homes: dict[str, int]) -> dict[str, tuple[float, str]]:
        rows = allocate(
            [(SOC, "manufacturing", sub_cluster) for sub_cluster in members],
            {SOC: 1000},
            [home_employment(SOC, "manufacturing", sub_cluster, jobs) for sub_cluster, jobs in homes.items()],
        )
        assert all((row["cluster_weight"], row["cluster_method"]) == (1.0, "single") for row in rows)
        return {row["sub_cluster_id"]: (row["weight"], row["sub_cluster_method"]) for row in rows}

    return run


def test_inside_a_cluster_industries_place_the_jobs(sub_clusters):
    found = sub_clusters(["machinery", "production"], {"machinery": 300, "production": 100})
    assert found == {
        "machinery": (pytest.approx(0.75), "staffing_pattern"),
        "production": (pytest.approx(0.25), "staffing_pattern"),
    }


def test_jobs_the_industries_cannot_place_are_shared_equally(sub_clusters):
    # of 600 jobs 200 are of the cluster only: 300 + 100 and 100 + 100
    found = sub_clusters(["machinery", "production"], {"machinery": 300, "production": 100, "unassigned": 200})
    assert {name: weight for name, (weight, _) in found.items()} == pytest.approx(
        {"machinery": 2 / 3, "production": 1 / 3}
    )


def test_a_sub_cluster_that_is_no_industrys_home_keeps_its_equal_share(sub_clusters):
    # quality keeps a third; of the other two thirds machinery has 400 of 600 and production 200
    found = sub_clusters(
        ["machinery", "production", "quality"], {"machinery": 300, "production": 100, "unassigned": 200}
    )
    assert found == {
        "machinery": (pytest.approx(4 / 9), "staffing_pattern"),
        "production": (pytest.approx(2 / 9), "staffing_pattern"),
        "quality": (pytest.approx(1 / 3), "equal_share_no_industry"),
    }


def test_a_sub_cluster_with_industries_but_no_jobs_in_them_gets_none_of_the_placed(sub_clusters):
    found = sub_clusters(["machinery", "production"], {"machinery": 300})
    assert {name: weight for name, (weight, _) in found.items()} == {"machinery": 1.0, "production": 0.0}


@pytest.mark.parametrize("homes", [{}, {"unassigned": 500}, {"food": 500}], ids=["none", "unplaced", "elsewhere"])
def test_sub_clusters_without_placed_jobs_share_equally(sub_clusters, homes):
    found = sub_clusters(["machinery", "production", "quality"], homes)
    assert found == dict.fromkeys(["machinery", "production", "quality"], (pytest.approx(1 / 3), "equal_split"))


def test_weight_is_the_clusters_share_times_the_share_inside_it(allocate):
    rows = allocate(
        [(SOC, "manufacturing", "machinery"), (SOC, "manufacturing", "production"), (SOC, "agriculture", "food")],
        {SOC: 1000},
        [
            home_employment(SOC, "manufacturing", "machinery", 300),
            home_employment(SOC, "manufacturing", "production", 100),
            home_employment(SOC, "agriculture", "food", 50),
            # crops are agriculture's, though the occupation is no member there: evidence for the cluster all the same
            home_employment(SOC, "agriculture", "crops", 50),
        ],
    )
    # manufacturing 400 of 500, and in it 3 to 1
    found = {row["sub_cluster_id"]: row for row in rows}
    assert {name: row["weight"] for name, row in found.items()} == pytest.approx(
        {"machinery": 0.6, "production": 0.2, "food": 0.2}
    )
    assert found["machinery"]["cluster_weight"] == pytest.approx(0.8)
    assert found["machinery"]["weight_in_cluster"] == pytest.approx(0.75)
    assert found["machinery"]["cluster_home_employment"] == 400
    assert found["machinery"]["sub_cluster_home_employment"] == 300
    assert found["food"]["cluster_home_employment"] == 100


def test_members_of_a_combined_code_are_shared_as_it_is(allocate):
    members = [("manufacturing", "machinery"), ("agriculture", "food")]
    rows = allocate(
        [(code, *member) for code in ("29-2010", "29-2011", "29-2012") for member in members],
        {"29-2010": 1000},
        [
            home_employment("29-2010", "manufacturing", "machinery", 90),
            home_employment("29-2010", "agriculture", "food", 10),
        ],
        {"29-2011": "29-2010", "29-2012": "29-2010"},
    )
    assert {row["evidence_soc_code"] for row in rows} == {"29-2010"}
    found = {(row["soc_code"], row["sub_cluster_id"]): row["weight"] for row in rows}
    assert found == pytest.approx(
        {
            ("29-2010", "food"): 0.1,
            ("29-2010", "machinery"): 0.9,
            ("29-2011", "food"): 0.1,
            ("29-2011", "machinery"): 0.9,
            ("29-2012", "food"): 0.1,
            ("29-2012", "machinery"): 0.9,
        }
    )
    assert [row["soc_code"] for row in rows] == sorted(row["soc_code"] for row in rows)


def test_a_code_that_oews_publishes_itself_speaks_for_itself(allocate):
    rows = allocate(
        [("29-2011", "manufacturing", "machinery"), ("29-2011", "agriculture", "food")],
        {"29-2010": 1000, "29-2011": 200},
        [
            home_employment("29-2010", "manufacturing", "machinery", 900),
            home_employment("29-2011", "agriculture", "food", 50),
        ],
        {"29-2011": "29-2010"},
    )
    assert {row["evidence_soc_code"] for row in rows} == {"29-2011"}
    assert {row["sub_cluster_id"]: row["weight"] for row in rows} == {"machinery": 0.0, "food": 1.0}


PLACES = {
    "agriculture": ("crops", "food", "water"),
    "health": ("care",),
    "manufacturing": ("machinery", "production", "quality"),
    "management": ("leadership", "small business"),
    "marketing": ("retail",),
}
MEMBERSHIPS = [(cluster, name) for cluster, names in PLACES.items() for name in names]
#: An occupation: its sub-clusters, national jobs, and jobs by home (cluster with or without sub-cluster).
OCCUPATION = st.tuples(
    st.sets(st.sampled_from(MEMBERSHIPS), min_size=1),
    st.none() | st.integers(0, 10_000),
    st.dictionaries(
        st.sampled_from(
            [place for place in MEMBERSHIPS if place[1] in INDUSTRY_SUB_CLUSTERS]
            + [(cluster, "unassigned") for cluster in (*PLACES, "unassigned")]
        ),
        st.integers(1, 10_000),
    ),
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(occupations=st.lists(OCCUPATION, min_size=1, max_size=25))
def test_every_occupations_weights_sum_to_one(run_sql, occupations):
    codes = [f"11-{place:04}" for place in range(len(occupations))]
    result = run_sql(
        "core.framework_allocation",
        tables(
            [(code, *member) for code, (members, _, _) in zip(codes, occupations, strict=True) for member in members],
            {code: national for code, (_, national, _) in zip(codes, occupations, strict=True)},
            [
                home_employment(code, *home, jobs)
                for code, (_, _, homes) in zip(codes, occupations, strict=True)
                for home, jobs in homes.items()
            ],
        ),
    )
    found: dict[str, list[Row]] = {code: [] for code in codes}
    for row in result.iter_rows(named=True):
        found[row["soc_code"]].append(row)
        assert 0 <= row["weight"] <= 1 + 1e-12
        assert row["weight"] == pytest.approx(row["cluster_weight"] * row["weight_in_cluster"])
    for code, (members, _, _) in zip(codes, occupations, strict=True):
        rows = found[code]
        assert {(row["cluster_id"], row["sub_cluster_id"]) for row in rows} == members
        assert len(rows) == len(members)
        assert sum(row["weight"] for row in rows) == pytest.approx(1)
        assert sum({row["cluster_id"]: row["cluster_weight"] for row in rows}.values()) == pytest.approx(1)


def state_home(state: str, cluster: str, sub_cluster: str, jobs: float) -> Row:
    return {
        "area_id": state,
        "soc_code": SOC,
        "home_cluster_id": cluster,
        "home_sub_cluster_id": sub_cluster,
        "employment": jobs,
    }


def by_area(run_sql, memberships: list[tuple[str, str, str]], states: list[Row]) -> dict[tuple[str, str], Row]:
    homes = [
        home_employment(SOC, "agriculture", "crops", 300),
        home_employment(SOC, "manufacturing", "machinery", 100),
        home_employment(SOC, "unassigned", "unassigned", 600),
    ]
    result = run_sql("core.framework_allocation", tables(memberships, {SOC: 1000}, homes, None, states))
    return {(row["area_id"], row["sub_cluster_id"]): row for row in result.iter_rows(named=True)}


def test_a_state_shares_by_its_own_industries(run_sql):
    members = [(SOC, "agriculture", "crops"), (SOC, "manufacturing", "machinery"), (SOC, "management", "leadership")]
    states = [
        # estimates of another area's nation are no evidence for the nation
        state_home("US", "agriculture", "crops", 9_999.0),
        state_home("TX", "agriculture", "crops", 5.0),
        state_home("TX", "manufacturing", "machinery", 10.0),
        state_home("TX", "health", "unassigned", 25.0),
        state_home("OK", "agriculture", "crops", 8.0),
    ]
    rows = by_area(run_sql, members, states)
    assert {place: row["weight"] for place, row in rows.items()} == pytest.approx(
        {
            ("US", "crops"): 0.3,
            ("US", "machinery"): 0.1,
            ("US", "leadership"): 0.6,
            # 5 and 10 of 40 jobs, the rest works elsewhere
            ("TX", "crops"): 0.125,
            ("TX", "machinery"): 0.25,
            ("TX", "leadership"): 0.625,
            ("OK", "crops"): 1.0,
            ("OK", "machinery"): 0.0,
            ("OK", "leadership"): 0.0,
        }
    )
    assert {row["cluster_method"] for row in rows.values()} == {"staffing_pattern_and_rest"}


def test_a_state_without_evidence_shares_as_the_nation_does(run_sql):
    members = [(SOC, "agriculture", "crops"), (SOC, "manufacturing", "machinery")]
    # people of the occupation, but none in the industries of its clusters
    rows = by_area(run_sql, members, [state_home("TX", "health", "unassigned", 25.0)])
    assert rows["US", "crops"]["cluster_method"] == "staffing_pattern"
    for sub_cluster, weight in (("crops", 0.75), ("machinery", 0.25)):
        row = rows["TX", sub_cluster]
        assert (row["weight"], row["cluster_method"]) == (pytest.approx(weight), "national")


def test_a_state_without_evidence_inside_a_cluster_shares_there_as_the_nation_does(run_sql):
    members = [(SOC, "agriculture", "crops"), (SOC, "agriculture", "food"), (SOC, "manufacturing", "machinery")]
    rows = by_area(run_sql, members, [state_home("TX", "manufacturing", "machinery", 25.0)])
    assert (rows["US", "crops"]["weight_in_cluster"], rows["US", "crops"]["sub_cluster_method"]) == (
        1.0,
        "staffing_pattern",
    )
    assert (rows["TX", "crops"]["weight_in_cluster"], rows["TX", "crops"]["sub_cluster_method"]) == (1.0, "national")
    assert rows["TX", "machinery"]["cluster_weight"] == 1.0


# --- under an overlay ------------------------------------------------------------------------------------------------


def overlaid(run_sql, members: list[tuple[str, str, float | None]], homes: dict[str, int]) -> dict[str, tuple]:
    """Weight and methods by sub-cluster under an overlay, of an occupation of 100 jobs that the framework has, too."""
    given = tables([(SOC, "health", "nursing")], {SOC: 100}, [])
    given["core.framework_membership"] = [
        *given["core.framework_membership"],
        *(membership("own", SOC, cluster, sub_cluster, weight) for cluster, sub_cluster, weight in members),
    ]
    given["core.occupation_home_employment"] = [
        home_employment(SOC, cluster, "unassigned", jobs) for cluster, jobs in homes.items()
    ]
    rows = list(run_sql("core.framework_allocation", given).iter_rows(named=True))
    (national,) = (row for row in rows if row["framework"] == "national")
    assert (national["weight"], national["cluster_method"]) == (1.0, "single")
    return {
        row["sub_cluster_id"]: (row["weight"], row["cluster_method"], row["sub_cluster_method"])
        for row in rows
        if row["framework"] == "own"
    }


def test_an_added_cluster_gets_the_jobs_in_its_industries(run_sql):
    found = overlaid(
        run_sql, [("health", "nursing", None), ("agriculture", "crops", None)], {"health": 60, "agriculture": 20}
    )
    # scaled to one: 60 and 20 of 80
    assert found["nursing"] == (pytest.approx(0.75), "staffing_pattern", "single")
    assert found["crops"] == (pytest.approx(0.25), "staffing_pattern", "single")


def test_a_states_own_cluster_is_no_industrys_home_and_keeps_its_equal_share(run_sql):
    members = [("health", "nursing", None), ("agriculture", "crops", None), ("storage", "batteries", None)]
    found = overlaid(run_sql, members, {"health": 60, "agriculture": 20})
    assert found["batteries"] == (pytest.approx(1 / 3), "equal_share_no_industry", "single")
    # two thirds are left, 60 to 20
    assert found["nursing"][0] == pytest.approx(0.5)
    assert found["crops"][0] == pytest.approx(1 / 6)


def test_without_evidence_an_own_cluster_shares_equally_with_the_others(run_sql):
    found = overlaid(run_sql, [("health", "nursing", None), ("storage", "batteries", None)], {})
    assert found == {"nursing": (0.5, "equal_split", "single"), "batteries": (0.5, "equal_split", "single")}


def test_given_weights_go_before_the_method(run_sql):
    members = [("health", "nursing", 0.5), ("health", "records", 0.3), ("storage", "batteries", 0.2)]
    found = overlaid(run_sql, members, {"health": 60})
    assert found == {
        "nursing": (pytest.approx(0.5), "given", "given"),
        "records": (pytest.approx(0.3), "given", "given"),
        "batteries": (pytest.approx(0.2), "given", "given"),
    }


def test_an_overlay_is_shared_out_in_its_state_only(run_sql):
    given = tables(
        [(SOC, "health", "nursing")],
        {SOC: 100},
        [],
        None,
        [
            state_home("TX", "agriculture", "crops", 5.0),
            state_home("OK", "agriculture", "crops", 5.0),
        ],
    )
    given["core.framework_membership"] = [
        *given["core.framework_membership"],
        membership("own", SOC, "agriculture", "crops"),
    ]
    given["reference.overlay"] = [{"overlay_id": "own", "state_id": "TX"}]
    found = run_sql("core.framework_allocation", given).select("framework", "area_id").rows()
    assert found == [("national", "OK"), ("national", "TX"), ("national", "US"), ("own", "TX"), ("own", "US")]
