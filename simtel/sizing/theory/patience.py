"""How long callers are willing to wait: laws of patience, each with what a queue asks of it.

A queue asks at the time `start + after` (seconds since the caller was queued) and passes the two apart: of a wait of
years, the second on either side of its most likely length still counts, and their sum in a float would have lost it.
`excess` is the one quantity that needs care: how many callers more than at `start` have gone, summed over time,
written without the cancellation that its terms would bring.
"""

from dataclasses import dataclass
from math import inf, isclose, log1p
from typing import Protocol

import numpy as np

from simtel.sizing.theory import arguments
from simtel.sizing.theory.quadrature import Floats


class Patience(Protocol):
    """A law of patience. Times in seconds; `start` and `start + after` are 0 or more, `after` may be negative."""

    @property
    def mean(self) -> float:
        """Mean patience."""

    @property
    def corners(self) -> tuple[float, ...]:
        """Times at which the law is not smooth."""

    @property
    def fastest(self) -> float:
        """Rate of its fastest change, per second; 0 if it has no scale of its own but its corners."""

    def gone(self, start: float, after: Floats) -> Floats:
        """Share of callers whose patience is shorter."""

    def waiting(self, start: float, after: Floats) -> Floats:
        """Share of callers whose patience is longer: 1 - `gone`, exact for small shares."""

    def waited(self, start: float, after: Floats) -> Floats:
        """Mean of the shorter of patience and this time."""

    def excess(self, start: float, after: Floats) -> Floats:
        """Integral of `gone` from `start` over `after`, less `gone(start)` times `after`: never negative."""

    def time_until(self, gone: float) -> float:
        """The first time at which the share `gone` (above 0, below 1) has gone."""


@dataclass(frozen=True, slots=True)
class Exponential:
    """Callers give up with the same rate at any time (the M of M/M/n+M). A mean of 0 or infinity is allowed."""

    mean: float

    def __post_init__(self) -> None:
        arguments.patience("mean patience", self.mean)

    @property
    def corners(self) -> tuple[float, ...]:
        return ()

    @property
    def fastest(self) -> float:
        return 1 / self.mean

    def gone(self, start: float, after: Floats) -> Floats:
        return -np.expm1(-(start + after) / self.mean)

    def waiting(self, start: float, after: Floats) -> Floats:
        return np.exp(-(start + after) / self.mean)

    def waited(self, start: float, after: Floats) -> Floats:
        return -self.mean * np.expm1(-(start + after) / self.mean)

    def excess(self, start: float, after: Floats) -> Floats:
        x, y = start / self.mean, after / self.mean
        # Far before `start`, exp(-x) may be 0 and exp(-y) infinite where their product is neither.
        near, far = np.exp(-x) * _second(np.maximum(y, -_NEAR)), np.exp(-x) * (y - 1) + np.exp(-(x + y))
        return np.asarray(self.mean * np.where(y > -_NEAR, near, far))

    def time_until(self, gone: float) -> float:
        return -self.mean * log1p(-gone)


@dataclass(frozen=True, slots=True)
class Deterministic:
    """Every caller waits for the same time and not a moment longer."""

    mean: float

    def __post_init__(self) -> None:
        arguments.patience("patience", self.mean)

    @property
    def corners(self) -> tuple[float, ...]:
        return (self.mean,)

    @property
    def fastest(self) -> float:
        return 0.0

    def gone(self, start: float, after: Floats) -> Floats:
        return (after > self.mean - start).astype(float)

    def waiting(self, start: float, after: Floats) -> Floats:
        return (after <= self.mean - start).astype(float)

    def waited(self, start: float, after: Floats) -> Floats:
        return np.minimum(start + after, self.mean)

    def excess(self, start: float, after: Floats) -> Floats:
        return np.maximum(after - (self.mean - start), 0.0)

    def time_until(self, gone: float) -> float:
        return self.mean


@dataclass(frozen=True, slots=True)
class Uniform:
    """Any patience from 0 to twice the mean is as likely as any other."""

    mean: float

    def __post_init__(self) -> None:
        arguments.patience("mean patience", self.mean)

    @property
    def corners(self) -> tuple[float, ...]:
        return (2 * self.mean,)

    @property
    def fastest(self) -> float:
        return 0.0

    def gone(self, start: float, after: Floats) -> Floats:
        return np.minimum((start + after) / (2 * self.mean), 1.0)

    def waiting(self, start: float, after: Floats) -> Floats:
        return np.maximum((2 * self.mean - start) - after, 0.0) / (2 * self.mean)

    def waited(self, start: float, after: Floats) -> Floats:
        part = self.gone(start, after)
        return 2 * self.mean * part * (1 - part / 2)

    def excess(self, start: float, after: Floats) -> Floats:
        left = 2 * self.mean - start
        rising = np.minimum(after, left)
        return rising * (rising / (4 * self.mean)) + np.maximum(after - left, 0.0) * (left / (2 * self.mean))

    def time_until(self, gone: float) -> float:
        return 2 * self.mean * gone


@dataclass(frozen=True, slots=True)
class Erlang2:
    """The sum of two exponential times: hardly anybody gives up at once."""

    mean: float

    def __post_init__(self) -> None:
        arguments.patience("mean patience", self.mean)

    @property
    def corners(self) -> tuple[float, ...]:
        return ()

    @property
    def fastest(self) -> float:
        return 2 / self.mean

    def gone(self, start: float, after: Floats) -> Floats:
        return _both(2 * (start + after) / self.mean)

    def waiting(self, start: float, after: Floats) -> Floats:
        y = 2 * (start + after) / self.mean
        return (1 + y) * np.exp(-y)

    def waited(self, start: float, after: Floats) -> Floats:
        y = 2 * (start + after) / self.mean
        return self.mean * (-np.expm1(-y) - y / 2 * np.exp(-y))

    def excess(self, start: float, after: Floats) -> Floats:
        x, y = 2 * start / self.mean, 2 * after / self.mean
        return np.asarray(self.mean / 2 * np.exp(-x) * (x * _second(y) + _third(y)))

    def time_until(self, gone: float) -> float:
        return _crossing(self, gone)


@dataclass(frozen=True, slots=True)
class Hyperexponential:
    """Kinds of callers, each exponential: the share `shares[i]` has the mean patience `means[i]` seconds."""

    shares: tuple[float, ...]
    means: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.shares or len(self.shares) != len(self.means):
            raise ValueError(f"shares and means must be equally many, not {len(self.shares)} and {len(self.means)}")
        for part, mean in zip(self.shares, self.means, strict=True):
            arguments.share("share of callers", part)
            arguments.patience("mean patience", arguments.positive("mean patience", mean))
        if not isclose(sum(self.shares), 1.0, rel_tol=1e-12):
            raise ValueError(f"shares must sum to 1, not {sum(self.shares)!r}")

    @property
    def mean(self) -> float:
        return sum(part * mean for part, mean in zip(self.shares, self.means, strict=True))

    @property
    def corners(self) -> tuple[float, ...]:
        return ()

    @property
    def fastest(self) -> float:
        return 1 / min(self.means)

    def _sum(self, name: str, start: float, after: Floats) -> Floats:
        parts = [
            part * getattr(Exponential(mean), name)(start, after)
            for part, mean in zip(self.shares, self.means, strict=True)
        ]
        return np.asarray(sum(parts))

    def gone(self, start: float, after: Floats) -> Floats:
        return self._sum("gone", start, after)

    def waiting(self, start: float, after: Floats) -> Floats:
        return self._sum("waiting", start, after)

    def waited(self, start: float, after: Floats) -> Floats:
        return self._sum("waited", start, after)

    def excess(self, start: float, after: Floats) -> Floats:
        return self._sum("excess", start, after)

    def time_until(self, gone: float) -> float:
        return _crossing(self, gone)


def _crossing(law: Patience, gone: float) -> float:
    """`time_until` of a law whose inverse has no closed form, by halving, to the last bit."""

    def gone_at(time: float) -> float:
        return float(law.gone(time, np.zeros(1))[0])

    low = high = law.mean
    while gone_at(high) < gone:
        high *= 2
        if high == inf:
            raise ArithmeticError(f"no time after which {gone!r} of the callers of {law} have gone")
    while gone_at(low) >= gone:
        low /= 2
    while (middle := (low + high) / 2) not in {low, high}:
        low, high = (middle, high) if gone_at(middle) < gone else (low, middle)
    return high


_TERMS = np.arange(2, 22, dtype=np.float64)
_FACTORS = np.where(_TERMS % 2 == 0, 1.0, -1.0) / np.cumprod(_TERMS)  # of the powers in exp(-y), from 2 on
_NEAR = 0.5  # below, the power series; above, the closed form has lost no more than two digits


def _series(y: Floats, factors: Floats) -> Floats:
    """Sum over k = 2, 3, ... of factors[k-2] (-y)^k / k!."""
    total = np.zeros_like(y)
    for factor in (factors * _FACTORS)[::-1]:
        total = total * y + factor
    return total * y * y


def _second(y: Floats) -> Floats:
    """y - 1 + exp(-y)."""
    with np.errstate(over="ignore"):
        return np.where(abs(y) < _NEAR, _series(np.clip(y, -1, 1), np.ones(20)), y + np.expm1(-y))


def _third(y: Floats) -> Floats:
    """y - 2 + (y + 2) exp(-y)."""
    with np.errstate(over="ignore"):
        return np.where(abs(y) < _NEAR, _series(np.clip(y, -1, 1), 2.0 - _TERMS), y + 2 * np.expm1(-y) + y * np.exp(-y))


def _both(y: Floats) -> Floats:
    """1 - (1 + y) exp(-y)."""
    return np.where(abs(y) < _NEAR, _series(np.clip(y, -1, 1), _TERMS - 1.0), -np.expm1(-y) - y * np.exp(-y))
