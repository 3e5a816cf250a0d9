"""What simulated figures are worth: intervals for means of replications, of one long run, and of differences in pairs.

Replications are independent, so their mean has a Student interval. One long run is not: its values follow on each
other, and are taken together in batches long enough to be as good as independent (batch means). What a run shows before
it has forgotten its start is cut off first (MSER-5). Two designs that met the same calls are compared call set by call
set, which takes out what both have in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, cos, inf, pi, sin, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from simtel.sizing.theory import arguments

_FORGOTTEN, _FEWEST = 10, 3  # correlation times in a batch; batches of a run that is long enough
_WINDOW = 6  # times the correlation time: up to there autocorrelations are summed
_SUMMED = 1000  # degrees of freedom up to which the finite sum is used; beyond, a series in 1/degrees


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with what it may be off by, either way, with the given confidence (0..1)."""

    mean: float
    half_width: float
    confidence: float

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """The mean of independent replications; of a single one the interval is without end.

    ValueError: no value, one that is no number, or a confidence outside ]0, 1[. Source: Student 1908.
    """
    x, confidence = _numbers(values), arguments.inner_share("confidence", confidence)
    if len(x) == 1:
        return Interval(float(x[0]), inf, confidence)
    half = student_quantile(confidence, len(x) - 1) * float(x.std(ddof=1)) / sqrt(len(x))
    return Interval(float(x.mean()), half, confidence)


def paired_difference(one: Sequence[float], other: Sequence[float], confidence: float = 0.95) -> Interval:
    """By how much `one` exceeds `other` in the mean, where replication by replication both met the same calls.

    ValueError: as for `mean_interval`, or not equally many.
    """
    if len(one) != len(other):
        raise ValueError(f"replications must be in pairs, not {len(one)} and {len(other)}")
    return mean_interval([float(a) - float(b) for a, b in zip(one, other, strict=True)], confidence)


def batch_means(values: Sequence[float], batches: int = 5, confidence: float = 0.95) -> Interval:
    """The mean of one long run, from the means of batches of equal length; what is left over at the start is left out.

    Batches are at most so many, and each is `_FORGOTTEN` times as long as values remember each other
    (`correlation_time`), so that neighbouring batches are as good as independent: of a run that remembers longer there
    are fewer. Of AR(1) runs of 100 correlation times, intervals of 95 % cover in 95 of 100 cases; of 50, in 93. Waits
    in a queue are skew besides: of 80,000 of M/M/1 at a load of 0.9 (220 correlation times) five batches cover in 93 of
    100 cases, ten or twenty in 90 or 91.
    ValueError: as for `mean_interval`, fewer than two batches, or a run so short against its own memory that it would
    have fewer than `_FEWEST` of them (or `batches`).
    Source: Schmeiser, Operations Research 30, 1982 (10 to 30 batches, of values that are not so skew).
    """
    x, most = _numbers(values), arguments.whole("batches", batches, 2)
    length = _FORGOTTEN * correlation_time(values)
    number = min(most, int(len(x) / length))
    if number < min(most, _FEWEST):
        wanted = ceil(min(most, _FEWEST) * length)
        raise ValueError(f"values must be {wanted} or more, so closely do they follow on each other, not {len(x)}")
    size = len(x) // number
    return mean_interval(list(x[len(x) - size * number :].reshape(number, size).mean(axis=1)), confidence)


def correlation_time(values: Sequence[float]) -> float:
    """Over how many values of a run one that is independent of the last comes, 1 or more: 1 and twice the sum of the
    autocorrelations up to the first lag that is `_WINDOW` times this sum, beyond which there is noise alone.

    ValueError: no value, or one that is no number. Source: Sokal, Monte Carlo Methods in Statistical Mechanics, 1989.
    """
    x = _numbers(values)
    scattered = x - x.mean()
    spectrum = np.abs(np.fft.rfft(scattered, 2 * len(x))) ** 2
    products = np.fft.irfft(spectrum)[: len(x)]
    if not products[0] > 0 or len(x) < 2:
        return 1.0
    times = 1 + 2 * np.cumsum(products[1:] / products[0])
    enough = np.arange(1, len(x)) >= _WINDOW * times
    return max(1.0, float(times[np.argmax(enough)] if enough.any() else times.max()))


def warm_up(values: Sequence[float], batch: int = 5) -> int:
    """How many values at the start of a run to cut off: as many as leave the mean of the rest the sharpest (MSER-5).

    At most half of the values are; if that many would be, the run is too short to say. ValueError: no value, one that
    is no number, or a batch below 1. Source: White, Simulation 69, 1997.
    """
    x, size = _numbers(values), arguments.whole("batch", batch)
    means = x[: len(x) // size * size].reshape(-1, size).mean(axis=1)
    if len(means) < 2:
        return 0
    left = np.arange(len(means), 0, -1)
    offset = means - means.mean()  # of shifted values, the sums of squares lose no digits
    first, second = np.cumsum(offset[::-1])[::-1], np.cumsum(offset[::-1] ** 2)[::-1]
    sharpness = (second - first**2 / left) / left**2
    return int(np.argmin(sharpness[: len(means) // 2 + 1])) * size


def warm_up_of_runs(runs: Sequence[Sequence[float]]) -> int:
    """How many values at the start of each of several runs to cut off: judged by the mean run, which is quieter.

    ValueError: as for `warm_up`. Source: Welch 1983 (the mean run); White 1997 (where to cut it).
    """
    return warm_up(list(np.asarray(runs, dtype=np.float64).mean(axis=0)), batch=1)


@cache
def student_quantile(confidence: float, degrees: int) -> float:
    """The t that Student's law with so many degrees of freedom (1 or more) keeps within -t..t with this probability.

    Relative error below 1e-9. ValueError: an argument out of its domain. Source: Student 1908; Abramowitz & Stegun
    26.7.3, 26.7.4 and 26.7.5.
    """
    wanted, n = arguments.inner_share("confidence", confidence), arguments.whole("degrees", degrees)
    z = NormalDist().inv_cdf((1 + wanted) / 2)
    if n > _SUMMED:
        return z + sum(term / float(n) ** k for k, term in enumerate(_cornish_fisher(z), start=1))
    low, high = 0.0, pi / 2  # the angle whose tangent is t / sqrt(degrees)
    while (middle := (low + high) / 2) not in {low, high}:
        low, high = (middle, high) if _within(middle, n) < wanted else (low, middle)
    return sqrt(n) * sin(high) / cos(high)


def _within(angle: float, degrees: int) -> float:
    """Probability of -t..t, where t = sqrt(degrees) tan(angle): a finite sum of positive terms."""
    c2, total = cos(angle) ** 2, 0.0
    term = cos(angle) if degrees % 2 else 1.0
    for k in range(1 + degrees % 2, degrees, 2):  # each term is cos^2 k/(k+1) times the one before
        total += term
        term *= c2 * k / (k + 1)
    return (angle + sin(angle) * total) * 2 / pi if degrees % 2 else sin(angle) * total


def _cornish_fisher(z: float) -> tuple[float, float, float, float]:
    return (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )


def _numbers(values: Sequence[float]) -> NDArray[np.float64]:
    x = np.asarray(values, dtype=np.float64)
    if not len(x) or not np.isfinite(x).all():
        raise ValueError("values must be one or more finite numbers" + (", not none" if not len(x) else ""))
    return x
