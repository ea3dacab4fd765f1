"""At a glance: the figures that people ask for first, the headlines of all sections, and sources to be careful with."""

from pipelines.reports.blocks import Facts, Section
from pipelines.reports.profile import Profile
from pipelines.reports.sections import sections
from pipelines.reports.words import gathered


def _facts(profile: Profile) -> Facts:
    used = {row["source"] for row in profile.outlook}
    return {
        "headlines": gathered("headlines", sections(), profile),
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
{% for row in profile.ranked[:1] %}
{{ tile("Largest cluster", row, "employment_share_pct", row.name() ~ ", share of all jobs") }}
{% endfor %}
{% for row in profile.best("location_quotient")[:1] if not area.is_nation %}
{{ tile("Most concentrated", row, "location_quotient", row.name() ~ ", location quotient") }}
{% else %}{% for row in profile.best("wage_p50_usd")[:1] %}
{{ tile("Best paid cluster", row, "wage_p50_usd", row.name() ~ ", median") }}
{% endfor %}{% endfor %}
</dl>
<ul class="headlines">
{{ headlines }}
</ul>
{% if weak_sources %}
<div class="warning" role="note">{% for source in weak_sources %}<p>{{ weak_vintage(source) }}</p>{% endfor %}</div>
{% endif %}
"""

SECTION = Section("summary", "At a glance", 10, WORDS, facts=_facts)
