"""Draws of the kernels: their laws, that streams do not know of each other, that position alone tells a draw."""

from collections.abc import Callable
from math import erf, exp, inf, log, prod, sqrt

import mpmath
import numpy as np
import pytest
from numba import njit

from simtel.sizing.kernels.draws import LONGEST, SECOND, Law, _exponential, _logarithm, _sine, draw, keys
from simtel.sizing.kernels.lanes import LANES, bits, load, store

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while

MANY = 8_192


def drawn(law: Law, seed: int = 1, purpose: str = "service", first: int = 0, many: int = MANY) -> np.ndarray:
    out = np.empty((many, LANES), np.int64)
    draw(law, keys(seed, purpose, range(LANES)), first, out)
    return out


def phi(x: float) -> float:
    return (1 + erf(x / sqrt(2))) / 2


LAWS = {
    "exponential": (Law.exponential(180.0), lambda t: 1 - exp(-t / 180)),
    "uniform": (Law.uniform(60.0, 240.0), lambda t: min(max((t - 60) / 180, 0), 1)),
    "erlang 2": (Law.erlang_2(180.0), lambda t: 1 - exp(-t / 90) * (1 + t / 90)),
    "hyperexponential": (
        Law.hyperexponential(0.3, 40.0, 240.0),
        lambda t: 1 - 0.3 * exp(-t / 40) - 0.7 * exp(-t / 240),
    ),
    "log-normal": (
        Law.lognormal(180.0, 1.2),
        lambda t: phi((log(t / 180) + log(1 + 1.2**2) / 2) / sqrt(log(1 + 1.2**2))),
    ),
}


@pytest.mark.parametrize("name", LAWS)
def test_a_law_has_the_distribution_of_its_name(name: str) -> None:
    law, distribution = LAWS[name]
    lengths = np.sort(drawn(law, many=1 << 17).ravel()) / SECOND
    places = np.arange(0, lengths.size, 199)
    wanted = np.array([distribution(t) for t in lengths[places]])
    # Kolmogorov: 2.0 / sqrt(n) is exceeded once in 1,500 times by draws of the right law; the seed is fixed.
    assert np.abs((places + 0.5) / lengths.size - wanted).max() < 2.0 / sqrt(lengths.size)
    assert law.mean == pytest.approx(lengths.mean(), rel=0.005)


def test_ten_million_exponentials_fall_as_they_should() -> None:
    """Into 200 stretches of equal chance, into the tail, and with the moments of the law."""
    lengths = drawn(Law.exponential(1.0), many=10_000_000 // LANES).ravel() / SECOND
    expected = lengths.size / 200
    counts = np.histogram(-np.expm1(-lengths), 200, (0.0, 1.0))[0]
    chi = ((counts - expected) ** 2 / expected).sum()
    assert 140 < chi < 265  # of 199 degrees of freedom: left once in a thousand times
    for k in range(1, 17):
        wanted = lengths.size * exp(-k)
        assert abs((lengths > k).sum() - wanted) < 4 * sqrt(wanted) + 1
    for k, moment in enumerate((1.0, 2.0, 6.0, 24.0), 1):
        spread = sqrt(prod(range(1, 2 * k + 1)) - moment**2)
        assert abs((lengths**k).mean() - moment) < 4 * spread / sqrt(lengths.size)


@njit
def values(of: int, x: np.ndarray) -> None:
    """Each number of `x`, as the bits of float64, becomes its function."""
    for row in range(x.shape[0]):
        if of == 0:
            store(x, row, bits(_logarithm(bits(load(x, row)))))
        elif of == 1:
            store(x, row, bits(_exponential(bits(load(x, row)))))
        else:
            store(x, row, bits(_sine(bits(load(x, row)))))


@pytest.mark.parametrize(
    ("of", "right", "low", "high"),
    [(0, mpmath.log, 1e-16, 1.0), (1, mpmath.exp, -60.0, 43.0), (2, mpmath.sinpi, -0.5, 0.5)],
    ids=["logarithm", "exponential", "sine"],
)
def test_a_function_is_right_to_its_last_bits(
    of: int, right: Callable[[float], float], low: float, high: float
) -> None:
    points = np.random.default_rng(1).uniform(low, high, 1_000 * LANES)
    if of == 0:
        points[:4_000] = 2.0 ** -np.linspace(1e-12, 53, 4_000)  # near one and near nothing
    found = points.view(np.int64).reshape(-1, LANES).copy()
    values(of, found)
    with mpmath.workdps(30):
        wanted = np.array([float(right(x)) for x in points])
    np.testing.assert_allclose(found.view(np.float64).ravel(), wanted, rtol=2.0**-44, atol=0)


def test_a_fixed_law_draws_one_length() -> None:
    assert set(drawn(Law.fixed(2.5)).ravel()) == {2_500_000_000}
    assert set(drawn(Law.fixed(inf)).ravel()) == {LONGEST}
    assert set(drawn(Law.fixed(0.0)).ravel()) == {0}


@pytest.mark.parametrize("name", LAWS)
def test_position_alone_tells_a_draw(name: str) -> None:
    whole, later = drawn(LAWS[name][0]), drawn(LAWS[name][0], first=1_000)
    np.testing.assert_array_equal(whole[1_000:], later[: MANY - 1_000])


@pytest.mark.parametrize("name", LAWS)
def test_a_replication_draws_the_same_whatever_stands_beside_it(name: str) -> None:
    alone = np.empty((MANY, 1), np.int64)
    draw(LAWS[name][0], keys(1, "service", range(7, 8)), 3, alone)
    np.testing.assert_array_equal(alone[:, 0], drawn(LAWS[name][0], first=3)[:, 7])


def test_seeds_purposes_replications_and_neighbours_are_independent() -> None:
    def uniforms(*of: object) -> np.ndarray:
        law = Law.uniform(0.0, 1.0)
        return drawn(law, *of)[:, 0] / SECOND - 0.5  # type: ignore[arg-type]

    whole = drawn(Law.uniform(0.0, 1.0)) / SECOND - 0.5
    base = whole[:, 0]
    others = [uniforms(2), uniforms(1, "patience"), *whole.T[1:], np.roll(base, 1), np.roll(base, 2)]
    for other in others:
        assert abs(np.dot(base, other) * 12 / MANY) < 4 / sqrt(MANY)  # a correlation of n pairs is 1 / sqrt(n)


def test_the_pair_of_uniforms_of_one_draw_is_independent() -> None:
    """Erlang 2 with two equal phases would be twice one exponential: variation 1 instead of 0.71."""
    lengths = drawn(Law.erlang_2(1.0)).ravel()
    assert lengths.std() / lengths.mean() == pytest.approx(sqrt(0.5), rel=0.02)


def test_an_exponential_is_the_logarithm_of_its_uniform() -> None:
    uniforms = drawn(Law.uniform(0.0, 1e9)).ravel() / 1e18  # to 1e-18, finer than the draw itself
    exponentials = drawn(Law.exponential(1e6)).ravel()  # 1e15 ns: the rounding to a nanosecond does not show
    np.testing.assert_allclose(exponentials, -np.log(uniforms) * 1e15, rtol=1e-12, atol=10.0)


def test_a_duration_that_no_clock_can_hold_is_cut() -> None:
    assert set(drawn(Law.exponential(1e300), many=8).ravel()) == {LONGEST}
    assert set(drawn(Law.lognormal(1e300, 1.0), many=8).ravel()) == {LONGEST}


@pytest.mark.parametrize(
    "made",
    [
        lambda: Law.exponential(0.0),
        lambda: Law.exponential(float("nan")),
        lambda: Law.fixed(-1.0),
        lambda: Law.fixed(float("nan")),
        lambda: Law.uniform(2.0, 1.0),
        lambda: Law.uniform(0.0, inf),
        lambda: Law.hyperexponential(1.5, 1.0, 1.0),
        lambda: Law.lognormal(1.0, 0.0),
        lambda: Law.erlang_2(inf),
    ],
)
def test_no_law_has_such_parameters(made: object) -> None:
    with pytest.raises(ValueError, match=r"not|lies"):
        made()  # type: ignore[operator]


@pytest.mark.parametrize(
    "law",
    [
        Law.exponential(60), Law.fixed(5), Law.uniform(1, 3), Law.erlang_2(60), Law.hyperexponential(1, 20, 40),
        Law.lognormal(60, 1),
    ],
)  # fmt: skip
def test_laws_of_whole_numbers_are_of_the_one_type_that_kernels_are_compiled_for(law: Law) -> None:
    assert [type(figure) for figure in law[1:]] == [float] * 4
