"""The analyst's guide as notebooks show it."""

from pathlib import Path

import pytest

from pipelines.reports import guide

PAGE = """# The guide

## Connect

Read [the methodology](methodology.md#grades), then [DuckDB](https://duckdb.org), then [below](#questions).

## Questions

### 1. How many jobs?

[Programs against jobs](alignment.md) says more.

```sql
select 1
```
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "analysts.md"
    path.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(guide, "GUIDE", path)


@pytest.mark.usefixtures("page")
def test_links_to_pages_that_a_notebook_does_not_have_name_their_files() -> None:
    (question,) = guide.questions()
    assert (question.title, question.sql) == ("How many jobs?", "select 1")
    assert question.words == "Programs against jobs (`docs/alignment.md`) says more."
    assert guide.section("Connect") == (
        "Read the methodology (`docs/methodology.md`), then [DuckDB](https://duckdb.org), then [below](#questions)."
    )
