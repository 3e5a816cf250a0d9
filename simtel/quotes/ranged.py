"""A figure that may be off: its value, how far it may lie, and the law by which a draw is taken from that range.

The law follows from the range alone, so that nobody has to state one:

| range | law |
|---|---|
| a 95 % interval of what was measured | log-normal on either side of the value, its median; 2.5 % lie beyond each end |
| both ends alike | fixed |
| from above 0 over a factor of ten or more | log-uniform: each factor alike, for nobody knows the order of magnitude |
| the value is an end of it | uniform: nothing says that the end is likelier than the rest |
| else | triangular, with its peak at the value |
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

from simtel.core.quantity import Basis, Quantity
from simtel.sizing.shares import Z95

Law = Literal["fixed", "log-normal", "log-uniform", "uniform", "triangular"]
_TINY = 1e-12  # of probability: what is drawn ends somewhere
WIDE = 10.0  # ends that lie so many times apart: the order of magnitude itself is open


@dataclass(frozen=True, slots=True)
class Ranged:
    """A figure with the ends of what it may be, or of its 95 % `interval`: then it may lie beyond them. ValueError: a
    value outside its range, an interval that begins at 0 or below."""

    value: float
    low: float
    high: float
    basis: Basis
    source: str = ""
    interval: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value!r} is not within its range, {self.low!r} to {self.high!r}")

        if self.interval and self.low <= 0:
            raise ValueError(f"an interval must begin above 0, not at {self.low!r}")

    @property
    def law(self) -> Law:
        """The law of a draw."""
        if self.low == self.high:
            return "fixed"
        if self.interval:
            return "log-normal"
        if self.low > 0 and self.high >= WIDE * self.low:
            return "log-uniform"
        return "uniform" if self.value in {self.low, self.high} else "triangular"

    def at(self, u: float) -> float:
        """The figure below which a draw lies with probability `u` (0..1)."""
        low, high, span = self.low, self.high, self.high - self.low
        if self.law == "fixed":
            return self.value
        if self.law == "log-normal":
            z = NormalDist().inv_cdf(min(1 - _TINY, max(_TINY, u)))
            end = high if z > 0 else low
            return self.value * float((end / self.value) ** (abs(z) / Z95))
        if self.law == "log-uniform":
            return min(high, max(low, low * exp(u * log(high / low))))
        if self.law == "uniform":
            return low + u * span
        left = (self.value - low) / span
        if u <= left:
            return low + sqrt(u * left) * span
        return high - sqrt((1 - u) * (1 - left)) * span


def known(value: float, basis: Basis = Basis.BUYER, source: str = "") -> Ranged:
    """A figure that is not off."""
    return Ranged(value, value, value, basis, source)


def ranged(stated: Quantity, scale: float = 1.0) -> Ranged:
    """A stated figure, in units of `scale`; one without a range is not off. ValueError: a word or a flag."""
    if isinstance(stated.value, str | bool):
        raise ValueError(f"{stated.value!r} is no number")
    ends = [stated.value if end is None else end for end in (stated.low, stated.high)]
    low, high = (float(end) / scale for end in ends)
    return Ranged(float(stated.value) / scale, low, high, stated.basis, stated.source)
