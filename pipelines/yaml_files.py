"""Reads YAML files, and finds the line of a fault in those that people write."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import BadInputError

#: libyaml when it is installed: ten times faster than the Python loader.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Model = TypeVar("Model", bound=BaseModel)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises yaml.YAMLError with line and column."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


def repeated_keys(path: Path) -> list[str]:
    """The keys that a YAML file's top level declares more than once, of which YAML itself keeps the last."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    keys = [key.value for key, _ in root.value] if isinstance(root, yaml.MappingNode) else []
    return sorted({key for key in keys if keys.count(key) > 1})


@dataclass(frozen=True)
class ModelFile(Generic[Model]):
    """A model read from a file, and the lines of its parts."""

    source: str
    path: Path
    model: Model
    root: yaml.MappingNode

    def fault(self, problem: str, *place: int | str, value: object = None) -> BadInputError:
        """An error at a place, given as keys and list positions from the top; at its innermost part in the file."""
        line = _line_of(_mark(self.root, place))
        return BadInputError(source=self.source, file=self.path.name, place=line, problem=problem, value=value)


def read_model(path: Path, model: type[Model], source: str) -> ModelFile[Model]:
    """A model from a YAML file. Raises BadInputError with file, line and problem of the first fault."""

    def fault(problem: str, mark: yaml.Mark | None, value: object = None) -> BadInputError:
        return BadInputError(source=source, file=path.name, place=_line_of(mark), problem=problem, value=value)

    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError as error:
        raise fault("the file is missing", None) from error
    except IsADirectoryError as error:
        raise fault("this is a folder, not a file", None) from error
    except UnicodeDecodeError as error:
        raise fault(f"not UTF-8: {error}", None) from error
    except yaml.YAMLError as error:
        problem = f"not valid YAML: {getattr(error, 'problem', None) or error}"
        raise fault(problem, getattr(error, "problem_mark", None)) from error
    if not isinstance(root, yaml.MappingNode):
        raise BadInputError(source=source, file=path.name, place="line 1", problem="expected keys and values")
    for key in _repeated_keys(root):
        raise fault("the key is repeated", key.start_mark, str(key.value))
    try:
        content = yaml.constructor.SafeConstructor().construct_document(root)
    except yaml.constructor.ConstructorError as error:
        raise fault(str(error.problem), error.problem_mark) from error
    try:
        return ModelFile(source, path, model.model_validate(content), root)
    except ValidationError as error:
        faults = [(_mark(root, each["loc"]), each) for each in _innermost(error.errors())]
        # a misspelt key is also a missing one: report the misspelling
        mark, first = min(faults, key=lambda found: (found[1]["type"] == "missing", found[0].line))
        raise fault(_problem(first), mark, _value(first)) from error


def _innermost(faults: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """The faults without those that follow from a fault further inside, such as a list that lacks its bad item."""
    places = [fault["loc"] for fault in faults]
    for fault in faults:
        place = fault["loc"]
        if not any(len(other) > len(place) and other[: len(place)] == place for other in places):
            yield fault


def _line_of(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}" if mark else ""


def _mark(root: yaml.Node, path: tuple[int | str, ...]) -> yaml.Mark:
    """Where the innermost part of a path is in the file. Steps that only pydantic knows are skipped."""
    node, mark = root, root.start_mark
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if str(key.value) == str(step):
                    node, mark = value, key.start_mark
                    break
    return mark


def _repeated_keys(node: yaml.Node) -> Iterator[yaml.Node]:
    """Keys that repeat one before them in their mapping, of which YAML itself would keep the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield key
            seen.add(str(key.value))
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _problem(fault: ErrorDetails) -> str:
    name = fault["loc"][-1] if fault["loc"] else ""
    match fault["type"]:
        case "extra_forbidden":
            return f"unknown key {name}"
        case "missing":
            return f"key {name} is missing"
        case "value_error":
            return fault["msg"].removeprefix("Value error, ")
    return f"{name}: {fault['msg']}"


def _value(fault: ErrorDetails) -> object:
    """The value at fault, when it is short enough to help."""
    value = fault["input"]
    return value if isinstance(value, str | int | float) else None
