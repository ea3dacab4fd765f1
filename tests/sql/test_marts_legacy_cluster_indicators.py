import pytest
from sql_inputs import schemes, wage_cell


def total(area_id: str, group: str, **named):
    row = {
        "area_id": area_id,
        "group_id": f"{group}/all",
        "modelling_error": 0.0,
        "has_top_coded_mean": False,
        "wage_mean_complete_pct": 100.0,
        "wage_mean_coverage_pct": 100.0,
        "wage_coverage_pct": 100.0,
        "coverage_pct": 100.0,
        "occupations": 3,
        "occupations_without_employment": 0,
    }
    jobs = named["employment"]
    return row | {"employment_published": jobs, "evidence_employment": jobs, "national_employment": jobs} | named


@pytest.fixture
def rows(run_sql):
    cells = [
        wage_cell("US", "00-0000", 10_000, group="total", wages=(20_000, 30_000, 40_000, 60_000, 90_000)),
        wage_cell("OK", "00-0000", 1_000, group="total", wages=(20_000, 30_000, 50_000, 60_000, 90_000)),
    ]
    indicators = run_sql(
        "core.group_indicator",
        {
            "core.occupation_wage": cells,
            "core.area_group_scheme": schemes(cells),
            "core.scheme_node": [
                {
                    "scheme": scheme,
                    "basis": "unduplicated",
                    "level": "cluster",
                    "cluster_id": "health_science",
                    "sub_cluster_id": "all",
                }
                for scheme in ("national", "OK_regions")
            ],
            "core.occupation_group": [
                {"scheme": "national", "group_id": f"{group}/all", "soc_code": "13-2011", "weight": 1.0}
                for group in ("former/finance", "former/health_science", "unduplicated/health_science")
            ],
            "reference.legacy_cluster": [
                {"legacy_cluster_id": "finance"},
                {"legacy_cluster_id": "health_science"},
            ],
            "core.group_total": [
                total(
                    "US",
                    "former/finance",
                    employment=2_000.0,
                    employment_rse_pct=1.0,
                    sampling_error=20.0,
                    wage_mean_usd=70_000.004,
                ),
                # 90 of 150 jobs are published, in occupations with half of the nation's jobs
                total(
                    "OK",
                    "former/finance",
                    employment=150.0,
                    employment_published=90.0,
                    employment_rse_pct=20.0,
                    sampling_error=18.0,
                    modelling_error=24.0,
                    national_employment=2_000.0,
                    wage_mean_usd=80_000.0,
                    has_top_coded_mean=True,
                    wage_coverage_pct=60.0,
                    coverage_pct=50.0,
                    occupations_without_employment=1,
                ),
                # the present cluster of another basis with the same name is not meant
                total("OK", "unduplicated/health_science", employment=9.0),
            ],
            "core.group_percentile": [
                {"area_id": "OK", "group_id": "publisher/00-0000/all", "wage_p50_usd": 60_000.0},
                {
                    "area_id": "OK",
                    "group_id": "former/finance/all",
                    "wage_employment": 150.0,
                    "wage_p10_usd": 40_000.0,
                    "wage_p25_usd": 60_000.0,
                    "wage_p50_usd": 75_000.0,
                    "wage_p75_usd": 250_000.0,
                    "wage_p90_usd": 300_000.0,
                    "top_coded_from_usd": 239_200.0,
                },
                {
                    "area_id": "US",
                    "group_id": "former/finance/all",
                    "wage_employment": 2_000.0,
                    "wage_p25_usd": 50_000.0,
                    "wage_p50_usd": 60_000.0,
                    "wage_p75_usd": 90_000.0,
                },
            ],
        },
    )
    result = run_sql("marts.legacy_cluster_indicators", {"core.group_indicator": indicators})
    return {(row["area_id"], row["legacy_cluster_id"]): row for row in result.iter_rows(named=True)}


def test_every_legacy_cluster_has_a_row_in_every_area(rows):
    assert set(rows) == {(area, cluster) for area in ("US", "OK") for cluster in ("finance", "health_science")}


def test_figures_stand_against_the_area_and_the_nation(rows):
    finance = rows["OK", "finance"]
    assert (finance["employment"], finance["employment_share_pct"]) == (150.0, 15.0)
    assert (finance["employment_published"], finance["modelled_pct"], finance["evidence_pct"]) == (90.0, 40.0, 100.0)
    # 15 % of OK's jobs; the same occupations are 2,000 of the nation's 10,000
    assert finance["location_quotient"] == 0.75
    # a median of 75,000 against 60,000 of all jobs pooled, not the published 50,000
    assert finance["wage_premium_pct"] == 25.0
    # 150 more or less 1.645 times 30, the root of 18^2 + 24^2
    assert (finance["employment_low"], finance["employment_high"], finance["total_error_pct"]) == (100.65, 199.35, 20.0)
    assert (finance["reliability"], finance["reliability_reason"]) == ("C", "estimated_cells")
    assert rows["US", "finance"]["location_quotient"] == 1.0


def test_what_is_estimated_or_a_lower_bound_says_so(rows):
    finance = rows["OK", "finance"]
    assert (finance["status"], finance["coverage_pct"], finance["wage_coverage_pct"]) == ("modelled", 50.0, 60.0)
    assert (finance["wage_mean_usd"], finance["wage_mean_status"]) == (80_000.0, "top_coded")
    assert (finance["wage_p50_usd"], finance["wage_p50_status"]) == (75_000.0, "modelled")
    assert (finance["wage_p75_usd"], finance["wage_p75_status"]) == (239_200.0, "top_coded")
    whole = rows["US", "finance"]
    assert (whole["status"], whole["wage_mean_status"], whole["wage_p75_status"]) == ("ok", "ok", "ok")


def test_what_no_occupation_shows_is_missing(rows):
    withheld = rows["OK", "health_science"]
    assert {withheld[name] for name in ("status", "wage_mean_status", "wage_p25_status", "wage_p50_status")} == {
        "withheld"
    }
    figures = (
        "employment",
        "employment_published",
        "modelled_pct",
        "evidence_pct",
        "total_error_pct",
        "employment_share_pct",
        "location_quotient",
        "employment_low",
        "employment_high",
    )
    wages = ("wage_mean_usd", "wage_p25_usd", "wage_p50_usd", "wage_p75_usd", "wage_premium_pct", "reliability")
    assert {withheld[name] for name in (*figures, *wages)} == {None}
    assert withheld["coverage_pct"] == 0.0
