"""Nothing calls home: the switches of the libraries that would. tests/unit/orchestration/test_runs.py has Dagster."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli import notebook
from pipelines.paths import PROJECT
from pipelines.warehouse.engine import connect


def test_great_expectations_reports_to_nobody() -> None:
    code = "import os; from pipelines.quality import gx\nprint(os.environ['GX_ANALYTICS_ENABLED'])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout == "false\n"


def test_duckdb_fetches_no_extension(tmp_path: Path) -> None:
    with connect(tmp_path, ()) as connection:
        names = ("autoinstall_known_extensions", "autoload_known_extensions")
        assert [connection.sql(f"select current_setting('{name}')").fetchall() for name in names] == [[(False,)]] * 2


def test_marimo_does_not_look_for_updates_and_asks_for_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[list[str]] = []
    monkeypatch.setenv("LMI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MARIMO_SKIP_UPDATE_CHECK", "")
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    monkeypatch.setattr(notebook, "serve", served.append)
    monkeypatch.setattr(notebook, "require_published", lambda _: None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    notebook.notebook("explore", edit=True, headless=True, port=port, data_dir=tmp_path)
    (command,) = served
    assert {"--token", "--host", "127.0.0.1", "--allow-origins"} <= set(command)
    assert "pipelines.cli.notebook_server" in command
    assert os.environ["MARIMO_SKIP_UPDATE_CHECK"] == "1"
    assert os.environ["PYTHONHASHSEED"] == "random"
