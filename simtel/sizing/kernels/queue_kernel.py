"""First come, first served, people who give up: one queue before many agents, as fast as a processor allows.

An agent is the instant at which he is free; a call is taken by the first who is, unless that is later than its caller
waits. Two forms of the same rule:

- sorted: the instants in order. The first goes, the new one is put in its place: min(next, max(this, new)) at every
  position, no branch. Replications stand side by side, so that one instruction does it for several of them.
- heap: one replication after the other, with a binary heap: about log2(n) steps instead of n, none of them in
  vector registers. For large n, and for few replications.

Time is int64 nanoseconds. A tie is a call that comes in the nanosecond in which an agent gets free, and waits zero;
or an agent who gets free in the nanosecond in which the caller gives up, and takes the call.
"""

from typing import Final

import numpy as np

from simtel.sizing.kernels.compiled import compiler
from simtel.sizing.kernels.draws import Float, Int, Keys, Law, draw

NEVER: Final = 2**62  # ns: behind the last agent of the sorted form
BLOCK: Final = 8  # calls a lane that are drawn at once

compiled = compiler("queue_kernel", "draws")


# The two inner loops are functions of their own: only then does the compiler see that rows do not overlap.
@compiled
def _meet(first: Int, now: Int, gap: Int, service: Int, patience: Int, wait: Int, new: Int) -> None:
    """The next call of each lane meets the first agent; `new` becomes the instant at which he is free again."""
    for lane in range(now.size):
        come = now[lane] + gap[lane]
        now[lane] = come
        waited = max(first[lane] - come, 0)
        lost = waited > patience[lane]
        wait[lane] = -1 - patience[lane] if lost else waited
        new[lane] = first[lane] if lost else come + waited + service[lane]


@compiled
def _place(this: Int, following: Int, new: Int) -> None:
    """One position of the order, once the first has gone and `new` comes in."""
    for lane in range(new.size):
        this[lane] = min(following[lane], max(this[lane], new[lane]))


@compiled
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


@compiled
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


@compiled
def _tally(waits: Int, services: Int, threshold: int, abandoned: Int, within: Int, waited: Int, busy: Int) -> None:
    """Add up a block of calls, one lane a column."""
    for call in range(waits.shape[0]):
        wait, service = waits[call], services[call]
        for lane in range(wait.size):
            answered = wait[lane] >= 0
            abandoned[lane] += 0 if answered else 1
            within[lane] += 1 if answered and wait[lane] <= threshold else 0
            waited[lane] += wait[lane] if answered else 0
            busy[lane] += service[lane] if answered else 0


@compiled
def run(
    gap: Law,
    service: Law,
    patience: Law,
    streams: Keys,
    free: Int,
    heap: bool,
    calls: int,
    left_out: int,
    threshold: int,
) -> tuple[Int, Float]:
    """`calls` calls a lane, of which the first `left_out` are not counted; both multiples of the block.

    `streams` [3, 2, lanes] are those of gaps, services and patience, `free` as `serve_heap` or `serve_sorted` wants it.
    Returns counts [abandoned, within] and times [wait of the answered, service of the answered, length] (ns), by lane.
    """
    lanes = streams.shape[2]
    now = np.zeros(lanes, np.int64)
    begin = np.zeros(lanes, np.int64)
    counts = np.zeros((2, lanes), np.int64)
    times = np.zeros((3, lanes), np.float64)
    block = np.zeros((2, lanes), np.int64)  # sums of one block fit into int64; those of a run may not
    gaps, services = np.empty((BLOCK, lanes), np.int64), np.empty((BLOCK, lanes), np.int64)
    patiences, waits = np.empty((BLOCK, lanes), np.int64), np.empty((BLOCK, lanes), np.int64)
    for done in range(0, calls, BLOCK):
        draw(gap, streams[0], done, gaps)
        draw(service, streams[1], done, services)
        draw(patience, streams[2], done, patiences)
        if done == left_out:
            begin[:] = now
        if heap:
            serve_heap(free, now, gaps, services, patiences, waits)
        else:
            serve_sorted(free, now, gaps, services, patiences, waits)
        if done >= left_out:
            _tally(waits, services, threshold, counts[0], counts[1], block[0], block[1])
            for lane in range(lanes):
                times[0, lane] += block[0, lane]
                times[1, lane] += block[1, lane]
                block[0, lane] = block[1, lane] = 0
    for lane in range(lanes):
        times[2, lane] = now[lane] - begin[lane]
    return counts, times
