"""At a glance: the figures that people ask for first, the headlines of all sections, and sources to be careful with."""

from collections.abc import Iterator

from markupsafe import Markup

from pipelines.reports.blocks import Block, Section, words
from pipelines.reports.profile import Profile
from pipelines.reports.sections import sections
from pipelines.reports.sections.sources import weak_vintage


def _tiles(profile: Profile) -> Iterator[tuple[str, Markup, str]]:
    """The name of each figure, the figure, and the words below it."""
    total = profile.total
    yield "Wage and salary jobs", total.figure("employment"), "in all occupations"
    yield "Median annual wage", total.figure("wage_p50_usd"), "half of all jobs pay less"
    largest = next((row for row in profile.clusters if row.is_there("employment")), None)
    if largest:
        share = largest.figure("employment_share_pct")
        yield "Largest cluster", share, f"{largest['cluster_name']}, share of all jobs"
    quotients, wages = profile.best("location_quotient"), profile.best("wage_p50_usd")
    if quotients and not profile.area.is_nation:
        first = quotients[0]
        yield "Most concentrated", first.figure("location_quotient"), f"{first['cluster_name']}, location quotient"
    elif wages:
        yield "Best paid cluster", wages[0].figure("wage_p50_usd"), f"{wages[0]['cluster_name']}, median"


def _content(profile: Profile) -> Iterator[Block]:
    tile = '<div><dt>{}</dt><dd class="big">{}</dd><dd class="more">{}</dd></div>'
    yield words('<dl class="tiles">{}</dl>', Markup().join(words(tile, *each) for each in _tiles(profile)))
    headlines = (words("<li>{}</li>", line) for each in sections() for line in each.headlines(profile))
    yield words('<ul class="headlines">{}</ul>', Markup().join(headlines))
    used = {row["source"] for row in profile.outlook}
    weak = [
        words("<p>{}</p>", weak_vintage(row))
        for row in profile.release.vintages.values()
        if row["status"] != "ok" and (row["source"] in used or not row["source"].startswith("projections"))
    ]
    if weak:
        yield words('<div class="warning" role="note">{}</div>', Markup().join(weak))


SECTION = Section("summary", "At a glance", 10, _content)
