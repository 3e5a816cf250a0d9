"""Lists of calls and of idle agents, chained through their rows: the first comes off, anyone may leave."""

from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.draws import Int
from simtel.sizing.kernels.site_world import BEFORE_2, GROUPS, LIST_2, NEXT_2, NONE, PLACE, PRIORITIES


@part
def append(rows: Int, ends: Int, row: int, link: int, of: int) -> None:
    """Put `row` at the end of list `of`, through the columns link (next), link + 1 (before) and link + 2 (list)."""
    last = ends[of, 1]
    rows[row, link], rows[row, link + 1], rows[row, link + 2] = NONE, last, of
    if last == NONE:
        ends[of, 0] = row
    else:
        rows[last, link] = row
    ends[of, 1] = row


@part
def insert(calls: Int, ends: Int, row: int, of: int) -> None:
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


@part
def unlink(rows: Int, ends: Int, row: int, link: int) -> None:
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


@part
def calls_of(group: int, priority: int) -> int:
    """The first of the three lists of calls of a group and a priority: its own, those of others, numbers left."""
    return 3 * (group * PRIORITIES + priority)


@part
def idle_list(team: int) -> int:
    return 3 * GROUPS * PRIORITIES + team
