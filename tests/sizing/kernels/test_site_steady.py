"""A whole site in the long run against the exact figures of one, and a point of a sweep over it."""

from functools import cache

import msgspec
import pytest

from simtel.profiles.demand import read_demand
from simtel.sizing.design.sweep_point import MEASURES, point, question
from simtel.sizing.formulas import erlang_a_queue, erlang_b
from simtel.sizing.intervals import mean_interval
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.site_steady import Callers, callers_of, fills_in, steady
from simtel.sizing.stopping import Values
from tests.sizing.demands import demand_file, law

pytestmark = pytest.mark.timeout(240)  # the kernel may have to be compiled

PLAIN = Callers(
    1 / 20, Law.exponential(180.0), Law.fixed(0.0), Law.fixed(0.0), Law.exponential(120.0), 1.0, 0.0, 60.0, 20.0
)


@cache
def runs(callers: Callers = PLAIN, ports: int = 12) -> Values:
    return steady(callers, 9, 12, ports, calls=2_000, fills=1_500.0, replications=range(40), seed=3)


def test_trunks_seats_and_patience_have_their_exact_figures() -> None:
    """M/M/9/12+M: 9 erlang on 9 seats behind 12 trunks."""
    exact = erlang_a_queue(1 / 20, 180.0, 120.0, 9, 12, 20.0)
    let_in = 1 - exact.p_block
    right = {
        "service_level": exact.service_level / let_in, "abandonment": exact.p_abandon / let_in,
        "occupancy": exact.occupancy, "blocking": exact.p_block,
    }  # fmt: skip
    assert right["blocking"] > 0.05
    for name, values in runs().items():
        found = mean_interval(list(values), 0.999)
        assert found.low <= right[name] <= found.high, name
        assert found.half_width < 0.03


def test_who_finds_no_port_is_refused_and_who_is_refused_may_dial_again() -> None:
    with_menu = msgspec.structs.replace(PLAIN, menu=Law.exponential(60.0))
    few, many = runs(with_menu, 2), runs(with_menu, 12)
    assert mean_interval(list(few["blocking"])).low > mean_interval(list(many["blocking"])).high
    again = runs(msgspec.structs.replace(PLAIN, redials=0.8))
    assert mean_interval(list(again["blocking"])).low > mean_interval(list(runs()["blocking"])).high


def test_office_extensions_take_trunks_as_in_a_loss_system_of_both() -> None:
    """Nobody waits: nine trunks under 5 erlang of callers, who all find a seat, and 3 erlang of the office."""
    callers = msgspec.structs.replace(PLAIN, rate=5 / 180, office=3.0)
    found = steady(callers, 9, 9, 9, calls=2_000, fills=1_500.0, replications=range(40), seed=3)
    blocking = mean_interval(list(found["blocking"]), 0.999)
    assert blocking.low <= erlang_b(8.0, 9) <= blocking.high
    assert blocking.half_width < 0.02
    occupancy = mean_interval(list(found["occupancy"]), 0.999)
    assert occupancy.low <= 5 / 9 * (1 - erlang_b(8.0, 9)) <= occupancy.high


def test_a_site_fills_in_some_services() -> None:
    assert 2 * 180.0 <= fills_in(PLAIN, 9, 12, 12, 1) <= 12 * 180.0


def test_a_point_of_a_whole_site_has_its_formula_beside_it() -> None:
    retrials = f"retrials: {{share: {{value: 50%, basis: measured, source: log}}, delay: {law('exponential', 60)}}}\n"
    office = "office_extensions: {value: 15, basis: measured, source: counted}\n"
    demand = read_demand((demand_file(wrap_up=law("exponential", 30)) + retrials + office).encode(), "demand.yaml")
    asked = question(demand, 12, 1_500, seed=1, trunks=17)
    assert (asked.ports, asked.callers.redials, asked.callers.menu.mean) == (17, 0.5, 20.0)
    assert asked.callers.office == pytest.approx(3.0)  # erlang
    found = point(asked, 10)
    assert tuple(found.shares) == MEASURES
    for name, share in found.shares.items():
        assert share.mean == pytest.approx(share.formula, abs=0.08), name  # redialling at once is not slow redialling
        assert share.low < share.mean < share.high
    blocking = found.shares["blocking"]
    assert min(blocking.mean, blocking.formula) > 0.03  # 0.7 % without the office extensions
    assert callers_of(demand) == asked.callers
