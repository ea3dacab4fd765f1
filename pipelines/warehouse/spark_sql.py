"""DuckDB's SQL as Spark's: sqlglot carries it over, and the rewrites here say what Spark has no words for."""

from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import UnsupportedError

from pipelines.tables import TableName
from pipelines.warehouse.spark import view_name

#: The names of the columns of a query in DuckDB's SQL.
ColumnsOf = Callable[[str], list[str]]


def spark_lacks(sql: str) -> bool:
    """Whether a query is none for Spark: one that repeats itself and drops the rows that it has, `with recursive`."""
    return any(
        isinstance(cte.this, exp.Union)
        and bool(cte.this.args.get("distinct"))
        and cte.alias in {table.name for table in cte.this.find_all(exp.Table) if not table.db}
        for cte in sqlglot.parse_one(sql, read="duckdb").find_all(exp.CTE)
    )


def to_spark(sql: str, columns_of: ColumnsOf) -> str:
    """A query for Spark over the views of `view_name`. `columns_of` is asked where columns are not written out.

    Raises sqlglot's UnsupportedError for what Spark lacks, or would read in another way.
    """
    query = sqlglot.parse_one(sql, read="duckdb")
    for select in query.find_all(exp.Select):
        if sum(len(list(column.find_all(exp.Unnest, exp.Explode))) for column in select.expressions) > 1:
            raise UnsupportedError("two lists side by side in one SELECT: Spark would pair each item with each")
    _write_stars_out(query, columns_of)
    _unite_by_position(query, columns_of)
    _write_windows_out(query)
    _round_alike(query)
    for cte in query.find_all(exp.CTE):
        cte.set("materialized", None)
    _name_views(query)
    return query.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE, comments=False)


def _columns(part: exp.Query, query: exp.Expr, columns_of: ColumnsOf) -> list[str]:
    """The columns of a part of a query, which may read the query's CTEs."""
    ctes = query.find(exp.With)
    inside = part.find_ancestor(exp.CTE)
    alone = part.copy()
    for cte in ctes.expressions if ctes and not part.find(exp.With) else ():
        if cte is inside:
            break
        alone = alone.with_(cte.alias, as_=cte.this)
    return columns_of(alone.sql(dialect="duckdb"))


def _write_stars_out(query: exp.Expr, columns_of: ColumnsOf) -> None:
    """`* replace (...)` of one table becomes its columns in order."""
    for select in list(query.find_all(exp.Select)):
        written: list[exp.Expr] = []
        for column in select.expressions:
            replaced = column.args.get("replace") if isinstance(column, exp.Star) else None
            if not replaced:
                written.append(column)
                continue
            new = {each.alias: each for each in replaced}
            names = _columns(select.copy().select(column.copy(), append=False), query, columns_of)
            written += [new.get(name) or exp.column(name) for name in names]
        select.set("expressions", written)


def _unite_by_position(query: exp.Expr, columns_of: ColumnsOf) -> None:
    """`union by name` becomes a union by position, in which a column that a side lacks is missing."""
    for union in reversed([each for each in query.find_all(exp.SetOperation) if each.args.get("by_name")]):
        names = _columns(union, query, columns_of)
        for side in ("left", "right"):
            part = getattr(union, side)
            has = set(_columns(part, query, columns_of))
            columns = [exp.column(name) if name in has else exp.alias_(exp.null(), name) for name in names]
            union.set("this" if side == "left" else "expression", exp.select(*columns).from_(part.subquery("side")))
        union.set("by_name", None)


def _write_windows_out(query: exp.Expr) -> None:
    """What Spark lacks in windows: those that build on a named one, a frame of `lag` and `lead`, distinct counts."""
    for select in query.find_all(exp.Select):
        named = {each.name: each for each in select.args.get("windows") or ()}
        for window in list(select.find_all(exp.Window)):
            base = named.get(window.alias)
            if base is not None and (window.args.get("order") or window.args.get("spec")):
                window.set("alias", None)
                window.set("over", "OVER")
                for key in ("partition_by", "order", "spec"):
                    if not window.args.get(key) and base.args.get(key):
                        value = base.args[key]
                        window.set(key, [each.copy() for each in value] if isinstance(value, list) else value.copy())
            if isinstance(window.this, exp.Lag | exp.Lead):
                window.set("spec", None)
            if isinstance(window.this, exp.Count) and isinstance(window.this.this, exp.Distinct):
                window.set("this", exp.ArrayUniqueAgg(this=window.this.this.expressions[0]))
                window.replace(exp.ArraySize(this=window.copy()))


def _is_decimal(value: exp.Expr) -> bool:
    """Whether a value, or what is added up in it, is cast to a decimal where it stands."""
    inside = value.this if isinstance(value, exp.AggFunc) else value
    return isinstance(inside, exp.Cast) and bool(inside.is_type("decimal"))


def _in_units(value: exp.Expr, digits: int) -> exp.Expr:
    """A double rounded as a whole number of units of its last digit."""
    unit = exp.cast(exp.Literal.number(10**digits), "double")
    whole = exp.Round(this=exp.Mul(this=exp.paren(value.copy()), expression=unit))
    return exp.paren(exp.Div(this=whole, expression=unit.copy(), typed=False, safe=True))


def _round_alike(query: exp.Expr) -> None:
    """Doubles are rounded, and cast to decimals, as DuckDB does it: as a whole number of units of the last digit.

    Spark rounds the digits that a double is written with, which may lie on the other side of a half.
    """
    for each in reversed(list(query.find_all(exp.Round, exp.Cast))):  # inner ones first
        if _is_decimal(each.this):
            continue
        if isinstance(each, exp.Cast):
            if each.is_type("decimal") and not isinstance(each.this, exp.Literal):
                each.set("this", _in_units(each.this, int(each.to.expressions[1].name)))
            continue
        digits = each.args.get("decimals")
        if digits is None:
            continue
        if not digits.is_int:
            raise UnsupportedError("a number of digits that is not written out: Spark would round in another way")
        each.replace(_in_units(each.this, int(digits.name)))


def _name_views(query: exp.Expr) -> None:
    for table in query.find_all(exp.Table):
        if table.db:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(view_name(TableName(table.db, table.name))))
            table.set("db", None)
