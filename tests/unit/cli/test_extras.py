"""The packages that only some commands need: where one is missing, the command says what to install."""

import re
import tomllib

import pytest

from pipelines.cli import extras
from pipelines.cli import main as cli
from pipelines.errors import LmiError
from pipelines.paths import PROJECT


def _declared() -> dict[str, list[str]]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, list[str]] = project["optional-dependencies"]
    return found


def test_every_package_of_an_extra_is_named_by_its_module() -> None:
    declared = {
        name.replace("-", "_").removesuffix("_python").removesuffix("_py"): extra
        for extra in ("reports", "notebook", "serve")
        for requirement in _declared()[extra]
        if (name := re.split(r"[^a-zA-Z0-9-]", requirement)[0]) != "career-cluster-lmi"
    }
    assert declared == extras.EXTRA_OF
    assert re.findall(r"\w+", _declared()["all"][0].partition("[")[2]) == ["notebook", "reports", "serve"]
    assert "career-cluster-lmi[all,docs,metadata]" in _declared()["dev"]


@pytest.mark.parametrize(
    ("missing", "extra"), [("xlsxwriter", "reports"), ("vl_convert.themes", "reports"), ("marimo", "notebook")]
)
def test_a_command_says_in_one_line_what_to_install(
    missing: str, extra: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def app() -> None:
        raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert f"which is not installed; pip install 'career-cluster-lmi[{extra}]'" in said
    assert len(said.splitlines()) == 1


def test_a_module_that_is_not_of_an_extra_is_a_bug() -> None:
    assert extras.missing_extra(ModuleNotFoundError(name="pipelines.nowhere")) is None
    assert extras.missing_extra(ValueError("marimo")) is None


def test_a_server_does_not_start_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    extras.require("dagster_webserver")
    monkeypatch.setattr(extras, "find_spec", lambda module: None)
    with pytest.raises(LmiError, match=r"career-cluster-lmi\[serve\]"):
        extras.require("dagster_webserver")
