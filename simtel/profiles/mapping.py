"""Reading of a mapping (`simtel: mapping/1`): what in a recording is what.

A capture knows addresses and a console log knows sentences; which of them is the active server, a trunk gateway or a
seat, which sentence is which event, whose clock is how far off and when the fault was struck is nowhere in them.
"""

import os
import re
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address, ip_network
from typing import Any

import msgspec

from simtel.core.clock import MS, Ns, parse_duration
from simtel.core.document import Loc
from simtel.core.events import FIELDS, Kind
from simtel.core.faults import FaultKind
from simtel.core.i18n import Message, said_by
from simtel.core.problems import did_you_mean, quoted
from simtel.core.quantity import Unit
from simtel.core.strict_yaml import load
from simtel.profiles.device import file_hash
from simtel.profiles.shape import ListOf, Measure, Record, Report, Shape, Text, Word, both_languages, id_text, shown

SCHEMA = "mapping/1"
SERVICE = "service"  # the address at which the active server is reached
SILENCE = Ns(200 * MS)  # a pause of this length in RTP is an interruption; ten packets of 20 ms
ANSWER_WITHIN = Ns(500 * MS)  # T1 of RFC 3261, after which a request is sent again
_UNIT = r"server\.[a-z]|(gateway|seat)\.[1-9][0-9]{0,3}"
_NUMBER = re.compile(r"(.+)_(ns|us|ms|s|min|h)")
_SCALE = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000}
_WORDS = {
    **dict.fromkeys(("1", "true", "yes", "up", "on", "ok", "answered", "y"), True),
    **dict.fromkeys(("0", "false", "no", "down", "off", "failed", "unanswered", "n"), False),
}  # fmt: skip
# What no line can tell: the end of the load, the calendar, and who could call at all.
_UNTOLD = frozenset({Kind.LOAD_ENDED, Kind.FABRIC_SEARCHED, Kind.TIME_SKIPPED, Kind.ACCESS_LOST, Kind.ACCESS_RESTORED})
TOLD = tuple(kind for kind in Kind if kind not in _UNTOLD)


class Rule(msgspec.Struct, frozen=True, eq=False):
    """Lines that match are events of `kind`. `line` is where the rule stands in the mapping."""

    pattern: re.Pattern[str]
    kind: Kind
    subject: str
    data: dict[str, str | int | bool]
    line: int

    def fields(self, groups: dict[str, str | None]) -> dict[str, str | int | bool] | None:
        """The fields of the event; None when a group does not hold what its field is."""
        known = {name.rstrip("?"): type_ for name, (type_, _) in FIELDS[self.kind][1].items()}
        fields = dict(self.data)
        for group, text in groups.items():
            name, scale = _field(group)
            if text is None or name not in known:
                continue
            value = _as(known[name], text, scale)
            if value is None:
                return None
            fields[name] = value
        return fields


class Console(msgspec.Struct, frozen=True):
    """One console or syslog file: whose words these are, how its lines are dated, what they mean."""

    file: str  # a pattern for its name
    observer: str
    stamp: re.Pattern[str]
    format: str
    zone: timezone
    year: int | None
    offset: int  # its clock minus that of the capture, nanoseconds
    uncertainty: int
    rules: tuple[Rule, ...]


class After(msgspec.Struct, frozen=True):
    """The `count`th event of a kind (about `subject`, if that is said), and so much later."""

    event: Kind
    subject: str = ""
    count: int = 1
    plus: Ns = Ns(0)


class Struck(msgspec.Struct, frozen=True):
    """A fault that somebody struck. `at` in nanoseconds since 1970."""

    kind: FaultKind
    subject: str
    at: int | None
    after: After | None
    until: int | None
    uncertainty: int
    unit: str
    place: tuple[int, int]


class Mapping(msgspec.Struct, frozen=True):
    """One mapping file."""

    path: str
    hash: str
    id: str
    title: dict[str, str]
    scenario: str
    scenario_place: tuple[int, int]
    units: dict[str, str]  # address -> unit
    networks: tuple[Any, ...]
    numbers: re.Pattern[str] | None
    mark: str  # header that both legs of a call share; lower case, empty without one
    silence: int
    answer_within: int
    uncertainty: int  # of the capture's clock
    consoles: tuple[Console, ...]
    faults: tuple[Struck, ...]

    def of(self, role: str) -> tuple[str, ...]:
        """Units of one role, in order."""
        return tuple(sorted({unit for unit in self.units.values() if unit.partition(".")[0] == role}))


def _field(group: str) -> tuple[str, int]:
    """The field that a named group fills, and nanoseconds per unit of its number; 0 when it is no duration."""
    found = _NUMBER.fullmatch(group)
    return (found[1], _SCALE[found[2]]) if found is not None else (group, 0)


def _as(type_: type, text: str, scale: int) -> str | int | bool | None:
    if type_ is bool:
        return _WORDS.get(text.strip().lower())
    if type_ is int:
        number = re.fullmatch(r"\s*(\d{1,12})(?:\.(\d{1,9}))?\s*", text)
        if number is None or (number[2] and not scale):
            return None
        whole = int(number[1]) * (scale or 1)
        return whole + (int(number[2]) * scale // 10 ** len(number[2]) if number[2] else 0)
    return text


class _Keyed:
    """A mapping with keys of one form and values of one shape."""

    def __init__(self, pattern: str, form: str, item: Shape) -> None:
        self.pattern, self.form, self.item = pattern, form, item

    def read(self, raw: Any, loc: Loc, report: Report) -> dict[str, Any] | None:
        if not isinstance(raw, dict):
            report.add(loc, Message("{found} where a mapping (key: value) is due", found=shown(raw)), at_key=True)
            return None
        for key in raw:
            if not re.fullmatch(self.pattern, key):
                report.add((*loc, key), Message("{text} is not {form}", text=quoted(key), form=self.form), at_key=True)
        read = {key: self.item.read(value, (*loc, key), report) for key, value in raw.items()}
        return {key: value for key, value in read.items() if value is not None}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "patternProperties": {f"^({self.pattern})$": self.item.schema()},
                "additionalProperties": False}  # fmt: skip


class _Parsed:
    """Text that a function understands; its ValueError says why not."""

    def __init__(self, parse: Any, about: str) -> None:
        self.parse, self.about = parse, about

    def read(self, raw: Any, loc: Loc, report: Report) -> Any:
        text = Text().read(raw, loc, report)
        if text is None:
            return None
        try:
            return self.parse(text)
        except (ValueError, re.error, OverflowError, RecursionError) as error:
            report.add(loc, said_by(error) if error.args and isinstance(error.args[0], Message) else
                       Message("{text} is not {form}", text=quoted(text), form=self.about))  # fmt: skip
            return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "description": str(self.about)}


class _Scalar:
    """A field of an event as it stands."""

    def read(self, raw: Any, loc: Loc, report: Report) -> Any:
        if isinstance(raw, str | bool | int) and raw != "":
            return raw
        report.add(loc, Message("{found} where a text, a whole number, true or false is due", found=shown(raw)))
        return None

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}, {"type": "boolean"}]}


def instant(text: str) -> int:
    """Nanoseconds since 1970 of a date and time with its zone. ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(Message("{text} has no time zone: write one, such as +08:00 or Z", text=quoted(text)))
    return since_1970(found)


def since_1970(when: datetime) -> int:
    """Nanoseconds, exactly."""
    past = when - datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - one import less
    return ((past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds) * 1_000


def _zone(text: str) -> timezone:
    found = re.fullmatch(r"([+-])([01]\d|2[0-3]):([0-5]\d)", text)
    if found is None:
        raise ValueError(text)
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))


def _offset(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    return sign * parse_duration(text.lstrip("+-"))


_TIME = Measure(Unit.TIME)
_ADDRESS = _Parsed(lambda text: str(ip_address(text)), Message("an IP address"))
_NETWORK = _Parsed(ip_network, Message("a network, such as 192.0.2.0/24"))
_PATTERN = _Parsed(re.compile, Message("a regular expression of Python"))
ZONE = _Parsed(_zone, Message("a time zone, such as +08:00"))
_INSTANT = _Parsed(instant, Message("a date and time, such as 2024-05-03T10:00:05.25+08:00"))


def _rule(found: dict[str, Any], loc: Loc, report: Report) -> None:
    """The groups and the constants of a rule give each field that its kind of event must have, and no other."""
    if "event" not in found or "match" not in found:
        return
    kind = Kind(found["event"])
    fields = {name.rstrip("?"): type_ for name, (type_, _) in FIELDS[kind][1].items()}
    groups = {_field(group)[0] for group in found["match"].groupindex} - {"subject", "call"}
    given = found.get("data", {})
    for name, value in given.items():
        if name not in fields:
            message = Message("{kind} has the unknown field {field}", kind=kind.value, field=quoted(name))
            report.add((*loc, "data", name), message, did_you_mean(name, fields), at_key=True)
        elif type(value) is not fields[name]:
            report.add((*loc, "data", name), Message(
                "{kind}: {field} is {value}, not {type}",
                kind=kind.value, field=name, value=repr(value), type=fields[name].__name__,
            ))  # fmt: skip
    for name in sorted(groups - fields.keys()):
        message = Message("{kind} has the unknown field {field}", kind=kind.value, field=quoted(name))
        report.add((*loc, "match"), message, did_you_mean(name, fields))
    for name in FIELDS[kind][1]:
        if not name.endswith("?") and name not in groups | given.keys() and (kind, name) != _NUMBERED:
            report.add((*loc, "match"), Message(
                "nothing gives the field {field} of {kind}: name a group (?P<{field}>...) or write it under 'data'",
                field=name, kind=kind.value,
            ))  # fmt: skip
    if ("subject" in found) == ("subject" in found["match"].groupindex):
        report.add(loc, Message("needs either 'subject' or a group (?P<subject>...), and not both"))


_NUMBERED = (Kind.FAULT_INJECTED, "number")  # faults are numbered here, in the order of their times


def _format(text: str) -> str:
    """A format that strptime knows."""
    try:
        datetime.strptime("", text)  # noqa: DTZ007 - nothing is read
    except ValueError as error:
        if "does not match" not in str(error):
            raise
    return text


TIME_FORMAT = _Parsed(_format, Message("a time format of Python, such as %b %d %H:%M:%S"))


def _console(found: dict[str, Any], loc: Loc, report: Report) -> None:
    if "stamp" in found and "time" not in found["stamp"].groupindex:
        report.add((*loc, "stamp"), Message("needs a group (?P<time>...) that holds date and time"))
    dated = "format" in found and re.search(r"%[YyGcx]", found["format"]) is not None
    if "format" in found and not dated and "year" not in found:
        report.add((*loc, "format"), Message("holds no year: write 'year: 2024' beside it"))
    if dated and "year" in found:
        report.add((*loc, "year"), Message("means nothing: the format holds the year"))


def _fault(_found: dict[str, Any], loc: Loc, report: Report) -> None:
    written = report.doc.data["faults"][loc[-1]]
    if sum(name in written for name in ("at", "after")) != 1:
        report.add(loc, Message("needs either 'at' or 'after', and not both"))
    if "at" in written and "uncertainty" not in written:
        report.add(loc, Message("needs 'uncertainty': how far off 'at' may be against the capture's clock"))


SHAPE = Record({
    "simtel": Word(SCHEMA),
    "id": id_text(),
    "title": both_languages(),
    "scenario": Text(),
    "capture": Record({"uncertainty": _TIME}),
    "addresses": _Keyed(f"{_UNIT}|{SERVICE}", Message("a unit: {units}", units="server.a, gateway.1, service ..."),
                        ListOf(_ADDRESS, least=1)),
    "seats?": Record({"networks?": ListOf(_NETWORK, least=1), "numbers?": _PATTERN}),
    "legs?": Record({"header": Text(r"[A-Za-z][A-Za-z0-9-]{0,63}", Message("the name of a SIP header"))}),
    "silence?": Measure(Unit.TIME, 50 * MS, 1_000 * MS),
    "answer_within?": Measure(Unit.TIME, MS),
    "consoles?": ListOf(Record({
        "file?": Text(), "observer": Text(r"[a-z]+(\.[a-z0-9]+)?", Message("a unit or an observer, such as server.a")),
        "stamp": _PATTERN, "format": TIME_FORMAT,
        "zone": ZONE,
        "year?": Measure(Unit.COUNT, 1970, 2200),
        "offset?": _Parsed(_offset, Message("a duration, such as -120ms")), "uncertainty": _TIME,
        "lines": ListOf(Record({
            "match": _PATTERN, "event": Word(*TOLD), "subject?": Text(),
            "data?": _Keyed(r"[a-z]+", Message("a field of an event"), _Scalar()),
        }, _rule), least=1),
    }, _console)),
    "faults?": ListOf(Record({
        "kind": Word(*FaultKind), "subject": Text(), "at?": _INSTANT, "until?": _INSTANT, "uncertainty?": _TIME,
        "unit?": Text(),
        "after?": Record({"event": Word(*TOLD), "subject?": Text(), "count?": Measure(Unit.COUNT, 1), "plus?": _TIME}),
    }, _fault)),
})  # fmt: skip


def read_mapping(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Mapping:
    """The mapping that a file holds. BadInput holds everything that is wrong with it."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    units: dict[str, str] = {}
    for unit, addresses in found.get("addresses", {}).items():
        for index, address in enumerate(addresses):
            if units.setdefault(address, unit) != unit:
                report.add(("addresses", unit, index), Message(
                    "{address} is the address of {unit} too", address=address, unit=units[address]
                ))  # fmt: skip
    _subjects(found, units, report)
    report.done()
    seats = found.get("seats", {})
    return Mapping(
        path=doc.name, hash=file_hash(doc), id=found["id"], title=found["title"], scenario=found["scenario"],
        scenario_place=doc.place(("scenario",)), units=units, networks=seats.get("networks", ()),
        numbers=seats.get("numbers"), mark=found.get("legs", {}).get("header", "").lower(),
        silence=found.get("silence", SILENCE), answer_within=found.get("answer_within", ANSWER_WITHIN),
        uncertainty=found["capture"]["uncertainty"],
        consoles=tuple(
            Console(
                console.get("file", "*"), console["observer"], console["stamp"], console["format"], console["zone"],
                console.get("year"), console.get("offset", 0), console["uncertainty"],
                tuple(
                    Rule(rule["match"], Kind(rule["event"]), rule.get("subject", ""), rule.get("data", {}),
                         doc.place(("consoles", number, "lines", index))[0])
                    for index, rule in enumerate(console["lines"])
                ),
            )
            for number, console in enumerate(found.get("consoles", ()))
        ),
        faults=tuple(
            Struck(
                FaultKind(fault["kind"]), fault["subject"], fault.get("at"), _after(fault), fault.get("until"),
                fault.get("uncertainty", 0), fault.get("unit", ""), doc.place(("faults", index)),
            )
            for index, fault in enumerate(found.get("faults", ()))
        ),
    )  # fmt: skip


def _after(fault: dict[str, Any]) -> After | None:
    after = fault.get("after")
    return None if after is None else After(Kind(after["event"]), **{k: v for k, v in after.items() if k != "event"})


def _subjects(found: dict[str, Any], units: dict[str, str], report: Report) -> None:
    """What faults strike and consoles belong to is among the units, if it is of a kind that has addresses."""
    known = set(units.values())
    named = [(("faults", i, "subject"), fault.get("subject", "")) for i, fault in enumerate(found.get("faults", ()))]
    named += [(("consoles", i, "observer"), one.get("observer", "")) for i, one in enumerate(found.get("consoles", ()))]
    for loc, unit in named:
        if unit.startswith(("server.", "gateway.", "seat.")) and unit not in known:
            message = Message("{unit} has no address under 'addresses'", unit=quoted(unit))
            report.add(loc, message, did_you_mean(unit, known))
