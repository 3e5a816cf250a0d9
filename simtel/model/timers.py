"""The timers of one machine, kept in SimPy's heap and on the pages of what is due later.

A timer is a light event. One that was cancelled or moved stays where it is, for SimPy cannot take an event back; when
its time comes it is no longer the one that stands under its key, and nothing happens.
"""

from collections.abc import Callable, Iterable
from heapq import heappush
from typing import Any

from simpy.events import NORMAL

from simtel.core.clock import Ns
from simtel.core.timers import Key
from simtel.model.clock import Clock, Slot
from simtel.model.pages import Pages

Timer = tuple[Key, int]  # its instant; a timer that was set anew is another one


def _nothing(_key: Key, _now: Ns) -> None:
    """A machine that is gone has nothing due."""


class CalendarTimers:
    """Timers of one life of the machine `name`."""

    __slots__ = ("_clock", "_pages", "_queue", "_serial", "_slot", "live", "name", "on_timer")

    def __init__(self, clock: Clock, pages: Pages, name: str) -> None:
        self._clock = clock
        self._queue, self._serial = clock.queue, clock.serial
        self._pages = pages
        self._slot: Slot = [self._due, self]
        self.live: dict[Key, Timer] = {}
        self.name = name
        self.on_timer: Callable[[Key, Ns], None] = _nothing

    def die(self) -> None:
        """The machine is gone, and whatever it still sets goes off unheard."""
        self.on_timer = _nothing
        self.live.clear()

    def set(self, key: Key, at: int) -> None:
        """See `Timers`. ValueError for an instant that has passed: time would go back."""
        now: int = self._clock._now  # type: ignore[assignment]  # noqa: SLF001 - the property costs a call
        if at < now:
            raise ValueError(f"{key} is set for {at} ns, which has passed")
        timer = self.live[key] = (key, at)
        light = (at, NORMAL, next(self._serial), self._slot, timer)
        if at < self._pages.end:
            heappush(self._queue, light)
        else:
            self._pages.keep(at, light, now)

    def told(self, timer: Any) -> str:
        """What happens here, for errors."""
        return f"timer {timer[0]}"

    def _due(self, timer: Timer, now: Ns) -> None:
        key = timer[0]
        live = self.live
        if live.get(key) is timer:
            del live[key]
            self.on_timer(key, now)

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
        timer = self.live.get(key)
        return None if timer is None else Ns(timer[1])
