def test_combined_codes_name_their_members_at_the_detailed_level_only(run_sql):
    result = run_sql(
        "reference.oews_occupation",
        {
            "raw.oews_occupation": [
                {"soc_code": code, "occupation_name": f"Name of {code}", "occupation_group": group}
                for code, group in [
                    ("29-2010", "detailed"),
                    ("13-2020", "broad"),
                    ("15-1252", "detailed"),
                    ("00-0000", "total"),
                    ("15-0000", "major"),
                ]
            ],
            "seed.soc_combined": [
                {"combined_code": combined, "member_code": member}
                for combined, member in [
                    ("29-2010", "29-2012"),
                    ("29-2010", "29-2011"),
                    ("13-2020", "13-2022"),
                    ("13-2020", "13-2023"),
                ]
            ],
        },
    )
    assert result.rows() == [
        ("00-0000", "Name of 00-0000", "total", None, False, None),
        ("13-2020", "Name of 13-2020", "broad", "13-0000", False, None),
        ("15-0000", "Name of 15-0000", "major", "15-0000", False, None),
        ("15-1252", "Name of 15-1252", "detailed", "15-0000", False, None),
        ("29-2010", "Name of 29-2010", "detailed", "29-0000", True, "29-2011, 29-2012"),
    ]
