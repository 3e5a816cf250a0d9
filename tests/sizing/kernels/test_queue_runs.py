"""Simulated queues: exact figures of a chain, both forms of the kernel alike, replications that know no neighbours."""

from concurrent.futures import ThreadPoolExecutor
from math import inf, isnan, nan, sqrt
from typing import Any

import numpy as np
import pytest

from simtel.sizing.formulas import erlang_a_queue
from simtel.sizing.intervals import paired_difference
from simtel.sizing.kernels import queue_runs
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.queue_runs import QueueRuns, simulate_queue
from tests.sizing.memory import height, measured

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while

FIGURES = ("service_level", "abandonment", "asa", "occupancy")

exponential = Law.exponential


def same(one: QueueRuns, other: QueueRuns) -> None:
    for figure in FIGURES:
        np.testing.assert_array_equal(getattr(one, figure), getattr(other, figure))


@pytest.mark.parametrize(("form", "sorted_up_to"), [("sorted", 200), ("heap", 0)])
def test_a_queue_with_abandonment_has_its_exact_figures(
    form: str, sorted_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_runs, "SORTED_UP_TO", sorted_up_to)
    found = simulate_queue(exponential(6.0), exponential(180.0), exponential(120.0), 32, calls=18_000, warm_up=2_000)
    exact = erlang_a_queue(10 / 60, 180.0, 120.0, 32)
    assert exact.p_abandon == pytest.approx(0.0509523, rel=1e-6)  # what everybody measures on this queue
    wanted = (exact.service_level, exact.p_abandon, exact.asa, exact.occupancy)
    for figure, right in zip(FIGURES, wanted, strict=True):
        replications = getattr(found, figure)
        error = replications.std(ddof=1) / sqrt(replications.size)
        assert abs(replications.mean() - right) < 4 * error
        assert error < 0.02 * right  # or nothing would be shown


def test_counts_and_times_add_up() -> None:
    found = simulate_queue(
        exponential(2.0), Law.fixed(10.0), Law.fixed(3.0), 4, threshold=1.0, calls=4_000, warm_up=80,
        replications=range(9),
    )  # fmt: skip
    np.testing.assert_array_equal(found.answered + found.abandoned, found.offered)
    np.testing.assert_array_equal(found.busy, found.answered * 10.0)
    assert (found.within < found.answered).all()
    assert (found.asa < 3.0).all()
    assert found.length.mean() == pytest.approx(8_000, rel=0.02)


@pytest.mark.parametrize(("threshold", "share"), [(2.0, 1.0), (1.999, 0.25)])
def test_who_is_answered_at_the_threshold_is_within(threshold: float, share: float) -> None:
    """One agent, a call each second, a talk of 3 s, a patience of 2 s: the first is taken at once, every third of the
    others after 2 s."""
    found = simulate_queue(
        Law.fixed(1.0), Law.fixed(3.0), Law.fixed(2.0), 1, threshold=threshold, calls=8, replications=range(8)
    )
    assert (found.within / found.answered).tolist() == [share] * 8


def test_a_warm_up_is_left_out() -> None:
    """The same calls, cut in two, are those of the whole."""

    def run(calls: int, warm_up: int) -> QueueRuns:
        return simulate_queue(
            exponential(1.0), exponential(9.0), exponential(5.0), 8, calls=calls, warm_up=warm_up,
            replications=range(8),
        )  # fmt: skip

    whole, first, second = run(800, 0), run(240, 0), run(560, 240)
    for count in ("offered", "answered", "abandoned", "within"):
        np.testing.assert_array_equal(getattr(whole, count), getattr(first, count) + getattr(second, count))
    for time in ("waited", "busy", "length"):
        np.testing.assert_allclose(getattr(whole, time), getattr(first, time) + getattr(second, time), rtol=1e-12)


def test_both_forms_are_one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> QueueRuns:
        return simulate_queue(
            exponential(1.0), Law.lognormal(30.0, 1.4), Law.uniform(0.0, 20.0), 28, threshold=5.0, calls=900,
            warm_up=100, replications=range(9),
        )  # fmt: skip

    one = run()
    monkeypatch.setattr(queue_runs, "SORTED_UP_TO", 0)
    same(one, run())


def test_replications_are_the_same_however_they_are_cut() -> None:
    def run(chosen: range, **how: Any) -> QueueRuns:
        return simulate_queue(
            exponential(6.0), exponential(60.0), Law.fixed(inf), 12, calls=401, warm_up=3, replications=chosen, **how
        )

    whole = run(range(20))
    parts = run(range(3)), run(range(3, 20))
    np.testing.assert_array_equal(whole.service_level, np.concatenate([part.service_level for part in parts]))
    with ThreadPoolExecutor(2) as pool:
        same(whole, run(range(20), each=pool.map))


def test_two_designs_meet_the_same_callers() -> None:
    """A pair says more than two runs apart: what both have in common is taken out."""

    def run(agents: int, seed: int) -> np.ndarray:
        return simulate_queue(
            exponential(6.0), exponential(180.0), exponential(120.0), agents, calls=4_000, seed=seed
        ).service_level

    paired = paired_difference(run(33, 1), run(32, 1))
    apart = paired_difference(run(33, 1), run(32, 2))
    assert paired.low > 0
    assert paired.half_width < apart.half_width / 3


@measured
def test_memory_does_not_grow_with_calls() -> None:
    def most(calls: int) -> int:
        return height(
            lambda: simulate_queue(
                exponential(6.0), exponential(60.0), Law.fixed(9.0), 12, calls=calls, replications=range(8)
            )
        )

    most(8)  # what is loaded once
    assert most(200_000) < most(2_000) + 4_000_000  # three bytes a call


def test_nobody_answered_has_no_speed_of_answer() -> None:
    found = simulate_queue(
        exponential(1.0), Law.fixed(1e6), Law.fixed(0.0), 1, calls=8, warm_up=80, replications=range(2)
    )
    assert found.abandonment.tolist() == [1.0, 1.0]
    assert isnan(found.asa[0])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agents": 0}, "agents must be"),
        ({"agents": -1}, "agents must be"),
        ({"calls": 0}, "calls must be"),
        ({"calls": nan}, "calls must be"),
        ({"warm_up": -8}, "warm_up must be"),
        ({"threshold": -1.0}, "threshold must be"),
        ({"threshold": nan}, "threshold must be"),
        ({"seed": -1}, "seed must be"),
        ({"replications": range(0)}, "replications must be"),
        ({"replications": range(-1, 3)}, "replications must be"),
        ({"calls": 10**10}, "fewer calls"),
        ({"service": Law.fixed(inf)}, "fewer calls"),
    ],
)
def test_refused(wrong: dict[str, object], said: str) -> None:
    law = exponential(1.0)
    with pytest.raises(ValueError, match=said):
        simulate_queue(**({"gap": law, "service": law, "patience": law, "agents": 3} | wrong))  # type: ignore[arg-type]
