"""How many calls come when: mean rates by type of day and interval, and whether they scatter as Poisson calls do.

A count of a Poisson law varies by as much as its mean. Over days of one type, the sum of (count - mean)^2 / mean over
all intervals is then chi-square with one degree a day less one for each interval (Fisher's index of dispersion); above
one, days differ by more than chance, or callers who dial again make a bad hour worse, and a size for the mean day is
too small for many of them.

Days are working days and weekends, until a weekday differs from the others of its type: its mean of a whole day, or of
one interval, against theirs, by Student's test on the scatter among days of one weekday (that of Poisson calls at
least). All tests together find a difference where there is none once in a hundred logs (Bonferroni). Such a weekday is
a type of its own, and the rest are tested again. A weekday that was seen once is not parted: it might be the day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from simtel.sizing.intervals import student_quantile
from simtel.sizing.shares import Z95
from simtel.sizing.theory.quadrature import Floats

DAY = 86_400
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TYPES = {"workday": range(5), "weekend": range(5, 7)}
ENOUGH = 25.0  # calls of a weekday in an interval, below which it is not compared
FALSE = 0.01  # of logs in which no weekday differs, and one is found to
LEAST = 1.0  # calls an interval in the mean, below which its scatter is not judged
Z99 = 2.5758293035489004  # two-sided 99 % of the normal distribution


@dataclass(frozen=True, slots=True)
class DayType:
    """Calls of one type of day: mean number in each interval of the day over so many days, and its 95 % interval."""

    name: str  # of TYPES or WEEK
    weekdays: tuple[int, ...]  # 0: Monday
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
    seen: dict[int, list[Floats]] = {}  # by weekday
    begin, end = int(first // interval), int(last // interval)
    silent = 0
    for day in range(begin // each, end // each + 1):
        row = np.array([counts.get(day * each + k, 0) for k in range(each)], dtype=np.float64)
        if not row.any():
            silent += 1
            continue
        row[: max(0, begin - day * each)] = np.nan
        row[max(0, end + 1 - day * each) :] = np.nan
        seen.setdefault(weekday(day), []).append(row)
    rows = {number: np.array(seen[number]) for number in sorted(seen)}
    groups = [part for name, week in TYPES.items() for part in _parted(name, tuple(week), rows)]
    types = tuple(_type(name, week, days) for name, week, days in groups)
    return Arrivals(interval, types, silent, *_dispersion([days for _, _, days in groups]))


def weekday(day: int) -> int:
    """The weekday (0: Monday) of a day since 1970, which began on a Thursday."""
    return (day + 3) % 7


def _parted(name: str, week: tuple[int, ...], rows: Mapping[int, Floats]) -> list[tuple[str, tuple[int, ...], Floats]]:
    """A type of day, parted while one of its weekdays differs, the rest first: name, weekdays and days of each."""
    days = {number: rows[number] for number in week if number in rows}
    if not days:
        return []
    odd = _odd(days)
    if odd is None:
        return [(WEEK[week[0]] if len(week) == 1 else name, week, np.concatenate([*days.values()]))]
    rest = tuple(number for number in week if number != odd)
    return [*_parted(name, rest, rows), (WEEK[odd], (odd,), days[odd])]


def _odd(days: Mapping[int, Floats]) -> int | None:
    """The weekday that differs most from the others, where chance does not explain it."""
    number, total, _ = _moments(np.concatenate([*days.values()]))
    mean = total / np.maximum(number, 1)
    with_day = [np.column_stack((rows, _whole(rows, mean))) for rows in days.values()]
    numbers, totals, squares = (np.array(each) for each in zip(*map(_moments, with_day), strict=True))
    degrees = np.maximum(numbers - 1, 0).sum(axis=0)
    others, other_totals = numbers.sum(axis=0) - numbers, totals.sum(axis=0) - totals
    pooled = totals.sum(axis=0) / np.maximum(numbers.sum(axis=0), 1)
    variance = np.maximum(squares.sum(axis=0) / np.maximum(degrees, 1), pooled)
    judged = (numbers > 1) & (others > 1) & (np.minimum(numbers, others) * pooled >= ENOUGH)
    if not judged.any():
        return None
    apart = np.zeros(numbers.shape)
    np.divide(totals, numbers, out=apart, where=judged)
    apart -= np.divide(other_totals, others, out=np.zeros(numbers.shape), where=judged)
    error = np.sqrt(variance * (1 / np.maximum(numbers, 1) + 1 / np.maximum(others, 1)))
    confidence = 1 - FALSE / int(judged.sum())
    most = {each: student_quantile(confidence, each) for each in set(degrees[judged.any(axis=0)].tolist())}
    limit = np.array([most.get(each, 1.0) for each in degrees.tolist()])
    beyond = np.where(judged, np.abs(apart) / np.where(judged, error * limit, 1.0), 0.0).max(axis=1)
    return [*days][int(beyond.argmax())] if beyond.max() > 1 else None


def _moments(rows: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each column, without what is not known: number, sum, and squares about the mean."""
    number, total = (~np.isnan(rows)).sum(axis=0), np.nansum(rows, axis=0)
    return number, total, np.nansum((rows - total / np.maximum(number, 1)) ** 2, axis=0)


def _whole(rows: Floats, mean: Floats) -> Floats:
    """Calls of each whole day; of one that is known in part, at that rate, if half of its calls are due there."""
    due = np.where(np.isnan(rows), 0.0, mean).sum(axis=1)
    whole = mean.sum()
    return np.where(due >= whole / 2, np.nansum(rows, axis=1) * whole / np.maximum(due, 1e-9), np.nan)


def _type(name: str, week: tuple[int, ...], rows: Floats) -> DayType:
    known, totals, squares = _moments(rows)
    mean = totals / np.maximum(known, 1)
    # Of Poisson counts, by the square root; wider by the scatter between days, by Student's law, where it is known.
    poisson = Z95 * np.sqrt(np.maximum(totals, 1.0)) / np.maximum(known, 1)
    student = {number: student_quantile(0.95, number - 1) for number in set(known.tolist()) if number > 1}
    between = np.array([student.get(number, 0.0) for number in known.tolist()])
    between *= np.sqrt(squares / np.maximum(known - 1, 1) / np.maximum(known, 1))
    half = np.maximum(poisson, between)
    return DayType(name, week, len(rows), mean, np.maximum(mean - half, 0.0), mean + half)


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
