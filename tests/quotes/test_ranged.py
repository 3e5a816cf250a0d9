"""Draws from a range, by the law that follows from the range alone."""

import numpy as np
import pytest

from simtel.core.quantity import Basis, Quantity, Unit
from simtel.quotes.ranged import Ranged, known, ranged


def made(value: float, low: float, high: float) -> Ranged:
    return Ranged(value, low, high, Basis.ASSUMED)


@pytest.mark.parametrize(
    ("one", "law"),
    [
        (made(4000, 1000, 20_000), "log-uniform"),
        (made(5, 5, 9), "uniform"),
        (made(9, 5, 9), "uniform"),
        (made(0.95, 0.8, 0.99), "triangular"),
        (made(1, 0, 10), "triangular"),  # nothing is ten times nothing
        (known(7), "fixed"),
    ],
)
def test_the_law_follows_from_the_range(one: Ranged, law: str) -> None:
    assert one.law == law
    assert one.at(0.0) == pytest.approx(one.low)
    assert one.at(1.0) == pytest.approx(one.high)


def test_draws_have_the_moments_of_their_law() -> None:
    u = (np.arange(200_000) + 0.5) / 200_000
    mean = {one.law: float(np.mean([one.at(float(x)) for x in u[::20]])) for one in (
        made(4000, 1000, 100_000), made(5, 5, 9), made(3, 1, 8),
    )}  # fmt: skip
    assert mean["uniform"] == pytest.approx(7.0, rel=1e-3)
    assert mean["triangular"] == pytest.approx((1 + 3 + 8) / 3, rel=1e-3)
    assert mean["log-uniform"] == pytest.approx(99_000 / np.log(100), rel=1e-3)
    assert made(3, 1, 8).at(2 / 7) == pytest.approx(3)  # as much lies below the peak as its place says


def test_a_stated_figure_brings_its_range() -> None:
    stated = Quantity(4000, Unit.COUNT, Basis.ASSUMED, "not published", 1000, 20_000)
    assert ranged(stated, 1000.0) == Ranged(4, 1, 20, Basis.ASSUMED, "not published")
    assert ranged(Quantity(4, Unit.COUNT, Basis.BUYER, "log")).law == "fixed"
    with pytest.raises(ValueError, match="no number"):
        ranged(Quantity("own", Unit.CHOICE, Basis.BUYER, "log"))
    with pytest.raises(ValueError, match="not within its range"):
        made(3, 4, 5)


def test_an_interval_is_no_hard_end() -> None:
    one = Ranged(1.0, 0.4, 4.0, Basis.MEASURED, interval=True)
    assert one.law == "log-normal"
    assert [one.at(p) for p in (0.025, 0.5, 0.975)] == pytest.approx([0.4, 1.0, 4.0])
    u = (np.arange(4_000) + 0.5) / 4_000
    drawn = np.array([one.at(float(x)) for x in u])
    assert np.mean(drawn < one.low) == np.mean(drawn > one.high) == 0.025
    assert np.all(np.diff(drawn) > 0)
    assert np.isfinite([one.at(0.0), one.at(1.0)]).all()
    assert Ranged(1.0, 1.0, 1.0, Basis.MEASURED, interval=True).law == "fixed"
    with pytest.raises(ValueError, match="must begin above 0"):
        Ranged(1.0, 0.0, 2.0, Basis.MEASURED, interval=True)
