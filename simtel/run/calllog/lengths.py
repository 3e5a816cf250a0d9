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

    def plain(self, cells: Sequence[str]) -> Floats | None:
        """The same of cells that hold numbers or are empty, which most do; None where one does not."""
        try:
            found = np.array([self._of(cell) if cell else math.nan for cell in cells], dtype=np.float64)
        except ValueError:
            return None
        return None if np.count_nonzero(~np.isfinite(found)) > cells.count("") else found * self._scale

    def read(self, texts: Sequence[str]) -> Floats:
        """Seconds; NaN for an empty text, infinity for one that is no length."""
        return np.array([self._one(text) for text in texts], dtype=np.float64) * self._scale

    def _one(self, text: str) -> float:
        try:
            found = self._of(text) if text else math.nan
        except ValueError:
            return math.inf
        return found if math.isfinite(found) or not text else math.inf  # NaN and infinity are no lengths

    def _clock(self, text: str) -> float:
        """Of hours, minutes and seconds, or of the last two."""
        parts = text.split(":")
        if not 1 < len(parts) < 4:
            raise ValueError(text)
        total = 0.0
        for part in parts:
            total = total * 60 + self._number(part)
        return -abs(total) if text.lstrip().startswith("-") else total
