"""Pages run and load what is in them and nothing else."""

import re
from base64 import b64decode
from hashlib import sha256
from html import unescape
from pathlib import Path

from markupsafe import Markup

from pipelines.contracts.model import published_tables
from pipelines.page_policy import page_policy
from pipelines.quality.data_docs import write_data_docs
from pipelines.release.catalogue import catalogue
from pipelines.reports.words import environment


def _policy(page: str) -> dict[str, str]:
    """The directives of a page; its policy stands before anything that it is about."""
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert found
    assert found.start() < min(page.index("<style>"), page.find("<script>") % len(page))
    return dict(rule.strip().split(" ", 1) for rule in unescape(found[1]).split(";"))


def _is_hash_of(source: str, text: str) -> bool:
    kind, _, digest = source.strip("'").partition("-")
    return kind == "sha256" and b64decode(digest) == sha256(text.encode()).digest()


def _assert_only_its_own(page: str) -> None:
    policy = _policy(page)
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    for name in ("style", "script"):
        texts = re.findall(rf"<{name}\b[^>]*>(.*?)</{name}>", page, re.DOTALL)
        if texts:
            (text,) = texts
            assert _is_hash_of(policy[f"{name}-src"], text)
        else:
            assert policy[f"{name}-src"] == "'none'"
    assert "unsafe" not in str(policy)
    assert not re.search(r"<[^>]+ (on[a-z]+|style)=", page), "an attribute that the policy stops"


def test_a_policy_names_the_style_and_no_script() -> None:
    policy = page_policy("a { b: c }")
    # sha256 of these ten bytes, by openssl dgst -sha256 -binary | base64
    assert "style-src 'sha256-QOG1bNummUdN8ru48JSfiQvU3BhjIqrKYbGcSs1G+Y8='; script-src 'none'" in policy


def test_a_page_that_loads_scripts_trusts_its_own_script_only() -> None:
    found = re.search(r"script-src ([^;]*);", page_policy("a { b: c }", "let x", loads=True))
    assert found
    own, strict = found[1].split()
    assert _is_hash_of(own, "let x")
    assert strict == "'strict-dynamic'"


def test_the_catalogue_runs_its_own_script_only() -> None:
    page = catalogue()
    assert "<script>" in page
    _assert_only_its_own(page)


def test_pages_of_checks_run_nothing(tmp_path: Path) -> None:
    tables = list(published_tables().values())[:1]
    write_data_docs(tmp_path, tables, [])
    assert len(list(tmp_path.iterdir())) == 2
    for path in tmp_path.iterdir():
        _assert_only_its_own(path.read_text(encoding="utf-8"))


def test_pages_of_reports_run_nothing() -> None:
    facts = {"project_version": "1", "release_id": "r"}
    page = (
        environment()
        .get_template("base.html.j2")
        .render(style=Markup("p > a { color: red }"), release={"facts": facts})
    )
    _assert_only_its_own(page)
