"""Callers one by one: they dial, want an agent, wait, overflow to another group, leave a number."""

from typing import Final, cast

import numpy as np

from simtel.sizing.kernels import callers
from simtel.sizing.kernels.callers import falls
from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.draws import LONGEST, Int
from simtel.sizing.kernels.site_agents import answered, idle_longest, leave_queue
from simtel.sizing.kernels.site_books import outcome, plan
from simtel.sizing.kernels.site_calls import gone, release, row_for_call, seize
from simtel.sizing.kernels.site_lists import append, calls_of, insert
from simtel.sizing.kernels.site_world import (
    ASKED,
    ATTEMPTS,
    BEGAN,
    BLOCKED,
    CALLERS,
    DOES,
    GIVES_UP,
    GROUP,
    HEARS_MENU,
    LEAVES_NUMBER,
    LEFT_NUMBER,
    LIFE,
    MAY_LEAVE_NUMBER,
    MENU,
    MENU_FULL,
    MENU_OVER,
    NEXT,
    NONE,
    NUMBER,
    OVERFLOWS,
    PATIENCE,
    PLACE,
    PRIORITY,
    QUEUE_FULL,
    TALK,
    TRIES,
    WAITS,
    WANTS_AGENT,
    WRAP_UP,
    World,
)

_FIRST: Final = cast("int", np.int64(0))  # attempt


@part
def arrives(w: World, block: Int, n: int) -> None:
    """The n-th caller of a block dials for the first time."""
    slot = row_for_call(w)
    call, caller, kind = w.call[slot], w.came, 0
    w.came += 1
    if w.classes > 1:
        drawn = falls(w.chances, caller, _FIRST, callers.CLASS)
        while drawn > w.klass[kind, 0] and kind + 1 < w.classes:
            kind += 1
    traits = w.klass[kind]
    call[NUMBER] = caller
    call[GROUP], call[PRIORITY] = np.int64(traits[1]), np.int64(traits[2])
    call[WANTS_AGENT] = traits[3] >= 1.0 or falls(w.chances, caller, _FIRST, callers.WANTS_AGENT) < traits[3]
    call[MENU] = block[callers.MENU, n]
    call[TALK] = np.int64(min(block[callers.TALK, n] * traits[4], LONGEST))
    call[WRAP_UP] = block[callers.WRAP_UP, n]
    call[PATIENCE] = block[callers.PATIENCE, n]
    w.count[w.interval_now, CALLERS] += 1
    attempt(w, slot)


@part
def attempt(w: World, slot: int) -> None:
    """A caller dials."""
    call = w.call[slot]
    call[BEGAN] = w.interval_now
    w.count[w.interval_now, ATTEMPTS] += 1
    if not seize(w, slot):
        outcome(w, slot, BLOCKED)
        gone(w, slot, w.redial[0])
    elif w.menus == w.ivr_ports:
        outcome(w, slot, MENU_FULL)
        gone(w, slot, w.redial[0])
    else:
        w.menus += 1
        call[DOES] = HEARS_MENU
        call[LIFE] += 1
        plan(w, w.now + call[MENU], MENU_OVER, slot, call[LIFE])


@part
def ask(w: World, slot: int) -> None:
    """A caller wants an agent."""
    call = w.call[slot]
    now = w.now
    call[ASKED] = now
    call[PLACE] = w.places
    w.places += 1
    group = call[GROUP]
    agent = idle_longest(w, group)
    if agent != NONE:
        answered(w, slot, agent)
    elif w.queued >= w.queue_places:
        outcome(w, slot, QUEUE_FULL)
        gone(w, slot, w.redial[0])
    else:
        call[DOES] = WAITS
        call[LIFE] += 1
        w.queued += 1
        append(w.call, w.ends, slot, NEXT, calls_of(group, call[PRIORITY]))
        if call[PATIENCE] < w.end - now:
            plan(w, now + call[PATIENCE], GIVES_UP, slot, call[LIFE])
        if w.overflow[group, 0] != NONE:
            plan(w, now + w.overflow[group, 1], OVERFLOWS, slot, call[LIFE])
        if w.call_back[1] > 0.0:
            plan(w, now + np.int64(w.call_back[0]), MAY_LEAVE_NUMBER, slot, call[LIFE])


@part
def waits_longer(w: World, kind: int, slot: int) -> None:
    """A caller has waited until another group is his, or until he may leave his number."""
    call = w.call[slot]
    if kind == OVERFLOWS:
        second = w.overflow[call[GROUP], 0]
        agent = idle_longest(w, second)
        if agent == NONE:
            insert(w.call, w.ends, slot, calls_of(second, call[PRIORITY]) + 1)
        else:
            leave_queue(w, slot)
            answered(w, slot, agent)
    elif falls(w.chances, call[NUMBER], call[TRIES], callers.LEAVES_NUMBER) < w.call_back[1]:
        leave_queue(w, slot)
        outcome(w, slot, LEAVES_NUMBER)
        release(w, slot)
        call[DOES] = LEFT_NUMBER
        call[LIFE] += 1
        w.numbers_left += 1
        append(w.call, w.ends, slot, NEXT, calls_of(call[GROUP], call[PRIORITY]) + 2)
