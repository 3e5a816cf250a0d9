"""The square-root rule: n = load + beta sqrt(load), beta from the share of callers that may have to wait.

A limit for large groups (Halfin & Whitt, Operations Research 29, 1981; with abandonment Garnett, Mandelbaum & Reiman,
M&SOM 4, 2002); it is a rule to think with, a server or so beside the exact answer even for small groups.
"""

from math import ceil, erfc, exp, pi, sqrt

from simtel.sizing.theory import arguments

_ASYMPTOTIC = 6.0  # beyond, the continued fraction of the hazard has converged after _TERMS terms
_TERMS = 60
_STEEPEST = 40.0  # beta beyond which a wait is as good as impossible, or certain


def square_root_staffing(offered_load: float, max_wait: float, impatience: float = 0.0) -> int:
    """Servers for which about the share `max_wait` of the callers must wait.

    `offered_load` in erlang; `max_wait` between 0 and 1; `impatience` is the mean service time over the mean patience,
    0 when nobody gives up. At least 1. ValueError: an argument out of its domain.
    Source: Halfin & Whitt 1981; Garnett, Mandelbaum & Reiman 2002.
    """
    a, wanted = arguments.load("offered_load", offered_load), arguments.inner_share("max_wait", max_wait)
    root = sqrt(arguments.load("impatience", impatience))
    low, high = (-_STEEPEST if root else 0.0), _STEEPEST
    while (middle := (low + high) / 2) not in {low, high}:
        low, high = (middle, high) if wait_share(middle, root) > wanted else (low, middle)
    return max(1, ceil(a + high * sqrt(a)))


def wait_share(beta: float, root: float) -> float:
    """Share of callers that must wait in a large group with `beta` sqrt(load) servers beyond the load; `root` is the
    square root of the impatience."""
    pressed = root * _hazard(beta / root) if root else beta
    waits = _hazard(-beta)
    return waits / (waits + pressed)


def _hazard(x: float) -> float:
    """Density of the normal law over its upper tail."""
    if x < _ASYMPTOTIC:
        return exp(-x * x / 2) / sqrt(2 * pi) / (erfc(x / sqrt(2)) / 2)
    tail = x
    for k in range(_TERMS, 0, -1):
        tail = x + k / tail
    return tail
