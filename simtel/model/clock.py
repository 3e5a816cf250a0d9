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
        """Let time pass up to `until`; events at that very instant stay, as with SimPy's run(until=...)."""
        queue: list[Any] = self._queue
        while queue and queue[0][0] < until:
            event = queue[0][3]
            if type(event) is tuple:
                self._now = heappop(queue)[0]
                event[0](event)
            else:
                self.step()
        self._now = until
