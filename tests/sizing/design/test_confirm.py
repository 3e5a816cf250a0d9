"""The formula's design against simulated sites: more where the formula is too hopeful, and what is said of it."""

from dataclasses import replace

import pytest

from simtel.sizing.design import confirm as confirming
from simtel.sizing.design import simulated, site_search
from simtel.sizing.design.confirm import Simulated, confirm, told
from simtel.sizing.design.need import Need, Parts, Targets, got, shortfalls
from simtel.sizing.design.plan import Beyond, Given, plan
from simtel.sizing.design.simulated import Laws
from simtel.sizing.design.survive import cases
from simtel.sizing.theory.site_queue import Traffic

pytestmark = pytest.mark.timeout(240)  # the kernel may have to be compiled

# Half of those who were not served dial again within seconds, and meet the same jam.
NEED = Need(
    Traffic(120 / 3600, 150.0, 30.0, 25.0, patience=60.0), Targets(0.8, 20.0, 0.02, 0.08), redial=0.8, redial_after=3.0
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coarser than in earnest."""
    monkeypatch.setattr(simulated, "CLOSE_CALLS", 1_000)
    monkeypatch.setattr(confirming, "CLOSE_CALLS", 1_000)
    monkeypatch.setattr(site_search, "MOST_OF_LOOK", 200)
    monkeypatch.setattr(confirming, "WHY", 24)
    monkeypatch.setattr(confirming, "HALF_WIDTHS", dict.fromkeys(confirming.HALF_WIDTHS, 0.01))


def confirmed(need: Need, given: Given | None = None) -> tuple[Given, Parts, Simulated]:
    there = given or Given()
    return confirm(need, there, plan(need, there), Laws(), lambda: False, lambda _: range(7, 10))


def test_what_a_jam_costs_is_added() -> None:
    formula = plan(NEED)
    assert not any(shortfalls(NEED.targets, got(NEED, formula)))
    given, parts, made = confirmed(NEED)
    assert given.beyond.trunks >= 1
    assert made.finished
    assert all(made.works.met.values())
    assert made.formula == formula
    assert parts == plan(NEED, given)
    assert parts.working_trunks(NEED) > formula.working_trunks(NEED)
    assert parts.agents > formula.agents
    assert (parts.seats, parts.agent_licences) == (parts.agents, parts.agents)
    assert {fewer.part for fewer in made.neighbours} == {"agents", "trunks"}
    assert not any(all(fewer.cases[0].met.values()) for fewer in made.neighbours if fewer.part == "agents")
    assert made.reasons["blocking"].redials > 0.003
    assert [point.agents for point in made.points] == [7, 8, 9]
    assert made.ports is not None
    assert 1 <= made.ports < parts.ivr_ports


def test_a_neighbour_that_holds_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks rule out, here because they end early, may hold when it is measured: it is cheaper, and so chosen."""
    monkeypatch.setattr(site_search, "MOST_OF_LOOK", 0)
    _, parts, made = confirmed(NEED)
    for one in made.neighbours:
        assert not all(all(case.met.values()) for case in one.cases), one.part
        assert one.instead is None
    assert made.works.first > simulated.MEASURED
    assert parts.ivr_ports == parts.working_trunks(NEED)


def test_one_port_fewer_is_a_neighbour_where_ports_have_a_price() -> None:
    need = replace(NEED, prices=(("agent", 5.0), ("core-channel", 1.0), ("ivr-port", 1.0)))
    _, parts, made = confirmed(need, Given(seats=11))
    ports = next(one for one in made.neighbours if one.part == "ports")
    assert ports.saves == 1.0
    assert ports.cases[0].case.ports == parts.ivr_ports - 1
    assert parts.ivr_ports < parts.working_trunks(need)


def test_what_is_given_is_measured_as_it_is() -> None:
    given, parts, made = confirmed(NEED, Given(seats=6, spans=(1,)))
    assert given.beyond == Beyond()
    assert parts.agents == 6
    assert str(told(made.works, False)[0]).startswith("service level ")
    assert made.works.met["blocking"] is True


def test_without_a_port_nobody_dials_again_and_that_is_told() -> None:
    _, parts, made = confirmed(NEED, Given(seats=6, spans=(1,), ivr_ports=0))
    assert parts.ivr_ports == 0
    assert made.reasons["blocking"].redials == 0.0
    assert made.works.met["service_level"] is not True


def test_what_befell_nobody_in_a_simulation_is_not_nothing() -> None:
    _, _, made = confirmed(replace(NEED, redial=0.0), Given(seats=20, spans=(4,)))
    blocking = made.works.intervals["blocking"]
    assert blocking.mean < 1e-3
    assert blocking.half_width > 3 / (3_000 * 1_000)


def test_no_time_is_told() -> None:
    parts = plan(NEED)
    _, same, made = confirm(NEED, Given(), parts, Laws(), lambda: True)
    assert same == parts
    assert (made.finished, made.neighbours, made.ports) == (False, (), None)
    assert made.works.intervals["service_level"].half_width > 0


def test_the_time_is_asked_for_within_the_reasons() -> None:
    """It runs out while durations are exponential: callers who do not dial again are not made any more."""
    given = Given(seats=6, spans=(1,))
    parts = plan(NEED, given)
    simulation, works = simulated.Simulation(NEED), cases(NEED, parts)[0]
    measured = simulation.measure(works, confirming._widths(works), lambda: True)
    before = simulation.made
    assert confirming._reasons(NEED, simulation, measured, lambda: True) == {}
    stopped = simulation.made - before
    assert set(confirming._reasons(NEED, simulation, measured, lambda: False)) == set(works.judged)
    assert simulation.made - before - stopped == 2 * stopped


def test_states_in_which_something_is_promised() -> None:
    """The surge, and each unit down that leaves something else than what works without it."""
    need = replace(NEED, survive=True, surge=1 / 60, degraded=Targets(0.5, 20.0, 0.1), traffic=replace(
        NEED.traffic, arrival_rate=300 / 3600))  # fmt: skip
    parts = replace(plan(need), spans=(2, 1), boards=2)
    works, surge, *downs = cases(need, parts)
    assert works.judged == ("service_level", "abandonment", "blocking")
    assert (surge.calls, surge.judged) == (300 / 3600 + 1 / 60, ("service_level", "blocking"))
    assert surge.targets == Targets(0.5, 20.0, 0.02)
    assert cases(replace(need, degraded=None), parts)[1].judged == ("blocking",)
    assert [str(down.name) for down in downs] == ["platform down", "24-port board down"]  # a feed takes a board along
    assert downs[0].targets == need.degraded
    assert downs[1].seats < works.seats
    many = replace(parts, core_channels=20, boards=9, seats=60, agent_licences=60)
    assert len(cases(replace(need, degraded=None), many)) == 2


def test_channels_so_that_all_can_talk_stand_beside_what_is_sought() -> None:
    """Fewer trunks are held against those that the targets ask for, and so are fewer agents."""
    need = replace(NEED, survive=True)
    given, parts, made = confirmed(need)
    asked_for = parts.asked_for.working_trunks(need)
    assert parts.talking
    assert parts.working_trunks(need) == asked_for + parts.talking
    assert made.works.case.trunks == parts.working_trunks(need)
    assert all(made.works.met.values())
    assert plan(need, given) == parts.asked_for
    fewer = {one.part: one.cases[0] for one in made.neighbours}
    assert (fewer["trunks"].case.trunks, fewer["agents"].case.trunks) == (asked_for - 1, asked_for)
    assert not fewer["trunks"].met["blocking"]
    assert False in fewer["agents"].met.values()
