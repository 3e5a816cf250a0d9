"""Whether a fabric refuses no call with free ends, in whatever order calls come and go: by its figures, untried.

1. A packet core needs a path, a timeslot interchange two places, for each call that circuits and seats can hold.
2. A Clos network must have a port for every circuit and seat. A circuit on switch A and a seat on switch B find a
   path when the other calls of A and of B cannot take up all middle switches. At most they take (a-1) + (b-1), a and
   b being the circuits on A and the seats on B (Clos's 2n-2), and no more than there can be other calls.
3. A network that rearranges needs as many middle switches as one outer switch has circuits or seats (Slepian, 1952).
"""

from collections import Counter
from collections.abc import Sequence

from simtel.devices.fabric.fabric import Figures, Interchange, Packets, Stages, circuit_port, seat_port
from simtel.devices.fabric.interchange import places
from simtel.devices.fabric.steps import Circuit


def never_refuses(figures: Figures, circuits: Sequence[Circuit], seats: Sequence[str]) -> bool:
    """True when that is certain; False says nothing but for rule 1."""
    most = min(len(circuits), len(seats))
    if isinstance(figures, Packets):
        return figures.paths >= most
    if isinstance(figures, Interchange):
        return places(figures) >= 2 * most
    return _never(figures, circuits, seats, most)


def _never(figures: Stages, circuits: Sequence[Circuit], seats: Sequence[str], most: int) -> bool:
    first = Counter(circuit_port(figures, *circuit) // figures.inlets for circuit in circuits)
    last = Counter(seat_port(seat) // figures.inlets for seat in seats)
    if max((*first, *last), default=0) >= figures.outer:
        return False
    sizes = [(a, b) for a in set(first.values()) for b in set(last.values())]
    if figures.rearranges:
        return all(figures.middle >= max(pair) for pair in sizes)
    return all(figures.middle > min(a + b - 2, most - 1) for a, b in sizes)
