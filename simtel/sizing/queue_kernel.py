"""First come, first served, people who give up: one queue before many agents, as fast as a processor allows.

An agent is the instant at which he is free; a call is taken by the first who is, unless that is later than its caller
waits. Two forms of the same rule:

- sorted: the instants in order. The first goes, the new one is put in its place: min(next, max(this, new)) at every
  position, no branch. Replications stand side by side, so that one instruction does it for several of them.
- heap: one replication after the other, with a binary heap: about log2(n) steps instead of n, none of them in
  vector registers. Taken for large n, and where there is one replication only.

Time is int64 nanoseconds. A tie is a call that comes in the nanosecond in which an agent gets free, and waits zero;
or an agent who gets free in the nanosecond in which the caller gives up, and takes the call.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit

from simtel.sizing.draws import SECOND, Float, Int, Keys, Law, draw, keys

NEVER: Final = 2**62  # ns: behind the last agent of the sorted form
LANES: Final = 64  # replications side by side: two blocks of draws and 32 agents stay in the first cache
_BLOCK: Final = 8  # calls a replication that are drawn at once
SORTED_UP_TO: Final = 200  # agents
FEWEST_LANES: Final = 8  # replications for which the sorted form pays


# The two inner loops are functions of their own: only then does the compiler see that rows do not overlap.
@njit(cache=True, error_model="numpy")
def _meet(first: Int, now: Int, gap: Int, service: Int, patience: Int, wait: Int, new: Int) -> None:
    """The next call of each lane meets the first agent; `new` becomes the instant at which he is free again."""
    for lane in range(now.size):
        come = now[lane] + gap[lane]
        now[lane] = come
        waited = max(first[lane] - come, 0)
        lost = waited > patience[lane]
        wait[lane] = -1 - patience[lane] if lost else waited
        new[lane] = first[lane] if lost else come + waited + service[lane]


@njit(cache=True, error_model="numpy")
def _place(this: Int, following: Int, new: Int) -> None:
    """One position of the order, once the first has gone and `new` comes in."""
    for lane in range(new.size):
        this[lane] = min(following[lane], max(this[lane], new[lane]))


@njit(cache=True, error_model="numpy")
def serve_sorted(free: Int, now: Int, gaps: Int, services: Int, patiences: Int, waits: Int) -> None:
    """Bring calls [n, lanes] before agents `free` [agents + 1, lanes], each column in order and its last NEVER.

    `now` [lanes] is the instant of the latest call. `waits` becomes the wait of those who are answered; of those who
    give up, -1 - patience.
    """
    new = np.empty_like(now)
    for call in range(gaps.shape[0]):
        _meet(free[0], now, gaps[call], services[call], patiences[call], waits[call], new)
        for agent in range(free.shape[0] - 1):
            _place(free[agent], free[agent + 1], new)


@njit(cache=True, error_model="numpy")
def serve_heap(free: Int, now: Int, gaps: Int, services: Int, patiences: Int, waits: Int) -> None:
    """The same with `free` [lanes, agents] as binary heaps: no agent before the one at half its position."""
    agents = free.shape[1]
    for lane in range(now.size):
        heap = free[lane]
        come = now[lane]
        for call in range(gaps.shape[0]):
            come += gaps[call, lane]
            waited = max(heap[0] - come, 0)
            patience = patiences[call, lane]
            if waited > patience:
                waits[call, lane] = -1 - patience
                continue
            waits[call, lane] = waited
            new = come + waited + services[call, lane]
            hole = 0
            while True:
                child = 2 * hole + 1
                if child >= agents:
                    break
                if child + 1 < agents and heap[child + 1] < heap[child]:
                    child += 1
                if heap[child] >= new:
                    break
                heap[hole] = heap[child]
                hole = child
            heap[hole] = new
        now[lane] = come


@njit(cache=True, error_model="numpy")
def _tally(waits: Int, services: Int, threshold: int, abandoned: Int, within: Int, waited: Int, busy: Int) -> None:
    for call in range(waits.shape[0]):
        wait, service = waits[call], services[call]
        for lane in range(wait.size):
            answered = wait[lane] >= 0
            abandoned[lane] += 0 if answered else 1
            within[lane] += 1 if answered and wait[lane] <= threshold else 0
            waited[lane] += wait[lane] if answered else 0
            busy[lane] += service[lane] if answered else 0


@njit(cache=True, error_model="numpy", nogil=True)
def _run(
    gap: Law,
    service: Law,
    patience: Law,
    streams: Keys,
    free: Int,
    heap: bool,
    calls: int,
    left_out: int,
    threshold: int,
) -> Int:
    """Sums [abandoned, within, waited, busy, end of the time left out, end] by lane over `calls` a lane, both multiples
    of the block, the first `left_out` of them not counted."""
    lanes = streams.shape[2]
    now = np.zeros(lanes, np.int64)
    sums = np.zeros((6, lanes), np.int64)
    gaps, services = np.empty((_BLOCK, lanes), np.int64), np.empty((_BLOCK, lanes), np.int64)
    patiences, waits = np.empty((_BLOCK, lanes), np.int64), np.empty((_BLOCK, lanes), np.int64)
    for done in range(0, calls, _BLOCK):
        draw(gap, streams[0], done, gaps)
        draw(service, streams[1], done, services)
        draw(patience, streams[2], done, patiences)
        if done == left_out:
            sums[4] = now
        if heap:
            serve_heap(free, now, gaps, services, patiences, waits)
        else:
            serve_sorted(free, now, gaps, services, patiences, waits)
        if done >= left_out:
            _tally(waits, services, threshold, sums[0], sums[1], sums[2], sums[3])
    sums[5] = now
    return sums


@dataclass(frozen=True)
class Replications:
    """What each replication of a queue came to; arrays [replications]."""

    calls: int  # counted in each
    abandoned: Float  # share of calls
    service_level: Float  # share answered within the threshold, of all calls
    asa: Float  # mean wait of answered calls, s
    occupancy: Float  # busy share of the agents' time


def simulate(
    gap: Law,
    service: Law,
    patience: Law,
    servers: int,
    threshold: float = 20.0,
    calls: int = 100_000,
    left_out: int = 0,
    replications: range = range(LANES),
    seed: int = 1,
) -> Replications:
    """G/G/n+G from empty: `calls` calls in each replication, of which the first `left_out` do not count.

    `threshold` in seconds. Both counts of calls are rounded up to whole blocks of 8.
    """
    if servers < 1:
        raise ValueError(f"a queue needs an agent, not {servers}")
    whole, skipped = -(-calls // _BLOCK) * _BLOCK, -(-left_out // _BLOCK) * _BLOCK
    if not 0 <= skipped < whole:
        raise ValueError(f"of {calls} calls {left_out} cannot be left out")
    parts = [
        _lanes(gap, service, patience, servers, round(threshold * SECOND), whole, skipped, chunk, seed)
        for chunk in (replications[i : i + LANES] for i in range(0, len(replications), LANES))
    ]
    abandoned, within, waited, busy, begin, end = np.concatenate(parts, axis=1)
    counted = whole - skipped
    answered = counted - abandoned
    return Replications(
        counted,
        abandoned / counted,
        within / counted,
        waited / np.maximum(answered, 1) / SECOND,
        busy / ((end - begin) * float(servers)),
    )


def _lanes(
    gap: Law,
    service: Law,
    patience: Law,
    servers: int,
    threshold: int,
    calls: int,
    left_out: int,
    chunk: range,
    seed: int,
) -> Int:
    streams = np.stack([keys(seed, purpose, chunk) for purpose in ("arrivals", "service", "patience")])
    heap = len(chunk) < FEWEST_LANES or servers > SORTED_UP_TO
    if heap:
        free = np.zeros((len(chunk), servers), np.int64)
    else:
        free = np.zeros((servers + 1, len(chunk)), np.int64)
        free[-1] = NEVER
    made: Int = _run(gap, service, patience, streams, free, heap, calls, left_out, threshold)
    return made
