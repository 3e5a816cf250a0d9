"""Strict YAML 1.2: what a person wrote is what is read, or the place that says otherwise is named.

PyYAML keeps the last of two equal keys without a word and reads `1:30` as 90, `010` as 8 and `no` as
false.  So only its parser is used here.  Its events are composed into plain data by the rules of the
YAML 1.2 core schema, and each value and key keeps its place.  Rules:

1. The text is checked first: at most 1 MiB, UTF-8, no control characters, no tabs.
2. Events are counted and the nesting is bounded while composing, so no file can exhaust the stack.
   No alias is ever followed, so no file can be circular or grow when read.
3. A plain scalar that a YAML 1.1 reader and a YAML 1.2 reader understand differently is refused:
   `2E1` is twenty to the one and a text to the other, and two spans to the person who wrote it.
4. Reading goes on after a mistake as far as the syntax allows, and one BadInput holds them all.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from simtel.core.document import Doc, Place, Spot
from simtel.core.i18n import Message
from simtel.core.parser_words import not_yaml
from simtel.core.problems import BadInput, Problem, quoted, unreadable
from simtel.core.scalars import unprintable, value_of

MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_EVENTS = 200_000
MAX_PROBLEMS = 1_000

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def load(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Doc:
    """Read a file (a path) or its content (bytes); `name` is what the problems call it.

    Raises BadInput, and nothing else, for whatever the path or the bytes may hold.
    """
    if isinstance(source, bytes):
        name = name or "<bytes>"
        raw = source
    else:
        name = name or os.fspath(source)
        raw = _read(source, name)
    if len(raw) > MAX_BYTES:
        too_large = Message("is larger than {most} bytes, the most that is read", most=MAX_BYTES)
        raise BadInput([Problem(name, 0, 0, too_large)])
    text = _decode(raw, name)
    return _Composer(name, tuple(_LINE_BREAK.split(text))).compose(text)


def _read(path: str | os.PathLike[str], name: str) -> bytes:
    try:
        mode = Path(path).stat().st_mode
        if not stat.S_ISREG(mode):  # a named pipe would block for ever
            folder = Message("is a directory; a YAML file is due")
            other = Message("is not a regular file; a YAML file is due")
            raise BadInput([Problem(name, 0, 0, folder if stat.S_ISDIR(mode) else other)])
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise BadInput([unreadable(name, error)]) from None


def _decode(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = _LINE_BREAK.split(raw[: error.start].decode("utf-8").removeprefix("\ufeff"))
        rest = _LINE_BREAK.split(raw[error.start :].decode("utf-8", "replace"), maxsplit=1)[0]
        message = Message(
            "byte {byte} at offset {offset} is not UTF-8: save the file as UTF-8",
            byte=f"0x{raw[error.start]:02x}", offset=error.start,
        )  # fmt: skip
        place = len(before), len(before[-1]) + 1
        raise BadInput([Problem(name, *place, message, None, before[-1] + rest)]) from None


def _loader() -> Any:
    """The parser in C where PyYAML was built with it; the one in Python is the same, but slow."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StopError(Exception):
    """Reading cannot go on; why is already among the problems."""


class _Composer:
    """Parser events -> data and places, with a list of all that is wrong."""

    def __init__(self, name: str, lines: tuple[str, ...]) -> None:
        self.name = name
        self.lines = lines
        self.problems: list[Problem] = []
        self.events: Iterator[Any] = iter(())

    def compose(self, text: str) -> Doc:
        data, root = None, Spot((1, 1))
        try:
            self.check_text()
            self.events = self.counted(yaml.parse(text.replace("\t", " "), Loader=_loader()))
            data, root = self.document()
        except _StopError:
            pass
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.complain(self.at(mark), not_yaml(error.context, error.problem), last=True)
        except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
            # The parser in Python lets a few of its own errors out, as for the escape "\UFFFFFFFF".
            self.complain((1, 1), not_yaml(None, str(error)), last=True)
        if self.problems:
            raise BadInput(sorted(self.problems, key=lambda problem: (problem.line, problem.column)))
        return Doc(self.name, data, self.lines, root)

    def at(self, mark: Any) -> Place:
        """Where a mark of the parser stands; it may count the end of the file as a line of its own."""
        if mark is None:
            return 1, 1
        if mark.line >= len(self.lines):
            return len(self.lines), len(self.lines[-1]) + 1
        return mark.line + 1, mark.column + 1

    def complain(self, place: Place, message: str, *, last: bool = False) -> None:
        line, column = place
        self.problems.append(Problem(self.name, line, column, message, None, self.lines[line - 1]))
        if len(self.problems) == MAX_PROBLEMS and not last:
            self.stop(place, Message("{count} problems: reading stopped here", count=MAX_PROBLEMS))

    def stop(self, place: Place, message: str) -> NoReturn:
        self.complain(place, message, last=True)
        raise _StopError

    def check_text(self) -> None:
        """Control characters and tabs, the first of each on a line; a tab that indents ends the reading."""
        fatal = False
        for number, line in enumerate(self.lines, 1):
            if "\t" in line:
                column = line.index("\t") + 1
                fatal |= not line[: column - 1].strip()
                self.complain((number, column), Message("tab character: use spaces, or \\t in double quotes"))
            odd = unprintable(line)
            if odd:
                fatal = True
                message = Message("character {character} is not allowed", character=f"U+{ord(odd[0]):04X}")
                self.complain((number, odd.start() + 1), message)
        if fatal:
            raise _StopError

    def counted(self, events: Iterator[Any]) -> Iterator[Any]:
        for count, event in enumerate(events, 1):
            if count > MAX_EVENTS:
                message = Message("holds more than {most} items, the most that is read", most=MAX_EVENTS)
                self.stop(self.at(event.start_mark), message)
            yield event

    def document(self) -> tuple[Any, Spot]:
        next(self.events)  # start of the stream
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            self.stop((1, 1), Message("is empty"))
        if start.tags or start.version not in (None, (1, 2)):
            self.complain(self.at(start.start_mark), Message("directives other than %YAML 1.2 are not allowed"))
        first = next(self.events)
        if isinstance(first, yaml.ScalarEvent) and not first.value and not first.style:
            self.complain(self.at(first.start_mark), Message("is empty"))
        read = self.node(first, 1)
        next(self.events)  # end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            self.stop(self.at(after.start_mark), Message("a second document starts here: one file holds one document"))
        return read

    def node(self, event: Any, depth: int) -> tuple[Any, Spot]:
        spot = Spot(self.at(event.start_mark))
        if isinstance(event, yaml.AliasEvent):
            self.complain(
                spot.place, Message("alias *{name} is not allowed: write the value out", name=str(event.anchor))
            )
            return None, spot
        if event.anchor is not None:
            self.complain(spot.place, Message("anchor &{name} is not allowed", name=str(event.anchor)))
        if event.tag is not None:
            message = Message("tag {tag} is not allowed: quotes make text of a value", tag=quoted(event.tag))
            self.complain(spot.place, message)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, spot.place), spot
        if depth > MAX_DEPTH:
            self.stop(spot.place, Message("is nested more than {most} levels deep", most=MAX_DEPTH))
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(spot, depth), spot
        return self.mapping(spot, depth), spot

    def sequence(self, spot: Spot, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item, below = self.node(event, depth + 1)
            spot.below[len(items)] = below
            items.append(item)
        return items

    def mapping(self, spot: Spot, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, at = self.key(event, depth)
            value, below = self.node(next(self.events), depth + 1)
            if key is None:
                continue
            if key in entries:
                first, again = spot.below[key].key, at[0]
                message = Message(
                    "key {key} is given twice: on line {first} and again on line {again}",
                    key=quoted(key), first=first[0] if first else again, again=again,
                )  # fmt: skip
                self.complain(at, message)
            else:
                below.key = at
                entries[key], spot.below[key] = value, below
        return entries

    def key(self, event: Any, depth: int) -> tuple[str | None, Place]:
        """The key, or None when it is not text, which is then among the problems."""
        known = len(self.problems)
        key, spot = self.node(event, depth + 1)
        if isinstance(key, str):
            return key, spot.place
        if len(self.problems) == known:
            shown = quoted(event.value) if isinstance(event, yaml.ScalarEvent) else Message("of several values")
            self.complain(spot.place, Message("key {key} is not text: put it in quotes", key=shown))
        return None, spot.place

    def scalar(self, event: Any, place: Place) -> Any:
        text: str = event.value
        if event.style:  # quoted or block
            odd = unprintable(text)
            if odd:
                message = Message("text holds the control character {character}", character=f"U+{ord(odd[0]):04X}")
                self.complain(place, message)
            return text
        value, refusal = value_of(text)
        if refusal is not None:
            self.complain(place, refusal)
        return value
