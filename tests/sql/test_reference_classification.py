"""reference.naics and reference.soc: the classifications as read, in their own order."""

NAICS = ("naics_code", "naics_title", "naics_level", "parent_code", "sector_code", "sort_order")
SOC = ("soc_code", "soc_title", "soc_level", "parent_code", "major_code", "sort_order")


def test_naics_keeps_codes_as_text_in_the_publishers_order(run_sql):
    rows = [
        ("311", "Food Manufacturing", 3, "31-33", "31-33", 3),
        ("31-33", "Manufacturing", 2, None, "31-33", 2),
        ("11", "Agriculture, Forestry, Fishing and Hunting", 2, None, "11", 1),
    ]
    result = run_sql("reference.naics", {"raw.naics": [dict(zip(NAICS, row, strict=True)) for row in rows]})
    assert result.columns == list(NAICS)
    assert result.rows() == [rows[2], rows[1], rows[0]]


def test_soc_keeps_every_level_in_the_publishers_order(run_sql):
    rows = [
        ("11-1011", "Chief Executives", "detailed", "11-1010", "11-0000", 4),
        ("11-1010", "Chief Executives", "broad", "11-1000", "11-0000", 3),
        ("11-0000", "Management Occupations", "major", None, "11-0000", 1),
        ("11-1000", "Top Executives", "minor", "11-0000", "11-0000", 2),
    ]
    result = run_sql("reference.soc", {"raw.soc": [dict(zip(SOC, row, strict=True)) for row in rows]})
    assert result.columns == list(SOC)
    assert result.rows() == [rows[2], rows[3], rows[1], rows[0]]
