"""SimPy's environment, with light events beside its own.

A light event is an entry of SimPy's heap that is longer than SimPy's own: behind its instant, priority and serial
number stand a function, which is called with the entry when its time has come, and what the function wants to know.
It keeps the order of instant, priority and age; but it has no callback list, cannot fail and cannot be waited for, and
so costs a third. Processes, resources and timeouts of SimPy work beside light events.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any

import simpy

Light = tuple[Any, ...]  # (instant, priority, serial number, function, what it wants to know ...)
SIMPYS = 4  # items of an entry of SimPy's own

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

    def __init__(self) -> None:
        super().__init__(0)
        # For those who schedule light events in place, because a call would cost as much as the event.
        self.queue: list[Light] = self._queue
        self.serial: count[int] = self._eid

    @property
    def heap_events(self) -> int:
        """Events scheduled so far, light ones included."""
        return int(repr(self.serial)[6:-1])  # itertools.count shows its value only so

    def post(self, at: int, priority: int, function: Callable[[Light], None], *about: object) -> None:
        """Schedule a light event for an instant that has not passed."""
        heappush(self.queue, (at, priority, next(self.serial), function, *about))

    def run_to(self, until: int) -> None:
        """Let time pass up to `until`; events at that very instant stay, as with SimPy's run(until=...).

        ValueError when `until` has passed, ChaseError when more than `AT_ONCE` events fall on one instant.
        """
        if until < self._now:
            raise ValueError(f"{until} ns is before the present, {self._now} ns")
        queue = self.queue
        self.post(until, BEFORE_ALL, _reached, None)
        try:
            while True:
                began = self._now
                for _ in range(AT_ONCE):
                    entry = heappop(queue)
                    if len(entry) > SIMPYS:
                        self._now = entry[0]
                        entry[3](entry)
                    else:
                        heappush(queue, entry)
                        self.step()
                if self._now == began:
                    raise ChaseError
        except _ReachedError:
            pass
