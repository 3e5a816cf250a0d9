"""Engset against the states in fractions, at its ends, and by what must hold."""

from fractions import Fraction
from math import comb, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from simtel.sizing.formulas import engset, erlang_b
from tests.sizing import oracle


def states(sources: int, lines: int, b: float) -> list[Fraction]:
    """Probability of 0, 1, ... lines held: of so many sources some are busy, and no more than there are lines."""
    weights = [comb(sources, k) * Fraction(b) ** k for k in range(min(sources, lines) + 1)]
    return [weight / sum(weights) for weight in weights]


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
        (300, 20, 0.05),
    ],
)
def test_it_is_the_states(sources: int, lines: int, b: float) -> None:
    held = states(sources, lines, b)
    found = engset(sources, lines, b)
    idle = [sources - k for k in range(len(held))]
    calls = sum(i * p for i, p in zip(idle, held, strict=True))  # where each idle source calls with the same rate
    full = held[lines] if lines <= sources else Fraction(0)
    lost = Fraction(0) if lines >= sources else idle[lines] * full / calls
    carried = sum(k * p for k, p in enumerate(held))
    for value, due in (
        (found.time_congestion, full), (found.call_congestion, lost), (found.carried, carried),
        (found.offered, sources * Fraction(b) / (1 + Fraction(b))),
    ):  # fmt: skip
        assert oracle.close(value, mpf(due.numerator) / due.denominator, 1e-12)


def test_two_thousand_lines() -> None:
    """Where fractions are too long: 50 digits."""
    b, weights = mpf(0.7), [mpf(1)]
    for k in range(1, 2001):
        weights.append(weights[-1] * (5000 - k + 1) * b / k)
    assert oracle.close(engset(5000, 2000, 0.7).time_congestion, weights[-1] / sum(weights), 1e-11)


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
