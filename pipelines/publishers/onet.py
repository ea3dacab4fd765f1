"""O*NET: job zones, and the crosswalk of O*NET-SOC to SOC codes.

O*NET-SOC codes (11-1011.03) divide some SOC codes further, so the job zones are first combined by SOC code.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.errors import BadInputError
from pipelines.publishers.common import (
    ONET_SOC_PATTERN,
    SOC_PATTERN,
    Read,
    Table,
    read_table,
    whole_number_text,
)
from pipelines.sources import SourceDeclaration

SOURCE = "onet"
TABLES = ("onet_job_zone",)

_JOB_ZONES = "Job Zones"
#: Beginnings of the names of the files, which are workbooks or text.
_FILES = (_JOB_ZONES, "2019_to_SOC_Crosswalk")
_ZONES = ("1", "2", "3", "4", "5")


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """Job zones by SOC code as raw.onet_job_zone. The files name no vintage; the newest rating stands for it."""
    zones, crosswalk = (next(files[name] for name in files if name.startswith(each)) for each in _FILES)
    rated = parse_job_zones(zones)
    newest = str(rated["date"].max())
    by_soc = job_zone_by_soc(rated, parse_onet_to_soc(crosswalk))
    return source.vintage_of(newest, f"job zones rated up to {newest}"), {"onet_job_zone": by_soc}


def parse_job_zones(path: Path) -> pl.DataFrame:
    """Parse `Job Zones.xlsx`, or `Job Zones.txt` of the text files: onet_soc_code, job_zone, date, one row per code.

    The text file has no titles. Job zones go from 1 (little preparation) to 5 (extensive); date is the month of the
    rating (2023-08). Raises BadInputError for other columns, malformed codes, zones and dates, and codes listed twice.
    """
    columns = {
        "onet_soc_code": r"O\*NET-SOC Code",
        "job_zone": "Job Zone",
        "date": "Date",
        "domain_source": "Domain Source",
    }
    table = read_table(path, SOURCE, columns, {"title": "Title"}, _JOB_ZONES)
    table.refuse_blanks(list(columns))
    _refuse_codes(table)
    table = table.with_frame(table.frame.with_columns(whole_number_text(pl.col("job_zone"))))
    table.refuse(~pl.col("job_zone").is_in(_ZONES), "job_zone", "not a job zone from 1 to 5")
    table.refuse(~pl.col("date").str.contains(r"^(?:0[1-9]|1[0-2])/[0-9]{4}$"), "date", "not a month like 08/2023")
    month = pl.col("date").str.replace(r"^([0-9]{2})/([0-9]{4})$", "${2}-${1}")
    return table.frame.select("onet_soc_code", pl.col("job_zone").cast(pl.Int64), month)


def parse_onet_to_soc(path: Path) -> pl.DataFrame:
    """Parse the crosswalk to SOC 2018 (CSV or workbook): onet_soc_code (once), onet_soc_title, soc_code, soc_title."""
    columns = {
        "onet_soc_code": r"O\*NET-SOC 2019 Code",
        "onet_soc_title": r"O\*NET-SOC 2019 Title",
        "soc_code": "2018 SOC Code",
        "soc_title": "2018 SOC Title",
    }
    table = read_table(path, SOURCE, columns)
    table.refuse_blanks(list(columns))
    _refuse_codes(table)
    table.refuse(~pl.col("soc_code").str.contains(SOC_PATTERN), "soc_code", "not a SOC code")
    # of all 1,016 codes of 2019
    other = pl.col("onet_soc_code").str.slice(0, 7) != pl.col("soc_code")
    table.refuse(other, "soc_code", "not the SOC code that the O*NET-SOC code begins with")
    return table.frame.select(list(columns))


def job_zone_by_soc(job_zones: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.DataFrame:
    """Job zones by SOC code, one row each: soc_code, job_zone_mean, job_zone_min, job_zone_max, onet_soc_codes.

    The mean weights all rated O*NET-SOC codes equally, because their jobs are not published; onet_soc_codes is their
    number. A SOC code without a rated one has no row. Raises BadInputError for a rated code that the crosswalk lacks.
    """
    unknown = job_zones.join(crosswalk, on="onet_soc_code", how="anti")["onet_soc_code"].to_list()
    if unknown:
        problem = f"{len(unknown)} codes are not in the crosswalk to SOC; is it of the same vintage?"
        raise BadInputError(source=SOURCE, file=_JOB_ZONES, problem=problem, value=unknown[:10])
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


def _refuse_codes(table: Table) -> None:
    table.refuse(~pl.col("onet_soc_code").str.contains(ONET_SOC_PATTERN), "onet_soc_code", "not an O*NET-SOC code")
    table.refuse_duplicates(["onet_soc_code"], "onet_soc_code", "code listed twice")
