"""A Data Package of version 2 (https://datapackage.org): the tables of the database with their schemas."""

from typing import Any

from pipelines.contracts.model import Column, ColumnType, Table
from pipelines.release.manifest import DATABASE
from pipelines.release.portals.about import (
    DATABASE_MEDIA_TYPE,
    DESCRIPTION,
    IDENTIFIER,
    KEYWORDS,
    LICENCE,
    LICENCE_TITLE,
    LICENCE_URL,
    TITLE,
    About,
)

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "integer",
    ColumnType.DOUBLE: "number",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "datetime",
}


def datapackage(about: About) -> dict[str, Any]:
    """The release as a Data Package: each table is a resource in the one database beside it."""
    manifest = about.manifest
    published = {str(table.table) for table in about.tables}
    home = {} if about.address is None else {"homepage": about.address}
    return {
        "$schema": PROFILE,
        "name": IDENTIFIER,
        "id": manifest.release_id,
        "title": TITLE,
        "description": DESCRIPTION,
        **home,
        "version": about.version,
        "created": manifest.published_at.isoformat(),
        "keywords": list(KEYWORDS),
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": LICENCE_TITLE}],
        "contributors": [{"title": about.publisher, "roles": ["publisher"]}],
        "sources": [
            {"title": f"{each.publisher}: {each.title}", "path": each.url, "version": each.vintage}
            for each in manifest.sources.values()
        ],
        "resources": [_resource(table, about, published) for table in about.tables],
    }


def _resource(table: Table, about: About, published: set[str]) -> dict[str, Any]:
    return {
        "name": str(table.table),
        "type": "table",
        "title": str(table.table),
        "description": table.description,
        "path": DATABASE,
        "format": "duckdb",
        "mediatype": DATABASE_MEDIA_TYPE,
        "bytes": about.manifest.database_bytes,
        "hash": f"sha256:{about.manifest.database_sha256}",
        "dialect": {"table": str(table.table)},
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.primary_key),
            "foreignKeys": [
                {"fields": [column], "reference": {"resource": other, "fields": [key]}}
                for column, (other, _, key) in ((name, to.rpartition(".")) for name, to in table.foreign_keys.items())
                if other in published
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": not column.nullable}
    for name, value in (
        ("enum", list(column.values) if column.values else None),
        ("pattern", column.pattern),
        ("minimum", column.min),
        ("maximum", column.max),
    ):
        if value is not None:
            constraints[name] = value
    unit = {"unit": column.unit} if column.unit else {}
    return {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": column.meaning,
        **unit,
        "constraints": constraints,
    }
