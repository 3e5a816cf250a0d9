"""Intervals of shares against published values and against their own definition."""

import pytest

from simtel.sizing.shares import RARE, clopper_pearson, rare_reach, tries_needed, wilson


def test_wilson_interval_against_published_values() -> None:
    # Newcombe 1998, table I: 81 of 263 and 15 of 148, score method without continuity correction; 0 of 20, 1 of 29.
    for hits, tries, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
                                   (1, 29, 0.0061, 0.1718)):  # fmt: skip
        assert wilson(hits, tries) == pytest.approx((low, high), abs=5e-5)


def test_clopper_pearson_interval_against_published_values() -> None:
    for hits, tries, low, high in ((0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129),
                                   (10, 10, 0.6915, 1.0), (81, 263, 0.2527, 0.3676)):  # fmt: skip
        assert clopper_pearson(hits, tries) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("most", [0.5, 0.05, 0.01, 0.0034])
def test_so_many_tries_without_a_hit_are_enough_and_one_fewer_is_not(most: float) -> None:
    needed = tries_needed(most)
    assert clopper_pearson(0, needed)[1] <= most < clopper_pearson(0, needed - 1)[1]


@pytest.mark.parametrize(("mean", "tries"), [(0.0, 200), (0.01, 300), (0.03, 300), (0.5, 12)])
def test_a_rare_share_reaches_as_far_as_the_exact_interval_and_its_complement_too(mean: float, tries: int) -> None:
    low, high = clopper_pearson(round(mean * tries), tries, 0.9)
    assert rare_reach(mean, tries, 0.9) == pytest.approx(max(mean - low, high - mean))
    assert rare_reach(1 - mean, tries, 0.9) == pytest.approx(max(mean - low, high - mean))
    assert rare_reach(mean, 0, 0.9) == 1 - mean


def test_what_is_not_rare_is_left_to_its_spread() -> None:
    assert rare_reach(RARE / 300, 300, 0.9) == rare_reach(1 - RARE / 300, 300, 0.9) == 0.0
    assert rare_reach((RARE - 1) / 300, 300, 0.9) > 0.0
