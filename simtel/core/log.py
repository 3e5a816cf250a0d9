"""The evidence log: JSON Lines with a header, numbered events and a footer.

    line 1      {"simtel":"evidence/1","header":{...}}
    line 2..n   one event each, numbered from 1 in the order of (t, observer, arrival)
    last line   {"footer":{"events":n,"digest":"sha256:...","lateness":{...},"uncertainty":{...}}}

A log without footer was cut short: no criterion passes on it. The digest covers the event lines only, so that two
runs of one plan agree whatever machine or clock they ran under. Events are encoded and hashed in blocks and are never
all in memory while a run goes on; a reader holds them all, indexed by kind.
"""

import itertools
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from simtel.core.decoder_words import decoder_said
from simtel.core.events import Event, Kind, field_errors
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, unreadable
from simtel.core.quantity import Unit, Value

SCHEMA = "evidence/1"
BLOCK = 4096
LINE_LIMIT = 1 << 20
TARGETS = ("virtual", "loopback", "bench")


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure of the site that is assumed, unknown or descriptive, as the header carries it. `path` names it."""

    path: str
    unit: Unit
    basis: str
    value: Value | None = None
    low: Value | None = None
    high: Value | None = None
    alternatives: tuple[Value, ...] = ()
    source: str = ""


class Limit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A limit of a criterion: the value, which side is good, and where it comes from."""

    name: str
    value: Value
    unit: Unit
    basis: str
    source: str = ""


class Expectation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One criterion as the scenario asks for it: its limits and the unit that it is about."""

    criterion: str
    limits: tuple[Limit, ...] = ()
    subject: str = ""


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that a judge needs besides the events; no site file and no model is needed to judge a log."""

    scenario: str
    site: str
    target: str
    seed: int
    version: str
    seats: int = 0
    title: dict[str, str] = {}
    why: dict[str, str] = {}
    site_title: dict[str, str] = {}
    requirement: tuple[str, ...] = ()
    scenario_hash: str = ""
    site_hash: str = ""
    clock: str = "virtual"
    started: str = ""
    variant: str = ""
    roles: dict[str, tuple[str, ...]] = {}
    names: dict[str, dict[str, str]] = {}
    observes: tuple[str, ...] = ()
    expect: tuple[Expectation, ...] = ()
    assumed: tuple[Figure, ...] = ()
    unknown: tuple[Figure, ...] = ()
    descriptive: tuple[Figure, ...] = ()
    command: str = ""
    made_by: str = ""  # the command of the whole run, of which this is one item


class Footer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known only at the end. Lateness and uncertainty in nanoseconds, per `observer` or `observer/kind`."""

    events: int
    digest: str
    ended: int = 0
    lateness: dict[str, int] = {}
    uncertainty: dict[str, int] = {}
    error: str = ""
    cut: tuple[str, ...] = ()  # why a recording that others made is not whole
    partial: int = 0  # calls of which such a recording holds only a part


class EvidenceWriter:
    """Writes one log. Without `close()` the log has no footer and proves nothing.

    A host of many machines may append events to `block` itself, each numbered by `next(number)`, and `flush()` when it
    holds `BLOCK` of them.
    """

    def __init__(self, out: BinaryIO, header: Header) -> None:
        self._out = out
        self._hash = sha256()
        self._flushed = 0
        self.number = itertools.count(1)
        self._encoder = msgspec.json.Encoder()
        self.block: list[Event] = []
        out.write(self._encoder.encode({"simtel": SCHEMA, "header": header}) + b"\n")

    def add(self, t: int, kind: str, subject: str, observer: str, call: str | None, data: dict[str, Any]) -> int:
        """Keep one event; returns its number."""
        number = next(self.number)
        self.block.append(Event(number, t, kind, subject, observer, call, data))
        if len(self.block) >= BLOCK:
            self.flush()
        return number

    @property
    def count(self) -> int:
        """Events so far."""
        return self._flushed + len(self.block)

    def flush(self) -> None:
        """Encode, hash and write what was seen since the last time."""
        lines = self._encoder.encode_lines(self.block)
        self._hash.update(lines)
        self._out.write(lines)
        self._flushed += len(self.block)
        self.block.clear()

    @property
    def digest(self) -> str:
        """Digest of the events so far."""
        self.flush()
        return "sha256:" + self._hash.hexdigest()

    def close(
        self,
        ended: int = 0,
        lateness: dict[str, int] | None = None,
        uncertainty: dict[str, int] | None = None,
        error: str = "",
        cut: tuple[str, ...] = (),
        partial: int = 0,
    ) -> Footer:
        """Write the footer."""
        footer = Footer(self.count, self.digest, ended, lateness or {}, uncertainty or {}, error, cut, partial)
        self._out.write(self._encoder.encode({"footer": footer}) + b"\n")
        self._out.flush()
        return footer

    def abandon(self) -> None:
        """Keep what was seen so far readable, without a footer (Ctrl-C, a crash of the harness)."""
        self.flush()
        self._out.flush()


class EvidenceLog:
    """A log as judges read it: header, events in order, footer (None when the log was cut short)."""

    def __init__(self, header: Header, events: list[Event], footer: Footer | None, path: str = "") -> None:
        self.header = header
        self.events = events
        self.footer = footer
        self.path = path
        self._kinds: dict[str, list[Event]] = {}
        for event in events:
            self._kinds.setdefault(event.kind, []).append(event)

    def of(self, *kinds: Kind) -> list[Event]:
        """Events of these kinds, in order."""
        if len(kinds) == 1:
            return self._kinds.get(kinds[0], [])
        return sorted((e for k in kinds for e in self._kinds.get(k, ())), key=lambda e: e.seq)

    def by_call(self, *kinds: Kind) -> dict[str, list[Event]]:
        """Events of these kinds (of all kinds when none is named) grouped by call, each group in order."""
        groups: dict[str, list[Event]] = {}
        for event in self.of(*kinds) if kinds else self.events:
            if event.call is not None:
                groups.setdefault(event.call, []).append(event)
        return groups

    @property
    def complete(self) -> bool:
        """Whether the log has its footer, and what it recorded is whole."""
        return self.footer is not None and not self.footer.cut and not self.footer.partial

    def uncertainty(self, event: Event) -> int:
        """How far off `event.t` may be, in nanoseconds."""
        if self.footer is None:
            return 0
        table = self.footer.uncertainty
        return table.get(f"{event.observer}/{event.kind}", table.get(event.observer, 0))


def digest_of(events: Iterable[Event]) -> str:
    """The digest that a log of these events carries."""
    return "sha256:" + sha256(msgspec.json.Encoder().encode_lines(list(events))).hexdigest()


class _First(msgspec.Struct):
    simtel: str
    header: Header


class _Last(msgspec.Struct):
    footer: Footer


def read_log(path: str | os.PathLike[str]) -> EvidenceLog:
    """Read a log, checking numbering, vocabulary, digest and count. BadInput names line and column.

    A last line that is cut off in the middle is dropped: the log then simply has no footer.
    """
    name = os.fspath(path)
    lines = list(_lines(name))
    problems: list[Problem] = []

    def wrong(line: int, message: str) -> None:
        problems.append(Problem(path=name, line=line, column=1, message=message))

    if not lines:
        raise BadInput((Problem(path=name, line=1, column=1, message=Message("is empty: not an evidence log")),))
    try:
        first = msgspec.json.decode(lines[0], type=_First)
    except msgspec.MsgspecError as error:
        wrong(1, Message("is not the header of an evidence log: {error}", error=decoder_said(error)))
        raise BadInput(problems) from None
    if first.simtel != SCHEMA:
        wrong(1, Message("schema {schema} is not one that this version reads ({known})",
                         schema=repr(first.simtel), known=SCHEMA))  # fmt: skip
        raise BadInput(problems)
    head = first.header
    if head.target not in TARGETS:
        wrong(1, Message("target {target} is none of {targets}", target=repr(head.target), targets=", ".join(TARGETS)))
    if head.seats < 0:
        wrong(1, Message("seats is {seats}: a site has none or more", seats=head.seats))
    events: list[Event] = []
    footer: Footer | None = None
    decoder = msgspec.json.Decoder(Event)
    hashed = sha256()
    last_t = 0
    for number, raw in enumerate(lines[1:], start=2):
        final = number == len(lines)
        try:
            event = decoder.decode(raw)
        except msgspec.MsgspecError as error:
            if raw.startswith(b'{"footer"') and final:
                try:
                    footer = msgspec.json.decode(raw, type=_Last).footer
                    continue
                except msgspec.MsgspecError:
                    pass
            if final and not raw.endswith(b"\n"):
                continue
            wrong(number, Message("is not an event: {error}", error=decoder_said(error)))
            continue
        hashed.update(raw)
        if event.seq != len(events) + 1:
            wrong(number, Message("event number {number} where {due} is due", number=event.seq, due=len(events) + 1))
        if event.t < last_t:
            wrong(number, Message("goes back in time: {t} after {last}", t=event.t, last=last_t))
        last_t = max(last_t, event.t)
        for message in field_errors(event):
            wrong(number, message)
        events.append(event)
    if footer is not None and not problems:
        if footer.events != len(events):
            wrong(len(lines), Message("the footer counts {counted} events, the log has {found}",
                                      counted=footer.events, found=len(events)))  # fmt: skip
        elif footer.digest != "sha256:" + hashed.hexdigest():
            wrong(len(lines), Message("the digest does not match the events: the log was altered"))
    if problems:
        raise BadInput(tuple(problems))
    return EvidenceLog(first.header, events, footer, name)


def _lines(name: str) -> Iterator[bytes]:
    try:
        with Path(name).open("rb") as source:
            number = 0
            while line := source.readline(LINE_LIMIT + 1):
                number += 1
                if len(line) > LINE_LIMIT:
                    raise BadInput([Problem(name, number, 1, Message("has a line longer than 1 MiB"))])
                yield line
    except (OSError, ValueError) as error:
        raise BadInput([unreadable(name, error)]) from None
