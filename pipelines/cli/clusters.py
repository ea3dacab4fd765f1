"""`lmi clusters`: jobs, pay and concentration of an area's clusters, or of the sub-clusters of one of them."""

from enum import StrEnum
from typing import Annotated

import polars as pl
import typer

from pipelines.cli.console import DataDir, Json, listing, make_settings, out, print_json
from pipelines.cli.place import Place, StateOption, one_place
from pipelines.errors import UnknownNameError
from pipelines.reports.areas import Area, find_area
from pipelines.reports.format import cell, jobs
from pipelines.reports.programs import find_cluster
from pipelines.reports.release import Release, open_release


class Order(StrEnum):
    """What rows are ordered by, the most first."""

    JOBS = "jobs"
    PAY = "pay"
    CONCENTRATION = "concentration"


_COLUMNS = {Order.JOBS: "employment", Order.PAY: "wage_p50_usd", Order.CONCENTRATION: "location_quotient"}


def clusters(
    place: Place = None,
    *,
    cluster: Annotated[
        str | None, typer.Option(help="Show the sub-clusters of this cluster, by its name, a part of it, or its id.")
    ] = None,
    industries: Annotated[
        bool, typer.Option("--industries", help="Show in which clusters' industries the people of --cluster work.")
    ] = False,
    by: Annotated[Order, typer.Option(help="Order of the rows.")] = Order.JOBS,
    state: StateOption = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Show the clusters of an area: jobs, share, concentration, median pay and how far to trust them."""
    asked = one_place("lmi clusters OH", place, state)
    if industries and cluster is None:
        raise typer.BadParameter("--industries needs a --cluster")
    settings = make_settings(data_dir)
    with open_release(settings.database, needed=("main.v_cluster", "reference.area", "reference.cluster")) as release:
        area = find_area(release.areas.values(), asked, others=release.areas_without_occupations)
        cluster_id = None if cluster is None else find_cluster(release, cluster)
        if industries:
            rows = _industries(release, area, str(cluster_id))
        else:
            rows = release.ask("area_clusters", area=area.area_id, cluster=cluster_id)
            rows = rows.sort(_COLUMNS[by], descending=True, nulls_last=True, maintain_order=True)
    if as_json:
        print_json({"area_id": area.area_id, "area_name": area.area_name, "rows": rows.to_dicts()})
        return
    out.print(f"{area.area_name} ({area.area_id})", style="bold")
    _show_industries(rows) if industries else _show(rows, "cluster" if cluster is None else "sub-cluster")


def _industries(release: Release, area: Area, cluster_id: str) -> pl.DataFrame:
    rows = release.ask("cluster_homes", area=area.area_id, cluster=cluster_id)
    if rows.is_empty():
        raise UnknownNameError(
            f"the release does not say in which industries people of {cluster_id} work in {area.area_id}: of the "
            "nation (US) it has the cross-cutting clusters, of other areas those with figures by industry"
        )
    return rows


def _show(rows: pl.DataFrame, what: str) -> None:
    table = listing(what, "jobs", "location quotient", "median pay", "grade")
    for row in rows.iter_rows(named=True):
        table.add_row(
            row["sub_cluster_name"] or row["cluster_name"],
            *(cell(row, column) for column in ("employment", "location_quotient", "wage_p50_usd")),
            row["reliability"] or row["status"].replace("_", " "),
        )
    out.print(table)
    out.print(
        f"OEWS of {rows['period'][0]}, each job counted once. Above a location quotient of 1, the {what} has a larger "
        "share of jobs here than in the nation. Grades: A is the most reliable, D the least."
    )


def _show_industries(rows: pl.DataFrame) -> None:
    table = listing("industries of", "jobs", "share", "mean pay")
    for row in rows.iter_rows(named=True):
        share, paid = (cell(row, column) for column in ("employment_share_pct", "wage_mean_usd"))
        table.add_row(row["home_cluster_name"], jobs(row["employment"]), share, paid)
    out.print(table)
    estimated = (
        "These jobs are an estimate, not published figures" if rows["is_estimate"][0] else "From OEWS by industry"
    )
    out.print(f"Jobs of {rows['cluster_name'][0]} by home cluster of the industry. {estimated} ({rows['period'][0]}).")
