import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sql_inputs import Row

PARTS = ("change_jobs", "national_jobs", "industry_mix_jobs", "regional_jobs")
Figure = tuple[str, str, int]


def indicator(area: str, cluster: str, year: int, jobs: float | None, *, sub_cluster: str = "all") -> Row:
    """The jobs of a row of marts.industry_indicators, before `compared` puts the year before beside them."""
    level = "all" if cluster == "all" else "cluster" if sub_cluster == "all" else "sub_cluster"
    return {
        "area_id": area,
        "level": level,
        "cluster_id": cluster,
        "sub_cluster_id": sub_cluster,
        "ownership": "all",
        "year": year,
        "jobs": jobs,
    }


def compared(rows: list[Row]) -> list[Row]:
    """The rows with the figures of the year before, and the status of the two; a status that is set stays."""
    keys = ("area_id", "cluster_id", "sub_cluster_id", "ownership", "year")
    by_key = {tuple(row[key] for key in keys): row for row in rows}
    result = []
    for row in rows:
        before = by_key.get((*(row[key] for key in keys[:-1]), row["year"] - 1))
        found = {"employment_compared_from": None, "employment_compared_to": None, "employment_change_coverage": None}
        if before is None:
            found["employment_change_status"] = "not_in_vintage"
        elif row["jobs"] is None or before["jobs"] is None:
            found["employment_change_status"] = "withheld"
        else:
            found["employment_change_status"] = "ok" if before["jobs"] else "no_jobs"
            found |= {"employment_compared_from": before["jobs"], "employment_compared_to": row["jobs"]}
        result.append({key: value for key, value in (found | row).items() if key != "jobs"})
    return result


#: Of all jobs of the nation 10 percent more, of its energy 25 percent more, of energy in TX 20 percent more.
FIGURES: dict[Figure, float | None] = {
    ("US", "all", 2023): 1000.0,
    ("US", "all", 2024): 1100.0,
    ("US", "energy", 2023): 200.0,
    ("US", "energy", 2024): 250.0,
    ("TX", "all", 2023): 300.0,
    ("TX", "all", 2024): 345.0,
    ("TX", "energy", 2023): 80.0,
    ("TX", "energy", 2024): 96.0,
}


@pytest.fixture
def shift_share(run_sql):
    """By area, cluster and later year, the rows of clusters and totals."""

    def run(rows: list[Row]) -> dict[Figure, Row]:
        result = run_sql("marts.shift_share", {"marts.industry_indicators": compared(rows)})
        found = {(row["area_id"], row["cluster_id"], row["year_to"]): row for row in result.iter_rows(named=True)}
        assert len(found) == result.height
        return found

    return run


def indicators(figures: dict[Figure, float | None]) -> list[Row]:
    return [indicator(*place, jobs) for place, jobs in figures.items()]


def parts(row: Row) -> tuple[float | None, ...]:
    return tuple(row[name] for name in PARTS)


def test_a_change_has_a_national_an_industry_and_a_regional_part(shift_share):
    rows = shift_share(indicators(FIGURES))
    # 16 more: 80 * 10 % as all jobs, 80 * (25 % - 10 %) as energy beyond that, 80 * (20 % - 25 %) of the area's own
    assert parts(rows["TX", "energy", 2024]) == pytest.approx((16.0, 8.0, 12.0, -4.0))
    # 45 more: 300 * 10 %, no mix in the total, 300 * (15 % - 10 %)
    assert parts(rows["TX", "all", 2024]) == pytest.approx((45.0, 30.0, 0.0, 15.0))
    row = rows["TX", "energy", 2024]
    assert (row["year_from"], row["employment_from"], row["employment_to"], row["status"]) == (2023, 80.0, 96.0, "ok")
    assert not [place for place in rows if place[0] == "US"]


def test_the_first_year_has_nothing_to_compare_with(shift_share):
    rows = shift_share(indicators(FIGURES))
    assert rows["TX", "energy", 2023]["status"] == "not_in_vintage"
    assert parts(rows["TX", "energy", 2023]) == (None,) * 4


@pytest.mark.parametrize("status", ["not_comparable", "mostly_modelled"])
@pytest.mark.parametrize("place", [("TX", "energy"), ("US", "energy"), ("US", "all")])
def test_a_change_that_is_not_given_has_no_parts(shift_share, place, status):
    """Neither where the area's two years differ or are mostly estimated nor where the nation's are."""
    rows = indicators(FIGURES)
    for row in rows:
        if (row["area_id"], row["cluster_id"]) == place and row["year"] == 2024:
            nothing = {"employment_compared_from": None, "employment_compared_to": None}
            row.update({"employment_change_status": status, **nothing})
    found = shift_share(rows)["TX", "energy", 2024]
    assert found["status"] == status
    assert parts(found) == (None,) * 4


def test_the_parts_are_of_the_jobs_that_are_compared(shift_share):
    """Over a change of NAICS edition 72 of 80 jobs are compared with 90 of 96, in the nation 180 of 200 with 225."""
    rows = indicators(FIGURES)
    for row in rows:
        if row["cluster_id"] == "energy" and row["year"] == 2024:
            jobs = (72.0, 90.0) if row["area_id"] == "TX" else (180.0, 225.0)
            row.update(dict(zip(("employment_compared_from", "employment_compared_to"), jobs, strict=True)))
    row = shift_share(rows)["TX", "energy", 2024]
    assert (row["employment_from"], row["employment_to"]) == (72.0, 90.0)
    # 18 more: 72 * 10 %, 72 * (25 % - 10 %), 72 * (25 % - 25 %)
    assert parts(row) == pytest.approx((18.0, 7.2, 10.8, 0.0))


@pytest.mark.parametrize("place", [("TX", "energy"), ("US", "energy"), ("US", "all"), ("TX", "all")])
def test_a_change_of_what_is_published_is_named(shift_share, place):
    rows = indicators(FIGURES)
    for row in rows:
        if (row["area_id"], row["cluster_id"]) == place and row["year"] == 2024:
            row["employment_change_coverage"] = "disclosure"
    found = shift_share(rows)
    assert found["TX", "energy", 2024]["coverage_break"] == (None if place == ("TX", "all") else "disclosure")
    assert found["TX", "energy", 2024]["status"] == "ok"


def test_a_gap_between_years_is_not_bridged(shift_share):
    figures = {(area, cluster, 2021 if year == 2023 else year): jobs for (area, cluster, year), jobs in FIGURES.items()}
    rows = shift_share(indicators(figures))
    assert {row["status"] for row in rows.values()} == {"not_in_vintage"}


@pytest.mark.parametrize("place", [place for place in FIGURES if place[:2] != ("TX", "all")], ids=str)
def test_a_figure_that_is_missing_leaves_no_parts(shift_share, place):
    found = shift_share(indicators({**FIGURES, place: None}))["TX", "energy", 2024]
    assert found["status"] == "withheld"
    assert parts(found) == (None,) * 4
    assert (found["employment_from"], found["employment_to"]) == (None, None)


@pytest.mark.parametrize("place", [("US", "energy", 2023), ("US", "energy", 2024), ("TX", "energy", 2023)], ids=str)
def test_a_figure_that_is_not_in_the_data_leaves_no_parts(shift_share, place):
    found = shift_share(indicators({key: jobs for key, jobs in FIGURES.items() if key != place}))
    assert found["TX", "energy", 2024]["status"] == "not_in_vintage"
    assert parts(found["TX", "energy", 2024]) == (None,) * 4


def test_without_the_nation_there_are_rows_but_no_parts(shift_share):
    rows = shift_share(indicators({place: jobs for place, jobs in FIGURES.items() if place[0] != "US"}))
    assert len(rows) == 4
    assert {(row["status"], parts(row)) for row in rows.values()} == {("not_in_vintage", (None,) * 4)}


def test_jobs_where_there_were_none_are_the_areas_own(shift_share):
    rows = shift_share(indicators({**FIGURES, ("TX", "energy", 2023): 0.0}))
    assert parts(rows["TX", "energy", 2024]) == pytest.approx((96.0, 0.0, 0.0, 96.0))


def test_only_all_owners_together_are_compared(shift_share):
    rows = indicators(FIGURES)
    rows += [{**row, "ownership": ownership, "jobs": 7.0} for row in rows for ownership in ("private", "government")]
    found = shift_share(rows)
    assert len(found) == 4
    assert parts(found["TX", "energy", 2024]) == pytest.approx((16.0, 8.0, 12.0, -4.0))


def test_a_sub_cluster_is_held_against_the_same_one_of_the_nation(run_sql):
    rows = indicators(FIGURES)
    for sub_cluster, us, tx in (
        ("utilities", (50.0, 55.0), (10.0, 12.0)),
        ("extraction", (150.0, 195.0), (70.0, 84.0)),
    ):
        for area, jobs in (("US", us), ("TX", tx)):
            rows += [indicator(area, "energy", 2023 + at, jobs[at], sub_cluster=sub_cluster) for at in (0, 1)]
    result = run_sql("marts.shift_share", {"marts.industry_indicators": compared(rows)})
    found = {
        row["sub_cluster_id"]: parts(row)
        for row in result.filter(level="sub_cluster", year_to=2024).iter_rows(named=True)
    }
    # utilities 10 to 12: 10 %, 10 % - 10 %, 20 % - 10 %; extraction 70 to 84: 10 %, 30 % - 10 %, 20 % - 30 %
    assert found == {
        "utilities": pytest.approx((2.0, 1.0, 0.0, 1.0)),
        "extraction": pytest.approx((14.0, 7.0, 14.0, -7.0)),
    }


JOBS = st.floats(0, 1e7, width=32)
SOME_JOBS = st.floats(1, 2e8, width=32)


@given(
    area=st.lists(st.tuples(JOBS, JOBS), min_size=1, max_size=20),
    nation=st.lists(st.tuples(SOME_JOBS, SOME_JOBS), min_size=20, max_size=20),
    total=st.tuples(SOME_JOBS, SOME_JOBS),
)
@settings(max_examples=15, deadline=None)
def test_the_parts_add_up_to_the_change(run_sql, area, nation, total):
    rows = [indicator("US", "all", 2023 + at, total[at]) for at in (0, 1)]
    for number, (here, there) in enumerate(zip(area, nation, strict=False)):
        for at in (0, 1):
            rows.append(indicator("TX", f"cluster_{number}", 2023 + at, here[at]))
            rows.append(indicator("US", f"cluster_{number}", 2023 + at, there[at]))
    result = run_sql("marts.shift_share", {"marts.industry_indicators": compared(rows)}).filter(year_to=2024)
    assert result.height == len(area)
    for row in result.iter_rows(named=True):
        change, national, mix, regional = parts(row)
        before, after = area[int(row["cluster_id"].removeprefix("cluster_"))]
        assert change == after - before
        # to a thousandth of a job, or what is left of one in figures of many digits
        largest = max(abs(national), abs(mix), abs(regional))
        assert national + mix + regional == pytest.approx(change, abs=max(0.001, largest * 1e-9))
        assert national == pytest.approx(before * (total[1] / total[0] - 1))
