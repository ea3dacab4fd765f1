"""Data Docs: a page for each table with what its checks expect and found. The pages load nothing from elsewhere."""

from collections.abc import Sequence
from pathlib import Path

from pipelines.contracts.model import Table
from pipelines.page_policy import page_policy
from pipelines.quality.result import CheckResult


def write_data_docs(docs: Path, tables: Sequence[Table], results: Sequence[CheckResult]) -> None:
    """Write `index.html` and `<schema>.<table>.html` for each table."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("data_docs.html.j2", globals={"page_policy": page_policy})
    sections = []
    for table in tables:
        found = [result for result in results if result.table == table.table]
        sections.append((table, sorted(found, key=lambda result: (result.passed, result.check))))
    docs.mkdir(parents=True, exist_ok=True)
    (docs / "index.html").write_text(page.render(sections=sections, table=None), encoding="utf-8")
    for table, found in sections:
        (docs / f"{table.table}.html").write_text(page.render(table=table, results=found), encoding="utf-8")
