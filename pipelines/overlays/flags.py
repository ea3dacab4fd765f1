"""Stages the tables that policies make, from the rule sets at hand and the staged figures."""

from pipelines.contracts.model import contracts
from pipelines.overlays.policies import policies_at_hand
from pipelines.policies.figures import TABLES, occupation_figures, read_published
from pipelines.policies.flags import OCCUPATION_FLAG, POLICY, occupation_flags, policy_table
from pipelines.settings import Settings
from pipelines.warehouse.engine import connect
from pipelines.warehouse.staging import Staged, stage_frame

#: Tables that the flags are made from.
FLAG_INPUTS = TABLES


def stage_policies(settings: Settings, input_sha256: str) -> Staged:
    """Stage `reference.policy`. Raises BadInputError for a broken policy file."""
    table = policy_table(policies_at_hand(settings).policies.values())
    return stage_frame(contracts()[POLICY], table, settings.staging, input_sha256)


def stage_flags(settings: Settings, input_sha256: str) -> Staged:
    """Stage `marts.occupation_flag` from the staged figures."""
    with connect(settings.staging, FLAG_INPUTS, settings.memory_limit) as connection:
        published = read_published(connection)
    flags = occupation_flags(occupation_figures(published), policies_at_hand(settings).applied)
    return stage_frame(contracts()[OCCUPATION_FLAG], flags, settings.staging, input_sha256)
