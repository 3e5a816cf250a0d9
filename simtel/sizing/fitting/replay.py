"""Calls that really came, replayed before as many agents as really were there, with lengths drawn from fitted laws.

First come, first served, by the queue kernel. Agents come and go at the bounds of intervals: who comes is free at once,
who goes is one who is idle, else the first to get free, who ends his call before. A caller who was queued before agents
were added still waits for those who were there when he came: a change is felt by those who come after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simtel.profiles.law import Law
from simtel.sizing.fitting.laws import draw
from simtel.sizing.kernels.draws import LONGEST, SECOND, Int
from simtel.sizing.kernels.queue_kernel import serve_heap
from simtel.sizing.theory.quadrature import Floats

PAUSE = 1800.0  # seconds between two calls of an agent, up to which he was there; longer, he was away


@dataclass(frozen=True, slots=True)
class Service:
    """What an agent spends on a call and a caller on waiting; None: no wrap-up, and nobody gives up."""

    talk: Law
    wrap_up: Law | None
    patience: Law | None


def replay(
    came: Floats, agents: Int, interval: float, service: Service, replications: int, seed: int
) -> Iterator[tuple[slice, Floats]]:
    """For each interval with calls: which of them, and their waits [calls, replications] in seconds; of callers who
    give up, minus one minus their patience.

    `came`: instants at which calls reach the queue (seconds, rising, from 0). `agents`: how many are there in each
    interval of `interval` seconds; the last goes on for ever. Where nobody is there, calls wait until somebody comes.
    Replication n draws the same lengths whatever the number of replications.
    """
    instants = np.rint(came * SECOND).astype(np.int64)
    generators = [np.random.default_rng(np.random.SeedSequence((seed, n))) for n in range(replications)]
    now = np.zeros(replications, np.int64)
    free = np.zeros((replications, 0), np.int64)
    of = np.minimum((came // interval).astype(np.int64), len(agents) - 1)
    for number in range(len(agents)):
        free = _staffed(free, agents, number, interval)
        first, last = np.searchsorted(of, number), np.searchsorted(of, number, side="right")
        if first == last:
            continue
        count = int(last - first)
        before = instants[first - 1] if first else np.int64(0)
        gaps = np.repeat(np.diff(instants[first:last], prepend=before)[:, None], replications, axis=1)
        services = np.empty((count, replications), np.int64)
        patiences = np.empty((count, replications), np.int64)
        for lane, generator in enumerate(generators):
            length = draw(service.talk, generator, count)
            if service.wrap_up is not None:
                length += draw(service.wrap_up, generator, count)
            services[:, lane] = np.rint(length * SECOND)
            patiences[:, lane] = LONGEST if service.patience is None else np.rint(
                draw(service.patience, generator, count) * SECOND)  # fmt: skip
        found = np.empty((count, replications), np.int64)
        serve_heap(free, now, gaps, services, patiences, found)
        yield slice(int(first), int(last)), np.where(found < 0, -1.0 - (-1 - found) / SECOND, found / SECOND)


def _staffed(free: Int, agents: Int, number: int, interval: float) -> Int:
    """The agents of an interval, each lane in order, which makes it a heap."""
    begin, wanted = round(number * interval * SECOND), int(agents[number])
    if not wanted:  # whoever comes waits for the first who comes back
        later = np.flatnonzero(agents[number:])
        back = round((number + int(later[0])) * interval * SECOND) if len(later) else LONGEST / 2
        return np.full((len(free), 1), back, np.int64)
    ordered = np.sort(free, axis=1)
    missing = wanted - ordered.shape[1]
    if missing > 0:
        ordered = np.sort(np.concatenate((ordered, np.full((len(free), missing), begin, np.int64)), axis=1), axis=1)
    return np.ascontiguousarray(ordered[:, ordered.shape[1] - wanted :])


def staffing(agent: NDArray[np.uint64], begin: Floats, end: Floats, interval: float, intervals: int) -> Int:
    """How many agents were there in each interval, by their calls: `agent` (0: not known) was on a call from `begin` to
    `end` (seconds), and was there between two calls of his that are no longer than PAUSE apart. Whoever was there for a
    part of an interval counts for all of it: he waited for his first call, and after his last, unseen.
    """
    there = np.zeros(intervals, np.int64)
    known = agent != 0
    if not known.any():
        return there
    agent, begin, end = agent[known], begin[known], end[known]
    order = np.lexsort((begin, agent))
    agent, begin, end = agent[order], begin[order], end[order]
    fresh = np.ones(len(agent), bool)
    fresh[1:] = (agent[1:] != agent[:-1]) | (begin[1:] - end[:-1] > PAUSE)
    ends = np.maximum.reduceat(end, np.flatnonzero(fresh))
    for start, stop in zip(begin[fresh], ends, strict=True):
        there[int(start // interval) : int(stop // interval) + 1] += 1
    return there
