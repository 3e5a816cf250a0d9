"""Shapes of files: one table says what a file may hold, reads it, and gives the JSON Schema for editors.

A shape reads one value of a document. What it cannot accept it reports to the `Report` with its place and
answers `None`; the mapping around it then leaves the key out, so that reading goes on and one error does
not hide the next. Rules that join several values are written where the file is read, in plain code, on
whatever could be read.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, Protocol

from simtel.core.document import Doc, Loc
from simtel.core.i18n import Message, said_by
from simtel.core.problems import BadInput, Problem, did_you_mean, quoted
from simtel.core.quantity import Unit, Value
from simtel.core.units import EXAMPLES, parse, show


class Report:
    """What is wrong with one document, so far."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.problems: list[Problem] = []

    def add(self, loc: Loc, message: str, hint: str | None = None, *, at_key: bool = False) -> None:
        """A problem at `loc`."""
        self.problems.append(self.doc.problem(loc, message, hint, at_key=at_key))

    def unchecked(self, loc: Loc, what: Message) -> None:
        """Say that a check could not be made, for what it would look at is wrong already."""
        self.problems.append(unchecked(self.doc, loc, what))

    def stop(self) -> NoReturn:
        """Raise BadInput with all problems in file order."""
        raise BadInput(sorted(self.problems, key=lambda problem: (problem.line, problem.column)))

    def done(self) -> None:
        """Raise BadInput if anything is wrong."""
        if self.problems:
            self.stop()


def unchecked(doc: Doc, loc: Loc, what: Message) -> Problem:
    """A check that could not be made at `loc`."""
    return doc.problem(loc, Message("not checked before the rest is right: {what}", what=what), at_key=True)


class Shape(Protocol):
    """How one value may look."""

    def read(self, raw: Any, loc: Loc, report: Report) -> Any:
        """The value, or None after a report."""

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema (2020-12)."""


def shown(raw: Any) -> str:
    """What stands there, in a few words."""
    match raw:
        case None:
            return Message("is empty")
        case dict():
            return Message("is a mapping")
        case list():
            return Message("is a list")
        case str():
            return Message("is the text {text}", text=quoted(raw))
        case bool():
            return Message("is {flag}", flag=str(raw).lower())
    return Message("is the number {number}", number=str(raw))


class Text:
    """Text that says something; with `pattern`, text of that form."""

    def __init__(self, pattern: str = "", form: str = "") -> None:
        self.pattern = pattern
        self.form = form

    def read(self, raw: Any, loc: Loc, report: Report) -> str | None:
        if not isinstance(raw, str) or not raw.strip():
            hint = None if raw is None else Message("put it in quotes")
            report.add(loc, Message("{found} where text is due", found=shown(raw)), hint)
        elif self.pattern and not re.fullmatch(self.pattern, raw):
            report.add(loc, Message("{text} is not {form}", text=quoted(raw), form=self.form))
        else:
            return raw
        return None

    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            **({"pattern": f"^({self.pattern})$"} if self.pattern else {"minLength": 1}),
        }


class Word:
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, raw: Any, loc: Loc, report: Report) -> str | None:
        if isinstance(raw, str) and raw in self.words:
            return raw
        report.add(
            loc,
            Message("{found} where one of these is due: {words}", found=shown(raw), words=", ".join(self.words)),
            did_you_mean(str(raw), self.words),
        )
        return None

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


class Measure:
    """A figure of one unit, with an optional span (in base units, both ends included)."""

    def __init__(self, unit: Unit, low: float | None = None, high: float | None = None) -> None:
        self.unit = unit
        self.low = low
        self.high = high

    def read(self, raw: Any, loc: Loc, report: Report) -> Any:
        try:
            value = parse(raw, self.unit)
        except ValueError as error:
            report.add(loc, said_by(error))
            return None
        if not self._inside(value):
            report.add(loc, outside(value, self.unit, self.low, self.high))
            return None
        return value

    def _inside(self, value: Any) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def schema(self) -> dict[str, Any]:
        if self.unit is Unit.FLAG:
            return {"type": "boolean"}
        if self.unit is Unit.COUNT:
            return {"type": "integer", "minimum": int(self.low or 0)}
        return {"type": "string", "description": f"{self.unit}, such as {EXAMPLES[self.unit]}"}


class ListOf:
    """A list of at least `least` values of one shape."""

    def __init__(self, item: Shape, least: int = 0) -> None:
        self.item = item
        self.least = least

    def read(self, raw: Any, loc: Loc, report: Report) -> tuple[Any, ...] | None:
        if not isinstance(raw, list):
            report.add(loc, Message("{found} where a list is due", found=shown(raw)), at_key=True)
            return None
        if len(raw) < self.least:
            report.add(loc, Message("is an empty list"), at_key=True)
            return None
        values = [self.item.read(item, (*loc, index), report) for index, item in enumerate(raw)]
        return tuple(value for value in values if value is not None)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema(), "minItems": self.least}


class Record:
    """A mapping with known keys. A key ending in '?' may be absent; `check` sees what could be read."""

    def __init__(
        self,
        fields: Mapping[str, Shape],
        check: Callable[[dict[str, Any], Loc, Report], None] | None = None,
    ) -> None:
        self.fields = {name.rstrip("?"): shape for name, shape in fields.items()}
        self.needed = [name for name in fields if not name.endswith("?")]
        self.check = check

    def read(self, raw: Any, loc: Loc, report: Report) -> dict[str, Any] | None:
        if not isinstance(raw, dict):
            report.add(loc, Message("{found} where a mapping (key: value) is due", found=shown(raw)), at_key=True)
            return None
        for name in self.needed:
            if name not in raw:
                report.add(loc, Message("key {key} is missing", key=quoted(name)), at_key=True)
        found: dict[str, Any] = {}
        for name, value in raw.items():
            if name in self.fields:
                read = self.fields[name].read(value, (*loc, name), report)
                if read is not None:
                    found[name] = read
            else:
                hint = did_you_mean(name, self.fields.keys() - raw.keys()) or did_you_mean(name, self.fields)
                report.add((*loc, name), Message("unknown key {key}", key=quoted(name)), hint, at_key=True)
        if self.check is not None:
            self.check(found, loc, report)
        return found

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in self.fields.items()},
            "required": self.needed,
            "additionalProperties": False,
        }


def id_text() -> Text:
    """The name of a file's subject: words of a-z and digits joined by - or dots."""
    return Text(r"[a-z0-9]+([-.][a-z0-9]+)*", Message("a name: small letters, digits, '-' and '.' only"))


def both_languages() -> Record:
    """Text in English and Chinese."""
    return Record({"en": Text(), "zh": Text()})


def requirements() -> ListOf:
    """Numbers of the requirements that the file is about."""
    return ListOf(Text(r"R([1-9]|1[0-8])", Message("the number of a requirement, R1 to R18")), least=1)


def known_profile(report: Report, loc: Loc, name: str, known: Iterable[str]) -> bool:
    """Whether there is a device profile of that name; reports it otherwise."""
    names = set(known)
    if name not in names:
        report.add(loc, Message("there is no device profile {name}", name=quoted(name)), did_you_mean(name, names))
    return name in names


def outside(value: Value, unit: Unit, low: Value | None, high: Value | None) -> Message:
    """Says that a value is not where it makes sense; an end that is None is open."""
    if low is not None and high is None:
        return Message("{value} is too little: write {least} or more", value=show(value, unit), least=show(low, unit))
    least, most = ("..." if end is None else show(end, unit) for end in (low, high))
    return Message("{value} is outside {least} to {most}, where it makes sense",
                   value=show(value, unit), least=least, most=most)  # fmt: skip
