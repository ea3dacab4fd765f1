"""The policies of a deployment: the presets and an overlay's own, where each applies, and the tables made by them."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from pipelines.contracts.model import contracts
from pipelines.overlays.read import overlay_policy
from pipelines.policies.defaults import default_policy, own_policies
from pipelines.policies.figures import TABLES, occupation_figures, read_published
from pipelines.policies.flags import OCCUPATION_FLAG, POLICY, Applied, occupation_flags, policy_table
from pipelines.policies.model import Policy, load_policies
from pipelines.settings import Settings
from pipelines.tables import parquet_path
from pipelines.warehouse.engine import connect
from pipelines.warehouse.staging import Staged, stage_frame


@dataclass(frozen=True)
class Policies:
    """All policies by name; where each applies; and the overlay's default policy with its state, if there is one."""

    by_name: dict[str, Policy]
    applied: tuple[Applied, ...]
    of_overlay: Applied | None

    def own(self, state_id: str) -> list[str]:
        """Names of the policies that apply to this state only, the overlay's default first."""
        return own_policies(state_id, *self._named(state_id))

    def default(self, state_id: str) -> str:
        """Name of the policy that stands for a state when none is asked for."""
        return default_policy(state_id, *self._named(state_id))

    def _named(self, state_id: str) -> tuple[list[tuple[str, str | None]], str | None]:
        own = self.of_overlay if self.of_overlay is not None and self.of_overlay.state_id == state_id else None
        return [(each.policy.name, each.state_id) for each in self.applied], own.policy.name if own else None


def applied_policies(settings: Settings) -> Policies:
    """Presets apply to their state or everywhere, an overlay's policy to its state. Raises as load_policy."""
    policies = load_policies()
    applied = [Applied(policy, policy.state_id) for policy in policies.values()]
    found = None if settings.overlay_dir is None else overlay_policy(settings.overlay_dir)
    own = None if found is None else Applied(*found)
    if own is not None:
        policies[own.policy.name] = own.policy
        # a preset that applies there already is not applied again
        if not {own, Applied(own.policy, None)} & set(applied):
            applied.append(own)
    return Policies(dict(sorted(policies.items())), tuple(applied), own)


def stage_policies(settings: Settings, input_sha256: str) -> Staged:
    """Stage `reference.policy`. Raises BadInputError for a broken policy file."""
    table = policy_table(applied_policies(settings).by_name.values())
    return stage_frame(contracts()[POLICY], table, settings.staging, input_sha256)


def rule_lines(settings: Settings) -> dict[str, list[str]]:
    """For each policy by name, the rules that are applied under the name and where: what its flags depend on."""
    lines: dict[str, list[str]] = {}
    for each in applied_policies(settings).applied:
        lines.setdefault(each.policy.name, []).append(f"{each.state_id} {each.policy.model_dump_json()}")
    return lines


def stage_flags(settings: Settings, input_sha256: str, same: Collection[str] = ()) -> Staged:
    """Stage `marts.occupation_flag` from the staged figures; rows of the policies named in `same` are kept."""
    table = contracts()[OCCUPATION_FLAG]
    with connect(settings.staging, TABLES, settings.memory_limit) as connection:
        published = read_published(connection)
    others = [each for each in applied_policies(settings).applied if each.policy.name not in same]
    kept = None
    if same:
        staged = pl.scan_parquet(parquet_path(settings.staging, OCCUPATION_FLAG), glob=False)
        kept = staged.filter(pl.col("policy").is_in(list(same))).collect()
    flags = occupation_flags(occupation_figures(published), others, kept)
    return stage_frame(table, flags, settings.staging, input_sha256)
