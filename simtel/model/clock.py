"""SimPy's environment, with light events beside its own.

A light event is an entry of SimPy's heap that is longer than SimPy's own: behind its instant, priority and serial
number stand a slot and what is to be done. When the time has come, whoever then stands in the slot is called with what
is to be done and the instant. The order of instant, priority and age is SimPy's; but a light event has no callback
list, cannot fail and cannot be waited for, and so costs a third. Processes, resources and timeouts of SimPy work
beside light events.
"""

from heapq import heappop, heappush
from itertools import count, repeat
from typing import Any

import simpy
from simpy.events import NORMAL

Slot = list[Any]  # [function(what, now), its owner]
Light = tuple[int, int, int, Slot, Any]  # instant, priority, serial number, slot, what is to be done

AT_ONCE = 100_000  # more events than this at one instant: somebody chases somebody
BEFORE_ALL = -1  # a priority ahead of SimPy's own


class ChaseError(Exception):
    """Time does not pass any more: one event at this instant brings about the next."""


class _ReachedError(Exception):
    """The instant that was to be reached."""


class FailedError(Exception):
    """Whoever stood in a slot failed: `cause`, when asked to do `what` for `owner`."""

    def __init__(self, owner: object, what: object, cause: Exception) -> None:
        super().__init__(str(cause))
        self.owner = owner
        self.what = what
        self.cause = cause


def _reached(_what: object, _now: int) -> None:
    raise _ReachedError


class Clock(simpy.Environment):
    """Virtual time in whole nanoseconds."""

    def __init__(self) -> None:
        super().__init__(0)
        # For those who schedule light events in place, because a call would cost as much as the event.
        self.queue: list[Any] = self._queue
        self.serial: count[int] = self._eid

    @property
    def heap_events(self) -> int:
        """Events scheduled so far, light ones included."""
        return int(repr(self.serial)[6:-1])  # itertools.count shows its value only so

    def post(self, at: int, slot: Slot, what: object = None, priority: int = NORMAL) -> None:
        """Schedule a light event for an instant that has not passed."""
        heappush(self.queue, (at, priority, next(self.serial), slot, what))

    def run_to(self, until: int) -> None:
        """Let time pass up to `until`; events at that very instant stay, as with SimPy's run(until=...).

        ValueError when `until` has passed, ChaseError when more than `AT_ONCE` events fall on one instant,
        FailedError for whatever a light event raises.
        """
        if until < self._now:
            raise ValueError(f"{until} ns is before the present, {self._now} ns")
        queue = self.queue
        slot: Slot = [_reached, self]
        what: Any = None
        self.post(until, slot, priority=BEFORE_ALL)
        began: float = -1
        try:
            while began != self._now:
                began = self._now
                for entry in map(heappop, repeat(queue, AT_ONCE)):
                    try:
                        now, _, _, slot, what = entry
                    except ValueError:  # SimPy's own are shorter
                        slot = [None, self]
                        heappush(queue, entry)
                        self.step()
                        continue
                    self._now = now
                    slot[0](what, now)
        except _ReachedError:
            return
        except Exception as error:
            raise FailedError(slot[1], what, error) from error
        raise ChaseError
