"""How many replications a wanted half-width takes, for one measure or for several at once: two stages, after Stein.

A first stage of n replications measures how far each measure spreads; from these spreads alone follows how many
replications N are made in all. The mean of all N lies about the truth as Student's law with n - 1 degrees of freedom
says, in units of the first spread over the root of N: exactly for replications that spread normally, whatever the
spread is, because mean and spread of a normal sample know nothing of each other. (To look after every replication and
stop when the interval is short enough is cheaper by some replications and covers less often than it says: Chow &
Robbins's rule keeps its word in the limit only.) It stays exact when N is larger than a measure needs, be it because
another measure needs more or because replications are made in blocks.

A share of tries may not spread at all and yet be another: what was seen in none of a thousand calls may befall one in
three hundred. Where the tries behind a measure are told, its interval reaches as far as so many allow (`shares`).

Several measures share the error that is allowed (Bonferroni): with the confidence asked for all intervals cover at
once, however the measures hang together.

Sources: Stein, Annals of Mathematical Statistics 16, 1945; Law, Simulation Modeling and Analysis, 5th ed., 9.5 and 9.7.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, log, sqrt

import numpy as np

from simtel.sizing.intervals import Interval, student_quantile
from simtel.sizing.shares import rare_reach
from simtel.sizing.theory import arguments

Values = Mapping[str, Sequence[float]]  # of each measure, one value a replication
Tries = Mapping[str, int]  # behind each measure that is a share, in one replication
Replicate = Callable[[range], Values]  # the values of the replications with these numbers


@dataclass(frozen=True, slots=True)
class Stage:
    """What the first replications say of each measure's spread. `error`: 1 - confidence, of all measures together."""

    spread: Mapping[str, float]  # standard deviation of one replication
    replications: int
    error: float
    tries: Tries = field(default_factory=dict)

    def half_width(self, measure: str, replications: int) -> float:
        """Of the interval about the mean of so many replications, those of the stage among them."""
        return self._quantile() * self.spread[measure] / sqrt(replications)

    def wanted(self, half_widths: Mapping[str, float]) -> int:
        """Replications, those of the stage included, that bring every measure within its half-width."""
        spans = (self._quantile() * self.spread[name] / width for name, width in half_widths.items())
        none_hit = (  # replications without a single hit that leave a share within its half-width
            log(2 * len(self.spread) / self.error) / (width * self.tries[name])
            for name, width in half_widths.items()
            if self.tries.get(name)
        )
        return max(self.replications, ceil(max(spans) ** 2 * (1 - 1e-12)), *map(ceil, none_hit))

    def intervals(self, values: Values) -> dict[str, Interval]:
        """One for each measure; with the stage's confidence they all cover."""
        return {name: self._interval(name, x) for name, x in values.items()}

    def _interval(self, name: str, values: Sequence[float]) -> Interval:
        mean, confidence = float(np.mean(values)), 1 - self.error / len(self.spread)
        half = self.half_width(name, len(values))
        if name in self.tries:
            half = max(half, rare_reach(mean, self.tries[name] * len(values), confidence))
        return Interval(mean, half, confidence)

    def _quantile(self) -> float:
        return student_quantile(1 - self.error / len(self.spread), self.replications - 1)


@dataclass(frozen=True, slots=True)
class Stopped:
    """All replications that were made, and what they say. `wanted`: how many the half-widths take."""

    values: Values
    intervals: Mapping[str, Interval]
    replications: int
    wanted: int


def first_stage(values: Values, confidence: float = 0.95, tries: Tries | None = None) -> Stage:
    """The spreads that the replications of the first stage show. `tries`: behind the measures that are shares.

    ValueError: fewer than two replications, not equally many of each measure, none, or a value that is no number.
    """
    confidence = arguments.inner_share("confidence", confidence)
    lengths = {len(x) for x in values.values()}
    if len(lengths) != 1 or min(lengths) < 2:
        raise ValueError(f"a first stage takes 2 replications or more, as many of each measure, not {sorted(lengths)}")
    replications = lengths.pop()
    spread = {name: float(np.std(np.asarray(x, dtype=np.float64), ddof=1)) for name, x in values.items()}
    for name, one in spread.items():
        arguments.load(f"the spread of {name}", one)
    return Stage(spread, replications, 1 - confidence, tries or {})


def replicate_until(
    replicate: Replicate,
    half_widths: Mapping[str, float],
    confidence: float = 0.95,
    start: int = 20,
    most: int = 10_000,
    tries: Tries | None = None,
) -> Stopped:
    """Replications enough that with this confidence every measure is known within its half-width.

    `start` replications are the first stage, 2 or more; `most` are the most that are made: when more are wanted the
    intervals are wider than asked for and still cover. A measure of which every replication of the first stage has the
    same value is taken to be that value, unless it is a share and `tries` says of how many.
    ValueError: an argument out of its domain, or not all measures in the first replications.
    """
    first, last = arguments.whole("start", start, 2), arguments.whole("most", most, start)
    for name, width in half_widths.items():
        arguments.positive(f"half-width of {name}", width)
    began = values_of(replicate(range(first)), half_widths)
    stage = first_stage(began, confidence, tries)
    wanted = stage.wanted(half_widths)
    values = joined(began, replicate, first, min(wanted, last))
    return Stopped(values, stage.intervals(values), len(next(iter(values.values()))), wanted)


def joined(values: Values, replicate: Replicate, made: int, until: int) -> dict[str, Sequence[float]]:
    """The values with those of the replications from `made` to `until` behind them."""
    if until <= made:
        return dict(values)
    more = values_of(replicate(range(made, until)), values)
    return {name: np.concatenate([x, more[name]]) for name, x in values.items()}  # type: ignore[misc]


def values_of(values: Values, measures: Iterable[str]) -> dict[str, Sequence[float]]:
    """Those of some measures. ValueError when one is missing, or none is asked for."""
    wanted = list(measures)
    missing = [name for name in wanted if name not in values]
    if missing or not wanted:
        raise ValueError(f"no values of {', '.join(missing) or 'any measure'}")
    return {name: values[name] for name in wanted}
