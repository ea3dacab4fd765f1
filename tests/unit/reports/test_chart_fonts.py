"""The fonts that charts are measured in: those of the library that draws, whatever the machine has."""

import os

import pytest

from pipelines.reports.charts import svg as charts
from pipelines.reports.charts.style import Chart

VARIABLE = "FONTCONFIG_FILE"
CHART: Chart = {"mark": "text", "data": {"values": [{}]}, "encoding": {"text": {"value": "Jobs"}}}


@pytest.mark.parametrize("before", [None, "/etc/fonts/own.conf"])
def test_other_programs_keep_the_fonts_of_the_machine(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that prints a page is started by the same process."""
    monkeypatch.delenv(VARIABLE, raising=False)
    if before is not None:
        monkeypatch.setenv(VARIABLE, before)
    charts._drawing.cache_clear()
    assert "Jobs" in charts.svg(CHART, "Jobs", "Jobs by cluster", "jobs", "wide")
    assert os.environ.get(VARIABLE) == before


def test_no_font_of_the_machine_changes_a_chart() -> None:
    """DejaVu Sans Mono is on most machines, and letters of it are wider; the library that draws has it not.

    In Liberation Sans, J is 1,024 units of 2,048 wide, o and b 1,139, and s 1,024: at 100 pixels 211.2, and 5 on
    either side are free.
    """
    asked: Chart = {**CHART, "config": {"font": "DejaVu Sans Mono, 'Liberation Sans'", "text": {"fontSize": 100}}}
    drawn = charts.svg(asked, "Jobs", "Jobs by cluster", "jobs", "wide")
    assert ' width="222"' in drawn
