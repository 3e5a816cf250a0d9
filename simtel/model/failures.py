"""Units that fail by themselves, people who repair them, and the calendar of both, over years.

Time here is the calendar's: nanoseconds since the first day, as long as the years are. Nobody lives through it second
by second; `next` is the instant of the next change, and `step` makes it. What a change does to the site is the business
of `Site`.

 1. A unit works for a time of exponential law with the mean `mtbf`, then fails. While it is out it does not fail again;
    repaired it is as good as new.
 2. A server that serves stops outright with the chance `coverage`; else it hangs, and its heartbeat goes on.
 3. A standby that fails is seen to fail with the chance `shown`; else it is dead and shown healthy, until the next
    standby test, or until the other server fails as well and nothing takes over.
 4. People see at once what has stopped. For a server that hangs somebody comes after `notice` and switches it off; what
    can take over then does.
 5. With the chance `together` a failure takes all units of the role that still work, at once: the cabinet's breaker, a
    storm on the LAN. It is one repair.
 6. The crew has `people`. Who is called travels for `travel`, then repairs; the repair takes a time of exponential law
    with the mean `repair`. Troubles wait in the order in which they were reported. Who has finished goes on to the next
    without travelling, or home.
"""

from collections import deque
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Protocol

import msgspec

from simtel.core.faults import FaultKind
from simtel.core.streams import Streams


class Unit(msgspec.Struct, frozen=True):
    """A unit that can fail. Means in nanoseconds, shares 0..1. `coverage` and `shown` are a server's."""

    key: str  # names the unit among all: a seat's console and its phone fail apart
    name: str
    role: str
    fault: FaultKind
    mtbf: int
    repair: int
    together: float = 0.0
    coverage: float = 1.0
    shown: float = 1.0


class Crew(msgspec.Struct, frozen=True):
    """Who repairs. Times in nanoseconds."""

    people: int
    travel: int
    notice: int


class Site(Protocol):
    """What failures do to."""

    def strike(self, number: int, kind: FaultKind, name: str) -> None:
        """Trouble `number` does this to the unit."""

    def undo(self, number: int, kind: FaultKind, name: str) -> None:
        """The unit is repaired."""

    def switch_off(self, name: str) -> None:
        """Somebody switches off a server that hangs; from then on it has crashed."""

    def stands_by(self, name: str) -> bool:
        """Whether the server works and another serves."""


class _Trouble:
    """One failure and its repair."""

    def __init__(self, number: int, unit: Unit, struck: list[tuple[FaultKind, Unit]]) -> None:
        self.number = number
        self.unit = unit
        self.struck = struck
        self.reported = False


class Failures:
    """The process of failures and repairs of one site."""

    def __init__(self, units: Sequence[Unit], crew: Crew, test_interval: int, streams: Streams, site: Site) -> None:
        """`test_interval`: the standby is tested so often; 0 without a standby."""
        self._units = tuple(units)
        self._crew = crew
        self._test_interval = test_interval
        self._streams = streams
        self._site = site
        self._heap: list[tuple[int, int, Callable[[int], None]]] = []
        self._serial = 0
        self._number = 0
        self._out: dict[str, _Trouble] = {}  # key of a unit -> its trouble
        self._lives: dict[str, int] = {}  # key of a unit -> when its present life ends
        self._idle = crew.people
        self._waiting: deque[_Trouble] = deque()
        for unit in units:
            self._wear(unit, 0)

    @property
    def next(self) -> int:
        """The instant of the next change."""
        return self._heap[0][0]

    def step(self) -> None:
        """Make the next change."""
        at, _, change = heappop(self._heap)
        change(at)

    def end(self) -> None:
        """The years are over: whatever is out is repaired at once."""
        for trouble in {id(trouble): trouble for trouble in self._out.values()}.values():
            self._mend(trouble)

    def _at(self, instant: int, change: Callable[[int], None]) -> None:
        self._serial += 1
        heappush(self._heap, (instant, self._serial, change))

    def _stream(self, unit: Unit, what: str) -> Callable[[float], bool]:
        return self._streams(f"{what} {unit.key}").chance

    # --- failures

    def _wear(self, unit: Unit, now: int) -> None:
        """Rule 1."""
        end = self._lives[unit.key] = now + self._streams(f"life {unit.key}").exponential(unit.mtbf)
        self._at(end, lambda at: self._fail(unit, at))

    def _fail(self, unit: Unit, now: int) -> None:
        if unit.key in self._out or self._lives[unit.key] != now:  # another's failure took it along
            return
        if unit.role == "servers":
            self._fail_server(unit, now)
            return
        taken = [unit]
        if unit.together and self._stream(unit, "together")(unit.together):
            taken += [u for u in self._units if u.role == unit.role and u is not unit]
        self._report(self._strike(unit, [(one.fault, one) for one in taken if one.key not in self._out]), now)

    def _fail_server(self, unit: Unit, now: int) -> None:
        if self._site.stands_by(unit.name):
            if self._stream(unit, "shown")(unit.shown):
                self._report(self._strike(unit, [(FaultKind.CRASH, unit)]), now)
            else:
                trouble = self._strike(unit, [(FaultKind.LATENT, unit)])
                tested = (now // self._test_interval + 1) * self._test_interval
                self._at(tested, lambda at: self._report(trouble, at))
        elif self._stream(unit, "coverage")(unit.coverage):
            self._report(self._strike(unit, [(FaultKind.CRASH, unit)]), now)
            self._miss_the_standby(now)
        else:
            trouble = self._strike(unit, [(FaultKind.HANG, unit)])
            self._at(now + self._crew.notice, lambda at: self._intervene(trouble, at))

    def _intervene(self, trouble: _Trouble, now: int) -> None:
        """Rule 4."""
        self._site.switch_off(trouble.unit.name)
        self._report(trouble, now)
        self._miss_the_standby(now)

    def _miss_the_standby(self, now: int) -> None:
        """Rule 3: nothing takes over, and everybody sees that the standby is dead."""
        for trouble in list(self._out.values()):
            if trouble.struck[0][0] is FaultKind.LATENT:
                self._report(trouble, now)

    def _strike(self, unit: Unit, struck: list[tuple[FaultKind, Unit]]) -> _Trouble:
        trouble = _Trouble(self._number, unit, struck)
        self._number += 1
        for kind, one in struck:
            self._out[one.key] = trouble
            self._site.strike(trouble.number, kind, one.name)
        return trouble

    # --- repair

    def _report(self, trouble: _Trouble, now: int) -> None:
        """Rule 6; what was reported before stays where it is in the row."""
        if trouble.reported:
            return
        trouble.reported = True
        if self._idle:
            self._idle -= 1
            self._repair(trouble, now + self._crew.travel)
        else:
            self._waiting.append(trouble)

    def _repair(self, trouble: _Trouble, begun: int) -> None:
        length = self._streams(f"repair {trouble.unit.key}").exponential(trouble.unit.repair)
        self._at(begun + length, lambda at: self._repaired(trouble, at))

    def _repaired(self, trouble: _Trouble, now: int) -> None:
        self._mend(trouble)
        for _, unit in trouble.struck:
            self._wear(unit, now)
        if self._waiting:
            self._repair(self._waiting.popleft(), now)
        else:
            self._idle += 1

    def _mend(self, trouble: _Trouble) -> None:
        for kind, unit in trouble.struck:
            del self._out[unit.key]
            self._site.undo(trouble.number, kind, unit.name)
