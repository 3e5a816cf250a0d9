"""A whole site event by event in compiled code: trunks, IVR, queues, teams, breaks, redialling, outages.

The life of a call:
 1. A caller seizes a trunk; finds none: blocked. He holds it until he is gone.
 2. An IVR port plays the menu; finds none: turned away. Some callers want no more than the menu.
 3. A free agent of his group, of all teams that serve it the one idle longest; else he waits, by priority and then by
    place; finds no place in the queue: turned away. After a while the queue of a second group is his as well
    (overflow), and after a while he may leave his number (call-back): the trunk is free, his place stays his.
 4. He gives up when his patience ends, or talks. After the talk the trunk is free; the agent after the wrap-up.
 5. Whoever was blocked, turned away, gave up or was cut off may dial again after a while.
Agents who become free take the caller of highest priority and lowest place of all their groups; a caller who left his
number is called on a free trunk. With nobody waiting and enough colleagues idle they dial out (blend).
Teams change at the bounds of intervals: who is too many leaves when free, the longest idle first. A unit that fails
takes its trunks and seats with it, and the talks on them.

Several things at one instant happen in the order in which they were planned, arrivals last. Time is int64 nanoseconds.
"""

from math import log
from typing import Any, Final

import numpy as np

from simtel.sizing import callers
from simtel.sizing.agenda import AT, due, enter, take
from simtel.sizing.callers import NEVER, falls
from simtel.sizing.compiled import compiler
from simtel.sizing.draws import Int, chance

compiled = compiler("site_kernel", "agenda", "callers", "draws")

NONE: Final = -1
SLOTS: Final = 1 << 16  # callers at once, those who will dial again among them


# Columns of a call's row, and what it does. Links: in the list of its own group, and in that of the second one.
(NUMBER, TRIES, GROUP, PRIORITY, WANTS_AGENT, DOES, LIFE, CAME, ASKED, PLACE, AGENT, TRUNK, TALK, WRAP_UP, PATIENCE) = (
    range(15)
)
(MENU, NEXT, BEFORE, LIST, NEXT_2, BEFORE_2, LIST_2) = range(15, 22)
_CALL: Final = 22
(GONE, HEARS_MENU, WAITS, TALKS, LEFT_NUMBER, AWAY) = range(6)

# Columns of an agent's row (and LIFE, DOES and the links where they stand for calls), and what he does.
(TEAM, IDLE_SINCE, WITH, FAILED) = range(4)
_AGENT: Final = NEXT_2
(ABSENT, IDLE, BUSY, WRAPS_UP, OUT) = range(5)  # OUT: the seat is dead

# What may be due.
(MENU_OVER, GIVES_UP, TALK_OVER, WRAPPED_UP, REDIALS, OVERFLOWS, MAY_LEAVE_NUMBER, INTERVAL, FAILS, REPAIRED) = range(
    10
)

# What becomes of an attempt, counted by the interval in which it began.
(BLOCKED, MENU_FULL, MENU_ENOUGH, QUEUE_FULL, ANSWERED, GAVE_UP, CUT, LEAVES_NUMBER) = range(8)
# Further counts, and times (ns) by the interval in which they are spent.
(CALLERS, ATTEMPTS, WITHIN, WAITED, CALLED_BACK, DIALLED_OUT) = range(8, 14)
(BUSY_TIME, STAFFED_TIME, TRUNK_TIME, QUEUE_TIME) = range(14, 18)
COUNTS: Final = 18

_OFF_STACK: Final = -2  # of a dead trunk that will come back with its repair

# The most that a world has room for.
TRUNKS: Final = 2_048
AGENTS: Final = 1_024
TEAMS: Final = 32
GROUPS: Final = 32
PRIORITIES: Final = 4
CLASSES: Final = 32
UNITS: Final = 128
INTERVALS: Final = 672  # a week of quarters of an hour
_LISTS: Final = 3 * GROUPS * PRIORITIES + TEAMS
_DUE: Final = 4 * SLOTS
DIALS: Final = 1_024  # talks and wrap-ups of calls that agents dial, drawn at once
TRACED: Final = 4_096  # callers of whom it is kept what became of them

# One record, so that compiled functions hand on one pointer. What is bought and who calls; then what changes.
WORLD: Final = np.dtype(
    [
        ("trunks", "i8"),
        ("ivr_ports", "i8"),
        ("queue_places", "i8"),
        ("agents", "i8"),
        ("teams", "i8"),
        ("groups", "i8"),
        ("priorities", "i8"),
        ("classes", "i8"),
        ("n_units", "i8"),
        ("intervals", "i8"),
        ("interval", "i8"),  # ns
        ("threshold", "i8"),  # ns
        ("keep_idle", "i8"),  # agents dial out when so many others are idle; NONE: they do not
        ("serves", "i8", TEAMS),  # bit g: group g
        ("staff", "i8", (INTERVALS, TEAMS)),  # agents present
        ("units", "i8", (UNITS, 6)),  # first trunk, trunks, first seat, seats, mean life (ns), mean repair (ns)
        ("klass", "f8", (CLASSES, 5)),  # share up to and with it, group, priority, share who want an agent, talk scale
        ("overflow", "i8", (GROUPS, 2)),  # second group or NONE, after (ns)
        ("redial", "f8", 3),  # share of those blocked or turned away, of those who gave up or were cut, mean delay (ns)
        ("call_back", "f8", 2),  # offered after (ns), share who accept
        ("chances", "u8", 2),  # streams
        ("fates", "u8", 2),
        ("now", "i8"),
        ("came", "i8"),  # callers so far
        ("interval_now", "i8"),
        ("trunks_held", "i8"),
        ("trunks_free", "i8"),
        ("slots_free", "i8"),
        ("menus", "i8"),
        ("queued", "i8"),
        ("places", "i8"),
        ("idles", "i8"),
        ("idle_agents", "i8"),
        ("busy_agents", "i8"),
        ("staffed", "i8"),
        ("numbers_left", "i8"),
        ("dials", "i8"),  # so far
        ("dials_drawn", "i8"),
        ("trunk", "i8", (TRUNKS, 2)),  # call on it or NONE, how many failed units take it along
        ("free_trunk", "i8", TRUNKS),  # stack
        ("agent", "i8", (AGENTS, _AGENT)),
        ("ends", "i8", (_LISTS, 2)),  # of lists through the rows: first and last
        ("surplus", "i8", TEAMS),  # agents who leave when they are free
        ("failures", "i8", UNITS),  # and repairs so far
        ("count", "i8", (INTERVALS, COUNTS)),
        ("dial", "i8", (DIALS, 2)),  # talk, wrap-up (ns)
        ("trace", "i8", (TRACED, 2)),  # what became of a first attempt, and the wait (ns)
        ("slot", "i8", SLOTS),  # stack of free rows of calls
        ("call", "i8", (SLOTS, _CALL)),
        ("heap", "i8", (_DUE + 1, 3)),
    ]
)
World = Any  # one record, in compiled code
Worlds = np.ndarray[tuple[int], Any]  # [1], as Python holds it


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
    enter(w.heap, at, what | row << 4 | (life & 0xFFFFFFF) << 32)


@compiled
def _until(w: World, now: int) -> None:
    """Times go on until `now`, as long as there are intervals."""
    length = min(now, w.interval * w.intervals) - w.now
    if length > 0:
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
    if call[NUMBER] == NONE:
        return
    count = w.count[min(call[CAME] // w.interval, w.intervals - 1)]
    count[what] += 1
    if call[TRIES] == 0 and call[NUMBER] < TRACED and what != CUT:
        w.trace[call[NUMBER], 0] = what
        w.trace[call[NUMBER], 1] = w.now - call[ASKED] if call[ASKED] >= 0 else 0


@compiled
def _trunk(w: World) -> int:
    """A free trunk, still on its stack; NONE."""
    while w.trunks_free:
        trunk = w.free_trunk[w.trunks_free - 1]
        if w.trunk[trunk, 1] == 0:
            return trunk  # type: ignore[no-any-return]
        w.trunk[trunk, 0] = _OFF_STACK
        w.trunks_free -= 1
    return NONE


@compiled
def _seize(w: World, slot: int) -> bool:
    """A trunk for a call."""
    trunk = _trunk(w)
    if trunk == NONE:
        return False
    w.trunks_free -= 1
    w.trunks_held += 1
    w.trunk[trunk, 0] = slot
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
    if w.trunk[trunk, 1]:
        w.trunk[trunk, 0] = _OFF_STACK
        return
    w.trunk[trunk, 0] = NONE
    w.free_trunk[w.trunks_free] = trunk
    w.trunks_free += 1


@compiled
def _gone(w: World, slot: int, share: float) -> None:
    """A caller is off the line; a share of such callers dials again after a while."""
    _release(w, slot)
    call = w.call[slot]
    call[LIFE] += 1
    number, tries, chances = call[NUMBER], call[TRIES], w.chances
    if share > 0 and number != NONE and falls(chances, number, tries, callers.DIALS_AGAIN) < share:
        after = -log(falls(chances, number, tries, callers.AGAIN_AFTER)) * w.redial[2]
        call[DOES] = AWAY
        _plan(w, w.now + np.int64(after), REDIALS, slot, call[LIFE])
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
    call[NUMBER] = call[ASKED] = call[TRUNK] = call[AGENT] = call[LIST] = call[LIST_2] = NONE
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
    count = w.count[min(w.call[slot, CAME] // w.interval, w.intervals - 1)]
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
    """The first of the three lists of calls of a group and a priority."""
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
def _first(w: World, groups: int) -> int:
    """Who is to be served first of the groups in a bit mask: by priority, then by place. NONE."""
    kinds = 3 if w.numbers_left and _trunk(w) != NONE else 2
    for priority in range(w.priorities - 1, -1, -1):
        best = NONE
        for group in range(w.groups):
            if groups >> group & 1:
                begin = _list(group, priority)
                for kind in range(kinds):
                    first = w.ends[begin + kind, 0]
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
    w.count[min(w.call[slot, CAME] // w.interval, w.intervals - 1), CALLED_BACK] += 1
    _talk(w, slot, agent)


@compiled
def _dial_out(w: World, agent: int) -> None:
    """An agent dials somebody himself; there is a free trunk."""
    slot = _row(w)
    call = w.call[slot]
    call[CAME] = w.now
    call[TALK], call[WRAP_UP] = w.dial[w.dials % DIALS]
    w.dials += 1
    _seize(w, slot)
    w.count[w.interval_now, DIALLED_OUT] += 1
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
    slot = _first(w, w.serves[team]) if w.queued or w.numbers_left else NONE
    if slot != NONE:
        if w.call[slot, DOES] == LEFT_NUMBER:
            _call_back(w, slot, agent)
        else:
            _leave_queue(w, slot)
            _answered(w, slot, agent)
        return
    over = w.now >= w.interval * w.intervals
    if w.keep_idle != NONE and w.idle_agents >= w.keep_idle and not over and _trunk(w) != NONE:
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
    agent = _seek(w, call[GROUP])
    if agent != NONE:
        _answered(w, slot, agent)
    elif w.queued >= w.queue_places:
        _outcome(w, slot, QUEUE_FULL)
        _gone(w, slot, w.redial[0])
    else:
        call[DOES] = WAITS
        call[LIFE] += 1
        w.queued += 1
        _append(w.call, w.ends, slot, NEXT, _list(call[GROUP], call[PRIORITY]))
        if call[PATIENCE] < NEVER - now:
            _plan(w, now + call[PATIENCE], GIVES_UP, slot, call[LIFE])
        if w.overflow[call[GROUP], 0] != NONE:
            _plan(w, now + w.overflow[call[GROUP], 1], OVERFLOWS, slot, call[LIFE])
        if w.call_back[1] > 0:
            _plan(w, now + np.int64(w.call_back[0]), MAY_LEAVE_NUMBER, slot, call[LIFE])


@compiled
def _attempt(w: World, slot: int) -> None:
    """A caller dials."""
    call = w.call[slot]
    call[CAME] = w.now
    call[ASKED] = NONE
    w.count[min(call[CAME] // w.interval, w.intervals - 1), ATTEMPTS] += 1
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
        _plan(w, call[CAME] + call[MENU], MENU_OVER, slot, call[LIFE])


@compiled
def _cut(w: World, slot: int) -> None:
    """The trunk or the seat of a call has failed under it."""
    call = w.call[slot]
    if call[DOES] == HEARS_MENU:
        w.menus -= 1
    elif call[DOES] == WAITS:
        _leave_queue(w, slot)
    _outcome(w, slot, CUT)
    agent = call[AGENT]
    wrap_up = call[WRAP_UP]
    _gone(w, slot, w.redial[1])
    if agent != NONE and w.agent[agent, DOES] == BUSY:
        _wrap_up(w, agent, wrap_up)
    call[AGENT] = NONE


@compiled
def _wrap_up(w: World, agent: int, length: int) -> None:
    row = w.agent[agent]
    row[DOES] = WRAPS_UP
    row[LIFE] += 1
    _plan(w, w.now + length, WRAPPED_UP, agent, row[LIFE])


@compiled
def _fails(w: World, unit: int) -> None:
    """A unit takes its trunks and seats along, until it is repaired."""
    first_trunk, trunks, first_seat, seats = w.units[unit, :4]
    for agent in range(first_seat, first_seat + seats):
        row = w.agent[agent]
        row[FAILED] += 1
        if row[FAILED] > 1 or row[DOES] == ABSENT:
            continue
        does = row[DOES]
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
        w.trunk[trunk, 1] += 1
        if w.trunk[trunk, 0] >= 0:
            _cut(w, w.trunk[trunk, 0])


@compiled
def _repaired(w: World, unit: int) -> None:
    first_trunk, trunks, first_seat, seats = w.units[unit, :4]
    for trunk in range(first_trunk, first_trunk + trunks):
        w.trunk[trunk, 1] -= 1
        if w.trunk[trunk, 1] == 0 and w.trunk[trunk, 0] == _OFF_STACK:
            w.trunk[trunk, 0] = NONE
            w.free_trunk[w.trunks_free] = trunk
            w.trunks_free += 1
    for agent in range(first_seat, first_seat + seats):
        row = w.agent[agent]
        row[FAILED] -= 1
        if row[FAILED] == 0 and row[DOES] == OUT:
            _free(w, agent)


@compiled
def _unit_event(w: World, unit: int, what: int) -> None:
    """When a unit fails or is repaired next: lives and repairs have exponential laws."""
    drawn = chance(w.fates, unit << 32 | w.failures[unit])
    w.failures[unit] += 1
    mean = w.units[unit, 4 if what == FAILS else 5]
    _plan(w, w.now + np.int64(-log(drawn) * mean), what, unit, 0)


@compiled
def _present(w: World, before: int, after: int) -> None:
    """Teams change from those of one interval to those of another; before the first there is nobody."""
    for team in range(w.teams):
        more = w.staff[after, team] - (w.staff[before, team] if before != NONE else 0)
        for _ in range(more):
            if w.surplus[team]:
                w.surplus[team] -= 1
                continue
            for agent in range(w.agents):
                if w.agent[agent, TEAM] == team and w.agent[agent, DOES] == ABSENT:
                    w.staffed += 1
                    _free(w, agent)
                    break
        for _ in range(-more):
            leaves = w.ends[_idle_list(team), 0]
            if leaves != NONE:
                _unlink(w.agent, w.ends, leaves, NEXT)
                w.idle_agents -= 1
            else:
                for agent in range(w.agents):
                    if w.agent[agent, TEAM] == team and w.agent[agent, DOES] == OUT:
                        leaves = agent
                        break
            if leaves == NONE:
                w.surplus[team] += 1
            else:
                w.agent[leaves, DOES] = ABSENT
                w.staffed -= 1


@compiled
def _call_those_who_left_numbers(w: World) -> None:
    """A trunk has become free while agents rest."""
    for group in range(w.groups):
        for priority in range(w.priorities - 1, -1, -1):
            slot = w.ends[_list(group, priority) + 2, 0]
            while slot != NONE and _trunk(w) != NONE:
                agent = _seek(w, group)
                if agent == NONE:
                    break
                _call_back(w, slot, agent)
                slot = w.ends[_list(group, priority) + 2, 0]


@compiled
def _step(w: World, what: int) -> None:
    """What was due happens."""
    kind, row, life = what & 15, what >> 4 & 0xFFFFFFF, what >> 32
    if kind == WRAPPED_UP:
        if w.agent[row, LIFE] & 0xFFFFFFF == life:
            w.busy_agents -= 1
            _free(w, row)
        return
    if kind == INTERVAL:
        _present(w, row - 1, row)
        w.interval_now = row
        if row + 1 < w.intervals:
            _plan(w, (row + 1) * w.interval, INTERVAL, row + 1, 0)
        return
    if kind == FAILS:
        _fails(w, row)
        _unit_event(w, row, REPAIRED)
        return
    if kind == REPAIRED:
        _repaired(w, row)
        _unit_event(w, row, FAILS)
        return
    call = w.call[row]
    if call[LIFE] & 0xFFFFFFF != life:
        return
    if kind == MENU_OVER:
        w.menus -= 1
        if call[WANTS_AGENT]:
            _ask(w, row)
        else:
            _outcome(w, row, MENU_ENOUGH)
            _gone(w, row, 0.0)
    elif kind == TALK_OVER:
        agent = call[AGENT]
        call[AGENT] = NONE
        _wrap_up(w, agent, call[WRAP_UP])
        _gone(w, row, 0.0)
    elif kind == GIVES_UP:
        _leave_queue(w, row)
        _outcome(w, row, GAVE_UP)
        _gone(w, row, w.redial[1])
    elif kind == REDIALS:
        call[TRIES] += 1
        _attempt(w, row)
    elif kind == OVERFLOWS:
        second = w.overflow[call[GROUP], 0]
        agent = _seek(w, second)
        if agent == NONE:
            of = _list(second, call[PRIORITY]) + 1
            _append(w.call, w.ends, row, NEXT_2, of)
        else:
            _leave_queue(w, row)
            _answered(w, row, agent)
    elif falls(w.chances, call[NUMBER], call[TRIES], callers.LEAVES_NUMBER) < w.call_back[1]:
        _leave_queue(w, row)
        _outcome(w, row, LEAVES_NUMBER)
        _release(w, row)
        call[DOES] = LEFT_NUMBER
        call[LIFE] += 1
        w.numbers_left += 1
        _append(w.call, w.ends, row, NEXT, _list(call[GROUP], call[PRIORITY]) + 2)


@compiled
def _comes(w: World, block: Int, n: int) -> None:
    """The n-th caller of a block dials for the first time."""
    slot = _row(w)
    call, caller, kind = w.call[slot], w.came, 0
    w.came += 1
    if w.classes > 1:
        drawn = falls(w.chances, caller, 0, callers.CLASS)
        while drawn > w.klass[kind, 0] and kind + 1 < w.classes:
            kind += 1
    traits = w.klass[kind]
    call[NUMBER] = caller
    call[GROUP], call[PRIORITY] = np.int64(traits[1]), np.int64(traits[2])
    call[WANTS_AGENT] = traits[3] >= 1.0 or falls(w.chances, caller, 0, callers.WANTS_AGENT) < traits[3]
    call[MENU] = block[callers.MENU, n]
    call[TALK] = np.int64(block[callers.TALK, n] * traits[4])
    call[WRAP_UP] = block[callers.WRAP_UP, n]
    call[PATIENCE] = block[callers.PATIENCE, n]
    w.count[min(w.now // w.interval, w.intervals - 1), CALLERS] += 1
    _attempt(w, slot)


@compiled
def begin(world: Worlds) -> None:
    """Everything is free, nobody is there yet; the first agents come. What is bought must stand in the record."""
    w = world[0]
    w.ends[:] = NONE
    w.trunk[:, 0] = NONE
    w.agent[:, LIST] = NONE
    for n in range(SLOTS):
        w.slot[n] = SLOTS - 1 - n
    w.slots_free = SLOTS
    for n in range(w.trunks):
        w.free_trunk[n] = w.trunks - 1 - n
    w.trunks_free = w.trunks
    agent = 0
    for team in range(w.teams):
        for _ in range(w.staff[: w.intervals, team].max()):
            w.agent[agent, TEAM] = team
            agent += 1
    w.agents = agent
    _present(w, NONE, 0)
    if w.intervals > 1:
        _plan(w, w.interval, INTERVAL, 1, 0)
    for unit in range(w.n_units):
        _unit_event(w, unit, FAILS)


@compiled
def run(world: Worlds, block: Int, n: int) -> int:
    """Go on with the callers `n`, n + 1 ... of `block` [5, callers]. Returns the position of the first who has not come
    yet: behind the block when more callers are wanted; before its end when more dials are wanted, or all is over."""
    w = world[0]
    while n < block.shape[1]:
        comes = block[callers.CAME, n]
        if comes == NEVER and w.slots_free == SLOTS:
            return n
        if due(w.heap) and w.heap[1, AT] <= comes:
            at, what = take(w.heap)
            _until(w, at)
            _step(w, what)
        else:
            _until(w, comes)
            _comes(w, block, n)
            n += 1
        if w.numbers_left and w.idle_agents:
            _call_those_who_left_numbers(w)
        if w.dials == w.dials_drawn:
            return n
    return n
