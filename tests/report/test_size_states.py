"""What is said of the surge and of the worst unit: as simulated where that was done, else by the formula."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from simtel.core.i18n import Message
from simtel.report.size_states import NO_TARGET, surge_lines, worst_line
from simtel.sizing.design.answer import Answer, answer
from simtel.sizing.design.bill import Limits
from simtel.sizing.design.confirm import Simulated
from simtel.sizing.design.need import Need, Targets, percent
from simtel.sizing.design.plan import Given
from simtel.sizing.design.simulated import Measured
from simtel.sizing.design.survive import Case, cases
from simtel.sizing.intervals import Interval
from simtel.sizing.theory.site_queue import Traffic

NEED = Need(Traffic(300 / 3600, 150.0, 30.0, 25.0, patience=120.0), Targets(0.8, 20.0, 0.01), survive=True,
            surge=200 / 3600)  # fmt: skip


def formula(need: Need = NEED) -> Answer:
    return answer(need, Given(), Limits())


def simulated(found: Answer) -> Answer:
    """Each state in turn has its own figures: the service level of the first is 91 %, of the second 92 %."""
    made = tuple(_measured(state, place) for place, state in enumerate(cases(found.need, found.parts), start=1))
    return replace(found, simulated=Simulated(made, found.parts, (), None, {}, (), finished=True, made=1))


def _measured(state: Case, place: int) -> Measured:
    level = 0.9 + place / 100
    values = {"service_level": [level] * 3, "abandonment": [-0.0002, -0.0001, -0.0003], "blocking": [0.004] * 3}
    judged = {"service_level": Interval(level, 0.001, 0.95)}
    return Measured(state, judged, {"service_level": True}, 3, values)


def said(lines: Sequence[Message]) -> str:
    return "\n".join(str(line) for line in lines)


def test_without_a_simulation_the_formula_speaks() -> None:
    found = formula()
    assert found.surge is not None
    worst, surge = said([worst_line(found)]), said(surge_lines(found))
    assert worst.startswith("worst unit: 24-port board; with it down 17 agents and ")
    assert f"service level {percent(found.downs[0].found.service_level)}, " in worst
    assert worst.endswith("by the formula")
    assert "in the surge, 500 calls/h as if it lasted: service level " in surge
    assert f"{percent(found.surge.service_level)}, " in surge
    assert "simulated" not in worst + surge


def test_what_was_simulated_is_said_as_simulated() -> None:
    """With as many agents and trunks as there are with everything working, the board's case is that one."""
    found = simulated(formula())
    assert said([worst_line(found)]).endswith(
        "service level 91 % ± 0.1, abandonment 0 % ± 0.025, blocking 0.4 % ± 0, simulated"
    )
    surge = said(surge_lines(found)).splitlines()
    assert surge[0].startswith("in the surge, 500 calls/h: service level 92 % ± 0.1, ")
    assert surge[1].endswith("by the formula")


def test_a_unit_whose_state_was_not_simulated_is_by_the_formula() -> None:
    """With other targets for one unit down, the case of everything working is not the worst unit's."""
    found = simulated(formula())
    others = replace(found, need=replace(NEED, degraded=Targets(0.5, 20.0, 0.02)))
    assert said([worst_line(others)]).endswith("by the formula")


def test_a_surge_that_ends_is_not_as_if_it_lasted() -> None:
    found = simulated(formula(replace(NEED, surge_lasts=300.0)))
    assert "as if it lasted" not in said(surge_lines(found))
    assert "simulated" in said(surge_lines(found))


@pytest.mark.parametrize(("degraded", "hinted"), [(None, True), (Targets(0.1, 60.0, 0.02), False)])
def test_waits_in_the_surge_that_nothing_judges_are_told(degraded: Targets | None, *, hinted: bool) -> None:
    assert (NO_TARGET in surge_lines(formula(replace(NEED, degraded=degraded)))) is hinted


def test_without_a_surge_nothing_is_said_of_one() -> None:
    assert surge_lines(formula(replace(NEED, surge=0.0))) == []


def test_a_site_without_a_second_server_answers_nobody() -> None:
    alone = formula(replace(NEED, survive=False))
    assert said([worst_line(alone)]) == "worst unit: platform; with it down no call is answered"
