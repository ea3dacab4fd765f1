"""Names of reports, of which no two have the same, and the folder that they are written into."""

from pathlib import Path

import pytest

from pipelines.errors import MachineError
from pipelines.reports import page
from pipelines.reports.build import _into, file_name
from pipelines.reports.pdf import Format, Paper


def test_reports_on_another_basis_or_by_another_policy_have_names_of_their_own() -> None:
    html = Format.HTML
    assert file_name("OH", html) == "OH.html"
    assert file_name("OH", Format.PDF) == "OH.pdf"
    assert file_name("OH:core", html, "unduplicated:mine") == "OH_core_unduplicated_mine.html"
    assert file_name("OH", html, policy="oregon") == "OH_by_oregon.html"
    assert file_name("index", html, "duplicated", "default") == "index_duplicated_by_default.html"


def test_a_name_can_end_neither_its_text_nor_the_styles() -> None:
    style = page._print_style('O"</style>\\h\n{x}', "Release 1", Paper.A4)
    (line,) = [line for line in style.splitlines() if line.startswith("@page{")][-1:]
    assert line.startswith('@page{size:a4;@top-left{content:"O\\22 \\3c \\2f style\\3e \\5c h\\a \\7b x\\7d "}')
    assert 'content:"Release 1"' in line
    assert "size:" not in page._print_style("Ohio", "r", None).rpartition("@page{")[2]


def test_a_folder_in_which_no_report_was_finished_is_removed(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), _into(tmp_path / "new" / "reports"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with _into(tmp_path / "new"):
        (tmp_path / "new" / "OH.html").write_text("a", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), _into(tmp_path / "new"):
        raise KeyboardInterrupt
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["OH.html"]


def test_a_folder_for_reports_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with (
        pytest.raises(MachineError, match="cannot be written: what should be a folder"),
        _into(tmp_path / "file" / "a"),
    ):
        raise AssertionError
