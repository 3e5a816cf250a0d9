"""Laws that no kernel draws by itself: quantiles that were seen, and more than two kinds of people.

The kernel draws an even law in their place, of as many steps as an int64 tells apart, and what it drew is put through
the quantile function of the law: straight lines between quantiles, and beyond them a mixture of exponential times.
A draw still belongs to its position in its stream, so that every design meets the same callers.
"""

from typing import Final

import msgspec
import numpy as np

from simtel.sizing.kernels.draws import LONGEST, SECOND, Int, Law

_EVEN: Final = Law.uniform(0.0, 1e6)
_STEPS: Final = 1e6 * SECOND


class Quantiles(msgspec.Struct, frozen=True):
    """A law by its quantile function, in seconds: `quantiles` at equal steps from 0 to the share `upto`; beyond them,
    `phases` are shares of all and the means of the exponential times that follow the last quantile."""

    mean: float
    quantiles: tuple[float, ...]
    upto: float
    phases: tuple[tuple[float, float], ...]

    def lengths(self, drawn: Int) -> Int:
        """Durations (ns) for draws of the even law."""
        at = (drawn + 0.5) / _STEPS
        last, begin = (self.quantiles or (0.0,))[-1], self.upto
        found = np.full(len(at), last)
        if self.quantiles:
            found = np.interp(at, np.linspace(0, self.upto, len(self.quantiles)), self.quantiles)
        for share, mean in self.phases:
            beyond = np.clip((at - begin) / share, 0.0, 1 - 0.5 / _STEPS)
            found = np.where(at >= begin, last - mean * np.log1p(-beyond), found)
            begin += share
        return np.rint(np.minimum(found * SECOND, LONGEST)).astype(np.int64)


def kernels(law: Law | Quantiles) -> Law:
    """What the kernel draws for a law."""
    return _EVEN if isinstance(law, Quantiles) else law


def shaped(law: Law | Quantiles, drawn: Int) -> None:
    """Make durations of a law of what the kernel drew for it, in place."""
    if isinstance(law, Quantiles):
        drawn[:] = law.lengths(drawn)
