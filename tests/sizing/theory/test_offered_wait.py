"""M/M/n+G for each law of patience: against the integral in 50 digits, against each other, and by what must hold."""

from collections.abc import Callable
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from simtel.sizing.formulas import (
    Deterministic,
    Erlang2,
    Exponential,
    Hyperexponential,
    Patience,
    Queue,
    Uniform,
    Unstable,
    erlang_b,
    erlang_c_queue,
    mmn_g_queue,
)
from tests.sizing import oracle


def digits(law: Patience) -> Callable[[Any], tuple[Any, Any]]:
    """The law in as many digits as are asked for: who is gone, and the integral of that."""
    m = mpf(law.mean)

    def deterministic(v: Any) -> tuple[Any, Any]:
        return mpf(v > m), max(v - m, mpf(0))

    def uniform(v: Any) -> tuple[Any, Any]:
        return min(v / (2 * m), mpf(1)), v**2 / (4 * m) if v < 2 * m else v - m

    def erlang2(v: Any) -> tuple[Any, Any]:
        y = 2 * v / m
        e = mp.exp(-y)
        return 1 - (1 + y) * e, v - m / 2 * (2 - (2 + y) * e)

    def exponential(parts: list[tuple[Any, Any]]) -> Callable[[Any], tuple[Any, Any]]:
        def mixed(v: Any) -> tuple[Any, Any]:
            gone = [(p * (1 - mp.exp(-v / x)), x) for p, x in parts]
            return mp.fsum(g for g, _ in gone), v * whole - mp.fsum(g * x for g, x in gone)

        whole = mp.fsum(p for p, _ in parts)
        return mixed

    match law:
        case Hyperexponential():
            return exponential([(mpf(p), mpf(x)) for p, x in zip(law.shares, law.means, strict=True)])
        case Exponential():
            return exponential([(mpf(1), m)])
        case Deterministic():
            return deterministic
        case Uniform():
            return uniform
    return erlang2


def peak(law: Patience, rate: float, aht: float, n: int) -> Any:
    """By halving, in 50 digits."""
    many = 1 - n / (mpf(rate) * mpf(aht))
    if many <= 0:
        return mpf(0)
    shares = digits(law)
    low, high = mpf(0), mpf(law.mean)
    while shares(high)[0] < many:
        high *= 2
    for _ in range(3 * mp.dps):
        low, high = ((low + high) / 2, high) if shares((low + high) / 2)[0] < many else (low, (low + high) / 2)
    return high


LAWS: list[Patience] = [
    Deterministic(120.0),
    Uniform(120.0),
    Erlang2(120.0),
    Exponential(120.0),
    Hyperexponential((0.3, 0.7), (20.0, 160.0)),
    Hyperexponential((0.5, 0.499, 0.001), (0.01, 200.0, 50_000.0)),  # half hang up on the spot, a few wait all day
]
QUEUES = [  # rate, aht, servers, threshold
    (10 / 60, 180.0, 32, 20.0),
    (0.25, 128.0, 32, 20.0),  # saturation to the last bit
    (18 / 60, 180.0, 32, 20.0),  # 1.7 times too much
    (0.004, 180.0, 1, 5.0),
    (2100 / 180, 180.0, 2000, 20.0),
]


@pytest.mark.parametrize(
    ("queue", "law"),
    [(QUEUES[0], law) for law in LAWS] + [(queue, law) for queue in QUEUES[1:] for law in (LAWS[0], LAWS[2], LAWS[5])],
    ids=lambda x: f"{x[0] * x[1]:.0f} E on {x[2]}" if isinstance(x, tuple) else type(x).__name__,
)
def test_every_field_is_that_of_the_integral(queue: tuple[float, float, int, float], law: Patience) -> None:
    rate, aht, n, threshold = queue
    scale = min(getattr(law, "means", (law.mean,)))
    wanted = oracle.integral(rate, aht, n, threshold, digits(law), peak(law, rate, aht, n), scale, law.corners)
    oracle.same(mmn_g_queue(rate, aht, n, law, threshold), wanted)


@pytest.mark.parametrize("mean", [1e-6, 1e6, 1e30])
@pytest.mark.parametrize(
    ("kind", "load"),
    [(Deterministic, 40.0), (Uniform, 40.0), (Erlang2, 40.0), (Exponential, 40.0), (Erlang2, 24.0), (Uniform, 32.0)],
)
def test_extreme_patience(kind: type[Exponential], mean: float, load: float) -> None:
    law = kind(mean)
    with mp.workdps(130):  # 1 less nearly 1
        top = peak(law, load / 128, 128.0, 32)
        wanted = oracle.integral(load / 128, 128.0, 32, 20.0, digits(law), top, mean, law.corners)
    oracle.same(mmn_g_queue(load / 128, 128.0, 32, law, 20.0), wanted)


def laws() -> st.SearchStrategy[Patience]:
    means = st.floats(-2.0, 4.0).map(lambda power: 10.0**power)
    simple = [means.map(kind) for kind in (Deterministic, Uniform, Erlang2, Exponential)]
    mixed = st.builds(
        lambda share, one, other: Hyperexponential((share, 1 - share), (one, other)),
        st.floats(0.001, 0.999),
        means,
        means,
    )
    return st.one_of(*simple, mixed)


@settings(max_examples=50)
@given(law=laws(), n=st.integers(1, 300), load=st.floats(0.05, 4.0), threshold=st.floats(0.0, 600.0))
def test_what_must_hold_whatever_the_patience(law: Patience, n: int, load: float, threshold: float) -> None:
    aht = 180.0
    rate = n * load / aht
    found = mmn_g_queue(rate, aht, n, law, threshold)
    # Servers: as states below n have it (a Poisson law cut off) or all busy. The formula sees only who is answered.
    a, weight, below, busy = rate * aht, 1.0, 0.0, 0.0
    for k in range(n - 1, -1, -1):
        below, busy, weight = below + weight, busy + k * weight, weight * k / a
    kept = (1 - found.p_wait) * (busy / below) + n * found.p_wait
    assert found.occupancy * n == pytest.approx(kept, rel=1e-8)
    assert found.mean_queue == pytest.approx(rate * found.mean_wait, rel=1e-12)
    assert 0 <= found.p_abandon <= found.p_wait <= 1
    assert 1 - found.p_wait <= found.service_level + 1e-12
    assert found.service_level <= 1 - found.p_abandon + 1e-12
    later = mmn_g_queue(rate, aht, n, law, threshold + 10)
    assert later.service_level >= found.service_level * (1 - 1e-12)
    assert later.p_abandon == pytest.approx(found.p_abandon, rel=1e-10)


def test_kinds_of_callers_that_are_all_the_same_are_one() -> None:
    one = mmn_g_queue(0.2, 180.0, 32, Exponential(120.0), 20.0)
    many = mmn_g_queue(0.2, 180.0, 32, Hyperexponential((0.25, 0.25, 0.5), (120.0,) * 3), 20.0)
    oracle.same(many, {name: getattr(one, name) for name in Queue.__slots__}, 1e-12)


def test_steadier_patience_makes_for_a_longer_queue() -> None:
    """Of equal mean, the more callers give up early, the shorter the wait of the rest (in a queue that keeps up)."""
    found = [mmn_g_queue(10 / 60, 180.0, 32, law, 20.0).p_wait for law in LAWS[:5]]
    assert found[0] > found[2] > found[1] > found[3] > found[4]


@pytest.mark.parametrize("kind", [Deterministic, Uniform, Erlang2, Exponential])
def test_no_patience_and_endless_patience(kind: type[Exponential]) -> None:
    none, endless = mmn_g_queue(0.2, 100.0, 20, kind(0.0), 20.0), mmn_g_queue(0.15, 100.0, 20, kind(inf), 20.0)
    assert none.p_abandon == none.p_wait == erlang_b(20.0, 20)
    assert endless == erlang_c_queue(0.15, 100.0, 20, 20.0)
    with pytest.raises(Unstable):
        mmn_g_queue(0.25, 100.0, 20, kind(inf), 20.0)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_a_law_agrees_with_itself(law: Patience) -> None:
    """Gone and waiting sum to one, the rest are integrals of them, and `time_until` is the inverse of `gone`."""
    times = np.array([1e-6, 0.01, 1.0, 30.0, 119.0, 121.0, 500.0])
    assert law.gone(0.0, times) + law.waiting(0.0, times) == pytest.approx(1.0)
    shares = digits(law)
    for start, after in ((0.0, 7.0), (0.0, 1e-5), (90.0, 300.0), (90.0, -60.0), (90.0, -1e-4), (90.0, 1e-4)):
        d = mpf(after)
        (gone, lost), (_, lost_later) = shares(mpf(start)), shares(mpf(start) + d)
        excess, waited = law.excess(start, np.array([after])), law.waited(start, np.array([after]))
        assert oracle.close(float(excess[0]), lost_later - lost - gone * d, 1e-11)
        assert oracle.close(float(waited[0]), mpf(start) + d - lost_later, 1e-13)
    if not isinstance(law, Deterministic):
        for share in (1e-12, 0.3, 0.999):
            assert float(law.gone(law.time_until(share), np.zeros(1))[0]) == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Exponential(-1.0), "mean patience must be zero or more seconds, not -1.0"),
        (lambda: Deterministic(nan), "patience must be zero or more seconds, not nan"),
        (lambda: Uniform(1e200), "at most, or infinite"),
        (lambda: Hyperexponential((), ()), "equally many, not 0 and 0"),
        (lambda: Hyperexponential((0.5, 0.5), (1.0,)), "equally many, not 2 and 1"),
        (lambda: Hyperexponential((0.5, 0.6), (1.0, 2.0)), "shares must sum to 1"),
        (lambda: Hyperexponential((0.5, 0.5), (1.0, 0.0)), "mean patience must be above zero"),
        (lambda: Hyperexponential((-0.5, 1.5), (1.0, 2.0)), "share of callers must be from 0 to 1"),
        (lambda: mmn_g_queue(-1.0, 1.0, 1, Exponential(1.0), 1.0), "arrival_rate"),
        (lambda: mmn_g_queue(1.0, 0.0, 1, Exponential(1.0), 1.0), "aht"),
        (lambda: mmn_g_queue(1.0, 1.0, 0, Exponential(1.0), 1.0), "servers"),
        (lambda: mmn_g_queue(1.0, 1.0, 1, Exponential(1.0), nan), "threshold"),
    ],
)
def test_what_is_no_law_is_named(make: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()
