"""The files by which portals find a release."""

import json

from pipelines.release.portals.about import About
from pipelines.release.portals.croissant import croissant
from pipelines.release.portals.datapackage import datapackage
from pipelines.release.portals.dcat import dcat_us_1, dcat_us_3


def portal_files(about: About) -> dict[str, str]:
    """The text of each description by its file's name."""
    described = {
        "data.json": dcat_us_1(about),
        "dcat-us-3.json": dcat_us_3(about),
        "croissant.json": croissant(about),
        "datapackage.json": datapackage(about),
    }
    return {name: json.dumps(text, indent=1, ensure_ascii=False) + "\n" for name, text in described.items()}
