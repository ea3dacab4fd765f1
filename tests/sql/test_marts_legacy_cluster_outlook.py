import pytest
from sql_inputs import Row


def projected(area: str, code: str, figures: tuple[int, int, int], status: str = "ok", *, doubt=None) -> Row:
    """Figures are jobs in the base year and in the projected year, and openings a year."""
    years = (2024, 2034) if area == "US" else (2022, 2032)
    return {
        "area_id": area,
        "nem_code": code,
        "soc_code": code,
        "occupation_group": "total" if code == "00-0000" else "detailed",
        "projection_period": f"{years[0]}-{years[1] % 100}",
        "base_year": years[0],
        "projected_year": years[1],
        "base_jobs": figures[0],
        "projected_jobs": figures[1],
        "annual_openings": figures[2],
        "source": "projections" if area == "US" else "projections_central",
        "status": status,
        "openings_status": "doubtful" if doubt else status,
        "doubt": doubt,
    }


@pytest.fixture
def rows(run_sql) -> dict[tuple[str, str], Row]:
    result = run_sql(
        "marts.legacy_cluster_outlook",
        {
            "core.occupation_projection": [
                projected("US", "00-0000", (1_000, 1_100, 120)),
                projected("US", "11-3031", (400, 500, 40)),
                projected("US", "43-3071", (200, 150, 20)),
                projected("US", "29-1141", (300, 330, 25)),
                projected("US", "13-2011", (500, 500, 0)),
                projected("US", "13-2082", (100, 100, 0)),
                # Ohio combines the first two, prints zeros for the third
                projected("OH", "11-3099", (60, 66, 9)),
                projected("OH", "29-1141", (0, 0, 0), "withheld"),
                projected("MA", "00-0000", (80, 85, 6), "doubtful", doubt="list_against_totals"),
                projected("MA", "29-1141", (50, 55, 4), "doubtful", doubt="list_against_totals"),
                projected("NY", "00-0000", (80, 90, 1), doubt="openings_repeat_change"),
                projected("NY", "29-1141", (50, 55, 1), doubt="openings_repeat_change"),
                # tellers of Idaho: the nation has 200, and 200 of the 400 managers in finance
                projected("ID", "00-0000", (80, 90, 9)),
                projected("ID", "43-3071", (20, 22, 2)),
                projected("ID", "11-3031", (9, 9, 1), "doubtful", doubt="fewer_jobs_than_oews"),
                projected("VT", "00-0000", (80, 90, 9)),
                projected("VT", "11-3031", (9, 9, 1)),
                projected("VT", "29-1141", (9, 9, 1)),
                projected("VT", "13-2082", (9, 12, 1)),
            ],
            "core.projection_member": [
                {"nem_code": "11-3031", "soc_code": "11-3031", "member_share": 1.0},
                {"nem_code": "43-3071", "soc_code": "43-3071", "member_share": 1.0},
                {"nem_code": "29-1141", "soc_code": "29-1141", "member_share": 1.0},
                {"nem_code": "13-2011", "soc_code": "13-2011", "member_share": 1.0},
                {"nem_code": "13-2082", "soc_code": "13-2082", "member_share": 1.0},
                # by the nation's jobs, 400 to 200
                {"nem_code": "11-3099", "soc_code": "11-3031", "member_share": 2 / 3},
                {"nem_code": "11-3099", "soc_code": "43-3071", "member_share": 1 / 3},
            ],
            "reference.soc_legacy_cluster": [
                {"soc_code": "11-3031", "legacy_cluster_id": "finance", "weight": 0.5},
                {"soc_code": "11-3031", "legacy_cluster_id": "business", "weight": 0.5},
                {"soc_code": "43-3071", "legacy_cluster_id": "finance", "weight": 1.0},
                {"soc_code": "29-1141", "legacy_cluster_id": "health_science", "weight": 1.0},
                {"soc_code": "13-2011", "legacy_cluster_id": "accounting", "weight": 1.0},
                {"soc_code": "13-2082", "legacy_cluster_id": "accounting", "weight": 1.0},
            ],
        },
    )
    return {(row["area_id"], row["legacy_cluster_id"]): row for row in result.iter_rows(named=True)}


def test_every_job_is_in_one_former_cluster(rows):
    nation = {cluster: row["base_jobs"] for (area, cluster), row in rows.items() if area == "US"}
    assert nation == {"finance": 400.0, "business": 200.0, "health_science": 300.0, "accounting": 600.0}
    assert sum(row["annual_openings"] for (area, _), row in rows.items() if area == "US") == 85


def test_growth_is_of_the_sums_not_the_mean_of_rates(rows):
    # half of 400 and 200 become half of 500 and 150: rates of +25 % and -25 % come to no growth
    finance = rows["US", "finance"]
    assert (finance["projected_jobs"], finance["change_jobs"], finance["growth_pct"]) == (400.0, 0.0, 0.0)
    health = rows["US", "health_science"]
    # 1.1 ^ (1 / 10) - 1
    assert (health["growth_pct"], health["cagr_pct"]) == (pytest.approx(10.0), pytest.approx(0.9577))
    assert health["openings_rate_pct"] == pytest.approx(8.3333)
    assert (health["status"], health["coverage_pct"], health["projection_period"]) == ("ok", 100.0, "2024-34")


def test_a_states_combination_is_shared_among_its_occupations(rows):
    # 60 jobs: 40 of financial managers, half of them in finance, and 20 tellers
    finance = rows["OH", "finance"]
    assert (finance["base_jobs"], finance["annual_openings"]) == (pytest.approx(40.0), pytest.approx(6.0))
    assert (finance["occupations"], finance["occupations_without_projection"]) == (2, 0)
    assert finance["status"] == "ok"


def test_what_cannot_be_used_is_missing(rows):
    withheld = rows["OH", "health_science"]
    assert (withheld["status"], withheld["base_jobs"], withheld["annual_openings"]) == ("withheld", None, None)
    assert (withheld["coverage_pct"], withheld["growth_pct"]) == (0.0, None)
    assert rows["MA", "health_science"]["status"] == "doubtful"
    assert rows["MA", "health_science"]["base_jobs"] is None


def test_one_doubtful_occupation_leaves_the_rest_of_the_state_alone(rows):
    finance = rows["ID", "finance"]
    # 200 of 400 of the nation's jobs
    assert (finance["status"], finance["coverage_pct"], finance["base_jobs"]) == ("partial", 50.0, 20.0)
    assert (finance["growth_pct"], finance["annual_openings"]) == (pytest.approx(10), 2)


def test_doubtful_openings_of_a_list_leave_its_growth(rows):
    health = rows["NY", "health_science"]
    assert (health["status"], health["openings_status"], health["doubt"]) == (
        "ok",
        "doubtful",
        "openings_repeat_change",
    )
    assert (health["growth_pct"], health["annual_openings"], health["openings_rate_pct"]) == (
        pytest.approx(10),
        None,
        None,
    )
    assert rows["MA", "health_science"]["doubt"] == "list_against_totals"


def test_growth_and_openings_of_a_sixth_of_a_cluster_are_not_given(rows):
    row = rows["VT", "accounting"]
    assert (row["status"], row["openings_status"], row["coverage_pct"]) == (
        "low_coverage",
        "low_coverage",
        pytest.approx(16.6667),
    )
    assert row["base_jobs"] == 9
    figures = ("projected_jobs", "change_jobs", "growth_pct", "cagr_pct", "annual_openings", "openings_rate_pct")
    assert [row[name] for name in figures] == [None] * 6
