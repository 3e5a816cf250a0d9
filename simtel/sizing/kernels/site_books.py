"""What the site kernel writes down: what is due and to whom, the time that passes, what becomes of an attempt."""

from simtel.sizing.kernels import agenda
from simtel.sizing.kernels.agenda import NOTHING, enter, look_ahead, room
from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.site_world import (
    BEGAN,
    BUSY_TIME,
    INTERVAL,
    LIFE,
    LOGGED,
    NUMBER,
    QUEUE_TIME,
    STAFFED_TIME,
    TRIES,
    TRUNK_TIME,
    WRAPPED_UP,
    World,
)


@part
def plan(w: World, at: int, what: int, row: int, life: int) -> None:
    """`life` tells later whether the row is still what it is now."""
    if not room(w.agenda):
        _forget_what_is_void(w)
    enter(w.agenda, at, what | row << 4, life)


@part
def _forget_what_is_void(w: World) -> None:
    """Callers who were patient and are gone leave behind when they would have given up."""
    entries = w.agenda.entry
    for bucket in range(agenda.BUCKETS):
        row, kept = w.agenda.bucket[bucket], NOTHING
        w.agenda.bucket[bucket] = NOTHING
        while row != NOTHING:
            following = entries[row, agenda.NEXT]
            what, life = entries[row, agenda.WHAT], entries[row, agenda.LIFE]
            kind, of = what & 15, what >> 4
            alive = w.agent[of, LIFE] if kind == WRAPPED_UP else w.call[of, LIFE] if kind < INTERVAL else life
            if alive == life:
                if kept == NOTHING:
                    w.agenda.bucket[bucket] = row
                else:
                    entries[kept, agenda.NEXT] = row
                kept = row
            else:
                entries[row, agenda.NEXT] = w.agenda.free
                w.agenda.free = row
            row = following
        if kept == NOTHING:
            w.agenda.full[bucket >> 6] &= ~(1 << (bucket & 63))
        else:
            entries[kept, agenda.NEXT] = NOTHING
    if not room(w.agenda):
        raise OverflowError("more is due than there is room for")
    look_ahead(w.agenda)


@part
def until(w: World, now: int) -> None:
    """Time passes."""
    length = now - w.now
    count = w.count[w.interval_now]
    count[BUSY_TIME] += length * w.busy_agents
    count[STAFFED_TIME] += length * w.staffed
    count[TRUNK_TIME] += length * w.trunks_held
    count[QUEUE_TIME] += length * w.queued
    w.now = now


@part
def outcome(w: World, slot: int, what: int) -> None:
    """What became of an attempt."""
    call = w.call[slot]
    w.count[call[BEGAN], what] += 1
    if w.logged < LOGGED:
        entry = w.log[w.logged]
        entry[0], entry[1], entry[2], entry[3] = w.now, call[NUMBER], call[TRIES], what
        w.logged += 1
