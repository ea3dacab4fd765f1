"""The sections of a report, a module for each: its query (`sql/reports`), its chart and its words.

A module that declares SECTION is a section: pages, notebooks and exports find it here, in the order that it gives.
"""

import pkgutil
from functools import cache
from importlib import import_module

from pipelines.reports.blocks import Section
from pipelines.reports.profile import Profile


@cache
def sections() -> tuple[Section, ...]:
    """All sections, in the order of the page."""
    modules = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    found: list[Section] = [module.SECTION for module in modules]
    return tuple(sorted(found, key=lambda section: section.order))


def shown(profile: Profile) -> list[Section]:
    """The sections that have figures of an area, those of the appendix last."""
    found = [each for each in sections() if each.is_shown(profile)]
    return sorted(found, key=lambda each: each.is_appendix(profile))


def section(anchor: str) -> Section:
    """A section by its anchor. Raises KeyError."""
    return {each.anchor: each for each in sections()}[anchor]
