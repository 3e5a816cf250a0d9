"""What would have to change to turn a ranking, and how likely each option is best.

A `Judge` tells the score of every option from figures by name. One figure at a time goes over its range, the others as
they are: where the options at the top change first, below and above the value, lies the break-even. The bars of the
tornado say how far each option's score goes between the ends of a figure. Then all figures are drawn together from
their ranges, each by its law (`simtel.quotes.ranged`) and independent of the others; every option meets the same draws,
so that they are compared on common random numbers. Options that tie at the top are both best.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simtel.quotes.ranged import Ranged
from simtel.quotes.ranking import best_of
from simtel.sizing.shares import wilson

Judge = Callable[[Mapping[str, float]], Sequence[float]]
STEPS = 8  # places looked at between the value and each end: a turn and a turn back within one of them is not seen
HALVINGS = 30
_BEYOND, _FARTHEST = 1e-6, 0.01  # of the way to the end: how far beyond a tie is looked who breaks it


@dataclass(frozen=True, slots=True)
class Turn:
    """The figure at which others come to the top, on one side of its value; these `best` do beyond it."""

    at: float
    best: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """What one figure does. `at_low`, `at_high`: each option's score with it at that end; `below`, `above`: the nearest
    break-even on that side of its value, None: never within its range."""

    figure: str
    ranged: Ranged
    at_low: tuple[float, ...]
    at_high: tuple[float, ...]
    below: Turn | None
    above: Turn | None

    @property
    def swing(self) -> float:
        """The widest move of a difference between two options: what decides is not how far both go together."""
        moves = [high - low for low, high in zip(self.at_low, self.at_high, strict=True)]
        return max(moves) - min(moves) if len(moves) > 1 else abs(moves[0])


@dataclass(frozen=True, slots=True)
class Chance:
    """In how many of the draws an option was best, and best alone; `low`, `high`: 95 % interval (Wilson) of the first
    share."""

    option: int
    draws: int
    best: int
    alone: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """How often it was best, alone or with others."""
        return self.best / self.draws


def tornado(bars: Iterable[Bar | None]) -> tuple[Bar, ...]:
    """The bars of all figures that may be off, the one that does most first."""
    found = [bar for bar in bars if bar is not None]
    return tuple(sorted(found, key=lambda bar: (-round(bar.swing, 12), bar.figure)))


def bar_of(judge: Judge, figures: Mapping[str, Ranged], name: str) -> Bar | None:
    """The bar of one figure; None for one that is not off."""
    one, middle = figures[name], {path: each.value for path, each in figures.items()}
    if one.law == "fixed":
        return None
    now = best_of(judge(middle))

    def judged(value: float) -> Sequence[float]:
        return judge({**middle, name: value})

    return Bar(
        name, one, tuple(judged(one.low)), tuple(judged(one.high)),
        _turn(judged, one.value, one.low, now), _turn(judged, one.value, one.high, now),
    )  # fmt: skip


def _turn(judged: Callable[[float], Sequence[float]], value: float, end: float, now: tuple[int, ...]) -> Turn | None:
    """The place nearest to `value` towards `end` where others are best than `now`."""
    if value == end:
        return None
    before = value
    for step in range(1, STEPS + 1):
        here = value + (end - value) * step / STEPS
        if best_of(judged(here)) != now:
            return _halved(judged, before, here, end, now)
        before = here
    return None


def _halved(
    judged: Callable[[float], Sequence[float]], near: float, far: float, end: float, now: tuple[int, ...]
) -> Turn:
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        if middle in {near, far}:
            break
        near, far = (middle, far) if best_of(judged(middle)) == now else (near, middle)
    share = _BEYOND
    best = best_of(judged(far + (end - far) * share))
    while {*now} <= {*best} and share < _FARTHEST:  # where they cross they tie, and a little beyond it too
        share *= 2
        best = best_of(judged(far + (end - far) * share))
    return Turn(far, best)


def draws(figures: Mapping[str, Ranged], number: int, seed: int) -> list[dict[str, float]]:
    """So many draws of all figures. A figure has a stream of its own, by what it is and its range, whosever it is: one
    more figure, or another order, leaves the draws of the others as they are, and what is alike is drawn alike."""
    columns = {
        name: np.random.default_rng([seed, *_content(name, one).encode()]).random(number)
        for name, one in sorted(figures.items(), key=lambda pair: pair[0])
    }  # fmt: skip
    return [{name: figures[name].at(float(columns[name][row])) for name in figures} for row in range(number)]


def _content(name: str, one: Ranged) -> str:
    """What a figure is, without the option and the reading it is of, and its range."""
    kind = name.partition(" (")[0].rpartition(": ")[2]
    return f"{kind} {one.low!r} {one.value!r} {one.high!r}"


def chances(scores: Sequence[Sequence[float]]) -> tuple[Chance, ...]:
    """How often each option was best; `scores`: one list a draw. ValueError: no draw."""
    if not scores:
        raise ValueError("without a draw nothing can be told")
    tops = [best_of(one) for one in scores]
    found = []
    for option in range(len(scores[0])):
        best = sum(option in top for top in tops)
        found.append(Chance(option, len(tops), best, sum(top == (option,) for top in tops), *wilson(best, len(tops))))
    return tuple(found)
