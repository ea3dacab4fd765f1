"""Small real files of every source, in the publishers' layouts, written from the bundled tables and the crosswalks."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl

from pipelines.paths import BUNDLE, REFERENCE
from tests.fixtures.flat_files import write_flat_files
from tests.fixtures.projection_files import DASH
from tests.fixtures.workbooks_of_bundle import write_membership_workbooks, write_naics_workbook, write_soc_workbook
from tests.unit.publishers.qcew_files import ANNUAL, QUARTERLY, annual_row, csv_text, quarterly_row, write_csv
from tests.unit.publishers.workbooks import write_workbook


@dataclass(frozen=True)
class Original:
    """The files of a source as published, and the one of them that is changed."""

    source: str
    changed: str


#: The files that are changed. Several stand for one source, in folders of the number in this list.
ORIGINALS = (
    Original("soc", "soc_structure_2018.xlsx"),
    Original("naics", "2-6 digit_2022_Codes.xlsx"),
    Original("onet", "Job Zones.xlsx"),
    Original("onet", "2019_to_SOC_Crosswalk.csv"),
    Original("onet_clusters", "All_Career_Clusters.csv"),
    Original("career_clusters", "SOC_Career_Clusters_Crosswalk.xlsx"),
    Original("career_clusters", "NAICS_Subclusters_Crosswalk.xlsx"),
    Original("projections", "occupation.xlsx"),
    Original("projections", "education.xlsx"),
    Original("projections_central", "long_term_2022_2032.tsv"),
    Original("projections_central", "long_term_39.json"),
    Original("qcew", "2016.annual 10000 Delaware -- Statewide.csv"),
    Original("qcew", "2016_annual_by_area.zip"),
    Original("qcew", "2016.q1-q4 10000 Delaware -- Statewide.csv"),
    Original("oews", "oe.data.0.Current"),
    Original("oews", "oe.area"),
    Original("oews", "oe.occupation"),
    Original("oews", "oe.release"),
    Original("cip_soc", "CIP2020_SOC2018_Crosswalk.xlsx"),
    Original("ipeds", "C2024_A.zip"),
)


def write_originals(folder: Path) -> None:
    """Write the files of every original into a folder of its number."""
    for number, original in enumerate(ORIGINALS):
        place = folder / str(number)
        place.mkdir(parents=True)
        _WRITERS[original.source](place, original.changed)


def _raw(table: str) -> pl.DataFrame:
    return pl.read_parquet(BUNDLE / "raw" / f"{table}.parquet")


def _onet(folder: Path, _: str) -> None:
    titles = dict(_raw("soc").select("soc_code", "soc_title").iter_rows())
    zones = []
    for soc, least, most, codes in _raw("onet_job_zone").drop("job_zone_mean").iter_rows():
        zones.append((f"{soc}.00", least, soc))
        zones += [(f"{soc}.01", most, soc)] if codes > 1 else []
    header = ("O*NET-SOC Code", "Title", "Job Zone", "Date", "Domain Source")
    rows = [(code, titles[soc], zone, "08/2024", "Analyst") for code, zone, soc in zones]
    write_workbook(folder / "Job Zones.xlsx", {"Job Zones": [header, *rows]})
    names = ("O*NET-SOC 2019 Code", "O*NET-SOC 2019 Title", "2018 SOC Code", "2018 SOC Title")
    _write_rows(
        folder / "2019_to_SOC_Crosswalk.csv", names, [(code, titles[soc], soc, titles[soc]) for code, _, soc in zones]
    )


def _write_rows(path: Path, names: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)


def _clusters(folder: Path, _: str) -> None:
    soc = _raw("soc").select("soc_code", "soc_title")
    clusters = pl.read_csv(REFERENCE / "framework" / "cluster.csv").select("cluster_id", "cluster_name")
    listed = (
        pl.read_csv(REFERENCE / "crosswalks" / "soc_sub_cluster.csv")
        .join(clusters, on="cluster_id")
        .join(soc, on="soc_code")
    )
    rows = [
        (cluster, sub_cluster, f"{code}.00", title)
        for cluster, sub_cluster, code, title in listed.select(
            "cluster_name", "sub_cluster_id", "soc_code", "soc_title"
        ).iter_rows()
    ]
    _write_rows(folder / "All_Career_Clusters.csv", ("Career Cluster", "Sub-Cluster", "Code", "Occupation"), rows)


def _projections(folder: Path, _: str) -> None:
    jobs, leaving, assigned = _raw("ep_occupation"), _raw("ep_separations"), _raw("ep_education")
    base, projected = jobs["base_year"][0], jobs["projected_year"][0]
    period = f"{base}{DASH}{projected % 100}"
    annual = f"{period} annual average"
    names = [f"{base} National Employment Matrix title", f"{base} National Employment Matrix code"]
    sizes = [f"Employment, {base}", f"Employment, {projected}"]
    changes = [f"Employment change, numeric, {period}", f"Employment change, percent, {period}"]
    needs = [
        "Typical education needed for entry",
        "Work experience in a related occupation",
        "Typical on-the-job training needed to attain competency in the occupation",
    ]
    openings = f"Occupational openings, {annual}"
    wage = f"Median annual wage, dollars, {jobs['median_wage_year'][0]}[1]"
    shared = ["nem_title", "nem_code", "occupation_type", "base_jobs_thousand", "projected_jobs_thousand"]
    change, opened = ["change_thousand", "change_pct"], ["annual_openings_thousand"]
    dash = pl.lit("\u2014")
    paid = (
        pl.when(pl.col("median_wage_status") == "ok")
        .then(pl.col("median_wage_usd").cast(pl.String))
        .when(pl.col("median_wage_status") == "top_coded")
        .then(pl.concat_str(pl.lit(">=$"), pl.lit("239,200")))
        .otherwise(dash)
    )
    assignments = [
        pl.col(name).fill_null("\u2014") for name in ("entry_education", "work_experience", "on_the_job_training")
    ]
    first = jobs.select(*shared, *change, *opened, paid.alias("wage"), *assignments).rows()
    rates = ["exit_rate_pct", "transfer_rate_pct", "separation_rate_pct"]
    flows = ["annual_exits_thousand", "annual_transfers_thousand", "annual_separations_thousand"]
    both = leaving.join(jobs.select(*shared), on="nem_code") if "nem_title" not in leaving.columns else leaving
    columns = [*shared, *change, *rates, *flows, *opened]
    known = both.join(jobs.select("nem_code", *(name for name in columns if name not in both.columns)), on="nem_code")
    second = known.select(columns).rows()
    third = assigned.select("nem_title", "nem_code", *assignments).rows()
    of_rates = ("Labor force exit rate", "Occupational transfer rate", "Total occupational separations rate")
    of_flows = ("Labor force exits", "Occupational transfers", "Total occupational separations")
    leaves = [f"{name}, {annual}" for name in (*of_rates, *of_flows)]
    source = ["Source: Employment Projections program, U.S. Bureau of Labor Statistics"]
    tables = {
        "Table 1.2": [
            [f"Table 1.2 Occupational projections, {period}, and worker characteristics, {base} (in thousands)"],
            [*names, "Occupation type", *sizes, *changes, openings, wage, *needs], *first, source,
        ],
        "Table 1.10": [
            [f"Table 1.10 Occupational separations and openings, projected {period} (Employment in thousands)"],
            [*names, "Occupation type", *sizes, *changes, *leaves, openings],
            *second, source,
        ],
    }  # fmt: skip
    write_workbook(folder / "occupation.xlsx", tables)
    title = [f"Table 5.4 Education and training assignments by detailed occupation, {base}"]
    write_workbook(folder / "education.xlsx", {"Table 5.4": [title, [*names, *needs], *third, source]})


def _central(folder: Path, changed: str) -> None:
    states = _raw("projections_central")
    if changed.endswith(".json"):
        names = {
            "title": "Title", "base_jobs": "Base", "projected_jobs": "Projected", "change_jobs": "Change",
            "growth_pct": "PercentChange", "annual_openings": "AvgAnnualOpenings", "soc_code": "OccCode",
            "base_year": "BaseYear", "projected_year": "ProjYear",
        }  # fmt: skip
        rows = states.filter(area_id="OH").select(
            pl.col(name).cast(pl.String).alias(new) for name, new in names.items()
        )
        dated = rows.with_columns(pl.lit("Ohio").alias("Area"), pl.lit("39").alias("STFIPS")).to_dicts()
        pager = {"current_page": 0, "total_items": len(dated), "total_pages": 1, "items_per_page": 1000}
        (folder / changed).write_text(json.dumps({"rows": dated, "pager": pager}, indent=1), encoding="utf-8")
        return
    lines = ["Title\tBase\tProjected\tPercentChange\tAvgAnnualOpenings\tSTFIPS\tOccCode"]
    figures = ["title", "base_jobs", "projected_jobs", "growth_pct", "annual_openings"]
    for fips, area in (("10", "DE"), ("39", "OH"), ("56", "WY")):
        of_area = states.filter(area_id=area).select(*figures, "soc_code").rows()
        lines += ["\t".join(map(str, (*row[:-1], fips, row[-1]))) for row in of_area]
    (folder / changed).write_text("\n".join([*lines, ""]), encoding="utf-8")


def _qcew(folder: Path, changed: str) -> None:
    is_quarterly = "q1-q4" in changed
    rows = []
    for own, naics, depth, establishments, jobs, wages, status in (
        _raw("qcew")
        .filter(area_id="DE")
        .select("own_code", "naics_code", "depth", "establishments", "employment", "wages_usd", "status")
        .iter_rows()
    ):
        level = 50 if own == "0" else 51 + depth
        codes = {
            "area_fips": "10000",
            "own_code": own,
            "industry_code": naics,
            "agglvl_code": str(level),
            "year": "2016",
        }
        codes["disclosure_code"] = "N" if status == "withheld" else ""
        if is_quarterly:
            measures = (round(establishments), *[round(jobs or 0)] * 3, round((wages or 0) / 4))
            figures = dict(zip(QUARTERLY, measures, strict=False))
            figures["avg_wkly_wage"] = round(measures[4] / measures[1] / 13) if measures[1] else 0
            rows += [quarterly_row(**codes, qtr=quarter, **figures) for quarter in "1234"]
        else:
            measures = (round(establishments), round(jobs or 0), round(wages or 0))
            figures = dict(zip(ANNUAL, measures, strict=False))
            figures["avg_annual_pay"] = round(wages / jobs) if jobs else 0
            rows.append(annual_row(**codes, **figures))
    if changed.endswith(".zip"):
        with ZipFile(folder / changed, "w", ZIP_DEFLATED) as archive:
            archive.writestr("2016.annual.by_area/2016.annual 10000 Delaware.csv", csv_text(rows, by_area=True))
    else:
        write_csv(folder / changed, rows, by_area=True)


def _cip(folder: Path, changed: str) -> None:
    soc = _raw("soc").filter(pl.col("soc_level") == "detailed").select("soc_code", "soc_title").rows()
    header = ("CIP2020Code", "CIP2020Title", "SOC2018Code", "SOC2018Title")
    pairs = [(f"{code[:2]}.{code[3:]}", f"Program for {title}", code, title) for code, title in soc]
    backward = [("SOC2018Code", "SOC2018Title", "CIP2020Code", "CIP2020Title")]
    backward += [(code, title, cip, name) for cip, name, code, title in pairs]
    write_workbook(folder / changed, {"CIP-SOC": [header, *pairs], "SOC-CIP": backward})


def _ipeds(folder: Path, changed: str) -> None:
    units = range(100_654, 100_854)
    awards: list[tuple[object, ...]] = []
    for unit in units:
        numbers = [(unit * series) % 97 for series in (1, 13, 51)]
        men = [number // 3 for number in numbers]
        for cip, all_of_them, of_men in (
            *zip(("01.0101", "13.0101", "51.0101"), numbers, men, strict=True),
            ("99", sum(numbers), sum(men)),
        ):
            awards.append((unit, cip, 1, 5, all_of_them, of_men, all_of_them - of_men))
    places = [(unit, f"College {unit}", "WY", 56021, 1, "x") for unit in units]
    for name, member, header, rows in (
        (changed, "c2024_a.csv", ("UNITID", "CIPCODE", "MAJORNUM", "AWLEVEL", "CTOTALT", "CTOTALM", "CTOTALW"), awards),
        ("HD2024.zip", "hd2024.csv", ("UNITID", "INSTNM", "STABBR", "COUNTYCD", "CONTROL", "WEBADDR"), places),
    ):
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows((header, *rows))
        with ZipFile(folder / name, "w", ZIP_DEFLATED) as archive:
            archive.writestr(member, text.getvalue())


def _oews(folder: Path, _: str) -> None:
    write_flat_files(folder, ["WY"], industries=False, detailed=["WY"])


_WRITERS: dict[str, Callable[[Path, str], object]] = {
    "soc": lambda folder, _: write_soc_workbook(folder),
    "naics": lambda folder, _: write_naics_workbook(folder),
    "onet": _onet,
    "onet_clusters": _clusters,
    "career_clusters": lambda folder, _: write_membership_workbooks(folder, {}),
    "projections": _projections,
    "projections_central": _central,
    "qcew": _qcew,
    "oews": _oews,
    "cip_soc": _cip,
    "ipeds": _ipeds,
}
