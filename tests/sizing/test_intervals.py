"""Student's law against 25 digits and the printed table; intervals by how often they cover what they should."""

from collections.abc import Callable
from math import inf, nan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from simtel.sizing.intervals import (
    Interval,
    batch_means,
    correlation_time,
    mean_interval,
    paired_difference,
    student_quantile,
    warm_up,
)

# Of 1,000 intervals at 95 % so many cover, with a chance of 99 % (binomial).
COVER = range(932, 968)
RUNS = 1000


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 8, 9, 30, 99, 999, 1000, 1001, 5000, 10**6])
@pytest.mark.parametrize("confidence", [0.01, 0.95, 0.9999])
def test_students_law_in_many_digits(degrees: int, confidence: float) -> None:
    def within(t: object) -> object:
        n = mpf(degrees)
        height = mp.exp(mp.loggamma((n + 1) / 2) - mp.loggamma(n / 2)) / mp.sqrt(n * mp.pi)
        return 2 * height * mp.quad(lambda x: (1 + x * x / n) ** (-(n + 1) / 2), [0, t / 9, t / 3, t])

    with mp.workdps(25):
        t, little = mpf(student_quantile(confidence, degrees)), mpf(10) ** -9
        assert within(t * (1 - little)) < confidence < within(t * (1 + little))


def test_the_printed_table() -> None:
    found = [round(student_quantile(p, n), 3) for p, n in ((0.95, 1), (0.95, 8), (0.95, 10), (0.95, 30), (0.99, 5))]
    assert found == [12.706, 2.306, 2.228, 2.042, 4.032]


@pytest.mark.parametrize("size", [3, 10, 40])
def test_replications_cover_as_often_as_they_say(size: int) -> None:
    draws = np.random.default_rng([4, size]).normal(5.0, 2.0, (RUNS, size))
    found = [mean_interval(list(row)) for row in draws]
    assert sum(i.low <= 5.0 <= i.high for i in found) in COVER


def waits(seed: int, number: int) -> np.ndarray:
    """Waits at one server, each from the one before (Lindley); load 0.5, so that the mean is one service time."""
    rng = np.random.default_rng([7, seed])
    found = np.zeros((number, RUNS))
    for k in range(1, number):
        found[k] = np.maximum(found[k - 1] + rng.exponential(1.0, RUNS) - rng.exponential(2.0, RUNS), 0.0)
    return found.T


def test_batches_of_one_long_run_cover_as_often_as_they_say() -> None:
    """A run that is long against its own memory; as if its values were independent, hardly any interval would cover."""
    runs = waits(2, 8_000)
    covered = sum(i.low <= 1.0 <= i.high for i in (batch_means(row) for row in runs))
    naive = sum(i.low <= 1.0 <= i.high for i in (mean_interval(row) for row in runs))
    assert covered in COVER
    assert naive < 700


def test_batches_of_skew_waits_at_a_high_load_cover() -> None:
    """M/M/1 at a load of 0.9, begun in its long run; of 300 intervals 275 to 294 cover, with a chance of 99 %."""
    rng = np.random.default_rng(5)
    load, runs, number = 0.9, 300, 80_000
    found = np.zeros((number, runs), np.float32)
    found[0] = rng.exponential(1 / (1 - load), runs) * (rng.random(runs) < load)
    for k in range(1, number):
        found[k] = np.maximum(found[k - 1] + rng.exponential(1.0, runs) - rng.exponential(1 / load, runs), 0.0)
    rows = found.T.astype(np.float64)
    mean = load / (1 - load)
    assert sum(one.low <= mean <= one.high for one in map(batch_means, rows)) in range(275, 295)


def remembers(seed: int, number: int, share: float) -> np.ndarray:
    """Runs of which each value keeps a share of the one before (AR(1)), about 0."""
    draws = np.random.default_rng([3, seed]).normal(size=(number, RUNS))
    draws[0] /= sqrt(1 - share * share)
    for k in range(1, number):
        draws[k] += share * draws[k - 1]
    return draws.T


@pytest.mark.parametrize(("share", "number"), [(0.0, 400), (0.9, 2_000), (0.95, 4_000)])
def test_batches_are_as_long_as_values_remember_each_other(share: float, number: int) -> None:
    """Runs of a hundred correlation times, (1 + share) / (1 - share) values each: sixty batches would be too short."""
    found = []
    for row in remembers(2, number, share):
        try:
            found.append(batch_means(row, 60))
        except ValueError:  # a run that happened to remember longer than it is long
            continue
    assert len(found) > 980
    assert abs(sum(i.low <= 0.0 <= i.high for i in found) / len(found) - 0.95) < 0.018  # the band of 99 %
    assert correlation_time(remembers(1, number, share)[0]) < number / 40


def test_a_run_that_is_short_against_its_memory_has_no_interval() -> None:
    refused = 0
    for row in remembers(4, 120, 0.99):
        try:
            batch_means(row)
        except ValueError as error:
            refused += "so closely do they follow on each other, not 120" in str(error)
    assert refused > 950


def test_pairs_take_out_what_both_have_in_common() -> None:
    rng = np.random.default_rng(9)
    common = rng.normal(0.0, 10.0, (RUNS, 20))
    one, other = common + rng.normal(1.0, 0.5, (RUNS, 20)), common + rng.normal(0.0, 0.5, (RUNS, 20))
    found = [paired_difference(list(a), list(b)) for a, b in zip(one, other, strict=True)]
    assert sum(i.low <= 1.0 <= i.high for i in found) in COVER
    assert np.mean([i.half_width for i in found]) < 0.4
    assert np.mean([mean_interval(list(a)).half_width for a in one]) > 4


def test_a_start_far_from_the_rest_is_cut_off() -> None:
    rng = np.random.default_rng(3)
    for start in (0, 50, 300):
        run = rng.normal(0.0, 1.0, 2000)
        run[:start] += 10.0
        assert start <= warm_up(list(run)) <= start + 400
    assert abs(float(np.mean(run[warm_up(list(run)) :]))) < 0.2 < float(np.mean(run))


@settings(max_examples=60)
@given(values=st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=80), size=st.integers(1, 6))
def test_the_cut_is_the_sharpest(values: list[float], size: int) -> None:
    """Against the definition: the squared standard error of what is left, for each cut up to half."""
    means = [float(np.mean(values[k : k + size])) for k in range(0, len(values) // size * size, size)]
    if len(means) < 2:
        return

    def error(cut: int) -> float:
        return float(np.var(means[cut:])) / (len(means) - cut)

    found = warm_up(values, size)
    assert found % size == 0
    best = min(error(cut) for cut in range(len(means) // 2 + 1))
    assert error(found // size) <= best * (1 + 1e-6) + 1e-9


def test_an_interval_has_two_ends() -> None:
    assert (Interval(2.0, 0.5, 0.95).low, Interval(2.0, 0.5, 0.95).high) == (1.5, 2.5)
    assert mean_interval([3.0]) == Interval(3.0, inf, 0.95)
    assert mean_interval([3.0, 3.0]).half_width == 0
    assert batch_means([100.0, *[1.0, 2.0, 3.0, 4.0] * 10], 2).mean == 2.5  # the first does not fill a batch
    assert batch_means([3.0] * 20, 2).half_width == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mean_interval([]), "one or more finite numbers, not none"),
        (lambda: mean_interval([1.0, nan]), "finite numbers"),
        (lambda: mean_interval([1.0, 2.0], 1.0), "confidence must lie between 0 and 1"),
        (lambda: mean_interval([1.0, 2.0], nan), "confidence"),
        (lambda: paired_difference([1.0], [1.0, 2.0]), "in pairs, not 1 and 2"),
        (lambda: batch_means([1.0, 2.0], 1), "batches must be a whole number, 2 or more"),
        (lambda: batch_means([1.0, 2.0], 3), "values must be 30 or more"),
        (lambda: warm_up([1.0, inf]), "finite"),
        (lambda: warm_up([1.0], 0), "batch"),
        (lambda: student_quantile(0.95, 0), "degrees"),
        (lambda: student_quantile(0.0, 3), "confidence"),
    ],
)
def test_what_proves_nothing_is_named(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
