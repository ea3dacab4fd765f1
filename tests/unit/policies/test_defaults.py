"""Which policy stands for a state."""

from pipelines.policies.defaults import default_policy, own_policies

POLICIES = [
    ("oregon_workforce_pell", "OR"),
    ("default", None),
    ("oregon", "OR"),
    ("bright_outlook", None),
    ("ohio", "OH"),
]


def test_a_states_own_policies_stand_for_it_the_first_by_name() -> None:
    assert own_policies("OR", POLICIES, None) == ["oregon", "oregon_workforce_pell"]
    assert default_policy("OR", POLICIES, None) == "oregon"
    assert default_policy("OH", POLICIES, None) == "ohio"


def test_a_state_without_one_and_the_nation_have_the_neutral_default() -> None:
    assert own_policies("WA", POLICIES, None) == []
    assert default_policy("WA", POLICIES, None) == "default"
    assert default_policy(None, POLICIES, None) == "default"


def test_the_policy_of_an_overlay_goes_first_and_may_be_a_preset() -> None:
    assert own_policies("OH", POLICIES, "own_rule") == ["own_rule", "ohio"]
    assert own_policies("OR", POLICIES, "oregon_workforce_pell") == ["oregon_workforce_pell", "oregon"]
