"""Files that people write: read as written or refused, never changed; all faults at once, in plain words."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import AnyHttpUrl, Field

from pipelines.errors import BadInputError, BadInputsError
from pipelines.model_files import Id, Name, Phrase, PostalCode, Year, read_model
from pipelines.models import Strict

AMBIGUOUS = ["045000", "0o17", "0x1F", "0b11", "21:38", "1:30:00", "1_000", "1,000", "$45000", "yes", "No", "on", "OFF",
             "y", "2026-01-31", "2026-02-30", "2026-01-31T10:00:00Z", ".inf", "-.INF", ".nan", "1e999", "<<", "=",
             "9" * 5000, "1e5", "4.5e4", "1E5", "+45000", "+2.5", "45000.", "1.", ".5", "-.5", "-0.5e-3"]  # fmt: skip


class Part(Strict):
    part_id: Id
    is_new: bool = Field(False, strict=True)


class Trial(Strict):
    title: Phrase = "A title"
    name: Name = "Name"
    state: PostalCode = "OH"
    year: Year = 2026
    dollars: Annotated[float, Field(gt=0, strict=True, allow_inf_nan=False)] | None = None
    flag: bool = Field(False, strict=True)
    kind: Literal["one", "two"] = "one"
    url: AnyHttpUrl | None = None
    ids: tuple[Id, ...] = ()
    names: dict[Id, Name] = Field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    notes: str = ""


def read(folder: Path, text: str | bytes) -> Trial:
    path = folder / "trial.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return read_model(path, Trial, "trial").model


def faults(folder: Path, text: str | bytes) -> list[str]:
    """Each fault as `line: problem`."""
    with pytest.raises(BadInputError) as caught:
        read(folder, text)
    error = caught.value
    assert error.exit_code == 3
    found = error.faults if isinstance(error, BadInputsError) else (error,)
    for each in found:
        assert each.file == "trial.yml"
        assert "\x1b" not in str(each)
    return [f"{each.place.removeprefix('line ')}: {each.problem}" for each in found]


@pytest.mark.parametrize("word", AMBIGUOUS)
def test_a_word_that_readers_of_yaml_change_is_text_as_written(tmp_path: Path, word: str) -> None:
    assert read(tmp_path, f"notes: {word}\n").notes == word


@pytest.mark.parametrize("word", AMBIGUOUS)
def test_such_a_word_is_no_number_no_year_and_no_flag(tmp_path: Path, word: str) -> None:
    for key, wanted in (("dollars", "a number"), ("year", "a whole number"), ("flag", "true or false")):
        (problem,) = faults(tmp_path, f"title: A title\n{key}: {word}\n")
        assert problem.startswith(f"2: {key}: {wanted} is wanted")


@pytest.mark.parametrize(
    ("word", "better"),
    [
        ("045000", "45000"),
        ("1_000", "1000"),
        ("$64,875.20", "64875.20"),
        ("1e5", "100000"),
        ("4.5E+4", "45000"),
        ("2.5e-1", "0.25"),
        ("+45000", "45000"),
        ("45000.", "45000"),
        (".5", "0.5"),
        ('"0.8"', "0.8"),
    ],
)
def test_the_number_that_was_probably_meant_is_named(tmp_path: Path, word: str, better: str) -> None:
    assert faults(tmp_path, f"dollars: {word}\n")[0].endswith(f"; perhaps {better}")
    assert read(tmp_path, f"dollars: {better}\n").dollars == float(better)


@pytest.mark.parametrize("word", ["1e900", "1e99", "1e-99", "1e", "0x1F", "1.2.3", "--1"])
def test_no_number_is_named_where_none_is_meant(tmp_path: Path, word: str) -> None:
    assert "perhaps" not in faults(tmp_path, f"dollars: {word}\n")[0]


@pytest.mark.parametrize("word", ["2026.0", "2.026e3", "true"])
def test_what_is_no_whole_number_is_not_named_as_the_year_that_was_meant(tmp_path: Path, word: str) -> None:
    (problem,) = faults(tmp_path, f"title: A title\nyear: {word}\n")
    assert problem.startswith("2: year: a whole number is wanted")
    assert "perhaps" not in problem


@pytest.mark.parametrize(
    ("word", "figure"), [("45000", 45_000), ("0.8", 0.8), ("45000.00", 45_000), ("1.0", 1.0), ("9" * 20, 1e20)]
)
def test_plain_numbers_are_numbers(tmp_path: Path, word: str, figure: float) -> None:
    assert read(tmp_path, f"dollars: {word}\n").dollars == figure


@pytest.mark.parametrize("word", ["null", "~", "", "NULL"])
def test_nothing_is_nothing(tmp_path: Path, word: str) -> None:
    assert read(tmp_path, f"dollars: {word}\n").dollars is None
    assert faults(tmp_path, f"title: {word}\n")[0].startswith("1: title: text is wanted")


@pytest.mark.parametrize("word", ["12345", "true", "1.5"])
def test_a_number_is_text_in_quotes_only(tmp_path: Path, word: str) -> None:
    assert faults(tmp_path, f"title: {word}\n") == [
        "1: title: text is wanted; a number, true, false and null are text in quotes only"
    ]
    assert read(tmp_path, f'notes: "{word}"\n').notes == word
    assert faults(tmp_path, f'year: "{word}"\n')


def test_keys_are_text_as_written(tmp_path: Path) -> None:
    found = read(tmp_path, "names: {no: Northern, on: Ontario, y: Yes, null: None}\n").names
    assert found == {"no": "Northern", "on": "Ontario", "y": "Yes", "null": "None"}
    assert faults(tmp_path, "names:\n  21:38: North\n") == [
        "2: 21:38: small letters, digits and _ are wanted, a letter first"
    ]


def test_a_key_at_fault_is_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "file.yml"
    path.write_text("names:\n  North-East: Northern\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"letter first \(found 'North-East'\)$"):
        read_model(path, Trial, "trial")


def test_all_faults_are_listed_at_once_in_plain_words(tmp_path: Path) -> None:
    text = """\
title: ab
name: 2026
state: Ohio
year: 1800
dollars: -1
flag: yes
kind: three
url: nowhere
ids: [good, Bad, 12]
names: [a]
parts:
  - {part_id: one, is_new: 1}
  - part_idd: two
notes: {a: b}
titel: x
"""
    assert faults(tmp_path, text) == [
        "1: title: at least 5 characters are wanted",
        "2: name: text is wanted; a number, true, false and null are text in quotes only",
        "3: state: a postal code of two capital letters is wanted, such as OH",
        "4: year: a number of at least 1990 is wanted",
        "5: dollars: a number above 0 is wanted",
        "6: flag: true or false is wanted, without quotes",
        "7: kind: one of these is wanted: 'one' or 'two'",
        "8: url: an address that begins with https:// or http:// is wanted",
        "9: ids: small letters, digits and _ are wanted, a letter first",
        "9: ids: text is wanted; a number, true, false and null are text in quotes only",
        "10: names: keys with values are wanted",
        "12: is_new: true or false is wanted, without quotes",
        "13: unknown key part_idd",
        "14: notes: text is wanted; a number, true, false and null are text in quotes only",
        "15: unknown key titel",
        "13: key part_id is missing",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: &a A title\nname: *a\n", ["1: an anchor", "2: an alias"]),
        ("title: !!str A title\nyear: !!int abc\nnotes: !x y\n", ["1: a tag", "2: a tag", "3: a tag"]),
        (
            "title: One title\nname: x y\ntitle: Other title\nname: z z\n",
            ["3: the key is repeated", "4: the key is rep"],
        ),
        ("{title: !!str ab, name: x, dollars: *a}\n", ["1: a tag", "1: an alias", "1: name: at least 2"]),
        ("names:\n  a: One\n  a: Two\n", ["3: the key is repeated"]),
        ("? [a, b]\n: c\n", ["1: a key is a word"]),
        ("title: A title\n---\ntitle: A title\n", ["2: a second document"]),
        ("notes: " + "[" * 900 + "]" * 900 + "\n", ["1: more than 50 levels"]),
        ("notes:\n" + "".join(f"{' ' * depth}a:\n" for depth in range(1, 300)), ["51: more than 50 levels"]),
        ("title: a: b\n", ["1: not valid YAML: text with a colon"]),
        ("title: A title\nnames:\n\ta: b\n", ["3: not valid YAML: a tab"]),
        ('title: A title\nname: "open\nyear: 2026\n', ["4: not valid YAML: the quote that opens in line 2"]),
        ("ids: [a\nyear: 2026\n", ["2: not valid YAML: a bracket that opens in line 1"]),
        ("title: @x\n", ["1: not valid YAML: a text that begins with this sign"]),
        ('title: "a\\qbcd"\n', ["1: not valid YAML: in double quotes"]),
        ('title: A title\nname: "a\\UFFFFFFFFb"\n', ["2: not valid YAML: \\U with eight digits"]),
        ('title: A title\nname: "a\\U00110000b"\n', ["2: not valid YAML: \\U with eight digits"]),
        ("- a\n", ["1: keys with values are wanted"]),
        ("just text\n", ["1: keys with values are wanted"]),
        ("# nothing\n", [": the file has no keys"]),
        ("", [": the file is empty"]),
        (b"\x00\x01\x02\xff", [": this is not a text file"]),
        (b"title: isn\x92t it\n", ["1: the byte 92 is not UTF-8"]),
        ("title: A title\n".encode("utf-16"), [": the text is in UTF-16"]),
        ("title: A title\r\rname: a\u202eb\n", ["3: U+202E is a character that nobody sees"]),
        ('title: A title\nname: "a\\x1bb"\n', ["2: U+001B is a character that nobody sees"]),
        ('names: {a: "\\u200b\\u200b\\u200b"}\n', ["1: U+200B is a character that nobody sees"]),
        ('title: "one\\ntwo"\nname: "a\\tb"\n', ["1: title: one line of text", "2: name: one line of text"]),
        (f"title: {'a' * 301}\n", ["1: title: at most 300 characters"]),
    ],
)
def test_what_is_no_plain_file_is_refused_with_its_line(tmp_path: Path, text: str | bytes, expected: list[str]) -> None:
    found = faults(tmp_path, text)
    assert len(found) == len(expected), found
    for each, start in zip(found, expected, strict=True):
        assert each.startswith(start)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_is_that_of_the_file(tmp_path: Path, end: str) -> None:
    text = end.join(["\ufefftitle: A title", "", "# remark", "notes: >-", "  some", "", "  words", "flag: 1", ""])
    assert faults(tmp_path, text) == ["8: flag: true or false is wanted, without quotes"]


def test_aliases_that_would_grow_without_end_cost_nothing(tmp_path: Path) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    found = faults(tmp_path, "\n".join(levels))
    assert any("an alias" in each for each in found)


def test_a_file_of_any_size_ends(tmp_path: Path) -> None:
    assert faults(tmp_path, "a: " + "b" * 100_000) == [": 100,003 bytes; such a file has 100,000 at most"]


def test_a_year_is_one_that_may_be_known(tmp_path: Path) -> None:
    next_year = datetime.now(UTC).year + 1
    assert read(tmp_path, f"year: {next_year}\n").year == next_year
    assert faults(tmp_path, f"title: A title\nyear: {next_year + 1}\n") == [
        f"2: year: a year up to {next_year} is wanted; later ones are not known yet"
    ]
