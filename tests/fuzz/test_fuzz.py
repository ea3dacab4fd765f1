"""A slice of `make fuzz`: every mutation of every file is met over the whole, a part of them here."""

from collections import Counter
from random import Random

import pytest

from tests.fuzz.mutations import ANY, ARCHIVE, JSON, TEXT, WORKBOOK, ZIP, mutations_of
from tests.fuzz.originals import ORIGINALS
from tests.fuzz.run import BAD, Case, run_cases, summary

CASES = 60


def test_no_mutated_file_ends_in_anything_but_an_error_or_the_same_tables() -> None:
    """The numbers lie apart, so that they meet files and mutations evenly; `make fuzz` runs 10,000."""
    numbers = [number * 61 for number in range(CASES)]
    cases = run_cases(numbers, workers=1)
    assert len(cases) == CASES
    bad = [case for case in cases if case.outcome in BAD]
    assert not bad, summary(cases)
    outcomes = Counter(case.outcome for case in cases)
    assert outcomes["refused"] > CASES / 2
    assert outcomes["same"] > 0


def test_every_mutation_changes_some_file() -> None:
    """Mutations that never change a byte would test nothing."""
    fitting = {mutation for original in ORIGINALS for mutation in mutations_of(original.changed)}
    assert fitting == {*ANY, *TEXT, *ZIP, *ARCHIVE, *WORKBOOK, *JSON}
    text = b"code\ttitle\tjobs\n" + b"".join(b"%d\tname %d\t%d\n" % (at, at, at * 7) for at in range(100, 160))
    for mutation in (*ANY, *TEXT):
        made = [mutation.change(text, Random(seed)) for seed in range(6)]
        assert any(each != text for each in made), mutation.name


@pytest.mark.parametrize("outcome", sorted(BAD))
def test_the_summary_names_what_must_not_be(outcome: str) -> None:
    told = summary([Case(7, 1, "bit flipped", outcome, "3 rows lost"), Case(8, 1, "gzip", "refused", "")])
    assert f"{outcome}: case 7, 2-6 digit_2022_Codes.xlsx, bit flipped: 3 rows lost" in told
