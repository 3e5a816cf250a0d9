"""Callers who find all servers busy, hang up, and dial again after a while, for as long as it takes (M/M/c retrial).

The state is how many servers are busy (i) and how many callers are about to redial (j). Callers join those who redial
only while all c servers are busy, so that level j+1 is reached from one state of level j alone, and a whole level is
known from how callers come back from the level above (Artalejo & Pozo 2002 use the same structure). Within a level the
states are eliminated one by one, each step a sum of positive terms. Levels are added until the rest weighs nothing.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf, log

from simtel.sizing.theory import arguments
from simtel.sizing.theory.erlang_b import blocking, idle
from simtel.sizing.theory.queue import keeps_up

_NEGLIGIBLE = 1e-13
_NEVER = 1e-30
_FIRST_LEVELS = 64
_MOST_STEPS = 5_000_000  # states looked at: some seconds
_FASTEST = 1e30  # redials a service time: far beyond, erlang_c has the answer
_A_LEVEL = 5  # a level takes as long as so many states, beside its own


@dataclass(frozen=True, slots=True)
class Retrial:
    """Calls that are repeated until they are served. Shares from 0 to 1, times in seconds.

    `p_block`: share of first attempts that find all servers busy.
    `p_attempt_block`: share of all attempts, redials included, that do.
    `attempts`: mean number of attempts a call.
    `mean_orbit`: mean number of callers about to redial.
    `mean_wait`: mean time from the first attempt to the one that succeeds.
    `occupancy`: share of the servers that is busy.
    """

    p_block: float
    p_attempt_block: float
    attempts: float
    mean_orbit: float
    mean_wait: float
    occupancy: float


def retrial(arrival_rate: float, service_rate: float, redial_rate: float, servers: int) -> Retrial:
    """Every caller who is refused redials after an exponential time, and never gives up.

    New calls come with `arrival_rate`, a server ends calls with `service_rate`, each refused caller redials with
    `redial_rate` (all per second). The time taken grows with the servers, and with the callers that redial, without
    bound towards saturation and slow redials. ValueError: an argument out of its domain. `Unstable` (a ValueError):
    arrival_rate >= servers * service_rate, or as good as that. ArithmeticError: so close to saturation, or redials so
    slow, that the answer would take too long; `slow_redial` is the limit for slow ones.
    Source: Falin & Templeton, Retrial Queues, 1997; elimination after Grassmann, Taksar & Heyman 1985.
    """
    rate, service = arguments.load("arrival_rate", arrival_rate), arguments.positive("service_rate", service_rate)
    redial, c = arguments.positive("redial_rate", redial_rate), arguments.whole("servers", servers)
    if redial > _FASTEST * service:
        raise ValueError(f"redial_rate must be {_FASTEST:g} times the service_rate at most, not {redial_rate!r}")
    a = arguments.load("arrival_rate / service_rate", rate / service)
    _spare(rate, service, c)
    if blocking(a, c) == 0:
        return Retrial(0.0, 0.0, 1.0, 0.0, 0.0, a / c)
    levels, least = _FIRST_LEVELS, _least_busy(a, c)
    # Slow redials are refused least often, so that no fewer callers than these are about to redial in the mean.
    lost = slow_redial(rate, service, c).p_attempt_block
    fewest = lost / (1 - lost) * rate / redial
    while max(levels, fewest) * (c - least + _A_LEVEL) < _MOST_STEPS:
        below_full = _levels(rate, service, redial, least, c, levels)
        logs = [0.0]  # of the weight of "all busy" on each level
        for j in range(1, levels + 1):
            logs.append(logs[-1] + log(rate / (j * redial * below_full[j])))
        most = max(logs)
        full = [exp(x - most) for x in logs]
        weights = [f * (1 + s) for f, s in zip(full, below_full, strict=True)]
        orbit = sum(j * w for j, w in enumerate(weights))
        last = sum(j * w for j, w in enumerate(weights) if j > levels * 3 // 4)
        if last <= _NEGLIGIBLE * orbit:  # what lies beyond is less than this last quarter
            whole = sum(weights)
            orbit /= whole
            again = redial * orbit / rate  # redials a call: each attempt but the last is refused
            return Retrial(sum(full) / whole, again / (1 + again), 1 + again, orbit, orbit / rate, a / c)
        levels *= 2
    raise ArithmeticError(
        f"{a:g} erlang on {c} servers, with {redial:g} redials a second by each caller: too close to saturation, or "
        f"too slow (slow_redial is the limit): {fewest:.3g} callers or more are about to redial"
    )


def slow_redial(arrival_rate: float, service_rate: float, servers: int) -> Retrial:
    """The limit of ever slower redialling: all attempts together are a Poisson stream, of which Erlang's B is refused.

    The stream is the fixed point of "new calls plus refused ones". `mean_orbit` and `mean_wait` are infinite, or 0
    without calls. Arguments and errors as for `retrial`. Source: Cohen, Philips Telecommunication Review 18, 1957.
    """
    rate, service = arguments.load("arrival_rate", arrival_rate), arguments.positive("service_rate", service_rate)
    c = arguments.whole("servers", servers)
    a = arguments.load("arrival_rate / service_rate", rate / service)
    spare = _spare(rate, service, c)
    if blocking(a, c) == 0:
        return Retrial(0.0, 0.0, 1.0, 0.0, 0.0, a / c)
    low, high = a, a
    while idle(high, c) > spare:
        high *= 2
    while (middle := (low + high) / 2) not in {low, high}:
        low, high = (middle, high) if idle(middle, c) > spare else (low, middle)
    lost = blocking(high, c)
    return Retrial(lost, lost, high / a, inf, inf, a / c)


def _least_busy(a: float, c: int) -> int:
    """Fewer servers are busy for a share of time that adds nothing: without redials already, and redials add calls."""
    weight, summed = 1.0, 1.0  # of "all busy", and of all states so far
    for i in range(c, 0, -1):
        weight *= i / a
        summed += weight
        if weight < _NEVER and i < a:  # from here on the weights fall by more than i/a each
            return i - 1
    return 0


def _levels(rate: float, service: float, redial: float, least: int, c: int, top: int) -> list[float]:
    """For each level 0..top the weight of "some server is free", where "all busy" weighs 1.

    `back` is how likely a caller comes back from the level above to so many busy servers. `leaves` is the rate with
    which they become one fewer and a redial succeeds before they are as many again.
    """
    totals = [0.0] * (top + 1)
    ends = [i * service for i in range(least + 1, c + 1)]
    back = [0.0] * len(ends)  # to states least..c-1; from the topmost level all come back to c
    for j in range(top, -1, -1):
        redials = j * redial
        out = rate + redials
        states = []
        leaves = arriving = 0.0
        for end, comes in zip(ends, back, strict=True):
            arriving += comes
            drain = out + leaves
            states.append((arriving, end, drain))
            arriving *= rate / drain
            leaves = end * ((redials + leaves) / drain)
        weight = 1.0
        weights = []
        for comes, end, drain in reversed(states):
            weight = (comes + end * weight) / drain
            weights.append(weight)
        totals[j] = total = sum(weights)
        scale = rate / total
        weights.reverse()
        back = [0.0]
        back += [scale * w for w in weights[:-1]]  # a redial takes a server: one more is busy
    return totals


def _spare(rate: float, service: float, c: int) -> float:
    """The load that could still be served, in erlang."""
    spare = float(c - Fraction(rate) / Fraction(service))  # rounded once: saturation stays sharp
    return keeps_up(spare, rate / service, c)
