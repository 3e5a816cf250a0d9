"""The queue kernel, call by call against a queue written the slow way, and against exact figures."""

from heapq import heappop, heappush
from itertools import accumulate
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.sizing import queue_kernel
from simtel.sizing.draws import Law
from simtel.sizing.queue_kernel import NEVER, serve_heap, serve_sorted, simulate

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
    calls = np.array(lanes, np.int64).transpose(1, 2, 0)  # [call, which, lane]
    gaps, services, patiences = (np.ascontiguousarray(calls[:, i]) for i in range(3))
    waits = np.empty_like(gaps)
    now = np.zeros(len(lanes), np.int64)
    if form == "heap":
        serve_heap(np.zeros((len(lanes), agents), np.int64), now, gaps, services, patiences, waits)
    else:
        free = np.zeros((agents + 1, len(lanes)), np.int64)
        free[-1] = NEVER
        serve_sorted(free, now, gaps, services, patiences, waits)
    assert now.tolist() == gaps.sum(axis=0).tolist()
    return waits.T.tolist()


@pytest.mark.parametrize("form", ["heap", "sorted"])
@given(calls=CALLS, agents=st.integers(1, 6))
def test_each_call_waits_as_long_as_it_would(form: str, calls: list[tuple[int, int, int]], agents: int) -> None:
    assert served(form, [calls], agents) == [slowly(calls, agents)]


@pytest.mark.parametrize("form", ["heap", "sorted"])
@given(seed=st.integers(0, 2**32), agents=st.integers(1, 40), lanes=st.integers(1, 20))
def test_replications_side_by_side_do_not_touch(form: str, seed: int, agents: int, lanes: int) -> None:
    calls = np.random.default_rng(seed).integers(0, 60, (lanes, 80, 3))
    calls[:, :, 1] *= agents
    side_by_side = served(form, calls.tolist(), agents)
    assert side_by_side == [slowly([tuple(c) for c in lane], agents) for lane in calls.tolist()]


# M/M/32+M, 10 calls a minute, 180 s, patience 120 s: computed to 50 digits from the chain.
EXACT = (0.0509523, 0.841826, 5.63838)


@pytest.mark.parametrize(("form", "sorted_up_to"), [("sorted", 200), ("heap", 0)])
def test_a_queue_with_abandonment_has_its_exact_figures(
    form: str, sorted_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_kernel, "SORTED_UP_TO", sorted_up_to)
    exponential = Law.exponential
    found = simulate(exponential(6.0), exponential(180.0), exponential(120.0), 32, 20.0, 20_000, 2_000)
    for replications, exact in zip((found.abandoned, found.service_level, found.asa), EXACT, strict=True):
        error = replications.std(ddof=1) / sqrt(replications.size)
        assert abs(replications.mean() - exact) < 4 * error
        assert error < 0.02 * exact  # or nothing would be shown
    assert found.occupancy.mean() == pytest.approx(30 * (1 - EXACT[0]) / 32, rel=0.005)


def test_both_forms_are_one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> queue_kernel.Replications:
        return simulate(
            Law.exponential(1.0), Law.lognormal(30.0, 1.4), Law.uniform(0.0, 20.0), 28, 5.0, 1_000, 100, range(9)
        )

    one = run()
    monkeypatch.setattr(queue_kernel, "SORTED_UP_TO", 0)
    other = run()
    for field in ("abandoned", "service_level", "asa", "occupancy"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))


def test_replications_are_the_same_however_they_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(chosen: range) -> np.ndarray:
        return simulate(
            Law.exponential(6.0), Law.exponential(60.0), Law.fixed(inf), 12, 20.0, 400, 0, chosen
        ).service_level

    whole = run(range(20))
    np.testing.assert_array_equal(whole, np.concatenate([run(range(3)), run(range(3, 20))]))
    monkeypatch.setattr(queue_kernel, "LANES", 7)
    np.testing.assert_array_equal(whole, run(range(20)))


@pytest.mark.parametrize(
    ("servers", "calls", "left_out"), [(0, 100, 0), (-1, 100, 0), (3, 0, 0), (3, 100, 100), (3, 8, -1000)]
)
def test_refused(servers: int, calls: int, left_out: int) -> None:
    law = Law.exponential(1.0)
    with pytest.raises(ValueError, match=r"not|cannot"):
        simulate(law, law, law, servers, calls=calls, left_out=left_out)
