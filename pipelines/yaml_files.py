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
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError as error:
        raise BadInputError(source=source, file=path.name, problem="the file is missing") from error
    except UnicodeDecodeError as error:
        raise BadInputError(source=source, file=path.name, problem=f"not UTF-8: {error}") from error
    except yaml.YAMLError as error:
        line = _line_of(getattr(error, "problem_mark", None))
        problem = f"not valid YAML: {getattr(error, 'problem', None) or error}"
        raise BadInputError(source=source, file=path.name, place=line, problem=problem) from error
    if not isinstance(root, yaml.MappingNode):
        raise BadInputError(source=source, file=path.name, place="line 1", problem="expected keys and values")
    _refuse_repeated_keys(root, path, source)
    try:
        content = yaml.constructor.SafeConstructor().construct_document(root)
    except yaml.constructor.ConstructorError as error:
        line = _line_of(error.problem_mark)
        raise BadInputError(source=source, file=path.name, place=line, problem=str(error.problem)) from error
    try:
        found = model.model_validate(content)
    except ValidationError as error:
        faults = [(_mark(root, fault["loc"]), fault) for fault in _innermost(error.errors())]
        # a misspelt key is also a missing one: report the misspelling
        mark, first = min(faults, key=lambda found: (found[1]["type"] == "missing", found[0].line))
        raise BadInputError(
            source=source, file=path.name, place=_line_of(mark), problem=_problem(first), value=_value(first)
        ) from error
    return ModelFile(source, path, found, root)


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


def _refuse_repeated_keys(node: yaml.Node, path: Path, source: str) -> None:
    """Refuse repeated keys, of which YAML itself would keep the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                raise BadInputError(
                    source=source,
                    file=path.name,
                    place=_line_of(key.start_mark),
                    problem="the key is repeated",
                    value=name,
                )
            seen.add(name)
            _refuse_repeated_keys(value, path, source)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item, path, source)


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
