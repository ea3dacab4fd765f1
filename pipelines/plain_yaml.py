"""YAML that people write, read as it is written: a strict part of YAML 1.2, and the line of everything in it.

Plain words mean what the core schema of YAML 1.2 says of `null`, `true`, `false` and numbers in plain digits: `45000`,
`0.8`, `-3`. Anything else is text, as it stands: `no`, `21:38`, `2026-01-31`, `1_000`, `045000`, `0x1F`; so are `1e5`,
`+45000`, `45000.` and `.5`, which the core schema takes as numbers. So nothing is read as another value than the one
that is written, and a number is written in one way. Keys are text. Aliases, anchors, tags and repeated keys are faults.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import BadInputError
from pipelines.texts import PLAIN_NUMBER, PLAIN_WHOLE, Fault, line_at, read_text, unseen, unseen_problem

#: Far more than a person writes into such a file, and little enough to be read at once.
_MOST_BYTES = 100_000
_MOST_DEPTH = 50
_TAGS = "tag:yaml.org,2002:"

_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
#: The most characters of a whole number that is kept as one.
_MOST_DIGITS = 18
#: A code in double quotes that stands for no character.
_NO_CHARACTER = re.compile(r"\\U(?!0010|000)[0-9A-Fa-f]{8}")
#: What the parser says, and what is said to a person; {opens} is the line in which a quote or bracket opens.
_SYNTAX = (
    ("'\\t' that cannot start any token", "a tab: use blanks"),
    (
        "mapping values are not allowed",
        "text with a colon and a blank needs quotes; keys of one level have one indent",
    ),
    ("unknown escape", "in double quotes \\ begins a code: write it twice, or use single quotes"),
    ("quoted scalar", "the quote that opens in line {opens} is not closed"),
    ("flow ", "a bracket that opens in line {opens} is not closed, or a comma is missing"),
    ("cannot start any token", "a text that begins with this sign needs quotes"),
)
_SYNTAX_ELSE = "look at the quotes, brackets, colons and indents of this line and those before it"


@dataclass
class Node:
    """A part of a file: its value, the line of its key or of itself, what is written there, and its own parts."""

    value: Any
    line: int
    written: str | None = None
    parts: dict[str | int, "Node"] = field(default_factory=dict)
    #: Whether it is noted as a fault already.
    is_noted: bool = False

    def at(self, place: tuple[int | str, ...]) -> tuple["Node", str]:
        """The innermost part on a path of keys and positions, and its key; steps that the file lacks are skipped."""
        node, key = self, ""
        for step in place:
            if step in node.parts:
                node, key = node.parts[step], step if isinstance(step, str) else key
        return node, key


class _TooDeepError(Exception):
    """The file has more levels than `_MOST_DEPTH`."""


def read_plain(path: Path, source: str) -> tuple[Node | None, list[BadInputError]]:
    """The content of a file, None where it is not to be read, and all faults of how it is written.

    Raises BadInputError for what is no text (see `read_text`).
    """
    text = read_text(path, source, _MOST_BYTES)
    reader = _Reader(text, partial(BadInputError, source=source, file=path.name))
    return reader.read(), reader.faults


class _Reader:
    """Makes nodes of the parser's events, and notes faults."""

    def __init__(self, text: str, fault: Fault) -> None:
        self._text = text
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        self._fault = fault
        self.faults: list[BadInputError] = []

    def _note(self, line: int, problem: str, value: object = None) -> None:
        self.faults.append(self._fault(place=f"line {line}", problem=problem, value=value))

    def read(self) -> Node | None:
        """The first document of the file."""
        root = None
        try:
            for event in self._events:
                if isinstance(event, yaml.DocumentStartEvent):
                    if root is not None:
                        self._note(_line(event), "a second document begins here: leave out the line ---")
                        return root
                    root = self._node(next(self._events), 0)
        except _TooDeepError as error:
            self._note(error.args[0], f"more than {_MOST_DEPTH} levels inside each other")
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._note(mark.line + 1 if mark else 1, f"not valid YAML: {_syntax(error)}")
            return None
        except (ValueError, OverflowError):  # the parser gives no line for a code above 10FFFF
            code = _NO_CHARACTER.search(self._text)
            line = line_at(self._text, code.start()) if code else 1
            self._note(line, "not valid YAML: \\U with eight digits goes up to \\U0010FFFF", code and code[0])
            return None
        return root

    def _node(self, event: Any, depth: int) -> Node:
        line, noted = _line(event), len(self.faults)
        if depth > _MOST_DEPTH:
            raise _TooDeepError(line)
        if isinstance(event, yaml.AliasEvent):
            self._note(line, "an alias: write the value itself", f"*{event.anchor}")
            return Node(None, line, is_noted=True)
        if event.anchor is not None:
            self._note(line, "an anchor: leave it out, and write the value where it is needed", f"&{event.anchor}")
        if event.tag is not None:
            self._note(line, "a tag: leave it out; text may stand in quotes", event.tag.replace(_TAGS, "!!"))
        if isinstance(event, yaml.ScalarEvent):
            if (found := unseen(event.value, allowed="\t\n")) is not None:
                self._note(line, unseen_problem(found[1]))
            value = meaning(event.value) if event.implicit[0] else event.value
            return Node(value, line, event.value, is_noted=len(self.faults) > noted)
        if isinstance(event, yaml.SequenceStartEvent):
            items = [self._node(each, depth + 1) for each in self._until(yaml.SequenceEndEvent)]
            return Node([item.value for item in items], line, parts=dict(enumerate(items)))
        return self._mapping(line, depth)

    def _mapping(self, line: int, depth: int) -> Node:
        parts: dict[str | int, Node] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if key.written is None:
                self._note(key.line, "a key is a word, and this is none")
            elif key.written in parts:
                self._note(key.line, "the key is repeated", key.written)
            else:
                parts[key.written] = replace(value, line=key.line)
        return Node({key: part.value for key, part in parts.items()}, line, parts=parts)

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def meaning(word: str) -> object:
    """What a word without quotes means."""
    if word in _WORDS:
        return _WORDS[word]
    if len(word) <= _MOST_DIGITS and re.fullmatch(PLAIN_WHOLE, word):
        return int(word)
    if re.fullmatch(PLAIN_NUMBER, word) and math.isfinite(number := float(word)):
        return number
    return word


def _syntax(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.problem} {error.context}"
    words = next((words for part, words in _SYNTAX if part in said), _SYNTAX_ELSE)
    return words.format(opens=error.context_mark.line + 1 if error.context_mark else "")
