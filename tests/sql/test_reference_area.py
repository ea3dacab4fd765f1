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
        },
    )
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
