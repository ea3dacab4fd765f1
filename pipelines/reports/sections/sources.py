"""Sources and editions: where each figure is from, and which edition this is."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.reports.blocks import Block, Line, Section, Table, capital, link, name_cell, note, text_cell, words
from pipelines.reports.format import edition
from pipelines.reports.profile import Profile


def weak_vintage(source: Mapping[str, Any], *, in_full: bool = False) -> str:
    """`...: this edition (2016) is a sample of ...`, for a source that is not a full, fresh edition.

    `in_full` adds the source's notes.
    """
    text = f"{source['title']}: this edition ({source['vintage']}) {edition(source['status'])}."
    return f"{text} {source['notes']}" if in_full and source["notes"] else text


def _content(profile: Profile) -> Iterator[Block]:
    release = profile.release
    yield Table(
        f"Sources of release {release.facts['release_id']}",
        [("Source", False), ("Edition", True), ("Period", False), ("Released", False), ("Status", False)],
        [
            Line(
                [
                    name_cell(
                        words(
                            "{}{}. {}.{}",
                            source["attribution"],
                            link(source["url"], "publisher's page"),
                            capital(source["licence"]),
                            words('<br><span class="source">{}</span>', source["notes"]) if source["notes"] else "",
                        )
                    ),
                    text_cell(source["vintage"]),
                    words('<td class="interval">{}</td>', source["reference_period"]),
                    words('<td class="interval">{}</td>', source["released_on"] or "not stated"),
                    words("<td>{}</td>", _status(source["status"])),
                ]
            )
            for source in release.vintages.values()
        ],
    )
    yield note(
        "Occupations are placed in clusters by the National Career Clusters® Framework of Advance CTE; the name is a "
        "registered mark of Advance CTE. The industries' home clusters, the weights that share occupations among "
        "clusters, and every figure computed from these sources are this project's own."
    )


def _status(status: str) -> str:
    return "newest full edition" if status == "ok" else status.replace("_", " ")


SECTION = Section("sources", "Sources and editions", 130, _content)
