"""The calls that a scenario's load offers, in order of time. Same seed, same callers on every site and target.

Nobody calls during the first seconds, in which the devices of the site start and register.
"""

from collections.abc import Callable, Iterator
from heapq import merge
from math import log1p

from simtel.core.clock import SECOND, US
from simtel.core.streams import Stream, Streams
from simtel.devices.callers import Arrival
from simtel.scenario.spec import Load, Spot
from simtel.target.plan import START_UP, load_length


def arrivals(load: Load, seats: int, talk_time: int, streams: Streams) -> Iterator[Arrival]:
    """Arrivals of `load` on a site of so many seats; `talk_time` is the mean talk of people (ns)."""
    load = load.on(seats)
    make = _Maker(load, seats, load.talk or talk_time, streams)
    if load.kind == "full-occupancy":
        yield from make.filling()
    elif load.kind == "burst":
        for n in range(load.calls):
            yield make.one(_stretched(load.length, n, load.calls))
        yield from make.poisson(max(START_UP, load.length), load_length(load))
    elif load.kind == "surge":
        yield from make.surge()
    else:
        yield from make.poisson(START_UP, load.length)


def poisson(load: Load, seats: int, talk_time: int, streams: Streams) -> Callable[[int, int], Iterator[Arrival]]:
    """Calls at random between two instants, stretch after stretch: one draw goes on where the last one ended."""
    return _Maker(load.on(seats), seats, load.talk or talk_time, streams).poisson


def _stretched(length: int, n: int, count: int) -> int:
    """The n-th of `count` instants, evenly from the end of the start-up to `length`."""
    return START_UP + max(0, length - START_UP) * n // max(1, count)


def _after_spot(spot: Spot, at: int, stream: Stream) -> Iterator[int]:
    """Callers of one spot at `at`, whose rate is calls/decay then and dies away as exp(-t/decay).

    Seen on a clock that runs by the callers who are expected, they come at random one a second (a Poisson process with
    its time changed); that clock stops at `calls` seconds.
    """
    begin, whole = max(START_UP, at), round(spot.calls * SECOND)
    seen = int(stream.exponential(SECOND))
    while seen < whole:
        yield begin + round(-spot.decay * log1p(-seen / whole) / US) * US
        seen += stream.exponential(SECOND)


class _Maker:
    def __init__(self, load: Load, seats: int, talk: int, streams: Streams) -> None:
        self._load = load
        self._seats = seats
        self._streams = streams
        self._talk_time = talk
        self._times = streams("arrivals")
        self._talks = streams("talk")
        self._outward = streams("outbound")
        self._skill = streams("skill")
        self._desk = streams("desk")
        self._first = streams("priority")
        self._recorded = streams("recorded")

    def one(self, at: int, talk: int | None = None) -> Arrival:
        """One call at an instant."""
        load = self._load
        length = self._talks.exponential(self._talk_time) if talk is None else talk
        skills = load.skills
        skill = skills[self._skill.index(len(skills))] if len(skills) > 1 else skills[0]
        seat = ""
        if load.outbound and self._outward.chance(load.outbound):
            seat = f"seat.{1 + self._desk.index(self._seats)}"
        priority = int(load.priority > 0 and not seat and self._first.chance(load.priority))
        return Arrival(at, length, skill, seat, priority, load.recorded > 0 and self._recorded.chance(load.recorded))

    def poisson(self, begin: int, end: int) -> Iterator[Arrival]:
        """Calls at random from `begin` to `end`."""
        yield from map(self.one, self._steady(begin, end))

    def _steady(self, begin: int, end: int) -> Iterator[int]:
        if self._load.rate <= 0:
            return
        mean = round(SECOND / self._load.rate)
        at = begin + self._times.exponential(mean)
        while at < end:
            yield at
            at += self._times.exponential(mean)

    def surge(self) -> Iterator[Arrival]:
        """Calls at random, and those of each spot on top: together a Poisson process whose rate changes."""
        load = self._load
        spots = [(spot, spot.at + n * spot.every) for spot in load.spots for n in range(spot.times)]
        each = [_after_spot(spot, at, self._streams(f"spot.{n}")) for n, (spot, at) in enumerate(spots)]
        for at in merge(self._steady(START_UP, load.length), *each):
            if at >= load.length:
                return
            yield self.one(at)

    def filling(self) -> Iterator[Arrival]:
        """One call for each seat, or for some, within the ramp, callers who wait, then more at random."""
        load = self._load
        end = load_length(load)
        pairs = min(load.calls or self._seats, self._seats)
        for n in range(pairs):
            at = _stretched(load.ramp, n, pairs)
            yield self.one(at, max(load.hold, end - at))
        full = max(START_UP, load.ramp)
        for n in range(load.waiting):
            yield self.one(full + SECOND * (n + 1) // 10)
        yield from self.poisson(full + max(SECOND, SECOND * load.waiting // 10), end)
