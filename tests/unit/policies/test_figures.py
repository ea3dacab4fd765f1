"""What policies read: whose figures stand where, and what is missing."""

from typing import Any

import polars as pl
import pytest

from pipelines.overlays.applied_policies import applied_policies
from pipelines.policies.evaluate import evaluate, required_columns
from pipelines.policies.figures import Published, occupation_figures
from pipelines.policies.flags import Applied, occupation_flags, policy_table
from pipelines.policies.model import load_policies
from pipelines.settings import Settings

PRESETS = load_policies()
WAGES = ("wage_mean", "wage_p10", "wage_p25", "wage_p50", "wage_p75", "wage_p90")


def wages(median: int | None, status: str = "ok") -> dict[str, Any]:
    """All six wages alike."""
    return {f"{name}_usd": median for name in WAGES} | {
        f"{name}_status": "withheld" if median is None else status for name in WAGES
    }


def projected(area: str, soc: str, openings: int | None, growth: float | None = 5.0) -> dict[str, Any]:
    nation = area == "US"
    return {
        "area_id": area,
        "soc_code": soc,
        "base_jobs": 1_000,
        "growth_pct": growth,
        "cagr_pct": None if growth is None else growth / 10,
        "annual_openings": openings,
        "openings_rate_pct": None if openings is None else openings / 10,
        "openings_growth": 5.0,
        "entry_education": "Bachelor's degree" if nation else None,
        "work_experience": "None" if nation else None,
        "on_the_job_training": "None" if nation else None,
        "job_zone_mean": 4.0 if nation else None,
    }


@pytest.fixture
def published() -> Published:
    """The nation, Oregon with a metro area, and Guam, for which nobody projects anything."""
    return Published(
        areas=pl.DataFrame(
            {
                "area_id": ["US", "OR", "C38900", "GU"],
                "area_type": ["national", "state", "metro", "state"],
                "state_id": [None, "OR", "OR", "GU"],
            }
        ),
        occupations=pl.DataFrame(
            [
                {"area_id": area, "soc_code": soc, "employment": jobs, **wages(wage)}
                for area, soc, jobs, wage in (
                    ("US", "15-1252", 1_000, 130_000),
                    ("US", "29-1141", 3_000, 97_000),
                    ("OR", "15-1252", 100, 140_000),
                    ("OR", "29-1141", 300, 120_000),
                    ("C38900", "15-1252", 80, None),
                    ("GU", "29-1141", 10, 80_000),
                )
            ],
            infer_schema_length=None,
        ),
        totals=pl.DataFrame(
            [
                {"area_id": "US", "employment": 10_000, **wages(50_000)},
                {"area_id": "OR", "employment": 1_000, **wages(57_000)},
                {"area_id": "C38900", "employment": 500, **wages(60_000)},
                {"area_id": "GU", "employment": 50, **wages(40_000)},
            ]
        ),
        outlook=pl.DataFrame(
            [
                projected("US", "15-1252", 136_000),
                projected("US", "29-1141", 193_000),
                projected("US", "45-2092", 80_000),
                projected("OR", "15-1252", 40),
                projected("OR", "29-1141", 100),
                # projected in Oregon, but OEWS publishes no jobs there; the last one's figures are withheld
                projected("OR", "45-2092", 600),
                projected("OR", "47-5013", None, None),
            ],
            infer_schema_length=None,
        ),
        total_outlook=pl.DataFrame(
            {
                "area_id": ["US", "OR"],
                "growth_pct": [3.1, 10.4],
                "openings_rate_pct": [11.0, 12.6],
                "cagr_pct": [0.3, 1.0],
            }
        ),
        # of the nation in Oregon's older cycle
        national_outlook=pl.DataFrame(
            {
                "area_id": ["US", "OR"],
                "growth_pct": [3.1, 2.8],
                "openings_rate_pct": [11.0, 11.3],
                "cagr_pct": [0.3, 0.28],
            }
        ),
    )


@pytest.fixture
def figures(published: Published) -> dict[tuple[str, str], dict[str, Any]]:
    rows = occupation_figures(published)
    assert rows.select("area_id", "soc_code").is_unique().all()
    return {(row["area_id"], row["soc_code"]): row for row in rows.iter_rows(named=True)}


def test_every_policy_finds_what_it_reads(published: Published) -> None:
    figures = occupation_figures(published)
    for policy in PRESETS.values():
        assert set(required_columns(policy)) <= set(figures.columns)
        assert evaluate(policy, figures).height == figures.height


def test_a_metro_area_has_its_own_wages_and_its_states_projections(figures: dict[tuple[str, str], Any]) -> None:
    metro = figures["C38900", "15-1252"]
    assert (metro["employment"], metro["wage_p50_usd"], metro["wage_p50_status"]) == (80, None, "withheld")
    assert (metro["all_wage_p50_usd"], metro["state_all_wage_p50_usd"]) == (60_000, 57_000)
    assert (metro["demand_area_id"], metro["annual_openings"]) == ("OR", 40)
    assert (metro["all_growth_pct"], metro["state_all_growth_pct"]) == (10.4, 10.4)


def test_a_median_across_occupations_is_over_all_that_are_projected(figures: dict[tuple[str, str], Any]) -> None:
    # Oregon's openings are 40, 100, 600 and one unknown: the metro lists one of them, the median is the state's
    for key in (("C38900", "15-1252"), ("OR", "29-1141")):
        assert figures[key]["median_across_annual_openings"] == 100
        assert figures[key]["mean_across_annual_openings"] == pytest.approx(740 / 3)
    assert figures["US", "15-1252"]["median_across_annual_openings"] == 136_000
    # jobs are the area's own: 100 and 300 of 1,000
    assert figures["OR", "15-1252"]["median_across_employment"] == 200
    assert figures["OR", "15-1252"]["median_across_employment_share_pct"] == 20.0


def test_the_nation_stands_for_its_own_state(figures: dict[tuple[str, str], Any]) -> None:
    nation = figures["US", "29-1141"]
    assert (nation["state_all_wage_p50_usd"], nation["demand_area_id"]) == (50_000, "US")
    assert nation["state_all_growth_pct"] == 3.1


def test_a_state_has_the_nation_of_its_own_cycle_beside_it(published: Published) -> None:
    figures = {(row["area_id"], row["soc_code"]): row for row in occupation_figures(published).iter_rows(named=True)}
    metro = figures["C38900", "15-1252"]
    assert (metro["nation_all_growth_pct"], metro["nation_all_openings_rate_pct"]) == (2.8, 11.3)
    assert metro["nation_all_wage_p50_usd"] == 50_000
    # nobody projects anything for Guam
    assert figures["GU", "29-1141"]["nation_all_growth_pct"] is None


def test_what_an_occupation_asks_for_is_the_nations(figures: dict[tuple[str, str], Any]) -> None:
    assert {figures[key]["entry_education"] for key in figures if key[1] == "15-1252"} == {"Bachelor's degree"}
    assert figures["OR", "47-5013"]["entry_education"] is None


def test_projected_occupations_without_published_jobs_are_there_without_wages(
    figures: dict[tuple[str, str], Any],
) -> None:
    assert (figures["OR", "45-2092"]["annual_openings"], figures["OR", "45-2092"]["wage_p50_usd"]) == (600, None)
    assert figures["OR", "45-2092"]["all_wage_p50_usd"] == 57_000
    assert ("C38900", "45-2092") not in figures


def test_without_projections_demand_is_unknown_and_wages_are_judged(published: Published) -> None:
    judged = occupation_flags(occupation_figures(published), [Applied(PRESETS["default"], None)])
    guam = judged.filter(area_id="GU").row(0, named=True)
    assert (guam["high_wage"], guam["in_demand"], guam["demand_area_id"]) == ("true", "unknown", None)
    assert guam["in_demand_explanation"].startswith("Number of annual openings is not known; ")
    assert guam["in_demand_explanation"].endswith(": unknown whether in-demand.")
    # high-wage, and nobody knows whether in demand
    assert guam["listed"] == "unknown"


def test_a_withheld_wage_is_unknown_not_false(published: Published) -> None:
    judged = occupation_flags(occupation_figures(published), [Applied(PRESETS["oregon"], "OR")])
    metro = judged.filter(area_id="C38900").row(0, named=True)
    assert (metro["high_wage"], metro["high_wage_value"], metro["high_wage_threshold"]) == ("unknown", None, 60_000.0)
    assert metro["high_wage_explanation"] == "Median annual wage is not known: unknown whether high-wage."
    assert metro["in_demand"] == "false"
    assert metro["in_demand_explanation"].endswith("The projections are those of OR as a whole.")


def test_policies_are_applied_in_their_state_and_those_of_no_state_everywhere(published: Published) -> None:
    judged = occupation_flags(occupation_figures(published), applied_policies(Settings(overlay_dir=None)).applied)
    areas = dict(judged.group_by("policy").agg(pl.col("area_id").unique().sort()).iter_rows())
    # no other state is here
    assert areas == {
        "bright_outlook": ["C38900", "GU", "OR", "US"],
        "default": ["C38900", "GU", "OR", "US"],
        "oregon": ["C38900", "OR"],
        "oregon_workforce_pell": ["C38900", "OR"],
    }


def test_rows_of_policies_that_are_as_they_were_are_taken_and_not_judged_again(published: Published) -> None:
    figures = occupation_figures(published)
    whole = occupation_flags(figures, applied_policies(Settings(overlay_dir=None)).applied)
    kept = whole.filter(pl.col("policy") != "oregon").with_columns(listed=pl.lit("taken"))
    again = occupation_flags(figures, [Applied(PRESETS["oregon"], "OR")], kept)
    assert again.drop("listed").equals(whole.drop("listed"))
    assert again.filter(policy="oregon").equals(whole.filter(policy="oregon"))
    assert set(again.filter(pl.col("policy") != "oregon")["listed"]) == {"taken"}


def test_a_policy_asked_for_twice_is_applied_once(published: Published) -> None:
    asked = [Applied(PRESETS["oregon"], "OR"), Applied(PRESETS["oregon"], "OR")]
    judged = occupation_flags(occupation_figures(published), asked)
    assert judged.select("area_id", "soc_code", "policy").is_unique().all()


def test_the_table_of_policies_has_rules_in_words() -> None:
    table = policy_table(PRESETS.values())
    assert table["policy"].to_list() == sorted(PRESETS)
    ohio = table.filter(policy="ohio").row(0, named=True)
    assert ohio["high_skill_rule"] is None
    assert ohio["high_wage_rule"] == (
        "median annual wage of at least 80% of the median annual wage of all jobs in the state"
    )
    assert (ohio["state_id"], ohio["as_of"], ohio["combine"]) == ("OH", 2021, "all")
    assert ohio["source_url"] == "https://topjobs.ohio.gov/"
