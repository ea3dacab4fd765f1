import pytest
from sql_inputs import Row


def naics(code: str, sector: str) -> Row:
    return {"naics_code": code, "naics_title": f"Title of {code}", "sector_code": sector}


def home(code: str, cluster: str, sub_cluster: str | None = None, system: str = "naics_2022") -> Row:
    return {
        "code_system": system,
        "naics_code": code,
        "naics_title": f"Title of {code}",
        "cluster_id": cluster,
        "sub_cluster_id": sub_cluster,
        "reason": f"because {code}",
        "advance_cte_agrees": "yes",
    }


@pytest.fixture(scope="module")
def homes(run_sql) -> dict[tuple[str, str], tuple[str, str | None, str]]:
    result = run_sql(
        "reference.naics_sub_cluster",
        {
            "raw.naics": [
                naics("11", "11"),
                naics("111", "11"),
                naics("112", "11"),
                naics("1125", "11"),
                naics("112511", "11"),
                naics("31-33", "31-33"),
                naics("311", "31-33"),
                naics("3118", "31-33"),
                naics("311811", "31-33"),
                naics("311812", "31-33"),
                naics("332", "31-33"),
                naics("332710", "31-33"),
                naics("999", "99"),
            ],
            "seed.naics_home": [
                home("11", "agriculture", "plants"),
                home("112", "agriculture"),
                home("1125", "agriculture", "water"),
                home("31-33", "manufacturing"),
                home("311", "agriculture", "food"),
                home("3118", "manufacturing", "production"),
                home("311811", "hospitality", "culinary"),
                home("99", "unknown"),
                home("999", "public_service", None, "oews"),
            ],
        },
    )
    keys = result.select("code_system", "naics_code").rows()
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    return {
        (row["code_system"], row["naics_code"]): (row["cluster_id"], row["sub_cluster_id"], row["mapped_code"])
        for row in result.iter_rows(named=True)
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("11", ("agriculture", "plants", "11")),
        ("111", ("agriculture", "plants", "11")),
        # a longer prefix that names the cluster only does not borrow the shorter one's sub-cluster
        ("112", ("agriculture", None, "112")),
        ("1125", ("agriculture", "water", "1125")),
        ("112511", ("agriculture", "water", "1125")),
        ("311", ("agriculture", "food", "311")),
        ("3118", ("manufacturing", "production", "3118")),
        ("311811", ("hospitality", "culinary", "311811")),
        ("311812", ("manufacturing", "production", "3118")),
    ],
)
def test_the_longest_mapped_prefix_gives_the_home(homes, code, expected):
    assert homes["naics_2022", code] == expected


@pytest.mark.parametrize("code", ["31-33", "332", "332710"])
def test_a_range_sector_is_home_of_its_sub_sectors_that_have_no_other(homes, code):
    assert homes["naics_2022", code] == ("manufacturing", None, "31-33")


def test_code_systems_do_not_mix(homes):
    assert homes["oews", "999"] == ("public_service", None, "999")
    assert homes["naics_2022", "999"] == ("unknown", None, "99")


def test_every_code_has_one_home_and_carries_its_reason(run_sql, homes):
    assert len(homes) == 14  # 13 NAICS codes and one of OEWS
    result = run_sql(
        "reference.naics_sub_cluster",
        {"raw.naics": [naics("111", "11")], "seed.naics_home": [home("11", "agriculture", "plants")]},
    )
    assert result.rows(named=True) == [
        {
            "code_system": "naics_2022",
            "naics_code": "111",
            "naics_title": "Title of 111",
            "cluster_id": "agriculture",
            "sub_cluster_id": "plants",
            "mapped_code": "11",
            "reason": "because 11",
            "advance_cte_agrees": "yes",
        }
    ]
