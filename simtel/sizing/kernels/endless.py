"""How many callers would be with the IVR, on trunks and with agents if there were enough of everything.

Then nobody waits, is refused or dials again, and each of these numbers has a Poisson law whatever the laws of durations
are (M/G/infinity), so that what the same callers bring to a real site can be held against a figure that is known.
The numbers are read on a grid of instants.
"""

from typing import Final, cast

import numpy as np

from simtel.sizing.kernels import callers
from simtel.sizing.kernels.callers import falls
from simtel.sizing.kernels.compiled import compiler, part
from simtel.sizing.kernels.draws import Int, Keys

compiled = compiler("endless", "callers", "draws", "lanes")

(IVR, TRUNKS, AGENTS) = range(3)  # rows of what is read
ROWS: Final = 3
_FIRST = cast("int", np.int64(0))  # attempt; of a plain number numba compiles a function for itself


@part
def _instant(since: int, often: float, most: int) -> int:
    """The first of the instants that is not before so many ns after the first."""
    return min(most, max(0, int(np.ceil(since * often))))


@compiled
def enter(block: Int, first: int, chances: Keys, wants_agent: float, begin: int, step: int, changes: Int) -> None:
    """Enter the callers of a block [5, callers], the first of whom has the number `first`: by how much each row of
    `changes` [3, instants + 1] grows at the instants `begin`, `begin` + `step` ... (ns); the last is behind the end."""
    most, often = changes.shape[1] - 1, 1.0 / step
    for n in range(block.shape[1]):
        came = block[callers.CAME, n]
        if came >= begin + most * step:
            break
        asks = came + block[callers.MENU, n]
        leaves = done = asks
        wants = wants_agent >= 1.0 or falls(chances, first + n, _FIRST, callers.WANTS_AGENT) < wants_agent
        if wants:
            leaves = asks + block[callers.TALK, n]
            done = leaves + block[callers.WRAP_UP, n]
        dials, asked = _instant(came - begin, often, most), _instant(asks - begin, often, most)
        left, free = _instant(leaves - begin, often, most), _instant(done - begin, often, most)
        changes[IVR, dials] += 1
        changes[IVR, asked] -= 1
        changes[TRUNKS, dials] += 1
        changes[TRUNKS, left] -= 1
        changes[AGENTS, asked] += 1
        changes[AGENTS, free] -= 1
