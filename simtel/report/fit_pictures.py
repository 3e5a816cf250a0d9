"""What a call log showed against the laws fitted to it: arrivals over the day, talk, patience and its hazard.

Four panels in one picture. Solid is what was seen, with the band of its 95 % interval; dashed is the law. A talk or a
patience that follows its law lies on the dashed line; callers who give up at a constant rate have a level hazard.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from simtel.report.both import Words, both, worded
from simtel.report.svg import Drawing, Legend, legend, num, round_up
from simtel.run.fit import Fit
from simtel.sizing.fitting.laws import shorter
from simtel.sizing.fitting.survival import SUPPORT
from simtel.sizing.theory.quadrature import Floats

WIDTH, TOP, GAP, LEFT, RIGHT, HEIGHT = 920, 34, 74, 60, 24, 190
TICKS = 6
POINTS = 200  # of a law's curve
Line = Sequence[tuple[float, float]]


class _Panel:
    """Axes from (0, 0) to (`wide`, `high`), in the units of the panel."""

    def __init__(self, pic: Drawing, number: int, name: Words, wide: float, high: float) -> None:
        self.pic, self.wide, self.high = pic, wide or 1.0, high or 1.0
        self.left, self.top = LEFT + number % 2 * WIDTH / 2, TOP + number // 2 * (HEIGHT + GAP)
        self.width = WIDTH / 2 - LEFT - RIGHT
        pic.text(self.left, self.top - 12, name, "lane")

    def x(self, value: float) -> float:
        return self.left + min(max(value / self.wide, 0.0), 1.0) * self.width

    def y(self, value: float) -> float:
        return self.top + HEIGHT * (1 - min(max(value / self.high, 0.0), 1.0))

    def axes(self, across: Words, step: float, label: Callable[[float], str], up: Callable[[float], str]) -> None:
        """Grid and numbers: `step` is between the numbers across, `label` and `up` write them."""
        for n in range(int(self.wide / step + 1e-9) + 1):
            at = self.x(n * step)
            self.pic.line(at, self.top, at, self.top + HEIGHT, "grid")
            self.pic.text(at, self.top + HEIGHT + 14, label(n * step), "tick", "middle")
        for n in range(5):
            at = self.y(n * self.high / 4)
            self.pic.line(self.left, at, self.left + self.width, at, "grid")
            self.pic.text(self.left - 6, at + 4, up(n * self.high / 4), "tick", "end")
        self.pic.text(self.left + self.width / 2, self.top + HEIGHT + 30, across, "axis", "middle")

    def line(self, points: Line, kind: str) -> None:
        """A line; nothing for fewer than two points."""
        if len(points) > 1:
            self.pic.path("M" + "L".join(f"{num(self.x(x))} {num(self.y(y))}" for x, y in points), kind)

    def band(self, low: Line, high: Line) -> None:
        """The area between two lines."""
        points = [*high, *reversed(low)]
        if len(low) > 1:
            self.pic.path("M" + "L".join(f"{num(self.x(x))} {num(self.y(y))}" for x, y in points) + "z", "band")


def fit_picture(found: Fit) -> Drawing:
    """The four panels."""
    pic = Drawing(WIDTH, TOP + 2 * (HEIGHT + GAP), both("A call log and the laws fitted to it"))
    _arrivals(pic, found)
    _talk(pic, found)
    _patience(pic, found)
    _hazard(pic, found)
    parts: Legend = [("simulated", both("seen")), ("band", both("its {share} interval", share="95%")),
                     ("formula", both("law"))]  # fmt: skip
    if len(found.arrivals.types) > 1:
        parts.append(("aim", both("weekend, seen")))
    legend(pic, parts, LEFT, WIDTH - RIGHT)
    return pic


def _arrivals(pic: Drawing, found: Fit) -> None:
    seen = found.arrivals
    scale = 3600 / seen.interval
    most = max(float(type_.high.max()) for type_ in seen.types) * scale
    panel = _Panel(pic, 0, both("calls an hour, over the day"), 24.0, _above(most))
    panel.axes(both("time of day (h)"), 4.0, _short, _short)
    for type_, kind in zip(seen.types, ("simulated", "aim"), strict=False):
        if kind == "simulated":
            panel.band(_stairs(type_.low * scale, seen.interval), _stairs(type_.high * scale, seen.interval))
        panel.line(_stairs(type_.mean * scale, seen.interval), kind)


def _stairs(values: Iterable[float], interval: int) -> list[tuple[float, float]]:
    hours = interval / 3600
    return [(at, value) for n, value in enumerate(values) for at in (n * hours, (n + 1) * hours)]


def _talk(pic: Drawing, found: Fit) -> None:
    law, mean = found.talk.law, found.talk.mean.mean
    times, seen = found.talk_seen
    wide = _above(float(np.interp(0.98, seen, times)) or mean)
    panel = _Panel(pic, 1, both("share of talks that are shorter: {law}", law=worded(law.kind)), wide, 1.0)
    panel.axes(both("s"), _step(wide), _short, _percent)
    at = np.linspace(wide / POINTS, wide, POINTS)
    inside = times <= wide
    panel.line(_thin(times[inside], seen[inside]), "simulated")
    panel.line(list(zip(at, shorter(law, at), strict=True)), "formula")


def _patience(pic: Drawing, found: Fit) -> None:
    seen = found.patience.survival
    known = seen.at_risk >= SUPPORT
    times = seen.times[known]
    wide = _above(float(times[-1])) if len(times) else 60.0
    panel = _Panel(pic, 2, both("share of callers who would still wait (Kaplan-Meier)"), wide, 1.0)
    panel.axes(both("s"), _step(wide), _short, _percent)
    panel.band(_thin(times, seen.low[known]), _thin(times, seen.high[known]))
    panel.line([(0.0, 1.0), *_thin(times, seen.waiting[known])], "simulated")
    law = found.patience.law
    if law is not None:
        at = np.linspace(wide / POINTS, wide, POINTS)
        panel.line([(0.0, 1.0), *zip(at, 1 - shorter(law, at), strict=True)], "formula")


def _hazard(pic: Drawing, found: Fit) -> None:
    rates = [(time, 60 * rate) for time, rate in found.hazard]
    level = 60 / found.patience.mean if found.patience.mean else 0.0
    wide = _above(rates[-1][0]) if rates else 60.0
    most = _above(max([level, *(rate for _, rate in rates), 0.01]) * 1.05)
    panel = _Panel(pic, 3, both("callers who give up a minute, of those still waiting"), wide, most)
    panel.axes(both("s"), _step(wide), _short, _percent)
    panel.line(rates, "simulated")
    if level:
        panel.line([(0.0, level), (wide, level)], "formula")


def _thin(times: Floats, values: Floats) -> list[tuple[float, float]]:
    """As many points as a panel can show."""
    every = max(1, len(times) // (2 * POINTS))
    return [(float(x), float(y)) for x, y in zip(times[::every], values[::every], strict=True)]


def _above(value: float) -> float:
    """A round end of an axis, from a hundredth up."""
    return round_up(max(value, 0.01) * 1000) / 1000


def _step(wide: float) -> float:
    return round_up(wide * 1000 / TICKS) / 1000


def _short(value: float) -> str:
    return f"{value:.4g}"


def _percent(value: float) -> str:
    return f"{100 * value:.3g}%"
