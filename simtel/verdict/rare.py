"""An interval for the sum of rare things of unequal weight, such as the outage seconds of a few years.

M. P. Fay and E. J. Feuer, Confidence intervals for directly standardized rates: a method based on the gamma
distribution (Statistics in Medicine 16, 1997): the sum of Poisson counts with weights lies between two quantiles of
gamma distributions whose mean and variance are those of the sum; for the upper one another event of the largest weight
is added. Without any event the upper bound is 3.7 times the largest weight, where the rule of three has 3 for one side.
"""

from collections.abc import Sequence
from math import exp, lgamma, log

TAIL = 0.025  # on either side: a 95 % interval
_EPSILON = 1e-12
_STEPS = 200


def weighted_sum(weights: Sequence[float], largest: float) -> tuple[float, float]:
    """The 95 % interval for the expected sum, of which `weights` were seen; none is larger than `largest`."""
    total, square = sum(weights), sum(weight * weight for weight in weights)
    low = gamma_quantile(TAIL, total * total / square, square / total) if total > 0 else 0.0
    more, wider = total + largest, square + largest * largest
    return low, gamma_quantile(1 - TAIL, more * more / wider, wider / more) if more > 0 else 0.0


def gamma_quantile(p: float, shape: float, scale: float) -> float:
    """Where the gamma distribution reaches the probability `p`."""
    low, high = 0.0, shape + 1.0
    while gamma_below(high, shape) < p:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if gamma_below(middle, shape) < p else (low, middle)
    return scale * (low + high) / 2


def gamma_below(x: float, shape: float) -> float:
    """Probability that a gamma variable of scale 1 lies below `x`: the series, or beyond the mean the continued
    fraction of the upper part (NIST Handbook of Mathematical Functions 8.7.1 and 8.9.2).
    """
    if x <= 0:
        return 0.0
    front = exp(shape * log(x) - x - lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        n = shape
        while abs(term) > abs(total) * _EPSILON:
            n += 1
            term *= x / n
            total += term
        return total * front
    b = x + 1 - shape
    c, d = 1 / _EPSILON**2, 1 / b
    fraction = d
    n = 0
    while True:
        n += 1
        a = -n * (n - shape)
        b += 2
        d = 1 / (a * d + b)
        c = b + a / c
        step = c * d
        fraction *= step
        if abs(step - 1) < _EPSILON:
            return 1 - front * fraction
