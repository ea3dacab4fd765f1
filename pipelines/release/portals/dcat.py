"""Catalogues for data.gov and portals of states: DCAT-US 1.1 (`data.json`, not the federal form) and DCAT-US 3.0.

https://resources.data.gov/resources/dcat-us/ and https://github.com/GSA/dcat-us say what is required.
"""

from typing import Any

from pipelines.contracts.model import Table
from pipelines.release.catalogue import CATALOGUE
from pipelines.release.manifest import DATABASE
from pipelines.release.portals.about import (
    DATABASE_MEDIA_TYPE,
    DESCRIPTION,
    IDENTIFIER,
    KEYWORDS,
    LICENCE_URL,
    NO_EMAIL,
    TITLE,
    About,
    table_identifier,
)

DCAT_US_1 = "https://project-open-data.cio.gov/v1.1/schema"
DCAT_US_3 = "https://resources.data.gov/dcat-us/3.0.0/"
_PLACE = "United States"
_TITLE_OF_DATABASE = "All tables as one DuckDB database"


def dcat_us_1(about: About) -> dict[str, Any]:
    """The catalogue as DCAT-US 1.1: the release, and each of its tables of indicators as a part of it."""
    part_of = [_dataset_1(about, table.name, _words(table), table_identifier(table)) for table in about.listed]
    for dataset in part_of:
        dataset["isPartOf"] = IDENTIFIER
    return {
        "@type": "dcat:Catalog",
        "@context": f"{DCAT_US_1}/catalog.jsonld",
        "conformsTo": DCAT_US_1,
        "describedBy": f"{DCAT_US_1}/catalog.json",
        "dataset": [_dataset_1(about, TITLE, DESCRIPTION, IDENTIFIER), *part_of],
    }


def _words(table: Table) -> str:
    return f"{table.description} Grain: {table.grain}. Table {table.table} of the database."


def _dataset_1(about: About, title: str, description: str, identifier: str) -> dict[str, Any]:
    email = {"hasEmail": f"mailto:{about.email}"} if about.email else {}
    file = {"title": _TITLE_OF_DATABASE, "format": "DuckDB"}
    if about.address is not None:
        file |= {"downloadURL": about.where(DATABASE), "mediaType": DATABASE_MEDIA_TYPE}
    pages = {"landingPage": about.where(CATALOGUE)} if about.address is not None else {}
    return {
        "@type": "dcat:Dataset",
        "title": title,
        "description": description,
        "keyword": list(KEYWORDS),
        "modified": about.day,
        "publisher": {"@type": "org:Organization", "name": about.publisher},
        "contactPoint": {"@type": "vcard:Contact", "fn": about.publisher, **email},
        "identifier": identifier,
        "accessLevel": "public",
        "license": LICENCE_URL,
        "spatial": _PLACE,
        "language": ["en-US"],
        "distribution": [{"@type": "dcat:Distribution", **file}],
        **pages,
    }


def dcat_us_3(about: About) -> dict[str, Any]:
    """The catalogue as DCAT-US 3.0: the release as one dataset whose parts are its tables of indicators."""
    whole = _dataset_3(about, TITLE, DESCRIPTION, IDENTIFIER)
    whole["hasPart"] = [_dataset_3(about, each.name, _words(each), table_identifier(each)) for each in about.listed]
    return {
        "@type": "Catalog",
        "title": TITLE,
        "description": DESCRIPTION,
        "conformsTo": {"@id": DCAT_US_3, "@type": "Standard", "title": "DCAT-US 3.0"},
        "publisher": {"@type": "Organization", "name": about.publisher},
        "language": "en",
        "modified": about.day,
        "dataset": [whole],
    }


def _dataset_3(about: About, title: str, description: str, identifier: str) -> dict[str, Any]:
    file: dict[str, Any] = {
        "@type": "Distribution",
        "title": _TITLE_OF_DATABASE,
        "mediaType": DATABASE_MEDIA_TYPE,
        "byteSize": str(about.manifest.database_bytes),
        "license": LICENCE_URL,
        "checksum": {
            "@type": "Checksum",
            "algorithm": "SHA-256",
            "checksumValue": about.manifest.database_sha256,
        },
    }
    pages: dict[str, Any] = {}
    if about.address is not None:
        file["downloadURL"] = about.where(DATABASE)
        pages["landingPage"] = {"@type": "Document", "@id": about.where(CATALOGUE), "title": "Data catalogue"}
    return {
        "@type": "Dataset",
        "title": title,
        "description": description,
        "identifier": identifier,
        "version": about.manifest.release_id,
        "keyword": list(KEYWORDS),
        "publisher": {"@type": "Organization", "name": about.publisher},
        "contactPoint": {"@type": "Kind", "fn": about.publisher, "hasEmail": f"mailto:{about.email or NO_EMAIL}"},
        "accessRights": "public",
        "rights": list(about.attributions),
        "language": "en",
        "modified": about.day,
        "distribution": [file],
        **pages,
    }
