"""Flags of one state from a release: as published, or evaluated now when the release does not apply the policy."""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.policies.effects import remarks_on_counts, remarks_on_state, remarks_on_thresholds
from pipelines.policies.evaluate import VERDICTS
from pipelines.policies.figures import occupation_figures, read_published
from pipelines.policies.flags import Applied, occupation_flags
from pipelines.policies.model import Policy
from pipelines.policies.words import FLAGS, MEASURES, figure_words, rules_in_words


@dataclass(frozen=True)
class Threshold:
    """The threshold of a flag's rule in an area: the measure in words, and the figure."""

    flag: str
    measure: str
    figure: str


@dataclass(frozen=True)
class StateFlags:
    """Flags of a state's areas by one policy.

    `flags` has the columns of `marts.occupation_flag` with area_name, occupation_name, period and employment (of the
    area), base_year, base_jobs, projection_period and annual_openings (of demand_area_id, self-employed people
    counted), entry_education, and wage_p50_usd with its status; most openings first in each area.
    `area_id` is the area to show, `state_id` the state that it is listed under, None of the nation.
    """

    policy: Policy
    area_id: str
    area_name: str
    state_id: str | None
    is_published: bool
    flags: pl.DataFrame

    @property
    def shown(self) -> pl.DataFrame:
        """Rows of the area to show."""
        return self.flags.filter(area_id=self.area_id)

    @property
    def rules(self) -> dict[str, str | None]:
        """The rule of each flag in words."""
        return rules_in_words(self.policy)

    def thresholds(self) -> list[Threshold]:
        """The thresholds of the rules in the area, in the order of the flags."""
        return [
            Threshold(flag, MEASURES[measure].words, figure_words(threshold, MEASURES[measure]))
            for flag, measure, threshold in self.threshold_figures()
        ]

    def threshold_figures(self) -> list[tuple[str, str, float]]:
        """The same as flag, measure and figure."""
        found = []
        for flag in FLAGS:
            if self.rules[flag] is None:
                continue
            pairs = self.shown.select(f"{flag}_measure", f"{flag}_threshold").unique().drop_nulls().sort(pl.all())
            for measure, threshold in pairs.iter_rows():
                if measure in MEASURES and isinstance(threshold, float):
                    found.append((flag, measure, threshold))
        return found

    def remarks(self) -> list[str]:
        """What to mind of the policy's flags in the area, in sentences."""
        return [
            *remarks_on_state(self.policy, self.state_id, self.area_name),
            *remarks_on_counts(self.policy, self.counts(), self.area_name),
            *remarks_on_thresholds(self.policy, self.threshold_figures(), self.area_name),
        ]

    def counts(self) -> dict[str, dict[str, int]]:
        """Occupations of the area by verdict, for each flag that the policy defines, and its list."""
        counted = {}
        for flag in (*FLAGS, "listed"):
            verdicts = self.shown[flag].drop_nulls()
            if len(verdicts):
                counted[flag] = {verdict: int((verdicts == verdict).sum()) for verdict in VERDICTS}
        return counted


def state_flags(
    connection: duckdb.DuckDBPyConnection, policy: Policy, area_id: str, area_name: str, *, with_inner: bool
) -> StateFlags:
    """Flags of an area by a policy, the release's own if it has them; `with_inner`: also of the areas of a state."""
    connection.execute(
        "create or replace temp table chosen_area as select area_id, area_name, state_id from reference.area "
        "where area_id = $area or ($with_inner and state_id = $area)",
        {"area": area_id, "with_inner": with_inner},
    )
    is_published = _is_published(connection, area_id, policy)
    if is_published:
        flags = connection.sql(
            "select flag.* from marts.occupation_flag as flag inner join chosen_area using (area_id) where policy = ?",
            params=[policy.name],
        ).pl()
    else:
        areas = connection.sql("select area_id from chosen_area").pl()
        figures = occupation_figures(read_published(connection)).join(areas, on="area_id", how="semi")
        flags = occupation_flags(figures, [Applied(policy, None)])
    ((state_id,),) = connection.execute("select state_id from chosen_area where area_id = ?", [area_id]).fetchall()
    return StateFlags(policy, area_id, area_name, state_id, is_published, _named(connection, flags, area_id))


def _is_published(connection: duckdb.DuckDBPyConnection, area_id: str, policy: Policy) -> bool:
    """Whether the release has the area's flags by this policy, with the rules that the policy has now."""
    rules = rules_in_words(policy)
    found = connection.execute(
        "select high_skill_rule, high_wage_rule, in_demand_rule, combine, list_flags from reference.policy "
        "where policy = $policy "
        "and policy in (select policy from marts.occupation_flag where area_id = $area)",
        {"policy": policy.name, "area": area_id},
    ).fetchall()
    return found == [(*(rules[flag] for flag in FLAGS), policy.combine, ", ".join(policy.listing) or None)]


def _named(connection: duckdb.DuckDBPyConnection, flags: pl.DataFrame, first: str) -> pl.DataFrame:
    """Flags with names, jobs and openings beside the codes, the area `first`, most openings first in each."""
    connection.register("flags_of_state", flags)
    named: pl.DataFrame = connection.sql(
        """
        select
            flag.area_id,
            area.area_name,
            flag.soc_code,
            coalesce(occupation.occupation_name, projected.occupation_name) as occupation_name,
            figure.period,
            figure.employment,
            projected.base_year,
            projected.base_jobs,
            projected.projection_period,
            projected.annual_openings,
            projected.entry_education,
            figure.wage_p50_usd,
            figure.wage_p50_status,
            flag.* exclude (area_id, soc_code)
        from flags_of_state as flag
        inner join chosen_area as area on area.area_id = flag.area_id
        left join reference.oews_occupation as occupation on occupation.soc_code = flag.soc_code
        left join marts.occupation_indicators as figure
            on figure.area_id = flag.area_id
            and figure.soc_code = flag.soc_code
        left join (
            select
                area_id,
                soc_code,
                occupation_name,
                base_year,
                base_jobs,
                projection_period,
                annual_openings,
                entry_education
            from marts.occupation_outlook
            qualify projection_period = max(projection_period) over (partition by area_id)
        ) as projected
            on projected.area_id = flag.demand_area_id
            and projected.soc_code = flag.soc_code
        order by flag.area_id <> $first, flag.area_id, projected.annual_openings desc nulls last,
            figure.employment desc nulls last, flag.soc_code
        """,
        params={"first": first},
    ).pl()
    return named
