"""Intervals against published values and against their own definition."""

import random

import pytest

from simtel.verdict.outcome import Outcome
from simtel.verdict.statistics import clopper_pearson, placed, rate_interval, rate_ratio, tries_needed, wilson


def test_wilson_interval_against_published_values() -> None:
    # Newcombe 1998, table I: 81 of 263 and 15 of 148, score method without continuity correction; 0 of 20, 1 of 29.
    for hits, tries, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
                                   (1, 29, 0.0061, 0.1718)):  # fmt: skip
        assert wilson(hits, tries) == pytest.approx((low, high), abs=5e-5)


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


def test_clopper_pearson_interval_against_published_values() -> None:
    for hits, tries, low, high in ((0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129),
                                   (10, 10, 0.6915, 1.0), (81, 263, 0.2527, 0.3676)):  # fmt: skip
        assert clopper_pearson(hits, tries) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("most", [0.5, 0.05, 0.01, 0.0034])
def test_so_many_tries_without_a_hit_are_enough_and_one_fewer_is_not(most: float) -> None:
    needed = tries_needed(most)
    assert clopper_pearson(0, needed)[1] <= most < clopper_pearson(0, needed - 1)[1]
