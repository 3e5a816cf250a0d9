"""The queue kernel, call by call against a queue written the slow way."""

from heapq import heappop, heappush
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.sizing.kernels.lanes import LANES
from simtel.sizing.kernels.queue_kernel import NEVER, serve_heap, serve_sorted

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while

SHORT = st.integers(0, 12)  # small numbers: ties are common
CALLS = st.lists(st.tuples(SHORT, SHORT, SHORT), min_size=1, max_size=40)


FREE, CALL, LEAVE = range(3)  # what happens first where several things happen at one instant


def slowly(calls: list[tuple[int, int, int]], agents: int) -> list[int]:
    """Who waits how long, told event by event."""
    came = list(accumulate(gap for gap, _, _ in calls))
    events = [(come, CALL, n) for n, come in enumerate(came)]
    queue: list[int] = []
    waits = {}
    while events:
        instant, what, n = heappop(events)
        if what == LEAVE and n in queue:
            queue.remove(n)
            waits[n] = -1 - calls[n][2]
        elif what == CALL:
            queue.append(n)
            heappush(events, (instant + calls[n][2], LEAVE, n))
        elif what == FREE:
            agents += 1
        if queue and agents:
            n = queue.pop(0)
            agents -= 1
            waits[n] = instant - came[n]
            heappush(events, (instant + calls[n][1], FREE, n))
    return [waits[n] for n in range(len(calls))]


def served(form: str, lanes: list[list[tuple[int, int, int]]], agents: int) -> list[list[int]]:
    calls = np.zeros((len(lanes[0]), 3, LANES), np.int64)  # [call, which, lane]
    calls[:, :, : len(lanes)] = np.array(lanes, np.int64).transpose(1, 2, 0)
    gaps, services, patiences = (np.ascontiguousarray(calls[:, i]) for i in range(3))
    waits = np.empty_like(gaps)
    now = np.zeros(LANES, np.int64)
    if form == "heap":
        serve_heap(np.zeros((LANES, agents), np.int64), now, gaps, services, patiences, waits)
    else:
        free = np.zeros((agents + 1, LANES), np.int64)
        free[-1] = NEVER
        serve_sorted(free, now, gaps, services, patiences, waits)
    assert now.tolist() == gaps.sum(axis=0).tolist()
    return waits.T[: len(lanes)].tolist()


@pytest.mark.parametrize("form", ["heap", "sorted"])
@given(calls=CALLS, agents=st.integers(1, 6))
def test_each_call_waits_as_long_as_it_would(form: str, calls: list[tuple[int, int, int]], agents: int) -> None:
    assert served(form, [calls], agents) == [slowly(calls, agents)]


@pytest.mark.parametrize("form", ["heap", "sorted"])
@given(seed=st.integers(0, 2**32), agents=st.integers(1, 40), lanes=st.integers(1, LANES))
def test_replications_side_by_side_do_not_touch(form: str, seed: int, agents: int, lanes: int) -> None:
    calls = np.random.default_rng(seed).integers(0, 60, (lanes, 80, 3))
    calls[:, :, 1] *= agents
    side_by_side = served(form, calls.tolist(), agents)
    assert side_by_side == [slowly([tuple(c) for c in lane], agents) for lane in calls.tolist()]
