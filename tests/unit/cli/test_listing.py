"""Tables of the terminal: no word is broken or lost, however narrow the window is."""

import io
import re

import pytest
from rich.console import Console

from pipelines.cli.console import listing

ROWS = [
    ("career_clusters", "Registered Nursing/Registered Nurse", "not available", "short certificate", "$39,504"),
    ("51.3801", "Administration and Management", "12,880", "associate", "unknown"),
]


def shown(width: int) -> str:
    table = listing("code", "program", "openings", "award", "eligible")
    for row in ROWS:
        table.add_row(*row)
    console = Console(file=io.StringIO(), width=width, markup=False)
    console.print(table)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [40, 60, 70, 80, 90, 120, 200])
def test_words_stay_whole_within_the_window(width: int) -> None:
    text = shown(width)
    assert max(map(len, text.splitlines())) <= width
    words = re.split(r"[\s│┃;]+", text)
    for cell in (cell for row in ROWS for cell in row):
        for word in cell.split():
            assert word in words, word


def test_a_narrow_window_has_a_paragraph_for_each_row() -> None:
    lines = shown(60).splitlines()
    assert lines[0] == "career_clusters"
    assert lines[1].startswith("    program: Registered Nursing/Registered Nurse; openings:")
    assert "┃" not in shown(60)
    assert "┃" in shown(120)


@pytest.mark.parametrize("width", [60, 80, 90, 100, 120])
def test_a_table_knows_whether_it_stands_side_by_side(width: int) -> None:
    table = listing("code", "program", "openings", "award", "eligible")
    for row in ROWS:
        table.add_row(*row)
    assert table.fits(Console(file=io.StringIO(), width=width, markup=False)) == ("┃" in shown(width))
