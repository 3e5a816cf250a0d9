"""The first scenario, on `virtual` and on `loopback`: one election, the same criteria, and a build without the
take-over that fails on both (the loopback half of that stands in test_loopback).

As a script this file runs the scenario on `virtual`, so that another build of the package can run it.
"""

import os
import subprocess
import sys
from pathlib import Path

import simtel
from simtel.core import data
from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog, read_log
from simtel.run.choose import scenarios_of
from simtel.run.once import to_file, to_memory
from simtel.run.plan import Item, items
from simtel.scenario.spec import Fault, Load
from simtel.target.loopback import LoopbackTarget
from simtel.target.virtual import VirtualTarget
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Verdict
from tests.properties.world import live, scenario_of, site_of
from tests.run.sites import site
from tests.target.test_loopback import build

DIES = "failover.active-server-dies"
ADVERT = 100 * MS
ELECTION = ("failover-time", "promoted-once")


def item(target: str = "virtual") -> Item:
    """The active server dies, on the proposal's site with adverts of 0.1 s."""
    spec = site().with_figure("servers.election.advert_interval", ADVERT)
    return items(scenarios_of([DIES]), [spec], seed=7, target=target)[0]


def run_by(package: Path, folder: Path) -> EvidenceLog:
    """The scenario on `virtual`, run by the build of the package below `package`."""
    folder.mkdir()
    tests = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, __file__, str(folder)],
        env={**os.environ, "PYTHONPATH": f"{package}{os.pathsep}{tests}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(package)
    return read_log(folder / "evidence.jsonl")


def named(judgement: Judgement, criterion: str) -> Verdict:
    (verdict,) = [v for v in judgement.verdicts if v.criterion == criterion]
    return verdict


def test_active_server_dies_and_the_other_takes_over() -> None:
    log = to_memory(item(), VirtualTarget())
    judgement = judge(log)
    assert {v.outcome for v in judgement.verdicts} == {Outcome.PASS}
    assert [e.subject for e in log.of(Kind.SERVER_ADVERTISED)] == ["server.a", "server.b"]
    # The last advert leaves up to 0.1 s before the fault; 0.3 s and the skew of priority 100 later it is missed.
    figures = {name: int(m.value) for name, m in named(judgement, "failover-time").figures.items()}
    skew = (256 - 100) * ADVERT // 256
    assert 2 * ADVERT + skew <= figures["detection"] <= 3 * ADVERT + skew + MS
    move = site().time("servers.election.address_time")
    (promoted,) = log.of(Kind.SERVER_PROMOTED)
    (serving,) = log.of(Kind.SERVER_SERVING)
    assert serving.t - promoted.t == move
    assert figures["detection"] < figures["promotion"] < figures["restoration"]


def test_a_build_without_the_take_over_fails_on_virtual_too(tmp_path: Path) -> None:
    row = '    (State.STANDBY, Signal.SILENCE): (State.FENCING, "detect"),\n'
    broken = build(tmp_path / "build", "protocols/election.py", row, "")
    for folder in ("scenarios", "hardware_profiles"):
        (broken / folder).symlink_to(data.data_root() / folder)
    failed = judge(run_by(broken, tmp_path / "run"))
    assert {named(failed, criterion).outcome for criterion in ELECTION} == {Outcome.FAIL}
    assert named(failed, "quiescence").outcome is Outcome.PASS
    # The road is not at fault: the build as it stands passes by it.
    whole = judge(run_by(Path(simtel.__file__).parent.parent, tmp_path / "whole"))
    assert {v.outcome for v in whole.verdicts} == {Outcome.PASS}


def test_virtual_and_loopback_are_judged_alike(tmp_path: Path) -> None:
    """The same scenario and site; the logs differ by no more than what each says of its own uncertainty."""
    virtual = judge(to_memory(item(), VirtualTarget()))
    loopback = judge(to_memory(item("loopback"), LoopbackTarget(tmp_path / "parts")))
    assert (virtual.header.target, loopback.header.target) == ("virtual", "loopback")
    assert virtual.header.expect == loopback.header.expect
    for criterion in (*ELECTION, "quiescence"):
        assert named(virtual, criterion).outcome is named(loopback, criterion).outcome is Outcome.PASS
    here, there = named(virtual, "failover-time"), named(loopback, "failover-time")
    assert here.figures.keys() == there.figures.keys() == {"detection", "promotion", "restoration"}
    # What is not uncertainty of an observer: at which point between two adverts the fault strikes.
    for name, figure in here.figures.items():
        other = there.figures[name]
        stated = figure.uncertainty + other.uncertainty
        assert stated < SECOND
        assert abs(int(figure.value) - int(other.value)) <= ADVERT + stated, name
    assert here.measured is not None
    assert there.measured is not None
    assert here.measured.uncertainty > 0 < there.measured.uncertainty
    stated = here.measured.uncertainty + there.measured.uncertainty
    assert abs(int(here.measured.value) - int(there.measured.value)) <= stated < SECOND
    once, again = named(virtual, "promoted-once").figures, named(loopback, "promoted-once").figures
    assert {n: m.value for n, m in once.items()} == {n: m.value for n, m in again.items()}


def test_time_to_the_fault_is_the_scenarios_own() -> None:
    (fault,) = to_memory(item(), VirtualTarget()).of(Kind.FAULT_INJECTED)
    assert fault.t == Ns(5 * SECOND)


def test_a_fault_that_comes_after_all_calls_still_comes() -> None:
    load = Load("poisson", rate=0.1, length=Ns(10 * SECOND))
    fault = Fault(FaultKind.CRASH, "servers.active", at=Ns(40 * SECOND))
    log = live(site_of("proposal-as-drawn", 1), scenario_of(load, fault)).log
    assert [event.t for event in log.of(Kind.FAULT_INJECTED)] == [40 * SECOND]


if __name__ == "__main__":
    print(simtel.__file__)
    to_file(item(), VirtualTarget(), Path(sys.argv[1]) / "evidence.jsonl")
