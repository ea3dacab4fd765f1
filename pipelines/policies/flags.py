"""The tables that policies make: `reference.policy` and `marts.occupation_flag`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import polars as pl

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import contracts
from pipelines.policies.evaluate import evaluate
from pipelines.policies.model import Policy
from pipelines.policies.words import rules_in_words
from pipelines.tables import TableName

POLICY = TableName("reference", "policy")
OCCUPATION_FLAG = TableName("marts", "occupation_flag")


@dataclass(frozen=True)
class Applied:
    """A policy, and the state to whose areas it applies; None for every area."""

    policy: Policy
    state_id: str | None


def policy_table(policies: Collection[Policy]) -> pl.DataFrame:
    """The table `reference.policy`: one row for each policy, with its rules in words."""
    rows = [
        {
            "policy": policy.name,
            "policy_title": policy.title,
            "state_id": policy.state_id,
            **{f"{flag}_rule": words for flag, words in rules_in_words(policy).items()},
            "combine": policy.combine,
            "list_flags": ", ".join(policy.listing) or None,
            "policy_source": policy.source,
            "source_url": str(policy.source_url) if policy.source_url else None,
            "as_of": policy.as_of,
            "dollar_year": policy.dollar_year,
            "notes": policy.notes,
        }
        for policy in policies
    ]
    return pl.DataFrame(rows, schema=polars_schema(contracts()[POLICY])).sort("policy")


def occupation_flags(
    figures: pl.DataFrame, applied: Iterable[Applied], kept: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The table `marts.occupation_flag`, from `occupation_figures`; sorted so that it compresses well.

    `kept` are rows of it for other policies than those that are applied here.
    """
    evaluated = [] if kept is None else [kept]
    columns = list(contracts()[OCCUPATION_FLAG].column_names)
    for each in dict.fromkeys(applied):
        chosen = figures if each.state_id is None else figures.filter(state_id=each.state_id)
        if not chosen.is_empty():
            flags = evaluate(each.policy, chosen)
            evaluated.append(flags.with_columns(chosen["demand_area_id"]).select(columns))
    return pl.concat(evaluated).sort("policy", "soc_code", "area_id")
