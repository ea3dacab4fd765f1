"""What a site says of itself to portals: the release's own descriptions, with every file of the site to download.

The descriptions in `release/` stay as they were published; they name the database only.
"""

import json
from collections.abc import Collection, Sequence
from copy import deepcopy
from pathlib import PurePosixPath
from typing import Any

from pipelines.release.portals.about import DATABASE_MEDIA_TYPE, LICENCE_URL
from pipelines.reports.site.downloads import Download

Description = dict[str, Any]

#: The descriptions that a site has at its root, and what the page of downloads calls them.
DESCRIBED = {
    "data.json": "Description of all files for portals, DCAT-US 1.1",
    "dcat-us-3.json": "Description of all files for portals, DCAT-US 3.0",
    "datapackage.json": "All files as a Data Package",
    "croissant.json": "All files in Croissant",
}
_DATABASE = "release/lmi.duckdb"
#: The format of a file in words, and its media type, by the end of its name.
_FORMATS = {
    "_csv.zip": ("CSV", "application/zip"),
    "_parquet.zip": ("Parquet", "application/zip"),
    ".xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".duckdb": ("DuckDB", DATABASE_MEDIA_TYPE),
    ".html": ("HTML", "text/html"),
    ".json": ("JSON", "application/json"),
    ".md": ("Markdown", "text/markdown"),
}


def _format(file: Download) -> tuple[str, str]:
    found = (form for end, form in _FORMATS.items() if file.file.endswith(end))
    return next(found, ("file", "application/octet-stream"))


def _dcat_us_1(file: Download, address: str | None) -> Description:
    form, media = _format(file)
    where = {} if address is None else {"downloadURL": address + file.file, "mediaType": media}
    # the standard has no field for a checksum
    words = f"{file.file}, {file.size} bytes, SHA-256 {file.sha256}"
    return {"@type": "dcat:Distribution", "title": file.title, "description": words, "format": form, **where}


def _dcat_us_3(file: Download, address: str | None) -> Description:
    return {
        "@type": "Distribution",
        "title": file.title,
        "description": file.file,
        "mediaType": _format(file)[1],
        "byteSize": str(file.size),
        "license": LICENCE_URL,
        "checksum": {"@type": "Checksum", "algorithm": "SHA-256", "checksumValue": file.sha256},
        **({} if address is None else {"downloadURL": address + file.file}),
    }


def _resource(file: Download) -> Description:
    return {
        "name": file.file.lower(),
        "title": file.title,
        "path": file.file,
        "format": PurePosixPath(file.file).suffix.removeprefix("."),
        "mediatype": _format(file)[1],
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }


def _file_object(file: Download, address: str | None) -> Description:
    return {
        "@type": "cr:FileObject",
        "@id": file.file,
        "name": file.title,
        "contentUrl": (address or "") + file.file,
        "contentSize": f"{file.size} B",
        "encodingFormat": _format(file)[1],
        "sha256": file.sha256,
    }


def _distribute(whole: Description, parts: Collection[Description], files: Sequence[Description]) -> None:
    """All files are of the whole; a table is in the database, which is the first of them."""
    whole["distribution"] = [*files]
    for part in parts:
        part["distribution"] = [files[0]]


def described(published: Description, name: str, files: Sequence[Download], address: str | None) -> str:
    """A description of the release (`name` says which) with all files of the site, the database first, as JSON.

    `address` is that of the site on the web, ending in a slash; without it files are named by their places in it.
    """
    text = deepcopy(published)
    others = [file for file in files if file.file != _DATABASE]
    match name:
        case "data.json":
            whole, *parts = text["dataset"]
            _distribute(whole, parts, [_dcat_us_1(file, address) for file in files])
            whole |= {} if address is None else {"landingPage": address}
        case "dcat-us-3.json":
            (whole,) = text["dataset"]
            _distribute(whole, whole["hasPart"], [_dcat_us_3(file, address) for file in files])
            page = {"@type": "Document", "@id": address, "title": "Website of the release"}
            whole |= {} if address is None else {"landingPage": page}
        case "datapackage.json":
            for table in text["resources"]:
                table["path"] = _DATABASE
            text["resources"] += [_resource(file) for file in others]
        case "croissant.json":
            text["distribution"][0]["contentUrl"] = (address or "") + _DATABASE
            text["distribution"] += [_file_object(file, address) for file in others]
    return json.dumps(text, indent=1, ensure_ascii=False) + "\n"
