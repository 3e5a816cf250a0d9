"""Rates of intervals, and whether they scatter as Poisson calls do."""

import numpy as np
import pytest

from simtel.sizing.fitting.arrivals import count

MONDAY = 20_514  # 2026-03-02, in days since 1970
HOUR = 3600


def counts(days: int, each: object) -> dict[int, int]:
    """Calls from 8 to 18 o'clock by `each(day)`, ten numbers."""
    return {
        (MONDAY + day) * 24 + 8 + hour: int(number)
        for day in range(days) for hour, number in enumerate(each(day))  # type: ignore[operator]
    }  # fmt: skip


def ends(days: int) -> tuple[float, float]:
    return (MONDAY * 24 + 8) * 3600.0, ((MONDAY + days - 1) * 24 + 17) * 3600.0 + 3599


def test_rates_by_type_of_day() -> None:
    found = count(counts(7, lambda day: [10 if day < 5 else 4] * 10), HOUR, *ends(7))
    assert [(one.name, one.days) for one in found.types] == [("workday", 5), ("weekend", 2)]
    assert [one.mean[8] for one in found.types] == [10, 4]
    assert [one.mean[7] for one in found.types] == [0, 0]
    assert found.dispersion == 0.0  # as even as can be


def test_poisson_calls_scatter_as_they_should_and_busy_days_more() -> None:
    rng = np.random.default_rng(4)
    plain = count(counts(40, lambda _: rng.poisson(60, 10)), HOUR, *ends(40))
    assert plain.expected is not None
    assert plain.dispersion is not None
    assert plain.expected[0] <= plain.dispersion <= plain.expected[1]
    moody = count(counts(40, lambda _: rng.poisson(60 * rng.uniform(0.6, 1.4), 10)), HOUR, *ends(40))
    assert moody.dispersion is not None
    assert moody.dispersion > 2 * plain.expected[1]


def test_the_interval_of_a_rate_covers_the_true_one_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(9)
    found = count(counts(40, lambda _: rng.poisson(30, 10)), HOUR, *ends(40))
    inside = [low <= 30 <= high for one in found.types for low, high in zip(one.low[8:18], one.high[8:18], strict=True)]
    assert np.mean(inside) >= 0.85


def test_days_without_a_call_are_closed_and_what_lies_outside_the_log_is_not_zero() -> None:
    seen = counts(3, lambda day: [0] * 10 if day == 1 else [10] * 10)
    found = count({k: v for k, v in seen.items() if v}, HOUR, (MONDAY * 24 + 12) * 3600.0, ends(3)[1])
    assert found.silent == 1
    workday = found.types[0]
    assert workday.days == 2
    assert workday.mean[13] == 10
    only_last = count({(MONDAY * 24 + 12): 5, (MONDAY + 2) * 24 + 9: 8}, HOUR,
                      (MONDAY * 24 + 12) * 3600.0, ((MONDAY + 2) * 24 + 9) * 3600.0)  # fmt: skip
    assert only_last.types[0].mean[9] == 8  # the first day is not known at nine


def test_one_day_is_too_little_to_judge() -> None:
    found = count(counts(1, lambda _: [10] * 10), HOUR, *ends(1))
    assert (found.dispersion, found.expected) == (None, None)


@pytest.mark.parametrize("interval", [900, 1800, 3600])
def test_any_interval_counts_all_calls(interval: int) -> None:
    found = count({MONDAY * 86_400 // interval + 3: 5}, interval, MONDAY * 86_400.0 + 3 * interval,
                  MONDAY * 86_400.0 + 3 * interval)  # fmt: skip
    assert found.types[0].mean.sum() == 5
