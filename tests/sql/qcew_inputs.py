"""QCEW for the SQL tests: jobs by six-digit industry, added up to every industry above it, any of them withheld."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

import polars as pl
from sql_inputs import Row, Tables

#: The publisher's supersector of each sector.
SUPERSECTORS = {
    "11": "1011",
    "21": "1011",
    "22": "1021",
    "23": "1012",
    "31-33": "1013",
    "42": "1021",
    "44-45": "1021",
    "48-49": "1021",
    "51": "1022",
    "52": "1023",
    "53": "1023",
    "54": "1024",
    "55": "1024",
    "56": "1024",
    "61": "1025",
    "62": "1025",
    "71": "1026",
    "72": "1026",
    "81": "1027",
    "92": "1028",
    "99": "1029",
}
_RANGES = {"31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45", "48": "48-49", "49": "48-49"}
PAY_USD = 50_000


def chain(finest: str) -> tuple[str, ...]:
    """The codes from all industries down to a six-digit one; a code's place in it is its depth."""
    sector = _RANGES.get(finest[:2], finest[:2])
    supersector = SUPERSECTORS[sector]
    return ("10", supersector[:3], supersector, sector, *(finest[:length] for length in (3, 4, 5, 6)))


def depth_of(code: str) -> int:
    """Depth of an industry code; 10, 101 .. 102 and 1011 .. 1029 are the levels above the sectors."""
    if code.startswith("10"):
        return len(code) - 2
    return 3 if code in SUPERSECTORS else len(code) + 1


def raw_cell(
    code: str, employment: float | None, *, area: str = "TX", own: str = "5", year: int = 2024, **figures: float | None
) -> Row:
    """A row of raw.qcew: withheld when there are no jobs, else paid `PAY_USD` a job; one establishment."""
    return {
        "area_id": area,
        "own_code": own,
        "naics_code": code,
        "depth": depth_of(code),
        "year": year,
        "establishments": 1.0,
        "employment": employment,
        "wages_usd": None if employment is None else employment * PAY_USD,
        "status": "withheld" if employment is None else "ok",
        **figures,
    }


def add_up(jobs: Mapping[str, int]) -> dict[str, int]:
    """Jobs of six-digit industries added up to every industry above them."""
    total: dict[str, int] = defaultdict(int)
    for finest, count in jobs.items():
        for code in chain(finest):
            total[code] += count
    return dict(total)


def raw_tree(
    jobs: Mapping[str, int], *, withheld: Collection[str] = (), area: str = "TX", own: str = "5", year: int = 2024
) -> list[Row]:
    """Rows of raw.qcew for six-digit industries and all above; every six-digit industry has two establishments."""
    establishments = add_up(dict.fromkeys(jobs, 2))
    return [
        raw_cell(
            code,
            None if code in withheld else count,
            area=area,
            own=own,
            year=year,
            establishments=float(establishments[code]),
        )
        for code, count in add_up(jobs).items()
    ]


def naics_home(code: str, home: str, code_system: str = "naics_2022") -> Row:
    """A row of seed.naics_home; `home` is `cluster` or `cluster/sub_cluster`."""
    cluster, _, sub_cluster = home.partition("/")
    return {
        "code_system": code_system,
        "naics_code": code,
        "cluster_id": cluster,
        "sub_cluster_id": sub_cluster or None,
    }


def industry_table(
    run_sql: Callable[..., pl.DataFrame], cells: list[Row], homes: "list[Row] | pl.DataFrame"
) -> pl.DataFrame:
    """The rows of core.qcew_industry for rows of raw.qcew and of seed.naics_home."""
    raw: Tables = {"raw.qcew": cells}
    placed = run_sql("core.industry_home", {**raw, "seed.naics_home": homes})
    return run_sql("core.qcew_industry", {**raw, "core.industry_home": placed})


def core_industry(code: str, home: str | None, *, sums: str = "both", year: int = 2024) -> Row:
    """A row of core.qcew_industry; `home` is `cluster` or `cluster/sub_cluster`, None when the industry is mixed.

    `sums` says what the industry is summed for: both, cluster, sub_cluster or none.
    """
    cluster, _, sub_cluster = (home or "").partition("/")
    return {
        "year": year,
        "naics_code": code,
        "depth": depth_of(code),
        "cluster_id": cluster or None,
        "sub_cluster_id": sub_cluster or None,
        "is_cluster_frontier": sums in {"both", "cluster"},
        "is_sub_cluster_frontier": sums in {"both", "sub_cluster"},
    }


def core_cell(
    code: str,
    employment: float | None,
    bounds: tuple[float, float | None] | None = None,
    *,
    area: str = "TX",
    own: str = "5",
    year: int = 2024,
    **figures: float | None,
) -> Row:
    """A row of core.qcew_cell: as `raw_cell`, with low and high where it is withheld."""
    low, high = bounds or (employment, employment)
    row = raw_cell(code, employment, area=area, own=own, year=year, **figures)
    return {**row, "employment_low": low, "employment_high": high}
