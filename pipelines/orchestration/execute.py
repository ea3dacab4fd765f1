"""Runs the whole job in this process, in the same Dagster instance that the web interface shows."""

import uuid
from collections.abc import Callable

from dagster import DagsterEventType, EventLogEntry

from pipelines.errors import LmiError
from pipelines.orchestration.assets import RELEASE_KEY
from pipelines.orchestration.definitions import defs
from pipelines.orchestration.home import open_instance, prepare_home
from pipelines.orchestration.jobs import JOB, REPORTED_TAG
from pipelines.settings import Settings


def step_names() -> list[str]:
    """Steps of the job."""
    return sorted(node.name for node in defs.resolve_job_def(JOB).nodes)


def expected_error(error: BaseException | None) -> LmiError | None:
    """The project's own error behind one of Dagster's."""
    seen: list[BaseException] = []  # an error raised again while another was handled may stand behind itself
    while error is not None and error not in seen:
        if isinstance(error, LmiError):
            return error
        seen.append(error)
        error = error.__cause__ or error.__context__
    return None


def execute(settings: Settings, *, force: bool, on_step: Callable[[str, bool], None]) -> None:
    """Run the job; `on_step` hears each step's name when it starts (False) and when it has succeeded (True).

    Raises the error of the step that failed.
    """
    prepare_home(settings)
    run_id = str(uuid.uuid4())

    def listen(entry: EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        if event.event_type is DagsterEventType.STEP_START:
            on_step(event.step_key, False)
        elif event.event_type is DagsterEventType.STEP_SUCCESS:
            on_step(event.step_key, True)

    with open_instance() as instance:
        instance.add_event_listener(run_id, listen)
        try:
            defs.resolve_job_def(JOB).execute_in_process(
                instance=instance,
                run_id=run_id,
                tags={REPORTED_TAG: "command"},
                run_config={
                    "ops": {RELEASE_KEY.to_python_identifier(): {"config": {"force": force}}},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
            )
        except Exception as error:
            expected = expected_error(error)
            if expected is None:
                raise
        else:
            return
    # raised here and not above, for there it would stand behind itself
    raise expected
