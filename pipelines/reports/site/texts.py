"""The pages of a site that are written by hand: parts of the project's documentation, from Markdown."""

import re
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup

from pipelines.paths import PROJECT

#: The documents of a site, in the order in which they are read.
DOCUMENTS = ("methodology", "reading", "what-is-estimated", "follow-a-number", "staffing-estimate", "glossary")


@dataclass(frozen=True)
class Text:
    """A page: the name of its file, its title and what stands below."""

    file: str
    title: str
    body: Markup


def _markdown(name: str) -> str:
    return (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def _title(markdown: str) -> str:
    return markdown.partition("\n")[0].removeprefix("# ").strip()


def texts() -> list[Text]:
    """The documents as pages, which name each other by links. The first lists the others."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  (of an extra)

    reader = MarkdownIt("commonmark").enable("table")
    read = {name: _markdown(name) for name in DOCUMENTS}
    titles = {name: _title(markdown) for name, markdown in read.items()}

    def linked(found: re.Match[str]) -> str:
        text, name, place = found.groups("")
        return f"[{text}]({name}.html{place})" if name in titles else text

    made = []
    for name, markdown in read.items():
        body = re.sub(r"\[([^\]]+)\]\(([\w-]+)\.md(#[\w-]+)?\)", linked, markdown.partition("\n")[2])
        others = "; ".join(f"[{titles[other]}]({other}.html)" for other in DOCUMENTS if other != name)
        html = reader.render(f"{body}\n\n## See also\n\n{others}.\n")
        made.append(Text(f"{name}.html", titles[name], Markup(_fit(html))))
    return made


def _fit(html: str) -> str:
    """The text as pages show it: no styles of its own, and what is wide can be scrolled by keyboard."""
    numbers = count(1)

    def region(found: re.Match[str]) -> str:
        return f'<div class="scroll" role="region" aria-label="Table {next(numbers)}" tabindex="0">{found[0]}</div>'

    html = re.sub(r' style="[^"]*"', "", html).replace("<th></th>", "<td></td>").replace("<pre>", '<pre tabindex="0">')
    return re.sub(r"<table>.*?</table>", region, html, flags=re.DOTALL)
