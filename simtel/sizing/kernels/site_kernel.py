"""A whole site event by event in compiled code: trunks, IVR, queues, teams, breaks, redialling, outages.

The life of a call:
 1. A caller seizes a trunk; finds none: blocked. He holds it until he is gone.
 2. An IVR port plays the menu; finds none: turned away. Some callers want no more than the menu.
 3. A free agent of his group, of all teams that serve it the one idle longest; else he waits, by priority and then by
    place; finds no place in the queue: turned away. After a while the agents of a second group are his as well
    (overflow), and after a while he may leave his number (call-back): the trunk is free, his place stays his, with the
    agents of his own group.
 4. He gives up when his patience ends, or talks. After the talk the trunk is free; the agent after the wrap-up.
 5. Whoever was blocked, turned away, gave up or was cut off may dial again after a while.
Office extensions talk to people outside: such a call holds a trunk and nothing else, is lost without one, and counts
nowhere but in the time for which trunks are held.
An agent who becomes free takes the caller of highest priority and lowest place of all his groups; one who left his
number is called if a trunk is free. With nobody waiting for him and enough colleagues idle he dials out (blend), if a
trunk is free. The trunk that was released last is seized first.
Teams change at the bounds of intervals: whoever is too many leaves when free, the longest idle first. A unit that fails
takes its trunks and seats with it, and the talks on them; its trunks and then its agents come back in their order.
An agent stays at his seat while it is dead, as in the site of devices, though there may be a free one elsewhere.

Several things at one instant happen in the order in which they were planned, arrivals last. At the end of the last
interval everything stops where it is.
"""

from simtel.sizing.kernels import callers
from simtel.sizing.kernels.agenda import clear, take
from simtel.sizing.kernels.compiled import compiler, part
from simtel.sizing.kernels.draws import Int
from simtel.sizing.kernels.site_agents import call_those_who_left_numbers, free, leave_queue, wraps_up
from simtel.sizing.kernels.site_books import outcome, plan, until
from simtel.sizing.kernels.site_callers import arrives, ask, attempt, waits_longer
from simtel.sizing.kernels.site_calls import gone, trunk_back
from simtel.sizing.kernels.site_office import office_calls, plan_office_call
from simtel.sizing.kernels.site_outages import fails, repaired, unit_event
from simtel.sizing.kernels.site_staff import present
from simtel.sizing.kernels.site_world import (
    AGENT,
    AGENTS,
    FAILS,
    GAVE_UP,
    GIVES_UP,
    HANGS_UP,
    INTERVAL,
    LIFE,
    LIST,
    MENU_ENOUGH,
    MENU_OVER,
    NO_LIFE,
    NONE,
    OFFICE_CALLS,
    REDIALS,
    REPAIRED,
    SLOTS,
    TALK_OVER,
    TEAM,
    TRIES,
    WANTS_AGENT,
    WRAP_UP,
    WRAPPED_UP,
    World,
    Worlds,
)

compiled = compiler(
    "site_kernel", "site_agents", "site_books", "site_callers", "site_calls", "site_lists", "site_office",
    "site_outages", "site_staff", "site_world", "agenda", "callers", "draws", "lanes",
)  # fmt: skip


@part
def _site_event(w: World, kind: int, row: int) -> None:
    """Something that is due whatever happens."""
    if kind == INTERVAL:
        w.interval_now = row
        present(w, row)
        if row + 1 < w.intervals:
            plan(w, (row + 1) * w.interval, INTERVAL, row + 1, NO_LIFE)
    elif kind == FAILS:
        fails(w, row)
        unit_event(w, row, REPAIRED)
    elif kind == OFFICE_CALLS:
        office_calls(w)
    else:
        repaired(w, row)
        unit_event(w, row, FAILS)


@part
def _step(w: World, what: int, life: int) -> None:
    """What was due happens."""
    kind, row = what & 15, what >> 4
    if kind == WRAPPED_UP:
        if w.agent[row, LIFE] == life:
            w.busy_agents -= 1
            free(w, row)
        return
    if kind >= INTERVAL:
        _site_event(w, kind, row)
        return
    call = w.call[row]
    if call[LIFE] != life:
        return
    if kind == TALK_OVER:
        wraps_up(w, call[AGENT], call[WRAP_UP])
        gone(w, row, 0.0)
    elif kind == MENU_OVER:
        w.menus -= 1
        if call[WANTS_AGENT]:
            ask(w, row)
        else:
            outcome(w, row, MENU_ENOUGH)
            gone(w, row, 0.0)
    elif kind == GIVES_UP:
        leave_queue(w, row)
        outcome(w, row, GAVE_UP)
        gone(w, row, w.redial[1])
    elif kind == REDIALS:
        call[TRIES] += 1
        attempt(w, row)
    elif kind == HANGS_UP:
        gone(w, row, 0.0)
    else:
        waits_longer(w, kind, row)


@part
def _begin(w: World) -> None:
    """Everything is free, nobody is there yet; the first agents come."""
    w.begun = 1
    clear(w.agenda, w.shift)
    w.ends[:] = NONE
    w.count[: w.intervals] = 0
    w.trunk[: w.trunks] = 0
    for n in range(SLOTS):
        w.slot[n] = SLOTS - 1 - n
    w.slots_free = SLOTS
    for n in range(w.trunks):
        trunk_back(w, w.trunks - 1 - n)
    agent = 0
    for team in range(w.teams):
        most = 0
        for interval in range(w.intervals):
            most = max(most, w.staff[interval, team])
        for _ in range(most):
            w.agent[agent] = 0
            w.agent[agent, TEAM], w.agent[agent, LIST] = team, NONE
            agent += 1
    w.agents = agent
    _site_event(w, INTERVAL, NO_LIFE)
    for unit in range(w.n_units):
        unit_event(w, unit, FAILS)
    if w.office[0] > 0.0:
        plan_office_call(w)


@compiled
def run(world: Worlds, block: Int, n: int) -> int:
    """Go on with the callers `n`, n + 1 ... of `block` [5, callers]. Returns the position of the first who has not come
    yet: behind the block when more callers are wanted; before its end when more dials are wanted, or all is over.
    What is bought and two portions of dials must stand in the record from the start."""
    w = world[0]
    if not w.begun:
        _begin(w)
    while n < block.shape[1] and w.dials + AGENTS < w.dials_drawn:
        comes = block[callers.CAME, n]
        at = w.agenda.next
        if at <= comes:
            if at >= w.end:
                break
            until(w, at)
            what, life = take(w.agenda)
            _step(w, what, life)
        else:
            if comes >= w.end:
                break
            until(w, comes)
            arrives(w, block, n)
            n += 1
        if w.numbers_left and w.idle_agents:
            call_those_who_left_numbers(w)
    else:
        return n
    until(w, w.end)
    w.over = 1
    return n
