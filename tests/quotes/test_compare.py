"""A comparison: each change of an offer moves the rows that it must, in the direction that it must, and no other."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import msgspec
import pytest

from simtel.core import data
from simtel.core.problems import BadInput
from simtel.profiles.demand import read_demand
from simtel.quotes.buyer import find_buyer
from simtel.quotes.compare import Compared, Comparison, Tried, compare
from simtel.quotes.options import Option
from simtel.quotes.outage_log import Outage, parse_outages
from simtel.quotes.trial import YEARS, Lived, live
from simtel.report.quotes.compare import comparison_json, render_comparison
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.plan import items
from simtel.verdict.outcome import Outcome
from tests.quotes.sites import option, reading, today

DEMAND = read_demand(data.data_root() / "hardware_profiles" / "demand" / "twenty-seats.yaml")
BUYER = find_buyer("assumed-defaults")
SCENARIOS = ("failover.active-server-crash", "failover.lan-switch-crash")
BASE = "as-quoted-one-e1-each"
pytestmark = pytest.mark.timeout(240)  # seven options are tried out at once: ten seconds of a machine to itself
QUOTED = {"basis": "quoted", "source": "a test"}
LICENCES = {"core-channel": {"value": 60, **QUOTED}, "agent": {"value": 20, **QUOTED}}


def changed(name: str, change: Mapping[str, Any] | None = None, offer: float = 250_000.0, more: float = 0.0) -> Option:
    """The base option with some keys of its site changed, and so much more at list."""
    return option(name, replace(reading("first", offer, BASE, change), listed=392_000.0 + more))


@cache
def made() -> Comparison:
    """One comparison for all changes of this file."""
    options = [
        changed("base"),
        changed("same"),
        changed("dear", offer=500_000.0),
        changed("one-e1", {"gateways": {"profile": "e1-module-1", "spans": [1, 0], "housed": True}}, more=-18_000.0),
        changed("two-boards", {"boards": {"profile": "adapter-24", "count": 2, "spread": True}}, more=26_000.0),
        changed("ten-recording", {"licences": {**LICENCES, "recording": {"value": 10, **QUOTED}}}, more=-10_000.0),
        replace(today(), readings=(today().readings[0], reading("other", 0.0, "today"))),
    ]
    return quick(options, SCENARIOS)


def quick(options: Sequence[Option], scenarios: Sequence[str], log: Sequence[Outage] = ()) -> Comparison:
    """A comparison without the simulated year, with few replications and draws and with coarse bars."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("simtel.quotes.work.live", lambda _: Lived(None, None, None, Outcome.INCONCLUSIVE))
        patched.setattr("simtel.sizing.design.simulated.FIRST", 24)
        patched.setattr("simtel.quotes.compare.DRAWS", 40)
        patched.setattr("simtel.quotes.turning.STEPS", 2)
        return compare(options, DEMAND, BUYER, [20], log, jobs=1, scenarios=scenarios)


def one(name: str) -> Tried:
    return next(each for each in made().options if each.option.id == name).readings[0]


def rows(name: str) -> dict[str, Any]:
    """What is told about an option, row by row."""
    found = one(name)
    first = found.sizes[0]
    service = asdict(first.service)
    return {
        "listed": found.reading.listed, "offer": found.reading.offer.value, "seats": first.service.seats,
        "trunks": first.service.trunks, **{name: each["value"] for name, each in service["measures"].items()},
        "met": [(each.scenario, each.outcome) for each in first.met], "cut": first.cut, "single": first.single,
        "outage": found.outage, "recording": first.spec.licences["recording"], "channels": found.channels,
        **{f"cost.{cost.id}": cost.total for cost in found.costs},
    }  # fmt: skip


def moved(name: str) -> dict[str, tuple[Any, Any]]:
    """Rows in which an option differs from the base."""
    base, other = rows("base"), rows(name)
    return {row: (base[row], other[row]) for row in base if base[row] != other[row]}


def test_identical_quotes_tie() -> None:
    assert moved("same") == {}
    places = {made().options[place.option].option.id: place for place in made().places}
    assert places["base"].place == places["same"].place
    assert places["base"].score == places["same"].score
    base, same = made().chances[:2]
    assert (base.best, base.alone) == (same.best, 0)


def test_a_price_moves_the_price_and_nothing_else() -> None:
    rows_of = moved("dear")
    assert rows_of.keys() == {"offer", "cost.price"}
    assert rows_of["cost.price"] == (250_000, 500_000)
    assert one("dear").score < one("base").score


def test_without_an_e1_there_are_fewer_trunks_and_less_rent() -> None:
    rows_of = moved("one-e1")
    assert rows_of["trunks"] == (60, 30)
    assert rows_of["cost.lines"][1] == rows_of["cost.lines"][0] / 2
    assert rows_of["listed"][1] < rows_of["listed"][0]
    assert "gateways" in rows_of["single"][1]
    assert rows_of["channels"] == (20, 0)  # 30 trunks and 20 seats on 60 channels
    allowed = {"trunks", "listed", "single", "cut", "outage", "channels", "met", "blocking", "service_level",
               "abandonment", "occupancy", "cost.lines", "cost.support", "cost.outages", "cost.calls"}  # fmt: skip
    assert rows_of.keys() <= allowed


def test_a_second_adapter_is_no_single_unit_any_more() -> None:
    rows_of = moved("two-boards")
    assert "boards" in rows_of["single"][0]
    assert "boards" not in rows_of["single"][1]
    assert rows_of["cost.power"][1] > rows_of["cost.power"][0]
    allowed = {"single", "listed", "cost.power", "cost.support", "cut", "outage", "cost.outages", "cost.calls"}
    assert rows_of.keys() <= allowed
    assert one("two-boards").outage <= one("base").outage


def test_ten_recording_channels_fewer_change_what_is_recorded_and_paid_for() -> None:
    rows_of = moved("ten-recording")
    assert rows_of["recording"] == (20, 10)
    assert rows_of.keys() <= {"recording", "listed", "cost.support"}
    assert rows_of["cost.support"][1] < rows_of["cost.support"][0]


def test_the_outage_is_that_of_the_chain_and_the_curve_falls() -> None:
    downs = one("base").sizes[0].downs
    assert one("base").outage == pytest.approx(downs.system)
    minutes = [value for _, value in downs.curve]
    assert minutes == sorted(minutes, reverse=True)


def test_the_hour_that_is_avoided_is_that_of_today() -> None:
    base, now = one("base"), one("today")
    hours = (now.outage - base.outage) / 60 * 5
    assert base.avoided == (pytest.approx((base.paid - now.paid) / hours) if hours > 0 else None)
    assert now.avoided is None


def test_another_reading_of_one_option_says_who_is_first_then() -> None:
    swaps = made().swaps
    assert [(swap.reading, made().options[swap.option].option.id) for swap in swaps] == [("other", "today")]
    scores = [each.readings[0].score for each in made().options[:-1]]
    other: Compared = made().options[-1]
    assert (6 in swaps[0].best) is (other.readings[1].score >= max(scores))


def test_every_break_even_turns_the_ranking_and_never_means_never() -> None:
    bars = {bar.figure: bar for bar in made().bars}
    assert {"tariff", "support", "outage_hour"} <= bars.keys()
    assert all(bar.below is None or bar.ranged.low <= bar.below.at <= bar.ranged.value for bar in bars.values())
    assert all(bar.above is None or bar.ranged.value <= bar.above.at <= bar.ranged.high for bar in bars.values())
    assert bars["outage_hour"].swing == 0  # counted by minutes and not by money, so that nothing counts twice


def test_neither_order_nor_who_else_offers_changes_a_row() -> None:
    back = quick([today(), changed("base")], SCENARIOS)
    for found in back.options:
        here, there = found.readings[0], one(found.option.id)
        assert (here.score, here.costs, here.outage) == (there.score, there.costs, there.outage)
        assert here.sizes == there.sizes
    assert [place.place for place in back.places] == [1, 2]


def test_it_is_told_in_both_languages_and_to_programs() -> None:
    for lang, words in (("en", ("Ranking under", "never", "CNY 250,000.00")), ("zh", ("排名", "从不", "¥250,000.00"))):
        text = render_comparison(made(), lang, width=200)
        assert all(word in text for word in words)
        assert all(each.option.id in text for each in made().options)
    shown = render_comparison(made(), width=200)
    assert "rent of an E1" in shown  # moves a lead: one option has half as many
    assert "cost of an hour of outage" not in shown  # moves none
    assert "Growth by adding parts" not in shown  # one size grows to no other
    content = msgspec.json.decode(comparison_json(made()))
    assert [each["id"] for each in content["options"]] == [each.option.id for each in made().options]
    assert content["options"][0]["readings"][0]["costs"][0]["total"] == 250_000
    assert {each["bar"]["figure"] for each in content["turning"]} == {bar.figure for bar in made().bars}


def test_a_log_takes_the_place_of_what_is_assumed() -> None:
    log = parse_outages(
        b"begin,end,cause,calls lost\n2025-01-01 00:00,2025-01-01 01:00,server,40\n"
        b"2025-02-11 01:00,2025-02-11 03:00,server,60\n2025-05-31 03:00,2025-05-31 07:00,power,100\n"
        b"2025-08-01 00:00,2025-08-01 01:00,server,20\n", "log.csv",
    )  # fmt: skip
    drawn = option("drawn", reading("proposal-as-drawn"))
    found = quick([drawn, today()], SCENARIOS[:1], log)
    pair, now = (each.readings[0] for each in found.options)
    assert pair.replayed is not None
    assert now.replayed is not None
    assert pair.outage == pair.replayed.minutes.value
    assert pair.replayed.causes["servers"][1] < 0.1 * now.replayed.causes["servers"][1]  # a standby takes over
    assert pair.replayed.causes["feeds"][1] <= now.replayed.causes["feeds"][1]
    assert found.fitted is not None
    assert found.fitted.outages == 4
    assert any(bar.figure == "outage log" for bar in found.bars)
    assert not any("mtbf" in bar.figure for bar in found.bars)


def test_what_cannot_be_compared_is_told() -> None:
    euros = replace(changed("euros"), currency="EUR")
    none = option("none", replace(reading("first", base=BASE), site=None))
    with pytest.raises(BadInput) as bad:
        compare([euros, none], DEMAND, BUYER, [20])
    assert "euros is in EUR" in str(bad.value)
    assert "none makes no site" in str(bad.value)
    with pytest.raises(BadInput, match="cannot have 300 seats"):
        compare([changed("base")], DEMAND, BUYER, [300])


def test_a_simulated_year_is_told_with_its_interval() -> None:
    (item,) = items(scenarios_of([YEARS]), sites_of(["today"], [20], "grown"), 1, vary=False)
    lived = live(item)
    assert lived.minutes is not None
    assert lived.low is not None
    assert lived.high is not None
    assert 0 < lived.low < lived.minutes < lived.high
