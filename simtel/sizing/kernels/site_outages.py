"""Units that fail and are repaired, and the calls that they cut."""

from math import log

import numpy as np

from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.draws import LONGEST, chance
from simtel.sizing.kernels.site_agents import free, leave_queue, wraps_up
from simtel.sizing.kernels.site_books import outcome, plan
from simtel.sizing.kernels.site_calls import gone, trunk_back
from simtel.sizing.kernels.site_lists import unlink
from simtel.sizing.kernels.site_world import (
    ABSENT,
    AGENT,
    BEGAN,
    BUSY,
    CUT,
    CUT_WAITING,
    DEAD,
    DOES,
    FAILED,
    FAILS,
    HEARS_MENU,
    HOLDS,
    IDLE,
    LIFE,
    NEXT,
    NO_LIFE,
    OF_OFFICE,
    OFF,
    OUT,
    WAITS,
    WITH,
    WRAP_UP,
    World,
)


@part
def _cut(w: World, slot: int) -> None:
    """The trunk or the seat of a call has failed under it; an agent whose seat has not wraps up."""
    call = w.call[slot]
    if call[DOES] == OF_OFFICE:
        gone(w, slot, 0.0)
        return
    if call[DOES] == HEARS_MENU:
        w.menus -= 1
    elif call[DOES] == WAITS:
        leave_queue(w, slot)
        w.count[call[BEGAN], CUT_WAITING] += 1
    elif w.agent[call[AGENT], DOES] == BUSY:
        wraps_up(w, call[AGENT], call[WRAP_UP])
    outcome(w, slot, CUT)
    gone(w, slot, w.redial[1])


@part
def fails(w: World, unit: int) -> None:
    """A unit takes its seats and trunks along, until it is repaired."""
    first_trunk, trunks, first_seat, seats = w.units[unit, :4]
    for agent in range(first_seat, first_seat + seats):
        row = w.agent[agent]
        row[FAILED] += 1
        does = row[DOES]
        if does in (ABSENT, OUT):
            continue
        row[DOES] = OUT
        row[LIFE] += 1
        if does == IDLE:
            unlink(w.agent, w.ends, agent, NEXT)
            w.idle_agents -= 1
        else:
            w.busy_agents -= 1
            if does == BUSY:
                _cut(w, row[WITH])
    for trunk in range(first_trunk, first_trunk + trunks):
        w.trunk[trunk, DEAD] += 1
        if w.trunk[trunk, HOLDS] >= 0:
            _cut(w, w.trunk[trunk, HOLDS])
    kept = 0
    for n in range(w.trunks_free):
        trunk = w.free_trunk[n]
        if w.trunk[trunk, DEAD]:
            w.trunk[trunk, HOLDS] = OFF
        else:
            w.free_trunk[kept] = trunk
            kept += 1
    w.trunks_free = kept


@part
def repaired(w: World, unit: int) -> None:
    first_trunk, trunks, first_seat, seats = w.units[unit, :4]
    for trunk in range(first_trunk, first_trunk + trunks):
        w.trunk[trunk, DEAD] -= 1
        if w.trunk[trunk, DEAD] == 0:
            trunk_back(w, trunk)
    for agent in range(first_seat, first_seat + seats):
        row = w.agent[agent]
        row[FAILED] -= 1
        if row[DOES] == OUT:
            free(w, agent)


@part
def unit_event(w: World, unit: int, what: int) -> None:
    """When a unit fails or is repaired next: lives and repairs have exponential laws."""
    drawn = chance(w.fates, unit << 32 | w.failures[unit])
    w.failures[unit] += 1
    mean = w.units[unit, 4 if what == FAILS else 5]
    plan(w, w.now + np.int64(min(-log(drawn) * mean, LONGEST)), what, unit, NO_LIFE)
