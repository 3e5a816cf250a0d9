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

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from simtel.sizing.agenda import agenda, due, enter, take
from simtel.sizing.callers import Callers, chance, next_caller, spread

NEVER: Final = 2**62  # ns
NONE: Final = -1
SLOTS: Final = 1 << 16  # callers at once, those who will dial again among them


class Site(NamedTuple):
    """What is bought, and who sits there when."""

    trunks: int
    ivr_ports: int
    queue_places: int
    serves: Int  # [teams] bit g: group g
    staff: Int  # [intervals, teams] agents present
    interval: int  # ns
    units: Int  # [units, 6] first trunk, trunks, first seat, seats, mean life (ns), mean repair (ns)


class Demand(NamedTuple):
    """Who calls, and what callers are like. Shares lie between 0 and 1."""

    rate: Float  # [intervals] calls a nanosecond
    menu: Law
    talk: Law
    wrap_up: Law
    patience: Law
    classes: Float  # [classes, 5] share up to and with this class, group, priority, share who want an agent, talk scale
    overflow: Int  # [groups, 2] second group or NONE, after (ns)
    redial: Float  # [3] share of those blocked or turned away, share of those who gave up or were cut, mean delay (ns)
    call_back: Float  # [2] offered after (ns), share who accept
    outbound: Float  # [3] colleagues who stay idle (NEVER: no blend), share of dials that are answered, ringing (ns)


# Columns of a call's row, and what it does.
(NUMBER, TRIES, CLASS, GROUP, PRIORITY, DOES, LIFE, CAME, PLACE, AGENT, TRUNK, TALK, WRAP_UP, PATIENCE, MENU) = range(15)
(NEXT, BEFORE, LIST, NEXT_2, BEFORE_2, LIST_2) = range(15, 21)  # links in the list of its group, and of the second one
_CALL: Final = 21
(GONE, HEARS_MENU, WAITS, TALKS, LEFT_NUMBER, AWAY) = range(6)

# Columns of an agent's row, and what he does. LIFE, NEXT and BEFORE stand where they stand for calls.
(TEAM, IDLE_SINCE, WITH, FAILED) = range(4)
_AGENT: Final = 17
(ABSENT, IDLE, BUSY, WRAPS_UP, OUT) = range(5)  # OUT: the seat is dead

# What may be due.
(MENU_OVER, GIVES_UP, TALK_OVER, WRAPPED_UP, REDIALS, OVERFLOWS, MAY_LEAVE_NUMBER, INTERVAL, FAILS, REPAIRED) = range(10)

# What is counted, by interval of the attempt; times (ns) by interval in which they are spent.
(CALLERS, ATTEMPTS, BLOCKED, MENU_FULL, MENU_ENOUGH, QUEUE_FULL, ANSWERED, WITHIN, WAITED, GAVE_UP, CUT) = range(11)
(CALLED_BACK, DIALLED_OUT, BUSY_TIME, STAFFED_TIME, TRUNK_TIME, QUEUE_TIME) = range(11, 17)
COUNTS: Final = 17

# Numbers of a State.
(NOW, INTERVAL_NOW, TRUNKS_HELD, TRUNKS_FREE, SLOTS_FREE, MENUS, QUEUED, PLACES, IDLES, IDLE_AGENTS, BUSY_AGENTS) = range(11)
(STAFFED, NUMBERS_LEFT, DIALS) = range(11, 14)


class State(NamedTuple):
    """All that changes. Lists are doubly linked through the rows of calls and agents; NONE ends them."""

    number: Int  # [14] see above
    call: Int  # [SLOTS, 21]
    slot: Int  # [SLOTS] stack of free rows
    trunk: Int  # [trunks, 2] call on it or NONE, how many failed units take it along
    free_trunk: Int  # [trunks] stack
    agent: Int  # [agents, 17]
    ends: Int  # [lists, 2] first and last: three lists of calls for each group and priority, one of agents for each team
    surplus: Int  # [teams] agents who leave when they are free
    heap: Int
    count: Int  # [intervals, 17]
