import pytest
from outlook_inputs import bridge
from sql_inputs import Row

HIGH_SCHOOL = "High school diploma or equivalent"


def education(code: str, entry: str | None, training: str | None = "None") -> Row:
    return {"nem_code": code, "entry_education": entry, "work_experience": "None", "on_the_job_training": training}


def zone(code: str, mean: float, lowest: int, highest: int, codes: int) -> Row:
    return {
        "soc_code": code,
        "job_zone_mean": mean,
        "job_zone_min": lowest,
        "job_zone_max": highest,
        "onet_soc_codes": codes,
    }


def preparation(run_sql, assigned: list[Row], zones=(), combined=(), bridges=None) -> dict[str, Row]:
    result = run_sql(
        "core.occupation_preparation",
        {
            "raw.ep_education": assigned,
            "raw.onet_job_zone": list(zones),
            "seed.nem_soc": bridges or [bridge(row["nem_code"]) for row in assigned],
            "seed.soc_combined": [{"combined_code": whole, "member_code": part} for whole, part in combined],
        },
    )
    return {row["soc_code"]: row for row in result.iter_rows(named=True)}


def test_members_of_a_combined_code_take_its_assignments_and_have_their_own_zones(run_sql):
    found = preparation(
        run_sql,
        [education("13-1020", "Bachelor's degree", "Moderate-term on-the-job training")],
        zones=[zone("13-1021", 4.0, 4, 4, 1), zone("13-1022", 3.0, 2, 4, 3), zone("99-9999", 1.0, 1, 1, 1)],
        combined=[("13-1020", "13-1021"), ("13-1020", "13-1022"), ("13-1020", "13-1023")],
    )
    assert found.keys() == {"13-1020", "13-1021", "13-1022", "13-1023"}
    assert {row["entry_education"] for row in found.values()} == {"Bachelor's degree"}
    assert {row["on_the_job_training"] for row in found.values()} == {"Moderate-term on-the-job training"}
    # four O*NET occupations: 4 and three that make 9
    assert found["13-1020"]["job_zone_mean"] == pytest.approx(13 / 4)
    assert (found["13-1020"]["job_zone_min"], found["13-1020"]["job_zone_max"]) == (2, 4)
    assert found["13-1020"]["onet_soc_codes"] == 4
    assert found["13-1022"]["job_zone_mean"] == 3.0
    assert (found["13-1023"]["job_zone_mean"], found["13-1023"]["onet_soc_codes"]) == (None, 0)


def test_assignments_follow_the_bridge(run_sql):
    found = preparation(run_sql, [education("51-9999", "Associate's degree")], bridges=[bridge("51-9999", "51-9198")])
    assert list(found) == ["51-9198"]


@pytest.mark.parametrize(
    ("entry", "training", "expected"),
    [
        ("Some college, no degree", "None", True),
        ("Postsecondary nondegree award", "None", True),
        ("Associate's degree", None, True),
        (HIGH_SCHOOL, "Apprenticeship", True),
        (HIGH_SCHOOL, "Long-term on-the-job training", True),
        (HIGH_SCHOOL, "Moderate-term on-the-job training", False),
        (HIGH_SCHOOL, None, False),
        ("No formal educational credential", "Long-term on-the-job training", False),
        ("Bachelor's degree", "Long-term on-the-job training", False),
        (None, "Apprenticeship", None),
    ],
)
def test_middle_skill_is_education_or_long_training(run_sql, entry, training, expected):
    found = preparation(run_sql, [education("47-2152", entry, training)])
    assert found["47-2152"]["is_middle_skill"] is expected
