from sql_inputs import Row


def projection(area: str, code: str, jobs: float, soc_code: str | None = None) -> Row:
    return {
        "area_id": area,
        "nem_code": code,
        "soc_code": soc_code or code,
        "occupation_group": "total" if code == "00-0000" else "detailed",
        "base_jobs": jobs,
    }


def members(run_sql, projections: list[Row], combinations=(), combined=(), placed=()) -> dict[tuple[str, str], tuple]:
    codes = placed or [row["soc_code"] for row in projections if row["area_id"] == "US"]
    result = run_sql(
        "core.projection_member",
        {
            "core.occupation_projection": projections,
            "core.scheme_membership": [
                {"scheme": scheme, "basis": basis, "soc_code": code, "weight": 1.0}
                for scheme in ("national", "ohio")
                for basis in ("unduplicated", "duplicated")
                for code in codes
            ],
            "seed.projection_combination": [
                {"combined_code": whole, "member_code": part} for whole, part in combinations
            ],
            "seed.soc_combined": [{"combined_code": whole, "member_code": part} for whole, part in combined],
        },
    )
    return {
        (row["nem_code"], row["soc_code"]): (row["member_share"], row["member_method"])
        for row in result.iter_rows(named=True)
    }


def test_a_code_of_the_nation_stands_for_itself_wherever_it_is_published(run_sql):
    found = members(
        run_sql,
        [projection("US", "00-0000", 9), projection("US", "29-1141", 5), projection("OH", "29-1141", 2)],
    )
    assert found == {("29-1141", "29-1141"): (1.0, "same")}


def test_a_combination_is_shared_by_the_nations_jobs(run_sql):
    found = members(
        run_sql,
        [
            projection("US", "15-1252", 1_500_000),
            projection("US", "15-1253", 500_000),
            # beside its parts, as states do
            projection("TN", "15-1252", 16_540),
            projection("TN", "15-1256", 920),
        ],
        combinations=[("15-1256", "15-1252"), ("15-1256", "15-1253"), ("11-2030", "15-1252")],
    )
    assert found == {
        ("15-1252", "15-1252"): (1.0, "same"),
        ("15-1253", "15-1253"): (1.0, "same"),
        ("15-1256", "15-1252"): (0.75, "national_jobs"),
        ("15-1256", "15-1253"): (0.25, "national_jobs"),
    }


def test_a_combination_without_national_jobs_is_split_equally(run_sql):
    found = members(
        run_sql,
        [projection("US", "15-1252", 0), projection("US", "15-1253", 0), projection("TN", "15-1256", 920)],
        combinations=[("15-1256", "15-1252"), ("15-1256", "15-1253")],
    )
    assert found["15-1256", "15-1252"] == found["15-1256", "15-1253"] == (0.5, "equal_split")


def test_a_former_code_goes_to_the_one_occupation_that_it_is_now(run_sql):
    found = members(
        run_sql,
        [projection("US", "27-3092", 20), projection("GU", "23-2091", 1)],
        combinations=[("23-2091", "27-3092")],
    )
    assert found["23-2091", "27-3092"] == (1.0, "renamed")


def test_a_part_of_what_the_nation_combines_goes_there(run_sql):
    found = members(
        run_sql,
        [projection("US", "13-1020", 500), projection("OH", "13-1021", 3), projection("OH", "13-1022", 4)],
        combined=[("13-1020", "13-1021"), ("13-1020", "13-1022"), ("13-1020", "13-1023")],
        # the framework places parts as well as wholes
        placed=["13-1020", "13-1021", "13-1022", "13-1023"],
    )
    assert found == {
        ("13-1020", "13-1020"): (1.0, "same"),
        ("13-1021", "13-1020"): (1.0, "part"),
        ("13-1022", "13-1020"): (1.0, "part"),
    }


def test_a_code_that_nobody_knows_stands_for_nothing(run_sql):
    found = members(run_sql, [projection("US", "29-1141", 5), projection("ID", "29-2054", 30)])
    assert list(found) == [("29-1141", "29-1141")]
