"""Strict YAML: what is read, what is refused and where, and that no file can do anything else."""

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.core import strict_yaml
from simtel.core.document import Doc, Loc
from simtel.core.problems import BadInput, Problem
from simtel.core.strict_yaml import MAX_BYTES, MAX_DEPTH, MAX_PROBLEMS, load


@pytest.fixture(params=["c", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test runs with the parser in C and with the one that stands in where it is missing."""
    if request.param == "python":
        monkeypatch.delattr(yaml, "CSafeLoader")
    return str(request.param)


def read(text: str) -> Any:
    return load(text.encode(), "f.yaml").data


def problems(source: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(BadInput) as caught:
        load(source.encode() if isinstance(source, str) else source, "f.yaml")
    return caught.value.problems


def only(source: str | bytes) -> Problem:
    (problem,) = problems(source)
    return problem


def places(source: str | bytes) -> list[tuple[int, int]]:
    return [(problem.line, problem.column) for problem in problems(source)]


# -- what is read


def test_which_parser_is_used(parser: str) -> None:
    assert (strict_yaml._loader() is yaml.SafeLoader) == (parser == "python")


def test_core_schema() -> None:
    data = read(
        "a: [null, Null, NULL, ]\nb: [true, True, TRUE, false, False, FALSE]\nc: [0, -1, +2, 0x1f]\n"
        "d: [0.5, -.5e0x, 1., 2.5e+3, 1.5e-3]\n"
        "e: [text, 10.0.0.1:5060, 50ms, 1:2x, 'yes', \"010\"]\nf:\ng: {}\n"
        "h: |\n  on\n  off\ny: n\n"
    )
    assert data == {
        "a": [None, None, None],
        "b": [True, True, True, False, False, False],
        "c": [0, -1, 2, 31],
        "d": [0.5, "-.5e0x", 1.0, 2500.0, 0.0015],
        "e": ["text", "10.0.0.1:5060", "50ms", "1:2x", "yes", "010"],
        "f": None,
        "g": {},
        "h": "on\noff\n",
        "y": "n",
    }
    assert [type(item) for item in data["c"]] == [int] * 4


def test_path_and_bytes_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_bytes("\ufefftitle: 主备\r\nn: 1\r\n".encode())
    doc = load(path)
    assert doc.data == {"title": "主备", "n": 1}
    assert doc.name == str(path)
    assert load(os.fspath(path), "short").name == "short"
    assert load(path.read_bytes()).data == doc.data
    assert doc.snippet(1) == "title: 主备"
    assert doc.snippet(0) is None
    assert doc.snippet(4) is None
    assert doc.place(("n",)) == (2, 4)


def test_yaml_1_2_may_be_declared() -> None:
    assert read("%YAML 1.2\n---\na: 1\n") == {"a": 1}


# -- places

PLACED = """\
名: {甲: 1, 乙: [x, {y: 2}]}
list:
  - a
  - key: "𝄞"
    other:
"""


@pytest.mark.parametrize(
    ("loc", "value", "key"),
    [
        ((), (1, 1), (1, 1)),
        (("名",), (1, 4), (1, 1)),
        (("名", "甲"), (1, 8), (1, 5)),
        (("名", "乙", 0), (1, 15), (1, 15)),
        (("名", "乙", 1, "y"), (1, 22), (1, 19)),
        (("list", 1), (4, 5), (4, 5)),
        (("list", 1, "key"), (4, 10), (4, 5)),
        (("list", 1, "other"), (5, 11), (5, 5)),
        (("list", 1, "gone", "too"), (4, 5), (4, 5)),  # the deepest part that is there
        (("list", 9), (3, 3), (2, 1)),
        (("gone",), (1, 1), (1, 1)),
    ],
)
def test_place(loc: Loc, value: tuple[int, int], key: tuple[int, int]) -> None:
    doc = load(PLACED.encode(), "f.yaml")
    assert doc.place(loc) == value
    assert doc.key_place(loc) == key


def test_a_value_that_is_not_written_stands_at_the_end_of_the_file() -> None:
    assert load(b"? key").place(("key",)) == (1, 6)
    assert load(b"a: 1\n? key\n").place(("key",)) == (3, 1)


def test_problem_of_a_later_check() -> None:
    doc = load(b"a:\n  b: 5\n", "f.yaml")
    assert doc.problem(("a", "b"), "too few") == Problem("f.yaml", 2, 6, "too few", None, "  b: 5")
    assert doc.problem(("a", "b"), "m", "h", at_key=True) == Problem("f.yaml", 2, 3, "m", "h", "  b: 5")


# -- what is refused


def test_all_mistakes_at_once_in_file_order() -> None:
    text = "a: 010\nb: [yes, *x, &y 1]\nb: 2\n1: !t z\nc: .nan\n"
    found = [(p.line, p.column, p.message.split(":")[0]) for p in problems(text)]
    assert found == [
        (1, 4, "plain '010' is octal to some readers"),
        (2, 5, "plain 'yes' is true or false to some readers and text to others"),
        (2, 10, "alias *x is not allowed"),
        (2, 14, "anchor &y is not allowed"),
        (3, 1, "key 'b' is given twice"),
        (4, 1, "key '1' is not text"),
        (4, 4, "tag '!t' is not allowed"),
        (5, 4, "plain '.nan' is not a number that can be used here"),
    ]


def test_mistakes_before_a_syntax_error_are_kept() -> None:
    first, second = problems("a: yes\nb: [1\nc: 2\n")
    assert (first.line, first.column) == (1, 4)
    assert second.message.startswith("not YAML: ")
    assert second.line >= 2


def test_duplicate_key_names_both_lines() -> None:
    problem = only("x:\n  ramp: 1s\n  hold: 2s\n  ramp: 3s\n")
    assert (problem.line, problem.column) == (4, 3)
    assert problem.message == "key 'ramp' is given twice: on line 2 and again on line 4"
    assert problem.snippet == "  ramp: 3s"


def test_the_same_key_at_two_levels_is_no_duplicate() -> None:
    assert read("a: {a: 1}\nb: {a: 2}\n") == {"a": {"a": 1}, "b": {"a": 2}}


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        *(
            (word, "true or false")
            for word in ["yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"]
        ),
        *((word, "sixties") for word in ["1:30", "1:30:00", "08:00", "-1:30", "190:20:30.15", "00:11:22"]),
        *((word, "octal") for word in ["010", "08", "00", "-007", "0_7"]),
        *(
            (word, "is a number to some")
            for word in ["0o17", "0b101", "-0x1f", "1_000", "1_0.5", "0x_f", "2E1", "1e3", "1.5e3", "-.5"]
        ),
        *((word, "is a date") for word in ["2026-01-01", "2026-1-1 10:00:00", "2026-01-01T10:00:00.5Z"]),
        *((word, "not a number that can be used") for word in [".inf", "-.inf", "+.INF", ".nan", ".NaN"]),
        ("~", "write null"),
        ("<<", "merges"),
    ],
)
def test_plain_scalars_that_readers_understand_differently(word: str, reason: str) -> None:
    as_value, as_key, in_list = f"a: {word}\n", f"{word}: a\n", f"[{word}]"
    for text, column in ((as_value, 4), (as_key, 1), (in_list, 2)):
        problem = only(text)
        assert (problem.line, problem.column) == (1, column)
        assert reason in problem.message
        assert f"'{word}'" in problem.message
    assert read(f"a: '{word}'") == {"a": word}


@given(st.text("0123456789+-.:eExXoObB_TZ~<=YyNnul", min_size=1, max_size=9))
@settings(max_examples=300)
def test_a_scalar_is_refused_or_read_as_a_yaml_1_1_reader_reads_it(word: str) -> None:
    try:
        ours = load(f"- {word}\n".encode()).data
    except BadInput:
        return
    if word == "=":  # an ordinary text; PyYAML has a tag for it and no value
        return
    theirs = yaml.load(f"- {word}\n", yaml.SafeLoader)
    assert ours == theirs
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("word", ["9" * 19, "-" + "9" * 5000, "1.5e+400", "0x" + "f" * 17])
def test_numbers_beyond_64_bits(word: str) -> None:
    assert "64 bits" in only(f"a: {word}").message or "too large" in only(f"a: {word}").message


def test_the_largest_numbers_are_read() -> None:
    assert read("[9223372036854775807, -9223372036854775808]") == [2**63 - 1, -(2**63)]


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "[a]", "{a: b}", "? [a, b]\n"])
def test_keys_that_are_not_text(key: str) -> None:
    assert "is not text" in only(f"{key}: 1\n").message
    assert read("'1': a\n'true': b\n") == {"1": "a", "true": "b"}


def test_aliases_are_never_followed() -> None:
    circular = "a: &a\n  b: *a\n"
    assert places(circular) == [(1, 4), (2, 6)]
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    laughs = "a: &a [x, x]\n" + "".join(f"{key}: &{key} [*{of}, *{of}]\n" for of, key in pairs)
    assert len(problems(laughs)) == 9 + 16
    assert [p.message.split(":")[0] for p in problems("*a : 1\n")] == ["alias *a is not allowed"]


@pytest.mark.parametrize("text", ["!x a", "!!str 1", "!!python/object:os.system {}", "! 5", "a: !<tag:x,1> [1]"])
def test_tags(text: str) -> None:
    assert "tag '" in only(text).message


@pytest.mark.parametrize("text", ["%YAML 1.1\n---\na: 1\n", "%TAG !e! tag:e,1:\n---\na: 1\n"])
def test_directives(text: str) -> None:
    assert "directives" in only(text).message


def test_tabs() -> None:
    assert places("a:\n\tb: yes\n\tc: 1\n") == [(2, 1), (3, 1)]  # tabs that indent: nothing more is read
    assert places("a: 1\t# x\nb: yes\n") == [(1, 5), (2, 4)]
    assert "tab character" in only("a: 'x\ty'\n").message
    assert read('a: "x\\ty"') == {"a": "x\ty"}


def test_more_than_one_document() -> None:
    problem = only("a: 1\n---\nb: 2\n---\nc: 3\n")
    assert (problem.line, problem.column) == (2, 1)
    assert "second document" in problem.message
    assert read("---\na: 1\n...\n") == {"a": 1}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "---\n...\n", "\ufeff"])
def test_empty(text: str) -> None:
    assert only(text).message == "is empty"
    assert only(text).path == "f.yaml"


def test_not_utf_8_names_byte_and_place() -> None:
    problem = only(b"a: 1\r\n\xe4\xb8\xbb: \xff\xfe x\nb: 2\n")
    assert (problem.line, problem.column) == (2, 4)
    assert "byte 0xff at offset 11" in problem.message
    assert problem.snippet == "主: \ufffd\ufffd x"
    assert places("键: 值".encode("gbk")) == [(1, 1)]
    assert places("a: 1".encode("utf-16")) == [(1, 1)]
    assert places(b"a: \xed\xa0\x80") == [(1, 4)]  # a surrogate
    assert places(b"a: \xe4\xb8") == [(1, 4)]  # cut short


@pytest.mark.parametrize("char", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9f", "\u2028", "\u2029", "\ufeff", "\uffff"])
def test_control_characters(char: str) -> None:
    problem = only(f"a: 1\nb: x{char}y\n")
    assert (problem.line, problem.column) == (2, 5)
    assert f"U+{ord(char):04X}" in problem.message
    assert f"U+{ord(char):04X}" in only(f'b: "\\u{ord(char):04x}"\n').message  # nor by an escape


@pytest.mark.parametrize("escape", ["\\ud800", "\\Uffffffff", "\\U00110000"])
def test_escapes_that_are_no_character(escape: str) -> None:
    assert len(problems(f'a: "{escape}"\n')) == 1


def test_size_limit_and_that_no_more_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "larger than 1048576 bytes" in only(b" " * (MAX_BYTES + 1)).message
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # sparse: a terabyte to whoever reads it all
    with pytest.raises(BadInput) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.column) == (str(path), 0, 0)
    assert "larger than" in problem.message
    monkeypatch.setattr(strict_yaml, "MAX_BYTES", 10)
    assert load(b"abcd: 6789").data == {"abcd": 6789}
    assert "larger than 10 bytes" in only(b"abcd: 67890").message


def test_depth_limit() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert str(read(deepest)) == deepest
    for text in (f"[{deepest}]", "[" * 50_000, "{" * 50_000, "- " * 50_000, "? " * 50_000, "{a: " * 20_000):
        problem = only(text)
        assert "40 levels" in problem.message
        assert problem.line == 1


def test_item_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_yaml, "MAX_EVENTS", 100)
    # Four events frame the document, two the list.
    assert len(read("- a\n" * 94)) == 94
    problem = only("- a\n" * 95)
    assert "more than 100 items" in problem.message
    assert problem.line >= 94


def test_item_limit_as_shipped() -> None:
    assert strict_yaml.MAX_EVENTS == 200_000


def test_problems_are_bounded() -> None:
    found = problems("- ~\n" * 5_000)
    assert len(found) == MAX_PROBLEMS + 1
    assert "reading stopped" in found[-1].message
    assert len(problems("\x01\n" * 5_000)) == MAX_PROBLEMS + 1


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    cases = {
        tmp_path: "is a directory",
        tmp_path / "none.yaml": "No such file",
        pipe: "not a regular file",
        loop: "symbolic links",
        Path("/dev/zero"): "not a regular file",
        tmp_path / "a\0b": "null",
        tmp_path / ("x" * 5000): "too long",
    }
    for path, reason in cases.items():
        with pytest.raises(BadInput) as caught:
            load(path)
        (problem,) = caught.value.problems
        assert (problem.path, problem.line, problem.column) == (str(path), 0, 0)
        assert reason in problem.message


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(5, "Input/output error"), "Input/output error"),  # the disk fails half way
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError("no number"), "no number"),
    ],
)
def test_a_read_that_fails(error: OSError, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "disk.yaml"
    path.write_text("a: 1")

    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", broken)
    with pytest.raises(BadInput, match=rf"disk\.yaml: cannot be read: {said}"):
        load(path)


# -- no file can do anything else

VALID = """\
simtel: scenario/1
title: {en: Active server crashes, zh: 主服务器崩溃}
faults:
  - {at: 60s, kind: crash, subject: servers.active}
  - at: "5s"
    after: {event: call.connected, count: 30}
text: |
  one
  two
n: [1, -2.5, 0x1f, null, true]
""".encode()


def is_plain(data: Any) -> bool:
    match data:
        case dict():
            return all(type(key) is str and is_plain(value) for key, value in data.items())
        case list():
            return all(map(is_plain, data))
        case float():
            return math.isfinite(data)
        case _:
            return data is None or type(data) in (str, int, bool)


def locs(data: Any, at: Loc = ()) -> Iterator[Loc]:
    yield at
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries:
        yield from locs(value, (*at, step))


def check_any(raw: bytes) -> None:
    """Plain data whose places lie in the file, or problems that do."""
    lines = strict_yaml._LINE_BREAK.split(raw.decode("utf-8", "replace"))
    try:
        doc = load(raw, "f.yaml")
    except BadInput as error:
        doc, found = None, [(problem.line, problem.column) for problem in error.problems]
        shown = str(error)
    if doc is None:
        assert found == sorted(found)
        assert shown.startswith("f.yaml:")
    else:
        assert is_plain(doc.data)
        found = [spot(loc) for loc in locs(doc.data) for spot in (doc.place, doc.key_place)]
    for line, column in found:
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes(raw: bytes) -> None:
    check_any(raw)


@given(st.text("\t\n\r !\"#%&'*,-.:<>?@[]`aeoxU{|}~0189\\中\u2028\ufeff\U0001d11e", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_of_the_characters_that_matter(text: str) -> None:
    check_any(text.encode())


PIECES = st.one_of(
    st.binary(max_size=3),
    st.sampled_from(
        [b"\n", b"  ", b"- ", b": ", b"? ", b"[", b"}", b"&a ", b"*a", b"!t ", b"---\n", b"<<: ", b"'", b"\t"]
    ),
)


@given(st.lists(st.tuples(st.integers(0, len(VALID)), st.integers(0, 5), PIECES), max_size=4))
@settings(max_examples=200, deadline=None)
def test_mutated_yaml(edits: list[tuple[int, int, bytes]]) -> None:
    raw = VALID
    for at, cut, piece in edits:
        raw = raw[:at] + piece + raw[at + cut :]
    check_any(raw)


def test_doc_cannot_be_changed_by_name() -> None:
    doc = load(b"a: 1")
    assert isinstance(doc, Doc)
    with pytest.raises(AttributeError):
        doc.name = "other"  # type: ignore[misc]
