"""Calls that lead a Clos network to a refusal: chosen by what its routing does, not at random.

 1. A free circuit on switch A and a free seat on switch B have no path once the links of A and those of B take up all
    middle switches between them. So a call on A, or one for B, is worth laying when its path would take a middle
    switch that neither has taken; A and B keep one port free each.
 2. Where routing would lay it elsewhere, a filler comes first, a call between other switches: one that takes the
    unwanted middle switch away at the far end of the worthy call, else any, for it moves the turn and the loads on
    which routing rests.
 3. Fillers are hung up when no further one is possible.
Which A and B, and which of several worthy calls, is tried again and again, at random. It is bounded: no proof.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from simtel.core.streams import Stream
from simtel.devices.fabric.clos import Clos
from simtel.devices.fabric.fabric import circuit_port, seat_port
from simtel.devices.fabric.steps import Circuit, Step

T = TypeVar("T")
TRIES = 30
Pair = tuple[int, int]  # outer switch of the circuit, outer switch of the seat


def steered(
    make: Callable[[], Clos], circuits: Sequence[Circuit], seats: Sequence[str], calls: int, stream: Stream
) -> list[Step]:
    """Steps of at most `calls` calls whose last is refused with both its ends free; none when no try came to that."""
    for _ in range(TRIES):
        attempt = _Try(make(), circuits, seats, stream)
        if attempt.refused(calls):
            return attempt.steps
    return []


class _Try:
    """One try on an empty network."""

    def __init__(self, net: Clos, circuits: Sequence[Circuit], seats: Sequence[str], stream: Stream) -> None:
        self._net, self._stream = net, stream
        self._circuits: list[list[Circuit]] = [[] for _ in range(net.figures.outer)]  # the free ones of each switch
        self._seats: list[list[str]] = [[] for _ in range(net.figures.outer)]
        for circuit in circuits:
            at = circuit_port(net.figures, *circuit) // net.figures.inlets
            if at < len(self._circuits):
                self._circuits[at].append(circuit)
        for seat in seats:
            at = seat_port(seat) // net.figures.inlets
            if at < len(self._seats):
                self._seats[at].append(seat)
        most, many = max(map(len, self._circuits)), max(map(len, self._seats))
        self._a = self._one([at for at, free in enumerate(self._circuits) if len(free) == most])
        self._b = self._one([at for at, free in enumerate(self._seats) if len(free) == many])
        self._side = stream.index(3)  # what is laid first: calls of A, calls for B, or any
        self._packed = stream.chance(0.5)  # calls come from few other switches, or are spread over them
        self._fillers: dict[int, tuple[Pair, Circuit, str]] = {}
        self._calls = 0
        self.steps: list[Step] = []

    def refused(self, calls: int) -> bool:
        """Whether it comes to a refusal within so many calls."""
        while self._calls < calls:
            if self._net.would_take(self._a, self._b) is None:
                self._come((self._a, self._b))
                return True
            if self._calls == calls - 1 or not (self._worthy() or self._filler() or self._hang_up()):
                return False
        return False

    def _one(self, some: list[T]) -> T:
        return some[self._stream.index(len(some))]

    def _taken(self) -> set[int]:
        return self._net.taken(self._a, self._b)

    def _pairs(self) -> list[Pair]:
        """Between which switches a worthy call may be laid: rule 1."""
        of_a = [(self._a, at) for at, free in enumerate(self._seats) if free and at != self._b]
        for_b = [(at, self._b) for at, free in enumerate(self._circuits) if free and at != self._a]
        return (of_a if len(self._circuits[self._a]) > 1 else []) + (for_b if len(self._seats[self._b]) > 1 else [])

    def _room(self, pair: Pair) -> int:
        """Free ports at the far end."""
        return len(self._seats[pair[1]]) if pair[0] == self._a else len(self._circuits[pair[0]])

    def _worthy(self) -> bool:
        taken = self._taken()
        good = [pair for pair in self._pairs() if self._net.would_take(*pair) not in taken]
        if not good:
            return False
        if self._side < 2:
            good = [pair for pair in good if (pair[0] == self._a) == (self._side == 0)] or good
        room = [self._room(pair) for pair in good]
        best = min(room) if self._packed else max(room)
        self._come(self._one([pair for pair, free in zip(good, room, strict=True) if free == best]))
        return True

    def _filler(self) -> bool:
        """Rule 2."""
        others = [
            (at, to)
            for at, free in enumerate(self._circuits)
            for to, seats in enumerate(self._seats)
            if free and seats and at != self._a and to != self._b and self._net.would_take(at, to) is not None
        ]
        pairs = self._pairs()
        if not pairs or not others:
            return False
        pair = min(pairs, key=self._fillers_due)
        far = [o for o in others if (o[1] == pair[1] if pair[0] == self._a else o[0] == pair[0])]
        unwanted = self._net.would_take(*pair)
        fit = [o for o in far if self._net.would_take(*o) == unwanted] if self._room(pair) > 1 else []
        self._come(self._one(fit or others), filler=True)
        return True

    def _fillers_due(self, pair: Pair) -> int:
        """How many middle switches are unwanted and free at both ends; far more where ports are too few for them."""
        due = len(self._taken() - self._net.taken(*pair))
        return due if due < self._room(pair) else due + self._net.figures.middle

    def _hang_up(self) -> bool:
        """Rule 3."""
        if not self._fillers:
            return False
        call = self._one(list(self._fillers))
        (first, last), circuit, seat = self._fillers.pop(call)
        self._circuits[first].append(circuit)
        self._seats[last].append(seat)
        self._net.leave(str(call))
        self.steps.append(Step(call))
        return True

    def _come(self, pair: Pair, filler: bool = False) -> None:
        circuit, seat = self._circuits[pair[0]].pop(), self._seats[pair[1]].pop()
        self.steps.append(Step(self._calls, *circuit, seat))
        self._net.join(str(self._calls), *circuit, seat)
        if filler:
            self._fillers[self._calls] = pair, circuit, seat
        self._calls += 1
