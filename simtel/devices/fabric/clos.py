"""Three-stage Clos network C(m, n, r): circuits on r outer switches of n ports, seats on r others, m middle switches.

Rules:
 1. Each outer switch has one link to each middle switch. A path takes a middle switch whose links to both of its
    outer switches are free; which one, if there are several, the routing says: `first-fit` the lowest, `packing` the
    one that carries most, `cyclic` the next after the last one taken, `random` any: drawn so that the same calls in
    the same order draw the same again.
 2. With m >= 2n - 1 there always is one (C. Clos, 1953): n - 1 others at the circuit's switch and n - 1 at the seat's
    hold at most 2n - 2. With fewer, calls that come and go in an unhappy order leave a free circuit and a free seat
    without a path.
 3. A network that `rearranges` then moves calls that are up: with a free at one outer switch and b at the other, the
    calls that alternate between a and b from the seat's switch on change places (Paull). With m >= n it always helps.
 4. Announcements of the IVR and music are fed in at the circuit's own switch and need no path.
A port beyond n * r does not exist: nothing is joined there, and it is a port that is wanting, no middle switch.
"""

from zlib import crc32

from simtel.devices.fabric.fabric import CYCLIC, PACKING, RANDOM, Stages, circuit_port, seat_port

MIDDLE, PORT = "middle-stage", "fabric-port"


class Clos:
    """The network. `paths`: call -> (circuit's switch, seat's switch, middle switch)."""

    def __init__(self, figures: Stages) -> None:
        self.cause = MIDDLE
        self.figures = figures
        self._inlets = figures.inlets
        self._middle = figures.middle
        self._outer = figures.outer
        self._routing = figures.routing
        self._rearranges = figures.rearranges
        self.clear()

    def clear(self) -> None:
        """No path."""
        self.paths: dict[str, tuple[int, int, int]] = {}
        # Of each outer switch: middle switch -> the call on that link.
        self._in: list[dict[int, str]] = [{} for _ in range(self._outer)]
        self._out: list[dict[int, str]] = [{} for _ in range(self._outer)]
        self._load = [0] * self._middle
        self._last = -1
        self._drawn = 0

    def enter(self, call: str) -> bool:
        """Rule 4."""
        return True

    def fits(self, span: str, slot: int, seat: str) -> bool:
        """Whether rule 1 or rule 3 would give it a path."""
        ends = self._ends(span, slot, seat)
        if ends is None:
            return False
        first, last = ends
        if len(self.taken(first, last)) < self._middle:
            return True
        return self._rearranges and len(self._in[first]) < self._middle > len(self._out[last])

    def join(self, call: str, span: str, slot: int, seat: str) -> bool:
        """Rules 1 and 3."""
        ends = self._ends(span, slot, seat)
        self.cause = PORT if ends is None else MIDDLE
        if ends is None:
            return False
        first, last = ends
        middle = self.would_take(first, last)
        self._drawn += middle is not None
        if middle is None and self._rearranges:
            middle = self._make_room(first, last)
        if middle is None:
            return False
        self._last = middle
        self._lay(call, first, last, middle)
        return True

    def part(self, call: str) -> None:
        """Its links are free."""
        path = self.paths.pop(call, None)
        if path is not None:
            first, last, middle = path
            del self._in[first][middle], self._out[last][middle]
            self._load[middle] -= 1

    def leave(self, call: str) -> None:
        """Its links are free."""
        self.part(call)

    def busy(self) -> int:
        """Paths."""
        return len(self.paths)

    def would_take(self, first: int, last: int) -> int | None:
        """Rule 1: the middle switch that the next call between two outer switches is given."""
        count, here, there = self._middle, self._in[first], self._out[last]
        begin = self._last + 1 if self._routing == CYCLIC else 0
        order = ((begin + step) % count for step in range(count))
        free = [middle for middle in order if middle not in here and middle not in there]
        if not free:
            return None
        if self._routing == RANDOM:
            return free[crc32(f"{self._drawn + 1} {first} {last}".encode()) % len(free)]
        return max(free, key=self._load.__getitem__) if self._routing == PACKING else free[0]

    def taken(self, first: int, last: int) -> set[int]:
        """Middle switches to which one of two outer switches has no free link."""
        return self._in[first].keys() | self._out[last].keys()

    def _ends(self, span: str, slot: int, seat: str) -> tuple[int, int] | None:
        first, last = circuit_port(self.figures, span, slot) // self._inlets, seat_port(seat) // self._inlets
        return (first, last) if max(first, last) < self._outer else None

    def _lay(self, call: str, first: int, last: int, middle: int) -> None:
        self.paths[call] = (first, last, middle)
        self._in[first][middle] = self._out[last][middle] = call
        self._load[middle] += 1

    def _make_room(self, first: int, last: int) -> int | None:
        """Rule 3: the middle switch that is free at both after calls have moved."""
        a = next((m for m in range(self._middle) if m not in self._in[first]), None)
        b = next((m for m in range(self._middle) if m not in self._out[last]), None)
        if a is None or b is None:
            return None
        chain: list[str] = []
        call, middle = self._out[last].get(a), a
        while call is not None:  # seat's switch, circuit's switch, seat's switch ...: a, b, a ...
            chain.append(call)
            middle = b if middle == a else a
            side = self._in[self.paths[call][0]] if len(chain) % 2 else self._out[self.paths[call][1]]
            call = side.get(middle)
        moved = [(call, *self.paths[call]) for call in chain]
        for name in chain:
            self.part(name)
        for name, one, other, had in moved:
            self._lay(name, one, other, b if had == a else a)
        return a
