"""Timers that every machine uses: a heap with lazy cancelling.

A timer is named by a key (any hashable). Setting a key again moves it; cancelling leaves the heap entry behind, which
is passed over when it surfaces. `next()` and `due()` cost O(1) besides the entries that they discard.
Two timers of one instant fire in the order in which they were set.
"""

from heapq import heappop, heappush
from typing import Any

from simtel.core.clock import Ns

Key = tuple[Any, ...]
_Entry = tuple[int, int, Key]


class Timers:
    """Deadlines of one machine, by key."""

    __slots__ = ("_heap", "_live", "_serial")

    def __init__(self) -> None:
        self._heap: list[_Entry] = []
        self._live: dict[Key, _Entry] = {}
        self._serial = 0

    def set(self, key: Key, at: int) -> None:
        """Arm `key` for the instant `at`, replacing what was armed under that key."""
        self._serial += 1
        entry = (at, self._serial, key)
        self._live[key] = entry
        heappush(self._heap, entry)

    def cancel(self, key: Key) -> bool:
        """Disarm `key`; says whether it was armed."""
        return self._live.pop(key, None) is not None

    def at(self, key: Key) -> Ns | None:
        """The instant for which `key` is armed, if it is."""
        entry = self._live.get(key)
        return None if entry is None else Ns(entry[0])

    def next(self) -> Ns | None:
        """The earliest armed instant."""
        heap, live = self._heap, self._live
        while heap:
            entry = heap[0]
            if live.get(entry[2]) is entry:
                return Ns(entry[0])
            heappop(heap)
        return None

    def due(self, now: int) -> Key | None:
        """Take the earliest timer that is due at `now`, or None when there is none."""
        heap, live = self._heap, self._live
        while heap:
            entry = heap[0]
            if live.get(entry[2]) is not entry:
                heappop(heap)
            elif entry[0] <= now:
                heappop(heap)
                del live[entry[2]]
                return entry[2]
            else:
                return None
        return None

    def __len__(self) -> int:
        return len(self._live)
