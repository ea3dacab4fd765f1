"""Makes a Data Docs site of Great Expectations readable offline: nothing on its pages is loaded from elsewhere."""

import html
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipelines.quality.deciding import PIECE_ROWS
from pipelines.quality.result import CheckResult

#: Scripts, style sheets, fonts and pictures, nearly all from content delivery networks.
_LOADED = re.compile(r"<script\b.*?</script>|<link\b[^>]*>|<img\b[^>]*>|@import[^;]*;", re.DOTALL | re.IGNORECASE)
_CSS_URL = re.compile(r"url\([^)]*\)", re.IGNORECASE)
_OUTSIDE_ANCHOR = re.compile(r"<a\b[^>]*href=[\"']https?://[^>]*>(.*?)</a>", re.DOTALL | re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_ON_CLICK = re.compile(r"\son[a-z]+=(\"[^\"]*\"|'[^']*')", re.IGNORECASE)

#: What the pages need of the style sheets that were dropped.
_STYLE = """<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1rem; color: #1d2330; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { border: 1px solid #ccd2dc; padding: .3rem .5rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
td.number { text-align: right; }
.badge { border: 1px solid #ccd2dc; border-radius: .6rem; padding: 0 .4rem; }
.fa-check-circle::before { content: "\\2713"; color: #1a7f37; }
.fa-times::before { content: "\\2717"; }
.fa-times, .failed { color: #b42318; }
.fa-exclamation-triangle::before { content: "!"; color: #9a6700; }
.btn, .btn-group, .card:has(.btn-group), .modal, .cooltip .top, .d-none { display: none; }
nav ol { display: flex; gap: .5rem; list-style: none; padding: 0; }
</style>"""

_SHOWN = (
    "<p>Great Expectations is shown the rows that decide: one with each value of a column that has a set or a pattern, "
    "the least and the greatest of one with a range, missing values, and all rows whose key another row has. Where one "
    f"of these fails, the table's last page is of all its rows, so that its counts are the table's; of a table of more "
    f"than {PIECE_ROWS:,} rows it is of the last so many with a fault, and the counts are in the report of the checks."
    "</p>"
)


def _close(page: Path) -> None:
    text = _LOADED.sub("", page.read_text(encoding="utf-8"))
    text = _OUTSIDE_ANCHOR.sub(r"\1", _ON_CLICK.sub("", _CSS_URL.sub("none", text)))
    text = text.replace("</head>", f"{_STYLE}</head>", 1)
    page.write_text(_BODY.sub(rf"\g<0>{_SHOWN}", text, count=1), encoding="utf-8")


def _index(docs: Path, results: Sequence[CheckResult]) -> str:
    """The front page: each table with its checks, its failures and its pages."""
    rows = []
    for table in dict.fromkeys(result.table for result in results):
        checks = [result for result in results if result.table == table]
        failed = [result.check for result in checks if not result.passed]
        pages = sorted((docs / "validations" / table.schema / table.name).rglob("*.html"))
        name = html.escape(str(table))
        if pages:
            name = f'<a href="{html.escape(pages[-1].relative_to(docs).as_posix())}">{name}</a>'
        suite = docs / "expectations" / table.schema / f"{table.name}.html"
        link = f'<a href="{suite.relative_to(docs).as_posix()}">suite</a>' if suite.is_file() else ""
        rows.append(
            f'<tr><td>{name}</td><td class="number">{len(checks)}</td><td class="number">{len(failed)}</td>'
            f'<td class="failed">{html.escape(", ".join(failed))}</td><td>{link}</td></tr>'
        )
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="en"><head><meta charset="UTF-8"><title>Checks of the contracts</title>{_STYLE}</head><body>\n'
        "<h1>Checks of the contracts</h1>\n"
        f"{_SHOWN}\n"
        "<table><thead><tr><th>Table</th><th>Checks</th><th>Failed</th><th>Which failed</th><th></th></tr></thead>\n"
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table>\n</body></html>\n"
    )


def close_data_docs(docs: Path, results: Sequence[CheckResult]) -> None:
    """Drop what the pages load, give them a style of their own, and put a front page that needs no script."""
    shutil.rmtree(docs / "static", ignore_errors=True)
    for page in docs.rglob("*.html"):
        _close(page)
    (docs / "index.html").write_text(_index(docs, results), encoding="utf-8")
