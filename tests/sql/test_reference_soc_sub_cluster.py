import pytest

COMBINED = [
    {"combined_code": "29-2010", "member_code": "29-2011"},
    {"combined_code": "29-2010", "member_code": "29-2012"},
]


@pytest.fixture
def memberships(run_sql):
    def run(listed: list[tuple[str, str, str]]) -> list[tuple[str, str, str, str, str]]:
        result = run_sql(
            "reference.soc_sub_cluster",
            {
                "seed.soc_sub_cluster": [
                    {"soc_code": code, "cluster_id": cluster, "sub_cluster_id": sub_cluster}
                    for code, cluster, sub_cluster in listed
                ],
                "seed.soc_combined": COMBINED,
            },
        )
        return result.select("soc_code", "cluster_id", "sub_cluster_id", "membership_source", "listed_as").rows()

    return run


def test_members_of_a_listed_combined_code_take_its_memberships(memberships):
    assert memberships([("29-2010", "health", "biotech"), ("29-2010", "education", "teaching")]) == [
        ("29-2010", "education", "teaching", "listed", "29-2010"),
        ("29-2010", "health", "biotech", "listed", "29-2010"),
        ("29-2011", "education", "teaching", "from_combined_code", "29-2010"),
        ("29-2011", "health", "biotech", "from_combined_code", "29-2010"),
        ("29-2012", "education", "teaching", "from_combined_code", "29-2010"),
        ("29-2012", "health", "biotech", "from_combined_code", "29-2010"),
    ]


def test_a_combined_code_takes_all_memberships_of_its_listed_members_once(memberships):
    listed = [("29-2011", "health", "biotech"), ("29-2012", "health", "biotech"), ("29-2012", "education", "teaching")]
    assert memberships(listed) == [
        ("29-2010", "education", "teaching", "from_member_codes", "29-2012"),
        ("29-2010", "health", "biotech", "from_member_codes", "29-2011, 29-2012"),
        ("29-2011", "health", "biotech", "listed", "29-2011"),
        ("29-2012", "education", "teaching", "listed", "29-2012"),
        ("29-2012", "health", "biotech", "listed", "29-2012"),
    ]


def test_what_is_listed_is_never_added_to(memberships):
    listed = [
        ("29-2010", "health", "biotech"),
        ("29-2011", "education", "teaching"),
        ("15-1252", "digital", "software"),
    ]
    assert memberships(listed) == [
        ("15-1252", "digital", "software", "listed", "15-1252"),
        ("29-2010", "health", "biotech", "listed", "29-2010"),
        ("29-2011", "education", "teaching", "listed", "29-2011"),
        ("29-2012", "health", "biotech", "from_combined_code", "29-2010"),
    ]
