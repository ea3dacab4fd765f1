"""O*NET: job zones, the crosswalk to SOC, and O*NET OnLine's list of occupations by Career Cluster.

O*NET-SOC codes (11-1011.03) divide some SOC codes further: whatever joins jobs must first come down to one row per
SOC code.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile, is_zipfile

import polars as pl

from pipelines.errors import BadInputError
from pipelines.publishers.common import SOC_PATTERN, Table, read_sheet_table, read_tab_table, whole_number_text
from pipelines.publishers.projections_central import read_delimited

SOURCE = "onet"
ONET_SOC_PATTERN = r"^[0-9]{2}-[0-9]{4}\.[0-9]{2}$"

_CODE = "O*NET-SOC Code"
_JOB_ZONES = "Job Zones"
_ZONES = ("1", "2", "3", "4", "5")


def parse_job_zones(path: Path) -> pl.DataFrame:
    """Parse `Job Zones.xlsx`, or `Job Zones.txt` by itself or in the database's text zip.

    One row per O*NET-SOC code: onet_soc_code, job_zone (1, little preparation, to 5, extensive), date (month of
    the rating, '2023-08'). Raises BadInputError for other columns, codes, zones, dates, and codes listed twice.
    """
    columns = {"onet_soc_code": _CODE, "job_zone": "Job Zone", "date": "Date", "domain_source": "Domain Source"}
    table = _database_table(path, _JOB_ZONES, columns, only_in_workbook={"title": "Title"})
    table = table.with_frame(table.frame.with_columns(whole_number_text(pl.col("job_zone"))))
    table.refuse(~pl.col("job_zone").is_in(_ZONES), "job_zone", "not a job zone from 1 to 5")
    table.refuse(~pl.col("date").str.contains(r"^(?:0[1-9]|1[0-2])/[0-9]{4}$"), "date", "not a month like 08/2023")
    month = pl.col("date").str.replace(r"^([0-9]{2})/([0-9]{4})$", "${2}-${1}")
    return table.frame.select("onet_soc_code", pl.col("job_zone").cast(pl.Int64), month)


def parse_onet_to_soc(path: Path) -> pl.DataFrame:
    """Parse the crosswalk to SOC 2018 (CSV): onet_soc_code (once each), onet_soc_title, soc_code, soc_title."""
    columns = {
        "onet_soc_code": r"O\*NET-SOC 2019 Code",
        "onet_soc_title": r"O\*NET-SOC 2019 Title",
        "soc_code": "2018 SOC Code",
        "soc_title": "2018 SOC Title",
    }
    table = read_delimited(path, SOURCE, columns)
    table.refuse_blanks(list(columns))
    _refuse_codes(table)
    table.refuse(~pl.col("soc_code").str.contains(SOC_PATTERN), "soc_code", "not a SOC code")
    table.refuse_duplicates(["onet_soc_code"], "onet_soc_code", "code listed twice")
    return table.frame.select(list(columns))


def job_zone_by_soc(job_zones: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.DataFrame:
    """Job zones by SOC code, one row each: soc_code, job_zone_mean, job_zone_min, job_zone_max, onet_soc_codes.

    The mean counts every rated O*NET-SOC code once, for nobody publishes their jobs; onet_soc_codes is how many
    there are. A SOC code of which none is rated has no row. Raises BadInputError for a rated code that the
    crosswalk lacks.
    """
    unknown = job_zones.join(crosswalk, on="onet_soc_code", how="anti")["onet_soc_code"].to_list()
    if unknown:
        raise BadInputError(
            source=SOURCE,
            file=_JOB_ZONES,
            problem=f"{len(unknown)} codes are not in the crosswalk to SOC; is it of the same edition?",
            value=unknown[:10],
        )
    zone = pl.col("job_zone")
    return (
        job_zones.join(crosswalk, on="onet_soc_code", validate="1:1")
        .group_by("soc_code")
        .agg(
            zone.mean().alias("job_zone_mean"),
            zone.min().alias("job_zone_min"),
            zone.max().alias("job_zone_max"),
            pl.len().cast(pl.Int64).alias("onet_soc_codes"),
        )
        .sort("soc_code")
    )


def parse_cluster_list(path: Path) -> pl.DataFrame:
    """Parse O*NET OnLine's list of occupations by Career Cluster (CSV), of the framework of 2024 or the one before.

    One row per membership, in the publisher's order: cluster_name, sub_cluster_name (a pathway in the former
    framework), onet_soc_code, title. Several memberships of one line are joined by ';' and paired by position.
    Raises BadInputError for other columns, blanks, another number of clusters than of sub-clusters in a line,
    other codes, and a membership listed twice.
    """
    columns = {
        "cluster_name": "Career Cluster",
        "sub_cluster_name": "(?:Career )?(?:Sub-Cluster|Pathway)",
        "onet_soc_code": "Code",
        "title": "Occupation",
    }
    table = read_delimited(path, SOURCE, columns)
    table.refuse_blanks(list(columns))
    _refuse_codes(table)
    names = ["cluster_name", "sub_cluster_name"]
    separators = [pl.col(name).str.count_matches(";", literal=True) for name in names]
    table.refuse(
        separators[0] != separators[1],
        "sub_cluster_name",
        "another number of names than of clusters in the same line",
    )
    memberships = table.frame.with_columns(pl.col(name).str.split(";") for name in names).explode(names)
    memberships = memberships.with_columns(pl.col(name).str.strip_chars() for name in names)
    table = table.with_frame(memberships)
    for name in names:
        table.refuse(pl.col(name) == "", name, "a blank name beside a semicolon")
    table.refuse_duplicates([*names, "onet_soc_code"], "onet_soc_code", "the same membership listed twice")
    return memberships.select(list(columns))


def _database_table(
    path: Path, name: str, columns: dict[str, str], only_in_workbook: dict[str, str] | None = None
) -> Table:
    """A table of the O*NET database from any of its forms, its codes checked."""
    member = _text_member(path, name)
    if member is None and path.suffix == ".txt":
        table = _text_table(path, columns)
    elif member is None:
        patterns = {
            ours: theirs.replace("*", r"\*") for ours, theirs in {**columns, **(only_in_workbook or {})}.items()
        }
        table = read_sheet_table(path, SOURCE, patterns, name)
    else:
        with TemporaryDirectory() as folder, ZipFile(path) as archive:
            text = Path(folder) / f"{name}.txt"
            text.write_bytes(archive.read(member))
            table = _text_table(text, columns)
    table.refuse_blanks(list(columns))
    _refuse_codes(table)
    table.refuse_duplicates(["onet_soc_code"], "onet_soc_code", "code listed twice")
    return table


def _text_table(path: Path, columns: dict[str, str]) -> Table:
    table = read_tab_table(path, SOURCE, list(columns.values()))
    frame = table.frame.rename({theirs: ours for ours, theirs in columns.items()})
    return Table(frame, columns, SOURCE, path.name, table.row_word)


def _text_member(path: Path, name: str) -> str | None:
    """The table's name inside the database's text zip; null when `path` is no such zip."""
    if not path.is_file() or not is_zipfile(path):
        return None
    with ZipFile(path) as archive:
        members = archive.namelist()
        if "xl/workbook.xml" in members:
            return None
        found = [member for member in members if member.split("/")[-1] == f"{name}.txt"]
        if len(found) != 1 or archive.testzip() is not None:
            raise BadInputError(
                source=SOURCE,
                file=path.name,
                problem=f"the zip is damaged, or does not hold one '{name}.txt'",
                value=members[:10],
            )
    return found[0]


def _refuse_codes(table: Table) -> None:
    table.refuse(~pl.col("onet_soc_code").str.contains(ONET_SOC_PATTERN), "onet_soc_code", "not an O*NET-SOC code")
