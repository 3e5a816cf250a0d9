"""Kaplan and Meier by hand, and patience that comes out as it went in although most callers were answered."""

import numpy as np
import pytest

from simtel.sizing.fitting.survival import FEWEST, hazard, patience, survival
from simtel.sizing.fitting.tally import Tally

Values = np.ndarray[tuple[int], np.dtype[np.float64]]


def tally_of(values: Values | list[float]) -> Tally:
    tally = Tally()
    tally.add(np.asarray(values, dtype=np.float64))
    return tally


def test_by_hand() -> None:
    # Gave up after 1, 3, 3 s; answered after 2, 3, 5 s. At risk: 6, then 4 (one answered at 3 s is among them).
    found = survival(tally_of([1.0, 3.0, 3.0]), tally_of([2.0, 3.0, 5.0]))
    assert found.times.tolist() == [1.0, 3.0]
    assert found.at_risk.tolist() == [6, 4]
    assert found.waiting == pytest.approx([5 / 6, 5 / 6 * 2 / 4])
    # Greenwood: variance of the logarithm at 3 s is 1/(6*5) + 2/(4*2); ends by log(-log).
    error = 1.959963984540054 * np.sqrt(1 / 30 + 2 / 8) / abs(np.log(5 / 12))
    assert found.low[1] == pytest.approx((5 / 12) ** np.exp(error))
    assert found.high[1] == pytest.approx((5 / 12) ** np.exp(-error))


def log(law: Values, seed: int, offered_wait: float = 40.0) -> tuple[Tally, Tally]:
    """Callers of that patience in a queue whose waits are exponential; half of them wait for nothing."""
    rng = np.random.default_rng(seed)
    offered = rng.exponential(offered_wait, len(law)) * (rng.random(len(law)) < 0.5)
    gone = law < offered
    return tally_of(law[gone]), tally_of(offered[~gone])


def test_patience_is_found_behind_the_answered() -> None:
    true = np.random.default_rng(1).exponential(120.0, 40_000)
    gave_up, answered = log(true, 2)
    assert gave_up.mean < 40  # what the plain mean of those who gave up would say
    found = patience(gave_up, answered, "a test")
    assert found.law is not None
    assert (found.law.kind, found.law.mean) == ("exponential", found.mean)
    assert found.low <= 120.0 <= found.high
    assert found.high - found.low < 12


def test_patience_that_is_not_exponential_keeps_its_quantiles() -> None:
    true = 20.0 + np.random.default_rng(1).exponential(100.0, 40_000)  # nobody gives up before 20 s
    gave_up, answered = log(true, 2, offered_wait=80.0)
    found = patience(gave_up, answered, "a test")
    assert found.law is not None
    assert found.law.kind == "empirical"
    assert found.apart > 0.03
    # The median lies at 20 + 100 ln 2 s; the mean at 120 s.
    shares = np.linspace(0, found.law.upto, len(found.law.quantiles))
    assert np.interp(0.5, shares, found.law.quantiles) == pytest.approx(20 + 100 * np.log(2), rel=0.05)
    assert found.law.mean == pytest.approx(120.0, rel=0.05)
    rates = dict(hazard(gave_up, answered, 10.0, 100.0))
    assert rates[5.0] == 0.0
    assert rates[45.0] == pytest.approx(0.01, rel=0.15)


def test_nobody_gave_up_and_too_few_did() -> None:
    found = patience(Tally(), tally_of([1.0, 2.0]), "a test")
    assert (found.gave_up, found.law, found.mean) == (0, None, 0.0)
    few = patience(tally_of([5.0] * (FEWEST - 1)), tally_of([1.0] * 500), "a test")
    assert few.law is None
    assert few.mean > 0


def test_beyond_the_quantiles_the_waits_of_the_answered_count_too() -> None:
    """Of 1,000 a fifth gives up at 10 s; at 40 s only 90 are left, too few to follow, of whom 60 give up."""
    gave_up, answered = tally_of([10.0] * 200 + [40.0] * 60), tally_of([20.0] * 710 + [70.0] * 30)
    found = patience(gave_up, answered, "a test")
    assert found.law is not None
    assert (found.law.quantiles[-1], found.law.upto) == (10.0, pytest.approx(0.2))
    assert found.law.tail == pytest.approx((710 * 10 + 60 * 30 + 30 * 60) / 60)  # all time beyond 10 s
