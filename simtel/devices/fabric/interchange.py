"""Timeslot interchange: speech is written into a memory slot by slot, and read from it in another order.

Rules:
 1. Each end of a call has one place in the speech memory: the circuit from the moment the call enters, the seat while
    it is joined. Any place can be read into any timeslot, so that only their number counts: it never blocks inside.
 2. 8,000 times a second every place is written once and read once: the accesses bound the places that work.
 3. Announcements of the IVR and music stand in places of their own, which many read.
"""

from heapq import heappop, heappush

from simtel.devices.fabric.fabric import Interchange

ACCESSES = 16_000  # per second and place


def places(figures: Interchange) -> int:
    """Rule 2: places that can be used."""
    return min(figures.slots, int(figures.accesses / ACCESSES))


class TimeslotInterchange:
    """A speech memory. `held`: call -> its places, the circuit's first."""

    cause = "speech-memory"

    def __init__(self, figures: Interchange) -> None:
        self._count = places(figures)
        self._free = list(range(self._count))
        self.held: dict[str, list[int]] = {}

    def enter(self, call: str) -> bool:
        """A place for the circuit."""
        return self._take(call, [])

    def fits(self, span: str, slot: int, seat: str) -> bool:
        """A place for the seat is left."""
        return bool(self._free)

    def join(self, call: str, span: str, slot: int, seat: str) -> bool:
        """A place for the seat."""
        return self._take(call, self.held[call])

    def part(self, call: str) -> None:
        """The seat's place is free."""
        held = self.held[call]
        if len(held) > 1:
            heappush(self._free, held.pop())

    def leave(self, call: str) -> None:
        """Both places are free."""
        for place in self.held.pop(call, ()):
            heappush(self._free, place)

    def clear(self) -> None:
        """All places are free."""
        self._free = list(range(self._count))
        self.held.clear()

    def busy(self) -> int:
        """Places in use."""
        return self._count - len(self._free)

    def _take(self, call: str, held: list[int]) -> bool:
        if not self._free:
            return False
        held.append(heappop(self._free))
        self.held[call] = held
        return True
