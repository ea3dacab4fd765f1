"""Reads the analyst's guide (`docs/analysts.md`): its questions with their SQL, and its sections."""

import re
from dataclasses import dataclass

from pipelines.paths import PROJECT

GUIDE = PROJECT / "docs" / "analysts.md"
_LINK_TO_A_PAGE = re.compile(r"\[([^\]]+)\]\(([a-z-]+\.md)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Question:
    """A question of the guide: its number and title, the words before the SQL, and the SQL."""

    number: int
    title: str
    words: str
    sql: str


def _text() -> str:
    """The guide. Links to other pages are their words and files, for a notebook does not have these pages."""
    return _LINK_TO_A_PAGE.sub(r"\1 (`docs/\2`)", GUIDE.read_text(encoding="utf-8"))


def questions() -> list[Question]:
    """The numbered questions, in the order of the guide. Raises ValueError where one has none or several SQL blocks."""
    found = re.findall(r"^### (\d+)\. (.+?)$(.*?)(?=^##|\Z)", _text(), flags=re.MULTILINE | re.DOTALL)
    asked = []
    for number, title, body in found:
        blocks = re.findall(r"```sql\n(.*?)```", body, flags=re.DOTALL)
        if len(blocks) != 1:
            raise ValueError(f"{GUIDE.name}: question {number} has {len(blocks)} SQL blocks, not one")
        asked.append(Question(int(number), title, body.partition("```sql")[0].strip(), blocks[0].strip()))
    return asked


def section(title: str) -> str:
    """The text of a section by its heading, as Markdown. Raises KeyError where there is none."""
    found = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", _text(), flags=re.MULTILINE | re.DOTALL)
    if found is None:
        raise KeyError(title)
    return found[1].strip()
