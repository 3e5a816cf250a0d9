"""Reading of a column mapping (`simtel: columns/1`): which column of a call log holds what.

A call log is one row a call, in whatever columns its exchange writes. Of each call it must be known when it came
(`start`), how long it waited in the queue, whether it was answered and how long it was talked; time with the IVR,
wrap-up, the caller, the agent and a number of the call help where they are there. A length is told by a column of its
own with its unit (`wait`, `talk`, `ivr`, `wrap_up`), else by the instants at its ends:

| length | from | to |
|---|---|---|
| `ivr` | `start` | `queued` |
| `wait` | `start` and the time with the IVR after it | `answered`, or `ended` of a call that was not |
| `talk` | `answered` | `ended` |
| `wrap_up` | `ended` | `ready` |

An instant may stand in two columns, a date and a time: `start: [date, time]`.

How a call ended is told by the words of a column (`outcome`, `outcomes`); without it a call was answered if it has an
instant or a talk above zero, left within the IVR if it never was queued (`queued` is there, and empty), and gave up
otherwise.

Exchanges write words where there is nothing (`empty`), and one name for all callers who withhold theirs (`unknown`):
those that are usual are known, a mapping that names some names all.
"""

import os
import re
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from simtel.core.document import Doc, Loc
from simtel.core.i18n import Message
from simtel.core.problems import did_you_mean, quoted
from simtel.core.quantity import Unit
from simtel.core.strict_yaml import load
from simtel.profiles.device import file_hash
from simtel.profiles.mapping import TIME_FORMAT, ZONE
from simtel.profiles.shape import ListOf, Measure, Record, Report, Text, Word, id_text, shown

SCHEMA = "columns/1"
INSTANTS = ("start", "queued", "answered", "ended", "ready")
LENGTHS = ("ivr", "wait", "talk", "wrap_up")
NAMES = ("caller", "agent", "call", "outcome")
OUTCOMES = ("answered", "abandoned", "ivr", "blocked", "ignored")
UNITS = ("s", "ms", "min", "h:m:s")
WRITTEN = ("iso", "epoch-s", "epoch-ms", "excel")  # beside the formats of strptime
EMPTY = ("NULL", "null", "None", "N/A", "-", "--", "\\N", "0000-00-00 00:00:00", "0000-00-00")
UNKNOWN = (
    "anonymous",
    "unknown",
    "private",
    "withheld",
    "unavailable",
    "restricted",
    "0",
    "匿名",
    "未知",
    "隐藏",
    "保密",
)
ENCODINGS = ("utf-8", "gb18030", "utf-16")


class Columns(msgspec.Struct, frozen=True):
    """One mapping of columns. A column is its name in the header, or its number from 1 where there is none."""

    id: str
    zone: tzinfo  # a `timezone` is an offset that never changes
    formats: tuple[str, ...]
    encoding: str  # empty: found out
    delimiter: str  # empty: found out
    decimal: str  # mark of fractions
    header: bool
    columns: dict[str, tuple[str | int, ...]]  # instants, lengths and names -> column; date and time may be two
    units: dict[str, str]  # of lengths
    outcomes: dict[str, str]  # word of the log -> one of OUTCOMES
    empty: frozenset[str]  # words for nothing
    unknown: frozenset[str]  # callers who are not known, in lower case
    doc: Doc
    hash: str

    def __contains__(self, name: object) -> bool:
        return name in self.columns


class _Column:
    """The name of a column, or its number."""

    def read(self, raw: Any, loc: Loc, report: Report) -> str | int | None:
        if isinstance(raw, str) and raw.strip():
            return raw
        if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 10_000:
            return raw
        report.add(loc, Message("{found} where the name of a column, or its number from 1, is due", found=shown(raw)))
        return None

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 1}]}


class _Stamp:
    """The column of an instant, or two: of its date and of its time."""

    def read(self, raw: Any, loc: Loc, report: Report) -> tuple[str | int, ...] | str | int | None:
        if not isinstance(raw, list):
            return _COLUMN.read(raw, loc, report)
        if len(raw) != len(("date", "time")):
            report.add(loc, Message("a list of two columns is due here: of the date, and of the time"), at_key=True)
            return None
        found = tuple(_COLUMN.read(one, (*loc, index), report) for index, one in enumerate(raw))
        return None if None in found else tuple(one for one in found if one is not None)

    def schema(self) -> dict[str, Any]:
        two = {"type": "array", "items": _COLUMN.schema(), "minItems": 2}
        return {"anyOf": [*_COLUMN.schema()["anyOf"], two]}


class _Format:
    """How an instant is written."""

    def read(self, raw: Any, loc: Loc, report: Report) -> str | None:
        if isinstance(raw, str) and raw in WRITTEN:
            return raw
        form = TIME_FORMAT.read(raw, loc, report)
        if form is not None and ("%I" in form) != ("%p" in form):
            message = Message("hours up to twelve (%I) and the half of the day (%p) belong together")
            report.add(loc, message)
            return None
        return form if form is None else str(form)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "description": ", ".join((*WRITTEN, "%Y/%m/%d %H:%M:%S"))}


class _Zone:
    """An offset, or a name of the time zone database (IANA) with its summer time."""

    def read(self, raw: Any, loc: Loc, report: Report) -> tzinfo | None:
        if isinstance(raw, str) and re.fullmatch(r"[A-Za-z][\w+-]*(/[\w+-]+)*", raw):
            try:
                return ZoneInfo(raw)
            except (KeyError, ValueError, OSError):
                known = available_timezones()
                hint = did_you_mean(raw, known) if known else Message("this machine has no time zones: package tzdata")
                message = Message("{name} is no time zone, such as +08:00 or Asia/Shanghai", name=quoted(raw))
                report.add(loc, message, hint)
                return None
        found: tzinfo | None = ZONE.read(raw, loc, report)
        return found

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "description": "+08:00, Asia/Shanghai, Europe/Berlin"}


def _columns(found: dict[str, Any], loc: Loc, report: Report) -> None:
    """What must be known is told."""
    for length in ("wait", "talk"):
        if length not in found and not {"answered", "ended"} <= found.keys():
            report.add(loc, Message(
                "nothing tells {length}: give a column of it, or the instants 'answered' and 'ended'",
                length=quoted(length),
            ), at_key=True)  # fmt: skip


_COLUMN, _STAMP = _Column(), _Stamp()
_LENGTH = Record({"column": _COLUMN, "unit": Word(*UNITS)})
SHAPE = Record({
    "simtel": Word(SCHEMA),
    "id": id_text(),
    "zone": _Zone(),
    "formats?": ListOf(_Format(), least=1),
    "encoding?": Word(*ENCODINGS),
    "delimiter?": Word(",", ";", "|", "tab"),
    "decimal?": Word(".", ","),
    "header?": Measure(Unit.FLAG),
    "columns": Record({
        "start": _STAMP, **{f"{name}?": _STAMP for name in INSTANTS[1:]}, **{f"{name}?": _COLUMN for name in NAMES},
        **{f"{name}?": _LENGTH for name in LENGTHS},
    }, _columns),
    "outcomes?": Record({f"{name}?": ListOf(Text(), least=1) for name in OUTCOMES}),
    "empty?": ListOf(Text()),
    "unknown?": ListOf(Text()),
})  # fmt: skip


def read_columns(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Columns:
    """The mapping that a file holds. BadInput holds everything that is wrong with it."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    columns: dict[str, Any] = found.get("columns", {})
    words = _words(found, report)
    if ("outcome" in columns) != ("outcomes" in found):
        report.add(("columns",), Message("a column 'outcome' and the words of 'outcomes' belong together"), at_key=True)
    header = found.get("header", True)
    places: dict[str, tuple[str | int, ...]] = {}
    for key, column in columns.items():
        told = column["column"] if isinstance(column, dict) and "column" in column else column
        places[key] = told if isinstance(told, tuple) else (told,)
        if not header and any(isinstance(one, str) for one in places[key]):
            message = Message("without a header a column is a number, from 1")
            report.add(("columns", key, "column") if isinstance(column, dict) else ("columns", key), message)
    report.done()
    return Columns(
        found["id"], found["zone"], found.get("formats", ("iso",)), found.get("encoding", ""),
        found.get("delimiter", "").replace("tab", "\t"), found.get("decimal", "."), header, places,
        {key: column["unit"] for key, column in columns.items() if isinstance(column, dict)}, words,
        frozenset(("", *(word.strip() for word in found.get("empty", EMPTY)))),
        frozenset(word.strip().lower() for word in found.get("unknown", UNKNOWN)), doc, file_hash(doc),
    )  # fmt: skip


def _words(found: dict[str, Any], report: Report) -> dict[str, str]:
    words: dict[str, str] = {}
    for outcome, given in found.get("outcomes", {}).items():
        for index, word in enumerate(given):
            if words.setdefault(word.strip(), outcome) != outcome:
                report.add(("outcomes", outcome, index), Message("{name} is given twice", name=quoted(word)))
    return words
