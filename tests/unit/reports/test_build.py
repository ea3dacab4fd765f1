"""Names of reports: no page of other figures has the name of another."""

from pipelines.reports.build import file_name
from pipelines.reports.pdf import Format


def test_reports_on_another_basis_or_by_another_policy_have_names_of_their_own() -> None:
    html = Format.HTML
    assert file_name("OH", html) == "OH.html"
    assert file_name("OH", Format.PDF) == "OH.pdf"
    assert file_name("OH:core", html, "unduplicated:mine") == "OH_core_unduplicated_mine.html"
    assert file_name("OH", html, policy="oregon") == "OH_by_oregon.html"
    assert file_name("index", html, "duplicated", "default") == "index_duplicated_by_default.html"
