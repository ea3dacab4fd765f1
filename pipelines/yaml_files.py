"""Reads the YAML files of the project itself; those that people write are read by `model_files`."""

from pathlib import Path
from typing import Any

import yaml

#: libyaml when it is installed: ten times faster than the Python loader.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises yaml.YAMLError with line and column."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


def repeated_keys(path: Path) -> list[str]:
    """The keys that a YAML file's top level declares more than once, of which YAML itself keeps the last."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    keys = [key.value for key, _ in root.value] if isinstance(root, yaml.MappingNode) else []
    return sorted({key for key in keys if keys.count(key) > 1})
