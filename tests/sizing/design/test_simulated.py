"""Simulated sites: spreads by hand, figures that are known, callers taken out, and limits that lie inside a band."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import hypot

import numpy as np
import pytest

from simtel.core.quantity import Basis
from simtel.profiles.law import Law
from simtel.sizing.design.controlled import controlled, tuned, watched
from simtel.sizing.design.need import Need, Targets, queued
from simtel.sizing.design.simulated import ALIKE, ANY, FIRST, ITSELF, Laws, Simulation, met, service_of
from simtel.sizing.design.survive import ALL, Case
from simtel.sizing.intervals import Interval, mean_interval
from simtel.sizing.kernels.quantiles import Quantiles
from simtel.sizing.stopping import Values
from simtel.sizing.theory.site_queue import Traffic

pytestmark = pytest.mark.timeout(240)  # the kernel may have to be compiled


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


PLAIN = Need(Traffic(1 / 20, 180.0, patience=120.0), Targets(0.8, 20.0, 0.01, 0.05, 0.9))


def case(seats: int = 9, trunks: int = 12) -> Case:
    return Case(None, seats, trunks, trunks, 1 / 20, PLAIN.targets, ALL)


def test_a_site_of_which_the_figures_are_known() -> None:
    """M/M/9/12+M, 9 erlang: what callers explain is taken out, and the figures stay what they are."""
    exact = queued(PLAIN, 9, 12)
    found = Simulation(PLAIN).values(case(), range(80))
    for name in ALL:
        right, one = getattr(exact, name), mean_interval(list(found[name]), 0.999)
        assert one.low <= right <= one.high, name
        assert one.half_width < 0.006, name


def test_a_look_is_watched_like_any_site_and_what_is_told_like_one_that_is_alike() -> None:
    """Like which one makes an interval narrow or wide; it covers the figure all the same."""
    simulation, exact = Simulation(PLAIN), queued(PLAIN, 9, 12)
    far = simulation.how(case(trunks=40), ANY)
    assert simulation.how(case(), ANY) is far
    for name in ALL:
        one = mean_interval(list(simulation.values(case(), range(80))[name]), 0.999)
        assert one.low <= getattr(exact, name) <= one.high, name
    near = simulation.how(case(), ALIKE)
    assert near.place == (9, 12, 12)
    assert near.fills == far.fills
    assert simulation.how(case(trunks=11), ALIKE) is near
    assert simulation.how(case(trunks=11), ITSELF).place == (9, 11, 11)
    assert simulation.how(case(seats=20, trunks=40), ANY).place == (20, 40, 40)


def test_what_callers_explain_is_taken_out() -> None:
    callers, at = Simulation(PLAIN).callers(1 / 20, 20.0), (9, 12, 12)
    how = tuned(callers, at, 1, map)
    watch = watched(callers, how.fills, 2_000)
    plain = replace(how, slopes=np.zeros_like(how.slopes))
    shown, raw = (controlled(one, watch, at, range(60), 1, map) for one in (how, plain))
    assert np.var(shown["service_level"]) < 0.3 * np.var(raw["service_level"])
    assert np.var(shown["occupancy"]) < 0.1 * np.var(raw["occupancy"])
    assert np.var(shown["blocking"]) < 0.6 * np.var(raw["blocking"])
    with ThreadPoolExecutor(2) as workers:
        assert_same(controlled(how, watch, at, range(60), 1, workers.map), shown)


def assert_same(one: Values, other: Values) -> None:
    assert {name: list(x) for name, x in one.items()} == {name: list(x) for name, x in other.items()}


def test_a_case_is_measured_until_it_is_close() -> None:
    simulation = Simulation(PLAIN)
    wide = dict.fromkeys(ALL, 0.01)
    found = simulation.measure(case(), wide, lambda: False)
    assert found.replications == FIRST
    assert found.met == {"service_level": False, "abandonment": False, "occupancy": True, "blocking": False}
    stopped = simulation.measure(case(), dict.fromkeys(ALL, 1e-4), lambda: True)
    assert stopped.replications == FIRST
    fewer, difference = simulation.beside(case(seats=8), found, wide, lambda: False)
    assert fewer.first == found.first
    assert difference["service_level"].high < 0
    apart = [one.intervals["service_level"].half_width for one in (fewer, found)]
    assert difference["service_level"].half_width < hypot(*apart)


def test_a_limit_inside_the_interval_is_neither_met_nor_missed() -> None:
    targets = Targets(0.8, 20.0, 0.01)
    assert met(targets, "service_level", Interval(0.81, 0.005, 0.95)) is True
    assert met(targets, "service_level", Interval(0.79, 0.005, 0.95)) is False
    assert met(targets, "service_level", Interval(0.801, 0.005, 0.95)) is None
    assert met(targets, "blocking", Interval(0.009, 0.0005, 0.95)) is True
    assert met(targets, "blocking", Interval(0.0101, 0.0005, 0.95)) is None
    assert met(targets, "blocking", Interval(0.011, 0.0005, 0.95)) is False


def test_talks_have_the_law_that_was_measured() -> None:
    steps = law("empirical", 180.0, quantiles=(100.0, 260.0))
    simulation = Simulation(PLAIN, Laws(talk=steps))
    assert simulation.callers(1 / 20, 20.0).talk == Quantiles(180.0, (100.0, 260.0), 1.0, ())
    busy, plain = (mean_interval(list(one.values(case(), range(24))["occupancy"])) for one in
                   (simulation, Simulation(PLAIN)))  # fmt: skip
    assert busy.half_width < plain.half_width


def test_where_nobody_works_nothing_is_simulated() -> None:
    found = Simulation(PLAIN).values(case(seats=0), range(3))
    assert (found["blocking"], found["service_level"]) == ([1.0] * 3, [0.0] * 3)


def test_intervals_cover() -> None:
    """Of 100 sites of which the figures are known, as many of each measure's 95 % intervals cover as chance allows."""
    exact, simulation = queued(PLAIN, 9, 12), Simulation(PLAIN)
    made = simulation.values(case(), range(1_600), 1_000)
    for name in ALL:
        groups = np.asarray(made[name]).reshape(100, 16)
        covered = sum(one.low <= getattr(exact, name) <= one.high for one in map(mean_interval, groups.tolist()))
        assert covered >= 89, name  # of a binomial law of 0.95, 99 % lie within 89 ... 100
