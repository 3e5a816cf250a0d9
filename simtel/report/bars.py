"""A tornado: for each figure a bar from what comes of its low end to what comes of its high end, the widest first.

At the ends of a bar stands what the figure is there. Names, values and legend take the room that they need: none of
them lies on another.
"""

from collections.abc import Sequence
from typing import NamedTuple

from simtel.core.i18n import Message
from simtel.report.both import Words, both
from simtel.report.svg import Drawing, legend, width_of

WIDTH, EDGE, TOP, ROW, BAR, GAP = 920, 20, 34, 24, 14, 5
_NAMES, _ENDS = 480.0, 150.0  # most room for names, and for what stands at each side of the bars
LOW, HIGH = Message("at the low end of its range"), Message("at the high end of its range")


class Row(NamedTuple):
    """One figure: what comes of it at its low and at its high end, and what is written at each."""

    name: Words
    low: float
    high: float
    low_text: Words | str
    high_text: Words | str


def tornado(title: Words, rows: Sequence[Row], middle: float, level: Words | None = None) -> Drawing:
    """The picture; bars begin at `middle`, what comes of the figures as they are. `level`: what to write at 0."""
    pic = Drawing(WIDTH, TOP + ROW * len(rows) + 4, title)
    names = min(_NAMES, max(width_of(row.name) for row in rows))
    side = min(_ENDS, max(width_of(text) for row in rows for text in (row.low_text, row.high_text))) + 2 * GAP
    ends = [middle, *(end for row in rows for end in (row.low, row.high)), *([] if level is None else [0.0])]
    left, right = EDGE + names + GAP + side, WIDTH - EDGE - side
    scale = (right - left) / ((max(ends) - min(ends)) or 1.0)
    bottom = TOP + ROW * len(rows)

    def x(value: float) -> float:
        return left + (value - min(ends)) * scale

    pic.text(EDGE, TOP - 14, title, "lane")
    for number, row in enumerate(rows):
        top = TOP + ROW * number + (ROW - BAR) / 2
        base = top + BAR - 3
        pic.text(EDGE + names, base, row.name, "tick", "end")
        for kind, end in (("low", row.low), ("high", row.high)):
            if end != middle:
                pic.rect(x(min(middle, end)), top, abs(end - middle) * scale, BAR, f"end-{kind}")
        (least, before), (most, after) = sorted(
            ((row.low, row.low_text), (row.high, row.high_text)), key=lambda pair: pair[0]
        )
        if least < middle:
            pic.text(x(least) - GAP, base, before, "tick", "end")
        if most > middle:
            pic.text(x(most) + GAP, base, after, "tick")
    pic.line(x(middle), TOP, x(middle), bottom, "chosen")
    if level is not None:
        pic.line(x(0), TOP, x(0), bottom, "aim")
        pic.text(x(0), bottom + 11, level, "tiny", "middle")
        pic.height += 12
    legend(pic, [("end-low", both(LOW.template)), ("end-high", both(HIGH.template))], EDGE + names, WIDTH - EDGE)
    return pic
