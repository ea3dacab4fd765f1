"""Models of files that people write: read strictly, with all faults at once, each with its line and in plain words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from pipelines.errors import BadInputError, refuse
from pipelines.plain_yaml import Node, read_plain
from pipelines.texts import Fault, unseen, unseen_problem

Model = TypeVar("Model", bound=BaseModel)


#: Longest name or title.
_LONGEST = 300


def _shaped(pattern: str, words: str) -> AfterValidator:
    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(words)
        return text

    return AfterValidator(check)


def _in_one_line(text: str) -> str:
    if (found := unseen(text.strip())) is not None:
        in_line = "one line of text is wanted, without tabs"
        raise ValueError(in_line if found[1] in ("U+000A", "U+0009") else unseen_problem(found[1]))
    return text.strip()


def _is_near(year: int) -> int:
    """A year of a document or of dollars: those of the next year may be known already, later ones are not."""
    if year > (most := datetime.now(UTC).year + 1):
        raise ValueError(f"a year up to {most} is wanted; later ones are not known yet")
    return year


_Text = Annotated[str, Field(strict=True)]
#: An id, which is also the name of a file.
Id = Annotated[_Text, _shaped("[a-z][a-z0-9_]*", "small letters, digits and _ are wanted, a letter first")]
PostalCode = Annotated[_Text, _shaped("[A-Z]{2}", "a postal code of two capital letters is wanted, such as OH")]
#: A name; a title or other phrase.
Name = Annotated[str, Field(strict=True, min_length=2, max_length=_LONGEST), AfterValidator(_in_one_line)]
Phrase = Annotated[str, Field(strict=True, min_length=5, max_length=_LONGEST), AfterValidator(_in_one_line)]
Year = Annotated[int, Field(ge=1990, strict=True), AfterValidator(_is_near)]
#: Where a key stands below another: keys and positions.
Place = tuple[int | str, ...]


def faults_of(found: Iterable[tuple[Place, str]]) -> PydanticCustomError | None:
    """The error that a model's validator raises for values that do not fit each other; None where nothing is found.

    Each fault is the place of a key below the model, and what is wrong with it; `read_model` tells the key's line.
    """
    faults = tuple(found)
    problems = "; ".join(problem for _, problem in faults)
    return PydanticCustomError("misfits", "{problems}", {"problems": problems, "faults": faults}) if faults else None


@dataclass(frozen=True)
class ModelFile(Generic[Model]):
    """A model read from a file, and the lines of its parts."""

    source: str
    path: Path
    model: Model
    root: Node

    def fault(self, problem: str, *place: int | str, value: object = None) -> BadInputError:
        """An error at a place, given as keys and list positions from the top; at its innermost part in the file."""
        line = f"line {self.root.at(place)[0].line}"
        return BadInputError(source=self.source, file=self.path.name, place=line, problem=problem, value=value)


def read_model(path: Path, model: type[Model], source: str) -> ModelFile[Model]:
    """A model from a YAML file. Raises BadInputError with file, line and problem of every fault."""
    root, faults = read_plain(path, source)
    fault = partial(BadInputError, source=source, file=path.name)
    if root is None:
        refuse(faults)
        raise fault(problem="the file has no keys")
    if not isinstance(root.value, dict):
        refuse([*faults, fault(place=f"line {root.line}", problem="keys with values are wanted, such as title: ...")])
    try:
        read = ModelFile(source, path, model.model_validate(root.value), root)
    except ValidationError as error:
        found = [(*root.at(each["loc"]), each) for each in _innermost(error.errors())]
        faults += _wrong(found, fault)
        faults.sort(key=lambda each: int(each.place.removeprefix("line ")))
        # a misspelt key stands before the key that is missing for it
        refuse([*faults, *_missing(found, fault)])
        raise
    refuse(faults)
    return read


def _wrong(found: list[tuple[Node, str, ErrorDetails]], fault: Fault) -> Iterator[BadInputError]:
    """What a file says wrongly, without what is noted already."""
    for node, key, each in found:
        if each["type"] != "missing" and not node.is_noted:
            value = key if each["loc"][-1] == "[key]" else node.written
            yield fault(place=f"line {node.line}", problem=_problem(each, key, node.written), value=value)


def _missing(found: list[tuple[Node, str, ErrorDetails]], fault: Fault) -> Iterator[BadInputError]:
    """The keys that each part of a file lacks."""
    missing: dict[int, list[str]] = {}
    for node, _, each in found:
        if each["type"] == "missing":
            missing.setdefault(node.line, []).append(str(each["loc"][-1]))
    for line, keys in missing.items():
        problem = f"key {keys[0]} is missing" if len(keys) == 1 else f"keys {', '.join(keys)} are missing"
        yield fault(place=f"line {line}", problem=problem)


def _innermost(faults: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """The faults without those that follow from a fault further inside, such as a list that lacks its bad item."""
    faults = [each for fault in faults for each in _single(fault)]
    places = [fault["loc"] for fault in faults]
    for fault in faults:
        place = fault["loc"]
        if not any(len(other) > len(place) and other[: len(place)] == place for other in places):
            yield fault


def _single(fault: ErrorDetails) -> Iterator[ErrorDetails]:
    """The fault itself, or each of those that `faults_of` has put together."""
    if fault["type"] != "misfits":
        yield fault
        return
    for place, problem in fault["ctx"]["faults"]:
        yield {**fault, "type": "misfit", "loc": (*fault["loc"], *place), "msg": problem}


_TEXT = "text is wanted; a number, true, false and null are text in quotes only"
_NUMBER = "a number is wanted, in plain digits without quotes, such as 45000 or 0.8"
_INTEGER = "a whole number is wanted, in plain digits without quotes, such as 2026"
_LIST = "a list is wanted, such as [one, two]"
_KEYS = "keys with values are wanted"
_ADDRESS = "an address that begins with https:// or http:// is wanted"
#: What is said of a fault, by pydantic's name of it; in braces what pydantic knows of it.
_SAID = {
    "bool_type": "true or false is wanted, without quotes",
    "dict_type": _KEYS,
    "finite_number": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "a number above {gt} is wanted",
    "greater_than_equal": "a number of at least {ge} is wanted",
    "int_type": _INTEGER,
    "less_than_equal": "a number of at most {le} is wanted",
    "literal_error": "one of these is wanted: {expected}",
    "model_type": _KEYS,
    "string_too_long": "at most {max_length} characters are wanted",
    "string_too_short": "at least {min_length} characters are wanted",
    "string_type": _TEXT,
    "too_short": "a list of at least {min_length} is wanted",
    "tuple_type": _LIST,
    "url_parsing": _ADDRESS,
    "url_scheme": _ADDRESS,
    "url_type": _ADDRESS,
}
#: Numbers in another notation than plain digits, as they stand without blanks, commas, `_`, `$` and `+`.
_NOTATION = {
    "float_type": re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]-?[0-9]{1,3})?"),
    "int_type": re.compile(r"-?[0-9]+"),
}
#: Orders of magnitude of the numbers that such a file may mean.
_LEAST_ORDER, _MOST_ORDER = -6, 12


def _problem(fault: ErrorDetails, key: str, written: str | None) -> str:
    match fault["type"]:
        case "extra_forbidden":
            return f"unknown key {key}"
        case "value_error":
            said = fault["msg"].removeprefix("Value error, ")
        case "no_test" | "misfit":
            said = fault["msg"]
        case kind:
            known = {name: _plain(value) for name, value in fault.get("ctx", {}).items()}
            said = _SAID.get(kind, "this is no value of this key").format(**known)
            if (number := _meant(kind, written or "")) is not None:
                said += f"; perhaps {number}"
    return f"{key}: {said}" if key else said


def _meant(kind: str, written: str) -> str | None:
    """The number in plain digits that was probably meant where one is wanted; None where there is none."""
    word = re.sub(r"[\s,_$+]", "", written)
    if kind not in _NOTATION or _NOTATION[kind].fullmatch(word) is None:
        return None
    number = Decimal(word)
    return f"{number:f}" if _LEAST_ORDER <= number.adjusted() <= _MOST_ORDER else None


def _plain(known: object) -> str:
    return f"{known:.12g}" if isinstance(known, int | float) else str(known).replace("False", "false")
