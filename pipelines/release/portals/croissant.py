"""Croissant 1.1: the release as a dataset for machine learning, with the type and meaning of every column.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html; `mlcroissant` reads it, but opens no DuckDB file.
"""

from typing import Any

from pipelines.contracts.model import Column, ColumnType, Table
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

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
#: Terms that stand for themselves in Croissant's vocabulary.
_TERMS = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty"),
    *("fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5"),
    *("parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator"),
    *("source", "subField", "transform"),
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS},
}
_TYPES = {
    ColumnType.TEXT: "sc:Text",
    ColumnType.INTEGER: "sc:Integer",
    ColumnType.DOUBLE: "sc:Float",
    ColumnType.BOOLEAN: "sc:Boolean",
    ColumnType.DATE: "sc:Date",
    ColumnType.TIMESTAMP: "sc:DateTime",
}


def croissant(about: About) -> dict[str, Any]:
    """The release as Croissant: the database, a table in it as a file inside it, and a record set for each table."""
    published = {str(table.table) for table in about.tables}
    database = {
        "@type": "cr:FileObject",
        "@id": DATABASE,
        "name": DATABASE,
        "contentUrl": about.where(DATABASE),
        "contentSize": f"{about.manifest.database_bytes} B",
        "encodingFormat": DATABASE_MEDIA_TYPE,
        "sha256": about.manifest.database_sha256,
    }
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "@id": IDENTIFIER,
        "name": TITLE,
        "description": DESCRIPTION,
        "license": LICENCE_URL,
        "url": about.where(""),
        "version": about.version,
        "datePublished": about.day,
        "citeAs": about.manifest.citation,
        "creator": {"@type": "sc:Organization", "name": about.publisher},
        "publisher": {"@type": "sc:Organization", "name": about.publisher},
        "keywords": list(KEYWORDS),
        "inLanguage": "en",
        "distribution": [database, *(_inside(table) for table in about.tables)],
        "recordSet": [_records(table, published) for table in about.tables],
    }


def _inside(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"table/{table.table}",
        "name": str(table.table),
        "description": f"The table {table.table} of the database.",
        "containedIn": {"@id": DATABASE},
        "encodingFormat": DATABASE_MEDIA_TYPE,
    }


def _records(table: Table, published: set[str]) -> dict[str, Any]:
    name = str(table.table)
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table.description,
        "key": [{"@id": f"{name}/{column}"} for column in table.primary_key],
        "field": [_field(table, column, published) for column in table.columns],
    }


def _field(table: Table, column: Column, published: set[str]) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.table}/{column.name}",
        "name": column.name,
        "description": f"{column.meaning} Unit: {column.unit}." if column.unit else column.meaning,
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": f"table/{table.table}"}, "extract": {"column": column.name}},
    }
    other, _, key = table.foreign_keys.get(column.name, "").rpartition(".")
    if other in published:
        field["references"] = {"field": {"@id": f"{other}/{key}"}}
    return field
