"""schema.org's Dataset, for search engines: it stands in the page of the catalogue."""

import json
from typing import Any

from pipelines.release.manifest import DATABASE
from pipelines.release.portals.about import (
    DATABASE_MEDIA_TYPE,
    DESCRIPTION,
    IDENTIFIER,
    KEYWORDS,
    LICENCE_URL,
    TITLE,
    About,
)


def schema_org(about: About) -> dict[str, Any]:
    """The release as a Dataset with its sources, its file and its tables of indicators."""
    publisher = {"@type": "Organization", "name": about.publisher}
    page = {} if about.address is None else {"url": about.address}
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": TITLE,
        "description": DESCRIPTION,
        **page,
        "identifier": [IDENTIFIER, about.manifest.release_id],
        "version": about.manifest.release_id,
        "datePublished": about.day,
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "keywords": list(KEYWORDS),
        "creator": publisher,
        "publisher": publisher,
        "citation": about.manifest.citation,
        "spatialCoverage": {"@type": "Place", "name": "United States"},
        "isBasedOn": [
            {
                "@type": "Dataset",
                "name": f"{each.publisher}: {each.title}",
                "url": each.url,
                "creditText": each.attribution,
            }
            for each in about.manifest.sources.values()
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": DATABASE,
                "contentUrl": about.where(DATABASE),
                "encodingFormat": DATABASE_MEDIA_TYPE,
                "contentSize": f"{about.manifest.database_bytes} B",
                "sha256": about.manifest.database_sha256,
            }
        ],
        "variableMeasured": [
            {"@type": "PropertyValue", "name": str(table.table), "description": table.description}
            for table in about.listed
        ],
    }


def for_page(description: dict[str, Any]) -> str:
    """A description as the text of a `script` element of data, which no word in it can end."""
    return json.dumps(description, ensure_ascii=False).replace("<", "\\u003c")
