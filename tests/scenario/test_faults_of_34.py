"""The list of faults that a 1+1 pair has to stand: each is injected by a scenario, or it is said why not."""

import tomllib
from pathlib import Path

import pytest

from simtel.core import data
from simtel.core.faults import FaultKind
from simtel.scenario.collect import files
from simtel.scenario.load import read_scenario
from simtel.scenario.spec import Scenario

TABLE = tomllib.loads((Path(__file__).parents[1] / "faults_of_34.toml").read_text(encoding="utf-8"))
LISTED = 26  # faults of the list, its ranges taken apart


@pytest.fixture(scope="module")
def shipped() -> dict[str, Scenario]:
    return {scenario.id: scenario for scenario in map(read_scenario, files([data.scenarios()]))}


def test_the_whole_list_is_there() -> None:
    assert len(TABLE) == LISTED


@pytest.mark.parametrize("fault", TABLE)
def test_a_fault_of_the_list_has_a_scenario_or_a_reason(fault: str, shipped: dict[str, Scenario]) -> None:
    row = TABLE[fault]
    assert len(row) == 1
    if "why_not" in row:
        assert len(row["why_not"].split()) > 5
        return
    assert row["scenarios"]
    for name, kind in row["scenarios"].items():
        assert FaultKind(kind) in {injected.kind for injected in shipped[name].faults}


def test_each_kind_that_strikes_servers_is_on_the_list(shipped: dict[str, Scenario]) -> None:
    """What is built is on the list: a kind of fault that strikes a server and stands in no row was forgotten there."""
    named = {kind for row in TABLE.values() for kind in row.get("scenarios", {}).values()}
    struck = {f.kind.value for s in shipped.values() for f in s.faults if f.subject.startswith("servers.")}
    assert struck == named - {"power-lost"}
