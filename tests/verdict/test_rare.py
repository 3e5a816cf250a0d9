import random

import pytest

from simtel.verdict.rare import gamma_below, gamma_quantile, weighted_sum


def test_gamma_of_shape_one_is_the_exponential_distribution() -> None:
    assert gamma_below(1.0, 1.0) == pytest.approx(0.6321205588)
    assert gamma_below(0.0, 1.0) == 0.0
    assert gamma_quantile(0.975, 1.0, 2.0) == pytest.approx(2 * 3.6888794541)


@pytest.mark.parametrize(("shape", "x", "p"), [(0.5, 0.2275, 0.5), (10.0, 9.6687, 0.5), (10.0, 17.085, 0.975)])
def test_gamma_agrees_with_tables(shape: float, x: float, p: float) -> None:
    assert gamma_below(x, shape) == pytest.approx(p, abs=2e-4)
    assert gamma_quantile(p, shape, 1.0) == pytest.approx(x, rel=2e-3)


@pytest.mark.parametrize(("seen", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)])
def test_equal_weights_give_the_exact_interval_of_a_poisson_count(seen: int, low: float, high: float) -> None:
    found = weighted_sum([2.0] * seen, 2.0)
    assert found == (pytest.approx(2 * low, rel=1e-3), pytest.approx(2 * high, rel=1e-3))


def test_nothing_can_happen_where_no_weight_is_known() -> None:
    assert weighted_sum([], 0.0) == (0.0, 0.0)


def test_the_interval_holds_the_true_sum_as_often_as_it_says() -> None:
    draw, hits = random.Random(3), 0
    for _ in range(300):
        rare = sum(draw.random() < 0.02 for _ in range(200))  # nearly Poisson, mean 4
        weights = [draw.choice((1.0, 10.0)) for _ in range(rare)]
        low, high = weighted_sum(weights, 10.0)
        hits += low <= 4 * 5.5 <= high
    assert hits >= 0.93 * 300
