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


def test_a_weekday_that_differs_is_a_type_of_its_own() -> None:
    rng = np.random.default_rng(3)

    def calls(day: int) -> object:
        return rng.poisson({0: 300, 5: 60, 6: 60}.get(day % 7, 200), 10)

    found = count(counts(28, calls), HOUR, *ends(28))
    assert [(one.name, one.weekdays, one.days) for one in found.types] == [
        ("workday", (1, 2, 3, 4), 16), ("monday", (0,), 4), ("weekend", (5, 6), 8),
    ]  # fmt: skip
    assert [one.mean[12] for one in found.types] == pytest.approx([200, 300, 60], rel=0.05)
    assert found.dispersion == pytest.approx(1.0, abs=0.2)  # it was the Mondays alone


def test_an_hour_that_differs_parts_a_weekday_too_and_the_last_one_left_has_its_name() -> None:
    rng = np.random.default_rng(3)
    late = count(counts(56, lambda day: rng.poisson([100] * 9 + [40 if day % 7 == 4 else 100])), HOUR, *ends(56))
    assert [(one.name, one.weekdays) for one in late.types] == [
        ("workday", (0, 1, 2, 3)), ("friday", (4,)), ("weekend", (5, 6)),
    ]  # fmt: skip
    ends_apart = count(counts(56, lambda day: rng.poisson(80 if day % 7 == 5 else 30, 10)), HOUR, *ends(56))
    assert [one.name for one in ends_apart.types] == ["workday", "sunday", "saturday"]


def test_days_that_differ_by_their_mood_and_a_single_monday_part_nothing() -> None:
    rng = np.random.default_rng(2)
    moods = [count(counts(28, lambda _: rng.poisson(200 * rng.uniform(0.6, 1.4), 10)), HOUR, *ends(28))
             for _ in range(20)]  # fmt: skip
    assert {len(one.types) for one in moods} == {2}
    once = count(counts(7, lambda day: [300 if day == 0 else 200] * 10), HOUR, *ends(7))
    assert [one.name for one in once.types] == ["workday", "weekend"]


def test_the_interval_of_few_days_is_students() -> None:
    """10 and 30 calls: deviation sqrt(200), error sqrt(200 / 2) = 10, with one degree of freedom 12.7062 times."""
    found = count({MONDAY * 24 + 9: 10, (MONDAY + 1) * 24 + 9: 30}, HOUR, MONDAY * 86_400.0,
                  MONDAY * 86_400.0 + 2 * 86_400 - 1)  # fmt: skip
    assert found.types[0].mean[9] == 20
    assert found.types[0].high[9] == pytest.approx(20 + 10 * 12.7062, rel=1e-4)
