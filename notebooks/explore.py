"""A tour of the published database: what is in it, which table answers which question, live queries and pictures.

`lmi notebook explore` serves it as a page on this machine, `lmi notebook explore --edit` opens it for changes, and
`python notebooks/explore.py` runs it through once. It reads the published database, read only.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="A tour of the database")

with app.setup:
    import marimo as mo
    import polars as pl

    from pipelines.reports import guide, notebook
    from pipelines.reports.profile import profiles
    from pipelines.reports.release import open_release
    from pipelines.reports.sections import section


@app.cell(hide_code=True)
def _():
    database = notebook.published()
    with open_release(database) as _release:
        facts = _release.facts
        tables = _release.connection.sql(
            """
            select schema_name || '.' || table_name as name, estimated_size as rows, comment as description
            from duckdb_tables()
            order by case schema_name when 'marts' then 1 when 'reference' then 2 when 'quality' then 3 else 4 end, name
            """
        ).pl()
    return database, facts, tables


@app.cell(hide_code=True)
def _(facts, tables):
    mo.vstack(
        [
            notebook.STYLE,
            mo.md("# A tour of the database"),
            mo.md(
                f"Release {facts['release_id']}: {tables.height} tables. Everything on this page is read from the "
                "published file. What every column means is in the release's `catalogue.html`, too."
            ),
            notebook.heading("Which table answers which question"),
            mo.md(guide.section("Which table answers which question")),
            notebook.heading("Five rules that keep figures right"),
            mo.md(guide.section("Five rules that keep figures right")),
        ]
    )
    return


@app.cell(hide_code=True)
def _(tables):
    table = mo.ui.dropdown(
        tables["name"].to_list(),
        value="marts.cluster_indicators",
        label="Table",
        searchable=True,
        allow_select_none=False,
    )
    return (table,)


@app.cell(hide_code=True)
def _(database, table, tables):
    _schema, _name = table.value.split(".")
    with open_release(database) as _release:
        _columns = _release.connection.sql(
            """
            select
                column_name as "Column",
                data_type as "Type",
                if(is_nullable, 'yes', 'no') as "may be missing",
                comment as "Meaning"
            from duckdb_columns()
            where schema_name = $schema and table_name = $name
            order by column_index
            """,
            params={"schema": _schema, "name": _name},
        ).pl()
        _first = _release.connection.table(table.value).limit(200).pl()
    _about = tables.row(by_predicate=pl.col("name") == table.value, named=True)
    mo.vstack(
        [
            notebook.heading("What is in a table"),
            table,
            mo.plain_text(f"{_about['rows']:,} rows. {_about['description']}"),
            notebook.heading("Its columns", 3),
            mo.ui.table(_columns, selection=None, page_size=40, wrapped_columns=["Meaning"]),
            notebook.heading("Its first rows", 3),
            mo.ui.table(_first, selection=None, page_size=8),
        ]
    )
    return


@app.cell(hide_code=True)
def _():
    # comparing releases needs a second file, which this page does not open
    _asked = {f"{q.number}. {q.title}": q for q in guide.questions() if "attach " not in q.sql}
    question = mo.ui.dropdown(
        _asked,
        value=next(name for name in _asked if "over-represented" in name),
        label="Question",
        searchable=True,
        allow_select_none=False,
    )
    return (question,)


@app.cell(hide_code=True)
def _(question):
    sql = mo.ui.code_editor(question.value.sql, language="sql", label="SQL")
    return (sql,)


@app.cell(hide_code=True)
def _(database, question, sql):
    mo.vstack(
        [
            notebook.heading("Ask"),
            mo.md("Choose a question of the analyst's guide (`docs/analysts.md`), or write your own: change the SQL."),
            question,
            mo.md(question.value.words),
            sql,
            notebook.ask(database, sql.value),
        ]
    )
    return


@app.cell(hide_code=True)
def _(database, tables):
    # sections of `lmi report`, on the nation
    with open_release(database) as _release:
        (_profile,) = profiles(_release, [_release.areas["US"]])
        _shown = [
            notebook.show(section(_anchor), _profile)
            for _anchor in ("clusters", "wages", "areas", "cross-cutting", "reading", "sources")
        ]
        _accuracy = _release.connection.table("quality.method_accuracy").pl()
    notebook.tell(
        f"Went through {tables.height} tables and {len(_shown)} sections of {database}. "
        "`lmi notebook explore` shows them as a page."
    )
    mo.vstack(
        [
            *_shown,
            notebook.heading("How far to trust the pooled wages"),
            mo.md("`quality.method_accuracy`: pooled wages compared with the publisher's own figures of SOC groups."),
            mo.ui.table(_accuracy, selection=None, page_size=15),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
