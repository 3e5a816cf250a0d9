"""What so many seats would give: service level, abandonment, occupancy and blocking against seats, in one picture.

Each panel shows one share: the formula's curve, the simulated means with the band that their confidence leaves, the
target, and the number of seats that was chosen. A panel's scale begins at zero and ends above all that it shows, so
that two curves in one panel are told apart where they differ and a small blocking is not flattened.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import ceil, floor, log10
from typing import NamedTuple

from simtel.report.both import Words, both
from simtel.report.svg import Drawing, Legend, legend, num, round_up

WIDTH, TOP, GAP = 920, 34, 78
LEFT, RIGHT, HEIGHT = 60, 24, 190
ROOM = 40  # seats up to which each simulated mean has a dot of its own
TICKS = 8


class Point(NamedTuple):
    """A simulated share (0..1) at so many seats, and the ends of its interval."""

    seats: int
    mean: float
    low: float
    high: float


class Curve(NamedTuple):
    """One panel: a share (0..1) against seats. Both sequences rise in seats; either may be empty."""

    name: Words
    formula: Sequence[tuple[int, float]]
    simulated: Sequence[Point] = ()
    target: float | None = None


class _Panel:
    """Where seats and shares lie in the picture."""

    def __init__(self, curve: Curve, left: float, top: float, width: float, ends: tuple[int, int]) -> None:
        self.left, self.top, self.width = left, top, width
        self.first, self.last = ends
        highest = _highest(curve)
        self.step = _step(highest)
        self.most = max(1, ceil(highest / self.step - 1e-9)) * self.step

    def x(self, seats: float) -> float:
        return self.left + (seats - self.first) / max(1, self.last - self.first) * self.width

    def y(self, share: float) -> float:
        return self.top + HEIGHT * (1 - min(max(share, 0.0), self.most) / self.most)


def sizing_curves(curves: Sequence[Curve], confidence: float, chosen: int | None = None) -> Drawing:
    """The panels, two in a row. `confidence` (0..1) is that of the bands; `chosen` seats are marked.

    ValueError when there is nothing to draw.
    """
    seats = sorted({*chain.from_iterable(_seats(curve) for curve in curves)})
    if not seats:
        raise ValueError("a picture of nothing: no curve has a point")
    rows = -(-len(curves) // 2)
    pic = Drawing(WIDTH, rows * (HEIGHT + GAP) + 4, both("Agents on duty and what they give"))
    width = WIDTH / 2 - LEFT - RIGHT
    for number, curve in enumerate(curves):
        left, top = LEFT + number % 2 * WIDTH / 2, TOP + number // 2 * (HEIGHT + GAP)
        _panel(pic, curve, _Panel(curve, left, top, width, (seats[0], seats[-1])), chosen)
    legend(pic, _legend(curves, confidence, chosen), LEFT, WIDTH - RIGHT)
    return pic


def _panel(pic: Drawing, curve: Curve, at: _Panel, chosen: int | None) -> None:
    pic.text(at.left, at.top - 12, curve.name, "lane")
    _axes(pic, at)
    if chosen is not None and at.first <= chosen <= at.last:
        pic.line(at.x(chosen), at.top, at.x(chosen), at.top + HEIGHT, "chosen")
    points = curve.simulated
    pic.path(_line(at, ((p.seats, p.high) for p in points), ((p.seats, p.low) for p in reversed(points))), "band")
    pic.path(_line(at, ((p.seats, p.mean) for p in points)), "simulated")
    if len(points) <= ROOM:
        for p in points:  # a band of one seat has no width: a stroke from end to end
            pic.line(at.x(p.seats), at.y(p.low), at.x(p.seats), at.y(p.high), "simulated")
            pic.rect(at.x(p.seats) - 2, at.y(p.mean) - 2, 4, 4, "mean")
    pic.path(_line(at, curve.formula), "formula")
    if curve.target is not None:
        pic.line(at.left, at.y(curve.target), at.left + at.width, at.y(curve.target), "aim")


def _axes(pic: Drawing, at: _Panel) -> None:
    bottom = at.top + HEIGHT
    for n in range(round(at.most / at.step) + 1):
        y = at.y(n * at.step)
        pic.line(at.left, y, at.left + at.width, y, "grid")
        pic.text(at.left - 6, y + 4, f"{n * at.step:.6%}".rstrip("%").rstrip("0").rstrip(".") + "%", "tick", "end")
    every = round_up((at.last - at.first) / TICKS)
    for seats in range(-(-at.first // every) * every, at.last + 1, every):
        pic.line(at.x(seats), at.top, at.x(seats), bottom, "grid")
        pic.text(at.x(seats), bottom + 14, str(seats), "tick", "middle")
    pic.text(at.left + at.width / 2, bottom + 30, both("agents on duty"), "axis", "middle")


def _legend(curves: Sequence[Curve], confidence: float, chosen: int | None) -> Legend:
    found: Legend = []
    if any(curve.formula for curve in curves):
        found.append(("formula", both("formula")))
    if any(curve.simulated for curve in curves):
        share = f"{confidence * 100:g}%"
        found += [("simulated", both("simulated mean")), ("band", both("its {share} interval", share=share))]
    if any(curve.target is not None for curve in curves):
        found.append(("aim", both("target")))
    if chosen is not None:
        found.append(("chosen", both("chosen: {agents} agents", agents=chosen)))
    return found


def _line(at: _Panel, there: Iterable[tuple[int, float]], back: Iterable[tuple[int, float]] | None = None) -> str:
    """Points joined, or the area between two lines of them; nothing for fewer than two points."""
    points = [*there, *(back or ())]
    if len(points) < (2 if back is None else 4):
        return ""
    path = "L".join(f"{num(at.x(seats))} {num(at.y(share))}" for seats, share in points)
    return f"M{path}{'' if back is None else 'z'}"


def _seats(curve: Curve) -> Iterable[int]:
    return chain((seats for seats, _ in curve.formula), (point.seats for point in curve.simulated))


def _highest(curve: Curve) -> float:
    shares = [share for _, share in curve.formula] + [point.high for point in curve.simulated]
    return min(max([*shares, curve.target or 0.0]), 1.0)


def _step(most: float) -> float:
    """A round share of which four to ten reach `most`; shares below a millionth are drawn as none."""
    wanted = max(most, 1e-6) / 5
    power = 10.0 ** floor(log10(wanted))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted * (1 - 1e-9))
