"""A call from end to end: its row, its trunk, and the caller who is gone and may dial again."""

from math import log

import numpy as np

from simtel.sizing.kernels import callers
from simtel.sizing.kernels.callers import falls
from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.draws import LONGEST
from simtel.sizing.kernels.site_books import plan
from simtel.sizing.kernels.site_world import (
    AGENT,
    AWAY,
    DEAD,
    DOES,
    GONE,
    HOLDS,
    LIFE,
    LIST,
    LIST_2,
    NONE,
    NUMBER,
    OFF,
    REDIALS,
    TRIES,
    TRUNK,
    World,
)


@part
def seize(w: World, slot: int) -> bool:
    """A trunk for a call."""
    if w.trunks_free == 0:
        return False
    w.trunks_free -= 1
    trunk = w.free_trunk[w.trunks_free]
    w.trunks_held += 1
    w.trunk[trunk, HOLDS] = slot
    w.call[slot, TRUNK] = trunk
    return True


@part
def release(w: World, slot: int) -> None:
    """Give the trunk of a call back, if it has one."""
    trunk = w.call[slot, TRUNK]
    if trunk == NONE:
        return
    w.call[slot, TRUNK] = NONE
    w.trunks_held -= 1
    if w.trunk[trunk, DEAD]:
        w.trunk[trunk, HOLDS] = OFF
        return
    trunk_back(w, trunk)


@part
def trunk_back(w: World, trunk: int) -> None:
    """A trunk is free."""
    w.trunk[trunk, HOLDS] = NONE
    w.free_trunk[w.trunks_free] = trunk
    w.trunks_free += 1


@part
def gone(w: World, slot: int, share: float) -> None:
    """A caller is off the line; a share of such callers dials again after a while."""
    release(w, slot)
    call = w.call[slot]
    call[LIFE] += 1
    number, tries = call[NUMBER], call[TRIES]
    if share > 0.0 and number != NONE and falls(w.chances, number, tries, callers.DIALS_AGAIN) < share:
        after = -log(falls(w.chances, number, tries, callers.AGAIN_AFTER)) * w.redial[2]
        call[DOES] = AWAY
        plan(w, w.now + np.int64(min(after, LONGEST)), REDIALS, slot, call[LIFE])
        return
    call[DOES] = GONE
    w.slot[w.slots_free] = slot
    w.slots_free += 1


@part
def row_for_call(w: World) -> int:
    """A row for a call that nothing is known of."""
    w.slots_free -= 1
    if w.slots_free < 0:
        raise OverflowError("more callers at once than there is room for")
    slot = w.slot[w.slots_free]
    call = w.call[slot]
    call[NUMBER] = call[TRUNK] = call[AGENT] = call[LIST] = call[LIST_2] = NONE
    call[TRIES] = 0
    return slot  # type: ignore[no-any-return]
