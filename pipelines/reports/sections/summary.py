"""At a glance: the figures that people ask for first, the headlines of all sections, and sources to be careful with."""

from markupsafe import Markup

from pipelines.reports.blocks import Facts, Section
from pipelines.reports.profile import Profile
from pipelines.reports.sections import sections
from pipelines.reports.words import headlines


def _facts(profile: Profile) -> Facts:
    used = {row["source"] for row in profile.outlook}
    return {
        "ranked": profile.ranked,
        "concentrated": profile.best("location_quotient"),
        "paid": profile.best("wage_p50_usd"),
        "headlines": Markup().join(headlines(section, profile) for section in sections()),
        "weak_sources": [
            row
            for row in profile.release.vintages.values()
            if row["status"] != "ok" and (row["source"] in used or not row["source"].startswith("projections"))
        ],
    }


WORDS = """
{% macro tile(name, row, column, more) %}
<div><dt>{{ name }}</dt><dd class="big">{{ row.figure(column) }}</dd><dd class="more">{{ more }}</dd></div>
{% endmacro %}
<dl class="tiles">
{{ tile("Wage and salary jobs", total, "employment", "in all occupations") }}
{{ tile("Median annual wage", total, "wage_p50_usd", "half of all jobs pay less") }}
{% if ranked %}
{{ tile("Largest cluster", ranked[0], "employment_share_pct", ranked[0].name() ~ ", share of all jobs") }}
{% endif %}
{% if concentrated and not area.is_nation %}
{{ tile("Most concentrated", concentrated[0], "location_quotient", concentrated[0].name() ~ ", location quotient") }}
{% elif paid %}
{{ tile("Best paid cluster", paid[0], "wage_p50_usd", paid[0].name() ~ ", median") }}
{% endif %}
</dl>
<ul class="headlines">
{{ headlines }}
</ul>
{% if weak_sources %}
<div class="warning" role="note">{% for source in weak_sources %}<p>{{ weak_vintage(source) }}</p>{% endfor %}</div>
{% endif %}
"""

SECTION = Section("summary", "At a glance", 10, WORDS, facts=_facts)
