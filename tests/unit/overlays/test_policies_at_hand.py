"""Presets, the policy of an overlay, and which of them stands for a state."""

from pathlib import Path

import pytest

from pipelines.errors import BadInputError
from pipelines.overlays.policies import AtHand, policies_at_hand
from pipelines.policies.model import POLICIES
from pipelines.settings import Settings

OVERLAY = """
state_id: {state}
title: Trial overlay
source: this test
as_of: 2026
default_policy: {policy}
"""


def overlay(folder: Path, state: str, policy: str, rule_of: str | None = None) -> AtHand:
    """What is at hand with an overlay; with `rule_of` its folder holds the policy, a rule of that state."""
    (folder / "overlay.yml").write_text(OVERLAY.format(state=state, policy=policy), encoding="utf-8")
    if rule_of is not None:
        text = (POLICIES / "ohio.yml").read_text(encoding="utf-8")
        text = text.replace("name: ohio", f"name: {policy}").replace("state_id: OH", f"state_id: {rule_of}")
        (folder / f"{policy}.yml").write_text(text, encoding="utf-8")
    return policies_at_hand(Settings(overlay_dir=folder))


def where(at_hand: AtHand, policy: str) -> list[str | None]:
    return [each.state_id for each in at_hand.applied if each.policy.name == policy]


def test_without_an_overlay_presets_are_applied_in_their_state_and_others_everywhere() -> None:
    at_hand = policies_at_hand(Settings(overlay_dir=None))
    assert where(at_hand, "default") == [None]
    assert where(at_hand, "ohio") == ["OH"]
    assert at_hand.own("OR") == ["oregon", "oregon_workforce_pell"]
    assert (at_hand.default("OR"), at_hand.default("WA")) == ("oregon", "default")


def test_an_overlays_own_rule_is_applied_in_its_state_and_is_its_default(tmp_path: Path) -> None:
    at_hand = overlay(tmp_path, "OR", "own_rule", rule_of="OR")
    assert where(at_hand, "own_rule") == ["OR"]
    assert at_hand.own("OR") == ["own_rule", "oregon", "oregon_workforce_pell"]
    assert at_hand.default("OR") == "own_rule"


def test_an_overlays_rule_of_no_state_is_its_states(tmp_path: Path) -> None:
    at_hand = overlay(tmp_path, "WA", "own_rule", rule_of="null")
    assert at_hand.policies["own_rule"].state_id == "WA"
    assert where(at_hand, "own_rule") == ["WA"]


def test_an_overlays_rule_of_another_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"own_rule\.yml is a rule of OH, and the overlay is of WA") as caught:
        overlay(tmp_path, "WA", "own_rule", rule_of="OH")
    assert (caught.value.file, caught.value.place) == ("overlay.yml", "line 6")


def test_a_preset_of_another_state_can_be_taken_over(tmp_path: Path) -> None:
    at_hand = overlay(tmp_path, "WA", "ohio")
    assert sorted(str(state) for state in where(at_hand, "ohio")) == ["OH", "WA"]
    assert at_hand.default("WA") == "ohio"
    assert at_hand.default("OH") == "ohio"


@pytest.mark.parametrize(("state", "policy", "applied"), [("OR", "oregon", ["OR"]), ("WA", "default", [None])])
def test_a_preset_that_is_applied_there_anyway_is_not_applied_again(
    tmp_path: Path, state: str, policy: str, applied: list[str | None]
) -> None:
    at_hand = overlay(tmp_path, state, policy)
    assert where(at_hand, policy) == applied
    assert at_hand.default(state) == policy
