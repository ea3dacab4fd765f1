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

    from pipelines.reports import charts, guide, notebook, queries


@app.cell(hide_code=True)
def _():
    database = notebook.published()
    with queries.open_database(database) as _release:
        release = queries.release(_release)
        tables = _release.sql(
            """
            select schema_name || '.' || table_name as name, estimated_size as rows, comment as description
            from duckdb_tables()
            order by case schema_name when 'marts' then 1 when 'reference' then 2 when 'quality' then 3 else 4 end, name
            """
        ).pl()
        clusters = queries.clusters(_release, ["US"])
        total = queries.totals(_release, ["US"]).row(0, named=True)
        states = queries.states_compared(_release)
        cross_cutting = queries.cross_cutting(_release)
        accuracy = queries.accuracy(_release)
        vintages = queries.vintages(_release)
    return accuracy, clusters, cross_cutting, database, release, states, tables, total, vintages


@app.cell(hide_code=True)
def _(release, tables):
    mo.vstack(
        [
            notebook.STYLE,
            mo.md("# A tour of the database"),
            mo.md(
                f"Release {release['release_id']}: {tables.height} tables. Everything on this page is asked of the "
                "published file, read only. What every column means is in the release's `catalogue.html`, too."
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
    with queries.open_database(database) as _release:
        _columns = _release.sql(
            """
            select column_name, data_type, is_nullable, comment
            from duckdb_columns()
            where schema_name = $schema and table_name = $name
            order by column_index
            """,
            params={"schema": _schema, "name": _name},
        ).pl()
        _first = _release.table(table.value).limit(200).pl()
    _about = tables.row(by_predicate=pl.col("name") == table.value, named=True)
    mo.vstack(
        [
            notebook.heading("What is in a table"),
            table,
            notebook.bullets([f"{_about['rows']:,} rows.", *str(_about["description"]).splitlines()]),
            notebook.heading("Its columns", 3),
            notebook.table(
                _columns,
                {
                    "column_name": "Column",
                    "data_type": "Type",
                    "is_nullable": "may be missing",
                    "comment": "Meaning",
                },
                page_size=40,
            ),
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
def _(clusters, total):
    mo.vstack(
        [
            notebook.heading("The nation by cluster"),
            mo.md("`marts.cluster_indicators`, through `queries.clusters`: each job once, with 90 % intervals."),
            notebook.picture(
                charts.clusters_ranked(clusters, total["wage_p50_usd"]),
                "Clusters in the nation by jobs",
                "Jobs, location quotients and median wages; the figures are in the table below.",
            ),
            notebook.table(
                clusters,
                {
                    "cluster_name": "Cluster",
                    "employment": "Jobs, each once",
                    "other_employment": "in full",
                    "employment_share_pct": "Share",
                    "wage_p10_usd": "Wage, 10 %",
                    "wage_p50_usd": "Median wage",
                    "wage_p90_usd": "Wage, 90 %",
                },
            ),
            mo.md("The same wages from the 10th to the 90th percentile:"),
            notebook.picture(
                charts.wage_ranges(clusters, total["wage_p50_usd"]),
                "Annual wages by cluster in the nation",
                "10th to 90th percentile with the middle half and the median; the figures are in the table above.",
            ),
        ]
    )
    return


@app.cell(hide_code=True)
def _(states, total):
    mo.vstack(
        [
            notebook.heading("States and territories"),
            mo.md("The totals of `marts.cluster_indicators`, through `queries.states_compared`."),
            notebook.picture(
                charts.areas_ranked(states, total["wage_p50_usd"]),
                "States and territories by median wage",
                "Median wages with the middle half; the figures are in the table below.",
            ),
            notebook.table(
                states,
                {
                    "area_name": "Area",
                    "employment": "Jobs",
                    "wage_p25_usd": "Wage, 25 %",
                    "wage_p50_usd": "Median wage",
                    "wage_p75_usd": "Wage, 75 %",
                    "coverage_pct": "Coverage",
                },
                page_size=15,
            ),
        ]
    )
    return


@app.cell(hide_code=True)
def _(cross_cutting):
    mo.vstack(
        [
            notebook.heading("Where cross-cutting jobs sit"),
            mo.md("`marts.cross_cutting_context`, through `queries.cross_cutting`."),
            notebook.picture(
                charts.cross_cutting_homes(cross_cutting),
                "Home clusters of the industries that employ cross-cutting clusters",
                "Shares of jobs in the nation; the figures are in the table below.",
            ),
            notebook.table(
                cross_cutting,
                {
                    "cluster_name": "Cluster",
                    "home_cluster_name": "works in industries of",
                    "employment": "Jobs",
                    "employment_share_pct": "Share",
                },
                page_size=15,
            ),
        ]
    )
    return


@app.cell(hide_code=True)
def _(accuracy, vintages):
    mo.vstack(
        [
            notebook.heading("How far to trust it"),
            mo.md(
                "`quality.method_accuracy`, through `queries.accuracy`: pooled wages held against the publisher's own "
                "figures of SOC major groups."
            ),
            notebook.table(
                accuracy,
                {
                    "area_type": "Areas",
                    "statistic": "Statistic",
                    "groups": "Groups",
                    "median_abs_error_pct": "Typical error",
                    "p90_abs_error_pct": "Nine in ten are under",
                },
            ),
            notebook.heading("Sources"),
            mo.md("`reference.source_vintage`, through `queries.vintages`."),
            notebook.table(
                vintages,
                {
                    "source": "Source",
                    "title": "Title",
                    "vintage": "Edition",
                    "reference_period": "refers to",
                    "status": "Status",
                },
            ),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
