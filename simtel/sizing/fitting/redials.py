"""Who dials again after he was refused or gave up, how often and how soon.

A call of someone who was not served is a try if the same caller calls again within `WITHIN` seconds of its end; the
share of such calls among those that were not served is the share of retrials. Callers who were served call again too,
for reasons of their own: their share is stated beside it, and is not taken off. When a log has more callers than there
is room for, whole callers are left out by their hash, so those who stay have all of their calls.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simtel.sizing.fitting.tally import Tally
from simtel.sizing.shares import wilson
from simtel.sizing.theory.quadrature import Floats

WITHIN = 3600.0
ROOM = 1_000_000  # calls kept


@dataclass(frozen=True, slots=True)
class Redials:
    """`share` of calls not served that were followed by another, with its 95 % interval; `delay` until then.

    `repeats`: share of all calls that are such second calls. `served`: share of the served calls that were followed by
    another within the same time. `calls`: how many calls this rests on.
    """

    calls: int
    unserved: int
    share: float
    low: float
    high: float
    served: float
    repeats: float
    delay: Tally


class Callers:
    """Calls of known callers, as many as there is room for."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._shift = 0  # callers whose hash ends in so many zero bits are kept
        self._kept: list[tuple[NDArray[np.uint64], Floats, Floats, NDArray[np.bool_]]] = []
        self._number = 0

    def add(self, caller: NDArray[np.uint64], start: Floats, end: Floats, served: NDArray[np.bool_]) -> None:
        """More calls: hash of the caller (0: not known), start and end (seconds), whether it was served."""
        self._keep((caller, start, end, served))
        while self._number > self._room:
            self._shift += 1
            kept, self._kept, self._number = self._kept, [], 0
            for block in kept:
                self._keep(block)

    def _keep(self, block: tuple[NDArray[np.uint64], Floats, Floats, NDArray[np.bool_]]) -> None:
        caller = block[0]
        chosen = (caller != 0) & (caller & np.uint64((1 << self._shift) - 1) == 0)
        if chosen.any():
            self._kept.append((caller[chosen], block[1][chosen], block[2][chosen], block[3][chosen]))
            self._number += int(chosen.sum())

    def redials(self) -> Redials | None:
        """What they show; None without a known caller."""
        if not self._kept:
            return None
        caller, start, end, served = (np.concatenate(column) for column in zip(*self._kept, strict=True))
        order = np.lexsort((start, caller))
        caller, start, end, served = caller[order], start[order], end[order], served[order]
        pause = np.maximum(start[1:] - end[:-1], 0.0)
        again = (caller[1:] == caller[:-1]) & (pause <= WITHIN)
        lost = ~served
        tries = again & lost[:-1]
        delay = Tally()
        delay.add(pause[tries])
        unserved, good = int(lost.sum()), int(served.sum())
        share = float(tries.sum()) / unserved if unserved else 0.0
        low, high = wilson(float(tries.sum()), unserved)
        regular = float((again & served[:-1]).sum()) / good if good else 0.0
        return Redials(len(start), unserved, share, low, high, regular, float(tries.sum()) / len(start), delay)
