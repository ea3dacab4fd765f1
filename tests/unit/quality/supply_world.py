"""Programs of the small world: two colleges in TX and OK, and one that has closed.

Business leads to managers and buyers, and to a teacher who is left out; carpentry to carpenters and plumbers; one
program leads nowhere, and one is general studies. In TX business has 300 and 240 bachelor's degrees.
"""

from typing import Any

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.paths import REFERENCE
from pipelines.tables import TableName

Row = dict[str, Any]

BUSINESS, CARPENTRY, TEACHING, NOWHERE, GENERAL = "52.0201", "46.0201", "13.1202", "01.9999", "24.0101"
COLLEGES = {"100001": ("TX", "48201"), "100002": ("OK", None)}
CLOSED = "100003"
#: Year, college, program, award level, awards and women's.
AWARDS = [
    (2023, "100001", BUSINESS, 5, 240, 120),
    (2024, "100001", BUSINESS, 5, 300, 180),
    (2024, "100001", CARPENTRY, 20, 40, 4),
    (2024, "100001", GENERAL, 3, 60, 40),
    (2024, "100001", NOWHERE, 3, 2, 1),
    (2024, "100002", TEACHING, 5, 90, 80),
    (2023, "100002", CARPENTRY, 20, 30, 3),
    (2023, CLOSED, TEACHING, 5, 10, 5),
]
LINKS = {
    BUSINESS: ("11-1021", "13-1021", "25-1011"),
    CARPENTRY: ("47-2031", "47-2152"),
    TEACHING: ("25-2021",),
    NOWHERE: ("99-9999",),
    GENERAL: ("25-1099",),
}
PLACES = [
    (BUSINESS, "management_entrepreneurship", "leadership_operations"),
    (BUSINESS, "education", "teaching_training_facilitation"),
    (CARPENTRY, "construction", "skilled_trades"),
    (TEACHING, "education", "teaching_training_facilitation"),
]
#: Employed people and the share of women by Census occupation; the code of buyers stands for two SOC codes.
PEOPLE = {
    "11-1021": ("General and operations managers", "0020", 1_000_000, 35.4),
    "13-1020": ("Buyers", "0510", 400_000, 50.0),
    "17-2171": ("Petroleum engineers", "1520", 30_000, None),
    "25-2021": ("Elementary school teachers", "2310", 3_000_000, 79.0),
    "47-2031": ("Carpenters", "6230", 1_300_000, 3.5),
    "47-2152": ("Plumbers", "6441", 600_000, 2.2),
}


def supply_inputs() -> dict[str, list[Row]]:
    """Raw tables, and the tables of `reference/` that stand beside them."""
    carried = {
        name: read_csv(contracts()[TableName.parse(name)], REFERENCE).to_dicts()
        for name in ("reference.award_level", "reference.entry_education", "reference.credential_award")
    }
    figures = ("awards", "awards_women")
    columns = ("award_year", "unit_id", "cip_code", "award_level", *figures)
    codes = sorted({code for program in LINKS for code in (program, program[:5], program[:2])})
    earned: list[tuple[str, int, str, int, int | None]] = [
        ("52.02", 3, "100001", 200, 60_000),
        ("52.02", 3, "100002", 100, 50_000),
        ("46.02", 1, "100001", 30, None),
    ]
    return {
        **carried,
        "seed.distance_institution": [{"unit_id": "100002", "institution_name": "Online", "reason": "test"}],
        "raw.ipeds_completions": [dict(zip(columns, row, strict=True)) for row in AWARDS],
        "raw.ipeds_institution": [
            {
                "unit_id": unit,
                "institution_name": f"College {unit}",
                "state_id": state,
                "county_fips": county,
                "control": "public",
                "listed_year": 2024,
            }
            for unit, (state, county) in COLLEGES.items()
        ],
        "raw.cip": [{"cip_code": code, "cip_title": f"Program {code}", "change": "kept"} for code in codes],
        "raw.cip_soc": [{"cip_code": program, "soc_code": soc} for program, found in LINKS.items() for soc in found],
        "raw.cip_sub_cluster": [
            {"cip_code": program, "cluster_id": cluster, "sub_cluster_id": sub} for program, cluster, sub in PLACES
        ],
        "raw.scorecard_program": [
            {
                "cip4_code": field,
                "credential_level": credential,
                "unit_id": unit,
                "completers": completers,
                "earnings_usd": earnings,
                "earnings_status": "withheld" if earnings is None else "ok",
                "debt_dollars": None,
            }
            for field, credential, unit, completers, earnings in earned
        ],
        "raw.scorecard_benchmark": [{"state_id": "TX", "benchmark_usd": 35_000}],
        "raw.cps_occupation": [
            {"occupation_title": title, "employed": employed, "women_pct": women}
            for title, _, employed, women in PEOPLE.values()
        ],
        "raw.census_occupation": [
            {"census_code": code, "occupation_title": title, "soc_pattern": soc}
            for soc, (title, code, _, _) in PEOPLE.items()
        ],
    }
