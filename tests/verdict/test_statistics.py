"""Intervals against published values and against their own definition."""

import random

import pytest

from simtel.verdict.outcome import Outcome
from simtel.verdict.statistics import placed, rate_interval, rate_ratio


def test_an_interval_of_a_rate_holds_the_rate_nineteen_times_of_twenty() -> None:
    draw, inside, rounds = random.Random(7), 0, 600
    for _ in range(rounds):
        seen, at = 0, draw.expovariate(5.0)
        while at < 20:
            seen, at = seen + 1, at + draw.expovariate(5.0)
        low, high = rate_interval(seen, 20)
        inside += low <= 5.0 <= high
    assert 0.92 <= inside / rounds <= 0.98


def test_a_rate_of_which_nothing_was_seen_may_be_as_much_as_the_rule_of_three_says() -> None:
    low, high = rate_interval(0, 10)
    assert low == 0
    assert 3 / 10 < high < 4 / 10


def test_an_interval_of_a_ratio_holds_the_ratio_and_swaps_with_its_sides() -> None:
    low, high = rate_ratio(300, 100, 200, 100)
    assert low < 1.5 < high
    assert rate_ratio(200, 100, 300, 100) == pytest.approx((1 / high, 1 / low))
    wide = rate_ratio(30, 100, 20, 100)
    assert wide[0] < low < high < wide[1]
    assert rate_ratio(300, 200, 200, 100) == pytest.approx((low / 2, high / 2))
    assert rate_ratio(0, 10, 50, 10)[0] == 0


@pytest.mark.parametrize(
    ("low", "high", "most", "least"),
    [(0.1, 0.2, Outcome.PASS, Outcome.FAIL), (0.4, 0.6, Outcome.INCONCLUSIVE, Outcome.INCONCLUSIVE),
     (0.7, 0.9, Outcome.FAIL, Outcome.PASS), (0.2, 0.5, Outcome.PASS, Outcome.INCONCLUSIVE),
     (0.5, 0.8, Outcome.INCONCLUSIVE, Outcome.PASS)],
)  # fmt: skip
def test_only_a_whole_interval_on_one_side_decides(low: float, high: float, most: Outcome, least: Outcome) -> None:
    assert placed(low, high, 0.5) is most
    assert placed(low, high, 0.5, at_most=False) is least
