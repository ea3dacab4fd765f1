"""How to read the figures: the terms that the sections use, each explained by its own section."""

from collections.abc import Iterator

from markupsafe import Markup

from pipelines.reports.blocks import Block, Section, words
from pipelines.reports.profile import Profile
from pipelines.reports.sections import sections


def _content(profile: Profile) -> Iterator[Block]:
    terms = [words("<dt>{}</dt><dd>{}</dd>", *term) for each in sections() for term in each.terms(profile)]
    yield words('<dl class="terms">{}</dl>', Markup().join(terms))


SECTION = Section("reading", "How to read these figures", 120, _content, starts_page=True)
