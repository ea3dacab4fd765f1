"""Tables of the terminal: no word is broken or lost, however narrow the window is."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.cli.console import file_size, listing

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


@pytest.mark.parametrize(
    ("size", "said"), [(0, "1 KB"), (1_499, "1 KB"), (99_400, "99 KB"), (100_000, "0.1 MB"), (12_345_678, "12.3 MB")]
)
def test_a_small_file_has_a_size_too(tmp_path: Path, size: int, said: str) -> None:
    with (path := tmp_path / "notes.md").open("wb") as file:
        file.truncate(size)
    assert file_size(path) == said
