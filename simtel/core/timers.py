"""Timers that every machine uses: a heap with lazy cancelling.

A timer is named by a key (any hashable). Setting a key again moves it; cancelling leaves the heap entry behind, which
is passed over when it surfaces. `next()` and `due()` cost O(1) besides the entries that they discard.
Two timers of one instant fire in the order in which they were set.
"""

from heapq import heappop, heappush
from typing import Any

from simtel.core.clock import Ns

Key = tuple[Any, ...]
_AT, _KEY = 0, 2  # an entry: [instant, serial number, key]; the key is None once the entry counts no more


class Timers:
    """Deadlines of one machine, by key."""

    __slots__ = ("_heap", "_live", "_serial")

    def __init__(self) -> None:
        self._heap: list[list[Any]] = []
        self._live: dict[Key, list[Any]] = {}
        self._serial = 0

    def set(self, key: Key, at: int) -> None:
        """Arm `key` for the instant `at`, replacing what was armed under that key."""
        before = self._live.get(key)
        if before is not None:
            before[_KEY] = None
        self._serial += 1
        entry = self._live[key] = [at, self._serial, key]
        heappush(self._heap, entry)

    def cancel(self, key: Key) -> bool:
        """Disarm `key`; says whether it was armed."""
        entry = self._live.pop(key, None)
        if entry is None:
            return False
        entry[_KEY] = None
        return True

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
                return entry[_AT]  # type: ignore[no-any-return]  # an entry is a list, for it must change in place
            heappop(heap)
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
                return None
        return None

    def __len__(self) -> int:
        return len(self._live)
