"""Projections of the small world: the nation of 2024-34 with the parts of its openings, two states of 2022-32.

OK prints nothing but zeros for buyers, a base of zero for petroleum engineers, and a code of its own (47-2999) for
carpenters and plumbers together beside each of them.
"""

from typing import Any

Row = dict[str, Any]

#: Thousands: jobs in 2024 and 2034, exits, transfers and openings a year.
NATION: dict[str, tuple[float, float, float, float, float]] = {
    "00-0000": (106.0, 109.4, 3.4, 6.3, 10.0),
    "11-1021": (22.0, 24.0, 0.6, 1.2, 2.0),
    "13-1020": (5.0, 4.5, 0.2, 0.3, 0.5),
    "17-2171": (10.0, 11.0, 0.2, 0.5, 0.8),
    "25-2021": (25.0, 25.0, 0.8, 0.9, 1.7),
    "45-2092": (20.0, 19.0, 1.0, 2.0, 2.9),
    "47-2031": (15.0, 16.0, 0.4, 0.9, 1.4),
    "47-2152": (9.0, 9.9, 0.2, 0.5, 0.8),
}
#: Jobs in 2022 and 2032, openings a year.
STATES: dict[str, dict[str, tuple[int, int, int]]] = {
    "TX": {
        "00-0000": (62_000, 64_500, 6_230),
        "11-1021": (12_000, 13_000, 1_200),
        "13-1020": (3_000, 2_800, 250),
        "17-2171": (7_000, 7_700, 560),
        "25-2021": (15_000, 15_300, 1_100),
        "45-2092": (12_000, 11_500, 1_900),
        "47-2031": (9_000, 9_700, 850),
        "47-2152": (3_900, 4_300, 350),
    },
    "OK": {
        "00-0000": (40_000, 41_500, 3_900),
        "11-1021": (9_000, 9_900, 950),
        "13-1020": (0, 0, 0),
        "17-2171": (0, 10, 0),
        "25-2021": (10_000, 9_800, 690),
        "45-2092": (8_000, 7_900, 1_250),
        "47-2031": (6_000, 6_300, 570),
        "47-2152": (3_000, 3_200, 280),
        "47-2999": (480, 560, 48),
    },
}
#: Entry education, experience and training.
ASSIGNMENTS = {
    "11-1021": ("Bachelor's degree", "5 years or more", "None"),
    "13-1020": ("Bachelor's degree", "None", "Moderate-term on-the-job training"),
    "17-2171": ("Bachelor's degree", "None", "None"),
    "25-2021": ("Bachelor's degree", "None", "Internship/residency"),
    "45-2092": ("No formal educational credential", "None", "Short-term on-the-job training"),
    "47-2031": ("High school diploma or equivalent", "None", "Apprenticeship"),
    "47-2152": ("High school diploma or equivalent", "None", "Apprenticeship"),
}
#: Mean, lowest and highest job zone, and how many O*NET occupations are rated; none of farmworkers is.
JOB_ZONES = {
    "11-1021": (3.5, 3, 4, 2),
    "13-1021": (4.0, 4, 4, 1),
    "13-1022": (3.0, 3, 3, 1),
    "17-2171": (4.0, 4, 4, 1),
    "25-2021": (4.0, 4, 4, 1),
    "47-2031": (2.0, 2, 2, 1),
    "47-2152": (3.0, 3, 3, 1),
}


def _growth_pct(base: float, projected: float) -> float:
    return round(100 * (projected - base) / base, 1) if base else 0.0


def outlook_inputs() -> dict[str, list[Row]]:
    """Raw tables, bridge and vintages."""
    assigned = [
        {
            "nem_code": code,
            "nem_title": f"Occupation {code}",
            "base_year": 2024,
            "entry_education": education,
            "work_experience": experience,
            "on_the_job_training": training,
        }
        for code, (education, experience, training) in ASSIGNMENTS.items()
    ]
    years = {"base_year": 2024, "projected_year": 2034}
    occupation: list[Row] = []
    separations: list[Row] = []
    for code, (base, projected, exits, transfers, openings) in NATION.items():
        shared: Row = {
            "nem_code": code,
            "nem_title": f"Occupation {code}",
            "occupation_type": "Summary" if code == "00-0000" else "Line item",
            **years,
            "change_thousand": round(projected - base, 1),
            "annual_openings_thousand": openings,
        }
        jobs = {
            "base_jobs_thousand": base,
            "projected_jobs_thousand": projected,
            "change_pct": _growth_pct(base, projected),
            "median_wage_status": "absent",
            "median_wage_year": 2024,
        }
        occupation.append(shared | jobs)
        flows = {
            "exit_rate_pct": round(100 * exits / base, 1),
            "transfer_rate_pct": round(100 * transfers / base, 1),
            "separation_rate_pct": round(100 * (exits + transfers) / base, 1),
            "annual_exits_thousand": exits,
            "annual_transfers_thousand": transfers,
            "annual_separations_thousand": round(exits + transfers, 1),
        }
        separations.append(shared | flows)
    return {
        "raw.ep_occupation": occupation,
        "raw.ep_separations": separations,
        "raw.ep_education": assigned,
        "raw.projections_central": [
            {
                "area_id": state,
                "soc_code": code,
                "title": f"Occupation {code}",
                "base_jobs": base,
                "projected_jobs": projected,
                "change_jobs": projected - base,
                "growth_pct": _growth_pct(base, projected),
                "annual_openings": openings,
                "base_year": 2022,
                "projected_year": 2032,
                "status": "rounded" if not base and (projected or openings) else "ok",
            }
            for state, occupations in STATES.items()
            for code, (base, projected, openings) in occupations.items()
        ],
        "raw.projections_short": [],
        # the nation of the states' cycle
        "raw.projections_central_nation": [
            {
                "soc_code": code,
                "title": f"Occupation {code}",
                "base_jobs": int(900 * base),
                "projected_jobs": int(950 * projected),
                "change_jobs": int(950 * projected) - int(900 * base),
                "growth_pct": _growth_pct(900 * base, 950 * projected),
                "annual_openings": int(900 * openings),
                "base_year": 2022,
                "projected_year": 2032,
                "status": "ok",
            }
            for code, (base, projected, _, _, openings) in NATION.items()
        ],
        "raw.onet_job_zone": [
            {
                "soc_code": code,
                **dict(zip(("job_zone_mean", "job_zone_min", "job_zone_max", "onet_soc_codes"), zones, strict=True)),
            }
            for code, zones in JOB_ZONES.items()
        ],
        "seed.nem_soc": [
            {
                "nem_code": code,
                "soc_code": code,
                "kind": "combined" if code == "13-1020" else "same",
                "reason": "OEWS publishes it too",
            }
            for code in ASSIGNMENTS
        ],
        "seed.projection_combination": [
            {"combined_code": "47-2999", "member_code": member, "source": "Combination of one state"}
            for member in ("47-2031", "47-2152")
        ],
        "reference.source_vintage": [
            {
                "source": source,
                "publisher": "The publisher",
                "title": "Projections",
                "url": "https://example.org/",
                "vintage": period,
                "reference_period": period,
                "released_on": None,
                "retrieved_on": None,
                "files": 1,
                "bytes": 1,
                "rows": 1,
                "sha256": "0" * 64,
                "status": "ok",
                "licence": "public domain",
                "attribution": "The publisher",
                "notes": None,
            }
            for source, period in (("projections", "2024-34"), ("projections_central", "2022-32"))
        ],
    }
