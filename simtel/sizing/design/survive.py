"""One unit down at a time: what is left of a site, and which unit is missed most.

Parts that are down take with them what hangs on them: a platform its E1s and, if it was the only one, everything; an E1
its timeslots; a board the telephones on it, of which each board has as many as any other, and its
agents move to free seats; a switch nothing as long as
there is another one, for every device hangs on both; a power feed the servers, gateways, loop modules, boards and
switches that hang on it, which is every second one where there are two (`simtel run` and `simtel availability` have
the same).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, inf
from typing import NamedTuple

from simtel.core.i18n import Message
from simtel.sizing.design.need import NOTHING, Got, Need, Parts, Targets, analog_seats, got, queued, shortfalls


@dataclass(frozen=True, slots=True)
class Down:
    """A kind of unit, what is left with one of it down, and what that gives."""

    unit: Message
    seats: int
    trunks: int
    found: Got
    missed: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A state of the site in which targets are to hold. `name`: None while everything works; `calls`: first attempts a
    second; `judged`: the names of the targets that count in it; `lasts`: seconds, after which there are the usual calls
    again; `down`: a unit is."""

    name: Message | None
    seats: int
    trunks: int
    ports: int
    calls: float
    targets: Targets
    judged: tuple[str, ...]
    lasts: float = inf
    down: bool = False

    @property
    def kind(self) -> str:
        """What it is called; whichever of several feeds is down."""
        return "" if self.name is None else kind(self.name.fields.get("unit", self.name))


ALL = ("service_level", "abandonment", "occupancy", "blocking")


def cases(need: Need, parts: Parts) -> tuple[Case, ...]:
    """Every state in which something is promised: all works, the surge, and, if that is asked for, one unit down. Of
    states that are alike the first stands for all."""
    traffic = need.traffic
    rate, seats, trunks = traffic.arrival_rate, parts.working_seats(need), parts.working_trunks(need)

    def case(name: Message | None, seats: int, trunks: int, targets: Targets) -> Case:
        ports = min(parts.ivr_ports, trunks) if traffic.ivr else trunks
        judged = tuple(one for one in ALL if one in {"service_level", "blocking"} or getattr(targets, one) < 1)
        return Case(name, seats, trunks, ports, rate, targets, judged)

    works = case(None, seats, trunks, need.targets)
    found = [works]
    if need.surge:
        surge = case(Message("in the surge"), seats, trunks, need.surge_targets)
        judged = surge.judged if need.degraded else ("blocking",)
        found.append(replace(surge, calls=rate + need.surge, judged=judged, lasts=need.surge_lasts))
    if need.survive:
        targets = need.degraded or need.targets
        for unit, agents, lines in left(need, parts):
            found.append(replace(case(Message("{unit} down", unit=unit), agents, lines, targets), down=True))
    apart: dict[tuple[object, ...], Case] = {}
    for one in found:
        apart.setdefault((one.seats, one.trunks, one.calls, one.targets), one)
    return tuple(apart.values())


def each_down(need: Need, parts: Parts) -> tuple[Down, ...]:
    """Every kind of unit in turn, the largest of its kind down; the one that is missed most comes first."""
    targets = need.degraded or need.targets
    judged = replace(need, targets=targets)
    downs = []
    for unit, seats, trunks in left(need, parts):
        found = queued(judged, seats, trunks, parts.ivr_ports) if seats and trunks else NOTHING
        downs.append(Down(unit, seats, trunks, found, tuple(words for _, words in shortfalls(targets, found))))
    return tuple(sorted(downs, key=lambda down: _badness(targets, down.found), reverse=True))


def left(need: Need, parts: Parts) -> Iterator[tuple[Message, int, int]]:
    """Seats and trunks that work with one unit of each kind down."""
    seats, trunks = parts.working_seats(need), parts.working_trunks(need)
    widest = parts.spans.index(max(parts.spans))
    others = tuple(count for place, count in enumerate(parts.spans) if place != widest)
    without = replace(parts, spans=others).working_trunks(need)
    alone = parts.servers == 1
    if parts.housed:
        yield Message("platform"), 0 if alone else seats, 0 if alone else without
    else:
        yield Message("call server"), 0 if alone else seats, 0 if alone else trunks
        yield Message("trunk gateway"), seats, without
    yield Message("E1"), seats, replace(parts, spans=(sum(parts.spans) - 1,)).working_trunks(need)
    if parts.loops:
        yield Message("loop trunk module"), seats, replace(parts, loops=parts.loops - 1).working_trunks(need)
    if parts.boards and analog_seats(need, parts.seats):
        yield Message("24-port board"), *_without_board(need, parts)
    alone = parts.switches == 1
    yield Message("LAN switch"), 0 if alone else seats, 0 if alone else trunks
    feeds = dict.fromkeys(_without_feed(need, parts, feed) for feed in range(parts.feeds))
    for feed, found in enumerate(feeds, start=1):
        alike = len(feeds) == 1  # those of two that take the same along are one kind
        yield Message("power feed") if alike else Message("power feed {number}", number=feed), *found


def telephones_lost(need: Need, parts: Parts) -> tuple[int, ...]:
    """Telephones that a board takes along; and, where there are several power feeds, those that each of them takes,
    with its boards and a platform's E1s."""
    by_feed = [lost_telephones(need, parts, feed) for feed in range(parts.feeds)] if parts.feeds > 1 else []
    return _of_a_board(need, parts), *by_feed


def _of_a_board(need: Need, parts: Parts) -> int:
    telephones = min(analog_seats(need, parts.seats), parts.stations * parts.boards)
    return ceil(telephones / parts.boards) if parts.boards else 0


def _without_board(need: Need, parts: Parts) -> tuple[int, int]:
    """The telephones of one board are gone; their agents move to seats that are free."""
    lost = _of_a_board(need, parts)
    return parts.working_seats(need, lost), parts.working_trunks(need, lost)


def _without_feed(need: Need, parts: Parts, feed: int) -> tuple[int, int]:
    """All that hangs on this feed is gone."""
    if not all(_fed(count, parts.feeds, feed) < count for count in (parts.servers, parts.switches)):
        return 0, 0
    spans = tuple(count for place, count in enumerate(parts.spans) if place % parts.feeds != feed)
    lost = lost_telephones(need, parts, feed)
    rest = replace(parts, spans=spans, loops=parts.loops - _fed(parts.loops, parts.feeds, feed))
    return parts.working_seats(need, lost), rest.working_trunks(need, lost)


def lost_telephones(need: Need, parts: Parts, feed: int) -> int:
    """Telephones on the boards that hang on this feed; boards have their seats in turn."""
    telephones = min(analog_seats(need, parts.seats), parts.stations * parts.boards)
    return sum(-(-(telephones - board) // parts.boards) for board in range(feed, parts.boards, parts.feeds))


def _fed(count: int, feeds: int, feed: int) -> int:
    """How many of so many things hang on one of the feeds."""
    return len(range(feed, count, feeds))


def _badness(targets: Targets, found: Got) -> tuple[float, float, float, float]:
    """How far the worst target is missed, as a multiple of what is allowed; then what the callers feel."""
    refused, unserved = found.blocking / targets.blocking, (1 - found.service_level) / (1 - targets.service_level)
    gone, busy = found.abandonment / targets.abandonment, found.occupancy / targets.occupancy
    return max(refused, unserved, gone, busy), refused, unserved, gone


class Short(NamedTuple):
    """A target that is missed: in which state, by name, how far (more is worse), in words."""

    state: str
    name: str
    far: float
    words: Message


def short_of(need: Need, parts: Parts) -> Iterator[Short]:
    """What is missed: while everything works, in the surge, and, if that is asked for, with one unit down, of which
    each misses the first."""
    calm = got(need, parts)
    for name, words in shortfalls(need.targets, calm):
        yield Short("", name, _far(name, calm), words)
    if need.surge:
        surge = got(need.in_surge(), parts)
        for name, words in shortfalls(need.surge_targets, surge):
            if name == "blocking" or need.degraded:
                yield Short("surge", name, _far(name, surge), Message("in the surge: {missed}", missed=words))
    if need.survive and min(parts.spans) >= 0:
        for down in each_down(need, parts):
            for name, words in list(shortfalls(need.degraded or need.targets, down.found))[:1]:
                told = Message("{unit} down: {missed}", unit=down.unit, missed=words)
                yield Short(kind(down.unit), name, _far(name, down.found), told)


def missed(need: Need, parts: Parts) -> Iterator[Message]:
    """The same in words."""
    return (short.words for short in short_of(need, parts))


def kind(unit: str | int) -> str:
    """What a unit, or a state, is called, without the number that tells feeds apart."""
    return unit.template.removesuffix(" {number}") if isinstance(unit, Message) else str(unit)


def _far(name: str, found: Got) -> float:
    return -found.service_level if name == "service_level" else float(getattr(found, name))
