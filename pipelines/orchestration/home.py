"""Dagster's home folder: in the data folder unless DAGSTER_HOME is set, with telemetry off."""

import os
from pathlib import Path

from pipelines.files import plain_name
from pipelines.settings import Settings


def prepare_home(settings: Settings) -> Path:
    """Make the home folder and point Dagster to it."""
    home = Path(os.environ.get("DAGSTER_HOME") or settings.data_dir / "dagster").resolve()
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(plain_name(home))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    # Dagster then stores the results of many checks at once
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "100")
    return home
