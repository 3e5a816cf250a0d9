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

`validate` then lays a pydantic model over the data and brings its complaints back to their places.
"""

from __future__ import annotations

import dataclasses
import math
import os
import re
import stat
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import yaml

from simtel.core.problems import BadInput, Problem, did_you_mean, quoted

if TYPE_CHECKING:
    from pydantic import BaseModel

    ModelT = TypeVar("ModelT", bound=BaseModel)

Loc = tuple[str | int, ...]
Place = tuple[int, int]  # line, column, both from 1

MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_EVENTS = 200_000
MAX_PROBLEMS = 1_000

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# The printable set of YAML 1.2 without tab, and without the breaks of Unicode, where readers differ.
_UNPRINTABLE = re.compile(r"[^\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_INT = re.compile(r"[-+]?[0-9]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    "": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_SURPRISES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"),
     "is true or false to some readers and text to others: write true or false, or put it in quotes"),
    (re.compile(r"~"), "is not used for null here: write null, or put it in quotes"),
    (re.compile(r"<<"), "merges another mapping into this one, which is not allowed: write the keys out"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?"),
     "counts in sixties to some readers: write a unit such as 90s, or put it in quotes"),
    (re.compile(r"[-+]?0[0-9_]+"),
     "is octal to some readers: write it without the leading zero, or in quotes if it is a number to dial"),
    (re.compile(r"[-+]?0[oO][0-7_]+|[-+]?0b[01_]+|[-+]0x[0-9a-fA-F_]+"),
     "is a number to some readers and text to others: write it in decimal, or put it in quotes"),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
                r"(([Tt]| +)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?( *(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?)?"),
     "is a date to some readers and text to others: put it in quotes"),
    (re.compile(r"(?=.*_)[-+]?(0x[0-9a-fA-F_]+|\.?[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?)"),
     "is a number to some readers and text to others: leave the underscore out, or put it in quotes"),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+)[eE][-+]?[0-9]+|[-+]?[0-9]+\.[0-9]*[eE][0-9]+|[-+]\.[0-9]+"),
     "is a number to some readers and text to others: write it out, or put it in quotes"),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), "is not a number that can be used here"),
)  # fmt: skip


@dataclass(slots=True)
class _Spot:
    """Where one node of the data stands, where its key stands, and the nodes below it."""

    place: Place
    key: Place | None = None
    below: dict[str | int, _Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doc:
    """A file that was read: `.data` is plain dict, list, str, int, float, bool and None."""

    name: str
    data: Any
    lines: tuple[str, ...]
    _root: _Spot

    def place(self, loc: Loc) -> Place:
        """Line and column of the value at `loc`; of the deepest part of it that is there, if it is not."""
        return self._spot(loc).place

    def key_place(self, loc: Loc) -> Place:
        """Line and column of the key at `loc`; a list item and the whole document stand for themselves."""
        spot = self._spot(loc)
        return spot.key or spot.place

    def snippet(self, line: int) -> str | None:
        """The source line with that number (from 1), or None beyond the end."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else None

    def problem(self, loc: Loc, message: str, hint: str | None = None, *, at_key: bool = False) -> Problem:
        """A problem with the value (or the key) at `loc`, for checks that no model can make."""
        line, column = self.key_place(loc) if at_key else self.place(loc)
        return Problem(self.name, line, column, message, hint, self.snippet(line))

    def _spot(self, loc: Loc) -> _Spot:
        spot = self._root
        for step in loc:
            if step not in spot.below:
                break
            spot = spot.below[step]
        return spot


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
        raise BadInput([Problem(name, 1, 1, f"is larger than {MAX_BYTES} bytes, the most that is read")])
    text = _decode(raw, name)
    return _Composer(name, tuple(_LINE_BREAK.split(text))).compose(text)


def _read(path: str | os.PathLike[str], name: str) -> bytes:
    try:
        mode = Path(path).stat().st_mode
        if not stat.S_ISREG(mode):  # a named pipe would block for ever
            what = "is a directory" if stat.S_ISDIR(mode) else "is not a regular file"
            raise BadInput([Problem(name, 1, 1, f"{what}; a YAML file is due")])
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise BadInput([Problem(name, 1, 1, f"cannot be read: {reason}")]) from None


def _decode(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = _LINE_BREAK.split(raw[: error.start].decode("utf-8").removeprefix("\ufeff"))
        rest = _LINE_BREAK.split(raw[error.start :].decode("utf-8", "replace"), maxsplit=1)[0]
        byte = f"byte 0x{raw[error.start]:02x} at offset {error.start}"
        message = f"{byte} is not UTF-8: save the file as UTF-8"
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
        data, root = None, _Spot((1, 1))
        try:
            self.check_text()
            self.events = self.counted(yaml.parse(text.replace("\t", " "), Loader=_loader()))
            data, root = self.document()
        except _StopError:
            pass
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = ", ".join(part for part in (error.context, error.problem) if part)
            self.complain(self.at(mark), f"not YAML: {said}", last=True)
        except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
            # The parser in Python lets a few of its own errors out, as for the escape "\UFFFFFFFF".
            self.complain((1, 1), f"not YAML: {error}", last=True)
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
            self.stop(place, f"{MAX_PROBLEMS} problems: reading stopped here")

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
                self.complain((number, column), "tab character: use spaces, or \\t in double quotes")
            odd = _UNPRINTABLE.search(line.replace("\t", " "))
            if odd:
                fatal = True
                self.complain((number, odd.start() + 1), f"character U+{ord(odd[0]):04X} is not allowed")
        if fatal:
            raise _StopError

    def counted(self, events: Iterator[Any]) -> Iterator[Any]:
        for count, event in enumerate(events, 1):
            if count > MAX_EVENTS:
                self.stop(self.at(event.start_mark), f"holds more than {MAX_EVENTS} items, the most that is read")
            yield event

    def document(self) -> tuple[Any, _Spot]:
        next(self.events)  # start of the stream
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            self.stop((1, 1), "is empty")
        if start.tags or start.version not in (None, (1, 2)):
            self.complain(self.at(start.start_mark), "directives other than %YAML 1.2 are not allowed")
        first = next(self.events)
        if isinstance(first, yaml.ScalarEvent) and not first.value and not first.style:
            self.complain(self.at(first.start_mark), "is empty")
        read = self.node(first, 1)
        next(self.events)  # end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            self.stop(self.at(after.start_mark), "a second document starts here: one file holds one document")
        return read

    def node(self, event: Any, depth: int) -> tuple[Any, _Spot]:
        spot = _Spot(self.at(event.start_mark))
        if isinstance(event, yaml.AliasEvent):
            self.complain(spot.place, f"alias *{event.anchor} is not allowed: write the value out")
            return None, spot
        if event.anchor is not None:
            self.complain(spot.place, f"anchor &{event.anchor} is not allowed")
        if event.tag is not None:
            self.complain(spot.place, f"tag {quoted(event.tag)} is not allowed: quotes make text of a value")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, spot.place), spot
        if depth > MAX_DEPTH:
            self.stop(spot.place, f"is nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(spot, depth), spot
        return self.mapping(spot, depth), spot

    def sequence(self, spot: _Spot, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item, below = self.node(event, depth + 1)
            spot.below[len(items)] = below
            items.append(item)
        return items

    def mapping(self, spot: _Spot, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, at = self.key(event, depth)
            value, below = self.node(next(self.events), depth + 1)
            if key is None:
                continue
            if key in entries:
                first, again = spot.below[key].key, at[0]
                lines = f"on line {first[0] if first else again} and again on line {again}"
                self.complain(at, f"key {quoted(key)} is given twice: {lines}")
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
            shown = quoted(event.value) if isinstance(event, yaml.ScalarEvent) else "of several values"
            self.complain(spot.place, f"key {shown} is not text: put it in quotes")
        return None, spot.place

    def scalar(self, event: Any, place: Place) -> Any:
        text: str = event.value
        if event.style:  # quoted or block
            odd = _UNPRINTABLE.search(text.replace("\t", " "))
            if odd:
                self.complain(place, f"text holds the control character U+{ord(odd[0]):04X}")
            return text
        if text in _WORDS:
            return _WORDS[text]
        for pattern, reason in _SURPRISES:
            if pattern.fullmatch(text):
                self.complain(place, f"plain {quoted(text)} {reason}")
                return text
        if _INT.fullmatch(text):
            number = int(text, 0) if len(text) <= 20 else 1 << 64  # int() itself refuses 4,300 digits
            if not -(1 << 63) <= number < 1 << 63:
                self.complain(place, f"{quoted(text)} does not fit 64 bits: put a number to dial in quotes")
            return number
        if _FLOAT.fullmatch(text):
            figure = float(text)
            if math.isinf(figure):
                self.complain(place, f"{quoted(text)} is too large a number")
            return figure
        return text


# -- a model laid over the data --------------------------------------------------------------------


def validate(doc: Doc, model: type[ModelT], name: str | None = None) -> ModelT:
    """The data as an instance of a pydantic model (which should forbid extra keys).

    Raises BadInput with every complaint of the model at its place; the text of a ValueError raised in
    a validator is kept.  `name` replaces the document's name in the problems.
    """
    from pydantic import ValidationError  # noqa: PLC0415  (heavy: only those who validate pay for it)

    try:
        return model.model_validate(doc.data)
    except ValidationError as error:
        complaints = _narrow([_Complaint(doc, model, item) for item in error.errors(include_url=False)])
        named = replace(doc, name=name or doc.name)
        problems = _merge([complaint.problem(named) for complaint in complaints])
        raise BadInput(sorted(problems, key=lambda problem: (problem.line, problem.column))) from None


class _Complaint:
    """One pydantic error with its location brought back to the document.

    pydantic puts the label of the union member that it tried into `loc`, where the document has
    nothing.  The walk follows the annotations and the data together: a step is such a label when the
    annotation is a union, or when the data has no such entry.
    """

    def __init__(self, doc: Doc, model: type[BaseModel], item: Mapping[str, Any]) -> None:
        self.type: str = item["type"]
        self.text: str = item["msg"]
        self.input: Any = item.get("input")
        self.context: Mapping[str, Any] = item.get("ctx", {})
        self.at_key = False
        self.branches: list[tuple[Loc, str]] = []  # unions passed: where, and which member was tried
        self.kinds: list[Any] = [model]  # what the annotations allow where the walk stands
        self.holders: list[Any] = []  # the same, one real step earlier
        self.siblings: AbstractSet[str] = frozenset()  # keys beside the last step
        real: list[str | int] = []
        data, steps, missing = doc.data, item["loc"], self.type == "missing"
        for index, step in enumerate(steps):
            last = index == len(steps) - 1
            members = [member for kind in self.kinds for member in _members(kind)]
            if last and step == "[key]":
                self.at_key = True
            elif (missing and last) or (_is_entry(data, step) and (len(members) < 2 or self._chosen(real))):
                self.holders = members
                self.siblings = data.keys() if isinstance(data, dict) else frozenset()
                self.kinds = [child for member in members for child in _children(member, step)]
                real.append(step)
                data = data[step] if _is_entry(data, step) else None
            else:
                self.branches.append((tuple(real), str(step)))
                self.kinds = [member for member in members if step in _labels(member)] or members
        self.loc: Loc = tuple(real)
        self.data = data

    def _chosen(self, real: list[str | int]) -> bool:
        """Whether the label of the union that stands here has been passed."""
        return bool(self.branches) and self.branches[-1][0] == tuple(real)

    def problem(self, doc: Doc) -> Problem:
        word = self.loc[-1] if self.loc else ""
        if self.type in ("extra_forbidden", "unexpected_keyword_argument"):
            names = {name for holder in self.holders for name in _fields(holder)}
            hint = did_you_mean(str(word), names - self.siblings) or did_you_mean(str(word), names)
            return doc.problem(self.loc, f"unknown key {quoted(word)}", hint, at_key=True)
        if self.type == "missing":
            return doc.problem(self.loc[:-1], f"key {quoted(word)} is missing", at_key=True)
        if self.type == "union_tag_not_found":
            return doc.problem(self.loc, f"key {self.context['discriminator']} is missing", at_key=True)
        if self.type == "union_tag_invalid":
            loc = (*self.loc, str(self.context["discriminator"]).strip("'"))
            return doc.problem(loc, *_one_of(self.context["tag"], self.context["expected_tags"]))
        message, hint = self.said()
        return doc.problem(self.loc, message, hint, at_key=self.at_key or isinstance(self.data, dict | list))

    def said(self) -> tuple[str, str | None]:
        """Message and hint in plain words."""
        if self.type in ("value_error", "assertion_error"):
            return str(self.context.get("error") or self.text), None
        if self.type in ("literal_error", "enum"):
            return _one_of(self.input, self.context["expected"])
        if self.type in _DUE:
            return f"{_is(self.input)} where {_DUE[self.type]} is due", None
        if self.type == "string_type":
            advice = "put it in quotes" if isinstance(self.input, int | float) else None
            return f"{_is(self.input)} where text is due", advice
        return re.sub(r"^(Input|Value|String) should ", "must ", self.text), None


_DUE = {
    "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number",
    "float_type": "a number", "float_parsing": "a number",
    "bool_type": "true or false", "bool_parsing": "true or false",
    "list_type": "a list", "tuple_type": "a list", "set_type": "a list", "frozen_set_type": "a list",
    "dict_type": "a mapping (key: value)", "mapping_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)", "model_attributes_type": "a mapping (key: value)",
    "dataclass_type": "a mapping (key: value)",
    "none_required": "null",
}  # fmt: skip


def _is(value: Any) -> str:
    match value:
        case None:
            return "is empty"
        case bool():
            return f"is {str(value).lower()}"
        case int() | float():
            return f"is the number {value}"
        case str():
            return f"is the text {quoted(value)}"
        case list():
            return "is a list"
        case _:
            return "is a mapping"


def _one_of(value: Any, expected: str) -> tuple[str, str | None]:
    return f"{_is(value)} where one of these is due: {expected}", did_you_mean(
        str(value), re.findall(r"'([^']*)'", expected)
    )


def _narrow(complaints: list[_Complaint]) -> list[_Complaint]:
    """Of the members of a union that all refused, keep the complaints of the one most nearly meant.

    That is the one that looked into the value, and of several the one with the fewest complaints; if
    none looked into it, all stand.
    """
    for level in range(max(len(complaint.branches) for complaint in complaints)):
        unions: dict[tuple[Any, Loc], dict[str, list[_Complaint]]] = {}
        for complaint in complaints:
            if level < len(complaint.branches):
                where, member = complaint.branches[level]
                tried = unions.setdefault((tuple(complaint.branches[:level]), where), {})
                tried.setdefault(member, []).append(complaint)
        dropped: set[int] = set()
        for (_, where), tried in unions.items():
            inside = [found for found in tried.values() if any(len(c.loc) > len(where) for c in found)]
            if inside:
                best = min(inside, key=len)
                dropped.update(id(c) for found in tried.values() if found is not best for c in found)
        complaints = [complaint for complaint in complaints if id(complaint) not in dropped]
    return complaints


def _merge(problems: list[Problem]) -> list[Problem]:
    """One problem for each value that no member of a union would have: "... where A is due or B is due"."""
    merged: dict[tuple[int, int, str], Problem] = {}
    for problem in problems:
        found, where, due = problem.message.partition(" where ")
        key = problem.line, problem.column, found
        if where and key in merged:
            seen = merged[key]
            if due not in seen.message:
                hint = seen.hint or problem.hint
                merged[key] = replace(seen, message=f"{seen.message} or {due}", hint=hint)
        else:
            merged[key] = problem
    return list(merged.values())


# What an annotation allows.  An annotation that is not understood has no children: the walk then
# follows the data alone.


def _is_entry(data: Any, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data


def _members(kind: Any) -> list[Any]:
    """The alternatives of an annotation, without null; a member keeps its own `Annotated`."""
    if isinstance(kind, typing.NewType):
        return _members(kind.__supertype__)
    if hasattr(kind, "__value__"):  # a type alias
        return _members(kind.__value__)
    origin = typing.get_origin(kind)
    if origin is typing.Annotated and len(inner := _members(kind.__origin__)) != 1:
        return inner
    if origin in (typing.Union, types.UnionType):
        return [member for part in typing.get_args(kind) for member in _members(part)]
    return [] if kind is type(None) else [kind]


def _bare(kind: Any) -> Any:
    while typing.get_origin(kind) is typing.Annotated:
        kind = kind.__origin__
    return kind


def _fields(kind: Any) -> dict[str, Any]:
    """Key in the file -> annotation, of a model, dataclass or typed dict."""
    kind = _bare(kind)
    infos = getattr(kind, "__pydantic_fields__", None)
    if infos is None:
        known = dataclasses.is_dataclass(kind) or typing.is_typeddict(kind)
        return typing.get_type_hints(kind, include_extras=True) if known else {}
    found: dict[str, Any] = {}
    for name, info in infos.items():
        alias = info.validation_alias or info.alias
        names = [choice for choice in getattr(alias, "choices", [alias]) if isinstance(choice, str)]
        found.update(dict.fromkeys(names or [name], info.annotation))
    return found


def _labels(kind: Any) -> set[Any]:
    """What pydantic may call this member of a union in a location."""
    bare = _bare(kind)
    found = {getattr(bare, "__name__", None)}
    found |= {getattr(extra, "tag", None) for extra in getattr(kind, "__metadata__", ())}
    for annotation in _fields(kind).values():
        if typing.get_origin(_bare(annotation)) is typing.Literal:
            found.update(typing.get_args(_bare(annotation)))
    return found


def _children(kind: Any, step: str | int) -> list[Any]:
    """The annotation of the entry `step`, as a list of one, or an empty list if unknown."""
    kind = _bare(kind)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    fields = _fields(kind)
    if list(fields) == ["root"] and hasattr(kind, "model_fields"):  # a RootModel adds no step
        return [child for member in _members(fields["root"]) for child in _children(member, step)]
    if fields:
        return [fields[step]] if step in fields else []
    if not isinstance(origin, type) or not args:
        return []
    if issubclass(origin, Mapping):
        return [args[1]]
    if issubclass(origin, tuple) and isinstance(step, int) and args[-1] is not Ellipsis:
        return [args[step]] if step < len(args) else []
    return [args[0]] if issubclass(origin, Sequence | AbstractSet) else []
