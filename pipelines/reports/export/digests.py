"""Tables for an export that are made for reading: what a section shows, in one sheet, with every row of the state."""

from dataclasses import dataclass

from pipelines.contracts.model import Column, ColumnType, Table, contracts
from pipelines.reports.export.tables import ExportedTable
from pipelines.reports.profile import Profile
from pipelines.tables import TableName

AREA, CLUSTER, ALIGNMENT = "reference.area", "reference.cluster", "marts.program_alignment"
FLAGGED, OCCUPATIONS, OUTLOOK = "marts.occupation_flag", "marts.occupation_indicators", "marts.occupation_outlook"
#: Columns that no published table has.
_OWN = (
    Column(
        name="list_rank",
        type=ColumnType.INTEGER,
        unit="position",
        meaning="Place by annual openings, then by jobs.",
    ),
    Column(
        name="growth_status",
        type=ColumnType.TEXT,
        nullable=True,
        meaning="Why growth is missing, or ok; empty where the area projects no such occupation.",
    ),
    Column(
        name="linked_programs",
        type=ColumnType.INTEGER,
        unit="count",
        meaning="Programs with awards in the state that NCES links to the occupation.",
    ),
    Column(
        name="program_titles",
        type=ColumnType.TEXT,
        nullable=True,
        meaning="The three of these programs with the most awards.",
    ),
)


@dataclass(frozen=True)
class Digest:
    """A sheet from a query of `sql/reports`: its columns by the table that declares them, None for own ones."""

    name: str
    query: str
    description: str
    grain: str
    key: tuple[str, ...]
    warnings_of: tuple[str, ...]
    columns: tuple[tuple[str | None, str], ...]


def _of(table: str | None, names: str) -> tuple[tuple[str | None, str], ...]:
    return tuple((table, name) for name in names.split())


DIGESTS = (
    Digest(
        "occupations",
        "occupation_overview",
        "Every occupation of the state with jobs, wages, its main Career Cluster, preparation, growth, openings and "
        "the flags of the state's policy, the largest first.",
        "one row per occupation",
        ("area_id", "soc_code"),
        (OCCUPATIONS, OUTLOOK),
        (
            *_of(OCCUPATIONS, "area_id soc_code occupation_name"),
            *_of(CLUSTER, "cluster_name"),
            *_of(OCCUPATIONS, "employment employment_status reliability location_quotient"),
            *_of(OCCUPATIONS, "wage_p10_usd wage_p10_status wage_p50_usd wage_p50_status wage_p90_usd wage_p90_status"),
            *_of(OUTLOOK, "entry_education projection_period growth_pct"),
            *_of(None, "growth_status"),
            *_of(OUTLOOK, "annual_openings openings_status"),
            *_of(FLAGGED, "high_skill high_wage in_demand listed"),
        ),
    ),
    Digest(
        "listed_occupations",
        "listed_occupations",
        "The occupations on the list of the state's policy (the in-demand ones where it makes no list), the most "
        "openings first, with preparation, median wages, growth, openings, and the state's programs that lead to them.",
        "one row per occupation that is on the list, or in-demand",
        ("area_id", "soc_code"),
        (FLAGGED, OUTLOOK),
        (
            *_of(FLAGGED, "area_id"),
            *_of(None, "list_rank"),
            *_of(FLAGGED, "soc_code"),
            *_of(OCCUPATIONS, "occupation_name"),
            *_of(FLAGGED, "policy high_skill high_wage in_demand"),
            *_of(OUTLOOK, "entry_education"),
            *_of(OCCUPATIONS, "employment employment_status wage_p50_hourly_usd wage_p50_hourly_status"),
            *_of(OCCUPATIONS, "wage_p50_usd wage_p50_status reliability"),
            *_of(OUTLOOK, "projection_period base_jobs growth_pct annual_openings status openings_status"),
            *_of(None, "linked_programs program_titles"),
        ),
    ),
    Digest(
        "programs_and_openings",
        "supply_demand",
        "Awards against openings of every Career Cluster at the same level of education, with the bounds of the gap. A "
        "gap is not a shortage.",
        "one row per cluster (all for the state) and level of education with awards",
        ("area_id", "cluster_id", "education_group"),
        ("marts.supply_demand",),
        (
            *_of("marts.supply_demand", "area_id cluster_id"),
            *_of(CLUSTER, "cluster_name"),
            *_of(
                "marts.supply_demand", "education_group projection_period annual_openings awards awards_low awards_high"
            ),
            *_of("marts.supply_demand", "gap gap_low gap_high supply_ratio_pct awards_to_other_levels"),
            *_of("marts.supply_demand", "awards_from_other_levels distance_institution_pct coverage_pct"),
            *_of("marts.cluster_indicators", "evidence_pct"),
            *_of("marts.supply_demand", "status"),
        ),
    ),
)


def _column(table: str | None, name: str, key: tuple[str, ...]) -> Column:
    columns = _OWN if table is None else contracts()[TableName.parse(table)].columns
    found = next(column for column in columns if column.name == name)
    # the row of another table may be missing
    return found if name in key or table is None else found.model_copy(update={"nullable": True})


def digests(profile: Profile) -> list[ExportedTable]:
    """The sheets for reading that have rows of the state, under its own policy."""
    found = []
    for digest in DIGESTS:
        policy = {"policy": profile.policy["policy"] if profile.policy else None}
        frame = profile.frame(digest.query, **policy)
        if frame.is_empty():
            continue
        warnings = tuple(
            warning for table in digest.warnings_of for warning in contracts()[TableName.parse(table)].warnings
        )
        contract = Table(
            schema="reports",
            name=digest.name,
            description=digest.description,
            grain=digest.grain,
            primary_key=digest.key,
            sources=("this project",),
            columns=tuple(_column(*column, digest.key) for column in digest.columns),
            warnings=warnings,
            foreign_keys={},
        )
        found.append(ExportedTable(contract, frame=frame.select(contract.column_names)))
    return found
