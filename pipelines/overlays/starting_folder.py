"""The folder that a state begins with: an overlay and a policy to change, settings, and a page that explains them."""

import json
import re
from contextlib import suppress
from pathlib import Path

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.errors import LmiError, UnknownNameError, cannot_write
from pipelines.files import made_folder, remove
from pipelines.overlays.model import FILE
from pipelines.overlays.read import known_areas
from pipelines.paths import POLICIES
from pipelines.policies.defaults import default_policy
from pipelines.policies.model import Policy, load_policies
from pipelines.settings import Settings

#: Settings that the folder's file of settings sets by itself.
_SET = ("data_dir", "overlay_dir")


def state_named(asked: str) -> tuple[str, str]:
    """Postal code and name of a state or territory. Raises UnknownNameError."""
    states = known_areas().filter(area_type="state").select("area_id", "area_name")
    asked_for = asked.strip().casefold()
    found = states.filter(pl.any_horizontal(pl.col("area_id", "area_name").str.to_lowercase() == asked_for))
    if found.is_empty():
        raise UnknownNameError(f"{asked} is no state or territory; give a postal code or name, such as OH or Ohio")
    return found.row(0)


def starting_files(state_id: str, state: str, year: int) -> dict[str, str]:
    """The text of each file by its path in the folder; `year` is the year that the overlay begins with."""
    environment = Environment(
        loader=PackageLoader("pipelines.overlays"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,
    )
    slug = re.sub("[^a-z]+", "_", state.lower())
    others = [
        (f"LMI_{name.upper()}", setting.description)
        for name, setting in Settings.model_fields.items()
        if name not in _SET
    ]
    policies = load_policies()
    begins_as = policies[default_policy(state_id, [(each.name, each.state_id) for each in policies.values()], None)]
    facts = {"begins_as": begins_as, "state_id": state_id, "state": state, "slug": slug, "year": year, "others": others}

    def text(template: str) -> str:
        return environment.get_template(template).render(facts)

    return {
        "README.md": text("README.md.j2"),
        ".env": text("env.j2"),
        f"overlay/{FILE}": text("overlay.yml.j2"),
        f"overlay/{slug}_rule.yml": _policy(state_id, begins_as, f"{slug}_rule"),
    }


def _policy(state_id: str, preset: Policy, name: str) -> str:
    """A preset as a rule of the state's own by another name; its title says what it is."""
    rule = (POLICIES / f"{preset.name}.yml").read_text(encoding="utf-8")
    title = json.dumps(f"A copy of {preset.title}, to be changed", ensure_ascii=False)
    for key, value in (("name", name), ("title", title), ("state_id", state_id)):
        rule = re.sub(rf"^{key}: .*$", f"{key}: {value}", rule, count=1, flags=re.MULTILINE)
    return f"# A copy of the preset {preset.name}, to be changed. The guide policies.md has all keys.\n{rule}"


def write_starting_folder(folder: Path, files: dict[str, str]) -> None:
    """Write the files into a new or empty folder. Raises LmiError for any other, MachineError where it cannot write;
    what fails or is stopped leaves nothing behind.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise LmiError(f"{folder} is not empty; give a new folder, so that nothing of yours is written over")
    try:
        with made_folder(folder, whole=True):
            _fill(folder, files)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _fill(folder: Path, files: dict[str, str]) -> None:
    """Write the files into an empty folder; all or none."""
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except BaseException:
        with suppress(OSError):  # all that is in it is ours
            for path in list(folder.iterdir()):
                remove(path)
        raise
