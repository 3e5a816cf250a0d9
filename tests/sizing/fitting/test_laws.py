"""Laws fitted to durations drawn from a known law come out as it, within the intervals that they state."""

import numpy as np
import pytest

from simtel.core.quantity import Basis
from simtel.profiles.law import Law, empirical_mean
from simtel.sizing.fitting.laws import FEWEST, NEAR, draw, fit, shorter
from simtel.sizing.fitting.tally import BINS, Tally, bins_of, middles

MANY = 40_000


def law(kind: str, mean: float, **figures: object) -> Law:
    return Law(kind, mean, Basis.MEASURED, "a test", **figures)  # type: ignore[arg-type]


QUANTILES = (0.0, 5.0, 30.0, 31.0, 90.0)
TRUE = [
    law("exponential", 60.0),
    law("log-normal", 150.0, deviation=120.0),
    law("hyperexponential", 0.3 * 10 + 0.7 * 100, phases=((0.3, 10.0), (0.7, 100.0))),
    law("empirical", empirical_mean(QUANTILES, 0.8, 50.0), quantiles=QUANTILES, upto=0.8, tail=50.0),
    law("deterministic", 25.0),
]


def tally_of(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Tally:
    tally = Tally()
    for part in np.array_split(values, 7):
        tally.add(part)
    return tally


@pytest.mark.parametrize("true", TRUE, ids=lambda one: one.kind)
def test_what_is_drawn_follows_its_law(true: Law) -> None:
    drawn = draw(true, np.random.default_rng(5), MANY)
    assert drawn.mean() == pytest.approx(true.mean, rel=0.03)
    for share in (0.1, 0.5, 0.9):
        at = np.quantile(drawn, share)
        if true.kind != "deterministic":
            assert shorter(true, np.array([at]))[0] == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("true", TRUE[:3], ids=lambda one: one.kind)
def test_the_fitted_law_is_the_true_one(true: Law) -> None:
    drawn = draw(true, np.random.default_rng(11), MANY)
    found = fit(tally_of(drawn), "a test")
    assert found.law.kind == true.kind or found.apart[found.law.kind] < NEAR
    assert found.mean.low <= true.mean <= found.mean.high
    if true.deviation:
        assert found.deviation.low <= true.deviation <= found.deviation.high
    if true.kind != "hyperexponential":
        assert found.law.kind == true.kind
        assert found.apart[true.kind] < 0.01


def test_whole_seconds_do_not_spoil_the_fit() -> None:
    drawn = np.rint(draw(TRUE[0], np.random.default_rng(3), MANY))
    found = fit(tally_of(drawn), "a test")
    assert found.law.kind == "exponential"
    assert found.apart["exponential"] < 0.02


def test_what_follows_no_law_keeps_its_quantiles_and_its_mean() -> None:
    drawn = draw(TRUE[3], np.random.default_rng(3), MANY)
    found = fit(tally_of(drawn), "a test")
    assert found.law.kind == "empirical"
    assert found.apart["empirical"] < min(found.apart["exponential"], found.apart["log-normal"]) / 2
    assert found.law.mean == pytest.approx(drawn.mean(), rel=0.02)


def test_a_fixed_time_is_seen_as_one() -> None:
    found = fit(tally_of(np.full(100, 25.0)), "a test")
    assert (found.law.kind, found.law.mean, found.apart["deterministic"]) == ("deterministic", 25.0, 0.0)


def test_too_few_durations_give_no_law() -> None:
    with pytest.raises(ValueError, match="the fewest"):
        fit(tally_of(np.ones(FEWEST - 1)), "a test")


def test_every_duration_of_a_day_has_a_bin_and_lies_next_to_its_middle() -> None:
    at = np.array([0.0, 0.04, 12.3, 3599.9, 3599.96, 3600.0, 3601.4, 86_400.0])
    bins = bins_of(at)
    assert (bins >= 0).all()
    assert (bins < BINS).all()
    assert np.abs(middles()[bins] - at).max() <= 0.5
    assert np.abs(middles()[bins] - at)[:4].max() <= 0.0501


def test_mean_and_deviation_are_those_of_the_durations_not_of_the_bins() -> None:
    values = np.random.default_rng(2).exponential(0.04, 5000)
    tally = tally_of(values)
    assert tally.mean == pytest.approx(values.mean())
    assert tally.deviation == pytest.approx(values.std(ddof=1))


def test_a_log_of_millions_has_its_intervals() -> None:
    """More durations than Student's law is asked for."""
    tally = Tally()
    tally.add(np.random.default_rng(1).exponential(100.0, 2_000))
    tally.counts, tally.number = 2_000 * tally.counts, 2_000 * tally.number
    tally.total, tally.squares = 2_000 * tally.total, 2_000 * tally.squares
    found = fit(tally, "x")
    assert found.number == 4_000_000
    assert found.mean.half_width == pytest.approx(1.959964 * tally.deviation / 2_000, rel=1e-5)
    assert 0 < found.deviation.half_width < 0.5
