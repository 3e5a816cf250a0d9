"""Two stages cover as often as they say, however small the first one is and however measures hang together."""

from collections.abc import Callable
from math import inf, nan

import numpy as np
import pytest

from simtel.sizing.intervals import warm_up, warm_up_of_runs
from simtel.sizing.shares import clopper_pearson
from simtel.sizing.stopping import Values, first_stage, replicate_until
from tests.sizing.test_intervals import COVER, RUNS


def normal(seed: int, spread: float = 1.0, hang_together: float = 0.5) -> Callable[[range], Values]:
    """Two measures of means 5 and -1; the second spreads thrice as far."""

    def replicate(numbers: range) -> Values:
        draws = np.random.default_rng(seed).normal(size=(numbers.stop, 2))[numbers.start :]
        second = hang_together * draws[:, 0] + (1 - hang_together**2) ** 0.5 * draws[:, 1]
        return {"a": 5 + spread * draws[:, 0], "b": -1 + 3 * spread * second}  # type: ignore[dict-item]

    return replicate


@pytest.mark.parametrize("start", [3, 10])
def test_one_measure_is_covered_as_often_as_is_said_and_within_its_width(start: int) -> None:
    found = [replicate_until(normal(seed), {"a": 0.5}, start=start) for seed in range(RUNS)]
    intervals = [one.intervals["a"] for one in found]
    assert all(one.half_width <= 0.5 * (1 + 1e-9) for one in intervals)
    assert sum(one.low <= 5 <= one.high for one in intervals) in COVER
    assert len({one.replications for one in found}) > 10  # the spread decides, not a fixed number


@pytest.mark.parametrize("hang_together", [0.0, 1.0])
def test_several_measures_are_covered_at_once(hang_together: float) -> None:
    found = [
        replicate_until(normal(seed, hang_together=hang_together), {"a": 0.6, "b": 1.8}, start=8)
        for seed in range(RUNS)
    ]
    both = sum(
        one.intervals["a"].low <= 5 <= one.intervals["a"].high
        and one.intervals["b"].low <= -1 <= one.intervals["b"].high
        for one in found
    )
    assert both >= COVER.start
    each = sum(one.intervals["b"].low <= -1 <= one.intervals["b"].high for one in found)
    assert each >= 958  # 97.5 % each, less the binomial band
    assert all(one.intervals["b"].half_width <= 1.8 * (1 + 1e-9) for one in found)


def test_to_look_again_and_again_covers_less_often() -> None:
    """Why two stages: stopping as soon as the interval is short enough falls out of the band."""
    covered = 0
    for seed in range(RUNS):
        x = np.random.default_rng((3, seed)).normal(size=400)
        n = next(n for n in range(3, 400) if (stage := first_stage({"a": x[:n]})).half_width("a", n) <= 0.5)
        covered += abs(float(x[:n].mean())) <= stage.half_width("a", n)
    assert covered < COVER.start


def test_replications_follow_on_each_other_and_end_where_they_must() -> None:
    asked: list[range] = []

    def replicate(numbers: range) -> Values:
        asked.append(numbers)
        return normal(1)(numbers)

    found = replicate_until(replicate, {"a": 0.4}, start=5, most=1000)
    assert asked == [range(5), range(5, found.wanted)]
    assert found.replications == found.wanted == len(found.values["a"])
    assert "b" not in found.intervals

    cut = replicate_until(replicate, {"a": 0.4}, start=5, most=7)
    assert (cut.replications, cut.wanted) == (7, found.wanted)
    assert cut.intervals["a"].half_width > 0.4

    asked.clear()
    assert replicate_until(replicate, {"a": 100.0}, start=5).replications == 5
    assert asked == [range(5)]
    same = replicate_until(lambda numbers: {"a": [2.0] * len(numbers)}, {"a": 0.1}, start=2)
    assert (same.intervals["a"].mean, same.intervals["a"].half_width) == (2.0, 0.0)


def test_what_befell_nobody_may_still_befall_some() -> None:
    """None of 20 replications of 200 calls each: as much as 3.7 in 4,000 of a share, and more replications are made
    until it lies within its half-width."""

    def nobody(numbers: range) -> Values:
        return {"blocked": [0.0] * len(numbers)}

    alone = replicate_until(nobody, {"blocked": 1.0}, start=20, tries={"blocked": 200}).intervals["blocked"]
    assert alone.half_width == pytest.approx(clopper_pearson(0, 4_000)[1])
    found = replicate_until(nobody, {"blocked": 1e-4}, start=20, tries={"blocked": 200})
    assert found.replications == pytest.approx(3.69 / (200 * 1e-4), rel=0.01)
    assert found.intervals["blocked"].half_width <= 1e-4
    covered = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        few = replicate_until(
            lambda numbers, rng=rng: {"blocked": rng.binomial(200, 3e-4, len(numbers)) / 200},  # type: ignore[misc]
            {"blocked": 1.0}, start=20, tries={"blocked": 200},
        )  # fmt: skip
        covered += abs(few.intervals["blocked"].mean - 3e-4) <= few.intervals["blocked"].half_width
    assert covered >= 0.93 * 400


def test_the_start_of_several_runs_is_cut_off_by_their_mean() -> None:
    """One run is too loud to show where its start ends; the mean of fifty is not."""
    rng = np.random.default_rng(11)
    runs = rng.normal(0.0, 4.0, (50, 60))
    runs[:, :9] += np.linspace(6.0, 1.0, 9)
    assert 7 <= warm_up_of_runs(runs) <= 12  # type: ignore[arg-type]
    alone = [warm_up(list(run), batch=1) for run in runs]
    assert np.std(alone) > 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: first_stage({"a": [1.0]}), "2 replications or more"),
        (lambda: first_stage({"a": [1.0, 2.0], "b": [1.0, 2.0, 3.0]}), "as many of each"),
        (lambda: first_stage({}), "2 replications or more"),
        (lambda: first_stage({"a": [1.0, nan]}), "the spread of a"),
        (lambda: first_stage({"a": [1.0, inf]}), "the spread of a"),
        (lambda: first_stage({"a": [1.0, 2.0]}, 1.0), "confidence"),
        (lambda: replicate_until(normal(1), {"a": 0.0}), "half-width of a"),
        (lambda: replicate_until(normal(1), {"c": 1.0}), "no values of c"),
        (lambda: replicate_until(normal(1), {}), "no values of any measure"),
        (lambda: replicate_until(normal(1), {"a": 1.0}, start=1), "start"),
        (lambda: replicate_until(normal(1), {"a": 1.0}, start=5, most=4), "most"),
    ],
)
def test_what_proves_nothing_is_named(call: Callable[[], object], words: str) -> None:
    with (
        np.errstate(invalid="ignore"),
        pytest.raises(ValueError, match=words),
    ):
        call()
