"""YAML files: of `reference/`, and those that states write, in which a fault is found by its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import BadInputError

#: libyaml where it is at hand: ten times faster than the same in Python.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Model = TypeVar("Model", bound=BaseModel)


def load_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises yaml.YAMLError with line and column."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


def repeated_keys(path: Path) -> list[str]:
    """The keys that a YAML file's top level declares more than once, of which YAML itself keeps the last."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    keys = [key.value for key, _ in root.value] if isinstance(root, yaml.MappingNode) else []
    return sorted({key for key in keys if keys.count(key) > 1})


@dataclass(frozen=True)
class ModelFile(Generic[Model]):
    """A model read from a file, and where its parts stand there."""

    source: str
    path: Path
    model: Model
    root: yaml.MappingNode

    def fault(self, problem: str, *place: int | str, value: object = None) -> BadInputError:
        """An error at the innermost part of a place (keys and list positions from the top) that the file has."""
        line = _line_of(_mark(self.root, place))
        return BadInputError(source=self.source, file=self.path.name, place=line, problem=problem, value=value)


def read_model(path: Path, model: type[Model], source: str) -> ModelFile[Model]:
    """A model from a YAML file. Raises BadInputError that names file, line and what is wrong, for the first fault."""
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
        # a key that is misspelt is also missing
        mark, first = min(faults, key=lambda found: (found[1]["type"] == "missing", found[0].line))
        raise BadInputError(
            source=source, file=path.name, place=_line_of(mark), problem=_problem(first), value=_value(first)
        ) from error
    return ModelFile(source, path, found, root)


def _innermost(faults: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Faults without those of what holds them: tests joined in a list are too few where one of them is bad."""
    places = [fault["loc"] for fault in faults]
    for fault in faults:
        place = fault["loc"]
        if not any(len(other) > len(place) and other[: len(place)] == place for other in places):
            yield fault


def _line_of(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}" if mark else ""


def _mark(root: yaml.Node, path: tuple[int | str, ...]) -> yaml.Mark:
    """Where the innermost part of a path stands that the file has; pydantic's own steps in between are passed over."""
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
    """YAML itself would keep the last of two equal keys and drop the first."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                raise BadInputError(
                    source=source,
                    file=path.name,
                    place=_line_of(key.start_mark),
                    problem="the key is met twice",
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
    """The value met, where it is short enough to help."""
    value = fault["input"]
    return value if isinstance(value, str | int | float) else None
