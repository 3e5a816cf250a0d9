"""M/M/n+G: callers with any law of patience, exponential service, as many places to wait as are needed.

The wait that is offered to a caller (the wait of one whose patience never ends) has, above 0, the density

    f(v) = rate p(n-1) exp(E(v)),   E(v) = integral over 0..v of (rate waiting(u) - servers / aht) du

(Baccelli & Hebuterne 1981; Zeltyn & Mandelbaum, Queueing Systems 51, 2005), where p(n-1) is the probability of n-1
busy servers, and p(n-1) / P(nobody waits) is Erlang's B with n-1 servers. E is concave: it falls from 0 on below
saturation, and above it climbs to a peak where those still patient are as many as the servers can take. Every answer is
one integral of f. Around its peak, E is taken relative to the peak, so that a height of thousands neither overflows nor
costs digits; what stands under the integrals is positive everywhere.
"""

from math import exp, inf

import numpy as np

from simtel.sizing.theory import arguments
from simtel.sizing.theory.erlang_b import blocking, log_blocking, served
from simtel.sizing.theory.erlang_c import erlang_c_queue
from simtel.sizing.theory.patience import Patience
from simtel.sizing.theory.quadrature import Floats, panels
from simtel.sizing.theory.queue import Queue, excess_load

_DOUBLINGS: Floats = np.exp2(np.arange(64, dtype=np.float64))
NONE = 1e-300  # seconds: a shorter patience is none
_NOTHING = -80.0  # exponents below this, relative to the peak, add nothing that a float would show


def mmn_g_queue(arrival_rate: float, aht: float, servers: int, patience_law: Patience, threshold: float) -> Queue:
    """The queue of `servers` whose callers are as patient as `patience_law` says, with endless room to wait.

    `arrival_rate` per second, `aht` and `threshold` in seconds; `patience_law` is one of `Exponential`,
    `Deterministic`, `Uniform`, `Erlang2`, `Hyperexponential`. A mean patience of 0 leaves at once whoever finds no free
    server; an infinite one is the queue of Erlang C. ValueError: an argument out of its domain. `Unstable` (a
    ValueError): infinite patience at or above saturation.
    Source: Baccelli & Hebuterne 1981; Zeltyn & Mandelbaum 2005.
    """
    rate, aht = arguments.load("arrival_rate", arrival_rate), arguments.positive("aht", aht)
    n, threshold = arguments.whole("servers", servers), arguments.duration("threshold", threshold)
    a = arguments.load("arrival_rate * aht", rate * aht)
    if not hasattr(patience_law, "excess"):
        raise ValueError(f"patience_law must be a law such as Exponential(120.0), not {patience_law!r}")
    if patience_law.mean == inf:
        return erlang_c_queue(rate, aht, n, threshold)
    if patience_law.mean < NONE:
        return impatient(a, n, 0.0, blocking(a, n))
    drift = excess_load(rate, aht, n)
    climb = drift / aht
    peak = patience_law.time_until(drift / (n + drift)) if drift > 0 else 0.0

    def slope(start: float) -> float:
        return climb - rate * float(patience_law.gone(start, np.zeros(1))[0])

    def rise(start: float, after: Floats) -> Floats:
        """E(start + after) - E(start)."""
        return slope(start) * after - rate * patience_law.excess(start, after)

    height = float(rise(0.0, np.array([peak]))[0])
    finest = 0.5 / max(rate, n / aht, patience_law.fastest)
    doublings = finest * _DOUBLINGS
    while not (beyond := rise(peak, doublings) < _NOTHING).any():
        doublings *= 2 * _DOUBLINGS[-1]
    reach = float(doublings[np.argmax(beyond)])

    total = answered = prompt = abandoned = time_answered = time = 0.0
    # Left of half the peak times are counted from 0, right of it from the peak.
    for start, low, high, base in ((0.0, 0.0, peak / 2, -height), (peak, -peak / 2, reach, 0.0)):
        if low == high:
            continue
        points = (0.0 - start, peak - start, threshold - start, *(corner - start for corner in patience_law.corners))
        after, weights = panels(low, high, (point for point in points if low <= point <= high), finest)
        density = weights * np.exp(rise(start, after) + base)
        waiting, waited = patience_law.waiting(start, after), patience_law.waited(start, after)
        total += float(density.sum())
        answered += float((density * waiting).sum())
        prompt += float((density * waiting)[after <= threshold - start].sum())
        abandoned += float((density * patience_law.gone(start, after)).sum())
        time_answered += float((density * waiting * (start + after)).sum())
        time += float((density * waited).sum())

    # Weights of "nobody waits" and of "somebody waits", the larger one scaled to 1.
    balance = log_blocking(a, n - 1) + height
    free, queue = exp(-max(balance, 0.0)), rate * exp(min(balance, 0.0))
    whole = free + queue * total
    in_time, served_ = free + queue * prompt, free + queue * answered
    mean_wait = queue * time / whole
    return Queue(
        p_block=0.0,
        p_wait=queue * total / whole,
        p_abandon=queue * abandoned / whole,
        service_level=in_time / whole,
        service_level_answered=in_time / served_,
        asa=queue * time_answered / served_,
        mean_wait=mean_wait,
        mean_queue=rate * mean_wait,
        occupancy=min(a * (served_ / whole) / n, 1.0),
    )


def impatient(a: float, servers: int, refused: float, gone: float) -> Queue:
    """The queue of callers without any patience: who finds no free server is refused, or let in and gone at once."""
    answered = served(a, servers)
    return Queue(refused, gone, gone, answered, 1.0, 0.0, 0.0, 0.0, a * answered / servers)
