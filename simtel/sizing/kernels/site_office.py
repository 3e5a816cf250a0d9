"""Calls between extensions of the house and people outside."""

from math import log

import numpy as np

from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.draws import LONGEST, chance
from simtel.sizing.kernels.site_books import plan
from simtel.sizing.kernels.site_calls import row_for_call, seize
from simtel.sizing.kernels.site_world import DOES, HANGS_UP, LIFE, NO_LIFE, OF_OFFICE, OFFICE_CALLS, UNITS, World


@part
def _office_draw(w: World, position: int, mean: float) -> int:
    """An exponential time; what is drawn does not depend on whether there were trunks."""
    return np.int64(min(-log(chance(w.fates, UNITS << 32 | position)) * mean, LONGEST))  # type: ignore[return-value]


@part
def office_calls(w: World) -> None:
    """A call of an office extension, lost if there is no trunk."""
    number = w.office_calls
    w.office_calls += 1
    if w.trunks_free:
        slot = row_for_call(w)
        call = w.call[slot]
        call[DOES] = OF_OFFICE
        call[LIFE] += 1
        seize(w, slot)
        plan(w, w.now + _office_draw(w, 2 * number, w.office[1]), HANGS_UP, slot, call[LIFE])
    plan_office_call(w)


@part
def plan_office_call(w: World) -> None:
    after = _office_draw(w, 2 * w.office_calls + 1, w.office[0])
    plan(w, w.now + after, OFFICE_CALLS, NO_LIFE, NO_LIFE)
