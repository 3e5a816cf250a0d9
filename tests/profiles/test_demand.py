"""Demands are read as they stand, in seconds; a bad one is named by its place."""

from collections.abc import Callable

import pytest

from simtel.core.data import demands
from simtel.core.problems import BadInput, Problem
from simtel.core.quantity import Basis
from simtel.profiles.demand import DEMAND, Demand, read_demand
from simtel.profiles.law import Law

Complains = Callable[..., list[Problem]]
TWENTY = (demands() / "twenty-seats.yaml").read_text(encoding="utf-8")
ONE_RATE = """simtel: demand/1
id: line
title: {en: One line, zh: 一条线}
arrivals: {rate: {value: 300/h, basis: buyer, source: x}}
service:
  talk: {law: hyperexponential, phases: [{share: 40%, mean: 30s}, {share: 60%, mean: 200s}], basis: buyer, source: x}
  wrap_up: {law: deterministic, mean: 0s, basis: buyer, source: x}
patience: {law: empirical, quantiles: [0s, 10s, 40s], upto: 40%, tail: 100s, basis: measured, source: x}
"""


def test_a_demand_is_read_in_seconds_and_per_second() -> None:
    demand = read_demand(demands() / "hundred-seats.yaml")
    assert demand.number("arrivals.rate") == 1500 / 3600
    assert (demand.figures["arrivals.rate"].stated.low, demand.figures["arrivals.rate"].stated.high) == pytest.approx(
        (0.7 * 1500 / 3600, 1.3 * 1500 / 3600)
    )
    workday = demand.days[0]
    assert (workday.name, workday.weekdays[0], workday.start, workday.interval) == ("workday", "mon", 28800.0, 3600.0)
    assert workday.rates[0] == 450 / 3600
    assert (demand.talk.kind, demand.talk.mean, demand.talk.deviation) == ("log-normal", 150.0, 120.0)
    assert (demand.talk.low, demand.talk.high, demand.talk.basis) == (120.0, 180.0, Basis.ASSUMED)
    assert demand.redial is not None
    assert demand.redial.mean == 60.0
    assert demand.seconds("targets.threshold") == 20.0
    assert demand.number("surge.rate") == 900 / 3600
    assert demand.choice("codec") == "g711"
    assert set(demand.figures) == set(DEMAND) - {"surge.lasts"}  # its surge is judged as if it went on


def test_what_is_not_given_has_no_value() -> None:
    demand = read_demand(ONE_RATE.encode())
    assert (demand.days, demand.ivr, demand.redial) == ((), None, None)
    assert "targets.blocking" not in demand
    with pytest.raises(KeyError):
        demand.number("targets.blocking")


def test_the_mean_of_a_law_is_that_of_the_whole_law() -> None:
    demand = read_demand(ONE_RATE.encode())
    assert demand.talk.mean == pytest.approx(0.4 * 30 + 0.6 * 200)
    assert demand.wrap_up.mean == 0.0
    patience = demand.patience
    assert isinstance(patience, Law)
    # Two straight pieces, 0..10 and 10..40 s, hold 20% each; the others stay 40 s and another 100 s.
    assert patience.mean == pytest.approx(0.2 * 5 + 0.2 * 25 + 0.6 * 140)


BAD = [
    ("simtel: demand/1", "simtel: §site/1", "demand/1"),
    ("basis: assumed\n", "basis: §guess\n", "one of these is due"),
    ("{name: weekend,", "{name: §workday,", "given twice"),
    ('weekdays: [sat, sun], start: "08:00"', 'weekdays: §[fri, sun], start: "08:00"', "'fri' is given twice"),
    ('weekdays: [sat, sun], start: "08:00"', 'weekdays: §[sat, sat], start: "08:00"', "'sat' is given twice"),
    ('[sat, sun], start: "08:00", interval: 1h', '[sat, sun], start: §"8:00", interval: 1h', "not a time of day"),
    ('[sat, sun], start: "08:00", interval: 1h,\n       rates',
     '[sat, sun], start: "09:00", interval: 1h,\n       §rates',
     "beyond midnight"),
    ("rates: [90/h", "rates: [§90", "bare value"),
    ("rates: [80/h", "rates: [§-80/h", "is not a rate"),
    ("law: log-normal, mean: 150s", "law: §lognormal, mean: 150s", "one of these is due"),
    ("talk: {law: log-normal, mean: 150s, deviation: 120s,", "§talk: {law: log-normal, mean: 150s,",
     "'deviation' is missing"),
    ("law: log-normal, mean: 150s", "law: log-normal, mean: §0s", "outside"),
    ("wrap_up: {law: exponential, mean: 30s,", "wrap_up: {law: exponential, §deviation: 3s, mean: 30s,", "unknown key"),
    ("share: {value: 50%", "share: {value: §150%", "more than everything"),
    ("threshold: {value: 20s", "threshold: {value: §2h", "is outside"),  # and no word of a lacking threshold
    ("codec: {value: g711", "codec: {value: §g711a", "one of these is due"),
    ("recording_kept: {value: 180", "recording_kept: {value: §180s", "is not a count"),
    ("shrinkage: {value: 25%", "shrinkage: {value: §96%", "outside"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_bad_demand(complains: Complains, old: str, new: str, message: str) -> None:
    complains(read_demand, TWENTY, old, new, message)


@pytest.mark.parametrize(
    ("good", "old", "new", "message"),
    [
        (TWENTY, "  off_by: 30%\n", "", "say how far each may be off"),
        (TWENTY, '  source: "an order line of 20 seats, quiet nights, an evening peak"\n', "", "'source' is missing"),
        (TWENTY, "low: 20s, high: 60s", "low: 31s, high: 60s", "is not within its range"),
        (TWENTY, "low: 20s, high: 60s", "low: 30s, high: 30s", "range of one value"),
        (TWENTY, ", low: 20s, high: 60s", "", "needs a range"),
        (TWENTY, "  threshold: {value: 20s,", "  occupancy_cap: {value: 20s,", "belong together"),
        (ONE_RATE, "source: x}}", "source: x}, days: []}", "not both"),
        (ONE_RATE, "source: x}}", "source: x}, off_by: 3%}", "belongs beside 'days'"),
        (ONE_RATE, "{rate: {value: 300/h, basis: buyer, source: x}}", "{basis: buyer, source: x}", "either 'rate'"),
        (ONE_RATE, "share: 60%", "share: 50%", "do not add up"),
        (ONE_RATE, "[0s, 10s, 40s]", "[0s, 50s, 40s]", "never fall"),
        (ONE_RATE, ", tail: 100s", "", "belong together"),
        (ONE_RATE, "mean: 0s, basis: buyer", "mean: 0s, low: 0s, basis: buyer", "assumed figure only"),
        (ONE_RATE, "{law: deterministic, mean: 0s, basis: buyer, source: x}", "30s", "where a law is due"),
    ],
)
def test_bad_demand_as_a_whole(good: str, old: str, new: str, message: str) -> None:
    assert good.count(old) == 1
    with pytest.raises(BadInput, match=message):
        read_demand(good.replace(old, new).encode())


def test_both_shipped_demands_are_read() -> None:
    read = [read_demand(path) for path in sorted(demands().glob("*.yaml"))]
    assert [type(one) for one in read] == [Demand, Demand]
    assert [one.id for one in read] == ["hundred-seats", "twenty-seats"]
