"""Which OEWS industry an industry and owner of QCEW is matched with, by the project's own crosswalk."""

import polars as pl
import pytest
from qcew_inputs import industry_table, naics_home, raw_tree
from sql_inputs import Row

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.paths import REFERENCE
from pipelines.tables import TableName

CROSSWALK = read_csv(contracts()[TableName("seed", "qcew_oews")], REFERENCE)
HOMES = [
    naics_home("11", "agriculture/plants"),
    naics_home("22", "energy/utilities"),
    naics_home("23", "construction/trades"),
    naics_home("31-33", "manufacturing/production"),
    naics_home("311", "agriculture/food"),
    naics_home("44-45", "marketing/retail"),
    naics_home("48-49", "supply_chain/transport"),
    naics_home("491", "public_service/services"),
    naics_home("5417", "manufacturing/engineering"),
    naics_home("541714", "health/biotech"),
    naics_home("61", "education/teaching"),
    naics_home("62", "health/care"),
    naics_home("71", "hospitality/leisure"),
    naics_home("72", "hospitality/lodging"),
    naics_home("814", "health/care"),
    naics_home("92", "public_service/services"),
]
CODES = (
    *("111110", "113310", "115112", "221310", "237110", "237130", "238210", "311111", "325510", "491110", "541713"),
    *("541714", "541720", "611110", "622110", "713210", "721110", "721120", "814110", "921120", "922110", "922120"),
    "999999",
)
OLD_CODES = ("442110", "446110", "446120", "448110", "454111", "453210", "511110", "519130")
NEW_CODES = ("449110", "456110", "513110")

#: Industries of OEWS that the crosswalk or the codes above lead to: code, level, parent, digits.
OEWS = [
    ("000000", 0, None, [""]),
    ("11--12", 2, "000000", ["11"]),
    ("113000", 3, "11--12", ["113"]),
    ("113300", 4, "113000", ["1133"]),
    ("115000", 3, "11--12", ["115"]),
    ("22--23", 2, "000000", ["22"]),
    ("221000", 3, "22--23", ["221"]),
    ("221300", 4, "221000", ["2213"]),
    ("23--24", 2, "000000", ["23"]),
    ("237000", 3, "23--24", ["237"]),
    ("237100", 4, "237000", ["2371"]),
    ("237130", 5, "237100", ["23713"]),
    ("238000", 3, "23--24", ["238"]),
    ("31--34", 2, "000000", ["31", "32", "33"]),
    ("311000", 3, "31--34", ["311"]),
    ("3250A2", 4, "31--34", ["3255", "3256"]),
    ("44--46", 2, "000000", ["44", "45"]),
    ("449100", 4, "44--46", ["4491"]),
    ("456100", 4, "44--46", ["4561"]),
    ("456110", 5, "456100", ["45611"]),
    ("458100", 4, "44--46", ["4581"]),
    ("4590A1", 4, "44--46", ["4594", "4595"]),
    ("48--50", 2, "000000", ["48", "49"]),
    ("491100", 4, "48--50", ["4911"]),
    ("51--52", 2, "000000", ["51"]),
    ("513110", 5, "51--52", ["51311"]),
    ("541700", 4, "000000", ["5417"]),
    ("541710", 5, "541700", ["54171"]),
    ("541720", 5, "541700", ["54172"]),
    ("61--62", 2, "000000", ["61"]),
    ("611100", 4, "61--62", ["6111"]),
    ("622100", 4, "000000", ["6221"]),
    ("713200", 4, "000000", ["7132"]),
    ("721100", 4, "000000", ["7211"]),
    ("721120", 5, "721100", ["72112"]),
    ("999000", 3, "000000", ["999"]),
    ("999100", 4, "999000", ["9991"]),
    ("999200", 4, "999000", ["9992"]),
    ("999300", 4, "999000", ["9993"]),
]


def staffing(run_sql, codes: tuple[str, ...], year: int) -> dict[tuple[str, str], Row]:
    """By owner and industry, the row of core.qcew_staffing."""
    tree = industry_table(run_sql, raw_tree(dict.fromkeys(codes, 1), year=year), HOMES)
    industries = [
        {
            "industry_code": code,
            "industry_level": level,
            "parent_industry_code": parent,
            "is_ownership_variant": False,
            "home_cluster_id": "public_service" if code.startswith("999") else None,
        }
        for code, level, parent, _ in OEWS
    ]
    rows = run_sql(
        "core.qcew_staffing",
        {
            "core.qcew_industry": tree,
            "core.qcew_ancestor": run_sql("core.qcew_ancestor", {"core.qcew_industry": tree}),
            "core.oews_industry": industries,
            "core.oews_industry_ancestor": run_sql("core.oews_industry_ancestor", {"core.oews_industry": industries}),
            "core.oews_industry_digits": [
                {"industry_code": code, "display_level": level, "digits": text}
                for code, level, _, digits in OEWS
                for text in digits
            ],
            "seed.qcew_oews": CROSSWALK,
        },
    )
    assert set(rows["year"]) == {year}
    found = {(row["own_code"], row["naics_code"]): row for row in rows.iter_rows(named=True)}
    assert len(found) == rows.height == 4 * tree.height
    return found


@pytest.fixture(scope="module")
def before(run_sql) -> dict[tuple[str, str], Row]:
    return staffing(run_sql, (*CODES, *OLD_CODES), 2016)


@pytest.fixture(scope="module")
def since(run_sql) -> dict[tuple[str, str], Row]:
    return staffing(run_sql, (*CODES, *NEW_CODES), 2024)


@pytest.mark.parametrize(
    ("owner", "code", "match"),
    [
        ("5", "311111", ("311000", "rest")),
        ("5", "113310", ("113300", "rest")),
        # two codes of a combined industry
        ("5", "325510", ("3250A2", "rest")),
        # 237110 is in no finer industry of 237100, all of 2371 is more than that
        ("5", "237110", ("237100", "rest")),
        ("5", "237130", ("237130", "rest")),
        ("5", "2371", ("237100", "whole")),
        # of a combined sector, the narrowest that holds all
        ("5", "31-33", ("31--34", "whole")),
        ("5", "10", (None, None)),
        # farms, fisheries, households and the unclassified are not surveyed
        ("5", "111110", (None, None)),
        ("5", "814110", (None, None)),
        ("5", "999999", (None, None)),
        # farms are in sector 11, so not all of it has a pattern
        ("5", "11", (None, None)),
        # government has industries of its own, but for schools, hospitals, mail, and local casinos
        ("1", "921120", (None, None)),
        ("1", "922110", (None, None)),
        ("1", "922120", ("999100", "rest")),
        ("1", "622110", ("999100", "rest")),
        ("1", "491110", ("491100", "rest")),
        ("2", "922110", ("999200", "rest")),
        ("2", "611110", ("611100", "rest")),
        ("2", "622110", ("622100", "rest")),
        ("2", "713210", ("999200", "rest")),
        ("3", "221310", ("999300", "rest")),
        ("3", "713210", ("713200", "rest")),
        ("3", "721120", ("721120", "rest")),
        ("3", "721110", ("999300", "rest")),
        ("3", "999999", ("999300", "rest")),
    ],
)
def test_what_goes_with_what(before, since, owner, code, match):
    for rows in (before, since):
        row = rows[owner, code]
        assert (row["industry_code"], row["part"]) == match


@pytest.mark.parametrize(
    ("code", "industry"),
    [
        ("442110", "449100"),
        ("446110", "456110"),
        ("446120", "456100"),
        ("448110", "458100"),
        ("453210", "4590A1"),
        ("454111", "44--46"),
        ("511110", "513110"),
        ("519130", "51--52"),
    ],
)
def test_codes_that_changed_in_2022_are_led_over(before, code, industry):
    assert before["5", code]["industry_code"] == industry


#: Retail codes of 2012 and 2017 and what they are since 2022, by the Census Bureau's concordances.
RETAIL_SINCE_2022 = {
    "442110": "449110", "442210": "449121", "442291": "449122", "442299": "449129", "443141": "449210",
    "443142": "449210", "446110": "456110", "446120": "456120", "446130": "456130", "446191": "456191",
    "446199": "456199", "447110": "457110", "447190": "457120", "448110": "458110", "448120": "458110",
    "448130": "458110", "448140": "458110", "448150": "458110", "448190": "458110", "448210": "458210",
    "448310": "458310", "448320": "458320",
}  # fmt: skip


@pytest.mark.parametrize("code", RETAIL_SINCE_2022)
def test_retail_codes_go_where_the_concordance_says(code):
    leading = CROSSWALK.filter(code_system="naics_before_2022").filter(
        pl.lit(code).str.starts_with(pl.col("naics_code"))
    )
    # the longest code that it begins with
    industry = leading.sort(pl.col("naics_code").str.len_chars())["oews_industry_code"][-1]
    assert RETAIL_SINCE_2022[code].startswith(industry.rstrip("0"))


def test_the_codes_of_2022_need_no_leading_over(since):
    assert {code: since["5", code]["industry_code"] for code in NEW_CODES} == {
        "449110": "449100",
        "456110": "456110",
        "513110": "513110",
    }


@pytest.mark.parametrize(
    ("owner", "code", "home"),
    [
        ("5", "221310", ("energy", "utilities")),
        ("5", "814110", ("health", "care")),
        ("5", "999999", ("unassigned", "unassigned")),
        # biotechnology and engineering laboratories: one OEWS industry, two homes
        ("5", "541714", ("health", "biotech")),
        ("5", "54171", (None, None)),
        # OEWS does not divide this part of government, so that its own home stands
        ("3", "221310", ("public_service", "unassigned")),
        ("1", "622110", ("public_service", "unassigned")),
        ("2", "622110", ("health", "care")),
        ("1", "491110", ("public_service", "services")),
        ("3", "1024", ("public_service", "unassigned")),
    ],
)
def test_the_home_is_that_of_the_industry_or_of_undivided_government(since, owner, code, home):
    row = since[owner, code]
    assert (row["home_cluster_id"], row["home_sub_cluster_id"]) == home


@pytest.mark.parametrize(
    ("owner", "code", "one_kind", "divisible"),
    [
        ("5", "238210", True, False),
        ("5", "238", True, False),
        # one home, but its parts are staffed differently
        ("5", "2371", True, True),
        ("5", "54171", False, True),
        ("5", "11", False, True),
        ("5", "111", True, False),
        ("1", "1011", True, False),
        ("1", "1021", False, True),
    ],
)
def test_of_one_kind_and_divisible(since, owner, code, one_kind, divisible):
    row = since[owner, code]
    assert (row["is_one_kind"], row["is_divisible"]) == (one_kind, divisible)


def test_the_crosswalk_names_industries_of_oews_that_are_there() -> None:
    named = set(CROSSWALK["oews_industry_code"].drop_nulls())
    bundled = pl.read_parquet(REFERENCE / "bundle/raw/oews_industry.parquet")
    assert named <= set(bundled["industry_code"])
    by_match = CROSSWALK.group_by("match").agg(pl.col("oews_industry_code").is_null().all().alias("empty"))
    assert dict(by_match.iter_rows()) == {"same_code": True, "industry": False, "no_pattern": True}
    assert CROSSWALK.filter(match="industry")["oews_industry_code"].null_count() == 0
