"""The National Center for Education Statistics' Classification of Instructional Programs (CIP), 2020."""

import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.publishers.common import Read, read_csv_columns
from pipelines.sources import SourceDeclaration

SOURCE = "cip"
TABLES = ("cip",)

_COLUMNS = {"cip_code": "CIPCode", "cip_title": "CIPTitle", "action": "Action"}
_CODE = r"^[0-9]{2}(?:\.[0-9]{2}(?:[0-9]{2})?)?$"
_ACTIONS = {
    "No substantive changes": "kept",
    "New": "new",
    "Moved from": "moved_from",
    "Moved to": "moved_to",
    "Deleted": "deleted",
}


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The codes of two, four and six digits as raw.cip."""
    return source.vintages[0], {"cip": parse_cip(files[source.file_names[0]])}


def parse_cip(path: Path) -> pl.DataFrame:
    """Parse the list of codes: cip_code, cip_title (without its full stop), change since CIP 2010, one row per code.

    Spreadsheets keep zeros by ="01.0100", which is 01.0100. Raises BadInputError for missing columns, blanks, malformed
    codes, unknown actions and codes listed twice.
    """
    content = re.sub(rb'(^|,)="', rb'\1"', path.read_bytes().removeprefix(BOM_UTF8), flags=re.MULTILINE)
    # the publisher does not double the quotes inside one of its definitions
    content = re.sub(rb'(?<=[^,"\r\n])"(?=[^,"\r\n])', rb'""', content)
    table = read_csv_columns(content, _COLUMNS, source=SOURCE, file=path.name)
    table.refuse_blanks(list(_COLUMNS))
    table.refuse(~pl.col("cip_code").str.contains(_CODE), "cip_code", "not a CIP code")
    table.refuse(~pl.col("action").is_in(list(_ACTIONS)), "action", "not a known action")
    table.refuse_duplicates(["cip_code"], "cip_code", "code listed twice")
    title = pl.col("cip_title").str.strip_suffix(".")
    change = pl.col("action").replace_strict(_ACTIONS).alias("change")
    return table.frame.select("cip_code", title, change).sort("cip_code")
