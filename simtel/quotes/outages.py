"""What an outage log says: how often and for how long, whether that changes, and what would be left under an option.

The clock starts with the end of the first outage and stops with that of the last: what lay before and after nobody
said. Of n outages there are n-1 times between, from the end of one to the begin of the next.

    MTBF   their mean. They are taken as exponential, so twice their sum over the MTBF is chi-square of 2(n-1) degrees
           (Epstein and Sobel 1953), which gives the 95 % interval.
    MTTR   the mean length. Repairs are taken as log-normal; interval of its mean after Cox with Student's quantile
           (Olsson, J. of Statistics Education 13, 2005). Approximate: of three to five outages it holds the mean in
           91 to 95 of 100 logs. Of a single outage, or of ones that all lasted alike, there is none to tell.
    trend  Laplace: whether the outages between the first and the last lie early or late. Beyond 1.96 either way it is
           one, and then a single MTBF does not describe them.

Replay. An option changes an outage by its cause: with some chance it lasts less (a standby takes over), or takes less
along (one of two gateways), else it stays as it was. Calls lost go down with its length. What a year has of it is a sum
of rare things of unequal weight (`simtel.verdict.rare`).
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
_ROUNDING = 1e-12


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
class Way:
    """One thing that an option may make of an outage: with this `chance` it lasts at most `lasts` seconds, loses `rest`
    of the calls that it would have lost in that time, and is an outage of the whole or only of a part (not `whole`).
    ValueError: a share outside 0..1, or a time below zero."""

    chance: float
    lasts: float = inf
    rest: float = 1.0
    whole: bool = True

    def __post_init__(self) -> None:
        if not (0 <= self.chance <= 1 and 0 <= self.rest <= 1 and self.lasts >= 0):
            raise ValueError(f"{self} holds what is no share, or no time")


Remedy = Sequence[Way]  # the chance that is left: the outage stays as it was


@dataclass(frozen=True, slots=True)
class Replayed:
    """A year under an option, in outages of more than 30 s: minutes, calls lost (None: they were not counted), and by
    cause the minutes of today and of the option. `weighed`: minutes by the share of calls that is lost in them."""

    minutes: Estimate
    lost: Estimate | None
    causes: Mapping[str, tuple[float, float]]
    weighed: float


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


def yearly(log_: Sequence[Outage]) -> dict[str, float]:
    """Cause -> outages a year, on a clock that starts with the end of the first; empty with fewer than two."""
    later = log_[1:]
    return {
        cause: sum(one.cause == cause for one in later) / _years(log_) for cause in sorted({one.cause for one in later})
    }


def mean_length(lengths: Sequence[float]) -> Estimate:
    """The mean of log-normal lengths; of one alone, or of ones that are alike, the interval is without end."""
    mean, number = sum(lengths) / len(lengths), len(lengths)
    if min(lengths) == max(lengths):
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
    left = [_left(one, remedies.get(one.cause, ())) for one in log_]
    minutes = [[(way.chance, _counted(seconds) / 60 * way.whole) for way, seconds in ways] for ways in left]
    causes: dict[str, tuple[float, float]] = {}
    for one, ways in zip(log_[1:], minutes[1:], strict=True):  # the first starts the clock
        before, after = causes.get(one.cause, (0.0, 0.0))
        now = sum(chance * amount for chance, amount in ways)
        causes[one.cause] = before + _counted(one.length) / 60 / years, after + now / years
    lost = None
    if all(one.lost is not None for one in log_):
        calls = [[(way.chance, (one.lost or 0.0) * seconds / one.length * way.rest) for way, seconds in ways]
                 for one, ways in zip(log_, left, strict=True)]  # fmt: skip
        lost = _yearly(calls, years)
    weighed = sum(way.chance * way.rest * _counted(seconds) for ways in left[1:] for way, seconds in ways)
    return Replayed(_yearly(minutes, years), lost, causes, weighed / 60 / years)


def _left(one: Outage, remedy: Remedy) -> list[tuple[Way, float]]:
    """What an option makes of it, and how long it then lasts (s). ValueError: chances of more than 1 in all."""
    stays = 1 - sum(way.chance for way in remedy)
    if stays < -_ROUNDING:
        raise ValueError(f"chances are more than 1 in all: {remedy}")
    return [(way, min(way.lasts, one.length)) for way in (*remedy, Way(max(0.0, stays))) if way.chance > _ROUNDING]


def _counted(seconds: float) -> float:
    return seconds if seconds > COUNTS_FROM else 0.0


def _yearly(weights: Sequence[Sequence[tuple[float, float]]], years: float) -> Estimate:
    """The mean sum in a year of what each outage comes to, by its chances, without the first, which starts the clock.
    Fay and Feuer's interval: gamma laws of mean and variance of the sum, the upper end with one more of the largest."""
    seen = [way for ways in weights[1:] for way in ways]
    largest = max(amount for ways in weights for _, amount in ways)
    mean, square = (sum(chance * amount**power for chance, amount in seen) for power in (1, 2))
    low = gamma_quantile(TAIL, mean * mean / square, square / mean) if mean > 0 else 0.0
    more, wider = mean + largest, square + largest * largest
    high = gamma_quantile(1 - TAIL, more * more / wider, wider / more) if more > 0 else 0.0
    return Estimate(mean / years, low / years, high / years)
