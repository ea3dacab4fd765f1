"""Programs to occupations and clusters, and awards against openings: inputs and figures worked out by hand."""

import pytest
from sql_inputs import Row

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.paths import REFERENCE
from pipelines.tables import TableName

NURSING, WELDING, GENERAL, UNKNOWN = "51.3801", "48.0508", "24.0101", "30.9999"
NURSES, AIDES, WELDERS, TEACHERS = "29-1141", "31-1131", "51-4121", "25-1072"


def carried(name: str) -> list[Row]:
    return read_csv(contracts()[TableName.parse(name)], REFERENCE).to_dicts()


def member(soc: str, cluster: str, sub_cluster: str, weight: float = 1.0) -> Row:
    return {
        "scheme": "national",
        "basis": "unduplicated",
        "soc_code": soc,
        "cluster_id": cluster,
        "sub_cluster_id": sub_cluster,
        "weight": weight,
    }


def test_a_teacher_is_left_out_where_the_program_leads_to_something_else(run_sql):
    rows = run_sql(
        "reference.cip_soc",
        {
            "raw.cip_soc": [
                {"cip_code": NURSING, "soc_code": NURSES},
                {"cip_code": NURSING, "soc_code": TEACHERS},
                {"cip_code": "19.0701", "soc_code": TEACHERS},
                {"cip_code": "11.1003", "soc_code": "13-1021"},
                {"cip_code": UNKNOWN, "soc_code": "99-9999"},
                {"cip_code": "99.9999", "soc_code": "25-3041"},
                {"cip_code": WELDING, "soc_code": "55-1011"},
            ],
            "seed.soc_combined": [{"combined_code": "13-1020", "member_code": "13-1021", "source": "SOC"}],
            "reference.soc_sub_cluster": [
                {"soc_code": soc, "sub_cluster_id": "x", "cluster_id": "x"} for soc in (NURSES, TEACHERS, "13-1020")
            ],
        },
    ).to_dicts()
    found = {(row["cip_code"], row["listed_soc_code"]): (row["soc_code"], row["link_use"]) for row in rows}
    assert found == {
        (NURSING, NURSES): (NURSES, "used"),
        (NURSING, TEACHERS): (TEACHERS, "teacher"),
        ("19.0701", TEACHERS): (TEACHERS, "used"),
        ("11.1003", "13-1021"): ("13-1020", "used"),
        (UNKNOWN, "99-9999"): (None, "no_match"),
        (WELDING, "55-1011"): (None, "no_figures"),
    }


def linked(*pairs: tuple[str, str], of: str = "US", is_added: bool = False) -> list[Row]:
    return [{"link_list": of, "cip_code": cip, "soc_code": soc, "is_added": is_added} for cip, soc in pairs]


def lists(state: str, *names: str) -> list[Row]:
    """The lists of a state in order; the state's own is the one that it has, else the publisher's."""
    return [
        {
            "state_id": state,
            "link_list": name,
            "in_nation": name == "US",
            "in_state": name == (state if state in names else "US"),
        }
        for name in names
    ]


def test_a_state_drops_and_adds_links_for_itself(run_sql):
    rows = run_sql(
        "core.program_link",
        {
            "reference.cip_soc": [
                {"cip_code": NURSING, "soc_code": NURSES, "listed_soc_code": NURSES, "link_use": "used"},
                {"cip_code": NURSING, "soc_code": TEACHERS, "listed_soc_code": TEACHERS, "link_use": "teacher"},
                {"cip_code": WELDING, "soc_code": WELDERS, "listed_soc_code": WELDERS, "link_use": "used"},
            ],
            "reference.overlay": [{"overlay_id": "ours", "state_id": "OH"}],
            "seed.program_link_change": [
                {"cip_code": WELDING, "soc_code": WELDERS, "action": "drop", "reason": "x"},
                {"cip_code": NURSING, "soc_code": AIDES, "action": "add", "reason": "x"},
            ],
        },
    ).rows()
    assert rows == [
        ("OH", NURSING, NURSES, False),
        ("OH", NURSING, AIDES, True),
        ("US", WELDING, WELDERS, False),
        ("US", NURSING, NURSES, False),
    ]


def test_without_changed_links_an_overlay_has_the_publishers_list(run_sql):
    tables = {
        "reference.cip_soc": [{"cip_code": NURSING, "soc_code": NURSES, "link_use": "used"}],
        "reference.overlay": [{"overlay_id": "ours", "state_id": "OH"}],
        "seed.program_link_change": [],
    }
    assert run_sql("core.program_link", tables).rows() == [("US", NURSING, NURSES, False)]


@pytest.mark.parametrize(
    ("links", "of_ohio"),
    [
        (linked((NURSING, NURSES)), ("US",)),
        (linked((NURSING, NURSES)) + linked((NURSING, AIDES), of="OH"), ("OH", "US")),
        ([], ("US",)),
    ],
)
def test_the_nation_keeps_the_publishers_list_where_a_state_has_its_own(run_sql, links, of_ohio):
    awards = [{"state_id": state, "cip_code": NURSING} for state in ("OH", "TX", "US")]
    found = run_sql("core.link_list", {"core.place_award": awards, "core.program_link": links}).to_dicts()
    assert found == [*lists("OH", *of_ohio), *lists("TX", "US"), *lists("US", "US")]


def shares(
    run_sql, listed: list[tuple[str, str]], more: list[Row] | None = None
) -> dict[tuple[str, str], tuple[float, float, str]]:
    """Shares of a program of nurses (300 openings) and aides (100); aides are three quarters health, one education."""
    rows = run_sql(
        "core.program_share",
        {
            "core.place_award": [{"state_id": "OH", "cip_code": cip} for cip in (NURSING, GENERAL)],
            "core.program_link": [*linked((NURSING, NURSES), (NURSING, AIDES), (GENERAL, TEACHERS)), *(more or [])],
            "core.link_list": lists("OH", "US"),
            "reference.cip_sub_cluster": [
                {"cip_code": NURSING, "cluster_id": cluster, "sub_cluster_id": sub} for cluster, sub in listed
            ],
            "core.scheme_membership": [
                member(NURSES, "health", "care"),
                member(AIDES, "health", "care", 0.75),
                member(AIDES, "education", "teaching", 0.25),
                member(TEACHERS, "education", "teaching"),
                member(WELDERS, "manufacturing", "metal"),
            ],
            "core.area_group_scheme": [{"area_id": "OH", "scheme": "national"}],
            "reference.area": [{"area_id": "OH", "area_type": "state"}],
            "core.occupation_openings": [
                {"area_id": "OH", "soc_code": soc, "share_openings": openings}
                for soc, openings in ((WELDERS, 100.0), (NURSES, 300.0), (AIDES, 100.0), (TEACHERS, 900.0))
            ],
        },
    ).to_dicts()
    assert {row["cip_code"] for row in rows} <= {NURSING}
    return {
        (row["soc_code"], row["cluster_id"]): (
            row["occupation_share"],
            row["weight_in_occupation"],
            row["listing_use"],
        )
        for row in rows
    }


def test_awards_are_shared_by_openings_and_weights(run_sql):
    assert shares(run_sql, []) == {
        (NURSES, "health"): (0.75, 1.0, "linked"),
        (AIDES, "health"): (0.25, 0.75, "linked"),
        (AIDES, "education"): (0.25, 0.25, "linked"),
    }


def test_only_the_clusters_that_are_listed_take_a_share(run_sql):
    assert shares(run_sql, [("health", "care")]) == {
        (NURSES, "health"): (0.75, 1.0, "listed"),
        (AIDES, "health"): (0.25, 1.0, "listed"),
    }
    # nurses are in no listed cluster, so that aides take all
    assert shares(run_sql, [("education", "teaching")]) == {(AIDES, "education"): (1.0, 1.0, "listed")}
    # a list that no occupation reaches does not count
    assert shares(run_sql, [("construction", "trades")]) == shares(run_sql, [])


def test_an_occupation_that_the_state_adds_counts_beyond_the_listed_clusters(run_sql):
    # 300 openings of nurses, 100 of aides, 100 of welders
    assert shares(run_sql, [("health", "care")], linked((NURSING, WELDERS), is_added=True)) == {
        (NURSES, "health"): (0.6, 1.0, "listed"),
        (AIDES, "health"): (0.2, 1.0, "listed"),
        (WELDERS, "manufacturing"): (0.2, 1.0, "linked"),
    }
    # the publisher's own link beyond them takes none
    assert (WELDERS, "manufacturing") not in shares(run_sql, [("health", "care")], linked((NURSING, WELDERS)))


def share(cip: str, soc: str, cluster: str, of_program: float, weight: float, *, of: str = "US") -> Row:
    return {
        "state_id": "OH",
        "link_list": of,
        "in_nation": of == "US",
        "in_state": True,
        "cip_code": cip,
        "soc_code": soc,
        "cluster_id": cluster,
        "sub_cluster_id": f"{cluster}_sub",
        "occupation_share": of_program,
        "weight_in_occupation": weight,
    }


#: Nursing: three quarters to nurses in health; a quarter to aides, three quarters health and one quarter education.
SHARES = [
    share(NURSING, NURSES, "health", 0.75, 1.0),
    share(NURSING, AIDES, "health", 0.25, 0.75),
    share(NURSING, AIDES, "education", 0.25, 0.25),
    share(WELDING, WELDERS, "manufacturing", 1.0, 1.0),
]
PERIODS = [{"award_year": year, "award_period": f"{year - 1}-{year % 100}", "award_years": 2} for year in (2023, 2024)]


def award(cip: str, group: str, year: int, awards: int, *, women: int = 0, state: str = "OH") -> Row:
    return {
        "state_id": state,
        "place_id": "C10420" if state == "OH" else state,
        "unit_id": "100001",
        "cip_code": cip,
        "award_group": group,
        "award_year": year,
        "awards": awards,
        "awards_women": women,
        "is_distance": False,
    }


AWARDS = [
    award(NURSING, "associate", 2023, 60, women=50),
    award(NURSING, "associate", 2024, 100, women=80),
    award(WELDING, "short_certificate", 2024, 30, women=3),
    award(GENERAL, "associate", 2024, 7),
    award(UNKNOWN, "associate", 2024, 2),
    # a closed college without a place
    award(UNKNOWN, "associate", 2023, 4, state="US"),
]


LINKS = linked((NURSING, NURSES), (NURSING, AIDES), (WELDING, WELDERS), (GENERAL, TEACHERS))
#: Management is in the list of nursing for teachers of it only.
PLACES: dict[str, list[Row]] = {
    "reference.cip_sub_cluster": [
        {"cip_code": NURSING, "cluster_id": cluster, "sub_cluster_id": f"{cluster}_sub"}
        for cluster in ("health", "education", "management")
    ],
    "reference.soc_sub_cluster": [
        {"soc_code": soc, "cluster_id": cluster, "sub_cluster_id": f"{cluster}_sub"}
        for soc, cluster in (
            (NURSES, "health"),
            (AIDES, "health"),
            (AIDES, "education"),
            (WELDERS, "manufacturing"),
            (TEACHERS, "management"),
        )
    ],
}


def test_clusters_unlinked_and_transfer_are_all_awards(run_sql):
    table = run_sql(
        "marts.cluster_completions",
        {
            "core.place_award": AWARDS,
            "core.award_period": PERIODS,
            "core.program_share": SHARES,
            **PLACES,
            "core.program_link": LINKS,
            "core.link_list": [*lists("OH", "US"), *lists("US", "US")],
        },
    )

    def found(**where: str) -> dict[str, float]:
        rows = table.filter(level="cluster", **where).select("cluster_id", "awards")
        return dict(rows.iter_rows())

    year = {"award_group": "associate", "award_period": "2023-24"}
    # 100 graduates: 75 nurses, 25 aides of whom a quarter in education
    by_cluster = {"health": 93.75, "education": 6.25, "transfer": 7.0, "unlinked": 2.0}
    assert found(area_id="OH", basis="unduplicated", **year) == by_cluster
    assert found(area_id="US", basis="unduplicated", **year) == by_cluster
    # management stands in the list for a teacher only
    in_full = {"health": 100.0, "education": 100.0, "transfer": 7.0, "unlinked": 2.0}
    assert found(area_id="OH", basis="duplicated", **year) == in_full
    mean = {"award_group": "associate", "award_period": "mean", "basis": "unduplicated"}
    # (60 + 100) / 2 = 80; the years without awards count
    assert found(area_id="OH", **mean) == {"health": 75.0, "education": 5.0, "transfer": 3.5, "unlinked": 1.0}
    assert found(area_id="C10420", **mean) == found(area_id="OH", **mean)
    assert found(area_id="US", **mean)["unlinked"] == 3.0
    assert table.filter(area_id="C10420")["award_period"].unique().to_list() == ["mean"]
    (total,) = table.filter(area_id="US", level="all", **mean).to_dicts()
    assert total["awards"] == pytest.approx((60 + 100 + 7 + 2 + 4) / 2)
    # 130 women among 160 nursing awards of two years
    (health,) = table.filter(area_id="OH", level="cluster", cluster_id="health", **mean).to_dicts()
    assert health["awards_women_pct"] == pytest.approx(81.25)


#: Ohio drops welders from welding, and aides from nursing, to which it adds welders, half of each graduate.
OWN_LINKS = [
    *linked((NURSING, NURSES), (GENERAL, TEACHERS), of="OH"),
    *linked((NURSING, WELDERS), of="OH", is_added=True),
]
OWN_SHARES = [
    *({**row, "in_state": False} for row in SHARES),
    share(NURSING, NURSES, "health", 0.5, 1.0, of="OH"),
    share(NURSING, WELDERS, "manufacturing", 0.5, 1.0, of="OH"),
]


def test_links_of_a_state_change_its_figures_and_no_others(run_sql):
    texas = [{**row, "state_id": "TX"} for row in SHARES]
    table = run_sql(
        "marts.cluster_completions",
        {
            "core.place_award": [*AWARDS, award(NURSING, "associate", 2024, 100, state="TX")],
            "core.award_period": PERIODS,
            "core.program_share": [*OWN_SHARES, *texas],
            **PLACES,
            "core.program_link": [*LINKS, *OWN_LINKS],
            "core.link_list": [*lists("OH", "OH", "US"), *lists("TX", "US"), *lists("US", "US")],
        },
    )

    def found(area: str, basis: str = "unduplicated", group: str = "associate") -> dict[str, float]:
        rows = table.filter(area_id=area, basis=basis, award_group=group, award_period="mean", level="cluster")
        return dict(rows.select("cluster_id", "awards").iter_rows())

    # 80 awards in nursing, 15 in welding
    assert found("OH") == {"health": 40.0, "manufacturing": 40.0, "transfer": 3.5, "unlinked": 1.0}
    assert found("C10420") == found("OH")
    assert found("OH", group="short_certificate") == {"unlinked": 15.0}
    assert found("OH", "duplicated") == {"health": 80.0, "manufacturing": 80.0, "transfer": 3.5, "unlinked": 1.0}
    # by the publisher's list: three quarters to nurses and three of four aides in health; 80 of Ohio and 50 of Texas
    assert found("TX") == {"health": 46.875, "education": 3.125}
    assert found("US") == {"health": 121.875, "education": 8.125, "transfer": 3.5, "unlinked": 3.0}
    assert found("US", "duplicated") == {"health": 130.0, "education": 130.0, "transfer": 3.5, "unlinked": 3.0}
    assert found("US", group="short_certificate") == {"manufacturing": 15.0}
    for area in ("OH", "TX", "US", "C10420"):
        rows = table.filter(area_id=area, basis="unduplicated", award_period="mean")
        whole = rows.filter(level="all")["awards"].sum()
        assert rows.filter(level="cluster")["awards"].sum() == pytest.approx(whole)


def outlook(cluster: str, education: str | None, openings: float | None, covered: float = 1.0) -> Row:
    return {
        "area_id": "OH",
        "basis": "unduplicated",
        "level": "cluster",
        "cluster_id": cluster,
        "sub_cluster_id": "all",
        "entry_education": education,
        "annual_openings": openings,
        "openings_jobs": 1_000.0,
        "base_jobs": 1_000.0,
        "national_base_jobs": 50_000.0,
        "national_base_jobs_projected": 50_000.0 * covered,
    }


def gaps(
    run_sql,
    *,
    doubtful: bool = False,
    covered: float = 1.0,
    shared: list[Row] | None = None,
    area: str = "OH",
    awards: list[Row] = AWARDS,
    without_openings: str = "",
) -> dict[tuple[str, str], Row]:
    status = "doubtful" if doubtful else "ok"
    rows = run_sql(
        "marts.supply_demand",
        {
            "reference.award_level": carried("reference.award_level"),
            "reference.entry_education": carried("reference.entry_education"),
            "reference.method_parameter": [{"parameter": "outlook_min_coverage_pct", "value": 50.0}],
            "core.place_award": awards,
            "core.award_period": PERIODS,
            "core.program_share": shared or SHARES,
            "core.occupation_openings": [
                {"area_id": of, "soc_code": soc, "annual_openings": None if soc == without_openings else 10.0}
                for of in ("US", "OH")
                for soc in (NURSES, AIDES, WELDERS)
            ],
            "core.occupation_preparation": [
                {"soc_code": NURSES, "entry_education": "Bachelor's degree"},
                {"soc_code": AIDES, "entry_education": "Associate's degree"},
                {"soc_code": WELDERS, "entry_education": "High school diploma or equivalent"},
            ],
            "reference.area": [{"area_id": "OH", "area_type": "state", "is_territory": False}],
            "core.group_outlook": [
                {**row, "area_id": area}
                for row in (
                    outlook("health", "Bachelor's degree", 300.0),
                    outlook("health", "Associate's degree", 90.0, covered),
                    outlook("manufacturing", "High school diploma or equivalent", 400.0),
                )
            ],
            "marts.cluster_outlook": [
                {
                    "area_id": area,
                    "level": "cluster",
                    "cluster_id": cluster,
                    "sub_cluster_id": "all",
                    "basis": "unduplicated",
                    "projection_period": "2022-32",
                    "openings_status": status,
                }
                for cluster in ("health", "manufacturing")
            ],
        },
    ).to_dicts()
    return {(row["cluster_id"], row["education_group"]): row for row in rows}


def test_awards_meet_openings_at_their_own_level(run_sql):
    found = gaps(run_sql)
    row = found["health", "associate"]
    # 80 awards: a quarter to aides at this level, three quarters of them health; 60 to nurses at the bachelor's level
    assert (row["awards"], row["awards_to_other_levels"]) == (15.0, 60.0)
    # at least none, when all become nurses; at most 80 x 0.75, when all become aides
    assert (row["awards_low"], row["awards_high"]) == (0.0, 60.0)
    assert (row["gap"], row["gap_low"], row["gap_high"]) == (75.0, 30.0, 90.0)
    assert (row["supply_ratio_pct"], row["status"]) == (pytest.approx(100 * 15 / 90, abs=1e-4), "ok")
    bachelor = found["health", "bachelor"]
    assert (bachelor["awards"], bachelor["awards_from_other_levels"], bachelor["gap"]) == (0.0, 60.0, 300.0)


def test_who_may_take_an_occupation_without_openings_is_not_in_the_upper_bound(run_sql):
    only_aides = [share(NURSING, AIDES, "health", 1.0, 1.0)]
    for area in ("OH", "US"):
        row = gaps(run_sql, shared=only_aides, covered=0.9, area=area)["health", "associate"]
        assert (row["awards_low"], row["awards"], row["awards_high"], row["gap_high"]) == (80.0, 80.0, 80.0, 10.0)
        row = gaps(run_sql, shared=only_aides, covered=0.9, area=area, without_openings=AIDES)["health", "associate"]
        assert (row["awards_low"], row["awards"], row["awards_high"]) == (0.0, 80.0, 80.0)
        assert (row["gap_low"], row["gap"], row["gap_high"], row["status"]) == (10.0, 10.0, 90.0, "partial")


def test_awards_of_distance_institutions_are_a_share_of_those_that_meet_openings(run_sql):
    assert gaps(run_sql)["health", "associate"]["distance_institution_pct"] == 0.0
    online = {**award(NURSING, "associate", 2024, 20), "unit_id": "100002", "is_distance": True}
    found = gaps(run_sql, awards=[*AWARDS, online])
    # 80 a year before, and 10 more
    assert found["health", "associate"]["distance_institution_pct"] == pytest.approx(100 * 10 / 90, abs=1e-4)
    # no award meets openings at this level, and no award is of this level
    assert found["health", "bachelor"]["distance_institution_pct"] is None
    assert found["manufacturing", "high_school"]["distance_institution_pct"] is None


def test_awards_meet_openings_by_the_states_own_links(run_sql):
    # aides are dropped, so that no graduate in nursing meets openings at the associate's level
    row = gaps(run_sql, shared=OWN_SHARES)["health", "associate"]
    assert (row["awards"], row["awards_high"], row["awards_to_other_levels"], row["gap"]) == (0.0, 0.0, 40.0, 90.0)
    # the nation's figures are by the publisher's links
    nation = gaps(run_sql, shared=OWN_SHARES, area="US")["health", "associate"]
    assert (nation["awards"], nation["awards_high"], nation["awards_to_other_levels"]) == (15.0, 60.0, 60.0)


def test_openings_without_an_award_of_their_level_have_no_gap(run_sql):
    row = gaps(run_sql)["manufacturing", "high_school"]
    assert (row["annual_openings"], row["awards"], row["gap"]) == (400.0, None, None)
    # 30 certificates in one of two years go here, from another level
    assert (row["awards_from_other_levels"], row["status"]) == (15.0, "no_award_level")
    certificate = gaps(run_sql)["manufacturing", "certificate"]
    assert (certificate["awards_to_other_levels"], certificate["status"]) == (15.0, "no_occupations")
    assert certificate["coverage_pct"] is None


def test_little_coverage_and_doubtful_lists_have_no_figure(run_sql):
    covered = gaps(run_sql, covered=0.5)["health", "associate"]
    assert (covered["gap"], covered["coverage_pct"], covered["status"]) == (75.0, 50.0, "partial")
    low = gaps(run_sql, covered=0.499)["health", "associate"]
    assert (low["annual_openings"], low["gap"], low["status"]) == (None, None, "low_coverage")
    doubtful = gaps(run_sql, doubtful=True)["health", "associate"]
    assert (doubtful["annual_openings"], doubtful["gap"], doubtful["status"]) == (None, None, "doubtful")
    assert doubtful["awards"] == 15.0


def earning(unit: str, completers: int | None, earnings: int | None, status: str = "ok") -> Row:
    return {
        "cip4_code": "51.38",
        "credential_level": 2,
        "unit_id": unit,
        "state_id": "OH",
        "completers": completers,
        "median_weight": max(completers or 1, 1),
        "earnings_usd": earnings,
        "earnings_status": status,
        "debt_dollars": None,
    }


def earnings(run_sql, rows: list[Row]) -> Row:
    table = run_sql(
        "marts.program_earnings",
        {
            "core.program_earning": rows,
            "reference.cip": [{"cip_code": "51.38", "cip_title": "Nursing"}],
            "raw.scorecard_benchmark": [{"state_id": "OH", "benchmark_usd": 36_000}],
        },
    )
    (row,) = table.filter(area_id="OH").to_dicts()
    return row


def test_medians_are_weighted_by_completers_and_what_is_withheld_is_no_number(run_sql):
    rows = [earning("1", 10, 90_000), earning("2", 25, 50_000), earning("3", 30, 60_000)]
    row = earnings(run_sql, [*rows, earning("4", 35, None, "withheld")])
    # 25 of 65 below 60,000, 55 of 65 up to it
    assert (row["earnings_usd"], row["earnings_low_usd"], row["earnings_high_usd"]) == (60_000, 50_000, 90_000)
    assert (row["programs"], row["programs_with_earnings"], row["completers"]) == (4, 3, 100)
    assert (row["completers_with_earnings_pct"], row["benchmark_usd"]) == (65.0, 36_000)
    # exactly half of the completers are reached at the first
    assert earnings(run_sql, [earning("1", 5, 90_000), earning("2", 5, 50_000)])["earnings_usd"] == 50_000
    # completers that are not given count as one
    assert earnings(run_sql, [earning("1", None, 90_000), earning("2", 5, 50_000)])["earnings_usd"] == 50_000
    hidden = earnings(run_sql, [earning("1", 5, None, "withheld"), earning("2", 5, None, "missing")])
    assert (hidden["earnings_usd"], hidden["earnings_low_usd"], hidden["earnings_status"]) == (None, None, "withheld")


def test_earnings_of_clusters_are_by_the_states_own_links(run_sql):
    table = run_sql(
        "marts.cluster_earnings",
        {
            "core.place_award": AWARDS,
            "core.award_period": PERIODS,
            "core.program_share": OWN_SHARES,
            "reference.credential_award": carried("reference.credential_award"),
            "core.program_earning": [earning("1", 80, 60_000)],
            "raw.scorecard_benchmark": [],
        },
    ).filter(level="cluster", credential_level=2)

    def completers(area: str) -> dict[str, float]:
        return dict(table.filter(area_id=area).select("cluster_id", "completers").iter_rows())

    # all 80 completers are nurses by field: half of each in manufacturing by Ohio's links
    assert completers("OH") == {"health": 40.0, "manufacturing": 40.0}
    # three quarters to nurses, a quarter to aides, of whom a quarter is in education
    assert completers("US") == {"health": 75.0, "education": 5.0}


@pytest.mark.parametrize(
    ("known", "expected"),
    [(40, (60_000, 50.0, "ok")), (39, (None, 48.75, "few_covered")), (0, (None, 0.0, "missing"))],
)
def test_few_completers_do_not_speak_for_a_cluster(run_sql, known: int, expected: tuple[object, ...]) -> None:
    with_earnings = [earning("1", known, 60_000)] if known else []
    table = run_sql(
        "marts.cluster_earnings",
        {
            "core.place_award": AWARDS,
            "core.award_period": PERIODS,
            "core.program_share": OWN_SHARES,
            "reference.credential_award": carried("reference.credential_award"),
            "core.program_earning": [*with_earnings, earning("2", 80 - known, None, "withheld")],
            "raw.scorecard_benchmark": [],
        },
    )
    (row,) = table.filter(level="cluster", credential_level=2, area_id="OH", cluster_id="health").to_dicts()
    assert (row["earnings_usd"], row["completers_with_earnings_pct"], row["earnings_status"]) == expected


def test_concentrators_stand_beside_by_the_states_names(run_sql):
    table = run_sql(
        "marts.secondary_programs",
        {
            "seed.secondary_program": [{"cluster_id": "health", "school_year": "2023-24", "concentrators": 0}],
            "reference.overlay": [{"overlay_id": "ours", "state_id": "OH"}],
            "seed.overlay_node": [
                {"level": "cluster", "cluster_id": "health", "sub_cluster_id": "all", "node_name": "Health Science"},
                {"level": "sub_cluster", "cluster_id": "health", "sub_cluster_id": "care", "node_name": "Care"},
            ],
        },
    )
    # a count of zero is a count
    assert table.rows() == [("OH", "health", "2023-24", "Health Science", 0, "ours")]


def test_women_by_the_census_occupation_with_the_longest_beginning(run_sql):
    table = run_sql(
        "marts.occupation_gender",
        {
            "raw.census_occupation": [
                {"census_code": code, "occupation_title": title, "soc_pattern": pattern}
                for code, title, pattern in (
                    ("0860", "Credit analysts", "13-2041"),
                    ("0910", "Credit counselors and loan officers", "13-2070"),
                    ("0960", "Other financial specialists", "13-20XX"),
                    ("2205", "Postsecondary teachers", "25-1000"),
                    ("0020", "Managers, and others", "11-1021"),
                )
            ],
            "raw.cps_occupation": [
                {"occupation_title": title, "employed": employed, "women_pct": women}
                for title, employed, women in (
                    ("Credit  Analysts", 60_000, 24.9),
                    ("Credit counselors and loan officers", 300_000, 50.0),
                    ("Other financial specialists", 40_000, None),
                    ("Postsecondary teachers", 900_000, 75.1),
                    ("Managers and others", 100_000, 25.0),
                )
            ],
            "reference.soc": [
                {"soc_code": soc, "soc_title": f"Occupation {soc}", "soc_level": "detailed"}
                for soc in ("13-2041", "13-2071", "13-2072", "13-2099", "25-1011", "11-1021")
            ],
            "reference.soc_sub_cluster": [
                {"soc_code": soc, "sub_cluster_id": "x", "cluster_id": "x"}
                for soc in ("13-2041", "13-2072", "13-2099", "25-1011", "11-1021", "45-3031")
            ],
            "reference.oews_occupation": [],
            "reference.method_parameter": [{"parameter": "nontraditional_below_pct", "value": 25.0}],
            "seed.soc_combined": [],
        },
    )
    found = {
        row["soc_code"]: (row["census_codes"], row["women_pct"], row["is_wider"], row["nontraditional_for"])
        for row in table.to_dicts()
    }
    assert found == {
        "13-2041": ("0860", 24.9, False, "women"),
        "13-2072": ("0910", 50.0, True, "neither"),
        "13-2099": ("0960", None, False, "unknown"),
        "25-1011": ("2205", 75.1, False, "men"),
        "11-1021": ("0020", 25.0, False, "neither"),
        "45-3031": (None, None, False, "unknown"),
    }


CARRIED = ("reference.award_level", "reference.credential_award", "reference.entry_education")


def flag(soc: str, listed: str | None) -> Row:
    return {
        "area_id": "OH",
        "soc_code": soc,
        "policy": "default",
        "high_skill": None,
        "high_wage": listed or "true",
        "in_demand": None,
        "listed": listed,
        "high_skill_explanation": "Not asked.",
        "high_wage_explanation": f"High-wage: {listed or 'true'}.",
        "in_demand_explanation": "Not asked.",
    }


def aligned(
    run_sql, *, aides_openings: float | None = 100.0, listed: dict[str, str | None] | None = None, combine: str = "all"
) -> dict[tuple[str, str], Row]:
    """Nursing of two awards and nursing practice, which lead to nurses (bachelor's) and aides (certificate) in Ohio."""
    practice = "51.3818"
    awards = [
        (NURSING, "bachelor", 80.0),
        (NURSING, "short_certificate", 10.0),
        (practice, "bachelor", 20.0),
        (practice, "certificate", 30.0),
        (GENERAL, "associate", 7.0),
    ]
    links = [(NURSING, NURSES, 0.75), (NURSING, AIDES, 0.25), (practice, NURSES, 1.0)]
    nothing = [
        "reference.soc",
        "marts.occupation_gender",
        "reference.cip",
        "core.program_wage",
        "marts.occupation_indicators",
        "marts.program_earnings",
        "raw.scorecard_benchmark",
    ]
    table = run_sql(
        "marts.program_alignment",
        {
            **{name: [] for name in nothing},
            **{name: carried(name) for name in CARRIED},
            "marts.occupation_flag": [flag(soc, verdict) for soc, verdict in (listed or {}).items()],
            "reference.oews_occupation": [
                {"soc_code": soc, "occupation_name": name} for soc, name in ((NURSES, "Nurses"), (AIDES, "Aides"))
            ],
            "marts.program_completions": [
                {"area_id": "OH", "cip_code": cip, "award_group": group, "award_period": "mean", "awards": number}
                for cip, group, number in awards
            ],
            "reference.area": [{"area_id": "OH", "area_type": "state"}],
            "reference.policy": [{"policy": "default", "policy_title": "Neutral default", "combine": combine}],
            # the nation's list leads from nursing to nurses only, and counts for nothing here
            "core.program_link": [
                *linked(*((cip, soc) for cip, soc, _ in links), (GENERAL, TEACHERS), of="OH"),
                *linked((NURSING, NURSES)),
            ],
            "core.link_list": lists("OH", "OH", "US"),
            "core.program_share": [
                *(share(cip, soc, "health", part, 1.0, of="OH") for cip, soc, part in links),
                {**share(NURSING, NURSES, "health", 1.0, 1.0), "in_state": False},
            ],
            "core.occupation_openings": [
                {"area_id": "OH", "soc_code": soc, "annual_openings": openings}
                for soc, openings in ((NURSES, 300.0), (AIDES, aides_openings))
            ],
            "core.occupation_preparation": [
                {"soc_code": NURSES, "entry_education": "Bachelor's degree"},
                {"soc_code": AIDES, "entry_education": "Postsecondary nondegree award"},
            ],
        },
    )
    return {(row["cip_code"], row["award_group"]): row for row in table.to_dicts()}


def test_programs_share_the_openings_of_an_occupation_and_each_counts_once(run_sql):
    found = aligned(run_sql)

    def gap(cip: str, group: str) -> tuple[float | None, ...]:
        row = found[cip, group]
        return row["openings_at_level"], row["awards_at_level"], row["openings_shared"], row["gap"]

    # every occupation of nursing has openings; none of general studies counts
    nursing = found[NURSING, "bachelor"]
    assert (nursing["occupations"], nursing["occupations_without_openings"]) == (2, 0)
    # 60 of 80 graduates and all of 20 go to nurses: three and one quarter of their 300 openings
    assert gap(NURSING, "bachelor") == (300.0, 60.0, 225.0, 165.0)
    assert gap("51.3818", "bachelor") == (300.0, 20.0, 75.0, 55.0)
    # a quarter of ten certificates goes to aides, and nobody else's
    assert gap(NURSING, "short_certificate") == (100.0, 2.5, 100.0, 97.5)
    # its one occupation asks for another level
    assert gap("51.3818", "certificate") == (None, 0.0, None, None)
    assert gap(GENERAL, "associate") == (None, 0.0, None, None)


def test_the_chain_names_an_occupation_that_the_award_is_enough_for(run_sql):
    found = aligned(run_sql, listed={NURSES: "true", AIDES: "true"})

    def verdict(cip: str, group: str) -> tuple[str, str]:
        row = found[cip, group]
        return row["eligible"], row["entry_reached"]

    # nurses have more openings and ask for a bachelor's degree, aides for a certificate
    assert verdict(NURSING, "bachelor") == ("true", "true")
    assert found[NURSING, "bachelor"]["chain"] == (
        f"Leads to 2 occupations. Nurses ({NURSES}), usual entry: Bachelor's degree. High-wage: true. "
        "It is on the list of Neutral default: eligible."
    )
    assert verdict(NURSING, "short_certificate") == ("true", "true")
    assert (
        f"Aides ({AIDES}), usual entry: Postsecondary nondegree award. " in found[NURSING, "short_certificate"]["chain"]
    )
    # a certificate in a program of nurses alone
    assert verdict("51.3818", "certificate") == ("true", "false")
    assert found["51.3818", "certificate"]["chain"] == (
        f"Leads to 1 occupation. Nurses ({NURSES}), usual entry: Bachelor's degree, more than this award. "
        "High-wage: true. It is on the list of Neutral default: eligible."
    )


def test_only_an_occupation_that_asks_for_more_is_on_the_list(run_sql):
    found = aligned(run_sql, listed={NURSES: "true", AIDES: "false"})
    row = found[NURSING, "short_certificate"]
    assert (row["eligible"], row["entry_reached"], row["occupations_listed"]) == ("true", "false", 1)
    assert ", more than this award. " in row["chain"]
    assert (found[NURSING, "bachelor"]["eligible"], found[NURSING, "bachelor"]["entry_reached"]) == ("true", "true")


def test_an_occupation_without_figures_says_so(run_sql):
    row = aligned(run_sql)[NURSING, "bachelor"]
    assert (row["eligible"], row["entry_reached"]) == ("unknown", "true")
    assert row["chain"] == (
        f"Leads to 2 occupations. Nurses ({NURSES}), usual entry: Bachelor's degree. It has no figures in the state. "
        "Of 2 it is not known whether they are on the list of Neutral default, and no other is: unknown."
    )
    assert aligned(run_sql)[GENERAL, "associate"]["entry_reached"] == "unknown"


def test_under_a_policy_without_a_list_no_program_is_unknown(run_sql):
    """Aides have no flags at all, nurses have; general studies lead to no occupation."""
    found = aligned(run_sql, listed={NURSES: None}, combine="separate")
    assert {row["eligible"] for row in found.values()} == {"no_list"}
    assert {row["occupations_listed"] for row in found.values()} == {0}
    assert found[NURSING, "bachelor"]["high_wage"] == "true"
    assert found[NURSING, "bachelor"]["chain"] == (
        f"Leads to 2 occupations. Nurses ({NURSES}), usual entry: Bachelor's degree. High-wage: true. "
        "The flags of Neutral default stand separate: no list."
    )
    assert found[GENERAL, "associate"]["chain"] == "General studies prepare for further study: no list."


def test_a_program_with_an_occupation_without_usable_openings_has_no_gap(run_sql):
    row = aligned(run_sql, aides_openings=None)[NURSING, "short_certificate"]
    assert (row["awards_at_level"], row["openings_shared"], row["gap"]) == (2.5, None, None)
    assert (row["annual_openings"], row["occupations_without_openings"]) == (300.0, 1)
