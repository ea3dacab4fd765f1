"""The labor market of a state by Career Cluster: choose state, area, basis and policy, and everything follows.

`lmi notebook` serves it as a page on this machine, `lmi notebook --edit` opens it for changes, and
`python notebooks/state_report.py -- --state WY` runs it through once. It reads the published database, read only, and
shows the sections of `lmi report` (`pipelines/reports/sections`).
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="State report by Career Cluster")

with app.setup:
    import marimo as mo
    import polars as pl

    from pipelines.reports import notebook
    from pipelines.reports.areas import find_area
    from pipelines.reports.format import month
    from pipelines.reports.profile import profiles
    from pipelines.reports.release import is_counted_once, open_release
    from pipelines.reports.sections import shown


@app.cell(hide_code=True)
def _():
    database = notebook.published()
    with open_release(database) as _release:
        facts, areas, policies = _release.facts, _release.areas, _release.policies
        bases = _release.ask("bases", areas=list(areas))
        default_policies = {each.area_id: _release.policy_of(each) for each in areas.values()}
    return areas, bases, database, default_policies, facts, policies


@app.cell(hide_code=True)
def _(areas):
    _options = {
        f"{each.title} ({each.area_id})": each.area_id for each in areas.values() if each.is_state or each.is_nation
    }
    _asked = str(mo.cli_args().get("state") or mo.query_params().get("state") or "OH")
    asked = notebook.or_stop(lambda: find_area(areas.values(), _asked))
    _of_state = asked.area_id if asked.area_id in _options.values() else asked.state_id
    state = mo.ui.dropdown(
        _options,
        value=next(name for name, code in _options.items() if code == _of_state),
        label="State",
        searchable=True,
        allow_select_none=False,
    )
    return asked, state


@app.cell(hide_code=True)
def _(areas, asked, state):
    _within = [each for each in areas.values() if state.value in (each.area_id, each.state_id)]
    _said = {"metro": "{}", "state": "{} (the whole state)", "national": "{} (the whole nation)"}
    _options = {_said.get(each.area_type, "{} (" + each.area_type + ")").format(each.title): each for each in _within}
    area = mo.ui.dropdown(
        _options,
        value=next((name for name, each in _options.items() if each == asked), next(iter(_options))),
        label="Area",
        searchable=True,
        allow_select_none=False,
    )
    return (area,)


@app.cell(hide_code=True)
def _(bases, state):
    # a state's overlay has bases of its own, in its areas only
    _said = {True: "every job once", False: "every job in each of its clusters"}
    _options = {
        (f"{title}: " if title else "") + f"{_said[is_counted_once(name)]} ({name})": name
        for name, title in bases.filter(pl.col("area_id") == state.value).select("basis", "overlay_title").iter_rows()
    }
    basis = mo.ui.dropdown(_options, value=next(iter(_options)), label="Basis", allow_select_none=False)
    return (basis,)


@app.cell(hide_code=True)
def _(default_policies, policies, state):
    # a state's own policies, and those of no state, which are applied everywhere
    _options = {
        row["policy_title"]: name for name, row in policies.items() if row["state_id"] in (None, state.value)
    } or {"no policies in this release": None}
    _default = default_policies[state.value]
    policy = mo.ui.dropdown(
        _options,
        value=next((title for title, name in _options.items() if name == _default), next(iter(_options))),
        label="Policy",
        allow_select_none=False,
    )
    return (policy,)


@app.cell(hide_code=True)
def _(area, basis, facts, policy, state):
    mo.vstack(
        [
            notebook.STYLE,
            mo.md("# Labor market by Career Cluster"),
            mo.hstack([state, area, basis, policy], justify="start", wrap=True, gap=1.5),
            mo.md(f"Release {facts['release_id']}; figures by occupation are of {month(facts['period'])}."),
        ]
    )
    return


@app.cell(hide_code=True)
def _(area, basis, database, policy):
    with open_release(database, basis.value, policy.value) as _release:
        (_profile,) = profiles(_release, [area.value])
        _shown = [notebook.show(section, _profile) for section in shown(_profile)]
    notebook.tell(
        f"Went through {len(_shown)} sections on {area.value.title} ({basis.value}, {policy.value}) of {database}. "
        "`lmi notebook` shows them as a page, `lmi report` writes them."
    )
    mo.vstack([notebook.heading(area.value.title), *_shown])
    return


if __name__ == "__main__":
    app.run()
