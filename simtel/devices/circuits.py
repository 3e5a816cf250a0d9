"""Timeslots of the spans of one trunk group, and the order in which they are hunted.

An E1 carries 30 calls in timeslots 1-15 and 17-31; timeslot 16 is signalling. Spans are taken in turn, so that two
E1s share the load; within a span the slots are taken from the lowest or from the highest. Exchange and gateway hunt
from opposite ends, which keeps glare rare.
"""

from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush

SLOTS = (*range(1, 16), *range(17, 32))


class Circuits:
    """Free and busy timeslots of several spans, as one end sees them."""

    def __init__(self, spans: tuple[str, ...], hunting: str, lines: Mapping[str, int] | None = None) -> None:
        """`lines`: how many a span of loop lines has; all others are E1s."""
        self._lines = lines or {}
        self._sign = 1 if hunting == "ascending" else -1
        self._turn = 0
        self.spans: tuple[str, ...] = ()
        self._free: dict[str, list[int]] = {}
        self._busy: dict[str, dict[int, str]] = {}
        self._held: set[tuple[str, int]] = set()  # of the busy ones, those whose call is over
        self.fit(spans)

    def fit(self, spans: tuple[str, ...]) -> None:
        """These spans are connected now; those already known keep their state."""
        for span in spans:
            if span not in self._busy:
                self._free[span] = sorted(self._sign * slot for slot in self._slots(span))
                self._busy[span] = {}
        self.spans = spans

    def _slots(self, span: str) -> Iterable[int]:
        return range(1, self._lines[span] + 1) if span in self._lines else SLOTS

    def hunt(self, call: str, usable: Callable[[str], bool], only: str | None = None) -> tuple[str, int] | None:
        """Seize a free timeslot for `call` on a usable span (on `only`, when given); None when there is none."""
        spans = self.spans
        count = len(spans)
        for step in range(count):
            span = spans[(self._turn + step) % count]
            if (only is not None and span != only) or not usable(span):
                continue
            free, busy = self._free[span], self._busy[span]
            while free:
                slot = self._sign * heappop(free)
                if slot not in busy:
                    busy[slot] = call
                    self._turn = (self._turn + step + 1) % count
                    return span, slot
        return None

    def seize(self, call: str, span: str, slot: int) -> str | None:
        """Seize a timeslot that the far end chose; returns the call that had it, if any (glare)."""
        had = self._busy[span].get(slot)
        self._busy[span][slot] = call
        return had

    def free(self, call: str, span: str, slot: int) -> bool:
        """Give the timeslot back, if `call` still has it and it is not held."""
        busy = self._busy.get(span)
        if busy is None or busy.get(slot) != call or (self._held and (span, slot) in self._held):
            return False
        del busy[slot]
        heappush(self._free[span], self._sign * slot)
        return True

    def hold(self, call: str, span: str, slot: int) -> None:
        """The call on it is over, and nobody may have it yet."""
        self._busy[span][slot] = call
        self._held.add((span, slot))

    def held(self, span: str, slot: int) -> bool:
        """Whether it is held so."""
        return (span, slot) in self._held

    def let_go(self, span: str, slot: int) -> None:
        """A timeslot that was held is free."""
        self._held.remove((span, slot))
        self.free(self._busy[span][slot], span, slot)

    def busy(self, span: str) -> dict[int, str]:
        """Timeslot -> call of a span."""
        return self._busy.get(span, {})

    def on(self, span: str) -> list[str]:
        """Calls on a span, in order of timeslot; not those that are over."""
        busy = self._busy.get(span, {})
        return [busy[slot] for slot in sorted(busy) if (span, slot) not in self._held]

    def in_use(self) -> int:
        """Busy timeslots of all spans."""
        return sum(map(len, self._busy.values()))
