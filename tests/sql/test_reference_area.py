import polars as pl


def test_areas_carry_state_and_territory(run_sql):
    areas = [
        ("US", "0000000", "national", "00", "National"),
        ("TX", "4800000", "state", "48", "Texas"),
        ("C10180", "0010180", "metro", "48", "Abilene, TX"),
        ("N4800001", "4800001", "nonmetro", "48", "West Texas nonmetropolitan area"),
        ("PR", "7200000", "state", "72", "Puerto Rico"),
        ("C10380", "0010380", "metro", "72", "Aguadilla, PR"),
    ]
    columns = ("area_id", "area_code", "area_type", "state_code", "area_name")
    result = run_sql(
        "reference.area",
        {
            "raw.oews_area": [dict(zip(columns, area, strict=True)) for area in areas],
            "seed.state": [
                {"state_fips": "48", "state_id": "TX", "state_name": "Texas", "is_territory": False},
                {"state_fips": "72", "state_id": "PR", "state_name": "Puerto Rico", "is_territory": True},
            ],
            "seed.county": [
                {
                    "county_fips": "48441",
                    "area_name": "Taylor County, Texas",
                    "state_fips": "48",
                    "cbsa_area_id": "C10180",
                },
                {
                    "county_fips": "09110",
                    "area_name": "Capitol Planning Region",
                    "state_fips": "09",
                    "first_year": 2024,
                },
            ],
        },
    )
    counties = result.filter(pl.col("area_type") == "county")
    assert counties.select(
        "area_id", "state_id", "state_fips", "oews_area_code", "cbsa_area_id", "first_year"
    ).rows() == [
        ("09110", None, "09", None, None, 2024),
        ("48441", "TX", "48", None, "C10180", None),
    ]
    result = result.filter(pl.col("area_type") != "county")
    kept = result.select("area_id", "area_type", "state_id", "state_fips", "oews_area_code", "is_territory")
    assert kept.rows() == [
        ("C10180", "metro", "TX", "48", "0010180", False),
        ("C10380", "metro", "PR", "72", "0010380", True),
        ("N4800001", "nonmetro", "TX", "48", "4800001", False),
        ("PR", "state", "PR", "72", "7200000", True),
        ("TX", "state", "TX", "48", "4800000", False),
        ("US", "national", None, None, "0000000", False),
    ]
    assert result["area_name"].to_list()[0] == "Abilene, TX"
