"""Answers in 50 digits, from the states of the chain or from the integral over waits.

Nothing here is shared with simtel. A chain is summed state by state; a queue without a last place is cut where its
states are 60 orders of magnitude below the largest.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from itertools import pairwise
from typing import Any

from mpmath import mp, mpf

from simtel.sizing.theory.queue import Queue

mp.dps = 50
NOTHING = mpf(10) ** -60
TINY = 1e-300  # below, a float has no digits left to compare


def close(found: float, wanted: Any, limit: float = 1e-9) -> bool:
    """Equal but for a relative error below `limit`."""
    if abs(wanted) < TINY:
        return abs(found) <= 2 * TINY
    return bool(abs(mpf(found) - wanted) <= limit * abs(wanted))


def same(found: Queue, wanted: dict[str, Any], limit: float = 1e-9) -> None:
    """Fails with every field that is farther off."""
    assert set(wanted) == {field.name for field in fields(Queue)}
    off = {
        name: (getattr(found, name), mp.nstr(value, 17))
        for name, value in wanted.items()
        if not close(getattr(found, name), value, limit)
    }
    assert not off


def poisson_weights(a: Any, n: int) -> list[Any]:
    """a^k / k! for k = 0..n."""
    weights = [mpf(1)]
    for k in range(1, n + 1):
        weights.append(weights[-1] * a / k)
    return weights


def erlang_b(a: float, n: int) -> Any:
    weights = poisson_weights(mpf(a), n)
    return weights[-1] / mp.fsum(weights)


def chain(rate: float, aht: float, patience: float, n: int, places: int | None, threshold: float) -> dict[str, Any]:
    """M/M/n/K+M, state by state; `places` to wait, None for as many as are needed.

    One who finds k waiting waits for k+1 exponential times. Of those who stay, that sum is within the threshold with a
    probability that is summed from the other end: 1 less the chance that too few ends come.
    """
    lam, mu, theta, t = mpf(rate), 1 / mpf(aht), 1 / mpf(patience), mpf(threshold)
    below = mp.fsum(poisson_weights(lam / mu, n - 1))
    states = [poisson_weights(lam / mu, n)[-1]]
    while places is None or len(states) <= places:
        k = len(states)
        states.append(states[-1] * lam / (n * mu + k * theta))
        if places is None and states[-1] < NOTHING * states[0] and lam < n * mu + k * theta:
            break
    total = below + mp.fsum(states)
    accepted = states if places is None else states[:-1]
    with mp.workdps(250):  # 1 less nearly 1
        b, w = n * mu / theta + 1, 1 - mp.exp(-theta * t)
        term, early = (1 - w) ** b, mpf(0)
        prompt, answered, wait = mpf(0), mpf(0), mpf(0)
        ends = mpf(0)
        for k, weight in enumerate(accepted):
            early += term  # of k ends or fewer
            term *= (b + k) * w / (k + 1)
            ends += 1 / (n * mu + (k + 1) * theta)
            stays = n * mu / (n * mu + (k + 1) * theta)
            answered += weight * stays
            prompt += weight * stays * (1 - early)
            wait += weight * stays * ends
    queue = mp.fsum(k * weight for k, weight in enumerate(states)) / total
    refused = mpf(0) if places is None else states[-1] / total
    return {
        "p_block": refused,
        "p_wait": mp.fsum(accepted) / total,
        "p_abandon": theta * queue / lam,
        "service_level": (below + prompt) / total,
        "service_level_answered": (below + prompt) / (below + answered),
        "asa": wait / (below + answered),
        "mean_wait": queue / (lam * (1 - refused)),
        "mean_queue": queue,
        "occupancy": lam / mu * (below + answered) / total / n,
    }


def patient(rate: float, aht: float, n: int, places: int | None, threshold: float) -> dict[str, Any]:
    """M/M/n and M/M/n/K: nobody gives up."""
    lam, mu, t = mpf(rate), 1 / mpf(aht), mpf(threshold)
    rho = lam / (n * mu)
    below = mp.fsum(poisson_weights(lam / mu, n - 1))
    first = poisson_weights(lam / mu, n)[-1]
    if places is None:
        waits = first / (1 - rho)
        late = waits * mp.exp(-(n * mu - lam) * t)
        queue, refused, total = first * rho / (1 - rho) ** 2, mpf(0), below + waits
    else:
        states = [first * rho**k for k in range(places + 1)]
        total, waits, refused = below + mp.fsum(states), mp.fsum(states[:-1]), states[-1]
        late = mp.fsum(s * mp.gammainc(k + 1, n * mu * t, regularized=True) for k, s in enumerate(states[:-1]))
        queue = mp.fsum(k * s for k, s in enumerate(states))
    level = (below + waits - late) / total
    wait = queue / (lam * (total - refused))
    return {
        "p_block": refused / total, "p_wait": waits / total, "p_abandon": mpf(0), "service_level": level,
        "service_level_answered": level * total / (total - refused), "asa": wait, "mean_wait": wait,
        "mean_queue": queue / total, "occupancy": lam / mu * (total - refused) / total / n,
    }  # fmt: skip


def integral(
    rate: float, aht: float, n: int, threshold: float,
    law: Callable[[Any], tuple[Any, Any]], peak: Any, scale: float, corners: Iterable[float] = (),
) -> dict[str, Any]:  # fmt: skip
    """M/M/n+G by the density of the offered wait; `law` answers which share is gone, and the integral of that from
    0; `peak` is the wait after which those still patient are as many as the servers can take (0 below saturation).
    Nothing happens in a time much shorter than `scale`."""
    lam, mu, t, peak = mpf(rate), 1 / mpf(aht), mpf(threshold), mpf(peak)
    weights = poisson_weights(lam / mu, n - 1)
    below, last = mp.fsum(weights), lam * weights[-1]

    def height(v: Any) -> Any:
        return (lam - n * mu) * v - lam * law(v)[1]

    top, reach = height(peak), 1 / (n * mu)
    while height(peak + reach) > top - 60:
        reach *= 2
    end, finest = peak + reach, min(1 / lam, 1 / (n * mu), mpf(scale))
    marks = {mark for mark in (mpf(0), peak, t, *map(mpf, corners)) if mark < end}
    levels = int(mp.log(end / finest, 3)) + 1
    points = marks | {mark + side * finest * mpf(3) ** k for mark in marks for side in (-1, 1) for k in range(levels)}
    cuts = sorted({end} | {point for point in points if 0 <= point < end})

    free = below * mp.exp(-top)
    waits = gave_up = answered = prompt = answered_time = time = mpf(0)
    for left, right in pairwise(cuts):
        half = (right - left) / 2
        if max(height(left), height(right)) < top - 800 and not left <= peak <= right:
            continue  # below the smallest float, also beside the rest
        for node, weight in _legendre():
            v = left + half * (1 + node)
            g, lost = law(v)
            density = last * half * weight * mp.exp((lam - n * mu) * v - lam * lost - top)
            waits += density
            gave_up += density * g
            answered += density * (1 - g)
            prompt += density * (1 - g) * (right <= t)
            answered_time += density * (1 - g) * v
            time += density * (v - lost)
    total = free + waits
    return {
        "p_block": mpf(0), "p_wait": waits / total, "p_abandon": gave_up / total,
        "service_level": (free + prompt) / total, "service_level_answered": (free + prompt) / (free + answered),
        "asa": answered_time / (free + answered), "mean_wait": time / total, "mean_queue": lam * time / total,
        "occupancy": lam / mu * (free + answered) / total / n,
    }  # fmt: skip


@cache
def _legendre(order: int = 24) -> list[tuple[Any, Any]]:
    """Nodes and weights from -1 to 1, by Newton's method on the recurrence of the polynomials."""
    found = []
    for k in range(order):
        x = mp.cos(mp.pi * (k + mpf(3) / 4) / (order + mpf(1) / 2))
        for _ in range(8):
            before, value = mpf(1), x
            for j in range(2, order + 1):
                before, value = value, ((2 * j - 1) * x * value - (j - 1) * before) / j
            slope = order * (x * value - before) / (x * x - 1)
            x -= value / slope
        found.append((x, 2 / ((1 - x * x) * slope * slope)))
    return found
