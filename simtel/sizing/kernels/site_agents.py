"""Agents: who takes whom, who is next when an agent is free, talks and wrap-ups."""

from typing import Final, cast

import numpy as np

from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.site_books import outcome, plan
from simtel.sizing.kernels.site_calls import row_for_call, seize
from simtel.sizing.kernels.site_lists import append, calls_of, idle_list, unlink
from simtel.sizing.kernels.site_world import (
    ABSENT,
    AGENT,
    ANSWERED,
    ASKED,
    BEGAN,
    BUSY,
    CALLED_BACK,
    DIALLED_OUT,
    DIALS,
    DOES,
    FAILED,
    GROUP,
    IDLE,
    IDLE_SINCE,
    LEFT_NUMBER,
    LIFE,
    NEXT,
    NEXT_2,
    NONE,
    OUT,
    PLACE,
    TALK,
    TALK_OVER,
    TALKS,
    TEAM,
    WAITED,
    WITH,
    WITHIN,
    WRAP_UP,
    WRAPPED_UP,
    WRAPS_UP,
    World,
)

_NO_GROUP: Final = cast("int", np.int64(0))  # bit mask
_OWN, _LEFT, _BEHIND = (cast("int", np.int64(n)) for n in (0, 2, 3))  # lists of a group and a priority; behind them


@part
def _talk(w: World, slot: int, agent: int) -> None:
    """A caller and an agent begin to talk."""
    call, row = w.call[slot], w.agent[agent]
    call[DOES] = TALKS
    call[LIFE] += 1
    call[AGENT] = agent
    row[DOES] = BUSY
    row[WITH] = slot
    w.busy_agents += 1
    plan(w, w.now + call[TALK], TALK_OVER, slot, call[LIFE])


@part
def answered(w: World, slot: int, agent: int) -> None:
    """An agent takes a caller who is on the line."""
    outcome(w, slot, ANSWERED)
    waited = w.now - w.call[slot, ASKED]
    count = w.count[w.call[slot, BEGAN]]
    count[WAITED] += waited
    count[WITHIN] += waited <= w.threshold
    _talk(w, slot, agent)


@part
def leave_queue(w: World, slot: int) -> None:
    unlink(w.call, w.ends, slot, NEXT)
    unlink(w.call, w.ends, slot, NEXT_2)
    w.queued -= 1


@part
def idle_longest(w: World, group: int) -> int:
    """The agent who serves the group and has been idle longest; he is idle no more. NONE."""
    best = NONE
    for team in range(w.teams):
        if w.serves[team] >> group & 1:
            first = w.ends[idle_list(team), 0]
            if first != NONE and (best == NONE or w.agent[first, IDLE_SINCE] < w.agent[best, IDLE_SINCE]):
                best = first
    if best != NONE:
        unlink(w.agent, w.ends, best, NEXT)
        w.idle_agents -= 1
    return best


@part
def _first(w: World, groups: int, kind: int, kinds: int) -> int:
    """Who is first in the lists `kind` ... `kinds` - 1 of groups (a bit mask): by priority, then by place. NONE."""
    for priority in range(w.priorities - 1, -1, -1):
        best = NONE
        for group in range(w.groups):
            if groups >> group & 1:
                begin = calls_of(group, priority)
                for of in range(begin + kind, begin + kinds):
                    first = w.ends[of, 0]
                    if first != NONE and (best == NONE or w.call[first, PLACE] < w.call[best, PLACE]):
                        best = first
        if best != NONE:
            return best
    return NONE


@part
def _call_back(w: World, slot: int, agent: int) -> None:
    """Call somebody who left his number; there is a free trunk."""
    unlink(w.call, w.ends, slot, NEXT)
    w.numbers_left -= 1
    seize(w, slot)
    outcome(w, slot, CALLED_BACK)
    _talk(w, slot, agent)


@part
def _dial_out(w: World, agent: int) -> None:
    """An agent dials somebody himself; there is a free trunk."""
    slot = row_for_call(w)
    call = w.call[slot]
    call[BEGAN] = w.interval_now
    call[TALK], call[WRAP_UP] = w.dial[w.dials % DIALS]
    w.dials += 1
    seize(w, slot)
    outcome(w, slot, DIALLED_OUT)
    _talk(w, slot, agent)


@part
def free(w: World, agent: int) -> None:
    """An agent of those present is free: he leaves, serves whoever is first, dials, or rests."""
    row = w.agent[agent]
    team = row[TEAM]
    if row[FAILED]:
        row[DOES] = OUT
        return
    if w.surplus[team]:
        w.surplus[team] -= 1
        row[DOES] = ABSENT
        w.staffed -= 1
        return
    if w.queued or w.numbers_left:
        slot = _first(w, w.serves[team], _OWN, _BEHIND if w.trunks_free else _LEFT)
        if slot != NONE:
            if w.call[slot, DOES] == LEFT_NUMBER:
                _call_back(w, slot, agent)
            else:
                leave_queue(w, slot)
                answered(w, slot, agent)
            return
    if w.keep_idle != NONE and w.idle_agents >= w.keep_idle and w.trunks_free:
        _dial_out(w, agent)
        return
    row[DOES] = IDLE
    row[IDLE_SINCE] = w.idles
    w.idles += 1
    w.idle_agents += 1
    append(w.agent, w.ends, agent, NEXT, idle_list(team))


@part
def wraps_up(w: World, agent: int, length: int) -> None:
    row = w.agent[agent]
    row[DOES] = WRAPS_UP
    row[LIFE] += 1
    plan(w, w.now + length, WRAPPED_UP, agent, row[LIFE])


@part
def call_those_who_left_numbers(w: World) -> None:
    """A trunk has become free while agents rest."""
    while w.trunks_free and w.numbers_left:
        served = _NO_GROUP
        for team in range(w.teams):
            if w.ends[idle_list(team), 0] != NONE:
                served |= w.serves[team]
        slot = _first(w, served, _LEFT, _BEHIND)
        if slot == NONE:
            return
        _call_back(w, slot, idle_longest(w, w.call[slot, GROUP]))
