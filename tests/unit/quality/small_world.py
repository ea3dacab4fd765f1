"""A nation of 100,000 jobs, small enough to work out by hand, taken through the real SQL.

Two states add up to the nation; a metro lies in one of them. Seven occupations (one a combined code) belong to four
clusters with an industry and a cross-cutting one. Petroleum engineers are top-coded, and withheld in OK, where their
major group leaves 3,000 jobs to estimate. The metro does not list buyers, though their group has 4,500 jobs;
farmworkers are withheld there with their group, and the metro's total leaves nothing for them.

Employers report jobs by owner and industry for two years, in the nation, both states and a county. In the second year
farms and mines are withheld in OK, and in the county even their sum.
"""

from pathlib import Path
from typing import Any

import polars as pl
from outlook_world import outlook_inputs
from supply_world import supply_inputs

from pipelines.contracts.enforce import polars_schema, write_frame
from pipelines.contracts.model import contracts
from pipelines.estimation.made import stage_step, steps
from pipelines.overlays.overlay_tables import overlay_tables
from pipelines.policies.figures import TABLES, occupation_figures, read_published
from pipelines.policies.flags import OCCUPATION_FLAG, POLICY, Applied, occupation_flags, policy_table
from pipelines.policies.model import Policy, load_policies
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.engine import connect

Row = dict[str, Any]

PERIOD = "2025-05"
TOP_CODE = 239_200
PERCENTILES = (10, 25, 50, 75, 90)
TOP = "top_coded"

#: name, mean and P10 .. P90 of each occupation in the nation.
OCCUPATIONS: dict[str, tuple[str, int, tuple[int | str, ...]]] = {
    "11-1021": ("General and Operations Managers", 118_000, (50_000, 70_000, 100_000, 150_000, 220_000)),
    "13-1020": ("Buyers and Purchasing Agents", 82_000, (45_000, 58_000, 76_000, 99_000, 130_000)),
    "17-2171": ("Petroleum Engineers", 170_000, (80_000, 110_000, 150_000, TOP, TOP)),
    "25-2021": ("Elementary School Teachers", 67_000, (46_000, 51_000, 62_000, 79_000, 98_000)),
    "45-2092": ("Farmworkers", 36_500, (28_000, 32_000, 36_000, 38_000, 44_000)),
    "47-2031": ("Carpenters", 64_000, (37_000, 46_000, 60_000, 77_000, 99_000)),
    "47-2152": ("Plumbers", 68_000, (40_000, 48_000, 63_000, 82_000, 105_000)),
}
TOTAL_WAGES = (75_000, (33_000, 42_000, 60_000, 90_000, 140_000))

#: Jobs by area in the order of OCCUPATIONS; None is withheld, absent ones are not listed.
JOBS: dict[str, dict[str, int | None]] = {
    "US": dict(zip(OCCUPATIONS, (20_000, 5_000, 10_000, 25_000, 18_000, 14_000, 8_000), strict=True)),
    "TX": dict(zip(OCCUPATIONS, (12_000, 3_000, 7_000, 15_000, 10_000, 8_000, 5_000), strict=True)),
    "OK": dict(zip(OCCUPATIONS, (8_000, 2_000, None, 10_000, 8_000, 6_000, 3_000), strict=True)),
    "C26420": {
        "11-1021": 6_000,
        "17-2171": 5_000,
        "25-2021": 8_000,
        "45-2092": None,
        "47-2031": 4_000,
        "47-2152": 2_500,
    },
}
TOTALS = {"US": 100_000, "TX": 60_000, "OK": 40_000, "C26420": 30_000}
#: Jobs of major groups that are not the sum of their published occupations.
MAJORS: dict[tuple[str, str], int | None] = {
    ("OK", "17-0000"): 3_000,
    ("C26420", "13-0000"): 4_500,
    ("C26420", "45-0000"): None,
}
#: P10 to P90 of the one group of several occupations.
TRADES = {"47-0000": (38_000, 46_800, 61_100, 79_000, 101_500)}

#: National jobs by industry; every job is in one of them.
INDUSTRY_JOBS: dict[str, dict[str, int]] = {
    "11--12": {"00-0000": 20_000, "11-1021": 2_000, "45-2092": 18_000},
    "21--22": {"00-0000": 15_000, "11-1021": 3_000, "17-2171": 10_000, "47-2152": 2_000},
    "23--24": {"00-0000": 24_000, "11-1021": 4_000, "47-2031": 14_000, "47-2152": 6_000},
    "55--56": {"00-0000": 11_000, "11-1021": 6_000, "13-1020": 5_000},
    "61--62": {"00-0000": 30_000, "11-1021": 5_000, "25-2021": 25_000},
}

SUB_CLUSTERS = {
    "plant_systems": "agriculture",
    "animal_systems": "agriculture",
    "skilled_trades": "construction",
    "architecture_civil_engineering": "construction",  # nobody belongs here
    "teaching_training_facilitation": "education",
    "resource_extraction": "energy_natural_resources",
    "utilities": "energy_natural_resources",
    "leadership_operations": "management_entrepreneurship",
    "regulation": "management_entrepreneurship",
}
MEMBERSHIPS = {
    "11-1021": ("skilled_trades", "resource_extraction", "leadership_operations"),
    "13-1020": ("leadership_operations", "regulation"),
    "17-2171": ("resource_extraction",),
    "25-2021": ("teaching_training_facilitation",),
    "45-2092": ("plant_systems", "animal_systems"),
    "47-2031": ("skilled_trades",),
    "47-2152": ("skilled_trades", "utilities"),
}
#: What shares out the occupations of several sub-clusters; a function, or industries, among all or among those named.
FUNCTIONS = {
    "11-1021": ("function", "leadership_operations=0.65;resource_extraction=0.15;skilled_trades=0.2"),
    "13-1020": ("industries", None),
    "13-1021": ("industries", None),
    "13-1022": ("industries", None),
    "45-2092": ("industries", None),
    "47-2152": ("industries", "skilled_trades;utilities"),
}
#: Former clusters of each O*NET occupation; managers and half of the buyers are of two.
FORMER = {
    "11-1021.00": ("business_management_administration", "marketing"),
    "13-1021.00": ("business_management_administration",),
    "13-1022.00": ("marketing",),
    "17-2171.00": ("science_technology_engineering_mathematics",),
    "25-2021.00": ("education_training",),
    "45-2092.00": ("agriculture_food_natural_resources",),
    "45-2092.02": ("agriculture_food_natural_resources",),
    "47-2031.00": ("architecture_construction",),
    "47-2152.00": ("architecture_construction",),
}
INDUSTRY_HOMES = {
    "11": "plant_systems",
    "21": "resource_extraction",
    "23": "skilled_trades",
    "55": "leadership_operations",
    "61": "teaching_training_facilitation",
}
#: Average annual pay and the publisher's supersector of each sector of employers; 99 is unclassified.
EMPLOYERS = {
    "11": (30_000, "1011"),
    "21": (100_000, "1011"),
    "23": (60_000, "1012"),
    "55": (120_000, "1024"),
    "61": (50_000, "1025"),
    "99": (40_000, "1029"),
}
#: Jobs in 2023 and 2024 by area, owner (private 5, local government 3) and sector.
EMPLOYERS_JOBS: dict[str, dict[str, dict[str, tuple[int, int]]]] = {
    "US": {
        "5": {
            "11": (1_000, 1_100),
            "21": (500, 600),
            "23": (2_000, 2_100),
            "55": (800, 800),
            "61": (700, 690),
            "99": (10, 10),
        },
        "3": {"23": (100, 90), "61": (3_000, 3_000)},
    },
    "TX": {
        "5": {"11": (600, 660), "21": (400, 500), "23": (1_200, 1_300), "55": (500, 480), "61": (400, 420)},
        "3": {"61": (1_800, 1_850)},
    },
    "OK": {
        "5": {"11": (400, 440), "21": (100, 100), "23": (800, 800), "61": (300, 270)},
        "3": {"11": (20, 20), "61": (1_200, 1_150)},
    },
    "48201": {
        "5": {"11": (5, 6), "21": (200, 250), "23": (500, 520)},
        "3": {"61": (700, 710)},
    },
}
#: What is withheld of private employers in 2024, with all that is finer than a sector.
EMPLOYERS_WITHHELD = {"OK": ("11", "21"), "48201": ("1011", "11", "21")}
PARAMETERS = {
    "interval_constant": 1.55,
    "interval_z": 1.645,
    "sampling_divisor": 1.1,
    "reliability_a_below": 10.0,
    "reliability_b_below": 20.0,
    "reliability_c_below": 30.0,
    "evidence_a_from_pct": 75.0,
    "evidence_b_from_pct": 50.0,
    "evidence_c_from_pct": 25.0,
    "modelled_a_up_to_pct": 25.0,
    "modelled_b_up_to_pct": 50.0,
    "modelled_c_up_to_pct": 75.0,
    "coverage_a_from_pct": 50.0,
    "modelled_from_pct": 0.5,
    "lq_min_published_pct": 50.0,
    "outlook_max_share_gap_pct": 20.0,
    "outlook_min_share_of_oews_pct": 5.0,
    "outlook_oews_from_jobs": 1000.0,
    "industry_min_published_pct": 50.0,
    "change_min_published_pct": 90.0,
    "industry_min_compared_pct": 90.0,
    "industry_fill_max_error_pct": 20.0,
    "outlook_min_coverage_pct": 50.0,
    "earnings_min_covered_pct": 50.0,
    "openings_list_ratio_low": 0.7,
    "openings_list_ratio_high": 1.4,
    "openings_list_from_jobs": 100.0,
    "openings_max_repeats_pct": 50.0,
    "openings_occupation_ratio_low": 0.5,
    "openings_occupation_ratio_high": 2.0,
    "openings_occupation_slack": 10.0,
    "policy_min_share_pct": 10.0,
    "policy_max_share_pct": 80.0,
    "state_weights_max_change_pct": 100.0,
    "staffing_pattern_min_placed_pct": 25.0,
    "nontraditional_below_pct": 25.0,
    "awards_max_unlinked_pct": 5.0,
}


def _figure(name: str, value: float | str | None) -> Row:
    status = value if isinstance(value, str) else "withheld" if value is None else "ok"
    return {name: None if isinstance(value, str) else value, f"{name}_status": status}


def _cell(employment: int | None, rse: float | None, mean: int | None, wages: tuple[int | str | None, ...]) -> Row:
    figures: Row = {"employment": employment, "employment_rse_pct": rse, "wage_mean_usd": mean}
    figures |= {f"wage_p{percentile}_usd": wage for percentile, wage in zip(PERCENTILES, wages, strict=True)}
    absent = {
        "wage_mean_hourly_usd": "absent",
        "wage_rse_pct": "absent",
        **{f"wage_p{percentile}_hourly_usd": "absent" for percentile in PERCENTILES},
        "jobs_per_1000": "absent",
        "location_quotient": "absent",
    }
    row: Row = {"period": PERIOD}
    for name, value in (absent | figures).items():
        row |= _figure(name, value)
    return row


def _area_cells() -> list[Row]:
    rows = []
    for area, jobs in JOBS.items():
        rows.append({"area_id": area, "soc_code": "00-0000", **_cell(TOTALS[area], 0.5, *TOTAL_WAGES)})
        for number, (soc, employment) in enumerate(jobs.items()):
            _, mean, wages = OCCUPATIONS[soc]
            if (area, soc) == ("C26420", "17-2171"):
                # published above the top code, so the 90th percentile is at least that
                wages = (90_000, 120_000, 180_000, 250_000, TOP)
            rse = None if employment is None else 1.0 + 4 * number
            rows.append({"area_id": area, "soc_code": soc, **_cell(employment, rse, mean, wages)})
        for major in sorted({f"{soc[:2]}-0000" for soc in OCCUPATIONS}):
            detail = sum(employment or 0 for soc, employment in jobs.items() if soc[:2] == major[:2])
            employment = MAJORS.get((area, major), detail)
            rse = None if employment is None else 0.5
            wages = TRADES.get(major, (None,) * 5)
            rows.append({"area_id": area, "soc_code": major, **_cell(employment, rse, None, wages)})
    return rows


def _industry_cells() -> list[Row]:
    rows = []
    for industry, jobs in INDUSTRY_JOBS.items():
        for soc, employment in jobs.items():
            mean, wages = TOTAL_WAGES if soc == "00-0000" else OCCUPATIONS[soc][1:]
            rows.append({"industry_code": industry, "soc_code": soc, **_cell(employment, 2.0, mean, wages)})
    return rows


def _qcew() -> list[Row]:
    """Every sector has one industry at each finer level, and 20 establishments."""
    parts = []
    for area, owners in EMPLOYERS_JOBS.items():
        for own, sectors in owners.items():
            for sector, jobs_of_years in sectors.items():
                pay, supersector = EMPLOYERS[sector]
                finer = [f"{sector}1110"[:length] for length in (3, 4, 5, 6)]
                chain = [(own, code) for code in ("10", supersector[:3], supersector, sector, *finer)]
                for year, jobs in zip((2023, 2024), jobs_of_years, strict=True):
                    held = EMPLOYERS_WITHHELD.get(area, ()) if (own, year) == ("5", 2024) else ()
                    for depth, (owner, code) in [*enumerate(chain), (0, ("0", "10"))]:
                        is_held = code in held or (depth > 3 and sector in held)
                        parts.append((area, owner, code, depth, year, 20.0, float(jobs), float(jobs * pay), is_held))
    key = ["area_id", "own_code", "naics_code", "depth", "year"]
    figures = ["establishments", "employment", "wages_usd"]
    cells = (
        pl.DataFrame(parts, schema=[*key, *figures, "is_held"], orient="row")
        .group_by(key, maintain_order=True)
        .agg(pl.col(figures).sum(), pl.col("is_held").any())
        .with_columns(
            pl.when(~pl.col("is_held")).then(pl.col("employment", "wages_usd")),
            status=pl.when("is_held").then(pl.lit("withheld")).otherwise(pl.lit("ok")),
        )
    )
    return cells.drop("is_held").to_dicts()


def _soc() -> list[Row]:
    detailed = sorted({*OCCUPATIONS, "13-1021", "13-1022"} - {"13-1020"})
    majors = sorted({f"{soc[:2]}-0000" for soc in detailed})
    rows = [(soc, "major", None, soc) for soc in majors]
    rows += [(soc, "detailed", f"{soc[:2]}-0000", f"{soc[:2]}-0000") for soc in detailed]
    return [
        {
            "soc_code": soc,
            "soc_title": f"Occupation {soc}",
            "soc_level": level,
            "parent_code": parent,
            "major_code": major,
            "sort_order": order,
        }
        for order, (soc, level, parent, major) in enumerate(rows, 1)
    ]


def _naics() -> list[Row]:
    rows = []
    for sector in INDUSTRY_HOMES:
        for code, level, parent in ((sector, 2, None), (f"{sector}1110", 6, sector)):
            rows.append(
                {
                    "naics_code": code,
                    "naics_title": f"Industry {code}",
                    "naics_level": level,
                    "parent_code": parent,
                    "sector_code": sector,
                    "sort_order": len(rows) + 1,
                }
            )
    return rows


#: Errors of the size that real vintages show; the small world itself has too few groups to measure any.
WAGE_ERRORS = (
    ("national", "major group", "mean", "pooled", 22, 0.02),
    ("national", "minor group", "p50", "pooled", 87, 0.5),
    ("state", "major group", "mean", "pooled", 900, 0.3),
    ("state", "major group", "p50", "pooled", 900, 0.8),
    ("state", "major group", "p50", "average_of_medians", 900, 4.0),
    ("metro", "major group", "p50", "pooled", 8_000, 0.85),
    ("metro", "major group", "p50", "average_of_medians", 8_000, 4.0),
)


def _wage_accuracy() -> list[Row]:
    return [
        {
            "area_type": area_type,
            "grouping": grouping,
            "coverage_band": band,
            "statistic": statistic,
            "method": method,
            "groups": groups,
            "median_abs_error_pct": error,
            "mean_abs_error_pct": error,
            "p90_abs_error_pct": 2 * error,
            "max_abs_error_pct": 3 * error,
            "bias_pct": 0.0,
        }
        for area_type, grouping, statistic, method, groups, error in WAGE_ERRORS
        for band in ("all", "95_to_100")
    ]


def _interval_accuracy() -> list[Row]:
    return [
        {
            "source": "oews",
            "area_type": area_type,
            "level": level,
            "coverage_band": "all",
            "groups": 5_000,
            "held_pct": 90.5,
            "median_width_pct": 8.0,
            "interval_constant": 1.9,
            "median_error_pct": 0.8 if level == "cluster" else 0.1,
            "p90_error_pct": 7.0,
            "bias_pct": -1.0,
            "weighted_error_pct": 0.6,
        }
        for area_type in ("metro", "nonmetro", "state")
        for level in ("cluster", "sub_cluster")
    ]


def _memberships() -> list[Row]:
    return [
        {"soc_code": soc, "cluster_id": SUB_CLUSTERS[sub_cluster], "sub_cluster_id": sub_cluster}
        for soc, sub_clusters in MEMBERSHIPS.items()
        for sub_cluster in sub_clusters
    ]


def _inputs(weights: str) -> dict[str, list[Row]]:
    areas = (
        ("US", "0000000", "national", "00", "National"),
        ("TX", "4800000", "state", "48", "Texas"),
        ("OK", "4000000", "state", "40", "Oklahoma"),
        ("C26420", "0026420", "metro", "48", "Houston"),
    )
    majors = {f"{soc[:2]}-0000" for soc in OCCUPATIONS}
    occupations = [("00-0000", "All Occupations", "total"), *((soc, f"Group {soc}", "major") for soc in sorted(majors))]
    occupations += [(soc, name, "detailed") for soc, (name, _, _) in OCCUPATIONS.items()]
    clusters = sorted(set(SUB_CLUSTERS.values()))
    return {
        "raw.oews_area": [
            dict(zip(("area_id", "area_code", "area_type", "state_code", "area_name"), area, strict=True))
            for area in areas
        ],
        "raw.oews_area_occupation": _area_cells(),
        "raw.oews_industry": [
            {"industry_code": "000000", "industry_name": "Cross-Industry", "display_level": 0},
            *(
                {"industry_code": code, "industry_name": f"Sector {code[:2]}", "display_level": 2}
                for code in INDUSTRY_JOBS
            ),
        ],
        "raw.oews_industry_occupation": _industry_cells(),
        "raw.oews_occupation": [
            dict(zip(("soc_code", "occupation_name", "occupation_group"), row, strict=True)) for row in occupations
        ],
        "raw.oews_release": [
            {
                "period": PERIOD,
                "release_code": "2025A01",
                "description": "May 2025",
                "top_code_hourly_usd": 115.0,
                "top_code_annual_usd": TOP_CODE,
            }
        ],
        "raw.soc": _soc(),
        "raw.naics": _naics(),
        "raw.qcew": _qcew(),
        "raw.career_cluster_membership": _memberships(),
        "seed.county": [
            {
                "county_fips": "48201",
                "area_name": "Harris County, Texas",
                "state_fips": "48",
                "cbsa_area_id": "C26420",
                "first_year": None,
                "last_year": None,
                "territory_id": None,
            }
        ],
        "seed.state": [
            {"state_fips": "48", "state_id": "TX", "state_name": "Texas", "is_territory": False},
            {"state_fips": "40", "state_id": "OK", "state_name": "Oklahoma", "is_territory": False},
        ],
        "seed.soc_combined": [
            {"combined_code": "13-1020", "member_code": member, "source": "SOC 2018 broad occupation"}
            for member in ("13-1021", "13-1022")
        ],
        "seed.soc_sub_cluster": _memberships(),
        "seed.soc_function": [
            {
                "soc_code": soc,
                "decision": decision,
                "weights": weights,
                "reason": "As the definition says",
                "first_review": decision,
                "second_review": decision,
            }
            for soc, (decision, weights) in FUNCTIONS.items()
        ],
        "seed.onet_legacy_cluster": [
            {"onet_soc_code": code, "legacy_cluster_id": cluster}
            for code, clusters_of_code in FORMER.items()
            for cluster in clusters_of_code
        ],
        "seed.naics_home": [
            {
                "code_system": "naics_2022",
                "naics_code": code,
                "naics_title": f"Industry {code}",
                "cluster_id": SUB_CLUSTERS[sub_cluster],
                "sub_cluster_id": sub_cluster,
                "reason": "The whole sector is of one kind",
                "advance_cte_agrees": "yes",
            }
            for code, sub_cluster in INDUSTRY_HOMES.items()
        ],
        # farms become mines, but after the last year
        "seed.naics_change": [
            {
                "first_year": 2025,
                "edition_before": "2022",
                "edition": "2027",
                "naics_code_before": "111110",
                "naics_code": "211110",
            }
        ],
        "seed.coverage_break": [
            {
                "coverage_break": "local_disclosure",
                "own_code": "3",
                "first_year": 2024,
                "coverage_meaning": "Local government is published in full",
                "known_from": "So it is in this world",
            }
        ],
        "seed.classification_edition": [
            {
                "classification": classification,
                "edition_name": name,
                "source": source,
                "first_period": first,
                "last_period": last,
                "is_read": is_read,
                "known_from": "So it is in this world",
            }
            for classification, name, source, first, last, is_read in (
                ("SOC", "2010", "oews", "2012-05", "2020-05", False),
                ("SOC", "2018", "oews", "2021-05", None, True),
                ("NAICS", "2022", "qcew", "2022", "2024", True),
            )
        ],
        "seed.qcew_oews": [
            {
                "own_code": own,
                "code_system": "any",
                "naics_code": code,
                "match": match,
                "oews_industry_code": industry,
                "reason": "OEWS has sectors only",
            }
            for own in ("1", "2", "3", "5")
            for code, match, industry in (
                ("10", "same_code", None),
                ("99", "no_pattern", None),
                *((industry[:2], "industry", industry) for industry in INDUSTRY_JOBS),
            )
        ],
        "reference.cluster": [
            {
                "cluster_id": cluster,
                "cluster_name": cluster,
                "grouping_id": "building_moving",
                "is_cross_cutting": cluster == "management_entrepreneurship",
                "scope_note": f"What belongs to {cluster}.",
                "sort_order": order,
            }
            for order, cluster in enumerate(clusters, 1)
        ],
        "reference.sub_cluster": [
            {
                "sub_cluster_id": sub_cluster,
                "cluster_id": cluster,
                "sub_cluster_name": sub_cluster,
                "scope_note": f"What belongs to {sub_cluster}.",
                "sort_order": order,
            }
            for order, (sub_cluster, cluster) in enumerate(SUB_CLUSTERS.items(), 1)
        ],
        "reference.legacy_cluster": [
            {
                "legacy_cluster_id": cluster,
                "legacy_cluster_name": cluster,
                "cluster_id": "education",
                "change": "renamed",
                "note": f"What became of {cluster}.",
            }
            for cluster in sorted({cluster for clusters_of_code in FORMER.values() for cluster in clusters_of_code})
        ],
        "reference.setting": [{"setting": "weights", "setting_value": weights}],
        "reference.method_parameter": [
            {"parameter": name, "value": value, "unit": "as named", "meaning": f"The {name}.", "basis": "test"}
            for name, value in PARAMETERS.items()
        ],
        **outlook_inputs(),
        **supply_inputs(),
    }


def _policies() -> dict[str, Policy]:
    """The rules of no state, and those of another state as if they were Texas's."""
    presets = load_policies()
    texas = presets["ohio"].model_copy(update={"name": "texas", "state_id": "TX"})
    return {"bright_outlook": presets["bright_outlook"], "default": presets["default"], "texas": texas}


def _stage_flags(folder: Path) -> None:
    with connect(folder, TABLES) as connection:
        figures = occupation_figures(read_published(connection))
    flags = occupation_flags(figures, [Applied(policy, policy.state_id) for policy in _policies().values()])
    write_frame(contracts()[OCCUPATION_FLAG], flags, folder)


def _overlay() -> dict[TableName, pl.DataFrame]:
    """What TX changes: its own cluster, one sub-cluster left out, one weight given; and two regions of the county."""
    homes = {**{sub: home for sub, home in SUB_CLUSTERS.items() if sub != "regulation"}, "batteries": "storage"}
    crosses = "management_entrepreneurship"
    changes = (
        ("47-2031", "add", "batteries", None),
        ("17-2171", "keep", "resource_extraction", 0.75),
        ("17-2171", "add", "batteries", 0.25),
        ("47-2152", "remove", "utilities", None),
    )
    weights = {(soc, sub): weight for soc, _, sub, weight in changes}
    listed = [(soc, sub, False) for soc, subs in MEMBERSHIPS.items() for sub in subs]
    added = [(soc, sub, True) for soc, change, sub, _ in changes if change == "add"]
    removed = {(soc, sub) for soc, change, sub, _ in changes if change == "remove"}
    rows: dict[str, list[Row]] = {
        "reference.overlay": [
            {
                "overlay_id": "pathways",
                "state_id": "TX",
                "overlay_title": "Pathways of Texas",
                "overlay_source": "a test",
                "source_url": None,
                "as_of_year": 2026,
                "default_policy": None,
                "changes_groups": True,
                "overlay_sha256": "0" * 64,
            }
        ],
        "seed.overlay_node": [
            {
                "level": level,
                "cluster_id": cluster,
                "sub_cluster_id": sub_cluster,
                "node_name": f"{cluster} {sub_cluster}",
                "is_own": cluster == "storage",
                "is_cross_cutting": cluster == crosses,
            }
            for level, cluster, sub_cluster in [
                *(("cluster", cluster, "all") for cluster in sorted(set(homes.values()))),
                *(("sub_cluster", cluster, sub_cluster) for sub_cluster, cluster in homes.items()),
            ]
        ],
        "seed.overlay_change": [
            {"soc_code": soc, "change": change, "sub_cluster_id": sub, "weight": weight, "reason": None}
            for soc, change, sub, weight in changes
        ],
        "seed.program_link_change": [
            {"cip_code": program, "soc_code": soc, "action": action, "reason": "a test"}
            for program, soc, action in (("46.0201", "47-2152", "drop"), ("01.9999", "25-2021", "add"))
        ],
        "seed.secondary_program": [{"cluster_id": "education", "school_year": "2023-24", "concentrators": 50}],
        "seed.overlay_membership": [
            {
                "soc_code": soc,
                "cluster_id": homes[sub],
                "sub_cluster_id": sub,
                "is_added": is_added,
                "given_weight": weights.get((soc, sub)),
            }
            for soc, sub, is_added in [*listed, *added]
            if sub in homes and (soc, sub) not in removed
        ],
        "seed.region": [
            {"region_area_id": region, "area_name": region, "state_id": "TX"} for region in ("TX:gulf", "TX:half")
        ],
        "reference.region_member": [
            {
                "region_area_id": region,
                "area_id": area,
                "area_type": kind,
                "share_pct": share if kind == "metro" else 100.0,
                "treatment": "by_share" if kind == "metro" and share < 100 else "whole",
                "is_listed": kind == "county",
            }
            for region, share in (("TX:gulf", 100.0), ("TX:half", 50.0))
            for area, kind in (("48201", "county"), ("C26420", "metro"))
        ],
    }
    tables = {TableName.parse(name): found for name, found in rows.items()}
    return {name: pl.DataFrame(found, schema=polars_schema(contracts()[name])) for name, found in tables.items()}


def build_world(folder: Path, weights: str = "national") -> None:
    """Stage the inputs and everything that is made of them."""
    write_frame(contracts()[POLICY], policy_table(_policies().values()), folder)
    for name, rows in _inputs(weights).items():
        table = contracts()[TableName.parse(name)]
        write_frame(table, pl.DataFrame(rows, schema=polars_schema(table)), folder)
    for name, frame in {**overlay_tables(None), **_overlay()}.items():
        write_frame(contracts()[name], frame, folder)
    of_flags = [step for step in steps() if OCCUPATION_FLAG in step.upstream]
    for step in steps():
        if step not in of_flags:
            stage_step(step, folder, "", "500MB")
    _stage_flags(folder)
    for step in of_flags:
        stage_step(step, folder, "", "500MB")
    for name, found in (("method_accuracy", _wage_accuracy()), ("interval_accuracy", _interval_accuracy())):
        table = contracts()[TableName("quality", name)]
        write_frame(table, pl.DataFrame(found, schema=polars_schema(table)), folder)


def read(folder: Path, name: str) -> pl.DataFrame:
    """A staged table."""
    return pl.read_parquet(parquet_path(folder, TableName.parse(name)))
