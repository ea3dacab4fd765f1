"""Presets, the policy of an overlay, and which of them stands for a state."""

from pathlib import Path

import pytest

from pipelines.errors import BadInputError
from pipelines.overlays.applied_policies import Policies, applied_policies
from pipelines.paths import POLICIES
from pipelines.settings import Settings

OVERLAY = """
state_id: {state}
title: Trial overlay
source: this test
as_of: 2026
default_policy: {policy}
"""


def overlay(folder: Path, state: str, policy: str, rule_of: str | None = None) -> Policies:
    """What is at hand with an overlay; with `rule_of` its folder holds the policy, a rule of that state."""
    (folder / "overlay.yml").write_text(OVERLAY.format(state=state, policy=policy), encoding="utf-8")
    if rule_of is not None:
        text = (POLICIES / "ohio.yml").read_text(encoding="utf-8")
        text = text.replace("name: ohio", f"name: {policy}").replace("state_id: OH", f"state_id: {rule_of}")
        (folder / f"{policy}.yml").write_text(text, encoding="utf-8")
    return applied_policies(Settings(overlay_dir=folder))


def where(policies: Policies, policy: str) -> list[str | None]:
    return [each.state_id for each in policies.applied if each.policy.name == policy]


def test_without_an_overlay_presets_are_applied_in_their_state_and_others_everywhere() -> None:
    policies = applied_policies(Settings(overlay_dir=None))
    assert where(policies, "default") == [None]
    assert where(policies, "ohio") == ["OH"]
    assert policies.own("OR") == ["oregon", "oregon_workforce_pell"]
    assert (policies.default("OR"), policies.default("WA")) == ("oregon", "default")


def test_an_overlays_own_rule_is_applied_in_its_state_and_is_its_default(tmp_path: Path) -> None:
    policies = overlay(tmp_path, "OR", "own_rule", rule_of="OR")
    assert where(policies, "own_rule") == ["OR"]
    assert policies.own("OR") == ["own_rule", "oregon", "oregon_workforce_pell"]
    assert policies.default("OR") == "own_rule"


def test_an_overlays_rule_of_no_state_is_its_states(tmp_path: Path) -> None:
    policies = overlay(tmp_path, "WA", "own_rule", rule_of="null")
    assert policies.by_name["own_rule"].state_id == "WA"
    assert where(policies, "own_rule") == ["WA"]


def test_an_overlays_rule_of_another_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"own_rule\.yml is a policy of OH, and the overlay is of WA") as caught:
        overlay(tmp_path, "WA", "own_rule", rule_of="OH")
    assert (caught.value.file, caught.value.place) == ("overlay.yml", "line 6")


def test_a_preset_of_another_state_is_refused_as_an_own_rule_is(tmp_path: Path) -> None:
    with pytest.raises(
        BadInputError, match="preset ohio is a policy of OH, and the overlay is of WA; copy it"
    ) as caught:
        overlay(tmp_path, "WA", "ohio")
    assert (caught.value.file, caught.value.place, caught.value.value) == ("overlay.yml", "line 6", "ohio")


@pytest.mark.parametrize(("state", "policy", "applied"), [("OR", "oregon", ["OR"]), ("WA", "default", [None])])
def test_a_preset_that_is_applied_there_anyway_is_not_applied_again(
    tmp_path: Path, state: str, policy: str, applied: list[str | None]
) -> None:
    policies = overlay(tmp_path, state, policy)
    assert where(policies, policy) == applied
    assert policies.default(state) == policy
