"""One recording: all captures and console files in one order, as an evidence log.

1. Captures are read side by side, packet after packet; of a packet nothing is kept but what it changes.
2. Console files come after them, since they name calls by Call-ID. What they say from outside the time of the captures
   is left out: nobody watched then.
3. The run begins with the first packet (or line, without a capture) and ends with the last.
4. Times that are compared with the fault are off by what the clock of the capture, the fault and the console may be
   off by; what is said about service also by the longest time between two checks.
5. A call that ended badly within the uncertainty before the fault may have been up when it struck: known in part.
6. What the recording observes is what it held at least once, and what it would have held: an end with each offer.
"""

import heapq
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec

from simtel.core.clock import LIMIT, SECOND, show_duration
from simtel.core.events import Kind
from simtel.core.i18n import Message
from simtel.core.log import EvidenceWriter
from simtel.core.problems import BadInput, Problem
from simtel.profiles.mapping import SERVICE, After, Mapping, Rule, Struck
from simtel.protocols import rtp, vrrp
from simtel.protocols.sip import onlooker as sip
from simtel.target.recorded.calls import Calls
from simtel.target.recorded.console import Reader, console_of
from simtel.target.recorded.notes import CAPTURE, HARNESS, Notes
from simtel.target.recorded.watch import Watch
from simtel.wire.capture import TCP, UDP, Capture, Packet, is_capture

_CHECKS = frozenset({"OPTIONS", "INVITE", "REGISTER"})
_SIP_PORTS = frozenset({5060, 5061})
_BACK = SECOND  # a capture's clock that goes back by more was set
_SERVICE = (Kind.SERVICE_CHECKED, Kind.SERVICE_LOST, Kind.SERVICE_ANSWERED)
_SEAT = (Kind.SEAT_RUNG, Kind.SEAT_TALKING, Kind.SEAT_LEFT)
_IMPLIED: tuple[tuple[Kind, frozenset[Kind]], ...] = (
    (Kind.CALL_OFFERED, frozenset({Kind.CALL_CONNECTED, Kind.CALL_REFUSED, Kind.CALL_ENDED, Kind.DIALOG_REQUEST})),
    (Kind.SEAT_TALKING, frozenset({*_SEAT})),
    (Kind.REGISTRATION_MADE, frozenset({Kind.REGISTRATION_LOST})),
    (Kind.SERVER_ADVERTISED, frozenset({Kind.SERVER_SILENT})),
    (Kind.SERVICE_CHECKED, frozenset({*_SERVICE})),
)


class Recording:
    """What the files hold, read. BadInput for what cannot be used. `told` are sentences for whoever asked."""

    def __init__(self, mapping: Mapping, files: Sequence[str | os.PathLike[str]]) -> None:
        self.mapping = mapping
        self.notes = Notes()
        self.watch = Watch(self.notes, mapping.answer_within)
        self.calls = Calls(mapping, self.notes, lambda: self.watch.active)
        self.told: list[str] = []
        self._off: dict[str, int] = {CAPTURE: 0}
        self._begin: int | None = None
        self._end = 0
        self._packets = self._rtp = 0
        sorted_ = [(is_capture(file), file) for file in files]
        captures = [Capture(file) for packets, file in sorted_ if packets]
        readers = [(console_of(mapping, file), file) for packets, file in sorted_ if not packets]
        if captures:
            self._listen(captures)
        rules: dict[Rule, int] = {}
        for console, file in readers:
            reader = Reader(console, file, self.notes, self.calls.ids)
            reader.read()
            if not reader.lines:
                self.told.append(Message("{file} is empty: that console says nothing", file=Path(file).name))
            for rule, count in reader.matched.items():
                rules[rule] = rules.get(rule, 0) + count
            self._off[console.observer] = max(self._off.get(console.observer, 0), console.uncertainty)
        self._in_time(bool(captures))
        self._fault_off = self._strike()
        self._numbered()
        self._say(rules)

    # Packets.

    def _listen(self, captures: list[Capture]) -> None:
        for packet in heapq.merge(*map(self._ordered, captures), key=lambda packet: packet.t):
            self._packets += 1
            if self._begin is None:
                self._begin = self._end = packet.t
            self._end = max(self._end, packet.t)
            self._packet(self._end, packet)
        self.calls.finish(self._end)
        self.watch.at(self._end)
        for capture in captures:
            self.notes.unknown.update(capture.unknown)
            if capture.cut:
                self.notes.cut["truncated"] = None
        if not self.notes.events:
            message = Message(
                "none of its {count} packets says anything about the units of the mapping: look at 'addresses'",
                count=self._packets,
            )
            raise BadInput([Problem(capture.path, 0, 0, message) for capture in captures])

    def _ordered(self, capture: Capture) -> Iterator[Packet]:
        last = 0
        for packet in capture.packets():
            if packet.t < last - _BACK:
                self.notes.cut["clock"] = None
            last = max(last, packet.t)
            yield packet if packet.t == last else packet._replace(t=last)

    def _packet(self, t: int, packet: Packet) -> None:
        self.watch.at(t)
        if packet.protocol == vrrp.PROTOCOL:
            advert, server = vrrp.parse(packet.payload), self.mapping.units.get(packet.source, "")
            if advert is None or not server.startswith("server."):
                self.notes.unknown["advert"] += 1
            else:
                self.watch.advert(t, server, advert)
        elif packet.protocol == TCP:
            if _SIP_PORTS & {packet.from_port, packet.to_port} and (
                self.calls.units.inner(packet.source) or self.calls.units.inner(packet.target)
            ):
                self.notes.unknown["tcp"] += 1
                self.notes.cut["tcp"] = None
        elif packet.protocol == UDP:
            ear = self.calls.sinks.get((packet.target, packet.to_port))
            found = rtp.parse(packet.payload) if ear is not None else None
            if ear is not None and found is not None:
                self._rtp += 1
                ear.packet(t, found)
            elif sip.looks_like_sip(packet.payload):
                self._sip(t, packet)
            elif rtp.parse(packet.payload) is None:
                self.notes.unknown["other"] += 1
            else:
                self.notes.unknown["rtp"] += 1
        else:
            self.notes.unknown["other"] += 1

    def _sip(self, t: int, packet: Packet) -> None:
        try:
            message = sip.parse(packet.payload, (self.mapping.mark,) if self.mapping.mark else ())
        except sip.NotSipError:
            self.notes.unknown["sip"] += 1
            if self.calls.units.known(packet.source) and self.calls.units.known(
                packet.target
            ):  # no stranger's knocking
                self.notes.cut["sip"] = None
            return
        check = (message.call_id, str(message.cseq), message.method, message.branch)
        units = self.mapping.units
        if message.request and message.method in _CHECKS and units.get(packet.target) == SERVICE:
            self.watch.request(t, check)
        elif not message.request and message.method in _CHECKS and units.get(packet.source) == SERVICE:
            self.watch.answer(t, check, self.watch.active or SERVICE)
        if message.method != "OPTIONS":
            self.calls.message(t, packet.source, packet.target, message)

    # Order and faults.

    def _in_time(self, captured: bool) -> None:
        """Leave out what consoles say from outside the captures; without any, lines alone say when the run was."""
        notes = self.notes
        if not captured:
            if not notes.events:
                raise BadInput([Problem(self.mapping.path, 0, 0, Message("no line of the files matches any rule"))])
            self._begin, self._end = min(n.t for n in notes.events), max(n.t for n in notes.events)
        begin = self._begin or 0
        kept = [note for note in notes.events if begin <= note.t <= self._end]
        notes.unknown["outside"] += len(notes.events) - len(kept)
        notes.events = sorted(kept, key=lambda note: (note.t, note.observer))
        if self._end - begin >= LIMIT:
            message = Message("the recording lasts {length}, longer than a run may (104 days)",
                              length=show_duration(self._end - begin))  # fmt: skip
            raise BadInput([Problem(self.mapping.path, 0, 0, message)])

    def _strike(self) -> int:
        """Faults that the mapping states become events. How far off, at most, any of all faults is."""
        problems: list[Problem] = []
        marks = [note for note in self.notes.events if note.observer == HARNESS]
        off = max(
            (self._off[c.observer] for c in self.mapping.consoles if marks and c.observer in self._off), default=0
        )
        for struck in self.mapping.faults:
            t, by = (struck.at, 0) if struck.at is not None else self._found(struck.after)
            times = (t, struck.until if struck.until is not None else t)
            problems += [self._missed(struck, when) for when in dict.fromkeys(times) if not self._during(when)]
            if t is None:
                continue
            off = max(off, struck.uncertainty + by)
            data = {"fault": struck.kind.value} | ({"unit": struck.unit} if struck.unit else {})
            self.notes.add(t, Kind.FAULT_INJECTED, struck.subject, None, HARNESS, **data)
            if struck.until is not None:
                cleared = {"fault": struck.kind.value}
                self.notes.add(struck.until, Kind.FAULT_CLEARED, struck.subject, None, HARNESS, **cleared)
        if problems:
            raise BadInput(problems)
        return off

    def _during(self, when: int | None) -> bool:
        return when is not None and (self._begin or 0) <= when <= self._end

    def _found(self, after: After | None) -> tuple[int | None, int]:
        """When the event happened after which a fault is dated, and how far off that is."""
        if after is None:
            return None, 0
        alike = [n for n in self.notes.events if n.kind == after.event and after.subject in {"", n.subject}]
        if len(alike) < after.count:
            return None, 0
        note = alike[after.count - 1]
        return note.t + after.plus, self._off.get(note.observer, 0)

    def _missed(self, struck: Struck, when: int | None) -> Problem:
        line, column = struck.place
        if when is None:
            message = Message("the recording holds no such event, so nothing says when this fault was struck")
        else:
            message = Message("{time} lies outside the recording, which is from {begin} to {end}",
                              time=_iso(when), begin=_iso(self._begin or 0), end=_iso(self._end))  # fmt: skip
        return Problem(self.mapping.path, line, column, message)

    def _numbered(self) -> None:
        """Faults in the order of their times; calls that ended badly so shortly before one that nobody can tell."""
        self.notes.events.sort(key=lambda note: (note.t, note.observer))
        numbers: dict[str, list[int]] = {}
        count = 0
        for index, note in enumerate(self.notes.events):
            if note.kind == Kind.FAULT_INJECTED:
                numbers.setdefault(note.subject, []).append(count)
                self.notes.events[index] = msgspec.structs.replace(note, data={**note.data, "number": count})
                count += 1
            elif note.kind == Kind.FAULT_CLEARED:
                first = (numbers.get(note.subject) or [0])[-1]
                self.notes.events[index] = msgspec.structs.replace(note, data={**note.data, "number": first})
        faults = [note.t for note in self.notes.events if note.kind == Kind.FAULT_INJECTED]
        reach = self._fault_off + self.mapping.uncertainty
        for note in self.notes.events:
            near = any(fault - reach <= note.t < fault for fault in faults)
            if near and note.kind == Kind.CALL_ENDED and note.data["disposition"] != "completed":
                self.notes.partial.add(str(note.call))

    # What comes of it.

    def observes(self) -> tuple[str, ...]:
        """Kinds of events that this recording would have shown."""
        seen = {Kind(note.kind) for note in self.notes.events}
        for kind, implied in _IMPLIED:
            if kind in seen:
                seen |= implied
        if self._rtp:
            seen |= {Kind.MEDIA_INTERRUPTED, Kind.MEDIA_RESUMED}
        return tuple(sorted(kind.value for kind in seen - self.notes.hidden))

    def roles(self) -> dict[str, tuple[str, ...]]:
        """Units by role."""
        found = {
            "servers": self.mapping.of("server"),
            "gateways": self.mapping.of("gateway"),
            "seats": self.calls.units.seats,
        }
        return {role: units for role, units in found.items() if units}

    @property
    def started(self) -> str:
        """When it began, in words of ISO 8601."""
        return _iso(self._begin or 0)

    def write(self, out: EvidenceWriter) -> None:
        """All events, and the footer."""
        begin = self._begin or 0
        for note in self.notes.events:
            data = note.data if "since" not in note.data else {**note.data, "since": max(0, note.data["since"] - begin)}
            out.add(note.t - begin, note.kind, note.subject, note.observer, note.call, data)
        base = self.mapping.uncertainty + self._fault_off
        off = {observer: base + more for observer, more in sorted(self._off.items())}
        off |= {f"{CAPTURE}/{kind.value}": base + self.watch.spacing for kind in _SERVICE}
        off[HARNESS] = self._fault_off
        out.close(
            ended=self._end - begin, uncertainty=off, cut=tuple(self.notes.cut), partial=len(self.notes.partial)
        )  # fmt: skip

    def _say(self, rules: dict[Rule, int]) -> None:
        notes = self.notes
        if self._packets:
            self.told.append(Message(
                "{packets} packets: {calls} calls, {seats} seats, {rtp} of sound, {adverts} adverts",
                packets=self._packets, calls=notes.counts["calls"], seats=len(self.calls.units.seats), rtp=self._rtp,
                adverts=notes.counts["adverts"],
            ))  # fmt: skip
        if self._rtp:
            self.told.append(Message(
                "of the sound {lost} packets were lost and {double} came twice; {restarts} times a sender began anew",
                lost=notes.counts["lost"], double=notes.counts["double"], restarts=notes.counts["restarts"],
            ))  # fmt: skip
        if rules:
            self.told.append(Message("{count} lines match a rule of the mapping", count=sum(rules.values())))
        said = {reason: notes.unknown[reason] for reason in REASONS if notes.unknown[reason]}
        self.told += [REASONS[reason](count) for reason, count in said.items()]
        if notes.counts["undated"] + notes.counts["unclear"]:
            self.told.append(Message(
                "{undated} lines that match a rule have no time, {unclear} do not hold what their fields are",
                undated=notes.counts["undated"], unclear=notes.counts["unclear"],
            ))  # fmt: skip
        self.told += [
            Message("the rule on line {line} of the mapping matches no line", line=rule.line)
            for rule, count in rules.items() if not count
        ]  # fmt: skip
        if notes.partial:
            self.told.append(Message("of {count} calls the recording holds only a part", count=len(notes.partial)))


def _iso(t: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=t // 1_000)).isoformat()  # noqa: UP017


# What was not understood, or left out, and how it is said.
REASONS: dict[str, Callable[[int], str]] = {
    "no-ip": lambda n: Message("{count} packets not understood: no IP in them", count=n),
    "no-time": lambda n: Message("{count} packets not understood: they have no time", count=n),
    "short": lambda n: Message("{count} packets not understood: shorter than they say", count=n),
    "fragment": lambda n: Message("{count} packets not understood: fragments whose other parts are missing", count=n),
    "sip": lambda n: Message("{count} packets not understood: malformed SIP", count=n),
    "tcp": lambda n: Message("{count} packets not understood: SIP over TCP or TLS is not read", count=n),
    "advert": lambda n: Message("{count} packets not understood: VRRP of strangers", count=n),
    "rtp": lambda n: Message("{count} packets of sound belong to no end of a call that is known", count=n),
    "other": lambda n: Message("{count} packets are neither SIP, RTP nor VRRP", count=n),
    "stranger": lambda n: Message("{count} messages with an address that the mapping does not name", count=n),
    "between-servers": lambda n: Message("{count} messages between servers left out", count=n),
    "internal": lambda n: Message("{count} calls from seat to seat left out", count=n),
    "loose": lambda n: Message("{count} legs belong to no call that is known: seats are not observed", count=n),
    "call": lambda n: Message("{count} lines are about calls that no capture shows", count=n),
    "outside": lambda n: Message("{count} lines from outside the time of the captures left out", count=n),
}
