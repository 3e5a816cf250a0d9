"""How many calls come when: mean rates by type of day and interval, and whether they scatter as Poisson calls do.

A count of a Poisson law varies by as much as its mean. Over days of one type, the sum of (count - mean)^2 / mean over
all intervals is then chi-square with one degree a day less one for each interval (Fisher's index of dispersion); above
one, days differ by more than chance, or callers who dial again make a bad hour worse, and a size for the mean day is
too small for many of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import numpy as np

from simtel.sizing.shares import Z95
from simtel.sizing.theory.quadrature import Floats

DAY = 86_400
TYPES = {"workday": ("mon", "tue", "wed", "thu", "fri"), "weekend": ("sat", "sun")}
LEAST = 1.0  # calls an interval in the mean, below which its scatter is not judged
_EPOCH = date(1970, 1, 1)
Z99 = 2.5758293035489004  # two-sided 99 % of the normal distribution


@dataclass(frozen=True, slots=True)
class DayType:
    """Calls of one type of day: mean number in each interval of the day over so many days, and its 95 % interval."""

    name: str
    days: int
    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What was counted. `interval` in seconds. `dispersion` is 1 for Poisson calls, which would lie within `expected`
    (99 %); both are None with too little to judge."""

    interval: int
    types: tuple[DayType, ...]
    silent: int  # days between the first and the last without a call: taken for closed
    dispersion: float | None
    expected: tuple[float, float] | None


def count(counts: Mapping[int, int], interval: int, first: float, last: float) -> Arrivals:
    """From the number of calls by interval (its number since 1970), the first and the last call (seconds since 1970).

    Intervals before that of the first call and after that of the last are not known. `interval` divides a day.
    """
    each = DAY // interval
    days = {type_: [] for type_ in TYPES}  # type: dict[str, list[Floats]]
    begin, end = int(first // interval), int(last // interval)
    silent = 0
    for day in range(begin // each, end // each + 1):
        row = np.array([counts.get(day * each + k, 0) for k in range(each)], dtype=np.float64)
        if not row.any():
            silent += 1
            continue
        row[: max(0, begin - day * each)] = np.nan
        row[max(0, end + 1 - day * each) :] = np.nan
        weekend = (_EPOCH + timedelta(days=day)).weekday() >= 5
        days["weekend" if weekend else "workday"].append(row)
    types = tuple(_type(name, np.array(rows)) for name, rows in days.items() if rows)
    index = _dispersion([np.array(rows) for rows in days.values() if rows])
    return Arrivals(interval, types, silent, *index)


def _type(name: str, rows: Floats) -> DayType:
    known = (~np.isnan(rows)).sum(axis=0)
    totals = np.nansum(rows, axis=0)
    mean = totals / np.maximum(known, 1)
    # Of Poisson counts, by the square root; wider by the scatter between days where there are several.
    poisson = np.sqrt(np.maximum(totals, 1.0)) / np.maximum(known, 1)
    with np.errstate(invalid="ignore"):
        squares = np.nansum((rows - mean) ** 2, axis=0)
    between = np.sqrt(squares / np.maximum(known - 1, 1) / np.maximum(known, 1))
    half = Z95 * np.maximum(poisson, between)
    return DayType(name, len(rows), mean, np.maximum(mean - half, 0.0), mean + half)


def _dispersion(types: list[Floats]) -> tuple[float | None, tuple[float, float] | None]:
    total, degrees = 0.0, 0
    for rows in types:
        for column in rows.T:
            known = column[~np.isnan(column)]
            if len(known) > 1 and known.mean() >= LEAST:
                total += float(((known - known.mean()) ** 2).sum() / known.mean())
                degrees += len(known) - 1
    if not degrees:
        return None, None
    spread = 2 / (9 * degrees)  # Wilson & Hilferty 1931: the cube root of chi-square over its degrees is normal
    low, high = (max(0.0, 1 - spread + z * sqrt(spread)) ** 3 for z in (-Z99, Z99))
    return total / degrees, (low, high)
