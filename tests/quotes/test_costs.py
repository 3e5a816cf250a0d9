"""Costs over years against sums made by hand."""

from dataclasses import replace

import pytest

from simtel.quotes.costs import InUse, Rates, channels_short, cost_over, growth, per_avoided_hour, total

USED = InUse(price=250_000, listed=392_000, owned=8_000, warranty=3.0, watts=500, spans=2, lines=4, outage=2.0, lost=30)
RATES = Rates(support=0.08, spares=0.05, tariff=0.8, span_rent=1_200, line_rent=30, outage_hour=5_000, lost_call=20)


def by_id(used: InUse = USED, rates: Rates = RATES, years: int = 5) -> dict[str, float]:
    return {cost.id: cost.total for cost in cost_over(used, rates, years)}


def test_five_years_by_hand() -> None:
    assert by_id() == pytest.approx({
        "price": 250_000,
        "needed": 0,
        "spares": 20_000,  # 5 % of 400,000
        "support": 65_920,  # years 4 and 5 of 8 % of 392,000, and all five of 8 % of 8,000
        "power": 17_520,  # 0.5 kW x 8,760 h x 0.8 x 5
        "lines": 151_200,  # (2 x 1,200 + 4 x 30) x 12 x 5
        "outages": 50_000,
        "calls": 3_000,
    })  # fmt: skip
    costs = cost_over(USED, RATES, 5)
    assert costs[3].yearly == pytest.approx((640, 640, 640, 32_000, 32_000))
    assert total(costs) == pytest.approx(557_640)
    assert total(costs, ("outages", "calls")) == pytest.approx(504_640)


def test_a_warranty_that_ends_within_a_year_is_paid_for_from_then_on() -> None:
    assert by_id(replace(USED, warranty=3.25))["support"] == pytest.approx(31_360 * 1.75 + 640 * 5)
    assert by_id(replace(USED, warranty=0))["support"] == pytest.approx(160_000)
    assert by_id(replace(USED, warranty=9))["support"] == pytest.approx(640 * 5)  # owned parts have no new warranty


def test_discounting_by_hand() -> None:
    rates = replace(RATES, discount=0.1)
    assert by_id(rates=rates, years=2)["outages"] == pytest.approx(10_000 / 1.1 + 10_000 / 1.21)
    assert by_id(rates=rates, years=2)["price"] == 250_000


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"support": 0.16}, {"support"}),
        ({"spares": 0.1}, {"spares"}),
        ({"tariff": 1.6}, {"power"}),
        ({"span_rent": 2_400}, {"lines"}),
        ({"line_rent": 60}, {"lines"}),
        ({"outage_hour": 10_000}, {"outages"}),
        ({"lost_call": 40}, {"calls"}),
    ],
)
def test_a_rate_moves_its_own_item_upwards_and_no_other(change: dict[str, float], moved: set[str]) -> None:
    before, after = by_id(), by_id(rates=replace(RATES, **change))
    assert {name for name in before if after[name] != before[name]} == moved
    assert all(after[name] > before[name] for name in moved)


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"price": 500_000}, {"price"}),
        ({"listed": 784_000}, {"spares", "support"}),
        ({"owned": 16_000}, {"spares", "support"}),
        ({"watts": 600}, {"power"}),
        ({"spans": 3}, {"lines"}),
        ({"outage": 3}, {"outages"}),
        ({"lost": 31}, {"calls"}),
        ({"needed": 500}, {"needed", "spares", "support"}),
    ],
)
def test_more_of_a_thing_costs_more_there_and_nowhere_else(change: dict[str, float], moved: set[str]) -> None:
    before, after = by_id(), by_id(replace(USED, **change))  # type: ignore[arg-type]
    assert {name for name in before if after[name] != before[name]} == moved
    assert all(after[name] > before[name] for name in moved)


def test_what_nobody_has_ordered_wants_support_and_spares_as_what_is_bought() -> None:
    ordered, left_out = (by_id(replace(USED, **change)) for change in ({"listed": 402_000}, {"needed": 10_000}))
    assert ordered == pytest.approx({**left_out, "needed": 0})


def test_an_avoided_hour() -> None:
    assert per_avoided_hour(500_000, 2, 100_000, 10, 5) == 10_000  # 400,000 for 40 hours
    assert per_avoided_hour(90_000, 2, 100_000, 10, 5) == -250  # cheaper, and better
    assert per_avoided_hour(500_000, 10, 100_000, 10, 5) is None
    assert per_avoided_hour(500_000, 11, 100_000, 10, 5) is None


def test_growth_adds_parts_at_list_and_at_what_is_paid_of_it() -> None:
    counts = {
        20: {"e1": 2, "agent": 20, "headset": 20},
        50: {"e1": 2, "agent": 50, "headset": 50},
        100: {"e1": 4, "agent": 100, "headset": 100},
    }
    steps = growth(counts, {"e1": 18_000, "agent": 2_000}, 0.65)
    assert [step.seats for step in steps] == [50, 100]
    assert steps[0].added == (("agent", 30), ("headset", 30))
    assert (steps[0].listed, steps[0].offered) == (60_000, pytest.approx(39_000))
    assert steps[1].added == (("agent", 50), ("e1", 2), ("headset", 50))
    assert (steps[1].listed, steps[1].offered) == (136_000, pytest.approx(88_400))
    assert steps[0].unpriced == ("headset",)


def test_growth_throws_nothing_away_and_pays_for_nothing_twice() -> None:
    steps = growth({20: {"e1": 2}, 40: {"e1": 1}, 60: {"e1": 3}}, {"e1": 10.0}, 1.0)
    assert [step.added for step in steps] == [(), (("e1", 1),)]
    assert growth({20: {"e1": 2}}, {}, 1.0) == ()
    assert growth({}, {}, 1.0) == ()


def test_channels_that_lack_when_every_port_counts() -> None:
    assert channels_short(60, 20, 60) == 20
    assert channels_short(30, 10, 60) == 0


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="years"):
        cost_over(USED, RATES, 0)
    with pytest.raises(ValueError, match="discount"):
        cost_over(USED, replace(RATES, discount=-1), 5)
