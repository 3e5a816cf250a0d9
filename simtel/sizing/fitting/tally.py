"""Durations counted in bins, so that any number of them takes the same room: 0.1 s wide up to an hour, 1 s up to a day.

Sums are kept beside the counts, so the mean and the standard deviation are those of the durations, not of the bins.
"""

from dataclasses import dataclass, field
from math import nan, sqrt

import numpy as np

from simtel.sizing.theory.quadrature import Floats

FINE, COARSE, DAY = 0.1, 1.0, 86_400
_HOUR = 3600
_FINE_BINS = 36_000
BINS = _FINE_BINS + DAY - _HOUR + 1


@dataclass
class Tally:
    """So many durations (seconds, 0 to a day), in bins."""

    counts: Floats = field(default_factory=lambda: np.zeros(BINS))
    number: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, durations: Floats) -> None:
        """Count more of them."""
        np.add.at(self.counts, bins_of(durations), 1.0)
        self.number += len(durations)
        self.total += float(durations.sum())
        self.squares += float((durations**2).sum())

    @property
    def mean(self) -> float:
        """Mean; NaN of none."""
        return self.total / self.number if self.number else nan

    @property
    def deviation(self) -> float:
        """Standard deviation; 0 of one."""
        if self.number < 2:
            return 0.0
        return sqrt(max(0.0, self.squares - self.total**2 / self.number) / (self.number - 1))

    def points(self) -> tuple[Floats, Floats]:
        """The durations that occur, as the means of their bins, and for each the share that is shorter, half of those
        in its own bin among them: durations are rounded, up as often as down."""
        there = np.flatnonzero(self.counts)
        counts = self.counts[there]
        return middles()[there], (np.cumsum(counts) - counts / 2) / self.number

    def quantile(self, share: float) -> float:
        """The duration that this share (0..1) does not exceed, within the width of a bin."""
        there = np.flatnonzero(self.counts)
        risen = np.cumsum(self.counts[there])
        at = min(int(np.searchsorted(risen, share * self.number)), len(there) - 1)
        return float(middles()[there[at]])


def bins_of(durations: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The bin of each duration. A whole second lies in the middle of its bin, as far as floats go."""
    fine = np.rint(durations / FINE)
    coarse = _FINE_BINS + np.rint(durations - _HOUR)
    return np.minimum(np.where(durations < _HOUR, fine, coarse), BINS - 1).astype(np.int64)


def middles() -> Floats:
    """The middle of each bin, in seconds."""
    return np.concatenate((np.arange(_FINE_BINS) * FINE, _HOUR + np.arange(DAY - _HOUR + 1) * COARSE))
