"""SimPy's environment, with light events beside its own.

A light event is a tuple whose first item is called with the tuple when its time has come. It stands in SimPy's heap
among SimPy's own events, in the same order of time, priority and age; but it has no callback list, cannot fail and
cannot be waited for, and so costs a third. Processes, resources and timeouts of SimPy work beside light events.
"""

from heapq import heappop, heappush
from typing import Any

import simpy
from simpy.events import NORMAL

Light = tuple[Any, ...]  # (function, ...): called as function(light)

AT_ONCE = 100_000  # more events than this at one instant: somebody chases somebody
BEFORE_ALL = -1  # a priority ahead of SimPy's own


class ChaseError(Exception):
    """Time does not pass any more: one event at this instant brings about the next."""


class _ReachedError(Exception):
    """The instant that was to be reached."""


def _reached(_light: Light) -> None:
    raise _ReachedError


class Clock(simpy.Environment):
    """Virtual time in whole nanoseconds."""

    @property
    def heap_events(self) -> int:
        """Events scheduled so far, light ones included."""
        return int(repr(self._eid)[6:-1])  # itertools.count shows its value only so

    def post(self, light: Light, delay: int) -> None:
        """Schedule a light event `delay` nanoseconds from now."""
        heappush(self._queue, (self._now + delay, NORMAL, next(self._eid), light))  # type: ignore[misc]

    def run_to(self, until: int) -> None:
        """Let time pass up to `until`; events at that very instant stay, as with SimPy's run(until=...).

        ValueError when `until` has passed, ChaseError when more than `AT_ONCE` events fall on one instant.
        """
        if until < self._now:
            raise ValueError(f"{until} ns is before the present, {self._now} ns")
        queue: list[Any] = self._queue
        heappush(queue, (until, BEFORE_ALL, next(self._eid), (_reached,)))
        try:
            while True:
                began = self._now
                for _ in range(AT_ONCE):
                    entry = heappop(queue)
                    event = entry[3]
                    if type(event) is tuple:
                        self._now = entry[0]
                        event[0](event)
                    else:
                        heappush(queue, entry)
                        self.step()
                if self._now == began:
                    raise ChaseError
        except _ReachedError:
            pass
