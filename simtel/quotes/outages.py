"""What an outage log says: how often and for how long, whether that changes, and what would be left under an option.

The clock starts with the end of the first outage and stops with that of the last: what lay before and after nobody
said. Of n outages there are n-1 times between, from the end of one to the begin of the next.

    MTBF   their mean. They are taken as exponential, so twice their sum over the MTBF is chi-square of 2(n-1) degrees
           (Epstein and Sobel 1953), which gives the 95 % interval.
    MTTR   the mean length. Repairs are taken as log-normal; interval of its mean after Cox with Student's quantile
           (Olsson, J. of Statistics Education 13, 2005). Of a single outage, or alike ones, there is none to tell.
    trend  Laplace: whether the outages between the first and the last lie early or late. Beyond 1.96 either way it is
           one, and then a single MTBF does not describe them.

Replay. An option changes an outage by its cause: with the chance `covered` it lasts only `lasts` (a standby takes
over), else as long as it did. Calls lost go down with its length. What a year has of it, with its 95 % interval, is a
sum of rare things of unequal weight (`simtel.verdict.rare`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, inf, log, sqrt

from simtel.quotes.outage_log import Outage
from simtel.sizing.intervals import student_quantile
from simtel.sizing.shares import Z95
from simtel.verdict.rare import gamma_quantile

YEAR = 365 * 86_400.0
COUNTS_FROM = 30.0  # seconds: a shorter outage is none
TAIL = 0.025
FEW = 4  # outages below which no trend is told


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """`mtbf`, `mttr` in seconds; `trend`: Laplace's u, None with too few outages to tell; `years` on the clock."""

    outages: int
    mtbf: Estimate
    mttr: Estimate
    trend: float | None
    years: float

    @property
    def changes(self) -> bool:
        """Whether outages come more or less often as time goes on."""
        return self.trend is not None and abs(self.trend) > Z95


@dataclass(frozen=True, slots=True)
class Remedy:
    """What an option makes of an outage of some cause: the chance that it is cut short, and how long it then lasts (s).
    ValueError: a chance outside 0..1, or a time below zero."""

    covered: float
    lasts: float

    def __post_init__(self) -> None:
        if not 0 <= self.covered <= 1 or self.lasts < 0:
            raise ValueError(f"covered must be 0..1 and lasts 0 or more, not {self.covered!r}, {self.lasts!r}")


@dataclass(frozen=True, slots=True)
class Replayed:
    """A year under an option, in outages of more than 30 s: minutes, calls lost (None: they were not counted), and by
    cause the minutes of today and of the option."""

    minutes: Estimate
    lost: Estimate | None
    causes: Mapping[str, tuple[float, float]]


def fit(log_: Sequence[Outage]) -> Fitted | None:
    """Of a log sorted by begin; None for fewer than two outages, which have no time between."""
    if len(log_) < 2:
        return None
    up = sum(later.begin - one.end for one, later in pairwise(log_))
    number = len(log_) - 1
    low, high = (up / gamma_quantile(p, number, 1.0) for p in (1 - TAIL, TAIL))
    return Fitted(
        len(log_),
        Estimate(up / number, low, high),
        mean_length([one.length for one in log_]),
        _laplace(log_),
        _years(log_),
    )


def mean_length(lengths: Sequence[float]) -> Estimate:
    """The mean of log-normal lengths; of one alone the interval is without end."""
    mean, number = sum(lengths) / len(lengths), len(lengths)
    if number == 1:
        return Estimate(mean, 0.0, inf)
    logs = [log(one) for one in lengths]
    centre = sum(logs) / number
    variance = sum((one - centre) ** 2 for one in logs) / (number - 1)
    half = student_quantile(1 - 2 * TAIL, number - 1) * sqrt(
        variance / number + variance * variance / (2 * (number - 1))
    )
    middle = centre + variance / 2
    return Estimate(mean, min(mean, exp(middle - half)), max(mean, exp(middle + half)))


def _laplace(log_: Sequence[Outage]) -> float | None:
    """On the clock that stands still during an outage, for no unit fails then."""
    if len(log_) < FEW:
        return None
    at, now = [], 0.0
    for one, later in pairwise(log_):
        now += later.begin - one.end
        at.append(now)
    inner = at[:-1]
    return (sum(inner) / len(inner) / now - 0.5) * sqrt(12 * len(inner)) if now else 0.0


def _years(log_: Sequence[Outage]) -> float:
    """From the end of the first to that of the last: whole turns of working and failing."""
    return (log_[-1].end - log_[0].end) / YEAR


def replay(log_: Sequence[Outage], remedies: Mapping[str, Remedy]) -> Replayed | None:
    """A year of the log under an option; a cause without a remedy stays as it was. None for fewer than two outages."""
    if len(log_) < 2:
        return None
    years = _years(log_)
    left = [_left(one, remedies.get(one.cause)) for one in log_]
    causes: dict[str, tuple[float, float]] = {}
    for one, ways in zip(log_[1:], left[1:], strict=True):  # the first starts the clock
        before, after = causes.get(one.cause, (0.0, 0.0))
        now = sum(chance * seconds for chance, seconds in ways)
        causes[one.cause] = before + _counted(one.length) / 60 / years, after + now / 60 / years
    lost = None
    if all(one.lost is not None for one in log_):
        shares = [(one.lost or 0.0) / one.length for one in log_]
        calls = [
            [(chance, seconds * share) for chance, seconds in ways] for ways, share in zip(left, shares, strict=True)
        ]
        lost = _yearly(calls, years)
    return Replayed(_yearly([[(c, s / 60) for c, s in ways] for ways in left], years), lost, causes)


Ways = Sequence[tuple[float, float]]  # each with its chance


def _left(one: Outage, remedy: Remedy | None) -> Ways:
    """Seconds of it that count under an option, each with its chance."""
    if remedy is None:
        return [(1.0, _counted(one.length))]
    ways = [(remedy.covered, _counted(min(remedy.lasts, one.length))), (1 - remedy.covered, _counted(one.length))]
    return [(chance, seconds) for chance, seconds in ways if chance > 0]


def _counted(seconds: float) -> float:
    return seconds if seconds > COUNTS_FROM else 0.0


def _yearly(weights: Sequence[Ways], years: float) -> Estimate:
    """Their mean sum in a year, without the first, which starts the clock. Fay and Feuer's interval: gamma laws of the
    mean and variance of the sum, for the upper end with one more of the largest that there is."""
    seen = [way for ways in weights[1:] for way in ways]
    largest = max(amount for ways in weights for _, amount in ways)
    mean, square = (sum(chance * amount**power for chance, amount in seen) for power in (1, 2))
    low = gamma_quantile(TAIL, mean * mean / square, square / mean) if mean > 0 else 0.0
    more, wider = mean + largest, square + largest * largest
    high = gamma_quantile(1 - TAIL, more * more / wider, wider / more) if more > 0 else 0.0
    return Estimate(mean / years, low / years, high / years)
