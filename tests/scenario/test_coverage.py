"""Each requirement has a scenario, or is named here with what it waits for."""

import pytest

from simtel.core import data
from simtel.core.faults import FAULTS, FaultKind
from simtel.report.claims import LATER
from simtel.scenario.collect import collect
from simtel.scenario.limits import CRITERIA
from simtel.scenario.spec import Scenario


@pytest.fixture(scope="module")
def shipped() -> list[Scenario]:
    return collect([data.scenarios()])


def test_each_requirement_has_a_scenario_or_waits(shipped: list[Scenario]) -> None:
    tried = {number for scenario in shipped for number in scenario.requirement}
    asked = {f"R{number}" for number in range(1, 19)}
    assert tried <= asked
    assert asked - tried <= LATER.keys()


def test_each_kind_of_fault_is_done_somewhere(shipped: list[Scenario]) -> None:
    assert {fault.kind for scenario in shipped for fault in scenario.faults} == set(FaultKind)


def test_each_role_that_can_be_struck_is_struck(shipped: list[Scenario]) -> None:
    struck = {fault.subject.partition(".")[0] for scenario in shipped for fault in scenario.faults}
    assert struck == {role for _, roles in FAULTS.values() for role in roles}


def test_each_criterion_is_asked_for(shipped: list[Scenario]) -> None:
    assert {wanted.criterion for scenario in shipped for wanted in scenario.expect} == set(CRITERIA)


def test_a_scenario_lies_where_its_id_says(shipped: list[Scenario]) -> None:
    assert len(shipped) >= 12
    for scenario in shipped:
        area, _, name = scenario.id.partition(".")
        assert scenario.path.endswith(f"scenarios/{area}/{name}.yaml")
        assert any("\u4e00" <= char <= "\u9fff" for char in scenario.title["zh"])
        assert any("\u4e00" <= char <= "\u9fff" for char in scenario.why["zh"])


def test_no_address_and_no_vendor_in_a_scenario(shipped: list[Scenario]) -> None:
    for file in data.scenarios().rglob("*.yaml"):
        text = file.read_text(encoding="utf-8").lower()
        assert not [word for word in ("lts-", "lpt", "dscom", "127.", "192.168") if word in text], file
