"""QCEW files in the publisher's layouts: quoted codes, bare figures, CRLF, with or without titles."""

from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

_CODES = ["area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "year", "qtr", "disclosure_code"]
_TITLES = ["area_title", "own_title", "industry_title", "agglvl_title", "size_title"]
ANNUAL = [
    "annual_avg_estabs", "annual_avg_emplvl", "total_annual_wages", "taxable_annual_wages",
    "annual_contributions", "annual_avg_wkly_wage", "avg_annual_pay",
]  # fmt: skip
QUARTERLY = [
    "qtrly_estabs", "month1_emplvl", "month2_emplvl", "month3_emplvl", "total_qtrly_wages", "taxable_qtrly_wages",
    "qtrly_contributions", "avg_wkly_wage",
]  # fmt: skip
_TITLE_VALUES = {
    "area_title": "Do\xf1a Ana County, New Mexico",
    "own_title": "Private",
    "industry_title": "NAICS 48-49 Transportation and warehousing, all",
    "agglvl_title": "State, NAICS Sector -- by ownership sector",
    "size_title": "All establishment sizes",
}


def header(measures: list[str], *, by_area: bool = False) -> list[str]:
    """Names of the columns: of one file for everything and of slices, or of the files by area."""
    if by_area:
        measures = [name.replace("_estabs", "_estabs_count") for name in measures]
    changes = [f"oty_{name}_{kind}" for name in measures for kind in ("chg", "pct_chg")]
    quotients = [f"lq_{name}" for name in measures]
    titles = _TITLES if by_area else []
    return [*_CODES, *titles, *measures, "lq_disclosure_code", *quotients, "oty_disclosure_code", *changes]


def annual_row(**values: Any) -> dict[str, Any]:
    """One row of annual averages; Texas, private, all industries unless told."""
    codes = ("48000", "5", "10", "51", "0", "2023", "A", "")
    return dict(zip(_CODES, codes, strict=True)) | dict.fromkeys(ANNUAL, 0) | values


def quarterly_row(**values: Any) -> dict[str, Any]:
    """One row of a quarter; Texas, private, all industries unless told."""
    codes = ("48000", "5", "10", "51", "0", "2023", "1", "")
    return dict(zip(_CODES, codes, strict=True)) | dict.fromkeys(QUARTERLY, 0) | values


def csv_text(rows: list[dict[str, Any]], *, by_area: bool = False) -> str:
    """The file: codes and titles in quotes, figures bare, every line ended by CRLF."""
    measures = ANNUAL if not rows or "annual_avg_estabs" in rows[0] else QUARTERLY
    names = header(measures, by_area=by_area)
    lines = [",".join(f'"{name}"' for name in names)]
    for row in rows:
        known = {name.replace("_estabs", "_estabs_count") if by_area else name: value for name, value in row.items()}
        known = _TITLE_VALUES | {"lq_disclosure_code": "", "oty_disclosure_code": ""} | known
        lines.append(",".join(_cell(known.get(name, "-0.5")) for name in names))
    return "".join(f"{line}\r\n" for line in lines)


def _cell(value: object) -> str:
    bare = isinstance(value, int) or value == "-0.5"
    return str(value) if bare else f'"{value}"'


def write_csv(path: Path, rows: list[dict[str, Any]], *, by_area: bool = False) -> Path:
    """Write the rows as the publisher would, titles in Latin-1."""
    path.write_bytes(csv_text(rows, by_area=by_area).encode("latin-1"))
    return path


def write_zip(path: Path, members: dict[str, str]) -> Path:
    """Write a zip archive of the members' text."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text.encode("latin-1"))
    return path


#: The codes of an industry from all industries down to six digits, and their levels in a state.
_CHAIN = ("10", "102", "1024", "54", "541", "5415", "54151", "541511")


def write_year(folder: Path, year: int, jobs: int) -> None:
    """A year of Wyoming: private employers of one industry with these jobs."""
    figures = {"area_fips": "56000", "year": f"{year}", "annual_avg_estabs": 9, "annual_avg_emplvl": jobs}
    private = [annual_row(**figures, industry_code=code, agglvl_code=f"{51 + n}") for n, code in enumerate(_CHAIN)]
    rows = [annual_row(**figures, own_code="0", agglvl_code="50"), *private]
    write_zip(folder / f"{year}_annual_by_area.zip", {f"{year}.annual Wyoming.csv": csv_text(rows, by_area=True)})
