"""The rule sets of a deployment: the presets, and the default policy of its overlay."""

from dataclasses import dataclass

from pipelines.overlays.read import overlay_policy
from pipelines.policies.flags import Applied
from pipelines.policies.model import Policy, load_policies
from pipelines.settings import Settings

#: The rule for states without one of their own.
DEFAULT = "default"


@dataclass(frozen=True)
class AtHand:
    """Rule sets by name, and where each is applied: presets in their state or everywhere, an overlay's in its state."""

    policies: dict[str, Policy]
    applied: tuple[Applied, ...]
    of_overlay: Applied | None

    def own(self, state_id: str) -> list[str]:
        """Names of the rule sets that are applied in a state alone, the overlay's default first."""
        names = sorted(each.policy.name for each in self.applied if each.state_id == state_id)
        if self.of_overlay is not None and self.of_overlay.state_id == state_id:
            names.insert(0, self.of_overlay.policy.name)
        return list(dict.fromkeys(names))

    def default(self, state_id: str) -> str:
        """Name of the rule set to take where none is asked for."""
        return next(iter(self.own(state_id)), DEFAULT)


def policies_at_hand(settings: Settings) -> AtHand:
    """Presets and the overlay's policy. Raises BadInputError naming file, line and fault of a broken one."""
    policies = load_policies()
    applied = [Applied(policy, policy.state_id) for policy in policies.values()]
    found = None if settings.overlay_dir is None else overlay_policy(settings.overlay_dir)
    own = None if found is None else Applied(*found)
    if own is not None:
        policies[own.policy.name] = own.policy
        # a preset that is applied there already is not applied again
        if not {own, Applied(own.policy, None)} & set(applied):
            applied.append(own)
    return AtHand(dict(sorted(policies.items())), tuple(applied), own)
