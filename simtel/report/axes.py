"""A panel with axes of its own, two in a row: lines, bands and stairs in its units."""

from collections.abc import Callable, Iterable, Sequence
from math import floor, log10

from simtel.report.both import Words
from simtel.report.svg import Drawing, num, round_up

WIDTH, LEFT, RIGHT = 920, 60, 24
_TOP, _GAP, _HEIGHT = 34, 74, 190
_TICKS, _UP = 6, 4
_BELOW = 40  # a panel: the numbers and the name of its axis
Line = Sequence[tuple[float, float]]


def high(rows: int) -> int:
    """How high a drawing of so many rows of panels is."""
    return _TOP + rows * (_HEIGHT + _GAP) - _GAP + _BELOW


class Panel:
    """Axes from (`first`, `low`) to (`wide`, `high`), in the units of the panel; `number` counts panels from 0."""

    def __init__(
        self, pic: Drawing, number: int, name: Words, wide: float, high: float, first: float = 0.0, low: float = 0.0
    ) -> None:
        self.pic, self.first, self.low = pic, first, low
        self.wide, self.high = wide if wide > first else first + 1.0, high if high > low else low + 1.0
        self.left, self.top = LEFT + number % 2 * WIDTH / 2, _TOP + number // 2 * (_HEIGHT + _GAP)
        self.width = WIDTH / 2 - LEFT - RIGHT
        pic.text(self.left, self.top - 12, name, "lane")

    def x(self, value: float) -> float:
        """Where a value lies across."""
        return self.left + min(max((value - self.first) / (self.wide - self.first), 0.0), 1.0) * self.width

    def y(self, value: float) -> float:
        """Where a value lies upwards."""
        return self.top + _HEIGHT * (1 - min(max((value - self.low) / (self.high - self.low), 0.0), 1.0))

    def axes(self, across: Words, step: float, label: Callable[[float], str], up: Callable[[float], str]) -> None:
        """Grid and numbers: `step` is between the numbers across, `label` and `up` write them."""
        for n in range(int((self.wide - self.first) / step + 1e-9) + 1):
            at = self.x(self.first + n * step)
            self.pic.line(at, self.top, at, self.top + _HEIGHT, "grid")
            self.pic.text(at, self.top + _HEIGHT + 14, label(self.first + n * step), "tick", "middle")
        for n in range(_UP + 1):
            value = self.low + n * (self.high - self.low) / _UP
            self.pic.line(self.left, self.y(value), self.left + self.width, self.y(value), "grid")
            self.pic.text(self.left - 6, self.y(value) + 4, up(value), "tick", "end")
        self.pic.text(self.left + self.width / 2, self.top + _HEIGHT + 30, across, "axis", "middle")

    def line(self, points: Line, kind: str) -> None:
        """A line; nothing for fewer than two points."""
        if len(points) > 1:
            self.pic.path("M" + self._joined(points), kind)

    def band(self, low: Line, high: Line) -> None:
        """The area between two lines."""
        if len(low) > 1:
            self.pic.path("M" + self._joined([*high, *reversed(low)]) + "z", "band")

    def _joined(self, points: Line) -> str:
        return "L".join(f"{num(self.x(x))} {num(self.y(y))}" for x, y in points)


def stairs(values: Iterable[float], width: float, first: float = 0.0) -> list[tuple[float, float]]:
    """A step for each value, `width` wide."""
    return [(at, value) for n, value in enumerate(values) for at in (first + n * width, first + (n + 1) * width)]


def top(value: float) -> float:
    """A round end of an axis upwards, four times a round number."""
    power = 10.0 ** floor(log10(max(value, 0.001)))
    return power * next(n for n in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if n * power >= value * (1 - 1e-9))


def above(value: float) -> float:
    """A round end of an axis, from a hundredth up."""
    return round_up(max(value, 0.01) * 1000) / 1000


def step(wide: float) -> float:
    """A round distance between the numbers of an axis."""
    return round_up(wide * 1000 / _TICKS) / 1000


def short(value: float) -> str:
    """A number of an axis."""
    return f"{value:.4g}"


def percent(value: float) -> str:
    """A share of an axis."""
    return f"{100 * value:.3g}%"
