import pytest
from sql_inputs import Row


def home(code: str, cluster: str, sub_cluster: str | None = None, system: str = "naics_2022") -> Row:
    return {"code_system": system, "naics_code": code, "cluster_id": cluster, "sub_cluster_id": sub_cluster}


HOMES = [
    home("22", "energy", "utilities"),
    home("221111", "energy", "clean"),
    home("221112", "energy", "utilities"),
    home("31-33", "manufacturing"),
    home("311", "agriculture", "food"),
    home("311111", "agriculture", "food"),
    home("325", "manufacturing"),
    home("325110", "manufacturing"),
    home("325193", "energy", "clean"),
    home("325412", "manufacturing", "production"),
    home("325510", "manufacturing", "production"),
    home("325611", "manufacturing", "production"),
    home("327", "manufacturing", "production"),
    home("327310", "construction", "materials"),
    home("332710", "manufacturing", "machinery"),
    home("5417", "no_home"),
    home("541713", "manufacturing", "engineering"),
    home("541714", "health", "biotech"),
    home("61", "education"),
    home("611110", "education", "teaching"),
    home("611710", "education", "support"),
    home("999", "public_service", None, "oews"),
]

INDUSTRIES = [
    ("000000", 0, "Cross-Industry, Private, Federal, State, and Local Government"),
    ("000001", 1, "Cross-industry, Private Ownership only"),
    ("22--23", 2, "Sector 22 - Utilities"),
    ("221112", 5, "Fossil Fuel Electric Power Generation"),
    ("31--34", 2, "Sectors 31, 32, and 33 - Manufacturing"),
    ("311000", 3, "Food Manufacturing"),
    ("325000", 3, "Chemical Manufacturing"),
    ("3250A1", 4, "Chemical Manufacturing (3251, 3252, 3253, and 3259 only)"),
    ("3250A2", 4, "Chemical Manufacturing (3255 and 3256 only)"),
    ("325400", 4, "Pharmaceutical and Medicine Manufacturing"),
    ("325510", 5, "Paint and Coating Manufacturing"),
    ("327000", 3, "Nonmetallic Mineral Product Manufacturing"),
    ("332000", 3, "Fabricated Metal Product Manufacturing"),
    ("332700", 4, "Machine Shops; Turned Product; and Screw, Nut, and Bolt Manufacturing"),
    ("332710", 5, "Machine Shops"),
    ("541700", 4, "Scientific Research and Development Services"),
    ("541710", 5, "Research and Development in the Physical, Engineering, and Life Sciences"),
    ("61--62", 2, "Sector 61 - Educational Services"),
    ("611000", 3, "Educational Services"),
    ("611002", 4, "Educational Services, State Government Owned"),
    ("611100", 4, "Elementary and Secondary Schools"),
    ("611103", 5, "Elementary and Secondary Schools, Local Government Owned"),
    ("611105", 5, "Elementary and Secondary Schools, Privately Owned"),
    ("99-100", 2, "Sector 99 - Federal, State, and Local Government, excl. Schools, Hospitals and USPS"),
    ("999000", 3, "Federal, State, and Local Government, excluding Schools, Hospitals and Postal Service"),
    ("999001", 1, "Federal, State, and Local Government, including Schools, Hospitals and Postal Service"),
    ("999100", 4, "Federal Executive Branch (OEWS Designation)"),
    ("999101", 2, "Federal Government, including the U.S. Postal Service (OEWS Designation)"),
    ("999201", 2, "State Government, including Schools and Hospitals (OEWS Designation)"),
]
VARIANTS = {"000001", "611002", "611103", "611105", "999001", "999101", "999201"}


def run(run_sql, industries, homes) -> dict[str, Row]:
    listed = [
        {"industry_code": code, "display_level": level, "industry_name": name} for code, level, name in industries
    ]
    digits = run_sql("core.oews_industry_digits", {"raw.oews_industry": listed})
    result = run_sql(
        "core.oews_industry",
        {
            "raw.oews_industry": listed,
            "core.oews_industry_digits": digits,
            "reference.naics_sub_cluster": homes,
        },
    )
    assert result["industry_code"].to_list() == sorted(code for code, _, _ in industries)
    return {row["industry_code"]: row for row in result.iter_rows(named=True)}


@pytest.fixture(scope="module")
def industries(run_sql) -> dict[str, Row]:
    return run(run_sql, INDUSTRIES, HOMES)


def test_ownership_variants_are_marked_and_stay_out_of_the_tree(industries):
    assert {code for code, row in industries.items() if row["is_ownership_variant"]} == VARIANTS
    assert all(industries[code]["parent_industry_code"] is None for code in VARIANTS)
    parents = {row["parent_industry_code"] for row in industries.values()}
    assert not parents & VARIANTS


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("000000", None),
        ("22--23", "000000"),
        ("31--34", "000000"),
        ("99-100", "000000"),
        # '31--34' holds all three of its sectors
        ("311000", "31--34"),
        ("325000", "31--34"),
        ("332000", "31--34"),
        ("221112", "22--23"),
        ("3250A1", "325000"),
        ("325400", "325000"),
        # a combined industry is the parent of the codes that its name lists
        ("325510", "3250A2"),
        ("332700", "332000"),
        ("332710", "332700"),
        ("611000", "61--62"),
        ("611100", "611000"),
        ("999000", "99-100"),
        ("999100", "999000"),
        # the sector and the three-digit level are not in this list: the next published level is the parent
        ("541700", "000000"),
        ("541710", "541700"),
    ],
)
def test_the_parent_is_the_deepest_industry_around_it(industries, code, parent):
    assert industries[code]["parent_industry_code"] == parent


@pytest.mark.parametrize(
    ("code", "one_kind", "found_home"),
    [
        # of one kind: what lies inside says so, whatever its own code's home is
        ("311000", (True, True), ("agriculture", "food")),
        ("3250A2", (True, True), ("manufacturing", "production")),
        ("325400", (True, True), ("manufacturing", "production")),
        ("332710", (True, True), ("manufacturing", "machinery")),
        ("327000", (True, True), ("construction", "materials")),
        # six digits at the fifth level: not 22111, which is of two kinds
        ("221112", (True, True), ("energy", "utilities")),
        # 221111 is clean and 221112 utilities: one cluster, no one sub-cluster, though sector 22 itself has one
        ("22--23", (True, False), ("energy", None)),
        ("61--62", (True, False), ("education", None)),
        ("611000", (True, False), ("education", None)),
        ("611100", (True, True), ("education", "teaching")),
        # of several kinds (food, ethanol, chemicals): the home of its own code, '31-33' and '325'
        ("31--34", (False, False), ("manufacturing", None)),
        ("325000", (False, False), ("manufacturing", None)),
        # 3251 to 3253 hold 325110 and 325193
        ("3250A1", (False, False), ("manufacturing", None)),
        # of two clusters, and no kind prevails: the home of its own code is none
        ("541710", (False, False), ("no_home", None)),
        # government: one code for the whole block, also where the industry is finer than the mapping
        ("99-100", (True, True), ("public_service", None)),
        ("999000", (True, True), ("public_service", None)),
        ("999100", (True, True), ("public_service", None)),
        # all industries together have no home
        ("000000", (False, False), (None, None)),
    ],
)
def test_industry_home(industries, code, one_kind, found_home):
    row = industries[code]
    assert (row["is_one_cluster"], row["is_one_sub_cluster"]) == one_kind
    assert (row["home_cluster_id"], row["home_sub_cluster_id"]) == found_home


def test_a_combined_industry_counts_only_the_codes_its_name_lists(run_sql):
    # 3254 is of another kind, but is not in 3250A1; were 3259 in it of another kind, it would be mixed
    combined = [("3250A1", 4, "Chemical Manufacturing (3251, 3252, 3253, and 3259 only)")]
    homes = [home("325", "manufacturing"), home("325110", "energy"), home("325412", "health")]
    assert run(run_sql, combined, homes)["3250A1"]["home_cluster_id"] == "energy"
    homes.append(home("325920", "construction"))
    row = run(run_sql, combined, homes)["3250A1"]
    assert (row["is_one_cluster"], row["home_cluster_id"]) == (False, "manufacturing")


def test_a_mixed_industry_does_not_take_a_sub_cluster_from_a_shorter_prefix(run_sql):
    # 213 is mapped to construction only; sector 21's sub-cluster belongs to energy and must not be joined to it
    homes = [
        home("21", "energy", "extraction"),
        home("213", "construction"),
        home("213111", "energy", "extraction"),
        home("213115", "construction"),
    ]
    row = run(run_sql, [("213000", 3, "Support Activities for Mining")], homes)["213000"]
    assert row["is_one_cluster"] is False
    assert (row["home_cluster_id"], row["home_sub_cluster_id"]) == ("construction", None)
