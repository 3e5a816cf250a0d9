"""Numbers and lengths of a call log, by its mark of fractions and its units."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from simtel.sizing.theory.quadrature import Floats

_SCALES = {"s": 1.0, "ms": 0.001, "min": 60.0}
Number = Callable[[str], float]  # ValueError: none


def number_of(decimal: str) -> Number:
    """What reads a number whose fractions are behind this mark. With a comma, a point is no part of a number: it would
    be one of thousands, and not of all of them."""

    def comma(text: str) -> float:
        return float("." if "." in text else text.replace(",", "."))

    return float if decimal == "." else comma


class Lengths:
    """Reads lengths in a unit, in seconds."""

    def __init__(self, unit: str, decimal: str) -> None:
        self._number = number_of(decimal)
        self._scale = _SCALES.get(unit, 1.0)
        self._of: Number = self._clock if unit == "h:m:s" else self._number

    def read(self, texts: Sequence[str]) -> Floats:
        """Seconds; NaN for an empty text, infinity for one that is no length."""
        try:
            found = np.array([self._of(text) if text else math.nan for text in texts], dtype=np.float64)
        except ValueError:
            found = np.array([self._one(text) for text in texts], dtype=np.float64)
        strange = np.flatnonzero(~np.isfinite(found))
        found[[n for n in strange.tolist() if texts[n]]] = math.inf  # NaN and infinity are no lengths
        return found * self._scale

    def _one(self, text: str) -> float:
        try:
            return self._of(text) if text else math.nan
        except ValueError:
            return math.inf

    def _clock(self, text: str) -> float:
        parts = text.split(":")
        if not 1 < len(parts) < 4:
            raise ValueError(text)
        total = 0.0
        for part in parts:
            total = total * 60 + self._number(part)
        return -abs(total) if text.startswith("-") else total
