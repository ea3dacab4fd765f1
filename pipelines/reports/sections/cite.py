"""How to cite this: one citation that names the release, so that anyone finds the same figures again."""

from pipelines.reports.blocks import Section

WORDS = """
<p class="citation">{{ profile.citation }}</p>
<p class="note">A release never changes: its id names the same figures for good, and its manifest holds the checksum of
every table. Name the publishers of the figures, too, as they stand under
<a href="#sources">Sources and vintages</a>.</p>
"""

SECTION = Section("cite", "How to cite this", 128, WORDS)
