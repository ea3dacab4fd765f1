"""Dagster's home folder, in the data folder unless DAGSTER_HOME says otherwise; usage reporting off."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.settings import Settings
from pipelines.yaml_files import load_yaml

if TYPE_CHECKING:
    from dagster import DagsterInstance

_CONFIG = """\
telemetry:
  enabled: false
"""


def prepare_home(settings: Settings) -> Path:
    """Make the home folder and point Dagster to it."""
    home = Path(os.environ.get("DAGSTER_HOME") or settings.data_dir / "dagster").resolve()
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(_CONFIG, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    # the results of many checks are stored together, not one by one
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "100")
    return home


def open_instance() -> "DagsterInstance":
    """The instance of the home folder; its event log, where it is Dagster's own in SQLite, stays open meanwhile."""
    from dagster import DagsterInstance  # noqa: PLC0415
    from dagster._core.instance import InstanceRef  # noqa: PLC0415

    home = os.environ["DAGSTER_HOME"]
    configured = load_yaml(Path(home) / "dagster.yaml") or {}
    data = InstanceRef.from_dir(home).event_storage_data
    if {"storage", "run_storage", "event_log_storage", "schedule_storage"} & configured.keys() or data is None:
        return DagsterInstance.get()
    log = {
        "module": "pipelines.orchestration.event_log",
        "class": "OpenEventLog",
        "config": data.config_dict,
    }
    return DagsterInstance.from_ref(InstanceRef.from_dir(home, overrides={"event_log_storage": log}))
