"""M/M/n/K+M: exponential patience, and no more callers than trunks (Palm 1957; Garnett, Mandelbaum & Reiman 2002).

With endless trunks (Erlang A) the offered wait is integrated (`offered_wait`). With K trunks the states are summed:
k callers wait behind n busy servers with a probability proportional to the product over i = 1..k of
rate / (n/aht + i/patience). One who finds k waiting is answered with the probability
(n/aht) / (n/aht + (k+1)/patience), so that those who find k waiting and are answered weigh n / (rate aht) times
state k+1. Their waits are sums of k+1
exponential times, of the rates n/aht + i/patience for i = 1..k+1.
"""

from math import exp, log

import numpy as np

from simtel.sizing.theory import arguments
from simtel.sizing.theory.erlang_b import blocking, log_blocking
from simtel.sizing.theory.offered_wait import NONE, impatient, mmn_g_queue
from simtel.sizing.theory.patience import Exponential
from simtel.sizing.theory.quadrature import Floats
from simtel.sizing.theory.queue import Queue
from simtel.sizing.theory.waits import in_time


def erlang_a_queue(
    arrival_rate: float,
    aht: float,
    patience: float,
    servers: int,
    trunks: int | None = None,
    threshold: float = 20.0,
) -> Queue:
    """The queue of `servers` whose callers give up after an exponential time of the mean `patience`.

    `arrival_rate` per second; `aht`, `patience` and `threshold` in seconds, patience from 0 (who finds no free server
    is gone) to infinity (nobody gives up). `trunks` calls are let in at a time, those in service included; None: any
    number. The time taken grows with trunks - servers. ValueError: an argument out of its domain, or fewer trunks than
    servers. `Unstable` (a ValueError): infinite patience, any number of trunks, and at least as much load as servers.
    Source: Palm 1957; Garnett, Mandelbaum & Reiman 2002; with trunks, Whitt 2005.
    """
    patience, threshold = arguments.patience("patience", patience), arguments.duration("threshold", threshold)
    if trunks is None:
        return mmn_g_queue(arrival_rate, aht, servers, Exponential(patience), threshold)
    rate, aht = arguments.load("arrival_rate", arrival_rate), arguments.positive("aht", aht)
    n, k = arguments.whole("servers", servers), arguments.whole("trunks", trunks)
    if k < n:
        raise ValueError(f"trunks must be as many as servers, {n}, or more, not {k}: a served call holds one")
    places = k - n
    a = arguments.load("arrival_rate * aht", rate * aht)
    if places == 0 or patience < NONE or rate == 0:
        lost = blocking(a, n)
        return impatient(a, n, lost, 0.0) if places == 0 else impatient(a, n, 0.0, lost)

    served_rate, leaving, waiting = n / aht, 1 / patience, np.arange(1, places + 1, dtype=np.float64)
    ends = served_rate + waiting * leaving  # rate at which a state with so many waiting loses one of them
    states, first = _states(rate / ends)
    # Weights of "a server is free" and of "none is", the larger one scaled to 1.
    balance = log(a / n) + log_blocking(a, n - 1) - first
    free, queue = exp(-max(balance, 0.0)), exp(min(balance, 0.0))
    let_in = free + queue * float(states[:-1].sum())
    whole = let_in + queue * float(states[-1])
    queued = queue * n / a * states[1:]  # of those answered after a wait, by the callers ahead of them
    answered = free + float(queued.sum())
    prompt = free + float((queued * in_time(places, n / aht, patience, threshold)).sum())
    mean_queue = queue * float((waiting * states[1:]).sum()) / whole
    return Queue(
        p_block=queue * float(states[-1]) / whole,
        p_wait=queue * float(states[:-1].sum()) / whole,
        p_abandon=leaving * mean_queue / rate,
        service_level=prompt / whole,
        service_level_answered=prompt / answered,
        asa=float((queued * np.cumsum(1 / ends)).sum()) / answered,
        mean_wait=mean_queue / rate * whole / let_in,
        mean_queue=mean_queue,
        occupancy=min(a * (answered / whole) / n, 1.0),
    )


def _states(ratios: Floats) -> tuple[Floats, float]:
    """Weights of 0, 1, ... callers that wait, each `ratios` times the one before, the largest 1; and the logarithm of
    the first, which may be too small for a float. The ratios fall."""
    peak = int((ratios >= 1).sum())
    states = np.ones(len(ratios) + 1)
    states[peak + 1 :] = np.cumprod(ratios[peak:])
    states[:peak] = np.cumprod(1 / ratios[:peak][::-1])[::-1]
    return states, -float(np.log(ratios[:peak]).sum())
