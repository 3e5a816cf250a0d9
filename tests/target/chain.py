"""The pair as six states in closed form, to hold the simulated pair against.

0 both ok, 1 standby known bad, 2 standby bad and unknown, 3 switching, 4 uncovered failure, 5 both down.
"""

from typing import NamedTuple


class Pair(NamedTuple):
    """Times in hours, shares 0..1: mean life, mean repair, coverage, failures of the standby that show, interval of the
    standby test, switching, time until somebody intervenes.
    """

    mtbf: float
    mttr: float
    coverage: float
    shown: float
    test: float
    switch: float
    manual: float


def down(pair: Pair) -> float:
    """Share of time without service."""
    fails, mends = 1 / pair.mtbf, 1 / pair.mttr
    rates = {
        (0, 3): fails * pair.coverage, (0, 4): fails * (1 - pair.coverage),
        (0, 1): fails * pair.shown, (0, 2): fails * (1 - pair.shown),
        (3, 1): 1 / pair.switch, (4, 1): 1 / pair.manual, (1, 0): mends, (1, 5): fails,
        (2, 1): 2 / pair.test, (2, 5): fails, (5, 1): mends,
    }  # fmt: skip
    rows = [[0.0] * 7 for _ in range(6)]
    for (one, other), rate in rates.items():
        rows[other][one] += rate
        rows[one][one] -= rate
    rows[5] = [1.0] * 7  # the shares sum to one
    for n in range(6):
        pivot = max(range(n, 6), key=lambda row: abs(rows[row][n]))
        rows[n], rows[pivot] = rows[pivot], rows[n]
        for row in range(6):
            if row != n:
                factor = rows[row][n] / rows[n][n]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[n], strict=True)]
    return sum(rows[n][6] / rows[n][n] for n in (3, 4, 5))
