"""What a message says is missing: a name that fits the pattern of a column, not the pattern."""

import re

import pytest

from pipelines.errors import BadInputError
from pipelines.publishers.common import column_name, match_columns


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (r"CIP Code \(2020\)", "CIP Code (2020)"),
        (r"[0-9]{4} NAICS US Title", "#### NAICS US Title"),
        (r"oty_annual_avg_estabs(?:_count)?_pct(?:_chg)?", "oty_annual_avg_estabs_pct"),
        (r"(?:Career )?(?:Sub-Cluster|Pathway)", "Sub-Cluster"),
        (r"Percent self[ -]employed, 2024(?:[\[(][0-9]+[\])])?", "Percent self employed, 2024"),
        (
            r"Related Occupational Outlook Handbook \(OOH\) content.*",
            "Related Occupational Outlook Handbook (OOH) content",
        ),
    ],
)
def test_a_name_fits_its_pattern(pattern: str, name: str) -> None:
    told = column_name(pattern)
    assert told.removesuffix(" ...") == name
    assert re.fullmatch(pattern, told.replace("#", "2"))


def test_a_message_has_no_pattern() -> None:
    with pytest.raises(BadInputError, match=r"missing column '#### NAICS US Title'; unknown column 'Title'"):
        match_columns(
            {"0": "Title"}, {"title": r"[0-9]{4} NAICS US Title"}, source="naics", file="naics.xlsx", place="row 1"
        )
