"""How fast a server or gateway can work: whatever is asked of it passes through one processor, one after the other.

With overload control, work that would wait longer than `backlog` is refused at once, which costs a tenth of doing it.
Without, everything is taken in: it is done in the end, but so late that nobody waits for it any more (collapse).
What has a name can be withdrawn while it waits: it costs nothing then, and those behind it come so much sooner.

A processor that has become slow needs a multiple of the time for the same work. What it needs more, the work comes
later than its turn; what it needs at its own pace is part of the delays that figures state elsewhere.
"""

from collections import deque
from collections.abc import Callable
from itertools import islice

import msgspec

from simtel.core.clock import SECOND, Ns
from simtel.core.timers import Timers

REFUSAL_COST = 10  # refusing costs one tenth of serving; from memory, as SIP overload papers find it

Work = Callable[[Ns], None]


class _Waiting(msgspec.Struct, gc=False):
    """A piece of work: when it is done, and what it costs."""

    at: int
    cost: int
    work: Work
    name: str


class Intake:
    """The processor of one device. Rates per second, `backlog` in nanoseconds; `timers` are the device's."""

    def __init__(self, attempts: float, registrations: float, backlog: int, control: bool, timers: Timers) -> None:
        self._cost = {"attempt": round(SECOND / attempts), "registration": round(SECOND / registrations), "check": 0}
        self._backlog = backlog
        self._control = control
        self._timers = timers
        self._factor = 1  # so many times slower than its figures
        self._busy_until = 0
        self._waiting: deque[_Waiting] = deque()

    def take(self, kind: str, now: Ns, work: Work, name: str = "") -> bool:
        """Do `work` when its turn comes; False when it is refused."""
        start = max(now, self._busy_until)
        cost = self._cost[kind]
        if start - now > self._backlog and self._control:
            self._busy_until = start + self._factor * cost // REFUSAL_COST
            return False
        self._busy_until = start + self._factor * cost
        done = self._busy_until - cost
        if done == now and not self._waiting:
            work(now)
        else:
            self._waiting.append(_Waiting(done, cost, work, name))
            if len(self._waiting) == 1:
                self._timers.set(("intake",), done)
        return True

    def waits(self, name: str) -> bool:
        """Whether the turn of what has this name is still to come."""
        return any(one.name == name for one in self._waiting)

    def withdraw(self, name: str, now: Ns) -> bool:
        """Nobody wants it any more; says whether it waited."""
        place = next((n for n, one in enumerate(self._waiting) if one.name == name), None)
        if place is None:
            return False
        saved = self._factor * self._waiting[place].cost
        del self._waiting[place]
        self._busy_until -= saved
        for one in islice(self._waiting, place, None):
            one.at = max(now, one.at - saved)
        if self._waiting:
            self._timers.set(("intake",), self._waiting[0].at)
        else:
            self._timers.cancel(("intake",))
        return True

    def behind(self, now: Ns) -> int:
        """So long until everything is done that has been taken in."""
        return max(0, self._busy_until - now)

    def slow(self, factor: int, now: Ns) -> None:
        """From now on everything takes `factor` times as long as the figures say, what waits included."""
        self._factor = factor
        waiting, self._waiting = self._waiting, deque()
        if not waiting:
            return
        self._busy_until = now
        for one in waiting:
            self._busy_until += factor * one.cost
            self._waiting.append(_Waiting(self._busy_until - one.cost, one.cost, one.work, one.name))
        self._timers.set(("intake",), self._waiting[0].at)

    def on_timer(self, now: Ns) -> None:
        """The next piece of work has its turn."""
        turn = self._waiting.popleft()
        late = now - turn.at
        if late > 0:  # the server stood still meanwhile: whatever waits goes on waiting for so long
            self._busy_until += late
            for one in self._waiting:
                one.at += late
        if self._waiting:
            self._timers.set(("intake",), self._waiting[0].at)
        turn.work(now)

    def forget(self) -> None:
        """Drop everything that waits."""
        self._waiting.clear()
        self._timers.cancel(("intake",))
