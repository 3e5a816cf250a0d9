"""Who dials again after he was refused or gave up, how often and how soon.

A call of someone who was not served is a try if the same caller calls again within `WITHIN` seconds of its end; the
share of such calls among those that were not served holds retrials, and calls that would have come anyway: those who
were served call again too, for reasons of their own. As many are taken off; where nobody is known to have been served,
what would have come anyway is not known, and there is no share. Who calls more than `MOST` times a day is
many people behind one number, or a machine, and is left out. When a log has more callers than there is room for, whole
callers are left out by their hash, so those who stay have all of their calls.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simtel.sizing.fitting.tally import Tally
from simtel.sizing.shares import wilson
from simtel.sizing.theory.quadrature import Floats

WITHIN = 3600.0
ROOM = 1_000_000  # calls kept
MOST = 20  # calls of one caller on one day; our own bound
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Redials:
    """`share` of calls not served whose callers dial again because of it, with its 95 % interval; `delay` until then.

    `share` is None where no call was served, or none was not: then only the interval holds. `again`: share of the calls
    not served that were followed by another within the same time. `served`: share of the served ones that were, which
    is taken off; None of none. `repeats`: share of all calls that are second calls; 0 without a share. `calls`: how
    many calls this rests on; `crowds`: how many more come from numbers with too many calls a day.
    """

    calls: int
    crowds: int
    unserved: int
    share: float | None
    low: float
    high: float
    again: float
    served: float | None
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
        columns = [np.concatenate(column) for column in zip(*self._kept, strict=True)]
        single = _single(columns[0], columns[1])
        caller, start, end, served = (column[single] for column in columns)
        order = np.lexsort((start, caller))
        caller, start, end, served = caller[order], start[order], end[order], served[order]
        pause = np.maximum(start[1:] - end[:-1], 0.0)
        again = (caller[1:] == caller[:-1]) & (pause <= WITHIN)
        lost = ~served
        tries = again & lost[:-1]
        delay = Tally()
        delay.add(pause[tries])
        unserved, good, number = int(lost.sum()), int(served.sum()), float(tries.sum())
        share = number / unserved if unserved else 0.0
        low, high = wilson(number, unserved)
        others = float((again & served[:-1]).sum())
        regular = others / good if good else None
        least, most = wilson(others, good)
        because = None if regular is None or not unserved else _beyond(share, regular)
        repeats = number * because / share / len(start) if because and share else 0.0
        return Redials(
            len(start), len(columns[0]) - len(start), unserved, because, _beyond(low, most), _beyond(high, least),
            share, regular, repeats, delay,
        )  # fmt: skip


def _single(caller: NDArray[np.uint64], start: Floats) -> NDArray[np.bool_]:
    """Which calls are of callers who never call more than `MOST` times a day."""
    day = start // _DAY
    order = np.lexsort((day, caller))
    one, when = caller[order], day[order]
    first = np.flatnonzero(np.concatenate([[True], (one[1:] != one[:-1]) | (when[1:] != when[:-1])]))
    crowded = np.diff(first, append=len(one)) > MOST
    return ~np.isin(caller, one[first[crowded]])


def _beyond(share: float, regular: float) -> float:
    """What is added to a share that comes anyway, so that both together give `share`."""
    return max(0.0, (share - regular) / (1 - regular)) if regular < 1 else 0.0
