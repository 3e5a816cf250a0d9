"""Timers that every machine uses, named by keys, and the heap of them for hosts that have no calendar of their own.

Setting a key again moves its timer. Two timers of one instant fire in the order in which they were set. A host hands
each timer that is due to its machine (`Machine.on_timer`); by then it is disarmed.
"""

from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Any, Protocol

from simtel.core.clock import Ns

Key = tuple[Any, ...]


class Timers(Protocol):
    """What a machine may do with its timers."""

    def set(self, key: Key, at: int) -> None:
        """Arm `key` for the instant `at`, replacing what was armed under that key."""

    def cancel(self, key: Key) -> bool:
        """Disarm `key`; says whether it was armed."""

    def cancel_all(self, keys: Iterable[Key]) -> None:
        """Disarm those of `keys` that are armed."""

    def at(self, key: Key) -> Ns | None:
        """The instant for which `key` is armed, if it is."""


def bring(timers: Timers, key: Key, by: int, now: int) -> None:
    """Let a timer that is armed come `by` ns sooner, at once at the soonest; later, where `by` is negative."""
    at = timers.at(key)
    if at is not None:
        timers.set(key, max(now, at - by))


_AT, _KEY = 0, 2  # an entry: [instant, serial number, key]; the key is None once the entry counts no more


class TimerHeap:
    """Timers of one machine in a heap with lazy cancelling.

    A cancelled entry stays and is passed over when it surfaces: `next()` and `due()` cost O(1) besides those.
    """

    __slots__ = ("_heap", "_live", "_serial")

    def __init__(self) -> None:
        self._heap: list[list[Any]] = []
        self._live: dict[Key, list[Any]] = {}
        self._serial = 0

    def set(self, key: Key, at: int) -> None:
        """See `Timers`."""
        before = self._live.get(key)
        if before is not None:
            before[_KEY] = None
        self._serial += 1
        entry = self._live[key] = [at, self._serial, key]
        heappush(self._heap, entry)

    def cancel(self, key: Key) -> bool:
        """See `Timers`."""
        entry = self._live.pop(key, None)
        if entry is None:
            return False
        entry[_KEY] = None
        return True

    def cancel_all(self, keys: Iterable[Key]) -> None:
        """See `Timers`."""
        for key in keys:
            self.cancel(key)

    def at(self, key: Key) -> Ns | None:
        """See `Timers`."""
        entry = self._live.get(key)
        return None if entry is None else Ns(entry[_AT])

    def next(self) -> Ns | None:
        """The earliest armed instant."""
        heap = self._heap
        while heap:
            entry = heap[0]
            if entry[_KEY] is not None:
                return entry[_AT]  # type: ignore[no-any-return]  # an entry is a list, for it must change in place
            heappop(heap)
        return None

    def due(self, now: int) -> Key | None:
        """Take the earliest timer that is due at `now`, or None when there is none."""
        at = self.next()
        if at is None or at > now:
            return None
        key: Key = heappop(self._heap)[_KEY]
        del self._live[key]
        return key

    def __len__(self) -> int:
        return len(self._live)
