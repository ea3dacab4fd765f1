"""Which policy stands for a state when none is asked for: one rule for reports, notebooks, flags and exports."""

from collections.abc import Iterable

#: The policy of the nation, and of states without one of their own.
DEFAULT = "default"


def own_policies(state_id: str | None, policies: Iterable[tuple[str, str | None]], of_overlay: str | None) -> list[str]:
    """Names of the policies of a state, the one that stands for it first.

    `policies` are names with the state that they are of, None for every state. `of_overlay` is the default policy of
    the state's overlay, if there is one: it goes before the presets, which stand in alphabetical order.
    """
    presets = sorted(name for name, state in policies if state is not None and state == state_id)
    return list(dict.fromkeys(([of_overlay] if of_overlay else []) + presets))


def default_policy(state_id: str | None, policies: Iterable[tuple[str, str | None]], of_overlay: str | None) -> str:
    """Name of the policy that stands for a state, or for the nation (None): its own, else the neutral default."""
    return next(iter(own_policies(state_id, policies, of_overlay)), DEFAULT)
