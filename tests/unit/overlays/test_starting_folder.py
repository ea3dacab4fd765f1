"""The folder that a state begins with is accepted as it is written, and nothing of anybody is written over."""

import errno
from pathlib import Path

import pytest

from pipelines.errors import LmiError, MachineError, UnknownNameError
from pipelines.overlays.read import known_areas, read_overlay
from pipelines.overlays.starting_folder import starting_files, state_named, write_starting_folder
from pipelines.policies.model import load_policies, load_policy
from pipelines.policies.words import rules_in_words
from pipelines.settings import read_settings


@pytest.mark.parametrize(
    ("asked", "found", "preset"),
    [
        ("oh", ("OH", "Ohio"), "ohio"),
        ("Washington", ("WA", "Washington"), "default"),
        ("CO", ("CO", "Colorado"), "colorado_tier_1"),
        ("district of columbia", ("DC", "District of Columbia"), "default"),
    ],
)
def test_it_is_an_overlay_without_faults_whose_rule_is_the_preset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, found: tuple[str, str], preset: str
) -> None:
    assert state_named(asked) == found
    write_starting_folder(tmp_path / "new" / "folder", starting_files(*found, 2027))
    monkeypatch.chdir(tmp_path / "new" / "folder")
    for name in ("LMI_DATA_DIR", "LMI_OVERLAY_DIR"):
        monkeypatch.delenv(name, raising=False)
    settings = read_settings()
    assert settings.data_dir == Path("data")
    assert settings.overlay_dir is not None

    overlay = read_overlay(settings.overlay_dir, known_areas())
    assert (overlay.file.state_id, overlay.file.as_of, overlay.changes_groups) == (found[0], 2027, False)
    assert overlay.policy is not None
    assert overlay.policy == load_policy(Path("overlay") / f"{overlay.policy.name}.yml")
    begun = load_policies()[preset]
    assert rules_in_words(overlay.policy) == rules_in_words(begun)
    assert overlay.policy.title == f"A copy of {begun.title}, to be changed"
    assert (overlay.policy.state_id, overlay.policy.source) == (found[0], begun.source)
    assert f"`{preset}`" in Path("README.md").read_text(encoding="utf-8")


def test_a_folder_with_anything_in_it_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("mine", encoding="utf-8")
    for taken in (tmp_path, tmp_path / ".hidden"):
        with pytest.raises(LmiError, match="is not empty; give a new folder"):
            write_starting_folder(taken, {"README.md": "x"})
    assert [path.name for path in tmp_path.iterdir()] == [".hidden"]
    assert (tmp_path / ".hidden").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("asked", ["Virgin", "US", "XX", "", "C18140"])
def test_what_is_no_state_is_named(asked: str) -> None:
    with pytest.raises(UnknownNameError, match="is no state or territory; give a postal code or name"):
        state_named(asked)


@pytest.mark.parametrize("was_there", [True, False])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was_there: bool) -> None:
    folder, written = tmp_path / "state", Path.write_text
    if was_there:
        folder.mkdir()

    def full(path: Path, text: str, **how: str) -> int:
        if path.name == "b.csv":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return written(path, text, **how)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(MachineError, match="state cannot be written: no space is left; free some"):
        write_starting_folder(folder, {"README.md": "a", "overlay/a.csv": "a", "overlay/b.csv": "b"})
    assert list(tmp_path.rglob("*")) == ([folder] if was_there else [])


def test_a_stop_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_starting_folder(tmp_path / "new" / "state", {"overlay/a.csv": "a"})
    assert list(tmp_path.iterdir()) == []
