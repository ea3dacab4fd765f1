"""Names of the framework to ids: every published spelling resolves, any other is an error."""

import csv

import pytest

from pipelines.errors import BadInputError
from pipelines.framework import names
from pipelines.paths import FRAMEWORK

#: Kind of name, and its file with the columns of id and name.
FILES = {
    "grouping": ("cluster_grouping.csv", "grouping_id", "grouping_name", 6),
    "cluster": ("cluster.csv", "cluster_id", "cluster_name", 14),
    "sub_cluster": ("sub_cluster.csv", "sub_cluster_id", "sub_cluster_name", 72),
    "legacy_cluster": ("legacy_cluster.csv", "legacy_cluster_id", "legacy_cluster_name", 16),
}


def _rows(file: str) -> list[dict[str, str]]:
    with (FRAMEWORK / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _resolve(kind: str, name: str) -> str:
    return names(kind).resolve(name, source="a list", file="list.xlsx", place="row 7")


@pytest.mark.parametrize("kind", FILES)
def test_every_name_of_the_framework_is_its_own(kind: str) -> None:
    file, identity, name, count = FILES[kind]
    rows = _rows(file)
    assert len(rows) == count
    assert {row[name]: _resolve(kind, row[name]) for row in rows} == {row[name]: row[identity] for row in rows}


def test_every_listed_spelling_leads_to_its_target() -> None:
    aliases = _rows("alias.csv")
    assert aliases
    for row in aliases:
        assert _resolve(row["kind"], row["alias"]) == row["target_id"], row["alias"]


@pytest.mark.parametrize(
    ("kind", "name", "identity"),
    [
        ("sub_cluster", "Data Science & Al", "data_science_ai"),
        ("sub_cluster", "Data Science & AI", "data_science_ai"),
        ("sub_cluster", "water systems", "water_systems"),
        ("sub_cluster", "  WATER \n  Systems\u00a0", "water_systems"),
        ("cluster", "Health Care & Human Services", "healthcare_human_services"),
        ("cluster", "Healthcare & Human Services", "healthcare_human_services"),
        ("cluster", "Digital Technology**", "digital_technology"),
        ("cluster", "digital TECHNOLOGY", "digital_technology"),
        ("cluster", "Arts, Entertainment, & Design", "arts_entertainment_design"),
        ("legacy_cluster", "STEM", "science_technology_engineering_mathematics"),
    ],
)
def test_spellings_met_in_publications(kind: str, name: str, identity: str) -> None:
    assert _resolve(kind, name) == identity


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("cluster", "Computers"),
        ("cluster", ""),
        # a name of another kind does not do
        ("cluster", "Water Systems"),
        ("sub_cluster", "Agriculture"),
        # nothing is guessed from a likeness
        ("sub_cluster", "Data Science"),
        ("cluster", "Digital Technology*"),
    ],
)
def test_an_unknown_spelling_is_an_error_that_says_where_it_was_and_where_to_add_it(kind: str, name: str) -> None:
    with pytest.raises(BadInputError, match=r"reference/framework/alias\.csv") as caught:
        _resolve(kind, name)
    error = caught.value
    assert (error.source, error.file, error.place, error.value) == ("a list", "list.xlsx", "row 7", name)
    assert f"no {kind} has this name" in error.problem
