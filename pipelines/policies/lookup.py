"""Flags of one state from a release: as published, or evaluated now when the release does not apply the policy."""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.errors import UnknownNameError
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

    `flags` has the columns of `marts.occupation_flag` with area_name, occupation_name, employment (of the area) and
    annual_openings (of demand_area_id); most openings first in each area. `area_id` is the area to show.
    """

    policy: Policy
    area_id: str
    area_name: str
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
        found = []
        for flag in FLAGS:
            if self.rules[flag] is None:
                continue
            pairs = self.shown.select(f"{flag}_measure", f"{flag}_threshold").unique().drop_nulls().sort(pl.all())
            for measure, threshold in pairs.iter_rows():
                named = MEASURES.get(measure)
                if named is not None and isinstance(threshold, float):
                    found.append(Threshold(flag, named.words, figure_words(threshold, named)))
        return found

    def counts(self) -> dict[str, dict[str, int]]:
        """Occupations of the area by verdict, for each flag that the policy defines, and its list."""
        counted = {}
        for flag in (*FLAGS, "listed"):
            verdicts = self.shown[flag].drop_nulls()
            if len(verdicts):
                counted[flag] = {verdict: int((verdicts == verdict).sum()) for verdict in VERDICTS}
        return counted


def find_area(connection: duckdb.DuckDBPyConnection, state_id: str, asked: str | None) -> tuple[str, str]:
    """Id and name of an area of a state by its id or a part of its name; the state itself for None.

    Raises UnknownNameError that lists the state's areas, or those that the name fits.
    """
    areas = connection.execute(
        "select area_id, area_name from reference.area where (area_id = $state or state_id = $state) "
        "and area_id in (select area_id from marts.occupation_indicators) "
        "order by area_id <> $state, area_name, area_id",
        {"state": state_id},
    ).fetchall()
    if asked is None:
        return next((str(code), str(name)) for code, name in areas if code == state_id)
    wanted = asked.strip().casefold()
    exact = [area for area in areas if wanted in (area[0].casefold(), area[1].casefold())]
    fitting = exact or [area for area in areas if wanted and wanted in area[1].casefold()]
    if len(fitting) == 1:
        return str(fitting[0][0]), str(fitting[0][1])
    listed = "; ".join(f"{code} {name}" for code, name in fitting or areas)
    problem = f"{asked} fits several areas" if fitting else f"{state_id} has no area {asked} with occupation figures"
    raise UnknownNameError(f"{problem}; give the id of one: {listed}")


def state_flags(
    connection: duckdb.DuckDBPyConnection, state_id: str, policy: Policy, area: str | None = None
) -> StateFlags:
    """Flags of a state and its areas, or of one area of it, by a policy.

    The release's own are taken where it judged the state by a policy of this name and these rules.
    """
    area_id, area_name = find_area(connection, state_id, area)
    chosen = "area_id = $area" if area else "area_id = $state or state_id = $state"
    connection.execute(
        f"create or replace temp table chosen_area as select area_id, area_name from reference.area where {chosen}",
        {"area": area_id} if area else {"state": state_id},
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
    return StateFlags(policy, area_id, area_name, is_published, _named(connection, flags, state_id))


def _is_published(connection: duckdb.DuckDBPyConnection, area_id: str, policy: Policy) -> bool:
    """Whether the release has the area's flags by this policy, with the rules that the policy has now."""
    rules = rules_in_words(policy)
    found = connection.execute(
        "select high_skill_rule, high_wage_rule, in_demand_rule, combine from reference.policy where policy = $policy "
        "and policy in (select policy from marts.occupation_flag where area_id = $area)",
        {"policy": policy.name, "area": area_id},
    ).fetchall()
    return found == [(*(rules[flag] for flag in FLAGS), policy.combine)]


def _named(connection: duckdb.DuckDBPyConnection, flags: pl.DataFrame, state_id: str) -> pl.DataFrame:
    """Flags with names, jobs and openings beside the codes, the state first, most openings first in each area."""
    connection.register("flags_of_state", flags)
    named: pl.DataFrame = connection.sql(
        """
        select
            flag.area_id,
            area.area_name,
            flag.soc_code,
            coalesce(occupation.occupation_name, projected.occupation_name) as occupation_name,
            figure.employment,
            projected.annual_openings,
            flag.* exclude (area_id, soc_code)
        from flags_of_state as flag
        inner join chosen_area as area on area.area_id = flag.area_id
        left join reference.oews_occupation as occupation on occupation.soc_code = flag.soc_code
        left join marts.occupation_indicators as figure
            on figure.area_id = flag.area_id
            and figure.soc_code = flag.soc_code
        left join (
            select area_id, soc_code, occupation_name, annual_openings
            from marts.occupation_outlook
            qualify projection_period = max(projection_period) over (partition by area_id)
        ) as projected
            on projected.area_id = flag.demand_area_id
            and projected.soc_code = flag.soc_code
        order by flag.area_id <> $state, flag.area_id, projected.annual_openings desc nulls last,
            figure.employment desc nulls last, flag.soc_code
        """,
        params={"state": state_id},
    ).pl()
    return named
