import pytest
from sql_inputs import Row

#: soc, jobs, openings, high_skill, high_wage, in_demand, listed
OREGON = [
    ("15-1252", 100, 10, "true", "true", "false", "true"),
    ("29-1141", 300, 20, "true", "unknown", "true", "true"),
    ("35-3023", 600, 70, "false", "false", "true", "false"),
    # jobs withheld, openings projected
    ("45-2092", None, 60, "unknown", "unknown", "true", "unknown"),
]
#: A code that only the state's projections have.
OREGON_ALONE = ("35-9999", None, 40, "unknown", "unknown", "true", "unknown")
METRO = [("15-1252", 50, None, "true", "unknown", "false", "true")]
MEMBERS = [
    ("unduplicated", "15-1252", "digital", "software", 0.75),
    ("unduplicated", "15-1252", "digital", "web", 0.15),
    ("unduplicated", "15-1252", "healthcare", "records", 0.1),
    ("unduplicated", "29-1141", "healthcare", "medicine", 1.0),
    ("unduplicated", "35-3023", "hospitality", "food", 1.0),
    ("unduplicated", "45-2092", "agriculture", "plants", 1.0),
    ("duplicated", "15-1252", "digital", "software", 1.0),
    ("duplicated", "15-1252", "digital", "web", 1.0),
    ("duplicated", "15-1252", "healthcare", "records", 1.0),
    ("duplicated", "29-1141", "healthcare", "medicine", 1.0),
    ("duplicated", "35-3023", "hospitality", "food", 1.0),
    ("duplicated", "45-2092", "agriculture", "plants", 1.0),
]


def places() -> list[tuple[str, str, str]]:
    pairs = {(cluster, sub_cluster) for _, _, cluster, sub_cluster, _ in MEMBERS}
    return [
        ("all", "all", "all"),
        *(("cluster", cluster, "all") for cluster in sorted({cluster for cluster, _ in pairs})),
        *(("sub_cluster", *pair) for pair in sorted(pairs)),
    ]


def shared(run_sql, **not_covered: str) -> dict[tuple[str, ...], Row]:
    """Shares of Oregon and a metro area; the clusters `not_covered` have openings that cannot be used, and why."""
    flagged = [("OR", *row) for row in (*OREGON, OREGON_ALONE)] + [("C38900", *row) for row in METRO]
    result = run_sql(
        "marts.cluster_flag_share",
        {
            "marts.occupation_flag": [
                {
                    "area_id": area,
                    "soc_code": soc,
                    "policy": policy,
                    "high_skill": skill if policy == "trial" else None,
                    "high_wage": wage if policy == "trial" else None,
                    "in_demand": demand,
                    "listed": listed if policy == "trial" else demand,
                    "demand_area_id": "OR",
                }
                for policy in ("trial", "demand_only")
                for area, soc, _, _, skill, wage, demand, listed in flagged
            ],
            "marts.occupation_indicators": [
                {"area_id": area, "soc_code": soc, "employment": jobs} for area, soc, jobs, *_ in flagged
            ],
            "marts.occupation_outlook": [
                {"area_id": "OR", "soc_code": soc, "projection_period": period, "annual_openings": openings * times}
                for period, times in (("2022-32", 1), ("2020-30", 9))  # the older one is not used
                for soc, _, openings, *_ in (*OREGON, OREGON_ALONE)
            ],
            "core.scheme_membership": [
                {
                    "scheme": "national",
                    "basis": basis,
                    "soc_code": soc,
                    "cluster_id": cluster,
                    "sub_cluster_id": sub_cluster,
                    "weight": weight,
                }
                for basis, soc, cluster, sub_cluster, weight in MEMBERS
            ],
            # the state's projections put the other two together, three jobs of food workers to one of plants
            "core.projection_member": [
                {"nem_code": "35-9999", "soc_code": "35-3023", "member_share": 0.75},
                {"nem_code": "35-9999", "soc_code": "45-2092", "member_share": 0.25},
                {"nem_code": "29-1141", "soc_code": "29-1141", "member_share": 1.0},
            ],
            "core.scheme_node": [
                {
                    "scheme": "national",
                    "basis": basis,
                    "level": level,
                    "cluster_id": cluster,
                    "sub_cluster_id": sub_cluster,
                }
                for basis in ("unduplicated", "duplicated")
                for level, cluster, sub_cluster in places()
                if level != "all"
            ],
            "core.area_group_scheme": [{"area_id": area, "scheme": "national"} for area in ("OR", "C38900")],
            "marts.cluster_outlook": [
                {
                    "area_id": "OR",
                    "level": level,
                    "cluster_id": cluster,
                    "sub_cluster_id": sub_cluster,
                    "basis": basis,
                    "projection_period": period,
                    "openings_status": not_covered.get(cluster, "partial") if period == "2022-32" else "withheld",
                }
                for period in ("2022-32", "2020-30")
                for basis in ("unduplicated", "duplicated")
                for level, cluster, sub_cluster in places()
            ],
            "reference.policy": [
                {
                    "policy": "trial",
                    "high_skill_rule": "skill",
                    "high_wage_rule": "wage",
                    "in_demand_rule": "demand",
                    "combine": "any",
                    "list_flags": "high_skill, high_wage, in_demand",
                },
                {"policy": "demand_only", "in_demand_rule": "demand", "combine": "any", "list_flags": "in_demand"},
            ],
            "marts.cluster_indicators": [
                {
                    "area_id": area,
                    "level": level,
                    "cluster_id": cluster,
                    "sub_cluster_id": sub_cluster,
                    "basis": basis,
                    "coverage_pct": 87.5,
                    "status": "partial",
                }
                for area in ("OR", "C38900")
                for basis in ("unduplicated", "duplicated")
                for level, cluster, sub_cluster in places()
            ],
        },
    )
    key = ("area_id", "policy", "flag", "basis", "cluster_id", "sub_cluster_id")
    found = {tuple(row[name] for name in key): row for row in result.iter_rows(named=True)}
    assert len(found) == result.height
    return found


@pytest.fixture
def shares(run_sql) -> dict[tuple[str, ...], Row]:
    return shared(run_sql)


def jobs(row: Row) -> tuple[float, float, float]:
    return row["jobs_flagged_pct"], row["jobs_not_flagged_pct"], row["jobs_unknown_pct"]


def openings(row: Row) -> tuple[float, float, float]:
    return row["openings_flagged_pct"], row["openings_not_flagged_pct"], row["openings_unknown_pct"]


def of(shares, flag: str, place: str = "all/all", basis: str = "unduplicated", area: str = "OR") -> Row:
    return shares[(area, "trial", flag, basis, *place.split("/"))]


def test_shares_of_an_area_are_of_its_published_jobs_and_projected_openings(shares):
    # 1,000 jobs: 100 high-wage, 600 not, 300 unknown; 200 openings: 10, 70 and 120
    assert jobs(of(shares, "high_wage")) == (10.0, 60.0, 30.0)
    assert openings(of(shares, "high_wage")) == (5.0, 35.0, 60.0)
    assert jobs(of(shares, "high_skill")) == (40.0, 60.0, 0.0)
    assert openings(of(shares, "high_skill")) == (15.0, 35.0, 50.0)
    assert jobs(of(shares, "in_demand")) == (90.0, 10.0, 0.0)
    assert jobs(of(shares, "listed")) == (40.0, 60.0, 0.0)
    assert (of(shares, "listed")["coverage_pct"], of(shares, "listed")["status"]) == (87.5, "partial")


def test_a_cluster_takes_its_part_of_each_job(shares):
    # 10 software developers are high-wage, 300 nurses unknown
    assert jobs(of(shares, "high_wage", "healthcare/all")) == pytest.approx(
        (100 * 10 / 310, 0.0, 100 * 300 / 310), abs=5e-4
    )
    assert openings(of(shares, "high_wage", "healthcare/all")) == pytest.approx((100 / 21, 0.0, 2_000 / 21), abs=5e-4)
    # in full on the other basis: 100 of 400
    assert jobs(of(shares, "high_wage", "healthcare/all", "duplicated")) == (25.0, 0.0, 75.0)


def test_an_occupation_of_two_sub_clusters_counts_once_in_their_cluster(shares):
    for basis in ("unduplicated", "duplicated"):
        assert jobs(of(shares, "high_wage", "digital/all", basis)) == (100.0, 0.0, 0.0)
        assert openings(of(shares, "high_wage", "digital/web", basis)) == (100.0, 0.0, 0.0)


def test_openings_of_a_cluster_that_is_hardly_projected_have_no_share(run_sql):
    found = shared(run_sql, agriculture="low_coverage")
    # neither jobs nor openings: no row
    assert ("OR", "trial", "in_demand", "unduplicated", "agriculture", "all") not in found
    # the whole has all openings
    assert openings(of(found, "in_demand")) == (95.0, 5.0, 0.0)
    assert of(found, "in_demand")["openings_status"] == "partial"


@pytest.mark.parametrize("status", ["low_coverage", "doubtful", "withheld", "partial"])
def test_the_status_says_why_there_is_no_share_of_openings(run_sql, status):
    food = of(shared(run_sql, hospitality=status), "high_wage", "hospitality/all")
    assert (jobs(food), food["openings_status"]) == ((0.0, 100.0, 0.0), status)
    assert openings(food) == (pytest.approx((0.0, 70.0, 30.0)) if status == "partial" else (None, None, None))


def test_withheld_jobs_have_no_share_and_openings_do(shares):
    farms = of(shares, "in_demand", "agriculture/all")
    assert jobs(farms) == (None, None, None)
    assert openings(farms) == (100.0, 0.0, 0.0)


def test_a_code_of_the_states_own_is_shared_among_the_occupations_it_combines(shares):
    # 40 openings: 30 join the 70 of food workers, 10 the 60 of plants
    assert openings(of(shares, "high_wage", "hospitality/all")) == pytest.approx((0.0, 70.0, 30.0))
    assert openings(of(shares, "in_demand", "hospitality/all")) == (100.0, 0.0, 0.0)


def test_an_area_without_projections_of_its_own_has_no_shares_of_openings(shares):
    metro = of(shares, "high_wage", area="C38900")
    assert jobs(metro) == (0.0, 0.0, 100.0)
    assert (openings(metro), metro["openings_status"]) == ((None, None, None), None)
    assert ("C38900", "trial", "high_wage", "unduplicated", "hospitality", "all") not in shares


def test_only_the_flags_of_a_policy_and_a_list_of_several_are_there(shares):
    assert {key[2] for key in shares if key[1] == "trial"} == {"high_skill", "high_wage", "in_demand", "listed"}
    assert {key[2] for key in shares if key[1] == "demand_only"} == {"in_demand"}
