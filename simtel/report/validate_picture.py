"""How far a fit is off, drawn: each hour's wait and share that gives up, seen beside replayed, and the error of each.

Above, solid is what was seen and dashed the mean of the replays, with the band of their middle 95 %. Below is the
error, replayed less seen, with the same band: where zero lies outside it, chance does not explain the error. Hours
without a judged call are gaps.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from math import isnan

from simtel.report.axes import LEFT, RIGHT, WIDTH, Panel, high, percent, short, stairs, top
from simtel.report.both import Words, both
from simtel.report.svg import Drawing, Legend, legend
from simtel.run.validate import Hour, Validation

_EVERY = 2  # hours between two numbers of the axis
Kind = Callable[[Hour], tuple[float, tuple[float, float, float]]]  # seen; low, mean and high of the replays


def validate_picture(found: Validation) -> Drawing:
    """The four panels."""
    pic = Drawing(WIDTH, high(2), both("Calls that came, replayed with the laws of those before"))
    wait, lost = both("mean wait of the answered (s)"), both("share that gave up")
    for place, (name, kind, up) in enumerate(((wait, _wait, short), (lost, _lost, percent))):
        hours = [hour for hour in found.hours if not isnan(kind(hour)[0])]
        _seen(pic, place, name, hours, kind, up)
        _error(pic, 2 + place, both("error, replayed less seen: {name}", name=name), hours, kind, up)
    parts: Legend = [("simulated", both("seen")), ("formula", both("replayed, and its error")),
                     ("band", both("middle 95 % of {count} replications", count=found.replications)),
                     ("aim", both("no error"))]  # fmt: skip
    legend(pic, parts, LEFT, WIDTH - RIGHT)
    return pic


def _wait(hour: Hour) -> tuple[float, tuple[float, float, float]]:
    return hour.wait, hour.replayed_wait


def _lost(hour: Hour) -> tuple[float, tuple[float, float, float]]:
    return hour.gave_up, hour.replayed_gave_up


def _ends(hours: list[Hour]) -> tuple[int, int]:
    return (hours[0].hour, hours[-1].hour + 1) if hours else (0, 24)


def _runs(hours: list[Hour]) -> Iterator[list[Hour]]:
    """Hours that follow each other without a gap."""
    for _, group in groupby(enumerate(hours), lambda each: each[1].hour - each[0]):
        yield [hour for _, hour in group]


def _seen(pic: Drawing, place: int, name: Words, hours: list[Hour], kind: Kind, up: Callable[[float], str]) -> None:
    most = max([0.0, *(value for hour in hours for value in (kind(hour)[0], kind(hour)[1][2]))])
    first, last = _ends(hours)
    panel = Panel(pic, place, name, last, top(most), first)
    panel.axes(both("time of day (h)"), _EVERY, short, up)
    for run in _runs(hours):
        low, mean, high_ = ([kind(hour)[1][end] for hour in run] for end in range(3))
        begin = run[0].hour
        panel.band(stairs(low, 1, begin), stairs(high_, 1, begin))
        panel.line(stairs(mean, 1, begin), "formula")
        panel.line(stairs((kind(hour)[0] for hour in run), 1, begin), "simulated")


def _error(pic: Drawing, place: int, name: Words, hours: list[Hour], kind: Kind, up: Callable[[float], str]) -> None:
    def off(hour: Hour) -> tuple[float, float, float]:
        seen, (low, mean, high_) = kind(hour)
        return low - seen, mean - seen, high_ - seen

    most = top(max([0.0, *(abs(value) for hour in hours for value in off(hour))]))
    first, last = _ends(hours)
    panel = Panel(pic, place, name, last, most, first, -most)
    panel.axes(both("time of day (h)"), _EVERY, short, up)
    panel.line([(first, 0.0), (last, 0.0)], "aim")
    for run in _runs(hours):
        low, mean, high_ = ([off(hour)[end] for hour in run] for end in range(3))
        begin = run[0].hour
        panel.band(stairs(low, 1, begin), stairs(high_, 1, begin))
        panel.line(stairs(mean, 1, begin), "formula")
