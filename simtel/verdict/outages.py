"""Outages on the calendar: who was without access, when, and for how long, counted three ways.

The log's time stands still where the calendar jumps (`time.skipped`); an outage that lasts over a jump is as long as
the calendar says. Counted are
    system   at least half of the seats or half of the spans without access together, for longer than 30 s
    user     a seat without access for longer than 30 s; its time counts by its share of all seats
    cuts     what is not longer than 30 s, whichever of the two it is
Outages of users that overlap are one incident: one fault, many users. An outage that was not over when the log ended is
counted as far as it was seen.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from simtel.core.clock import HOUR, SECOND
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog
from simtel.verdict.census import end_of, faults, outside, whole

COUNTS_FROM = 30 * SECOND
YEAR = 365 * 24 * HOUR


class Outage(NamedTuple):
    """A stretch of the calendar without access, in nanoseconds, and the event at its begin.

    Of one of the system, `seats` and `spans` say whether half of them were without at any time of it.
    """

    begun: int
    over: int
    event: Event
    seats: bool = False
    spans: bool = False

    @property
    def length(self) -> int:
        """How long."""
        return self.over - self.begun


class Outages(NamedTuple):
    """What a log tells of outages. Lengths in nanoseconds; `longest_fault` is that of any fault, outage or not."""

    years: float
    faults: int
    longest_fault: int
    system: list[Outage]
    users: list[tuple[float, Event]]  # incident: seconds of an average user (ns), first event
    system_cuts: list[Outage]
    user_cuts: int


def outages(log: EvidenceLog) -> Outages:
    """All outages of the log."""
    calendar = _Calendar(log)
    seats = set(log.header.roles.get("seats", ()))
    spans = set(log.header.roles.get("spans", ()))
    alone: list[Outage] = []
    open_: dict[str, Event] = {}
    together: list[Outage] = []
    begun: Event | None = None
    half_seats = half_spans = False
    for event in outside(log, Kind.ACCESS_LOST, Kind.ACCESS_RESTORED):
        if event.kind == Kind.ACCESS_LOST:
            open_.setdefault(event.subject, event)
        elif event.subject in open_:
            lost = open_.pop(event.subject)
            if event.subject in seats:
                alone.append(Outage(calendar.at(lost), calendar.at(event), lost))
        fewer, narrower = (2 * len(open_.keys() & all_) >= max(1, len(all_)) for all_ in (seats, spans))
        if not (fewer or narrower):
            if begun is not None:
                together.append(Outage(calendar.at(begun), calendar.at(event), begun, half_seats, half_spans))
            begun, half_seats, half_spans = None, False, False
            continue
        begun, half_seats, half_spans = begun or event, half_seats or fewer, half_spans or narrower
    if begun is not None:
        together.append(Outage(calendar.at(begun), calendar.end, begun, half_seats, half_spans))
    alone += [Outage(calendar.at(lost), calendar.end, lost) for seat, lost in open_.items() if seat in seats]
    lengths = _faults(log, calendar)
    return Outages(
        calendar.end / YEAR,
        len(lengths),
        max(lengths, default=0),
        [one for one in _joined(together) if one.length > COUNTS_FROM],
        _incidents([one for one in alone if one.length > COUNTS_FROM], len(seats)),
        [one for one in _joined(together) if one.length <= COUNTS_FROM],
        sum(one.length <= COUNTS_FROM for one in alone),
    )


def begun_by(log: EvidenceLog, begins: Iterable[Event]) -> dict[str, int]:
    """Unit -> how many of the outages with these begins began with its fault: the last one before."""
    found = faults(log)
    numbers = [fault.seq for fault in found]
    places = (bisect_right(numbers, event.seq) for event in begins)
    return Counter(found[place - 1].subject for place in places if place)


class _Calendar:
    """From the log's time to the calendar's."""

    def __init__(self, log: EvidenceLog) -> None:
        self._numbers: list[int] = []
        self._gone = [0]
        for event in outside(log, Kind.TIME_SKIPPED):
            self._numbers.append(event.seq)
            self._gone.append(self._gone[-1] + (whole(event, "seconds") or 0) * SECOND)
        self.end = end_of(log) + self._gone[-1]

    def at(self, event: Event) -> int:
        """When it was."""
        return event.t + self._gone[bisect_right(self._numbers, event.seq)]


def _faults(log: EvidenceLog, calendar: _Calendar) -> list[int]:
    """How long each fault lasted."""
    begun: dict[object, int] = {}
    lengths: dict[object, int] = {}
    for event in log.of(Kind.FAULT_INJECTED, Kind.FAULT_CLEARED):
        number = event.data.get("number")
        if event.kind == Kind.FAULT_INJECTED:
            begun.setdefault(number, calendar.at(event))
        elif number in begun:
            lengths[number] = calendar.at(event) - begun[number]
    return [lengths.get(number, calendar.end - since) for number, since in begun.items()]


def _joined(found: Iterable[Outage]) -> list[Outage]:
    """Outages that follow each other at one instant are one."""
    whole_: list[Outage] = []
    for one in found:
        if whole_ and one.begun == whole_[-1].over:
            last = whole_[-1]
            whole_[-1] = last._replace(over=one.over, seats=last.seats or one.seats, spans=last.spans or one.spans)
        else:
            whole_.append(one)
    return whole_


def _incidents(found: list[Outage], seats: int) -> list[tuple[float, Event]]:
    """What an average user lost in each incident."""
    incidents: list[tuple[float, Event]] = []
    until = -1
    for one in sorted(found, key=lambda o: (o.begun, o.event.seq)):
        share = one.length / seats
        if one.begun <= until:
            incidents[-1] = (incidents[-1][0] + share, incidents[-1][1])
        else:
            incidents.append((share, one.event))
        until = max(until, one.over)
    return incidents
