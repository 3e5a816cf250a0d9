"""First come, first served, people who give up: one queue before many agents, as fast as a processor allows.

An agent is the instant at which he is free; a call is taken by the first who is, unless that is later than its caller
waits. Two forms of the same rule:

- sorted: the instants in order. The first goes, the new one is put in its place: min(next, max(this, new)) at every
  position, no branch. Eight replications stand side by side, so that one instruction does it for all of them.
- heap: one replication after the other, with a binary heap: about log2(n) steps instead of n, none of them in
  vector registers. For large n, and for few replications.

Time is int64 nanoseconds. A tie is a call that comes in the nanosecond in which an agent gets free, and waits zero;
or an agent who gets free in the nanosecond in which the caller gives up, and takes the call.
"""

from typing import Final, cast

import numpy as np

from simtel.sizing.kernels.compiled import compiler, part
from simtel.sizing.kernels.draws import Int, Keys, Law, draw
from simtel.sizing.kernels.lanes import bits, load, store, to_doubles, where

NEVER: Final = 2**62  # ns: behind the last agent of the sorted form
_NONE: Final = cast("int", np.int64(0))  # of a plain 0 numba compiles another `draw`
BLOCK: Final = 64  # calls a lane that are drawn at once: with 32 agents all of it stays in the first cache

compiled = compiler("queue_kernel", "draws", "lanes")


@compiled
def serve_sorted(free: Int, now: Int, gaps: Int, services: Int, patiences: Int, waits: Int) -> None:
    """Bring calls [n, 8] before agents `free` [agents + 1, 8], each column in order and its last NEVER.

    `now` [8] is the instant of the latest call. `waits` becomes the wait of those who are answered; of those who
    give up, -1 - patience.
    """
    come = load(now, 0)
    for call in range(gaps.shape[0]):
        come = come + load(gaps, call)
        patience = load(patiences, call)
        this = load(free, 0)
        waited = max(this - come, 0)
        lost = waited > patience
        store(waits, call, where(lost, -1 - patience, waited))
        new = where(lost, this, come + waited + load(services, call))
        for agent in range(free.shape[0] - 1):
            following = load(free, agent + 1)
            store(free, agent, min(following, max(this, new)))
            this = following
    store(now, 0, come)


@compiled
def serve_heap(free: Int, now: Int, gaps: Int, services: Int, patiences: Int, waits: Int) -> None:
    """The same with `free` [lanes, agents] as binary heaps: no agent before the one at half its position."""
    agents = free.shape[1]
    for lane in range(free.shape[0]):
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


@part
def _tally(waits: Int, services: Int, threshold: int, sums: Int) -> None:
    """Add up calls: abandoned, answered within the threshold; waits and services of the answered, as float64's bits."""
    abandoned, within, waited, busy = load(sums, 0), load(sums, 1), bits(load(sums, 2)), bits(load(sums, 3))
    for call in range(waits.shape[0]):
        wait = load(waits, call)
        answered = wait > -1
        abandoned = abandoned + where(answered, 0, 1)
        within = within + where(answered, where(wait <= threshold, 1, 0), 0)
        waited = waited + to_doubles(max(wait, 0))
        busy = busy + to_doubles(where(answered, load(services, call), 0))
    store(sums, 0, abandoned)
    store(sums, 1, within)
    store(sums, 2, bits(waited))
    store(sums, 3, bits(busy))


@compiled
def run(
    laws: tuple[Law, Law, Law],
    streams: Keys,
    free: Int,
    heap: bool,
    calls: int,
    left_out: int,
    threshold: int,
    room: Int,
) -> None:
    """`calls` calls a lane, of which the first `left_out` are not counted.

    `laws` and `streams` [3, 2, 8] are those of gaps, services and patience, `free` as `serve_heap` or `serve_sorted`
    wants it. `room` [6 + 4 * BLOCK, 8], zeros, begins with the sums of `_tally` and the instants of the last call that
    is not counted and of the last of all.
    """
    gap, service, patience = laws
    sums, begin, now, blocks = room[:4], room[4], room[5], room[6:]
    done = _NONE
    while done < calls:
        size = min(BLOCK, (left_out if done < left_out else calls) - done)
        gaps, services = blocks[:size], blocks[BLOCK : BLOCK + size]
        patiences, waits = blocks[2 * BLOCK : 2 * BLOCK + size], blocks[3 * BLOCK : 3 * BLOCK + size]
        draw(gap, streams[0], done, gaps)
        draw(service, streams[1], done, services)
        draw(patience, streams[2], done, patiences)
        if heap:
            serve_heap(free, now, gaps, services, patiences, waits)
        else:
            serve_sorted(free, now, gaps, services, patiences, waits)
        if done >= left_out:
            _tally(waits, services, threshold, sums)
        else:
            begin[:] = now
        done += size
