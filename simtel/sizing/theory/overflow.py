"""What a full group of trunks sends on to the next is no Poisson stream: it comes in clusters, and blocks more.

Mean and variance of the overflow are exact (Riordan, in Wilkinson 1956). The equivalent random method (Wilkinson,
Bell System Technical Journal 35, 1956; ITU-T E.521 and E.524) goes the other way: any stream of that mean and variance
is treated as if it were what some Poisson load overflows from some group, whose number of servers need not be whole.
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np

from simtel.sizing.theory import arguments
from simtel.sizing.theory.erlang_b import blocking, idle, log_blocking
from simtel.sizing.theory.quadrature import panels

_MOST = 20_000  # erlang: each look at a group takes a step for each server
_TAIL = 80.0  # exp(-80) of an integral is nothing beside the rest


@dataclass(frozen=True, slots=True)
class Overflow:
    """Load that finds all servers busy, in erlang: `mean` and `variance` of the calls that an endless second group
    would carry, and their ratio, the `peakedness` (1 for a Poisson stream)."""

    mean: float
    variance: float
    peakedness: float


@dataclass(frozen=True, slots=True)
class EquivalentGroup:
    """A Poisson load, in erlang, and a number of servers, not always whole, whose overflow is a given stream."""

    offered_load: float
    servers: float


def overflow(offered_load: float, servers: int) -> Overflow:
    """What `servers` (0 or more) cannot carry of a Poisson stream of `offered_load` erlang.

    ValueError: an argument out of its domain. Source: Riordan, in Wilkinson 1956.
    """
    a, n = arguments.load("offered_load", offered_load), arguments.whole("servers", servers, 0)
    mean, free = a * blocking(a, n), idle(a, n)
    # Riordan's 1 - mean + a / (n + 1 - a + mean), with free servers for n - a + mean: no small difference of loads.
    peakedness = 1.0 + (n - free - mean * free) / (1.0 + free)
    return Overflow(mean, mean * peakedness, peakedness)


def equivalent_random(mean: float, variance: float) -> EquivalentGroup:
    """The Poisson load and the group whose overflow has this `mean` and `variance` (erlang, erlang squared).

    Both are met exactly; Rapp's formula (1964) only says where to look. ValueError: a mean that is not above 0, a
    variance that is not above the mean by a 1e-9th of it at least (a Poisson stream needs no group, and a smoother one
    is no overflow), or a stream of more load than is ever offered to a group, 20,000 erlang. Source: Wilkinson 1956.
    """
    m, v = arguments.positive("mean", mean), arguments.positive("variance", variance)
    z = v / m
    if z < 1 + 1e-9:
        raise ValueError(f"variance must be 1.000000001 times the mean, {mean!r}, at least, not {variance!r}")
    about = m * z + 3 * z * (z - 1)
    if about > _MOST:
        raise ValueError(f"mean and variance must be those of {_MOST:,} erlang at most, not of {about:.3g}")

    def group(a: float) -> float:
        """Servers that give the overflow of `a` erlang the peakedness z at the mean m: Riordan's formula, solved."""
        return max(0.0, a * (m + z) / (m + z - 1) - m - 1)

    def overflows_more(a: float) -> bool:
        return log(a / m) + _log_blocking(a, group(a)) > 0

    low = (m + 1) * (m + z - 1) / (m + z)  # no servers at all, and more than m overflows
    high = max(low, about)
    while overflows_more(high):
        high *= 2
    while (middle := (low + high) / 2) not in {low, high}:
        low, high = (middle, high) if overflows_more(middle) else (low, middle)
    return EquivalentGroup(high, group(high))


def peaked_loss(mean: float, variance: float, servers: int) -> float:
    """Share that `servers` (0 or more) lose of a stream that comes in clusters, by the equivalent random method.

    `mean` and `variance` as for `equivalent_random`, with its errors. For users of the library: the trunks of a site
    overflow to nowhere. Source: Wilkinson 1956; ITU-T E.524.
    """
    group, n = equivalent_random(mean, variance), arguments.whole("servers", servers, 0)
    return exp(log(group.offered_load / mean) + _log_blocking(group.offered_load, group.servers + n))


def _log_blocking(a: float, servers: float) -> float:
    """Logarithm of Erlang B for any number of servers: 1/B(x) is the integral of exp(-u) (1 + u/a)^x over u > 0."""
    whole = int(servers)
    beyond = servers - whole
    nodes, weights = panels(0.0, _TAIL, (0.0,), min(a, 1.0) / 2)
    return log_blocking(a, whole, beyond, float((weights * np.exp(-nodes) * (1 + nodes / a) ** beyond).sum()))
