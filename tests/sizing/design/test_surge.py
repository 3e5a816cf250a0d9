"""A surge that ends: the calls that come within it, against a site that has such calls for ever."""

from dataclasses import replace
from math import inf

import msgspec
import pytest

from simtel.core.problems import BadInput
from simtel.profiles.demand import read_demand
from simtel.sizing.design.asked import need, of_demand
from simtel.sizing.design.need import Need, Targets
from simtel.sizing.design.plan import plan
from simtel.sizing.design.simulated import Simulation
from simtel.sizing.design.surge import surged
from simtel.sizing.design.survive import cases
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.site_steady import Callers, steady
from simtel.sizing.theory.site_queue import Traffic
from tests.sizing.demands import demand_file

pytestmark = pytest.mark.timeout(240)  # the kernel may have to be compiled

CALLERS = Callers(
    200 / 3600, Law.exponential(150.0), Law.exponential(30.0), Law.exponential(25.0), Law.exponential(120.0),
    0.95, 0.5, 60.0, 20.0, 0.5,
)  # fmt: skip
PLACE, SETTLES = (12, 18, 18), 1_200.0
MEASURES = ("service_level", "abandonment", "occupancy", "blocking")


def means(rate: float, lasts: float, calls: int = 4_000) -> dict[str, float]:
    found = surged(CALLERS, PLACE, rate, lasts, SETTLES, calls=calls, replications=range(8), seed=3)
    return {name: sum(found[name]) / 8 for name in MEASURES}


def for_ever(rate: float) -> dict[str, float]:
    callers = msgspec.structs.replace(CALLERS, rate=rate)
    found = steady(callers, *PLACE, calls=4_000, fills=4 * SETTLES, replications=range(8), seed=4)
    return {name: sum(found[name]) / 8 for name in MEASURES}


def test_a_surge_that_adds_nothing_is_what_there_always_is() -> None:
    assert means(CALLERS.rate, 600.0) == pytest.approx(for_ever(CALLERS.rate), abs=0.015)


def test_a_long_surge_is_as_if_it_went_on_for_ever() -> None:
    rate = 500 / 3600
    assert means(rate, 36_000.0, 20_000) == pytest.approx(for_ever(rate), abs=0.02)


def test_the_shorter_the_surge_the_better_it_is_borne() -> None:
    """Who comes first finds seats and trunks free."""
    minute, quarter, ever = means(500 / 3600, 60.0), means(500 / 3600, 900.0), for_ever(500 / 3600)
    assert minute["blocking"] < quarter["blocking"] - 0.02 < ever["blocking"] - 0.04
    assert minute["service_level"] > quarter["service_level"] + 0.1 > ever["service_level"] + 0.1


def test_a_surge_without_room_beside_the_settling_is_named() -> None:
    with pytest.raises(BadInput, match="a surge of 1 s is too short beside the 1200 s in which the site settles: 4 s"):
        means(500 / 3600, 1.0)


def test_the_state_in_the_surge_is_simulated_for_so_long() -> None:
    calls = Traffic(200 / 3600, 150.0, 30.0, 25.0, 0.95, 120.0)
    ever = Need(calls, Targets(0.8, 20.0, 0.02), surge=300 / 3600, redial=0.5)
    short = replace(ever, surge_lasts=120.0)
    assert plan(short) == plan(ever)  # the formula takes it as if it went on
    blocked = {}
    for one in (ever, short):
        works, surge = cases(one, replace(plan(ever), core_channels=18, ivr_ports=18))
        assert (works.lasts, surge.lasts, surge.calls) == (inf, one.surge_lasts, pytest.approx(500 / 3600))
        blocked[one.surge_lasts] = sum(Simulation(one).values(surge, range(6))["blocking"]) / 6
    assert blocked[120.0] < blocked[inf] / 2


def test_how_long_it_lasts_is_in_the_demand_file() -> None:
    text = demand_file() + "surge:\n  rate: {value: 900/h, basis: measured, source: log}\n"
    assert need(of_demand(read_demand(text.encode(), "demand.yaml"))).surge_lasts == inf
    text += "  lasts: {value: 5min, basis: measured, source: log}\n"
    assert need(of_demand(read_demand(text.encode(), "demand.yaml"))).surge_lasts == 300.0
    with pytest.raises(BadInput, match="say --surge 900/h"):
        need({"calls": 0.1, "talk": 150.0, "surge_lasts": 300.0})
    with pytest.raises(BadInput, match="surge_lasts must be above 0"):
        need({"calls": 0.1, "talk": 150.0, "surge": 0.1, "surge_lasts": 0.0})
