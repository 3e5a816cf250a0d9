"""Replays by hand: fixed lengths, a few calls, agents who come and go."""

import numpy as np
import pytest

from simtel.core.quantity import Basis
from simtel.profiles.law import Law
from simtel.sizing.fitting.replay import PAUSE, Service, replay, staffing
from simtel.sizing.kernels.draws import Int
from simtel.sizing.theory.quadrature import Floats

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while


def fixed(seconds: float) -> Law:
    return Law("deterministic", seconds, Basis.MEASURED, "a test")


def whole(came: Floats, agents: Int, interval: float, service: Service, replications: int) -> Floats:
    """All intervals in one."""
    parts = list(replay(came, agents, interval, service, replications, 1))
    assert [n for part, _ in parts for n in range(part.start, part.stop)] == list(range(len(came)))
    return np.concatenate([waits for _, waits in parts])


def waits(came: list[float], agents: list[int], talk: float, patience: float | None = None) -> list[float]:
    service = Service(fixed(talk), None, None if patience is None else fixed(patience))
    found = whole(np.array(came), np.array(agents), 100.0, service, 2)
    assert found[:, 0].tolist() == found[:, 1].tolist()
    return found[:, 0].tolist()


def test_first_come_first_served() -> None:
    assert waits([0, 1, 2, 30], [1], 10) == [0, 9, 18, 0]
    assert waits([0, 1, 2, 30], [2], 10) == [0, 0, 8, 0]


def test_who_gives_up_takes_nobodys_time() -> None:
    assert waits([0, 1, 2, 3], [1], 10, patience=15) == [0, 9, -16, -16]
    assert waits([0, 1, 2, 20.5], [1], 10, patience=15) == [0, 9, -16, 0]


def test_wrap_up_holds_the_agent() -> None:
    found = whole(np.array([0.0, 1.0]), np.array([1]), 100.0, Service(fixed(10), fixed(5), None), 1)
    assert found[:, 0].tolist() == [0, 14]


def test_agents_come_and_go_at_the_bounds() -> None:
    # One agent, busy until 150 s; a second from 100 s on takes the call at 110 s; after 200 s one of them is left.
    assert waits([50, 110, 201, 202], [1, 2, 1], 100) == [0, 0, 9, 108]
    # Who is idle goes first: the one who is busy until 150 s stays, and the next call waits for him.
    assert waits([50, 110], [2, 1], 100) == [0, 40]


def test_where_nobody_is_there_calls_wait_until_somebody_comes() -> None:
    assert waits([10, 110], [0, 1], 50) == [90, 40]
    assert waits([10], [0, 1], 50, patience=30) == [-31]


def test_drawn_lengths_are_the_same_whatever_else_is_replayed() -> None:
    came = np.sort(np.random.default_rng(1).uniform(0, 5000, 300))
    service = Service(
        Law("exponential", 60.0, Basis.MEASURED, "x"), None, Law("exponential", 40.0, Basis.MEASURED, "x")
    )
    two, five = (whole(came, np.full(50, 4), 100.0, service, n) for n in (2, 5))
    assert (two == five[:, :2]).all()
    assert (two[:, 0] != two[:, 1]).any()


def test_exponential_queue_gives_the_figures_of_the_formula() -> None:
    from simtel.sizing.formulas import erlang_a_queue  # noqa: PLC0415

    rate, n = 1 / 6, 32
    came = np.cumsum(np.random.default_rng(1).exponential(1 / rate, 40_000))
    service = Service(
        Law("exponential", 180.0, Basis.MEASURED, "x"), None, Law("exponential", 120.0, Basis.MEASURED, "x")
    )
    found = whole(came, np.array([n]), 1e9, service, 6)
    exact = erlang_a_queue(rate, 180.0, 120.0, n)
    assert (found < 0).mean() == pytest.approx(exact.p_abandon, abs=0.006)
    assert found[found >= 0].mean() == pytest.approx(exact.asa, abs=0.8)


def test_agents_are_there_between_calls_that_are_not_far_apart() -> None:
    agent = np.array([7, 7, 8, 7, 0], np.uint64)
    begin = np.array([0.0, 1000.0, 950.0, 1100 + PAUSE + 2000, 0.0])
    end = np.array([100.0, 1100.0, 960.0, 1100 + PAUSE + 2100, 9000.0])
    assert staffing(agent, begin, end, 900.0, 8).tolist() == [1, 2, 0, 0, 0, 1, 0, 0]
    assert staffing(agent[:0], begin[:0], end[:0], 900.0, 2).tolist() == [0, 0]


def test_who_pauses_for_more_than_half_an_hour_was_away() -> None:
    agent, begin = np.array([7, 7], np.uint64), np.array([0.0, 1900.0 + 100])
    assert staffing(agent, begin, begin + 100, 900.0, 3).tolist() == [1, 0, 1]  # away for 1,900 s
    assert staffing(agent, begin, begin + 300, 900.0, 3).tolist() == [1, 1, 1]  # for 1,700 s
