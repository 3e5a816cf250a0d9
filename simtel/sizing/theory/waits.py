"""How many of those who are answered after a wait are answered in time, by how many waited ahead of them."""

from functools import lru_cache
from math import ceil, exp, expm1, inf, sqrt

import numpy as np

from simtel.sizing.theory.quadrature import Floats

_FAR = 40.0  # exp(-40) of anything is nothing beside the rest


@lru_cache(maxsize=512)  # calls at another rate ask for the same
def in_time(places: int, served_rate: float, patience: float, threshold: float) -> Floats:
    """Of callers answered after they found 0, 1, ... places-1 others waiting, the share whose wait is at most
    `threshold`.

    The m-th in the queue is answered in time if at least m ends (a service, or a caller ahead who gives up) come before
    the threshold; given that it stays, their number is negative binomial (Poisson for endless patience).
    """
    spans = threshold / patience
    if threshold == 0 or places == 0:
        return np.zeros(places)
    if spans > _FAR or threshold == inf:
        return np.ones(places)
    time = -patience * expm1(-spans) if patience < inf else threshold

    def shares(most: int) -> Floats:
        ends = np.arange(1, most + 1)
        with np.errstate(divide="ignore"):  # in the shortest of times nothing ends
            steps = np.log((served_rate + ends / patience) * time / ends)
        logs = np.concatenate(([0.0], np.cumsum(steps, dtype=np.longdouble))) - threshold * served_rate - spans
        return np.exp(logs).astype(float)

    late = np.cumsum(shares(places)[:places])
    if late[-1] < 0.5:
        return 1 - late
    mean = served_rate * patience * expm1(spans) if patience < inf else served_rate * threshold
    tail = ceil(_FAR * (exp(spans) + sqrt(mean * exp(spans))))
    return np.where(late < 0.5, 1 - late, np.cumsum(shares(places + tail)[::-1])[::-1][1 : places + 1])
