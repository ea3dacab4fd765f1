"""Stages the tables that policies make, from the rule sets at hand and the staged figures."""

from pipelines.contracts.model import contracts
from pipelines.overlays.read import overlay_policy
from pipelines.policies.figures import TABLES, occupation_figures, read_published
from pipelines.policies.flags import (
    OCCUPATION_FLAG,
    POLICY,
    Applied,
    applied_by_default,
    occupation_flags,
    policy_table,
)
from pipelines.policies.model import load_all_policies
from pipelines.settings import Settings
from pipelines.warehouse.engine import connect
from pipelines.warehouse.staging import Staged, stage_frame

#: Tables that the flags are made from.
FLAG_INPUTS = TABLES


def _of_overlay(settings: Settings) -> list[Applied]:
    """The default policy of the run's overlay, for its state."""
    found = None if settings.overlay_dir is None else overlay_policy(settings.overlay_dir)
    return [] if found is None else [Applied(*found)]


def stage_policies(settings: Settings, input_sha256: str) -> Staged:
    """Stage `reference.policy`. Raises BadInputError for a broken policy file."""
    table = policy_table(
        {**load_all_policies(), **{each.policy.name: each.policy for each in _of_overlay(settings)}}.values()
    )
    return stage_frame(contracts()[POLICY], table, settings.staging, input_sha256)


def stage_flags(settings: Settings, input_sha256: str) -> Staged:
    """Stage `marts.occupation_flag` from the staged figures."""
    with connect(settings.staging, FLAG_INPUTS, settings.memory_limit) as connection:
        published = read_published(connection)
    applied = applied_by_default(load_all_policies())
    # a preset that already applies there is not applied again
    there = {(each.policy.name, each.state_id) for each in applied}
    applied += [
        own for own in _of_overlay(settings) if not {(own.policy.name, own.state_id), (own.policy.name, None)} & there
    ]
    flags = occupation_flags(occupation_figures(published), applied)
    return stage_frame(contracts()[OCCUPATION_FLAG], flags, settings.staging, input_sha256)
