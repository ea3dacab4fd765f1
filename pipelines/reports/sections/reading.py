"""How to read the figures: the terms that the sections use, each explained by its own section."""

from markupsafe import Markup

from pipelines.reports.blocks import Facts, Section
from pipelines.reports.profile import Profile
from pipelines.reports.sections import sections
from pipelines.reports.words import terms


def _facts(profile: Profile) -> Facts:
    return {"terms": Markup().join(terms(section, profile) for section in sections())}


WORDS = '<dl class="terms">{{ terms }}</dl>'

SECTION = Section("reading", "How to read these figures", 120, WORDS, _facts, starts_page=True)
