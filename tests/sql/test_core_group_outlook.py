import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sql_inputs import Row

BACHELOR, HIGH_SCHOOL = "Bachelor's degree", "High school diploma or equivalent"


def projection(area: str, code: str, jobs: float, later: float, openings: float, *, status: str = "ok", **more) -> Row:
    return {
        "area_id": area,
        "nem_code": code,
        "soc_code": code,
        "occupation_group": "detailed",
        "base_jobs": jobs,
        "projected_jobs": later,
        "annual_openings": openings,
        "status": status,
        "openings_status": "ok" if status in ("ok", "partial") else status,
        **more,
    }


def membership(code: str, cluster: str, sub_cluster: str, weight: float, scheme: str = "national") -> list[Row]:
    key = {"scheme": scheme, "soc_code": code, "cluster_id": cluster, "sub_cluster_id": sub_cluster}
    return [key | {"basis": "unduplicated", "weight": weight}, key | {"basis": "duplicated", "weight": 1.0}]


def preparation(code: str, education: str | None, zone: float | None = None, *, middle: bool | None = False) -> Row:
    return {"soc_code": code, "entry_education": education, "is_middle_skill": middle, "job_zone_mean": zone}


def group_outlook(run_sql, projections, memberships, preparations=(), *, members=None, schemes=None):
    codes = {row["nem_code"] for row in projections}
    areas = {row["area_id"] for row in projections}
    result = run_sql(
        "core.group_outlook",
        {
            "core.occupation_projection": projections,
            "core.projection_member": members
            or [{"nem_code": code, "soc_code": code, "member_share": 1.0} for code in sorted(codes)],
            "core.area_group_scheme": [
                {"area_id": area, "scheme": (schemes or {}).get(area, "national")} for area in sorted(areas)
            ],
            "core.node_member": run_sql(
                "core.node_member", {"core.scheme_membership": [row for rows in memberships for row in rows]}
            ),
            "core.occupation_preparation": list(preparations),
        },
    )
    key = ("area_id", "basis", "cluster_id", "sub_cluster_id", "entry_education")
    return {tuple(row[name] for name in key): row for row in result.iter_rows(named=True)}


# nurses are in two sub-clusters of health and one of education, teachers in education
MEMBERSHIPS = [
    membership("29-1141", "health", "physical", 0.6),
    membership("29-1141", "health", "public", 0.3),
    membership("29-1141", "education", "teaching", 0.1),
    membership("25-2021", "education", "teaching", 1.0),
]
NATION = [
    projection("US", "29-1141", 1_000, 1_100, 80, annual_exits=30, annual_transfers=40),
    projection("US", "25-2021", 500, 480, 35, annual_exits=20, annual_transfers=17),
]


def test_each_job_counts_by_weight_or_in_full_and_once_in_a_cluster(run_sql):
    found = group_outlook(
        run_sql, NATION, MEMBERSHIPS, [preparation("29-1141", BACHELOR), preparation("25-2021", BACHELOR)]
    )

    def jobs(basis: str, cluster: str, sub_cluster: str = "all") -> float:
        return found["US", basis, cluster, sub_cluster, BACHELOR]["base_jobs"]

    assert jobs("unduplicated", "health") == pytest.approx(900)
    assert jobs("unduplicated", "health", "public") == pytest.approx(300)
    assert jobs("unduplicated", "education") == pytest.approx(100 + 500)
    assert jobs("duplicated", "health") == 1_000
    assert jobs("duplicated", "health", "public") == 1_000
    assert jobs("duplicated", "education") == 1_500
    # the area's total has every occupation once on both bases
    assert jobs("unduplicated", "all") == jobs("duplicated", "all") == 1_500


def test_all_figures_take_the_weight(run_sql):
    found = group_outlook(run_sql, NATION, MEMBERSHIPS, [preparation("29-1141", BACHELOR, 4.2, middle=True)])
    row = found["US", "unduplicated", "health", "public", BACHELOR]
    assert row["projected_jobs"] == pytest.approx(330)
    assert row["annual_openings"] == row["middle_skill_openings"] == pytest.approx(24)
    assert (row["annual_exits"], row["annual_transfers"]) == (pytest.approx(9), pytest.approx(12))
    assert (row["zone_jobs"], row["zone_sum"]) == (pytest.approx(300), pytest.approx(1_260))


def test_levels_of_education_are_apart_and_none_assigned_is_one(run_sql):
    found = group_outlook(run_sql, NATION, MEMBERSHIPS, [preparation("25-2021", BACHELOR, 4.0)])
    assert found["US", "unduplicated", "education", "all", BACHELOR]["base_jobs"] == 500
    rest = found["US", "unduplicated", "education", "all", "not assigned"]
    assert rest["base_jobs"] == pytest.approx(100)
    # no zone is not a zone of zero
    assert (rest["zone_jobs"], rest["zone_sum"]) == (0, 0)


def test_what_a_state_does_not_publish_or_withholds_is_defined_but_not_counted(run_sql):
    states = [
        projection("OH", "29-1141", 100, 120, 9),
        projection("OH", "25-2021", 0, 0, 0, status="withheld"),
        projection("MA", "29-1141", 36, 40, 3, status="doubtful"),
        projection("VI", "29-1141", 0, 70, 10, status="partial"),
    ]
    found = group_outlook(
        run_sql, NATION + states, MEMBERSHIPS, [preparation("29-1141", BACHELOR), preparation("25-2021", BACHELOR)]
    )
    ohio = found["OH", "unduplicated", "education", "all", BACHELOR]
    assert (ohio["occupations_defined"], ohio["occupations"]) == (2, 1)
    assert ohio["base_jobs"] == pytest.approx(10)
    assert ohio["national_base_jobs"] == pytest.approx(600)
    assert ohio["national_base_jobs_projected"] == pytest.approx(100)
    for area in ("MA", "VI"):
        row = found[area, "unduplicated", "health", "all", BACHELOR]
        assert (row["occupations"], row["base_jobs"], row["projected_jobs"], row["annual_openings"]) == (0, *[None] * 3)


def test_a_combination_adds_to_its_occupations(run_sql):
    """A state's own code of 40 jobs, three quarters of them nurses."""
    projections = [*NATION, projection("TN", "29-1141", 100, 100, 9), projection("TN", "29-9999", 40, 48, 4)]
    members = [
        {"nem_code": "29-1141", "soc_code": "29-1141", "member_share": 1.0},
        {"nem_code": "25-2021", "soc_code": "25-2021", "member_share": 1.0},
        {"nem_code": "29-9999", "soc_code": "29-1141", "member_share": 0.75},
        {"nem_code": "29-9999", "soc_code": "25-2021", "member_share": 0.25},
    ]
    found = group_outlook(run_sql, projections, MEMBERSHIPS, members=members)
    row = found["TN", "duplicated", "health", "all", "not assigned"]
    assert (row["base_jobs"], row["projected_jobs"], row["annual_openings"]) == (130, 136, 12)
    assert row["occupations"] == 1
    assert found["TN", "unduplicated", "all", "all", "not assigned"]["base_jobs"] == 140


def test_an_area_is_pooled_by_the_weights_of_its_scheme(run_sql):
    projections = [*NATION, projection("OH", "29-1141", 100, 100, 9), projection("TX", "29-1141", 100, 100, 9)]
    own = [membership("29-1141", "health", "physical", 1.0, scheme="ohio")]
    found = group_outlook(run_sql, projections, [*MEMBERSHIPS, *own], schemes={"OH": "ohio"})
    assert found["OH", "unduplicated", "health", "all", "not assigned"]["base_jobs"] == 100
    assert found["TX", "unduplicated", "health", "all", "not assigned"]["base_jobs"] == pytest.approx(90)
    assert ("OH", "unduplicated", "education", "all", "not assigned") not in found


SUB_CLUSTERS = [("health", "physical"), ("health", "public"), ("education", "teaching"), ("digital", "software")]
FIGURES = st.tuples(st.integers(1, 10**7), st.integers(0, 10**7), st.integers(0, 10**6))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    occupations=st.lists(
        st.tuples(FIGURES, st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any)), min_size=1, max_size=8
    )
)
def test_any_jobs_are_shared_out_and_none_is_lost_or_below_zero(run_sql, occupations):
    projections, memberships = [], []
    for number, (figures, parts) in enumerate(occupations):
        code = f"29-{number:04}"
        projections.append(projection("US", code, *figures))
        memberships += [
            membership(code, cluster, sub_cluster, part / sum(parts))
            for (cluster, sub_cluster), part in zip(SUB_CLUSTERS, parts, strict=True)
            if part
        ]
    found = group_outlook(run_sql, projections, memberships)
    for name, position in (("base_jobs", 0), ("projected_jobs", 1), ("annual_openings", 2)):
        jobs = {key[1:4]: row[name] for key, row in found.items()}
        everything = sum(figures[position] for figures, _ in occupations)
        for basis in ("unduplicated", "duplicated"):
            assert jobs[basis, "all", "all"] == pytest.approx(everything)
        clusters = [key for key in jobs if key[2] == "all" and key[1] != "all"]
        assert sum(jobs[key] for key in clusters if key[0] == "unduplicated") == pytest.approx(everything)
        for basis, cluster, _ in clusters:
            within = sum(jobs[key] for key in jobs if key[:2] == (basis, cluster) and key[2] != "all")
            whole = jobs[basis, cluster, "all"]
            if basis == "unduplicated":
                assert within == pytest.approx(whole)
                assert whole <= jobs["duplicated", cluster, "all"] * (1 + 1e-9)
            else:
                # an occupation in several sub-clusters is in the cluster once
                assert whole <= within * (1 + 1e-9)
        assert min(jobs.values()) >= 0


def test_openings_that_are_doubtful_leave_the_sums_and_their_jobs_stay(run_sql):
    states = [
        projection("WA", "29-1141", 100, 120, 9),
        projection("WA", "25-2021", 50, 50, 400, openings_status="doubtful"),
        projection("NY", "29-1141", 100, 120, 2, openings_status="doubtful"),
    ]
    found = group_outlook(
        run_sql, NATION + states, MEMBERSHIPS, [preparation("29-1141", BACHELOR), preparation("25-2021", BACHELOR)]
    )
    washington = found["WA", "unduplicated", "education", "all", BACHELOR]
    # a tenth of the nurses and all teachers; openings of the nurses alone
    assert (washington["base_jobs"], washington["projected_jobs"]) == (pytest.approx(60), pytest.approx(62))
    assert (washington["annual_openings"], washington["openings_jobs"]) == (pytest.approx(0.9), pytest.approx(10))
    york = found["NY", "unduplicated", "health", "all", BACHELOR]
    assert (york["base_jobs"], york["annual_openings"], york["openings_jobs"]) == (pytest.approx(90), None, None)
