"""Programs of Ohio, Texas and Wyoming, compared with figures that were added up from the publishers' files."""

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app
from tests.fixtures.command import Ran

SHORT, LONG = "short_certificate", "certificate"
# sums of CTOTALT of first majors in C2022_A, C2023_A and C2024_A over the institutions that HD2024 has in the state
AWARDS = {
    ("OH", "51.3902", SHORT): (1541, 2151, 2137),
    ("OH", "51.3801", "associate"): (3953, 3892, 3810),
    ("OH", "48.0508", LONG): (512, 540, 524),
    ("OH", "52.0201", "bachelor"): (2063, 2140, 2210),
    ("OH", "51.2001", "doctor"): (571, 572, 584),
    ("TX", "51.3902", SHORT): (965, 843, 1132),
    ("TX", "51.3801", "associate"): (6243, 6359, 6419),
    ("TX", "48.0508", LONG): (2656, 2928, 3434),
    ("TX", "52.0201", "bachelor"): (6031, 5929, 6042),
    ("TX", "51.2001", "doctor"): (859, 807, 715),
    ("WY", "51.3902", SHORT): (0, 2, 1),
    ("WY", "51.3801", "associate"): (260, 273, 269),
    ("WY", "48.0508", LONG): (70, 57, 67),
    ("WY", "52.0201", "bachelor"): (36, 25, 17),
    ("WY", "51.2001", "doctor"): (44, 32, 24),
    ("OH", "13.1202", "bachelor"): (283, 373, 419),
    ("TX", "13.1202", "bachelor"): (381, 378, 636),
    ("WY", "13.1202", "bachelor"): (99, 78, 69),
    ("OH", "11.0701", "bachelor"): (729, 841, 767),
    ("TX", "11.0701", "bachelor"): (1313, 1301, 1373),
    ("WY", "11.0701", "bachelor"): (33, 36, 34),
    ("OH", "52.0201", "graduate"): (2915, 2794, 2553),
    ("TX", "52.0201", "graduate"): (9235, 8928, 7790),
    ("WY", "52.0201", "graduate"): (78, 110, 116),
    ("OH", "47.0604", LONG): (196, 213, 242),
    ("TX", "47.0604", LONG): (692, 725, 817),
    ("WY", "47.0604", LONG): (223, 376, 439),
    ("OH", "43.0107", "associate"): (1380, 1314, 874),
    ("OH", "12.0401", LONG): (1587, 1403, 1563),
    ("TX", "12.0401", LONG): (5338, 5620, 5375),
    ("WY", "12.0401", LONG): (21, 23, 21),
    ("OH", "46.0302", LONG): (57, 77, 104),
    ("TX", "46.0302", LONG): (197, 262, 314),
    ("WY", "46.0302", LONG): (15, 11, 5),
    # the example of docs/alignment.md
    ("WY", "51.0602", "associate"): (42, 41, 41),
    ("OH", "51.0602", "associate"): (191, 226, 228),
    ("TX", "51.0602", "associate"): (438, 469, 557),
    ("OH", "22.0101", "doctor"): (1028, 1057, 1159),
    ("TX", "22.0101", "doctor"): (2028, 1947, 2250),
    ("WY", "22.0101", "doctor"): (70, 69, 86),
}
# from the College Scorecard of 2026-06-10: median weighted by awards, lowest and highest of the institutions' medians,
# and how many have one
EARNINGS = {
    ("OH", "51.38", 2): (76_482, 62_102, 86_632, 50),
    ("OH", "52.02", 3): (67_934, 48_031, 95_796, 58),
    ("OH", "51.39", 1): (54_552, 41_707, 77_249, 54),
    ("TX", "51.38", 2): (83_989, 67_688, 113_302, 57),
    ("TX", "52.02", 3): (67_048, 43_581, 106_799, 65),
    ("TX", "51.39", 1): (57_703, 30_163, 80_511, 49),
    ("WY", "51.38", 2): (74_251, 62_129, 90_372, 6),
    ("WY", "52.02", 3): (57_125, 57_125, 57_125, 1),
    ("WY", "51.39", 1): (77_872, 69_005, 79_624, 4),
    ("OH", "11.01", 3): (100_975, 55_648, 129_395, 19),
    ("TX", "11.01", 3): (103_603, 46_438, 182_443, 32),
    ("OH", "52.02", 5): (101_635, 54_612, 142_034, 39),
    ("TX", "52.02", 5): (105_692, 55_894, 201_796, 55),
    ("WY", "52.02", 5): (122_366, 122_366, 122_366, 1),
    ("OH", "48.05", 1): (56_665, 37_207, 59_906, 20),
    ("TX", "48.05", 1): (47_367, 23_191, 62_998, 43),
    ("WY", "48.05", 1): (49_017, 48_005, 56_041, 3),
    ("OH", "12.04", 1): (26_185, 12_867, 37_682, 33),
    ("TX", "12.04", 1): (26_641, 10_791, 37_415, 111),
    ("WY", "12.04", 1): (30_258, 30_258, 30_258, 1),
}
HEALTH, MAKING = "healthcare_human_services", "advanced_manufacturing"
TRANSPORT, FINANCE = "supply_chain_transportation", "financial_services"
# openings of occupations by weight, awards shared by openings, and the bounds: from the crosswalk's pairs, program by
# program, with the published openings and weights of occupations; a program with an occupation that the state does not
# project (Wyoming: massage, cosmetology and barbering, teaching; Texas: makeup) adds nothing to the least
GAPS = {
    ("OH", HEALTH, LONG): (24_100.0, 13_837.5, 10_047.7, 12_552.0),
    ("OH", HEALTH, "associate"): (4_110.0, 1_337.2, 2_309.3, 2_983.7),
    ("OH", "education", "bachelor"): (13_233.0, 8_752.8, 2_341.8, 10_584.6),
    ("OH", MAKING, "associate"): (1_990.7, 840.9, 938.6, 1_357.7),
    ("TX", HEALTH, LONG): (60_150.0, 27_872.7, 31_802.0, 39_335.7),
    ("TX", HEALTH, "associate"): (8_150.0, 3_283.2, 4_296.3, 5_131.3),
    ("TX", "education", "bachelor"): (49_957.7, 15_111.8, 29_531.0, 48_380.1),
    ("TX", MAKING, "associate"): (4_869.8, 1_492.6, 2_149.1, 4_326.5),
    ("WY", HEALTH, LONG): (1_020.0, 283.8, 733.0, 785.3),
    ("WY", HEALTH, "associate"): (160.0, 103.6, 42.3, 63.7),
    ("WY", "education", "bachelor"): (1_001.6, 307.1, 629.0, 840.6),
    ("WY", MAKING, "associate"): (70.0, 12.0, 45.0, 69.0),
    ("OH", "construction", LONG): (1_900.0, 644.5, 1_237.3, 1_407.7),
    ("TX", "construction", LONG): (3_660.0, 2_634.3, 703.0, 2_031.0),
    ("WY", "construction", LONG): (50.0, 2.3, 47.7, 47.7),
    ("OH", FINANCE, "bachelor"): (9_880.0, 2_546.9, -1_788.5, 9_741.3),
    ("TX", FINANCE, "bachelor"): (28_300.0, 4_484.3, 3_743.9, 28_245.3),
    ("WY", FINANCE, "bachelor"): (390.0, 76.1, 87.8, 390.0),
    ("OH", TRANSPORT, LONG): (14_050.0, 1_230.0, 12_390.0, 14_021.7),
    ("WY", TRANSPORT, LONG): (1_070.0, 391.8, 674.0, 1_070.0),
}


def test_awards_of_programs_are_those_of_the_files(lmi_database: duckdb.DuckDBPyConnection) -> None:
    rows = lmi_database.execute(
        "select area_id, cip_code, award_group, award_period, awards from marts.program_completions "
        "where area_id in ('OH', 'TX', 'WY')"
    ).fetchall()
    found = {tuple(row[:4]): row[4] for row in rows}
    for key, (first, second, third) in AWARDS.items():
        years = (found.get((*key, period), 0) for period in ("2021-22", "2022-23", "2023-24"))
        assert tuple(years) == (first, second, third), key
        assert found[*key, "mean"] == pytest.approx((first + second + third) / 3, abs=1e-4), key


def test_all_first_majors_of_the_nation_are_shared_out(lmi_database: duckdb.DuckDBPyConnection) -> None:
    years = lmi_database.execute(
        "select award_period, sum(awards) from marts.program_completions where area_id = 'US' group by all order by all"
    ).fetchall()
    assert years[:3] == [("2021-22", 5_310_086.0), ("2022-23", 5_297_774.0), ("2023-24", 5_459_862.0)]
    total = lmi_database.execute(
        "select sum(awards) from marts.cluster_completions where area_id = 'US' and level = 'cluster' "
        "and basis = 'unduplicated' and award_period = '2023-24'"
    ).fetchall()
    assert total[0][0] == pytest.approx(5_459_862, abs=0.1)


@pytest.mark.parametrize("key", EARNINGS, ids=lambda key: "-".join(map(str, key)))
def test_earnings_are_those_of_the_file(lmi_database: duckdb.DuckDBPyConnection, key: tuple[str, str, int]) -> None:
    rows = lmi_database.execute(
        "select earnings_usd, earnings_low_usd, earnings_high_usd, programs_with_earnings from marts.program_earnings "
        "where area_id = ? and cip4_code = ? and credential_level = ?",
        key,
    ).fetchall()
    assert rows == [EARNINGS[key]]


@pytest.mark.parametrize("key", GAPS, ids="-".join)
def test_gaps_are_those_of_the_files(lmi_database: duckdb.DuckDBPyConnection, key: tuple[str, str, str]) -> None:
    (row,) = lmi_database.execute(
        "select annual_openings, awards, gap_low, gap_high, gap from marts.supply_demand "
        "where area_id = ? and level = 'cluster' and cluster_id = ? and education_group = ?",
        key,
    ).fetchall()
    assert row[:4] == pytest.approx(GAPS[key], abs=0.1)
    assert row[4] == pytest.approx(GAPS[key][0] - GAPS[key][1], abs=0.1)


def test_awards_of_programs_at_their_level_are_those_of_all_clusters(lmi_database: duckdb.DuckDBPyConnection) -> None:
    """Two ways to the same sum: program by program, and by the nodes of all jobs."""
    differing = lmi_database.sql(
        """
        with level as (select distinct award_group, education_group from reference.award_level),
        programs as (
            select area_id, education_group, sum(awards_at_level) as awards
            from marts.program_alignment inner join level using (award_group)
            where policy = 'default' group by all
        )
        select area_id, education_group, programs.awards, supply.awards
        from marts.supply_demand as supply inner join programs using (area_id, education_group)
        where supply.level = 'all' and abs(programs.awards - supply.awards) > 0.5
        """
    ).fetchall()
    assert differing == []


def test_the_only_program_of_an_occupation_has_all_its_openings(lmi_database: duckdb.DuckDBPyConnection) -> None:
    # dental hygiene in Wyoming: 42, 41 and 41 associate's degrees; its only occupation has 40 openings a year
    rows = lmi_database.sql(
        "select awards_at_level, openings_shared, gap from marts.program_alignment "
        "where area_id = 'WY' and cip_code = '51.0602' and award_group = 'associate' and policy = 'default'"
    ).fetchall()
    assert rows == [(41.333, 40.0, -1.333)]


def test_no_award_reaches_a_cluster_by_a_teacher_beside_other_links(lmi_database: duckdb.DuckDBPyConnection) -> None:
    uses = lmi_database.execute(
        "select count(*) filter (where link_use = 'teacher'), count(*) filter (where link_use = 'used') "
        "from reference.cip_soc where left(listed_soc_code, 4) = '25-1' group by all"
    ).fetchall()
    left_out, kept = uses[0]
    assert left_out > 1_000
    # 92 programs lead to teachers of their subject alone
    assert kept >= 92


def test_a_states_programs_are_shown_and_written(
    first_run: tuple[object, Ran], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = str(first_run[0])
    target = tmp_path_factory.mktemp("programs") / "programs.csv"
    asked = ["programs", "OH", "--cluster", "Construction", "--award", SHORT, "--csv", str(target), "--data-dir", data]
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0, shown.output
    assert "48.0508" in shown.output
    assert "openings a year those of 2022-32." in " ".join(shown.output.split())
    written = pl.read_csv(target, infer_schema=False)
    assert written.columns[:4] == ["area_id", "cip_code", "award_group", "policy"]
    assert set(written["eligible"]) <= {"met", "not met", "unknown"}
    pell = CliRunner().invoke(app, ["programs", "OH", "--pell", "--data-dir", data])
    reason = "Nursing Assistants (31-1131), usual entry: Postsecondary nondegree award. Median annual wage"
    assert reason in " ".join(pell.output.split())
    without = CliRunner().invoke(app, ["programs", "OR", "--pell", "--top", "1", "--data-dir", data])
    assert "awards, no list of occupations" in without.output
    assert "They stand separate, so there is no list" in " ".join(without.output.split())
    nowhere = CliRunner().invoke(app, ["programs", "OH", "--csv", "/nowhere/oh.csv", "--data-dir", data])
    assert "oh.csv cannot be written: there is no folder /nowhere" in str(nowhere.exception)
    wrong = CliRunner().invoke(app, ["programs", "OH", "--policy", "oregon", "--data-dir", data])
    assert wrong.exit_code != 0
    assert "OH has no programs under policy oregon; there are default, ohio" in str(wrong.exception)
