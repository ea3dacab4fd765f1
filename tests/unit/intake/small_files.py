"""Publishers' files of a few occupations, industries and areas."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipelines.intake import select
from pipelines.intake.bundle import Manifest
from pipelines.intake.staging import stage_source
from pipelines.paths import BUNDLE
from pipelines.settings import Settings, Source
from pipelines.tables import TableName
from pipelines.warehouse.staging import Staged
from tests.fixtures.projection_files import Projected, write_onet, write_projections, write_states
from tests.unit.publishers.qcew_files import annual_row, csv_text, write_zip

SOC_ROWS = [
    ("Major Group", "Minor Group", "Broad Group", "Detailed Occupation", None),
    ("15-0000", None, None, None, "Computer and Mathematical Occupations"),
    (None, "15-1200", None, None, "Computer Occupations"),
    (None, None, "15-1250", None, "Software and Web Developers, Programmers, and Testers"),
    (None, None, None, "15-1252", "Software Developers"),
]
NAICS_ROWS = [
    ("Seq. No.", "2022 NAICS US   Code", "2022 NAICS US Title"),
    (1, 11, "Agriculture, Forestry, Fishing and Hunting"),
    (2, 111, "Crop Production"),
    (3, "31-33", "Manufacturing"),
]
SOC_FILE, NAICS_FILE = "soc_structure_2018.xlsx", "2-6 digit_2022_Codes.xlsx"
OCCUPATIONS = ["00-0000", "15-0000", "15-1252"]
INDUSTRIES = ["000000", "11--12", "21--22"]


def small_oews(folder: Path) -> Path:
    """The bundled OEWS tables cut down to Wyoming, three occupations and two industries."""
    (folder / "raw").mkdir(parents=True)
    wanted = {
        "area": pl.col("area_id").is_in(["US", "WY"]),
        "occupation": pl.col("soc_code").is_in(OCCUPATIONS),
        "industry": pl.col("industry_code").is_in(INDUSTRIES),
        "release": pl.lit(True),
        "area_occupation": pl.col("area_id").is_in(["US", "WY"]) & pl.col("soc_code").is_in(OCCUPATIONS),
        "industry_occupation": pl.col("industry_code").is_in(INDUSTRIES) & pl.col("soc_code").is_in(OCCUPATIONS),
    }
    for name, rows in wanted.items():
        frame = pl.scan_parquet(BUNDLE / "raw" / f"oews_{name}.parquet").filter(rows).collect()
        assert frame.height, name
        frame.write_parquet(folder / "raw" / f"oews_{name}.parquet")
    return folder


def small_qcew(folder: Path) -> Path:
    """Annual averages of 2023 of Wyoming: all owners, private owners, and a withheld sector."""
    rows = [
        annual_row(area_fips="56000", own_code="0", agglvl_code="50", annual_avg_estabs=9, annual_avg_emplvl=90),
        annual_row(area_fips="56000", annual_avg_estabs=9, annual_avg_emplvl=90, total_annual_wages=4_500_000),
        annual_row(area_fips="56000", industry_code="21", agglvl_code="54", disclosure_code="N", annual_avg_estabs=2),
    ]
    return write_zip(folder / "2023_annual_singlefile.zip", {"2023.annual.singlefile.csv": csv_text(rows)})


def small_projections(folder: Path) -> None:
    """The nation's vintage 2025-35, a state and the nation of 2022-32, and job zones; software developers alone."""
    developers = Projected(1_700.0, 1_955.0, 40.0, 60.0, 125.5)
    write_projections(folder, {"15-1252": developers})
    write_states(
        folder / "long_term_2022_2032.tsv",
        [
            (0, "00-0000", 1_700_000, 1_955_000, 15.0, 125_500),
            (6, "00-0000", 300_000, 345_000, 15.0, 22_000),
            (6, "15-1252", 300_000, 345_000, 15.0, 22_000),
        ],
    )
    write_onet(folder, {"15-1252.00": 4})


def taken(source: str, settings: Settings) -> select.SourceInput:
    """What a run takes of one source, whatever there is of the others."""
    with pytest.MonkeyPatch.context() as patch:
        if settings.source is Source.LIVE:
            patch.setattr(select, "raw_sources", lambda: (source,))
        return select.select_inputs(settings).sources[source]


def stage(source: str, settings: Settings, inputs: str = "1" * 64) -> dict[TableName, Staged]:
    """Stage one source, whatever there is of the others."""
    return stage_source(taken(source, settings), settings, inputs)


@dataclass(frozen=True)
class Built:
    """A bundle, and the folder of publishers' files it was made from."""

    files: Path
    bundle: Path
    manifest: Manifest
