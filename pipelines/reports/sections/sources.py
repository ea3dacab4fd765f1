"""Sources and vintages: where each figure is from, and which vintage this is."""

from markupsafe import Markup

from pipelines.reports.blocks import Facts, Line, Section, Table, name_cell
from pipelines.reports.format import STATUS_WORDS
from pipelines.reports.profile import Profile
from pipelines.reports.words import capital, link

_ABOUT = Markup('{}{}. {}.<br><span class="source">{}</span>')


def _parts(profile: Profile, facts: Facts) -> Facts:
    headings = [("Source", False), ("Vintage", True), ("Period", False), ("Released", False), ("Status", False)]
    cell = Markup('<td class="{}">{}</td>').format
    lines = []
    for row in profile.release.vintages.values():
        status = STATUS_WORDS.get(row["status"], row["status"])
        about = _ABOUT.format(
            row["attribution"], link(row["url"], "publisher's page"), capital(row["licence"]), row["notes"] or ""
        )
        times = cell("interval", row["reference_period"]), cell("interval", row["released_on"] or "not stated")
        lines.append(Line([name_cell(about), cell("text", row["vintage"]), *times, cell("", status)]))
    label = f"Sources of release {profile.release.facts['release_id']}"
    return {"table": Table(label, headings, lines)}


WORDS = """
{{ show(table) }}
<p class="note">Occupations are placed in clusters by the National Career Clusters&reg; Framework of Advance CTE; the
name is a registered mark of Advance CTE. The industries' home clusters, the weights that share occupations among
clusters, and every figure computed from these sources are this project's own.</p>
"""

SECTION = Section("sources", "Sources and vintages", 130, WORDS, parts=_parts)
