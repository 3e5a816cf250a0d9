"""A ladder as a picture: a lane for each party, time running down, arrows between lanes, dots on one, faults across.

Rows follow each other at even distances, with the time that passed between them written where it is long; one with too
many rows shows its beginning and its end.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from simtel.core.clock import SECOND, show_duration
from simtel.report.both import Words, both
from simtel.report.svg import Drawing, Legend, legend, num, width_of
from simtel.report.words import plain

WIDTH, LEFT, RIGHT = 920, 146, 916
TIME, ELAPSED, MARGIN = 58, 128, 134  # where the times end and the lanes begin
ROW, HEAD, LONG = 23, 44, SECOND  # height of a row and of the lanes' names; what passes is written when it is longer
LANES, ROWS = 9, 60  # of a picture


class Row(NamedTuple):
    """What was seen at `t` (nanoseconds): from which lane to which, or on one lane alone; a fault goes across all.

    `kind`: "msg", "dot", "wrong" (a message that is none), "struck" or "cleared".
    """

    t: int
    words: Words
    start: str
    end: str = ""
    kind: str = "msg"


# Draws what lasts on the lanes: their places, the height of an instant, and the first and the last instant; gives what
# of it there was, for the legend.
Bars = Callable[[Drawing, dict[str, float], Callable[[int], float], tuple[int, int]], Legend]


def lanes_picture(
    title: Words, rows: Sequence[Row], lanes: Iterable[str], role: Callable[[str], Words | str], bars: Bars
) -> Drawing:
    """The picture of these rows (at least one), each between parties that are `lanes`, which have a role each."""
    lanes = list(lanes)[:LANES]
    left_out = max(0, len(rows) - ROWS)
    shown = rows if not left_out else [*rows[: ROWS // 2], *rows[-ROWS // 2 :]]
    shown = [row for row in shown if row.start in lanes]
    places = {lane: LEFT + (RIGHT - LEFT) * (n + 0.5) / len(lanes) for n, lane in enumerate(lanes)}
    first = shown[0].t
    heights = _heights([row.t for row in shown], left_out)
    bottom = heights[-1] + 18
    pic = Drawing(WIDTH, round(bottom + 8), title)
    for lane, x in places.items():
        pic.line(x, HEAD, x, bottom, "life")
        pic.text(x, 16, role(lane), "tick", "middle")
        pic.text(x, 31, plain(lane), "lane", "middle")
    at = _scale(shown, heights)
    kinds = bars(pic, places, at, (first, shown[-1].t))
    pic.text(TIME, 31, both("time (s)"), "tick", "end")
    pic.text(ELAPSED, 31, both("elapsed"), "tick", "end")
    for n, (row, y) in enumerate(zip(shown, heights, strict=True)):
        pic.text(TIME, y + 4, f"{row.t / SECOND:.3f}", "tick", "end")
        pic.text(ELAPSED, y + 4, f"+{show_duration(row.t - first)}", "tick", "end")
        since = shown[n - 1].t if n else first
        if left_out and n == ROWS // 2:
            words = both("⋮ {count} more events are not drawn", count=left_out)
            pic.text((LEFT + RIGHT) / 2, y - 22, words, "tick", "middle")
        elif row.t - since >= LONG:
            pic.text(ELAPSED, (y + heights[n - 1]) / 2 + 4, "⋮", "tick", "end")
        _draw(pic, row, places, y)
    legend(pic, kinds, MARGIN, RIGHT)
    return pic


def _heights(times: Sequence[int], left_out: int) -> list[float]:
    """Where each row stands: a little lower after a long while."""
    found, y, before = [], HEAD + 18.0, times[0]
    for n, t in enumerate(times):
        y += (ROW if n else 0) + (16 if t - before >= LONG else 0) + (20 if left_out and n == ROWS // 2 else 0)
        found.append(y)
        before = t
    return found


def _scale(rows: Sequence[Row], heights: Sequence[float]) -> Callable[[int], float]:
    """From an instant to its height: that of the row of its event, or between two rows."""
    known = [(row.t, y) for row, y in zip(rows, heights, strict=True)]

    def at(t: int) -> float:
        before, y = known[0]
        for after, below in known:
            if t <= after:
                share = (t - before) / (after - before) if after > before else 1
                return y + min(max(share, 0), 1) * (below - y)
            before, y = after, below
        return y

    return at


def _draw(pic: Drawing, row: Row, places: dict[str, float], y: float) -> None:
    x = places[row.start]
    if row.kind in ("struck", "cleared"):
        pic.line(MARGIN, y, RIGHT, y, "fault" if row.kind == "struck" else "undone")
        _label(pic, x, y - 5, row.words, "faultname" if row.kind == "struck" else "undonename", "middle")
        return
    if row.end not in places or row.end == row.start:
        pic.path(f"M{num(x - 3.5)} {num(y)}l3.5 -3.5l3.5 3.5l-3.5 3.5z", "seq-dot")
        side = "end" if x > (LEFT + RIGHT) / 2 else "start"
        _label(pic, x + (-9 if side == "end" else 9), y + 4, row.words, "seq-name", side)
        return
    to = places[row.end]
    way = 1 if to > x else -1
    pic.line(x, y, to - way * 6, y, "seq-arrow")
    pic.path(f"M{num(to)} {num(y)}l{-7 * way} -3.5v7z", "seq-dot")
    _label(pic, (x + to) / 2, y - 5, row.words, "faultname" if row.kind == "wrong" else "seq-name", "middle")


def _label(pic: Drawing, x: float, y: float, words: Words, kind: str, anchor: str) -> None:
    """A text, moved inwards where it would leave the picture."""
    width = width_of(words)
    left = x - width / 2 if anchor == "middle" else x - width if anchor == "end" else x
    pic.text(x + min(max(left, MARGIN), RIGHT - width) - left, y, words, kind, anchor)
