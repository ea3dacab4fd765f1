"""The labor market of a state by Career Cluster: choose state, area, basis and policy, and everything follows.

`lmi notebook` serves it as a page on this machine, `lmi notebook --edit` opens it for changes, and
`python notebooks/state_report.py -- --state WY` runs it through once. It reads the published database, read only.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="State report by Career Cluster")

with app.setup:
    import marimo as mo
    import polars as pl

    from pipelines.policies.words import ASSIGNMENTS, COMBINED, FLAG_WORDS, MEASURES, figure_words
    from pipelines.reports import boundaries, charts, notebook, queries
    from pipelines.reports.format import cell, count, dollars, edition, month, ratio


@app.cell(hide_code=True)
def _():
    database = notebook.published()
    with queries.open_database(database) as _release:
        release = queries.release(_release)
        vintages = queries.vintages(_release)
        areas = queries.areas(_release)
        _has = queries.tables(_release)
        policies = queries.policies(_release) if "reference.policy" in _has else None
        default_policies = queries.default_policies(_release) if "reference.overlay" in _has else {}
        bases = queries.bases(_release, areas["area_id"].to_list())
    return areas, bases, database, default_policies, policies, release, vintages


@app.cell(hide_code=True)
def _(areas):
    _states = areas.filter(pl.col("area_type") == "state")
    _options = {f"{name} ({code})": code for code, name in _states.select("area_id", "area_name").iter_rows()}
    _names = {code: name for name, code in _options.items()}
    _asked = str(mo.cli_args().get("state") or mo.query_params().get("state") or "OH").upper()
    state = mo.ui.dropdown(
        _options,
        value=_names.get(_asked, next(iter(_options))),
        label="State",
        searchable=True,
        allow_select_none=False,
    )
    return (state,)


@app.cell(hide_code=True)
def _(areas, state):
    _within = areas.filter((pl.col("state_id") == state.value) | (pl.col("area_id") == state.value))
    _options = {
        f"{name}" if kind == "metro" else f"{name} (the whole {kind})" if kind == "state" else f"{name} ({kind})": code
        for code, name, kind in _within.select("area_id", "area_name", "area_type").iter_rows()
    }
    area = mo.ui.dropdown(_options, value=next(iter(_options)), label="Area", searchable=True, allow_select_none=False)
    return (area,)


@app.cell(hide_code=True)
def _(bases, state):
    # a state's overlay has bases of its own, in its areas only
    _said = {True: "every job once", False: "every job in each of its clusters"}
    _options = {
        (f"{title}: " if title else "") + f"{_said[queries.is_counted_once(name)]} ({name})": name
        for name, title in bases.filter(pl.col("area_id") == state.value).select("basis", "overlay_title").iter_rows()
    }
    basis = mo.ui.dropdown(
        _options,
        value=next(iter(_options)),
        label="Basis",
        allow_select_none=False,
    )
    return (basis,)


@app.cell(hide_code=True)
def _(default_policies, policies, state):
    # a state's own rules, and those of no state, which are applied everywhere
    if policies is None:
        policy = mo.ui.dropdown(
            {"no policies in this release": ""}, value="no policies in this release", label="Policy"
        )
    else:
        _here = policies.filter(pl.col("state_id").is_null() | (pl.col("state_id") == state.value))
        _options = dict(_here.select("policy_title", "policy").iter_rows())
        _default = default_policies.get(state.value)
        policy = mo.ui.dropdown(
            _options,
            value=next((title for title, name in _options.items() if name == _default), next(iter(_options))),
            label="Policy",
            allow_select_none=False,
        )
    return (policy,)


@app.cell(hide_code=True)
def _(area, basis, policy, release, state):
    mo.vstack(
        [
            notebook.STYLE,
            mo.md("# Labor market by Career Cluster"),
            mo.hstack([state, area, basis, policy], justify="start", wrap=True, gap=1.5),
            mo.md(f"Release {release['release_id']}; figures by occupation are of {month(release['period'])}."),
        ]
    )
    return


@app.cell(hide_code=True)
def _(area, basis, database, policy, state):
    with queries.open_database(database) as _release:
        _here = [area.value]
        _has = queries.tables(_release)
        total = queries.totals(_release, _here, basis.value).row(0, named=True)
        clusters = queries.clusters(_release, _here, basis.value)
        sub_clusters = queries.sub_clusters(_release, _here, basis.value)
        occupations = queries.occupations(_release, _here, per_cluster=15, basis=basis.value)
        concentrated = queries.concentrations(_release, _here, basis.value, per_area=3)
        compared = queries.compared_areas(_release, [state.value])
        metro_counties = queries.metro_counties(_release, [state.value])
        states = queries.states_compared(_release)
        industries = queries.industries(_release, _here) if "marts.industry_indicators" in _has else pl.DataFrame()
        cross_cutting = queries.cross_cutting(_release)
        accuracy = queries.accuracy(_release)
        _nothing = pl.DataFrame()
        if "marts.cluster_outlook" in _has:
            outlook = queries.cluster_outlook(_release, _here, basis.value)
            education = queries.education_mix(_release, _here, basis.value)
        else:
            outlook, education = _nothing, _nothing
        if policy.value and "marts.occupation_flag" in _has:
            flags = queries.flags(_release, _here, policy.value)
            thresholds = queries.flag_thresholds(_release, _here, policy.value)
            shares = queries.flag_shares(_release, _here, policy.value, basis.value)
        else:
            flags, thresholds, shares = _nothing, _nothing, _nothing
    name = total["area_name"]
    return (
        accuracy,
        clusters,
        compared,
        concentrated,
        cross_cutting,
        education,
        flags,
        industries,
        metro_counties,
        name,
        occupations,
        outlook,
        shares,
        states,
        sub_clusters,
        thresholds,
        total,
    )


@app.cell(hide_code=True)
def _(basis, clusters, concentrated, name, total, vintages):
    _shown = clusters.filter(pl.col("employment").is_not_null())
    _withheld = clusters.filter(pl.col("status") == "withheld")["cluster_name"].to_list()
    _sure = pl.col("reliability").is_in(["A", "B"])
    _weak = _shown.filter(pl.col("reliability").is_in(["C", "D"]))["cluster_name"].to_list()
    _best = _shown.filter(pl.col("wage_p50_usd").is_not_null() & _sure)
    _facts = [
        f"{name} has {cell(total, 'employment')} wage and salary jobs with a median wage of "
        f"{cell(total, 'wage_p50_usd')} a year."
    ]
    if _shown.height:
        _first = _shown.row(0, named=True)
        _facts.append(
            f"The largest cluster is {_first['cluster_name']}: {count(_first['employment'])} jobs, "
            f"{cell(_first, 'employment_share_pct')} of all."
        )
    if concentrated.height:
        _facts.append(
            "Most over-represented against the nation: "
            + "; ".join(f"{row['cluster_name']} ({ratio(row['location_quotient'])})" for row in concentrated.to_dicts())
            + "."
        )
    if _best.height:
        _top = _best.sort("wage_p50_usd", descending=True).row(0, named=True)
        _facts.append(f"Best paid at the median: {_top['cluster_name']}, {cell(_top, 'wage_p50_usd')} a year.")
    if _weak:
        _facts.append(f"Read with care, for their sampling error is large (grade C or D): {', '.join(_weak)}.")
    if _withheld:
        _facts.append(f"Withheld by the publisher: {', '.join(_withheld)}.")
    if not queries.is_counted_once(basis.value):
        _facts.append("On this basis a job counts in each of its clusters: do not add clusters up.")
    _old = vintages.filter(pl.col("status") != "ok")
    _facts += [f"{row['title']} ({row['vintage']}) {edition(row['status'])}." for row in _old.to_dicts()]
    mo.vstack([notebook.heading(f"{name} at a glance"), notebook.bullets(_facts)])
    return


@app.cell(hide_code=True)
def _(clusters, name, total):
    mo.vstack(
        [
            notebook.heading("Clusters by jobs"),
            notebook.picture(
                charts.clusters_ranked(clusters, total["wage_p50_usd"]),
                f"Clusters in {name} by jobs",
                "Jobs with 90 % intervals, location quotients and median wages; the figures are in the table below.",
            ),
            notebook.table(
                clusters,
                {
                    "cluster_name": "Cluster",
                    "employment": "Jobs",
                    "employment_low": "at least",
                    "employment_high": "at most",
                    "reliability": "Grade",
                    "employment_share_pct": "Share",
                    "us_employment_share_pct": "Share in the nation",
                    "location_quotient": "Location quotient",
                    "wage_p50_usd": "Median wage",
                    "wage_premium_pct": "against all jobs",
                    "coverage_pct": "Coverage",
                },
            ),
        ]
    )
    return


@app.cell(hide_code=True)
def _(clusters, name, total):
    mo.vstack(
        [
            notebook.heading("Wages within clusters"),
            notebook.picture(
                charts.wage_ranges(clusters, total["wage_p50_usd"]),
                f"Annual wages by cluster in {name}",
                "10th to 90th percentile with the middle half and the median; the figures are in the table below.",
            ),
            notebook.table(
                clusters.sort("wage_p50_usd", descending=True, nulls_last=True),
                {
                    "cluster_name": "Cluster",
                    "wage_p10_usd": "10 % earn less than",
                    "wage_p25_usd": "25 %",
                    "wage_p50_usd": "50 %",
                    "wage_p75_usd": "75 %",
                    "wage_p90_usd": "90 %",
                    "wage_mean_usd": "Mean",
                    "wage_coverage_pct": "Coverage",
                },
            ),
        ]
    )
    return


@app.cell(hide_code=True)
def _(education, name, outlook):
    if outlook.is_empty():
        _parts = [mo.md("This release has no projections for this area; they are made for the nation and the states.")]
    else:
        _of_all = outlook.filter(pl.col("level") == "all")
        _said = outlook["projection_period"][0]
        _parts = [
            mo.md(
                f"Projections of {_said}. They count self-employed people, which the jobs above do not. Openings a "
                "year are neither vacancies nor a shortage of workers."
            ),
            notebook.picture(
                charts.outlook_ranked(outlook, _of_all["growth_pct"][0] if _of_all.height else None),
                f"Clusters in {name} by openings a year",
                "Openings a year and growth over the period; the figures are in the table below.",
            ),
            notebook.table(
                outlook,
                {
                    "cluster_name": "Cluster",
                    "base_jobs": "Jobs in the base year",
                    "growth_pct": "Growth",
                    "annual_openings": "Openings a year",
                    "openings_rate_pct": "of the jobs",
                    "middle_skill_pct": "of them middle-skill",
                    "job_zone_mean": "Job zone, mean",
                    "coverage_pct": "Coverage",
                },
            ),
            notebook.heading("What the openings ask for", 3),
            notebook.picture(
                charts.education_mix(education),
                f"Typical entry education of openings in {name}",
                "Shares of each cluster's openings; the figures are in the table below.",
            ),
            notebook.table(
                education,
                {"cluster_name": "Cluster", "entry_education": "Typical entry education", "openings_pct": "Openings"},
                page_size=9,
            ),
        ]
    mo.vstack([notebook.heading("Outlook"), *_parts])
    return


@app.cell(hide_code=True)
def _(name, policies, policy, shares, thresholds):
    if shares.is_empty():
        _parts = [mo.md("This release has no policy for this area.")]
    else:
        _rule = policies.row(by_predicate=pl.col("policy") == policy.value, named=True)
        _measures = ASSIGNMENTS | {measure: named.words for measure, named in MEASURES.items()}
        _held = [
            f"{FLAG_WORDS[row['flag']].capitalize()}: {_measures[row['measure']]}, held against "
            + (
                row["threshold"]
                if row["threshold_value"] is None
                else figure_words(row["threshold_value"], MEASURES[row["measure"]])
            )
            + "."
            for row in thresholds.to_dicts()
        ]
        _shares = shares.filter(pl.col("level") == "cluster").with_columns(
            pl.col("flag").replace({**FLAG_WORDS, "listed": "on the list"})
        )
        _parts = [
            notebook.bullets(
                [
                    f"{_rule['policy_title']} ({_rule['policy_source']}).",
                    *(
                        f"{called.capitalize()}: {_rule[f'{flag}_rule']}."
                        for flag, called in FLAG_WORDS.items()
                        if _rule[f"{flag}_rule"]
                    ),
                    COMBINED[_rule["combine"]],
                ]
            ),
            notebook.heading("Thresholds here", 3),
            notebook.bullets(_held),
            notebook.picture(
                charts.flag_shares(shares),
                f"Shares of jobs in {name} that the policy flags",
                "Flagged, unknown and not flagged, by cluster; the figures are in the table below.",
            ),
            notebook.table(
                _shares,
                {
                    "cluster_name": "Cluster",
                    "flag": "Flag",
                    "jobs_flagged_pct": "Jobs: yes",
                    "jobs_not_flagged_pct": "no",
                    "jobs_unknown_pct": "unknown",
                    "openings_flagged_pct": "Openings: yes",
                },
                page_size=12,
            ),
        ]
    mo.vstack([notebook.heading("High-skill, high-wage, in-demand"), *_parts])
    return


@app.cell(hide_code=True)
def _(clusters):
    _names = dict(clusters.sort("sort_order").select("cluster_name", "cluster_id").iter_rows())
    cluster = mo.ui.dropdown(
        _names, value=str(clusters["cluster_name"][0]), label="Cluster", searchable=True, allow_select_none=False
    )
    return (cluster,)


@app.cell(hide_code=True)
def _(basis, cluster, flags, occupations, sub_clusters):
    _verdicts = {flag: called.capitalize() for flag, called in FLAG_WORDS.items()}
    _largest = occupations.filter(pl.col("cluster_id") == cluster.value)
    if flags.is_empty():
        _verdicts = {}
    else:
        _largest = _largest.join(flags.select("soc_code", *_verdicts), on="soc_code", how="left", maintain_order="left")
    mo.vstack(
        [
            notebook.heading("Inside a cluster"),
            cluster,
            notebook.heading("Sub-clusters", 3),
            notebook.table(
                sub_clusters.filter(pl.col("cluster_id") == cluster.value),
                {
                    "sub_cluster_name": "Sub-cluster",
                    "employment": "Jobs",
                    "reliability": "Grade",
                    "location_quotient": "Location quotient",
                    "wage_p25_usd": "Wage, 25 %",
                    "wage_p50_usd": "Median wage",
                    "wage_p75_usd": "Wage, 75 %",
                    "coverage_pct": "Coverage",
                    "scope_note": "What belongs there",
                },
            ),
            notebook.heading("Largest occupations", 3),
            mo.md(
                "Jobs of the area, and those of them that count in this cluster when every job is counted once."
                if queries.is_counted_once(basis.value)
                else "Jobs of the area; on this basis all of them count in this cluster."
            ),
            notebook.table(
                _largest,
                {
                    "occupation_name": "Occupation",
                    "soc_code": "SOC",
                    "employment": "Jobs",
                    "cluster_employment": "of them here",
                    "reliability": "Grade",
                    "wage_p10_usd": "Wage, 10 %",
                    "wage_p50_usd": "Median wage",
                    "wage_p90_usd": "Wage, 90 %",
                    **_verdicts,
                },
            ),
        ]
    )
    return


@app.cell(hide_code=True)
def _(area, industries, name):
    _columns = {
        "cluster_name": "Cluster of the industry",
        "establishments": "Establishments",
        "employment": "Jobs",
        "employment_low": "at least",
        "employment_high": "at most",
        "pay_annual_avg_usd": "Average pay",
        "location_quotient": "Location quotient",
        "employment_change_pct": "Change on the year before",
    }
    if industries.is_empty():
        _shown = mo.md("This release has no figures by industry for this area.")
    else:
        _shown = mo.vstack(
            [
                mo.md(
                    f"Jobs by who employs people, whatever they do, in {industries['year'][0]}. These do not match the "
                    "jobs by occupation above and are not meant to."
                ),
                notebook.picture(
                    charts.industry_jobs(industries),
                    f"Jobs by cluster of the industry in {name}",
                    "Jobs with the bounds of what is withheld; the figures are in the table below.",
                ),
                notebook.table(industries, _columns),
            ]
        )
    mo.vstack([notebook.heading("The employers' side"), _shown])
    return


@app.cell(hide_code=True)
def _(cross_cutting):
    mo.vstack(
        [
            notebook.heading("Where the people of the cross-cutting clusters work"),
            mo.md("In the nation: shares of each cluster's jobs by the home cluster of the industry."),
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
                    "wage_mean_usd": "Mean wage",
                },
                page_size=15,
            ),
        ]
    )
    return


@app.cell(hide_code=True)
def _(area, clusters, compared, metro_counties, name, states, total):
    _columns = {
        "area_name": "Area",
        "employment": "Jobs",
        "wage_p25_usd": "Wage, 25 %",
        "wage_p50_usd": "Median wage",
        "wage_p75_usd": "Wage, 75 %",
        "coverage_pct": "Coverage",
    }
    _parts = [
        notebook.heading("Compared"),
        notebook.heading("With the nation", 3),
        notebook.picture(
            charts.against_nation(clusters, name),
            f"Clusters of {name} against the nation",
            "Share of jobs and median wage; the figures are in the table of clusters.",
        ),
    ]
    if compared.height:
        _parts += [
            notebook.heading("Metro and nonmetro areas of the state", 3),
            notebook.picture(
                charts.areas_ranked(compared, total["wage_p50_usd"], here=area.value),
                "Areas by median wage",
                "Median wages with the middle half; the figures are in the table below.",
            ),
        ]
        _outlines = boundaries.state_topology(metro_counties["state_fips"][0]) if metro_counties.height else None
        _map = charts.areas_map(metro_counties, _outlines)
        if _map is not None:
            _parts += [
                notebook.picture(
                    _map,
                    "Metro areas by median wage, on a map of counties",
                    "Counties in the color of their metro area's median wage; the figures are in the table below.",
                ),
                mo.md(
                    "Counties in the color of their metro area. Metro areas that reach in from another state are "
                    "drawn, too; counties without a color lie outside metro areas."
                ),
            ]
        _parts.append(notebook.table(compared, _columns))
    _parts += [notebook.heading("All states and territories", 3), notebook.table(states, _columns)]
    mo.vstack(_parts)
    return


@app.cell(hide_code=True)
def _(accuracy, vintages):
    _error = accuracy.filter((pl.col("area_type") == "state") & (pl.col("statistic") == "p50"))
    _typical = f"{_error['median_abs_error_pct'][0]:.1f} %" if _error.height else "not measured"
    mo.vstack(
        [
            notebook.heading("How to read these figures"),
            notebook.bullets(
                [
                    "Jobs are wage and salary jobs by occupation; the self-employed, farms and private households are "
                    "not among them.",
                    "Grades tell the sampling error of jobs: A under 10 %, B under 20 %, C under 30 %, D 30 % and "
                    "more. 'at least' and 'at most' are a 90 % interval; for industries they bound what is withheld.",
                    "A location quotient of 1 means as common as in the nation, 2 twice as common.",
                    "Wage percentiles are pooled from the occupations' own, never averaged; held against published "
                    f"groups in states, the median is off by {_typical} (half of the groups by less).",
                    "Coverage is the share of the cluster's occupations that the area publishes. Nothing is filled in, "
                    "and nothing withheld is shown as zero.",
                    f"A wage such as >= {dollars(239200)} is a lower bound, because the publisher gives no more.",
                ]
            ),
            notebook.heading("Sources"),
            notebook.table(
                vintages,
                {
                    "publisher": "Publisher",
                    "title": "Source",
                    "vintage": "Edition",
                    "reference_period": "refers to",
                    "status": "Status",
                    "attribution": "Attribution",
                },
            ),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
