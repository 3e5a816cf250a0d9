"""A call holds a trunk from end to end: first with the IVR, then, if it wants an agent, in the queue and in service.

Trunks are all that limits who is let in, and nobody gives up. With Poisson calls and exponential times the state (k
calls with the IVR, l that wait for or talk to one of S agents, k + l at most N) has a product form: the weight of k is
that of a Poisson number, the weight of l that of a queue of S servers (Srinivasan, Talim & Wang, TOP 12, 2004). A call
that leaves the IVR sees the site as it would be with one trunk fewer and without this call (arrival theorem).
"""

from math import log1p

import numpy as np

from simtel.sizing.theory import arguments
from simtel.sizing.theory.quadrature import Floats
from simtel.sizing.theory.queue import Queue
from simtel.sizing.theory.waits import in_time


def trunks_ivr_agents(
    arrival_rate: float, ivr_mean: float, p_agent: float, aht: float, trunks: int, agents: int, threshold: float
) -> Queue:
    """A site of `trunks`, an IVR with a port for each, and `agents`.

    `arrival_rate` per second; `ivr_mean` (with the IVR, 0 or more), `aht` and `threshold` in seconds; `p_agent` is the
    share of calls that want an agent after the IVR. In the answer `p_block` is the share of all calls; waits and shares
    of waits are those of calls that want an agent, from the moment when they do. With more agents than trunks some
    never work. Any load is allowed. ValueError: an argument out of its domain.
    Source: Srinivasan, Talim & Wang 2004; Khudyakov, Feigin & Mandelbaum 2010.
    """
    rate, aht = arguments.load("arrival_rate", arrival_rate), arguments.positive("aht", aht)
    ivr = rate * arguments.duration("ivr_mean", ivr_mean)
    load = arguments.load("arrival_rate * p_agent * aht", rate * arguments.share("p_agent", p_agent) * aht)
    n, s = arguments.whole("trunks", trunks), arguments.whole("agents", agents)
    threshold = arguments.duration("threshold", threshold)
    ivr = arguments.load("arrival_rate * ivr_mean", ivr)

    lost, served, sums = _ivr(ivr, n)
    calls = np.arange(n + 1)  # that wait for or talk to an agent
    agent = _agents(load, s, n)
    seen = _shares(agent + sums[::-1])  # in the long run, l calls with the agents leave N - l trunks to the IVR
    met = _shares(agent[:n] + sums[n - 1 :: -1])  # by a call that leaves the IVR
    let_in = float((seen * served[::-1]).sum())
    late = met[s:]  # all agents busy, and 0, 1, ... calls wait already
    prompt = float(met[:s].sum() + (late * in_time(len(late), s / aht, np.inf, threshold)).sum())
    asa = float((late * np.arange(1, len(late) + 1)).sum()) * aht / s
    return Queue(
        p_block=float((seen * lost[::-1]).sum()),
        p_wait=let_in * float(late.sum()),
        p_abandon=0.0,
        service_level=let_in * prompt,
        service_level_answered=prompt,
        asa=asa,
        mean_wait=asa,
        mean_queue=float((seen * np.maximum(calls - s, 0)).sum()),
        occupancy=min(float((seen * np.minimum(calls, s)).sum()) / s, 1.0),
    )


def _ivr(load: float, trunks: int) -> tuple[Floats, Floats, Floats]:
    """For 0..trunks trunks left to the IVR: the share of time for which it holds them all, for which it does not, and
    the logarithm of the summed weights of its states."""
    lost, served, logs = [1.0], [0.0], [0.0]
    for k in range(1, trunks + 1):
        busy = load * lost[-1] / k
        served.append(1 / (1 + busy))
        lost.append(busy / (1 + busy))
        logs.append(log1p(busy))  # of the sums' ratio: one state more
    return np.array(lost), np.array(served), np.cumsum(logs, dtype=np.longdouble).astype(float)


def _agents(load: float, agents: int, most: int) -> Floats:
    """Logarithms of the weights of 0..most calls with the agents."""
    with np.errstate(divide="ignore"):  # nobody wants an agent: no weight but that of 0 calls
        steps = np.log(load / np.minimum(np.arange(1, most + 1), agents))
    return np.concatenate(([0.0], np.cumsum(steps, dtype=np.longdouble).astype(float)))


def _shares(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())
