"""Finding the project's own error behind one of Dagster's."""

from pipelines.errors import GateError
from pipelines.orchestration.execute import expected_error


def test_the_projects_error_is_found_behind_others() -> None:
    gate, outer = GateError("nothing published"), RuntimeError("step failed")
    outer.__cause__ = gate
    assert expected_error(outer) is gate


def test_errors_that_stand_behind_each_other_end_the_search() -> None:
    first, second = ValueError("first"), RuntimeError("second")
    first.__context__, second.__context__ = second, first
    assert expected_error(first) is None
