"""Overflow against both groups as a chain and in 50 digits; the equivalent random method against what it stands for."""

from math import exp, inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from simtel.sizing.formulas import equivalent_random, erlang_b, overflow, peaked_loss
from simtel.sizing.theory.overflow import _log_blocking
from tests.sizing import oracle


def moments(a: float, n: int, most: int) -> tuple[float, float]:
    """Mean and variance of the calls in a second group, big enough, as states of both groups."""
    size = (n + 1) * (most + 1)
    rates = np.zeros((size, size))
    for i in range(n + 1):
        for j in range(most + 1):
            here = i * (most + 1) + j
            moves = []
            if i < n:
                moves.append((here + most + 1, a))
            elif j < most:
                moves.append((here + 1, a))
            if i:
                moves.append((here - most - 1, float(i)))
            if j:
                moves.append((here - 1, float(j)))
            for there, rate in moves:
                rates[there, here] += rate
                rates[here, here] -= rate
    rates[0] = 1.0
    shares = np.linalg.solve(rates, np.eye(size)[0]).reshape(n + 1, most + 1).sum(axis=0)
    calls = np.arange(most + 1)
    mean = float(shares @ calls)
    return mean, float(shares @ calls**2) - mean**2


@pytest.mark.parametrize(("a", "n", "most"), [(2.0, 1, 30), (2.0, 3, 30), (5.0, 4, 40), (1.0, 8, 25), (9.0, 2, 50)])
def test_it_is_that_of_the_states(a: float, n: int, most: int) -> None:
    found, (mean, variance) = overflow(a, n), moments(a, n, most)
    assert found.mean == pytest.approx(mean, rel=1e-9)
    assert found.variance == pytest.approx(variance, rel=1e-9)


@pytest.mark.parametrize("n", [1, 30, 500, 2000])
@pytest.mark.parametrize("a", [0.01, 1.0, 30.0, 480.0, 2000.0, 2200.0])
def test_it_is_the_formula_in_50_digits(a: float, n: int) -> None:
    mean = a * oracle.erlang_b(a, n)
    variance = mean * (1 - mean + mpf(a) / (n + 1 - mpf(a) + mean))
    found = overflow(a, n)
    assert oracle.close(found.mean, mean)
    assert oracle.close(found.variance, variance)
    assert oracle.close(found.peakedness, variance / mean)


def test_published_figures() -> None:
    """Telektronikk 91 (2/3), 1995, figure 27: peakedness of what 20 E overflow from 0, 1, 10 and 20 servers."""
    assert [round(overflow(20.0, n).peakedness, 2) for n in (0, 1, 10, 20)] == [1.0, 1.04, 1.61, 2.61]


@pytest.mark.parametrize("x", [0.0, 0.25, 1.0, 7.5, 40.0, 99.99])
@pytest.mark.parametrize("a", [0.01, 0.6, 7.0, 90.0])
def test_servers_need_not_be_whole(a: float, x: float) -> None:
    due = mpf(a) ** x * mp.exp(-mpf(a)) / mp.gammainc(mpf(x) + 1, mpf(a))
    assert exp(_log_blocking(a, x)) == pytest.approx(float(due), rel=1e-11)


@settings(max_examples=25)
@given(a=st.floats(0.5, 200.0), n=st.integers(1, 200))
def test_the_equivalent_of_an_overflow_is_the_group_it_came_from(a: float, n: int) -> None:
    stream = overflow(a, n)
    if stream.mean < 1e-6 or stream.peakedness < 1 + 1e-6:
        return
    found = equivalent_random(stream.mean, stream.variance)
    assert found.offered_load == pytest.approx(a, rel=1e-5)
    assert found.servers == pytest.approx(n, abs=1e-4 * n + 1e-4)


@settings(max_examples=25)
@given(mean=st.floats(0.01, 200.0), peakedness=st.floats(1.001, 10.0))
def test_the_equivalent_of_any_stream_overflows_as_that_does(mean: float, peakedness: float) -> None:
    group = equivalent_random(mean, mean * peakedness)
    a, x = group.offered_load, group.servers
    flows = a * exp(_log_blocking(a, x))
    assert flows == pytest.approx(mean, rel=1e-9)
    assert 1 - flows + a / (x + 1 - a + flows) == pytest.approx(peakedness, rel=1e-6)


def test_clusters_lose_more() -> None:
    """What 10 E overflow from 10 servers loses on five more what 10 E lose on fifteen; as a Poisson stream, less."""
    stream = overflow(10.0, 10)
    assert peaked_loss(stream.mean, stream.variance, 5) == pytest.approx(
        10 * erlang_b(10.0, 15) / stream.mean, rel=1e-9
    )
    assert peaked_loss(stream.mean, stream.variance, 5) > 1.5 * erlang_b(stream.mean, 5)
    assert peaked_loss(stream.mean, stream.variance, 0) == pytest.approx(1, rel=1e-12)


def test_no_servers_and_no_calls() -> None:
    assert overflow(3.0, 0) == overflow(3.0, 0).__class__(3.0, 3.0, 1.0)
    assert overflow(0.0, 3).mean == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: overflow(-1.0, 3), "offered_load"),
        (lambda: overflow(1.0, -1), "servers"),
        (lambda: equivalent_random(0.0, 1.0), "mean must be above zero"),
        (lambda: equivalent_random(nan, 1.0), "mean"),
        (lambda: equivalent_random(1.0, inf), "variance"),
        (lambda: equivalent_random(2.0, 1.9), "variance must be 1.000000001 times the mean, 2.0, at least, not 1.9"),
        (lambda: equivalent_random(1e7, 2e7), "must be those of 20,000 erlang at most"),
        (lambda: peaked_loss(1.0, 200.0, 3), "must be those of 20,000 erlang at most, not of 1.2e[+]05"),
        (lambda: peaked_loss(1.0, 2.0, -1), "servers"),
    ],
)
def test_what_is_no_stream_is_named(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        call()
