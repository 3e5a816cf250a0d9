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

Several things at one instant happen in the order in which they were planned, arrivals last. At the end of the last
interval everything stops where it is.
"""

from math import log
from typing import cast

import numpy as np

from simtel.sizing.kernels import callers
from simtel.sizing.kernels.agenda import AT, due, enter, put, take
from simtel.sizing.kernels.callers import falls
from simtel.sizing.kernels.compiled import compiler
from simtel.sizing.kernels.draws import LONGEST, Int, chance
from simtel.sizing.kernels.site_world import (
    ABSENT,
    AGENT,
    AGENTS,
    ANSWERED,
    ASKED,
    ATTEMPTS,
    AWAY,
    BEFORE_2,
    BEGAN,
    BLOCKED,
    BUSY,
    BUSY_TIME,
    CALLED_BACK,
    CALLERS,
    CUT,
    CUT_WAITING,
    DEAD,
    DIALLED_OUT,
    DIALS,
    DOES,
    FAILED,
    FAILS,
    GAVE_UP,
    GIVES_UP,
    GONE,
    GROUP,
    GROUPS,
    HANGS_UP,
    HEARS_MENU,
    HOLDS,
    IDLE,
    IDLE_SINCE,
    INTERVAL,
    LEAVES_NUMBER,
    LEFT_NUMBER,
    LIFE,
    LIST,
    LIST_2,
    LOGGED,
    MAY_LEAVE_NUMBER,
    MENU,
    MENU_ENOUGH,
    MENU_FULL,
    MENU_OVER,
    NEXT,
    NEXT_2,
    NONE,
    NUMBER,
    OF_OFFICE,
    OFF,
    OFFICE_CALLS,
    OUT,
    OVERFLOWS,
    PATIENCE,
    PLACE,
    PRIORITIES,
    PRIORITY,
    QUEUE_FULL,
    QUEUE_TIME,
    REDIALS,
    REPAIRED,
    SLOTS,
    STAFFED_TIME,
    TALK,
    TALK_OVER,
    TALKS,
    TEAM,
    TRIES,
    TRUNK,
    TRUNK_TIME,
    UNITS,
    WAITED,
    WAITS,
    WANTS_AGENT,
    WITH,
    WITHIN,
    WRAP_UP,
    WRAPPED_UP,
    WRAPS_UP,
    World,
    Worlds,
)

compiled = compiler("site_kernel", "site_world", "agenda", "callers", "draws", "lanes")

# Numbers as numpy's: of a plain one numba compiles a function for itself.
_NO_LIFE = cast("int", np.int64(0))  # of what is due whatever happens
_FIRST = cast("int", np.int64(0))  # attempt
_NO_GROUP = cast("int", np.int64(0))  # bit mask
_OWN, _LEFT, _BEHIND = (cast("int", np.int64(n)) for n in (0, 2, 3))  # lists of a group and a priority; behind them


@compiled
def _append(rows: Int, ends: Int, row: int, link: int, of: int) -> None:
    """Put `row` at the end of list `of`, through the columns link (next), link + 1 (before) and link + 2 (list)."""
    last = ends[of, 1]
    rows[row, link], rows[row, link + 1], rows[row, link + 2] = NONE, last, of
    if last == NONE:
        ends[of, 0] = row
    else:
        rows[last, link] = row
    ends[of, 1] = row


@compiled
def _insert(calls: Int, ends: Int, row: int, of: int) -> None:
    """Put a call into list `of` of a second group behind those whose place is lower."""
    before, after = ends[of, 1], NONE
    while before != NONE and calls[before, PLACE] > calls[row, PLACE]:
        before, after = calls[before, BEFORE_2], before
    calls[row, NEXT_2], calls[row, BEFORE_2], calls[row, LIST_2] = after, before, of
    if before == NONE:
        ends[of, 0] = row
    else:
        calls[before, NEXT_2] = row
    if after == NONE:
        ends[of, 1] = row
    else:
        calls[after, BEFORE_2] = row


@compiled
def _unlink(rows: Int, ends: Int, row: int, link: int) -> None:
    """Take `row` out of the list in which it is, if it is in one."""
    of = rows[row, link + 2]
    if of == NONE:
        return
    following, before = rows[row, link], rows[row, link + 1]
    if before == NONE:
        ends[of, 0] = following
    else:
        rows[before, link] = following
    if following == NONE:
        ends[of, 1] = before
    else:
        rows[following, link + 1] = before
    rows[row, link + 2] = NONE


@compiled
def _plan(w: World, at: int, what: int, row: int, life: int) -> None:
    """`life` tells later whether the row is still what it is now."""
    if due(w.heap) + 1 == w.heap.shape[0]:
        _forget_what_is_void(w)
    enter(w.heap, at, what | row << 4 | (life & 0xFFFFFFF) << 32)


@compiled
def _forget_what_is_void(w: World) -> None:
    """Callers who were patient and are gone leave behind when they would have given up."""
    planned, heap = due(w.heap), w.heap
    heap[0, AT] = 0
    for n in range(1, planned + 1):
        at, order, what = heap[n]
        kind, row, life = what & 15, what >> 4 & 0xFFFFFFF, what >> 32
        alive = w.agent[row, LIFE] if kind == WRAPPED_UP else w.call[row, LIFE] if kind < INTERVAL else life
        if alive & 0xFFFFFFF == life:
            put(heap, at, order, what)


@compiled
def _until(w: World, now: int) -> None:
    """Time passes."""
    length = now - w.now
    count = w.count[w.interval_now]
    count[BUSY_TIME] += length * w.busy_agents
    count[STAFFED_TIME] += length * w.staffed
    count[TRUNK_TIME] += length * w.trunks_held
    count[QUEUE_TIME] += length * w.queued
    w.now = now


@compiled
def _outcome(w: World, slot: int, what: int) -> None:
    """What became of an attempt."""
    call = w.call[slot]
    w.count[call[BEGAN], what] += 1
    if w.logged < LOGGED:
        entry = w.log[w.logged]
        entry[0], entry[1], entry[2], entry[3] = w.now, call[NUMBER], call[TRIES], what
        w.logged += 1


@compiled
def _seize(w: World, slot: int) -> bool:
    """A trunk for a call."""
    if w.trunks_free == 0:
        return False
    w.trunks_free -= 1
    trunk = w.free_trunk[w.trunks_free]
    w.trunks_held += 1
    w.trunk[trunk, HOLDS] = slot
    w.call[slot, TRUNK] = trunk
    return True


@compiled
def _release(w: World, slot: int) -> None:
    """Give the trunk of a call back, if it has one."""
    trunk = w.call[slot, TRUNK]
    if trunk == NONE:
        return
    w.call[slot, TRUNK] = NONE
    w.trunks_held -= 1
    if w.trunk[trunk, DEAD]:
        w.trunk[trunk, HOLDS] = OFF
        return
    _back(w, trunk)


@compiled
def _back(w: World, trunk: int) -> None:
    """A trunk is free."""
    w.trunk[trunk, HOLDS] = NONE
    w.free_trunk[w.trunks_free] = trunk
    w.trunks_free += 1


@compiled
def _gone(w: World, slot: int, share: float) -> None:
    """A caller is off the line; a share of such callers dials again after a while."""
    _release(w, slot)
    call = w.call[slot]
    call[LIFE] += 1
    number, tries = call[NUMBER], call[TRIES]
    if share > 0.0 and number != NONE and falls(w.chances, number, tries, callers.DIALS_AGAIN) < share:
        after = -log(falls(w.chances, number, tries, callers.AGAIN_AFTER)) * w.redial[2]
        call[DOES] = AWAY
        _plan(w, w.now + np.int64(min(after, LONGEST)), REDIALS, slot, call[LIFE])
        return
    call[DOES] = GONE
    w.slot[w.slots_free] = slot
    w.slots_free += 1


@compiled
def _row(w: World) -> int:
    """A row for a call that nothing is known of."""
    w.slots_free -= 1
    if w.slots_free < 0:
        raise OverflowError("more callers at once than there is room for")
    slot = w.slot[w.slots_free]
    call = w.call[slot]
    call[NUMBER] = call[TRUNK] = call[AGENT] = call[LIST] = call[LIST_2] = NONE
    call[TRIES] = 0
    return slot  # type: ignore[no-any-return]


@compiled
def _talk(w: World, slot: int, agent: int) -> None:
    """A caller and an agent begin to talk."""
    call, row = w.call[slot], w.agent[agent]
    call[DOES] = TALKS
    call[LIFE] += 1
    call[AGENT] = agent
    row[DOES] = BUSY
    row[WITH] = slot
    w.busy_agents += 1
    _plan(w, w.now + call[TALK], TALK_OVER, slot, call[LIFE])


@compiled
def _answered(w: World, slot: int, agent: int) -> None:
    """An agent takes a caller who is on the line."""
    _outcome(w, slot, ANSWERED)
    waited = w.now - w.call[slot, ASKED]
    count = w.count[w.call[slot, BEGAN]]
    count[WAITED] += waited
    count[WITHIN] += waited <= w.threshold
    _talk(w, slot, agent)


@compiled
def _leave_queue(w: World, slot: int) -> None:
    _unlink(w.call, w.ends, slot, NEXT)
    _unlink(w.call, w.ends, slot, NEXT_2)
    w.queued -= 1


@compiled
def _list(group: int, priority: int) -> int:
    """The first of the three lists of calls of a group and a priority: its own, those of others, numbers left."""
    return 3 * (group * PRIORITIES + priority)


@compiled
def _idle_list(team: int) -> int:
    return 3 * GROUPS * PRIORITIES + team


@compiled
def _seek(w: World, group: int) -> int:
    """The agent who serves the group and has been idle longest; he is idle no more. NONE."""
    best = NONE
    for team in range(w.teams):
        if w.serves[team] >> group & 1:
            first = w.ends[_idle_list(team), 0]
            if first != NONE and (best == NONE or w.agent[first, IDLE_SINCE] < w.agent[best, IDLE_SINCE]):
                best = first
    if best != NONE:
        _unlink(w.agent, w.ends, best, NEXT)
        w.idle_agents -= 1
    return best


@compiled
def _first(w: World, groups: int, kind: int, kinds: int) -> int:
    """Who is first in the lists `kind` ... `kinds` - 1 of groups (a bit mask): by priority, then by place. NONE."""
    for priority in range(w.priorities - 1, -1, -1):
        best = NONE
        for group in range(w.groups):
            if groups >> group & 1:
                begin = _list(group, priority)
                for of in range(begin + kind, begin + kinds):
                    first = w.ends[of, 0]
                    if first != NONE and (best == NONE or w.call[first, PLACE] < w.call[best, PLACE]):
                        best = first
        if best != NONE:
            return best
    return NONE


@compiled
def _call_back(w: World, slot: int, agent: int) -> None:
    """Call somebody who left his number; there is a free trunk."""
    _unlink(w.call, w.ends, slot, NEXT)
    w.numbers_left -= 1
    _seize(w, slot)
    _outcome(w, slot, CALLED_BACK)
    _talk(w, slot, agent)


@compiled
def _dial_out(w: World, agent: int) -> None:
    """An agent dials somebody himself; there is a free trunk."""
    slot = _row(w)
    call = w.call[slot]
    call[BEGAN] = w.interval_now
    call[TALK], call[WRAP_UP] = w.dial[w.dials % DIALS]
    w.dials += 1
    _seize(w, slot)
    _outcome(w, slot, DIALLED_OUT)
    _talk(w, slot, agent)


@compiled
def _free(w: World, agent: int) -> None:
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
                _leave_queue(w, slot)
                _answered(w, slot, agent)
            return
    if w.keep_idle != NONE and w.idle_agents >= w.keep_idle and w.trunks_free:
        _dial_out(w, agent)
        return
    row[DOES] = IDLE
    row[IDLE_SINCE] = w.idles
    w.idles += 1
    w.idle_agents += 1
    _append(w.agent, w.ends, agent, NEXT, _idle_list(team))


@compiled
def _ask(w: World, slot: int) -> None:
    """A caller wants an agent."""
    call = w.call[slot]
    now = w.now
    call[ASKED] = now
    call[PLACE] = w.places
    w.places += 1
    group = call[GROUP]
    agent = _seek(w, group)
    if agent != NONE:
        _answered(w, slot, agent)
    elif w.queued >= w.queue_places:
        _outcome(w, slot, QUEUE_FULL)
        _gone(w, slot, w.redial[0])
    else:
        call[DOES] = WAITS
        call[LIFE] += 1
        w.queued += 1
        _append(w.call, w.ends, slot, NEXT, _list(group, call[PRIORITY]))
        if call[PATIENCE] < w.end - now:
            _plan(w, now + call[PATIENCE], GIVES_UP, slot, call[LIFE])
        if w.overflow[group, 0] != NONE:
            _plan(w, now + w.overflow[group, 1], OVERFLOWS, slot, call[LIFE])
        if w.call_back[1] > 0.0:
            _plan(w, now + np.int64(w.call_back[0]), MAY_LEAVE_NUMBER, slot, call[LIFE])


@compiled
def _attempt(w: World, slot: int) -> None:
    """A caller dials."""
    call = w.call[slot]
    call[BEGAN] = w.interval_now
    w.count[w.interval_now, ATTEMPTS] += 1
    if not _seize(w, slot):
        _outcome(w, slot, BLOCKED)
        _gone(w, slot, w.redial[0])
    elif w.menus == w.ivr_ports:
        _outcome(w, slot, MENU_FULL)
        _gone(w, slot, w.redial[0])
    else:
        w.menus += 1
        call[DOES] = HEARS_MENU
        call[LIFE] += 1
        _plan(w, w.now + call[MENU], MENU_OVER, slot, call[LIFE])


@compiled
def _wraps_up(w: World, agent: int, length: int) -> None:
    row = w.agent[agent]
    row[DOES] = WRAPS_UP
    row[LIFE] += 1
    _plan(w, w.now + length, WRAPPED_UP, agent, row[LIFE])


@compiled
def _cut(w: World, slot: int) -> None:
    """The trunk or the seat of a call has failed under it; an agent whose seat has not wraps up."""
    call = w.call[slot]
    if call[DOES] == OF_OFFICE:
        _gone(w, slot, 0.0)
        return
    if call[DOES] == HEARS_MENU:
        w.menus -= 1
    elif call[DOES] == WAITS:
        _leave_queue(w, slot)
        w.count[call[BEGAN], CUT_WAITING] += 1
    elif w.agent[call[AGENT], DOES] == BUSY:
        _wraps_up(w, call[AGENT], call[WRAP_UP])
    _outcome(w, slot, CUT)
    _gone(w, slot, w.redial[1])


@compiled
def _fails(w: World, unit: int) -> None:
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
            _unlink(w.agent, w.ends, agent, NEXT)
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


@compiled
def _repaired(w: World, unit: int) -> None:
    first_trunk, trunks, first_seat, seats = w.units[unit, :4]
    for trunk in range(first_trunk, first_trunk + trunks):
        w.trunk[trunk, DEAD] -= 1
        if w.trunk[trunk, DEAD] == 0:
            _back(w, trunk)
    for agent in range(first_seat, first_seat + seats):
        row = w.agent[agent]
        row[FAILED] -= 1
        if row[DOES] == OUT:
            _free(w, agent)


@compiled
def _unit_event(w: World, unit: int, what: int) -> None:
    """When a unit fails or is repaired next: lives and repairs have exponential laws."""
    drawn = chance(w.fates, unit << 32 | w.failures[unit])
    w.failures[unit] += 1
    mean = w.units[unit, 4 if what == FAILS else 5]
    _plan(w, w.now + np.int64(min(-log(drawn) * mean, LONGEST)), what, unit, _NO_LIFE)


@compiled
def _office_draw(w: World, position: int, mean: float) -> int:
    """An exponential time; what is drawn does not depend on whether there were trunks."""
    return np.int64(min(-log(chance(w.fates, UNITS << 32 | position)) * mean, LONGEST))  # type: ignore[return-value]


@compiled
def _office_calls(w: World) -> None:
    """A call of an office extension, lost if there is no trunk."""
    number = w.office_calls
    w.office_calls += 1
    if w.trunks_free:
        slot = _row(w)
        call = w.call[slot]
        call[DOES] = OF_OFFICE
        call[LIFE] += 1
        _seize(w, slot)
        _plan(w, w.now + _office_draw(w, 2 * number, w.office[1]), HANGS_UP, slot, call[LIFE])
    _plan_office_call(w)


@compiled
def _plan_office_call(w: World) -> None:
    after = _office_draw(w, 2 * w.office_calls + 1, w.office[0])
    _plan(w, w.now + after, OFFICE_CALLS, _NO_LIFE, _NO_LIFE)


@compiled
def _of_team(w: World, team: int, does: int) -> int:
    """The first agent of a team who does that; NONE."""
    for agent in range(w.agents):
        if w.agent[agent, TEAM] == team and w.agent[agent, DOES] == does:
            return agent
    return NONE


@compiled
def _present(w: World, interval: int) -> None:
    """Teams become those of an interval; before the first there is nobody."""
    for team in range(w.teams):
        more = w.staff[interval, team] - (w.staff[interval - 1, team] if interval else 0)
        for _ in range(more):
            if w.surplus[team]:  # somebody who was to leave stays
                w.surplus[team] -= 1
            else:
                w.staffed += 1
                _free(w, _of_team(w, team, ABSENT))
        for _ in range(-more):
            leaves = w.ends[_idle_list(team), 0]
            if leaves != NONE:
                _unlink(w.agent, w.ends, leaves, NEXT)
                w.idle_agents -= 1
            else:
                leaves = _of_team(w, team, OUT)
            if leaves == NONE:
                w.surplus[team] += 1
            else:
                w.agent[leaves, DOES] = ABSENT
                w.staffed -= 1


@compiled
def _call_those_who_left_numbers(w: World) -> None:
    """A trunk has become free while agents rest."""
    while w.trunks_free and w.numbers_left:
        served = _NO_GROUP
        for team in range(w.teams):
            if w.ends[_idle_list(team), 0] != NONE:
                served |= w.serves[team]
        slot = _first(w, served, _LEFT, _BEHIND)
        if slot == NONE:
            return
        _call_back(w, slot, _seek(w, w.call[slot, GROUP]))


@compiled
def _site_event(w: World, kind: int, row: int) -> None:
    """Something that is due whatever happens."""
    if kind == INTERVAL:
        w.interval_now = row
        _present(w, row)
        if row + 1 < w.intervals:
            _plan(w, (row + 1) * w.interval, INTERVAL, row + 1, _NO_LIFE)
    elif kind == FAILS:
        _fails(w, row)
        _unit_event(w, row, REPAIRED)
    elif kind == OFFICE_CALLS:
        _office_calls(w)
    else:
        _repaired(w, row)
        _unit_event(w, row, FAILS)


@compiled
def _waits_longer(w: World, kind: int, slot: int) -> None:
    """A caller has waited until another group is his, or until he may leave his number."""
    call = w.call[slot]
    if kind == OVERFLOWS:
        second = w.overflow[call[GROUP], 0]
        agent = _seek(w, second)
        if agent == NONE:
            _insert(w.call, w.ends, slot, _list(second, call[PRIORITY]) + 1)
        else:
            _leave_queue(w, slot)
            _answered(w, slot, agent)
    elif falls(w.chances, call[NUMBER], call[TRIES], callers.LEAVES_NUMBER) < w.call_back[1]:
        _leave_queue(w, slot)
        _outcome(w, slot, LEAVES_NUMBER)
        _release(w, slot)
        call[DOES] = LEFT_NUMBER
        call[LIFE] += 1
        w.numbers_left += 1
        _append(w.call, w.ends, slot, NEXT, _list(call[GROUP], call[PRIORITY]) + 2)


@compiled
def _step(w: World, what: int) -> None:
    """What was due happens."""
    kind, row, life = what & 15, what >> 4 & 0xFFFFFFF, what >> 32
    if kind == WRAPPED_UP:
        if w.agent[row, LIFE] & 0xFFFFFFF == life:
            w.busy_agents -= 1
            _free(w, row)
        return
    if kind >= INTERVAL:
        _site_event(w, kind, row)
        return
    call = w.call[row]
    if call[LIFE] & 0xFFFFFFF != life:
        return
    if kind == TALK_OVER:
        _wraps_up(w, call[AGENT], call[WRAP_UP])
        _gone(w, row, 0.0)
    elif kind == MENU_OVER:
        w.menus -= 1
        if call[WANTS_AGENT]:
            _ask(w, row)
        else:
            _outcome(w, row, MENU_ENOUGH)
            _gone(w, row, 0.0)
    elif kind == GIVES_UP:
        _leave_queue(w, row)
        _outcome(w, row, GAVE_UP)
        _gone(w, row, w.redial[1])
    elif kind == REDIALS:
        call[TRIES] += 1
        _attempt(w, row)
    elif kind == HANGS_UP:
        _gone(w, row, 0.0)
    else:
        _waits_longer(w, kind, row)


@compiled
def _comes(w: World, block: Int, n: int) -> None:
    """The n-th caller of a block dials for the first time."""
    slot = _row(w)
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
    _attempt(w, slot)


@compiled
def begin(world: Worlds) -> None:
    """Everything is free, nobody is there yet; the first agents come. What is bought must stand in the record."""
    w = world[0]
    w.ends[:] = NONE
    w.agent[:, LIST] = NONE
    for n in range(SLOTS):
        w.slot[n] = SLOTS - 1 - n
    w.slots_free = SLOTS
    for n in range(w.trunks):
        _back(w, w.trunks - 1 - n)
    agent = 0
    for team in range(w.teams):
        most = 0
        for interval in range(w.intervals):
            most = max(most, w.staff[interval, team])
        w.agent[agent : agent + most, TEAM] = team
        agent += most
    w.agents = agent
    _site_event(w, INTERVAL, _NO_LIFE)
    for unit in range(w.n_units):
        _unit_event(w, unit, FAILS)
    if w.office[0] > 0.0:
        _plan_office_call(w)


@compiled
def run(world: Worlds, block: Int, n: int) -> int:
    """Go on with the callers `n`, n + 1 ... of `block` [5, callers]. Returns the position of the first who has not come
    yet: behind the block when more callers are wanted; before its end when more dials are wanted, or all is over."""
    w = world[0]
    while n < block.shape[1] and w.dials + AGENTS < w.dials_drawn:
        comes = block[callers.CAME, n]
        if due(w.heap) and w.heap[1, AT] <= comes:
            if w.heap[1, AT] >= w.end:
                break
            at, what = take(w.heap)
            _until(w, at)
            _step(w, what)
        else:
            if comes >= w.end:
                break
            _until(w, comes)
            _comes(w, block, n)
            n += 1
        if w.numbers_left and w.idle_agents:
            _call_those_who_left_numbers(w)
    else:
        return n
    _until(w, w.end)
    w.over = 1
    return n
