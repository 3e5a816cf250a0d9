"""The simulated seats: spreads by hand, the difference from the formula told apart, and flows that must balance."""

from dataclasses import replace
from math import inf

import pytest

from simtel.core.quantity import Basis
from simtel.profiles.law import Law
from simtel.sizing.design.need import Need, Targets, got, queued
from simtel.sizing.design.plan import Given, plan
from simtel.sizing.design.simulated import HALF_WIDTH, exponential_service, service_of, simulate
from simtel.sizing.formulas import erlang_a_queue
from simtel.sizing.theory.site_queue import Traffic

NEED = Need(Traffic(300 / 3600, 150.0, 30.0, 25.0, patience=120.0), Targets(0.8, 20.0, 0.01), redial=0.3)


def law(kind: str, mean: float, **other: object) -> Law:
    return Law(kind, mean, Basis.ASSUMED, "a test", **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("talk", "deviation"),
    [
        (law("exponential", 150.0), 150.0),
        (law("deterministic", 150.0), 0.0),
        (law("log-normal", 150.0, deviation=120.0), 120.0),
        (law("hyperexponential", 150.0, phases=((0.5, 100.0), (0.5, 200.0))), (2 * 25_000 - 150**2) ** 0.5),
        (law("empirical", 150.0, quantiles=(100.0, 200.0)), 100 / 12**0.5),
        (law("empirical", 125.0, quantiles=(0.0, 100.0), upto=0.5, tail=50.0), (1e4 / 6 + 12_500 - 100**2) ** 0.5),
    ],
)
def test_the_spread_of_talk_and_wrap_up(talk: Law, deviation: float) -> None:
    """The last one: half are even in 0..100 s, the rest stay 100 s and an exponential time of 50 s; a mean of 100 s."""
    talk = replace_mean(talk)
    found = service_of(talk, law("deterministic", 30.0))
    assert found.mean == talk.mean + 30
    assert found.deviation == pytest.approx(deviation)
    both = service_of(talk, law("exponential", 40.0))
    assert both.deviation == pytest.approx((deviation**2 + 1600) ** 0.5)


def replace_mean(talk: Law) -> Law:
    return law(talk.kind, 100.0, quantiles=talk.quantiles, upto=0.5, tail=50.0) if talk.upto < 1 else talk


def test_the_difference_from_the_formula_is_told_apart() -> None:
    parts = plan(NEED)
    found = simulate(NEED, parts, [14, 20], exponential_service(NEED))
    assert found is not None
    formula = got(NEED, parts)
    assert found.level.mean == pytest.approx(formula.service_level + found.by_trunks + found.by_law)
    rate = formula.attempts * (1 - formula.blocking)
    alone = erlang_a_queue(rate, 180.0, 120.0, parts.agents, threshold=20.0).service_level
    assert found.by_trunks == pytest.approx(alone - formula.service_level)
    assert found.level.half_width <= HALF_WIDTH * 1.1
    assert found.fewer is not None
    one_fewer = queued(NEED, parts.agents - 1, parts.working_trunks(NEED)).service_level
    assert found.fewer.mean == pytest.approx(formula.service_level - one_fewer, abs=0.015)
    for point in found.points:  # who is answered keeps an agent for 180 s
        there = queued(NEED, point.agents, parts.working_trunks(NEED))
        asked = there.attempts * (1 - there.blocking)
        busy = asked * (1 - point.intervals["abandonment"].mean) * 180 / point.agents
        assert point.intervals["occupancy"].mean == pytest.approx(busy, abs=0.01)
    assert [point.agents for point in found.points] == [14, parts.agents - 1, parts.agents, 20]


def test_a_queue_without_end_is_not_simulated() -> None:
    endless = replace(NEED, redial=0.0, traffic=replace(NEED.traffic, patience=inf))
    few = plan(endless, Given(seats=12, spans=(8,)))
    assert simulate(endless, few, [11, 13], exponential_service(endless)) is None
