"""Holds the tables of a source against the edition before: a file that is cut short can be well-formed to its end."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from pipelines.errors import BadInputError
from pipelines.paths import REFERENCE
from pipelines.publishers.common import Written
from pipelines.publishers.registry import refuse_parts
from pipelines.publishers.states import postal_code_of_fips
from pipelines.sources import Holding, Known, declared_sources

#: Tables by name, in memory or as Parquet.
Tables = Mapping[str, pl.DataFrame | Written | Path]

#: FIPS codes of the states and the District of Columbia come before those of territories.
_LAST_STATE = "56"
_SHOWN = 5
#: The median of a figure over that of the edition before is between one over this and this.
_MOST_CHANGE = 1.8


def refuse_partial(source: str, files: Iterable[str], tables: Tables, before: Tables, *, fetched: bool = False) -> None:
    """Raise BadInputError for tables that do not add up, or hold less than their source declares, or too much else.

    `before` has the tables of the edition before, or of the bundle; a table that it lacks is held to the codes that
    its source declares as known.
    Files that are declared as parts of a source are held to what the edition before has of their groups. So is a file
    of all states that was not `fetched`: people cut it to the areas they need, and its vintage is named by these.
    """
    declared, names = declared_sources()[source], list(files)
    declarations = [declared.file_of(name) for name in names]
    is_part = all(file is not None and file.part for file in declarations)
    refuse_parts(source, {name: table for name, table in tables.items() if not isinstance(table, Path)}, names)
    for name, holding in declared.holds.items():
        held = _Held(source, name, holding, is_part=is_part or (holding.every_state and not fetched))
        found = _codes(tables[name], holding)
        held.refuse_states(found)
        if name in before:
            held.compare(found, _codes(before[name], holding))
        else:
            held.refuse_unlike_known(found)


def _codes(table: pl.DataFrame | Written | Path, holding: Holding) -> pl.DataFrame:
    """The codes of a table, each once, with their titles and groups."""
    rows = table.lazy() if isinstance(table, pl.DataFrame) else pl.scan_parquet(_path(table), glob=False)
    group = pl.col(holding.codes[0]).str.slice(0, holding.group_chars).alias("group")
    titles = [holding.title] if holding.title else []
    return (
        rows.select(*holding.codes, *titles, *holding.figures, group).unique(holding.codes).collect(engine="streaming")
    )


def _path(table: Written | Path) -> Path:
    return table.path if isinstance(table, Written) else table


class _Held:
    """A table, and what it must hold."""

    def __init__(self, source: str, table: str, holding: Holding, *, is_part: bool) -> None:
        self.source, self.table, self.holding, self.is_part = source, table, holding, is_part

    def fault(self, problem: str, value: object = None, bound: str = "", *, missing: object = None) -> BadInputError:
        if bound:
            problem += f"; if the publisher's list has really changed so much, declare another {bound} in sources.yml"
        return BadInputError(
            source=self.source, file=f"table {self.table}", problem=problem, value=value, missing=missing
        )

    def refuse_states(self, found: pl.DataFrame) -> None:
        if not self.holding.every_state or self.is_part:
            return
        states = {area for fips, area in postal_code_of_fips().items() if fips <= _LAST_STATE} | {"US"}
        if missing := sorted(states - set(found["group"])):
            problem = "states are missing, or the nation: the file is cut short or holds a part of the areas"
            raise self.fault(problem, missing=", ".join(missing[:_SHOWN]))

    def refuse_unlike_known(self, found: pl.DataFrame) -> None:
        """Refuse a first edition that lacks too many of the codes in our own reference data."""
        for known in self.holding.known:
            if self.is_part and known.each is None:
                continue
            wanted = _reference(known)
            here = found.select(pl.col(name).str.slice(0, known.chars) for name in known.codes).unique()
            if known.each is not None:
                wanted = wanted.filter(pl.col(known.each).is_in(here[known.each].unique().implode()))
            group = [known.each or pl.lit("the list").alias("group")]
            lost = wanted.join(here, on=list(known.codes), how="anti", nulls_equal=True)
            sizes = wanted.group_by(group).agg(pl.len().alias("known"))
            cut = lost.group_by(group).agg(pl.len().alias("lost")).join(sizes, on=sizes.columns[0]).sort(pl.first())
            cut = cut.filter(100 * pl.col("lost") > known.lost_pct * pl.col("known"))
            if cut.height:
                where, missing, there = cut.row(0)
                of_it = lost.filter(pl.col(known.each) == where) if known.each else lost
                problem = (
                    f"{missing:,} of the {there:,} codes that {where} has in reference/{known.file} are missing: the "
                    f"file may be cut short"
                )
                raise self.fault(problem, bound="known", missing=_first_rows(of_it))

    def compare(self, found: pl.DataFrame, known: pl.DataFrame) -> None:
        holding, codes = self.holding, list(self.holding.codes)
        missing = sorted(set(known["group"]) - set(found["group"]))
        if self.is_part:
            known = known.filter(pl.col("group").is_in(found["group"].unique().implode()))
        elif missing and holding.every_group:
            problem = (
                "groups of the edition before are missing altogether: the file is cut short, or codes have changed"
            )
            raise self.fault(problem, missing=", ".join(missing[:_SHOWN]))
        lost, new = (
            known.join(found, on=codes, how="anti", nulls_equal=True),
            found.join(known, on=codes, how="anti", nulls_equal=True),
        )
        for bound, rows, words, kind in (
            ("lost_pct", lost, "are missing: the file may be cut short", "missing"),
            ("new_pct", new, "are new: the file may hold something else", "value"),
        ):
            most = getattr(holding, bound)
            if most is not None and 100 * rows.height > most * known.height:
                problem = (
                    f"{rows.height:,} codes, over {most:g} % of the {known.height:,} of the edition before, {words}"
                )
                raise self.fault(problem, bound=bound, **{kind: self.shown(rows)})
        self.compare_groups(lost, known)
        self.compare_figures(found, known)
        if holding.title is not None:
            old = known.select(*codes, pl.col(holding.title).alias("old"))
            renamed = found.join(old, on=codes, nulls_equal=True).filter(pl.col(holding.title) != pl.col("old"))
            if 100 * renamed.height > holding.renamed_pct * known.height:
                problem = f"{renamed.height:,} codes, over {holding.renamed_pct:g} %, have another title than before"
                raise self.fault(problem, self.shown(renamed), "renamed_pct")

    def compare_groups(self, lost: pl.DataFrame, known: pl.DataFrame) -> None:
        most = self.holding.group_lost_pct
        if most is None:
            return
        size = known.group_by("group").agg(pl.len().alias("known"))
        cut = lost.group_by("group").agg(pl.len().alias("lost")).join(size, on="group").sort("group")
        cut = cut.filter(100 * pl.col("lost") > most * pl.col("known"))
        if cut.height:
            group, missing, there = cut.row(0)
            problem = f"{missing:,} of the {there:,} codes of {group} in the edition before are missing"
            raise self.fault(problem, bound="group_lost_pct", missing=self.shown(lost.filter(pl.col("group") == group)))

    def compare_figures(self, found: pl.DataFrame, known: pl.DataFrame) -> None:
        """Refuse figures of another unit, of a decade in place of a year, or of another column."""
        both = found.join(known, on=list(self.holding.codes), suffix=" before", nulls_equal=True)
        for name in self.holding.figures:
            ratio = (
                both.filter(pl.col(f"{name} before") > 0).select(pl.col(name) / pl.col(f"{name} before")).to_series()
            )
            median = ratio.median()
            if isinstance(median, float) and not 1 / _MOST_CHANGE <= median <= _MOST_CHANGE:
                problem = (
                    f"the median of {name} is {median:.3g} times that of the edition before: another unit or column"
                )
                raise self.fault(problem, median)

    def shown(self, rows: pl.DataFrame) -> str:
        """The first codes of some rows, for a message."""
        return _first_rows(rows.select(self.holding.codes))


def _first_rows(rows: pl.DataFrame) -> str:
    return ", ".join("/".join(map(str, row)) for row in rows.sort(pl.all()).rows()[:_SHOWN])


def _reference(known: Known) -> pl.DataFrame:
    """The codes of a file of reference data, each once, under the names of the table's columns."""
    path = REFERENCE / known.file
    rows = pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(path, glob=False)
    return rows.select(
        pl.col(theirs).str.slice(0, known.chars).alias(ours) for ours, theirs in known.codes.items()
    ).unique()
