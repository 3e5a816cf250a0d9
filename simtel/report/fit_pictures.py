"""What a call log showed against the laws fitted to it: arrivals over the day, talk, patience and its hazard.

Four panels in one picture. Solid is what was seen, with the band of its 95 % interval; dashed is the law. A talk or a
patience that follows its law lies on the dashed line; callers who give up at a constant rate have a level hazard.
"""

from collections.abc import Sequence

import numpy as np

from simtel.core.i18n import LANGUAGES
from simtel.report.axes import LEFT, RIGHT, WIDTH, Panel, above, high, percent, short, stairs, step, top
from simtel.report.both import both, worded
from simtel.report.fit_table import day_word
from simtel.report.svg import Drawing, Legend, legend
from simtel.run.fit import Fit
from simtel.sizing.fitting.arrivals import DayType
from simtel.sizing.fitting.laws import shorter
from simtel.sizing.fitting.survival import SUPPORT
from simtel.sizing.theory.quadrature import Floats

POINTS = 200  # of a law's curve
_ROW = 13.0  # pixels between two names


def fit_picture(found: Fit) -> Drawing:
    """The four panels."""
    pic = Drawing(WIDTH, high(2), both("A call log and the laws fitted to it"))
    _arrivals(pic, found)
    _talk(pic, found)
    _patience(pic, found)
    _hazard(pic, found)
    parts: Legend = [("simulated", both("seen")), ("band", both("its {share} interval", share="95%")),
                     ("formula", both("law"))]  # fmt: skip
    if len(found.arrivals.types) > 1:
        parts.append(("aim", both("seen on other days than the busiest")))
    legend(pic, parts, LEFT, WIDTH - RIGHT)
    return pic


def _arrivals(pic: Drawing, found: Fit) -> None:
    seen = found.arrivals
    hours, scale = seen.interval / 3600, 3600 / seen.interval
    most = max(float(type_.high.max()) for type_ in seen.types) * scale
    panel = Panel(pic, 0, both("calls an hour, over the day"), 24.0, top(most))
    panel.axes(both("time of day (h)"), 4.0, short, short)
    busiest, _ = found.busiest()
    panel.band(stairs(busiest.low * scale, hours), stairs(busiest.high * scale, hours))
    for type_ in seen.types:
        panel.line(stairs(type_.mean * scale, hours), "simulated" if type_ is busiest else "aim")
    if len(seen.types) > 1:
        _names(panel, seen.types, scale)


def _names(panel: Panel, types: Sequence[DayType], scale: float) -> None:
    """Beside the axis each type's name, at the height of its busiest interval; names that would touch make room."""
    below = panel.y(0.0) + 1.0
    for type_ in sorted(types, key=lambda one: float(one.mean.max())):
        below = min(panel.y(float(type_.mean.max()) * scale) + 4.0, below - _ROW)
        panel.pic.text(panel.left + 4, below, {lang: day_word(type_.name, lang) for lang in LANGUAGES}, "tick")


def _talk(pic: Drawing, found: Fit) -> None:
    law, mean = found.talk.law, found.talk.mean.mean
    times, seen = found.talk_seen
    wide = above(float(np.interp(0.98, seen, times)) or mean)
    panel = Panel(pic, 1, both("share of talks that are shorter: {law}", law=worded(law.kind)), wide, 1.0)
    panel.axes(both("length of the talk (s)"), step(wide), short, percent)
    at = np.linspace(wide / POINTS, wide, POINTS)
    inside = times <= wide
    panel.line(_thin(times[inside], seen[inside]), "simulated")
    panel.line(list(zip(at, shorter(law, at), strict=True)), "formula")


def _patience(pic: Drawing, found: Fit) -> None:
    seen = found.patience.survival
    known = seen.at_risk >= SUPPORT
    times = seen.times[known]
    wide = above(float(times[-1])) if len(times) else 60.0
    panel = Panel(pic, 2, both("share of callers who would still wait (Kaplan-Meier)"), wide, 1.0)
    panel.axes(both("time in the queue (s)"), step(wide), short, percent)
    if not found.patience.gave_up:
        _nobody(panel)
        return
    panel.band(_thin(times, seen.low[known]), _thin(times, seen.high[known]))
    panel.line([(0.0, 1.0), *_thin(times, seen.waiting[known])], "simulated")
    law = found.patience.law
    if law is not None:
        at = np.linspace(wide / POINTS, wide, POINTS)
        panel.line([(0.0, 1.0), *zip(at, 1 - shorter(law, at), strict=True)], "formula")


def _hazard(pic: Drawing, found: Fit) -> None:
    rates = [(time, 60 * rate) for time, rate in found.hazard]
    level = 60 / found.patience.mean if found.patience.mean else 0.0
    wide = above(rates[-1][0]) if rates else 60.0
    most = top(max([level, *(rate for _, rate in rates), 0.01]) * 1.05)
    panel = Panel(pic, 3, both("callers who give up a minute, of those still waiting"), wide, most)
    panel.axes(both("time in the queue (s)"), step(wide), short, percent)
    if not level:
        _nobody(panel)
        return
    panel.line(rates, "simulated")
    panel.line([(0.0, level), (wide, level)], "formula")


def _nobody(panel: Panel) -> None:
    """Why a panel is empty."""
    words = both("of the calls that were used, none gave up")
    panel.pic.text(panel.left + panel.width / 2, panel.y(panel.high / 2) - 8, words, "axis", "middle")


def _thin(times: Floats, values: Floats) -> list[tuple[float, float]]:
    """As many points as a panel can show."""
    every = max(1, len(times) // (2 * POINTS))
    return [(float(x), float(y)) for x, y in zip(times[::every], values[::every], strict=True)]
