import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sql_inputs import Row, Tables, area_cell, home_employment

SOC = "11-1021"
#: Homes of the industries that OEWS shows; other clusters and sub-clusters are no industry's home.
INDUSTRY_HOMES = {
    "agriculture": ("crops", "food"),
    "health": ("unassigned",),
    "manufacturing": ("machinery", "production", "unassigned"),
    "digital": ("unassigned",),
    "management": ("leadership",),
    "marketing": ("unassigned",),
}


def membership(
    framework: str,
    code: str,
    cluster: str,
    sub_cluster: str,
    given: float | None = None,
    *,
    function: float | None = None,
) -> Row:
    """A row of core.framework_membership."""
    return {
        "framework": framework,
        "soc_code": code,
        "cluster_id": cluster,
        "sub_cluster_id": sub_cluster,
        "function_weight": function,
        "given_weight": given,
    }


def tables(
    memberships: list[tuple[str, str, str]],
    national: dict[str, int | None],
    homes: list[Row],
    combined: dict[str, str] | None = None,
    states: list[Row] | None = None,
    *,
    functions: dict[str, float] | None = None,
) -> Tables:
    """Inputs of core.framework_allocation; the codes in `national` are the detailed OEWS occupations.

    `functions` are the weights of sub-clusters by function; industries decide about those that it leaves out.
    """
    every_home = [
        home_employment("00-0000", cluster, sub_cluster, 1_000_000)
        for cluster, sub_clusters in INDUSTRY_HOMES.items()
        for sub_cluster in sub_clusters
    ]
    return {
        "core.framework_membership": [
            membership("national", code, cluster, sub_cluster, function=(functions or {}).get(sub_cluster))
            for code, cluster, sub_cluster in memberships
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
        "core.occupation_home_employment": [*every_home, *homes],
        "core.area_home_employment": states or [],
    }


@pytest.fixture
def allocate(run_sql):
    def run(*arguments, **named) -> list[Row]:
        rows = run_sql("core.framework_allocation", tables(*arguments, **named)).filter(area_id="US")
        return list(rows.iter_rows(named=True))

    return run


@pytest.fixture
def clusters(allocate):
    """Weights and methods of the clusters of an occupation that has one sub-cluster in each."""

    def run(
        members: list[str], national: int | None, homes: dict[str, int], functions: dict[str, float] | None = None
    ) -> tuple[dict[str, float], set[str]]:
        rows = allocate(
            [(SOC, cluster, f"only of {cluster}") for cluster in members],
            {SOC: national},
            [home_employment(SOC, cluster, "unassigned", jobs) for cluster, jobs in homes.items()],
            functions={f"only of {cluster}": weight for cluster, weight in (functions or {}).items()},
        )
        assert all(row["weight_in_cluster"] == 1 and row["sub_cluster_method"] == "single" for row in rows)
        assert all(row["weight"] == row["cluster_weight"] for row in rows)
        assert all(row["cluster_has_evidence"] == (row["cluster_method"] != "equal_share") for row in rows)
        return {row["cluster_id"]: row["weight"] for row in rows}, {row["cluster_method"] for row in rows}

    return run


def test_an_occupation_of_one_cluster_is_all_its_own(clusters):
    weights, methods = clusters(["health"], 1000, {"health": 10, "manufacturing": 900})
    assert (weights, methods) == ({"health": 1.0}, {"single"})


@pytest.mark.parametrize("members", [("manufacturing", "agriculture"), ("manufacturing", "management")])
def test_industries_share_out_what_they_place(clusters, members):
    # 300 and 100 of 1,000 jobs are in the industries of the two; the 600 elsewhere follow them 3 to 1, and none of
    # them falls to a cluster because its people work everywhere
    first, second = members
    weights, methods = clusters([first, second], 1000, {first: 300, second: 100, "health": 200, "unassigned": 400})
    assert weights == pytest.approx({first: 0.75, second: 0.25})
    assert methods == {"staffing_pattern"}


def test_a_cluster_without_jobs_in_its_industries_has_none_by_them(clusters):
    weights, methods = clusters(["manufacturing", "management"], 1000, {"manufacturing": 400, "unassigned": 600})
    assert (weights, methods) == ({"manufacturing": 1.0, "management": 0.0}, {"staffing_pattern"})


def test_jobs_in_industries_of_no_home_are_evidence_for_none(clusters):
    # 240 of 1,000 are placed, 750 work in industries of no home
    weights, methods = clusters(["manufacturing", "management"], 1000, {"manufacturing": 240, "no_home": 750})
    assert (weights, methods) == ({"manufacturing": 0.5, "management": 0.5}, {"equal_share"})


@pytest.mark.parametrize(("placed", "method"), [(250, "staffing_pattern"), (249, "equal_share")])
def test_industries_decide_from_a_quarter_of_the_jobs(clusters, placed, method):
    weights, methods = clusters(["manufacturing", "agriculture"], 1000, {"manufacturing": placed, "unassigned": 700})
    assert methods == {method}
    assert weights["manufacturing"] == (1.0 if method == "staffing_pattern" else 0.5)


def test_the_quarter_is_of_what_industries_show_where_the_nations_figure_is_withheld(clusters):
    # 30 of the 130 that are shown: 23 percent
    assert clusters(["manufacturing", "agriculture"], None, {"manufacturing": 30, "health": 100})[1] == {"equal_share"}
    assert clusters(["manufacturing", "agriculture"], None, {"manufacturing": 30, "health": 90})[1] == {
        "staffing_pattern"
    }


def test_industries_of_one_member_only_are_no_evidence(clusters):
    # storage is no industry's home, so jobs cannot be seen there
    weights, methods = clusters(["manufacturing", "storage"], 1000, {"manufacturing": 900})
    assert (weights, methods) == ({"manufacturing": 0.5, "storage": 0.5}, {"equal_share"})


def test_beside_a_pattern_a_member_that_is_no_industrys_home_keeps_its_equal_share(clusters):
    # two thirds are shared 300 to 100
    weights, methods = clusters(
        ["manufacturing", "agriculture", "storage"], 1000, {"manufacturing": 300, "agriculture": 100}
    )
    assert weights == pytest.approx({"manufacturing": 1 / 2, "agriculture": 1 / 6, "storage": 1 / 3})
    assert methods == {"staffing_pattern", "equal_share"}


@pytest.mark.parametrize("members", [["manufacturing", "agriculture"], ["manufacturing", "management"]])
def test_without_evidence_members_share_equally(clusters, members):
    weights, methods = clusters(members, None, {})
    assert (weights, methods) == (dict.fromkeys(members, 0.5), {"equal_share"})


def test_a_function_decides_before_industries(clusters):
    weights, methods = clusters(
        ["manufacturing", "agriculture", "management"],
        1000,
        {"manufacturing": 900, "agriculture": 100},
        {"manufacturing": 0.0, "agriculture": 0.25, "management": 0.75},
    )
    assert (weights, methods) == ({"manufacturing": 0.0, "agriculture": 0.25, "management": 0.75}, {"function"})


def test_a_function_that_only_rules_out_leaves_the_rest_to_industries(allocate):
    # it is no work of health; of the others industries place 300 and 100
    rows = allocate(
        [(SOC, "health", "care"), (SOC, "manufacturing", "machinery"), (SOC, "agriculture", "food")],
        {SOC: 1000},
        [
            home_employment(SOC, "health", "unassigned", 600),
            home_employment(SOC, "manufacturing", "machinery", 300),
            home_employment(SOC, "agriculture", "food", 100),
        ],
        functions={"care": 0.0},
    )
    found = {row["cluster_id"]: (row["cluster_weight"], row["cluster_method"]) for row in rows}
    assert found == {
        "health": (0.0, "function"),
        "manufacturing": (pytest.approx(0.75), "staffing_pattern"),
        "agriculture": (pytest.approx(0.25), "staffing_pattern"),
    }


def test_where_a_function_rules_out_all_but_one_it_decides(clusters):
    weights, methods = clusters(["manufacturing", "agriculture"], 1000, {"agriculture": 900}, {"agriculture": 0.0})
    assert (weights, methods) == ({"manufacturing": 1.0, "agriculture": 0.0}, {"function"})


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

    def run(
        members: list[str], homes: dict[str, int], functions: dict[str, float] | None = None
    ) -> dict[str, tuple[float, str]]:
        rows = allocate(
            [(SOC, "manufacturing", sub_cluster) for sub_cluster in members],
            {SOC: 1000},
            [home_employment(SOC, "manufacturing", sub_cluster, jobs) for sub_cluster, jobs in homes.items()],
            functions=functions,
        )
        assert all((row["cluster_weight"], row["cluster_method"]) == (1.0, "single") for row in rows)
        assert all(row["cluster_has_evidence"] for row in rows)
        assert all(row["sub_cluster_has_evidence"] == (row["sub_cluster_method"] != "equal_share") for row in rows)
        return {row["sub_cluster_id"]: (row["weight"], row["sub_cluster_method"]) for row in rows}

    return run


def test_inside_a_cluster_industries_place_the_jobs(sub_clusters):
    found = sub_clusters(["machinery", "production"], {"machinery": 300, "production": 100})
    assert found == {
        "machinery": (pytest.approx(0.75), "staffing_pattern"),
        "production": (pytest.approx(0.25), "staffing_pattern"),
    }


def test_jobs_in_industries_of_the_cluster_only_follow_the_placed_ones(sub_clusters):
    found = sub_clusters(["machinery", "production"], {"machinery": 300, "production": 100, "unassigned": 200})
    assert {name: weight for name, (weight, _) in found.items()} == pytest.approx(
        {"machinery": 0.75, "production": 0.25}
    )


def test_a_sub_cluster_that_is_no_industrys_home_keeps_its_equal_share(sub_clusters):
    # quality keeps a third; the other two thirds are shared 300 to 100
    found = sub_clusters(
        ["machinery", "production", "quality"], {"machinery": 300, "production": 100, "unassigned": 200}
    )
    assert found == {
        "machinery": (pytest.approx(1 / 2), "staffing_pattern"),
        "production": (pytest.approx(1 / 6), "staffing_pattern"),
        "quality": (pytest.approx(1 / 3), "equal_share"),
    }


def test_industries_of_one_sub_cluster_only_are_no_evidence(sub_clusters):
    found = sub_clusters(["machinery", "quality"], {"machinery": 900})
    assert found == dict.fromkeys(["machinery", "quality"], (0.5, "equal_share"))


def test_a_sub_cluster_with_industries_but_no_jobs_in_them_gets_none_of_the_placed(sub_clusters):
    found = sub_clusters(["machinery", "production"], {"machinery": 300})
    assert {name: weight for name, (weight, _) in found.items()} == {"machinery": 1.0, "production": 0.0}


@pytest.mark.parametrize(
    "homes", [{}, {"unassigned": 500}, {"food": 500}, {"machinery": 249}], ids=["none", "unplaced", "elsewhere", "few"]
)
def test_sub_clusters_without_placed_jobs_share_equally(sub_clusters, homes):
    found = sub_clusters(["machinery", "production", "quality"], homes)
    assert found == dict.fromkeys(["machinery", "production", "quality"], (pytest.approx(1 / 3), "equal_share"))


def test_inside_a_cluster_a_function_decides_before_industries(sub_clusters):
    found = sub_clusters(
        ["machinery", "production", "quality"], {"machinery": 900}, {"machinery": 0, "production": 0, "quality": 1}
    )
    assert found == {"machinery": (0.0, "function"), "production": (0.0, "function"), "quality": (1.0, "function")}


def test_functions_are_shares_of_their_cluster_and_say_nothing_within_another(allocate):
    rows = allocate(
        [
            (SOC, "manufacturing", "machinery"),
            (SOC, "manufacturing", "quality"),
            (SOC, "management", "leadership"),
            (SOC, "agriculture", "crops"),
            (SOC, "agriculture", "food"),
        ],
        {SOC: 1000},
        [home_employment(SOC, "agriculture", "crops", 10), home_employment(SOC, "agriculture", "food", 30)],
        functions={"machinery": 0.2, "quality": 0.3, "leadership": 0.5, "crops": 0.0, "food": 0.0},
    )
    found = {
        row["sub_cluster_id"]: (row["cluster_weight"], row["weight_in_cluster"], row["sub_cluster_method"])
        for row in rows
    }
    assert found == {
        "machinery": (0.5, pytest.approx(0.4), "function"),
        "quality": (0.5, pytest.approx(0.6), "function"),
        "leadership": (0.5, 1.0, "single"),
        # nothing is shared here, so how it would be does not count
        "crops": (0.0, pytest.approx(0.25), "staffing_pattern"),
        "food": (0.0, pytest.approx(0.75), "staffing_pattern"),
    }


@pytest.mark.parametrize(("placed", "method"), [(130, "staffing_pattern"), (120, "equal_share")])
def test_the_quarter_within_a_cluster_is_of_the_jobs_that_the_cluster_gets(allocate, placed, method):
    # 400 and 400 jobs are in the industries of the two clusters, so each gets 500 of 1,000: 26 and 24 percent
    rows = allocate(
        [(SOC, "manufacturing", "machinery"), (SOC, "agriculture", "crops"), (SOC, "agriculture", "food")],
        {SOC: 1000},
        [
            home_employment(SOC, "manufacturing", "machinery", 400),
            home_employment(SOC, "agriculture", "crops", placed),
            home_employment(SOC, "agriculture", "unassigned", 400 - placed),
        ],
    )
    found = {row["sub_cluster_id"]: row for row in rows}
    assert found["food"]["cluster_weight"] == 0.5
    assert found["food"]["sub_cluster_method"] == method
    assert (found["food"]["cluster_has_evidence"], found["food"]["sub_cluster_has_evidence"]) == (
        True,
        method == "staffing_pattern",
    )


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
            home_employment("29-2010", "manufacturing", "machinery", 270),
            home_employment("29-2010", "agriculture", "food", 30),
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
            [(cluster, name) for cluster, names in INDUSTRY_HOMES.items() for name in names]
            + [(cluster, "unassigned") for cluster in ("agriculture", "management", "no_home", "unassigned")]
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


def by_area(
    run_sql,
    memberships: list[tuple[str, str, str]],
    states: list[Row],
    functions: dict[str, float] | None = None,
) -> dict[tuple[str, str], Row]:
    homes = [
        home_employment(SOC, "agriculture", "crops", 300),
        home_employment(SOC, "manufacturing", "machinery", 100),
        home_employment(SOC, "unassigned", "unassigned", 600),
    ]
    result = run_sql(
        "core.framework_allocation", tables(memberships, {SOC: 1000}, homes, None, states, functions=functions)
    )
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
            ("US", "crops"): 0.75,
            ("US", "machinery"): 0.25,
            ("US", "leadership"): 0.0,
            # 15 of 40 jobs are placed
            ("TX", "crops"): 1 / 3,
            ("TX", "machinery"): 2 / 3,
            ("TX", "leadership"): 0.0,
            ("OK", "crops"): 1.0,
            ("OK", "machinery"): 0.0,
            ("OK", "leadership"): 0.0,
        }
    )
    assert {row["cluster_method"] for row in rows.values()} == {"staffing_pattern"}


@pytest.mark.parametrize("here", [{}, {("agriculture", "crops"): 8.0}], ids=["none", "less than a quarter"])
def test_a_state_without_evidence_shares_as_the_nation_does(run_sql, here):
    members = [(SOC, "agriculture", "crops"), (SOC, "manufacturing", "machinery"), (SOC, "storage", "batteries")]
    # people of the occupation, but too few of them in the industries of its clusters
    states = [state_home("TX", "health", "unassigned", 25.0), *(state_home("TX", *at, n) for at, n in here.items())]
    rows = by_area(run_sql, members, states)
    assert rows["US", "crops"]["cluster_method"] == "staffing_pattern"
    # a third is storage's, which no industry shows; the rest goes 300 to 100
    for sub_cluster, weight, method in (
        ("crops", 1 / 2, "national"),
        ("machinery", 1 / 6, "national"),
        ("batteries", 1 / 3, "equal_share"),
    ):
        row = rows["TX", sub_cluster]
        assert (row["weight"], row["cluster_method"]) == (pytest.approx(weight), method)
        assert row["cluster_has_evidence"] == (method == "national")


def test_where_the_nation_has_no_evidence_a_state_takes_none_from_it(run_sql):
    members = [(SOC, "health", "care"), (SOC, "management", "leadership")]
    rows = by_area(run_sql, members, [state_home("TX", "agriculture", "crops", 25.0)])
    assert {(row["weight"], row["cluster_method"]) for row in rows.values()} == {(0.5, "equal_share")}


def test_a_state_shares_by_function_as_the_nation_does(run_sql):
    members = [(SOC, "agriculture", "crops"), (SOC, "manufacturing", "machinery")]
    rows = by_area(
        run_sql,
        members,
        [state_home("TX", "agriculture", "crops", 25.0)],
        {"crops": 0.0, "machinery": 1.0},
    )
    assert {(row["area_id"], row["sub_cluster_id"], row["weight"], row["cluster_method"]) for row in rows.values()} == {
        (area, sub_cluster, weight, "function")
        for area in ("US", "TX")
        for sub_cluster, weight in (("crops", 0.0), ("machinery", 1.0))
    }


def test_a_state_without_evidence_inside_a_cluster_shares_there_as_the_nation_does(run_sql):
    members = [(SOC, "agriculture", "crops"), (SOC, "agriculture", "food"), (SOC, "manufacturing", "machinery")]
    # the cluster gets a fifth of the state's 25 jobs by its industries, which are not of one sub-cluster
    rows = by_area(
        run_sql,
        members,
        [state_home("TX", "manufacturing", "machinery", 20.0), state_home("TX", "agriculture", "unassigned", 5.0)],
    )
    assert (rows["US", "crops"]["weight_in_cluster"], rows["US", "crops"]["sub_cluster_method"]) == (
        1.0,
        "staffing_pattern",
    )
    assert (rows["TX", "crops"]["weight_in_cluster"], rows["TX", "crops"]["sub_cluster_method"]) == (1.0, "national")
    assert (rows["TX", "crops"]["cluster_weight"], rows["TX", "crops"]["cluster_method"]) == (0.2, "staffing_pattern")


# --- under an overlay ------------------------------------------------------------------------------------------------


def overlaid(run_sql, members: list[tuple[str, str, float | None]], homes: dict[str, int]) -> dict[str, tuple]:
    """Weight and methods by sub-cluster under an overlay, of an occupation of 100 jobs that the framework has, too."""
    given = tables([(SOC, "health", "nursing")], {SOC: 100}, [])
    given["core.framework_membership"] = [
        *given["core.framework_membership"],
        *(membership("own", SOC, cluster, sub_cluster, weight) for cluster, sub_cluster, weight in members),
    ]
    given["core.occupation_home_employment"] = [
        *given["core.occupation_home_employment"],
        *(home_employment(SOC, cluster, "unassigned", jobs) for cluster, jobs in homes.items()),
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
    assert found["batteries"] == (pytest.approx(1 / 3), "equal_share", "single")
    # two thirds are left, 60 to 20
    assert found["nursing"][0] == pytest.approx(0.5)
    assert found["crops"][0] == pytest.approx(1 / 6)


def test_without_evidence_an_own_cluster_shares_equally_with_the_others(run_sql):
    found = overlaid(run_sql, [("health", "nursing", None), ("storage", "batteries", None)], {})
    assert found == {"nursing": (0.5, "equal_share", "single"), "batteries": (0.5, "equal_share", "single")}


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
