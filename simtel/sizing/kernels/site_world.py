"""The record in which the site kernel keeps a whole site: what is bought, who calls, and all that changes.

One numpy record, so that compiled functions hand on one pointer. Rows of arrays stand for calls, agents and trunks;
the names of their columns stand here. Instants and durations are int64 nanoseconds.

Values that are handed to functions are numpy's: of a plain int numba compiles a function for each value.
"""

from typing import Any, Final, cast

import numpy as np

from simtel.sizing.kernels.agenda import AGENDA

NONE: Final = cast("int", np.int64(-1))
NO_LIFE: Final = cast("int", np.int64(0))  # of what is due whatever happens


def _numbers(first: int, behind: int) -> tuple[int, ...]:
    return tuple(np.arange(first, behind))


# The most that a site has room for.
SLOTS: Final = 1 << 14  # callers at once, those who will dial again among them
TRUNKS: Final = 2_048
AGENTS: Final = 1_024
TEAMS: Final = 32
GROUPS: Final = 32
PRIORITIES: Final = 4
CLASSES: Final = 32
UNITS: Final = 128
INTERVALS: Final = 672  # a week of quarters of an hour
LOGGED: Final = 1 << 14  # outcomes that are kept one by one, where they are asked for
DIALS: Final = 2 * AGENTS  # talks and wrap-ups of calls that agents dial, drawn ahead: one event may use one an agent

# Columns of a call's row, and what it does. Links: in the list of its own group, and in that of the second one.
(NUMBER, TRIES, BEGAN, GROUP, PRIORITY, WANTS_AGENT, DOES, LIFE, ASKED, PLACE, AGENT, TRUNK, TALK, WRAP_UP) = range(14)
(PATIENCE, MENU) = range(14, 16)
(NEXT, BEFORE, LIST, NEXT_2, BEFORE_2, LIST_2) = _numbers(16, 22)
CALL: Final = 22
(GONE, HEARS_MENU, WAITS, TALKS, LEFT_NUMBER, AWAY, OF_OFFICE) = range(7)

# Columns of an agent's row (and LIFE, DOES and the links where they stand for calls), and what he does.
(TEAM, IDLE_SINCE, WITH, FAILED) = range(4)
AGENT_COLUMNS: Final = 19
(ABSENT, IDLE, BUSY, WRAPS_UP, OUT) = _numbers(0, 5)  # OUT: the seat is dead

# Columns of a trunk's row, and what stands there when no call does.
(HOLDS, DEAD) = range(2)  # DEAD: how many failed units take it along
OFF: Final = -2  # dead; NONE: free

# What may be due.
(MENU_OVER, GIVES_UP, TALK_OVER, WRAPPED_UP, REDIALS, OVERFLOWS, MAY_LEAVE_NUMBER, HANGS_UP) = _numbers(0, 8)
(INTERVAL, FAILS, REPAIRED, OFFICE_CALLS) = _numbers(8, 12)  # whatever happens

# What becomes of an attempt, counted by the interval in which it began.
(BLOCKED, MENU_FULL, MENU_ENOUGH, QUEUE_FULL, ANSWERED, GAVE_UP, CUT, LEAVES_NUMBER, CALLED_BACK) = _numbers(0, 9)
# Further counts, and times (ns) by the interval in which they are spent.
(DIALLED_OUT, CALLERS, ATTEMPTS, WITHIN, CUT_WAITING, WAITED) = _numbers(9, 15)
(BUSY_TIME, STAFFED_TIME, TRUNK_TIME, QUEUE_TIME) = range(15, 19)
COUNTS: Final = 19

LISTS: Final = 3 * GROUPS * PRIORITIES + TEAMS

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
        ("end", "i8"),  # ns
        ("shift", "i8"),  # of the agenda
        ("threshold", "i8"),  # ns
        ("keep_idle", "i8"),  # agents dial out when so many others are idle; NONE: they do not
        ("serves", "i8", TEAMS),  # bit g: group g
        ("staff", "i8", (INTERVALS, TEAMS)),  # agents present
        ("units", "i8", (UNITS, 6)),  # first trunk, trunks, first seat, seats, mean life (ns), mean repair (ns)
        ("klass", "f8", (CLASSES, 5)),  # share up to and with it, group, priority, share who want an agent, talk scale
        ("overflow", "i8", (GROUPS, 2)),  # second group or NONE, after (ns)
        ("redial", "f8", 3),  # share of those blocked or turned away, of those who gave up or were cut, mean delay (ns)
        ("call_back", "f8", 2),  # offered after (ns), share who accept
        ("office", "f8", 2),  # mean time between calls of office extensions (0: there are none), and of one (ns)
        ("chances", "u8", 2),  # streams
        ("fates", "u8", 2),
        ("now", "i8"),
        ("begun", "i8"),  # 1: the first interval has
        ("over", "i8"),  # 1: the last interval has ended
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
        ("logged", "i8"),  # so far; LOGGED from the start: no log is wanted
        ("trunk", "i8", (TRUNKS, 2)),
        ("free_trunk", "i8", TRUNKS),  # stack
        ("agent", "i8", (AGENTS, AGENT_COLUMNS)),
        ("ends", "i8", (LISTS, 2)),  # of lists through the rows: first and last
        ("surplus", "i8", TEAMS),  # agents who leave when they are free
        ("failures", "i8", UNITS),  # and repairs so far
        ("office_calls", "i8"),  # so far
        ("count", "i8", (INTERVALS, COUNTS)),
        ("dial", "i8", (DIALS, 2)),  # talk, wrap-up (ns)
        ("log", "i8", (LOGGED, 4)),  # instant, caller, his attempt (0, 1, ...), what became of it
        ("slot", "i8", SLOTS),  # stack of free rows of calls
        ("call", "i8", (SLOTS, CALL)),
        ("agenda", AGENDA),
    ]
)
World = Any  # one record, in compiled code
Worlds = np.ndarray[tuple[int], Any]  # [1], as Python holds it
