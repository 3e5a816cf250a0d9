"""Redialling against the whole chain solved at once, one server in closed form, and the limits of slow and fast."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from simtel.sizing.formulas import Retrial, Unstable, erlang_b, erlang_c, retrial, slow_redial
from tests.sizing import oracle


def by_levels(rate: float, service: float, redial: float, c: int, levels: int) -> tuple[float, float]:
    """Share of time with all servers busy and mean orbit: each level as a linear system, from the topmost down.

    Of the level above only how callers come back matters; a general solver finds it, where simtel eliminates by hand.
    """
    back = np.zeros(c + 1)
    back[c] = 1.0
    shapes = []
    for j in range(levels, -1, -1):
        rates = np.zeros((c + 1, c + 1))
        for i in range(c + 1):
            if i < c:
                rates[i + 1, i] += rate
                rates[i, i] -= rate + j * redial
            else:
                rates[:, c] += rate * back
                rates[c, c] -= rate
            if i:
                rates[i - 1, i] += i * service
                rates[i, i] -= i * service
        rates[c] = 0.0
        rates[c, c] = 1.0
        shape = np.linalg.solve(rates, np.eye(c + 1)[c])
        shapes.append(shape)
        back = np.concatenate(([0.0], shape[:c] / shape[:c].sum()))
    shapes.reverse()
    logs = np.cumsum([0.0] + [np.log(rate / (j * redial * shapes[j][:c].sum())) for j in range(1, levels + 1)])
    full = np.exp(logs - logs.max())
    weights = full * [shape.sum() for shape in shapes]
    return float(full.sum() / weights.sum()), float((weights * np.arange(levels + 1)).sum() / weights.sum())


def whole_chain(rate: float, service: float, redial: float, c: int, most: int) -> tuple[float, float]:
    """The same from all states at once, with `most` callers about to redial at the most."""
    size = (c + 1) * (most + 1)
    rates = np.zeros((size, size))
    for j in range(most + 1):
        for i in range(c + 1):
            here = j * (c + 1) + i
            moves = [(here - 1, i * service)] if i else []
            if i < c:
                moves.append((here + 1, rate))
                if j:
                    moves.append((here - c, j * redial))
            elif j < most:
                moves.append((here + c + 1, rate))
            for there, speed in moves:
                rates[there, here] += speed
                rates[here, here] -= speed
    rates[0] = 1.0
    shares = np.linalg.solve(rates, np.eye(size)[0]).reshape(most + 1, c + 1)
    return float(shares[:, c].sum()), float(shares.sum(axis=1) @ np.arange(most + 1))


@pytest.mark.parametrize(
    ("rate", "redial", "c", "most"),
    [(0.5, 0.5, 1, 150), (1.2, 0.3, 2, 180), (2.0, 5.0, 3, 150), (0.1, 1.0, 3, 20), (3.0, 1.0, 4, 200)],
)
def test_it_is_the_whole_chain(rate: float, redial: float, c: int, most: int) -> None:
    found, (busy, orbit) = retrial(rate, 1.0, redial, c), whole_chain(rate, 1.0, redial, c, most)
    assert found.p_block == pytest.approx(busy, rel=1e-9)
    assert found.mean_orbit == pytest.approx(orbit, rel=1e-9)


@pytest.mark.parametrize(
    ("load", "redial", "c", "levels"), [(17.0, 0.1, 20, 500), (33.0, 20.0, 36, 500), (24.0, 1.0, 40, 80)]
)
def test_it_is_the_chain_by_levels(load: float, redial: float, c: int, levels: int) -> None:
    found, (busy, orbit) = retrial(load, 1.0, redial, c), by_levels(load, 1.0, redial, c, levels)
    assert found.p_block == pytest.approx(busy, rel=1e-9)
    assert found.mean_orbit == pytest.approx(orbit, rel=1e-9)


@pytest.mark.parametrize(
    ("load", "redial"), [(1e-3, 1e-3), (0.5, 1e-3), (0.5, 3.0), (0.9, 0.1), (0.9, 1e4), (0.99, 3.0), (0.99, 1e4)]
)
def test_one_server_in_closed_form(load: float, redial: float) -> None:
    """Falin & Templeton 1997, M/M/1: load (rate + load redial) / ((1 - load) redial) callers about to redial."""
    found = retrial(load * 2, 2.0, redial, 1)
    rate, rho, sigma = mpf(load * 2), mpf(load), mpf(redial)
    assert oracle.close(found.p_block, rho)
    assert oracle.close(found.mean_orbit, rho * (rate + rho * sigma) / ((1 - rho) * sigma))


@settings(max_examples=25)
@given(c=st.integers(1, 40), load=st.floats(0.05, 0.93), redial=st.floats(-2.0, 3.0))
def test_what_must_hold(c: int, load: float, redial: float) -> None:
    found = retrial(c * load, 1.0, 10.0**redial, c)
    assert found.mean_wait == pytest.approx(found.mean_orbit / (c * load), rel=1e-12)
    assert found.attempts == pytest.approx(1 + 10.0**redial * found.mean_wait, rel=1e-12)
    assert found.p_attempt_block == pytest.approx(1 - 1 / found.attempts, rel=1e-6, abs=1e-15)
    # The slower the redials, the fewer of the new calls are refused: from Erlang C down to the fixed point of Cohen.
    assert slow_redial(c * load, 1.0, c).p_block * (1 - 1e-9) <= found.p_block <= erlang_c(c * load, c) * (1 + 1e-9)
    assert found.p_block >= erlang_b(c * load, c)
    assert retrial(c * load, 1.0, 2 * 10.0**redial, c).p_block >= found.p_block * (1 - 1e-12)


def test_fast_redials_are_a_queue_and_slow_ones_a_stream() -> None:
    fast, slow = retrial(4.0, 1.0, 1e7, 5), retrial(4.0, 1.0, 1e-3, 5)
    limit = slow_redial(4.0, 1.0, 5)
    assert fast.p_block == pytest.approx(erlang_c(4.0, 5), rel=1e-5)
    assert fast.mean_wait == pytest.approx(erlang_c(4.0, 5), rel=1e-5)  # one second a server spare
    assert slow.p_block == pytest.approx(limit.p_block, rel=1e-3)
    assert slow.attempts == pytest.approx(limit.attempts, rel=1e-3)


@pytest.mark.parametrize(("load", "c"), [(0.001, 1), (27.0, 30), (59.999, 60), (1900.0, 2000), (1999.0, 2000)])
def test_the_fixed_point_of_slow_redials(load: float, c: int) -> None:
    """In 50 digits: of the whole stream just the new calls get through."""
    found = slow_redial(load, 1.0, c)
    stream = mpf(found.attempts) * load
    lost = oracle.erlang_b(stream, c)
    assert oracle.close(found.p_block, lost, 1e-9)
    # The stream is sharp if, 1e-9 to either side of it, fewer and more calls than the new ones get through.
    less, more = (
        stream * x * (1 - oracle.erlang_b(stream * x, c)) for x in (1 - mp.mpf(10) ** -9, 1 + mp.mpf(10) ** -9)
    )
    assert less < load < more


def test_a_large_group_and_none_who_redials() -> None:
    assert retrial(0.0, 1.0, 1.0, 3) == slow_redial(0.0, 1.0, 3) == Retrial(0, 0, 1, 0, 0, 0)
    assert retrial(1.0, 1.0, 1.0, 2000).p_block == 0
    found = retrial(1700.0, 1.0, 1.0, 2000)
    assert found.p_block == pytest.approx(erlang_b(1700.0, 2000), rel=1e-3)  # hardly any redial


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((-1.0, 1.0, 1.0, 1), "arrival_rate"), ((nan, 1.0, 1.0, 1), "arrival_rate"),
        ((1.0, 0.0, 1.0, 2), "service_rate"),
        ((1.0, inf, 1.0, 2), "service_rate"), ((1.0, 1.0, 0.0, 2), "redial_rate"), ((1.0, 1.0, nan, 2), "redial_rate"),
        ((1.0, 1.0, 1.0, 0), "servers"), ((1.0, 1.0, 1e31, 2), "redial_rate must be 1e[+]30 times the service_rate"),
        ((1e300, 1e-300, 1e-300, 2), "arrival_rate / service_rate"),
    ],
)  # fmt: skip
def test_what_is_no_group_is_named(arguments: tuple[float, float, float, int], words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        retrial(*arguments)
    assert not isinstance(error.value, Unstable)


def test_at_saturation_it_says_why_and_close_to_it_that_it_would_take_too_long() -> None:
    for load in (5.0, 7.0):
        with pytest.raises(Unstable, match="erlang meet 5 servers, and nobody gives up"):
            retrial(load, 1.0, 1.0, 5)
        with pytest.raises(Unstable, match="unstable"):
            slow_redial(load, 1.0, 5)
    with pytest.raises(Unstable, match="30 erlang meet 30 servers"):
        retrial(10 / 60, 1 / 180, 1.0, 30)
    with pytest.raises(ArithmeticError, match=r"too close to saturation, or too slow \(slow_redial is the limit\)"):
        retrial(5 - 1e-9, 1.0, 1.0, 5)


@pytest.mark.parametrize("redial", [1e-9, 1e-300])
def test_redials_too_slow_are_told_at_once(redial: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """18 E on 20 servers: 39 million callers or more would be about to redial once in 30 years; no level is tried."""
    monkeypatch.setattr("simtel.sizing.theory.retrial._levels", None)
    with pytest.raises(ArithmeticError, match="slow_redial is the limit"):
        retrial(0.1, 1 / 180, redial, 20)
