"""How to read the figures: the terms that the sections use, each explained by its own section."""

from pipelines.reports.blocks import Section
from pipelines.reports.sections import shown
from pipelines.reports.words import gathered

SECTION = Section(
    "reading",
    "How to read these figures",
    120,
    '<dl class="terms">{{ terms }}</dl>',
    lambda profile: {"terms": gathered("terms", shown(profile), profile)},
)
