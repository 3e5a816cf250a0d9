"""The timers of one machine, kept in SimPy's heap and on the pages of what is due later.

A timer is a light event. One that was cancelled or moved stays where it is, for SimPy cannot take an event back; when
its time comes it is no longer the one that stands under its key, and nothing happens.
"""

from collections.abc import Callable, Iterable
from heapq import heappush
from typing import Any, Protocol

from simpy.events import NORMAL

from simtel.core.clock import Ns
from simtel.core.timers import Key
from simtel.model.clock import Clock, Slot
from simtel.model.pages import Pages

Timer = tuple[Key, int]  # its instant; a timer that was set anew is another one


class _Set(Protocol):
    def __call__(self, key: Key, at: int) -> None: ...


def _nothing(_key: Key, _now: Ns) -> None:
    """A machine that is gone has nothing due."""


class CalendarTimers:
    """Timers of one life of the machine `name`."""

    __slots__ = ("live", "name", "on_timer", "set")

    def __init__(self, clock: Clock, pages: Pages, name: str) -> None:
        self.live: dict[Key, Timer] = {}
        self.name = name
        self.on_timer: Callable[[Key, Ns], None] = _nothing
        self.set = self._setter(clock, pages)

    def _setter(self, clock: Clock, pages: Pages) -> _Set:
        """With all that it needs at hand, for it runs several times for each call."""
        queue, serial, live = clock.queue, clock.serial, self.live
        slot: Slot = [self._due, self]

        def set_timer(key: Key, at: int) -> None:
            """See `Timers`. ValueError for an instant that has passed: time would go back."""
            now: int = clock._now  # type: ignore[assignment]  # noqa: SLF001 - the property costs a call
            if at < now:
                raise ValueError(f"{key} is set for {at} ns, which has passed")
            timer = live[key] = (key, at)
            if at < pages.end:
                heappush(queue, (at, NORMAL, next(serial), slot, timer))
            else:
                pages.keep((at, NORMAL, next(serial), slot, timer), now)

        return set_timer

    def die(self) -> None:
        """The machine is gone, and whatever it still sets goes off unheard."""
        self.on_timer = _nothing
        self.live.clear()

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
