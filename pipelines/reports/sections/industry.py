"""Employers: jobs, establishments and pay by the cluster of the employer's industry."""

from collections.abc import Iterator

import polars as pl

from pipelines.reports.blocks import (
    Block,
    Column,
    Picture,
    Section,
    Words,
    figures,
    note,
    paragraph,
    warning,
)
from pipelines.reports.charts.panels import bars_panel
from pipelines.reports.charts.style import Chart, labelled, nothing, size_of, styled
from pipelines.reports.profile import Profile
from pipelines.reports.sections.sources import weak_vintage

INDUSTRIES = "marts.industry_indicators"


def industry_jobs(industries: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """Jobs by the cluster of the employers' industry, with the bounds of what is withheld."""
    if industries.is_empty():
        return nothing()
    size = size_of(narrow)
    frame = industries.filter(pl.col("level") == "cluster", pl.col("cluster_id") != "unassigned")
    ranked, labels = labelled(frame, "cluster_name", size)
    title = "Jobs, annual average"
    return styled(bars_panel(ranked, labels, size, column="employment", title=title, width=size.plot))


def _content(profile: Profile) -> Iterator[Block]:
    industries = profile.rows("industries", INDUSTRIES)
    qcew = profile.release.vintages.get("qcew")
    if not industries:
        yield paragraph(
            "The Quarterly Census of Employment and Wages in this release has no figures for {}.{}{}",
            profile.place,
            f" Its edition is {qcew['vintage']}." if qcew else "",
            " It is published by county and state." if profile.area.area_type in ("metro", "nonmetro") else "",
        )
        return
    quotients, changes = (
        any(row.is_there(column) for row in industries) for column in ("location_quotient", "employment_change_pct")
    )
    year = industries[0]["year"]
    yield paragraph(
        "Jobs of {} by the cluster of the employer's industry, from the Quarterly Census of Employment and Wages. All "
        "jobs of a hospital count in Healthcare &amp; Human Services here, an accountant's too; above, each job "
        "counts by its occupation. The two counts are not meant to match.",
        year,
    )
    if qcew and qcew["status"] != "ok":
        yield warning("{}", weak_vintage(qcew, in_full=True))
    frame = profile.frame("industries")
    yield Picture(
        "industry",
        f"Jobs by cluster of the employer's industry, {profile.place}",
        "Bars of jobs for each cluster, with lines from the least to the most that they can be.",
        f"Jobs by cluster of the industry, annual average of {year}, all owners. Lines show the range of the jobs "
        "where the publisher withholds some.",
        lambda narrow: industry_jobs(frame, narrow=narrow),
    )
    yield figures(
        f"Employers by cluster of their industry, {year}",
        ("Cluster of the industry", "cluster_name"),
        industries,
        [
            Column("Establish\u00adments", "establishments"),
            Column("Jobs published", "employment"),
            Column("At least, at most", "interval"),
            Column("Share of all jobs", "employment_share_pct"),
            *([Column("Location quotient", "location_quotient")] if quotients else []),
            Column("Average annual pay", "pay_annual_avg_usd"),
            *([Column("Change on year before", "employment_change_pct")] if changes else []),
            Column("Published", "disclosed_pct"),
        ],
    )
    yield note(
        'Jobs that the publisher withholds are not in "jobs published"; "at least, at most" is the range of all jobs, '
        'so it may begin above them. "Published" is the share of the upper bound that is published. Cross-cutting '
        "clusters "
        "have few industries of their own.{}{}",
        "" if quotients else " There are no location quotients, because this edition has no figures of the nation.",
        "" if changes else " There are no changes, because this edition does not have the year before.",
    )


def _terms(profile: Profile) -> Iterator[tuple[str, Words]]:
    yield (
        "Employers",
        "Counts jobs by the industry of the employer, from employers' tax records rather than a sample. A nurse in a "
        "factory has a health care job above, and a manufacturing job there.",
    )


SECTION = Section(
    "industry",
    "Employers",
    60,
    _content,
    needs=(INDUSTRIES,),
    tables=(INDUSTRIES, "marts.industry_detail"),
    terms=_terms,
    starts_page=True,
)
