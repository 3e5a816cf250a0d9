"""Engset against the states in 50 digits, to 2,000 lines, published figures, its ends, and what must hold."""

from math import nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from simtel.sizing.formulas import engset, erlang_b
from tests.sizing import oracle


def states(sources: int, lines: int, b: float) -> list[Any]:
    """Probability of 0, 1, ... lines held: of so many sources some are busy, and no more than there are lines."""
    weights = [mpf(1)]
    for k in range(1, min(sources, lines) + 1):
        weights.append(weights[-1] * (sources - k + 1) * mpf(b) / k)
    whole = mp.fsum(weights)
    return [weight / whole for weight in weights]


@pytest.mark.parametrize(
    ("sources", "lines", "b"),
    [
        (10, 4, 0.2),
        (4, 4, 0.5),
        (4, 5, 0.5),
        (1, 1, 3.0),
        (100, 24, 0.25),
        (100, 24, 1e-6),
        (100, 1, 1e9),
        (20, 5, 1e300),
        (300, 20, 0.05),
        (500, 300, 0.03),  # of these losses some are below the smallest float
        (1000, 400, 0.01),
        (2000, 600, 0.03),
        (2000, 1500, 0.05),
        (2000, 1999, 3.0),
        (2000, 2000, 1e9),
        (3000, 2000, 2.0),
        (5000, 2000, 0.7),
        (2200, 2000, 1e6),
        (1_000_000, 2000, 0.0022),
    ],
)
def test_it_is_the_states(sources: int, lines: int, b: float) -> None:
    held = states(sources, lines, b)
    found = engset(sources, lines, b)
    idle = [sources - k for k in range(len(held))]
    calls = mp.fsum(i * p for i, p in zip(idle, held, strict=True))  # where each idle source calls with the same rate
    full = held[lines] if lines <= sources else mpf(0)
    lost = mpf(0) if lines >= sources else idle[lines] * full / calls
    assert oracle.close(found.time_congestion, full)
    assert oracle.close(found.call_congestion, lost)
    assert oracle.close(found.carried, mp.fsum(k * p for k, p in enumerate(held)))
    assert oracle.close(found.offered, sources * mpf(b) / (1 + mpf(b)))


@settings(max_examples=30)
@given(sources=st.integers(1, 3000), lines=st.integers(1, 2000), load=st.floats(-4.0, 1.0))
def test_random_groups_are_the_states(sources: int, lines: int, load: float) -> None:
    test_it_is_the_states(sources, lines, 10.0**load)


def test_published_figures() -> None:
    """Azimzadeh & Carpenter, Fast Engset computation (Oper. Res. Lett. 44, 2016), example of their package: ten sources
    that offer 0.2 E each, lost calls included, lose 0.016349962386 on five lines. R package queueing, example of
    `Engset`: three users on two servers, 0.5/0.7 each: both are busy for 0.3275109 of the time."""
    lost = 0.016349962386
    assert engset(10, 5, 0.2 / (1 - 0.2 * (1 - lost))).call_congestion == pytest.approx(lost, rel=1e-9)
    assert engset(3, 2, 0.5 / 0.7).time_congestion == pytest.approx(0.3275109, abs=5e-8)


@settings(max_examples=60)
@given(sources=st.integers(1, 200), lines=st.integers(1, 60), b=st.floats(1e-6, 20.0))
def test_what_must_hold(sources: int, lines: int, b: float) -> None:
    found = engset(sources, lines, b)
    assert (
        0 <= found.call_congestion <= found.time_congestion * (1 + 1e-12) <= 1 + 1e-12
    )  # a caller does not meet itself
    assert found.carried <= min(lines, found.offered) * (1 + 1e-12)
    # The sources that are idle offer all calls, and those that are not lost are carried.
    assert found.carried == pytest.approx((sources - found.carried) * b * (1 - found.call_congestion), rel=1e-6)
    assert engset(sources, lines + 1, b).call_congestion <= found.call_congestion * (1 + 1e-12)


def test_endless_sources_are_erlang_b() -> None:
    assert engset(1_000_000, 30, 20 / 1e6).call_congestion == pytest.approx(erlang_b(20.0, 30), rel=1e-3)


def test_no_calls() -> None:
    found = engset(10, 4, 0.0)
    assert (found.time_congestion, found.call_congestion, found.offered, found.carried) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 1, 0.1), "sources"),
        ((1, 0, 0.1), "lines"),
        ((1, 1, -0.1), "idle_source_load"),
        ((1, 1, nan), "idle_source_load"),
    ],
)
def test_what_is_no_group_is_named(arguments: tuple[int, int, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        engset(*arguments)
