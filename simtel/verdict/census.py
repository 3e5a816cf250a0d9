"""The evidence arranged by call, by seat and by fault, as criteria ask for it.

Servers and platforms are what is under test: their own word is kept apart (`own_word`), and whatever they
say about calls, service or records counts for nothing. `outside` gives the evidence of everybody else.

A call is up at an instant when it was connected by then and had not ended before it. What happens at the
very instant of the fault counts as its consequence, whichever observer sorts first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

from simtel.core.causes import Lack, lacked
from simtel.core.clock import SECOND
from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog, Limit
from simtel.core.quantity import Basis, Unit

UNSERVED = ("abandoned", "waiting")  # of who talked to nobody: he gave up, or had not yet when the run was over
# The silence after which people take a call for dead, unless the scenario states another.
LONG_SILENCE = Limit("gap_at_most", 2 * SECOND, Unit.TIME, Basis.ASSUMED.value, "a caller says hello again")
# Call records may arrive late; until this long after the end of a call none is called missing.
RECORD_GRACE = 60 * SECOND

_ADDITIONS = frozenset({FaultKind.ADDED, FaultKind.LICENCES_ADDED})
# What lies in wait for another, or breaks nothing: nobody feels them when they are injected.
_HIDDEN = frozenset({
    FaultKind.LATENT, FaultKind.REPLICATION_LOST, FaultKind.REPLICATION_LATE, FaultKind.ADDRESS_STALE,
    *_ADDITIONS,
})  # fmt: skip

_SERVER_KINDS = (
    Kind.SERVER_DETECTED,
    Kind.SERVER_PROMOTED,
    Kind.SERVER_SERVING,
    Kind.SERVER_DEMOTED,
    Kind.SERVER_ADVERTISED,
    Kind.SERVER_SILENT,
)


@dataclass(slots=True)
class Talk:
    """One stretch of talk at one seat; `left` is None when nobody saw its end."""

    seat: str
    begun: Event
    left: Event | None = None


@dataclass(slots=True)
class Call:
    """All that was seen of one call from outside."""

    id: str
    offered: list[Event] = field(default_factory=list)
    connected: Event | None = None
    queued: Event | None = None
    refused: Event | None = None
    seized: Event | None = None
    dialled: Event | None = None  # the number is through: with the seizure, but on a loop line
    ended: list[Event] = field(default_factory=list)
    rung: list[Event] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    dialog: list[Event] = field(default_factory=list)
    media: list[Event] = field(default_factory=list)
    records: list[Event] = field(default_factory=list)
    recordings: list[Event] = field(default_factory=list)

    @property
    def end(self) -> Event | None:
        """The (first) end of the call."""
        return self.ended[0] if self.ended else None

    @property
    def disposition(self) -> str:
        """How it ended; empty when nobody saw that."""
        return text(self.end, "disposition")

    @property
    def attempted(self) -> bool:
        """Whether it was offered and somebody tried: an agent who never came to dial is no attempt."""
        return bool(self.offered) and not lacked(self.trouble, Lack.WILL)

    @property
    def skill(self) -> str:
        """The skill group that the caller wants."""
        return text(self.offered[0], "skill") if self.offered else ""

    @property
    def priority(self) -> int:
        """Who has more is to be served first."""
        return (whole(self.offered[0], "priority") or 0) if self.offered else 0

    @property
    def to_record(self) -> bool:
        """Whether the talk had to be recorded."""
        return bool(self.offered) and self.offered[0].data.get("recorded") is True

    def up_at(self, t: int) -> bool:
        """Answered by then and not ended before."""
        return self.connected is not None and self.connected.t <= t and (self.end is None or self.end.t >= t)

    def ringing_at(self, t: int) -> bool:
        """Offered by then, not yet answered, not ended before."""
        return (
            bool(self.offered)
            and self.offered[0].t <= t
            and (self.connected is None or self.connected.t > t)
            and (self.end is None or self.end.t >= t)
        )

    def talk_at(self, t: int) -> Talk | None:
        """The stretch of talk that was going on then."""
        for talk in self.talks:
            if talk.begun.t <= t and (talk.left is None or talk.left.t >= t):
                return talk
        return None

    @property
    def trouble(self) -> str:
        """Why an attempt failed, as whoever refused it said."""
        return text(self.refused, "cause") or text(self.end, "cause") or self.disposition or "no end"


def text(event: Event | None, name: str) -> str:
    """A text field, empty when the event or the field is missing."""
    value = event.data.get(name) if event is not None else None
    return value if isinstance(value, str) else ""


def whole(event: Event | None, name: str) -> int | None:
    """A field that is a whole number, None when it is missing."""
    value = event.data.get(name) if event is not None else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def servers(log: EvidenceLog) -> frozenset[str]:
    """Names of servers and platforms: by role in the header, and all that are heard of as servers."""
    named = {unit for role in ("servers", "platforms") for unit in log.header.roles.get(role, ())}
    return frozenset(named | {event.subject for event in log.of(*_SERVER_KINDS)})


def servers_alone(log: EvidenceLog) -> frozenset[str]:
    """The call servers: by role in the header, and all that are heard of as such."""
    return frozenset({*log.header.roles.get("servers", ()), *(event.subject for event in log.of(*_SERVER_KINDS))})


def is_server(name: str, known: frozenset[str]) -> bool:
    """Whether a subject or observer is a server or platform."""
    return name in known or name.startswith(("server.", "platform."))


def outside(log: EvidenceLog, *kinds: Kind) -> list[Event]:
    """Events of these kinds as seen by anybody but a server."""
    known = servers(log)
    return [event for event in log.of(*kinds) if not is_server(event.observer, known)]


def own_word(log: EvidenceLog, *kinds: Kind) -> list[Event]:
    """Events of these kinds as servers tell them of themselves."""
    return [event for event in log.of(*kinds) if event.observer == event.subject]


def faults(log: EvidenceLog) -> list[Event]:
    """What the harness did to the site, in order."""
    return log.of(Kind.FAULT_INJECTED)


def breakages(log: EvidenceLog) -> list[Event]:
    """The faults without what was only added in service; all, when nothing else was done."""
    found = faults(log)
    return [fault for fault in found if text(fault, "fault") not in _ADDITIONS] or found


def first_fault(log: EvidenceLog) -> Event | None:
    """The fault at which the census is taken: the first that anybody can feel, or the first when all are hidden."""
    found = faults(log)
    return next((fault for fault in found if text(fault, "fault") not in _HIDDEN), found[0] if found else None)


def end_of(log: EvidenceLog) -> int:
    """The instant at which watching ended."""
    last = log.events[-1].t if log.events else 0
    return max(last, log.footer.ended if log.footer is not None else 0)


_kept: WeakKeyDictionary[EvidenceLog, dict[str, Call]] = WeakKeyDictionary()


def calls(log: EvidenceLog) -> dict[str, Call]:
    """Every call by its id. Kept per log, since most criteria ask for it."""
    if log not in _kept:
        _kept[log] = _gather(log)
    return _kept[log]


def _gather(log: EvidenceLog) -> dict[str, Call]:
    known = servers(log)
    found: dict[str, Call] = {}
    for event in log.events:
        if event.call is None or is_server(event.observer, known):
            continue
        call = found.get(event.call)
        if call is None:
            call = found[event.call] = Call(event.call)
        _note(call, event)
    return found


def _note(call: Call, event: Event) -> None:
    match event.kind:
        case Kind.CALL_OFFERED:
            call.offered.append(event)
        case Kind.CALL_CONNECTED:
            call.connected = call.connected or event
        case Kind.CALL_QUEUED:
            call.queued = call.queued or event
        case Kind.CALL_REFUSED:
            call.refused = call.refused or event
        case Kind.TRUNK_SEIZED:
            call.seized = call.seized or event
            if event.data.get("dialled") is not False:
                call.dialled = call.dialled or event
        case Kind.CALL_DIALLED:
            call.dialled = call.dialled or event
        case Kind.CALL_ENDED:
            call.ended.append(event)
        case Kind.SEAT_RUNG:
            call.rung.append(event)
        case Kind.SEAT_TALKING:
            call.talks.append(Talk(event.subject, event))
        case Kind.SEAT_LEFT:
            for talk in call.talks:
                if talk.seat == event.subject and talk.left is None:
                    talk.left = event
                    break
        case Kind.DIALOG_REQUEST:
            call.dialog.append(event)
        case Kind.MEDIA_INTERRUPTED | Kind.MEDIA_RESUMED:
            call.media.append(event)
        case Kind.RECORD_COLLECTED:
            call.records.append(event)
        case Kind.CALL_RECORDED:
            call.recordings.append(event)
        case _:
            pass


def up_at_fault(log: EvidenceLog) -> list[Call]:
    """The census: calls up when the first fault struck; empty without a fault."""
    fault = first_fault(log)
    return [] if fault is None else [call for call in calls(log).values() if call.up_at(fault.t)]


def silences(log: EvidenceLog, event: Event | None) -> tuple[int, int] | None:
    """(longest silence, uncertainty) that an end reports when it is through; None unless it says both."""
    gap, silent = whole(event, "gap"), whole(event, "silent")
    if event is None or gap is None or silent is None:
        return None
    return max(gap, silent), log.uncertainty(event)


class _Span(NamedTuple):
    """One silence at one end of a call."""

    begun: int
    ended: int
    told: Event
    off: int


def _ear(event: Event, seat: str) -> bool:
    """Whether a media event is about the end that is asked for: that seat, or the public side when it is empty."""
    side = text(event, "end")
    return side == "seat" and seat in (event.subject, event.observer) if seat else side == "public"


def _spans(log: EvidenceLog, call: Call, last: Event | None, seat: str, begin: int) -> list[_Span]:
    """The silences that media events and the word at the end (`last`) date, at one end from `begin` on."""
    until = last.t if last is not None else end_of(log)
    found: list[_Span] = []
    open_: Event | None = None
    for event in call.media:
        if not _ear(event, seat) or not begin <= event.t <= until:
            continue
        if event.kind == Kind.MEDIA_INTERRUPTED:
            open_ = open_ or event
            continue
        gap = whole(event, "gap")
        if gap is not None or open_ is not None:
            begun = open_.t if gap is None and open_ is not None else event.t - (gap or 0)
            found.append(_Span(begun, event.t, event, log.uncertainty(event)))
        open_ = None
    silent = whole(last, "silent")
    if last is not None and silent is not None:
        if silent:
            found.append(_Span(last.t - silent, last.t, last, log.uncertainty(last)))
    elif open_ is not None:
        found.append(_Span(open_.t, until, open_, log.uncertainty(open_)))
    return found


def _at_end(
    log: EvidenceLog, call: Call, last: Event | None, seat: str, begin: int, since: int
) -> Iterator[tuple[Event, int, int]]:
    spans = _spans(log, call, last, seat, begin)
    for span in spans:
        if span.ended >= since:
            yield span.told, span.ended - max(span.begun, since), span.off
    found = silences(log, last)
    if last is None or found is None or last.t < since:
        return
    longest, off = found
    dated = max((span.ended - span.begun for span in spans), default=0)
    if longest == 0 or (spans and longest <= dated + off):
        yield last, 0, off
    else:
        # Nobody dates the longest silence: what does not fit before `since` lay after it, the rest may have.
        low, high = max(0, longest - max(0, since - begin)), min(longest, last.t - since)
        yield last, (low + high) // 2, (high - low) // 2 + off


def heard(log: EvidenceLog, call: Call, since: int) -> Iterator[tuple[Event, int, int]]:
    """(event, silence, uncertainty) for each report of silence on a call from `since` on, at either end.

    Only what lay after `since` counts: of a silence that was going on then, what was left of it. Media events date the
    silences; a longest silence that none of them accounts for may have lain before, and is as uncertain as that.
    """
    begin = call.connected.t if call.connected is not None else 0
    yield from _at_end(log, call, call.end, "", begin, since)
    for talk in call.talks:
        yield from _at_end(log, call, talk.left, talk.seat, talk.begun.t, since)


def heard_at(log: EvidenceLog, call: Call, talk: Talk, since: int) -> list[tuple[Event, int, int]]:
    """The same for one stretch of talk at a seat alone."""
    return list(_at_end(log, call, talk.left, talk.seat, talk.begun.t, since))


def unheard(log: EvidenceLog, call: Call, since: int) -> bool:
    """Whether an end that should report its silence (public, and each seat that talked since) does not."""
    seats = [talk for talk in call.talks if talk.left is None or talk.left.t >= since]
    return silences(log, call.end) is None or any(silences(log, talk.left) is None for talk in seats)
