"""Pictures as parts: rectangles, lines, paths and texts in both languages, on a time axis; and as SVG.

They hold no fonts and no styles of their own: the page's style sheet colours the classes, the reader's browser
brings the fonts, so Chinese needs nothing installed where the report was made. Numbers carry one decimal of a pixel.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup, escape
from rich.cells import cell_len

from simtel.core.clock import MINUTE, MS, SECOND
from simtel.report.both import Words, both, tspan


class Span(NamedTuple):
    """A stretch of the time axis, in nanoseconds, and the pixels on which it lies."""

    start: int
    end: int
    left: float
    right: float

    def x(self, t: int) -> float:
        """The pixel of an instant; what lies outside is drawn at the edge."""
        share = (min(max(t, self.start), self.end) - self.start) / max(1, self.end - self.start)
        return self.left + share * (self.right - self.left)

    def shows(self, t: int) -> bool:
        """Whether an instant lies inside."""
        return self.start <= t <= self.end

    def ticks(self) -> Iterator[tuple[int, str]]:
        """Round instants, about eight of them, as numbers of `unit`."""
        scale, _ = self.unit
        step = time_step((self.end - self.start) / 8)
        t = -(-self.start // step) * step
        while t <= self.end:
            yield t, f"{t / scale:.3f}".rstrip("0").rstrip(".")
            t += step

    @property
    def unit(self) -> tuple[int, Words]:
        """The unit of the axis, in nanoseconds, and the axis' title."""
        if self.end - self.start > 20 * MINUTE:
            return MINUTE, both("time since the start of the run (min)")
        return SECOND, both("time since the start of the run (s)")


def time_step(wanted: float) -> int:
    """A round stretch of time not below `wanted`: whole minutes where those are read more easily."""
    whole = (n * MINUTE for n in (1, 2, 5, 10, 20, 30, 60, 120, 240) if 30 * SECOND < wanted <= n * MINUTE)
    return next(whole, None) or round_up(wanted, MS)


def round_up(wanted: float, least: int = 1) -> int:
    """The smallest 1, 2 or 5 times a power of ten times `least` that is not below `wanted`."""
    step = least
    while True:
        for factor in (1, 2, 5):
            if factor * step >= wanted:
                return factor * step
        step *= 10


class Bit(NamedTuple):
    """One part of a picture: a path in SVG's own letters or a text at a point, and its class in the style sheet.

    `stroke` is the width of a bar (of a path whose class does not give one); `at` and `anchor` belong to a text.
    """

    kind: str
    path: str = ""
    stroke: float | None = None
    words: Words | str = ""
    at: tuple[float, float] = (0, 0)
    anchor: str = "start"


class Drawing:
    """Parts in the order in which they are painted: as SVG by `markup`, as PNG by `simtel.report.pixels`."""

    def __init__(self, width: int, height: int, label: Words | str = "") -> None:
        self.width = width
        self.height = height
        self.label = label
        self.bits: list[Bit] = []

    def rect(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """A filled rectangle, at least half a pixel wide so that it is seen."""
        self.path(f"M{num(x)} {num(y)}h{num(max(width, 0.5))}v{num(height)}h-{num(max(width, 0.5))}z", kind)

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """A straight line."""
        self.path(f"M{num(x1)} {num(y1)}L{num(x2)} {num(y2)}", kind)

    def path(self, d: str, kind: str) -> None:
        """A path in SVG's own letters; nothing is drawn for an empty one."""
        if d:
            self.bits.append(Bit(kind, d))

    def bars(self, d: str, height: float, kind: str) -> None:
        """Bars as `bars` gives them: thick strokes, a third of the letters that rectangles take."""
        if d:
            self.bits.append(Bit(f"bar {kind}", d, height))

    def text(self, x: float, y: float, words: Words | str, kind: str = "", anchor: str = "start") -> None:
        """A text whose baseline begins, ends or is centred at a point."""
        self.bits.append(Bit(kind, words=words, at=(x, y), anchor=anchor))

    def time_axis(self, span: Span, top: float, bottom: float) -> None:
        """Grid lines, numbers and the title under them; needs 34 pixels below `bottom`."""
        grid = "".join(f"M{num(span.x(t))} {num(top)}V{num(bottom)}" for t, _ in span.ticks())
        self.path(grid, "grid")
        for t, label in span.ticks():
            self.text(span.x(t), bottom + 14, label, "tick", "middle")
        self.text((span.left + span.right) / 2, bottom + 30, span.unit[1], "axis", "middle")

    def markup(self) -> Markup:
        """The picture, ready to stand in a page."""
        name = self.label if isinstance(self.label, str) else self.label["en"]
        shape = Markup(
            '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">{}</svg>'
        )
        parts = Markup("").join(map(_part, self.bits))
        return shape.format(self.width, self.height, escape(name), parts)


def _part(bit: Bit) -> Markup:
    if not bit.path:
        shape = Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>')
        return shape.format(bit.kind, num(bit.at[0]), num(bit.at[1]), bit.anchor, tspan(bit.words))
    if bit.stroke is None:
        return Markup('<path class="{}" d="{}"/>').format(bit.kind, bit.path)
    return Markup('<path class="{}" stroke-width="{}" d="{}"/>').format(bit.kind, num(bit.stroke), bit.path)


Legend = list[tuple[str, Words]]  # class of the style sheet, and what it stands for

_UPRIGHT = frozenset({"mark", "refusal", "fault", "undone", "chosen"})  # drawn as upright lines, in a legend too
_FILLED = frozenset({"cut", "refused", "bed", "fault-cell", "band", "end-low", "end-high"})
_LINES = frozenset({"believed", "formula", "simulated", "aim"})


def legend(pic: Drawing, parts: Legend, left: float, right: float) -> None:
    """What the classes of a picture stand for, in as many rows as they need, under what is drawn so far."""
    x, y = left, pic.height + 8.0
    for kind, words in parts:
        width = 34 + width_of(words)
        if x + width > right and x > left:
            x, y = left, y + 18
        _swatch(pic, kind, x, y)
        pic.text(x + 21, y + 4, words, "tick")
        x += width
    if parts:
        pic.height = round(y + 12)


def _swatch(pic: Drawing, kind: str, x: float, y: float) -> None:
    if kind in _UPRIGHT:
        pic.line(x + 8, y - 6, x + 8, y + 6, kind)
    elif kind in _LINES:
        pic.line(x, y, x + 16, y, kind)
    elif kind in _FILLED:
        pic.rect(x, y - 5, 16, 10, kind)
    elif kind == "reg":
        pic.rect(x, y - 5, 16, 10, "reg area")
        pic.line(x, y - 5, x + 16, y - 5, "reg step")
    else:
        pic.bars(f"M{num(x)} {num(y)}H{num(x + 16)}", 10, kind)


def width_of(words: Words | str) -> float:
    """About how many pixels a text of ordinary size takes, in the language in which it is longer."""
    texts = [words] if isinstance(words, str) else words.values()
    return max((6.1 * cell_len(text) for text in texts), default=0)


def num(value: float) -> str:
    """A coordinate with one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def bars(stretches: Iterable[tuple[int, int]], span: Span, y: float) -> str:
    """Stretches of time as one path of strokes on one row. Bars that touch within half a pixel become one; of more
    than can be told apart, those within a pixel and a half.
    """
    found = sorted(stretches)
    apart = 0.5 if len(found) < (span.right - span.left) / 4 else 1.5
    merged: list[list[float]] = []
    for start, end in found:
        if end < span.start or start > span.end:
            continue
        x1, x2 = span.x(start), max(span.x(end), span.x(start) + 0.5)
        if merged and x1 <= merged[-1][1] + apart:
            merged[-1][1] = max(merged[-1][1], x2)
        else:
            merged.append([x1, x2])
    return "".join(f"M{num(x1)} {num(y)}H{num(x2)}" for x1, x2 in merged)


def steps(points: Iterable[tuple[int, int]], span: Span, y0: float, scale: float, *, area: bool = False) -> str:
    """A count over time as one stepped path; at most two corners a pixel, the extremes of that pixel among them."""
    value = 0
    out: list[str] = []
    low: float
    high: float
    started = False
    at = span.left
    low = high = 0.0
    last = 0.0

    def y(count: float) -> str:
        return num(y0 - count * scale)

    for t, count in points:
        if t <= span.start:
            value = count
            continue
        if not started:
            out.append(f"M{num(span.left)} {y(value)}")
            started, low, high, last = True, value, value, value
        if t > span.end:
            break
        x = round(span.x(t))
        if x > at:
            if (low, high) != (last, last):
                out.append(f"V{y(high)}V{y(low)}V{y(value)}")
            out.append(f"H{num(x)}")
            at, low, high, last = x, value, value, value
        low, high, value = min(low, count), max(high, count), count
    if not started:
        out.append(f"M{num(span.left)} {y(value)}")
        low = high = last = value
    if (low, high) != (last, last):
        out.append(f"V{y(high)}V{y(low)}V{y(value)}")
    out.append(f"H{num(span.right)}")
    if area:
        out.append(f"V{num(y0)}H{num(span.left)}z")
    return "".join(out)
