"""The timers of one machine, kept in SimPy's heap.

A timer is a light event. One that was cancelled or moved stays in the heap, for SimPy cannot take an event back; when
its time comes it is no longer the one that stands under its key, and nothing happens.
"""

from collections.abc import Callable, Iterable
from heapq import heappush
from typing import Any

from simpy.events import NORMAL

from simtel.core.clock import Ns
from simtel.core.timers import Key
from simtel.model.clock import Clock, Light


def _nothing(_key: Key, _now: Ns) -> None:
    """A machine that is gone has nothing due."""


class CalendarTimers:
    """Timers of one life of the machine `name`; `fire` is called with (fire, these timers, key, instant)."""

    __slots__ = ("_clock", "_fire", "_queue", "_serial", "live", "name", "on_timer")

    def __init__(self, clock: Clock, fire: Callable[[Light], None], name: str) -> None:
        self._clock = clock
        self._queue: list[Any] = clock._queue  # noqa: SLF001 - as Clock.post, in place: this runs for every timer
        self._serial = clock._eid  # noqa: SLF001
        self._fire = fire
        self.name = name
        self.on_timer: Callable[[Key, Ns], None] = _nothing
        self.live: dict[Key, Light] = {}

    def die(self) -> None:
        """The machine is gone, and whatever it still sets goes off unheard."""
        self.on_timer = _nothing
        self.live.clear()

    def set(self, key: Key, at: int) -> None:
        """See `Timers`. ValueError for an instant that has passed: time would go back."""
        if at < self._clock._now:  # noqa: SLF001
            raise ValueError(f"{key} is set for {at} ns, which has passed")
        light = self.live[key] = (self._fire, self, key, at)
        heappush(self._queue, (at, NORMAL, next(self._serial), light))

    def cancel(self, key: Key) -> bool:
        """See `Timers`."""
        return self.live.pop(key, None) is not None

    def cancel_all(self, keys: Iterable[Key]) -> None:
        """See `Timers`."""
        live = self.live
        for key in keys:
            if key in live:
                del live[key]

    def at(self, key: Key) -> Ns | None:
        """See `Timers`."""
        light = self.live.get(key)
        return None if light is None else light[3]
