"""Timers that every machine uses: a heap with lazy cancelling.

A timer is named by a key (any hashable). Setting a key again moves it; cancelling leaves the heap entry behind, which
is passed over when it surfaces. `next()` and `due()` cost O(1) besides the entries that they discard.
Two timers of one instant fire in the order in which they were set.

A host either asks for `next()` after each step, or hangs itself on `earlier` and is told whenever an instant comes to
stand before all that it knows of. It then has to look at `next()` only when it has woken the machine.
"""

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Any

from simtel.core.clock import Ns

Key = tuple[Any, ...]
_AT, _KEY = 0, 2  # an entry: [instant, serial number, key]; the key is None once the entry counts no more
NEVER = 1 << 62


def _unheard(_at: int) -> None:
    """Nobody wants to be told."""


class Timers:
    """Deadlines of one machine, by key."""

    __slots__ = ("_first", "_heap", "_live", "_serial", "earlier")

    def __init__(self) -> None:
        self._heap: list[list[Any]] = []
        self._live: dict[Key, list[Any]] = {}
        self._serial = 0
        self._first = NEVER  # no timer is due before
        self.earlier: Callable[[int], None] = _unheard

    def set(self, key: Key, at: int) -> None:
        """Arm `key` for the instant `at`, replacing what was armed under that key."""
        before = self._live.get(key)
        if before is not None:
            before[_KEY] = None
        self._serial += 1
        entry = self._live[key] = [at, self._serial, key]
        heappush(self._heap, entry)
        if at < self._first:
            self._first = at
            self.earlier(at)

    def cancel(self, key: Key) -> bool:
        """Disarm `key`; says whether it was armed."""
        entry = self._live.pop(key, None)
        if entry is None:
            return False
        entry[_KEY] = None
        return True

    def cancel_all(self, keys: Iterable[Key]) -> None:
        """Disarm those of `keys` that are armed."""
        live = self._live
        for key in keys:
            if key in live:
                live.pop(key)[_KEY] = None

    def at(self, key: Key) -> Ns | None:
        """The instant for which `key` is armed, if it is."""
        entry = self._live.get(key)
        return None if entry is None else Ns(entry[_AT])

    def next(self) -> Ns | None:
        """The earliest armed instant."""
        heap = self._heap
        while heap:
            entry = heap[0]
            if entry[_KEY] is not None:
                first: Ns = entry[_AT]
                self._first = first
                return first
            heappop(heap)
        self._first = NEVER
        return None

    def due(self, now: int) -> Key | None:
        """Take the earliest timer that is due at `now`, or None when there is none."""
        heap = self._heap
        while heap:
            entry = heap[0]
            key: Key | None = entry[_KEY]
            if key is None:
                heappop(heap)
            elif entry[_AT] <= now:
                heappop(heap)
                del self._live[key]
                return key
            else:
                self._first = entry[_AT]
                return None
        self._first = NEVER
        return None

    def __len__(self) -> int:
        return len(self._live)
