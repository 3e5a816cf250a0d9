"""A server pair alive on this machine: real processes, datagrams and signals.

What is asserted survives 100 ms of lateness. As a script this file runs one plan and writes its log, so that the same
plan can be run by another build of the package.
"""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import simtel
from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog, EvidenceWriter, Expectation, Header, Limit, read_log
from simtel.core.merge import Part, read_part
from simtel.core.problems import BadInput
from simtel.core.quantity import Basis, Quantity, Unit
from simtel.profiles.kinds import KINDS
from simtel.profiles.spec import Given, Layout, SiteSpec
from simtel.scenario.spec import Fault, Load, Scenario, Trigger
from simtel.target.loopback import LONGEST, LoopbackTarget, schedule
from simtel.target.plan import Plan, election_times

SLACK = 100 * MS
CRASH = Fault(FaultKind.CRASH, "servers.active", at=Ns(1 * SECOND))
HANG = Fault(FaultKind.HANG, "servers.active", at=Ns(1 * SECOND))
TAKE_OVER = Expectation("failover-time", (Limit("at_most", 2 * SECOND, Unit.TIME, "assumed"),))


def site(servers: int = 2, **figures: object) -> SiteSpec:
    """A pair that takes over within about 0.5 s."""
    values: dict[str, object] = {
        "boot_time": 300 * MS,
        "election.advert_interval": 100 * MS,
        "election.promote_time": 50 * MS,
        "election.address_time": 50 * MS,
        "election.fencing": "none",
        "election.fencing_time": 100 * MS,
        "election.preempt": False,
        "election.preempt_delay": 200 * MS,
    } | {name.replace("__", "."): value for name, value in figures.items()}
    specs = KINDS["call-server"]
    given = {
        f"servers.{name}": Given(Quantity(value, specs[name].unit, Basis.ASSUMED, "test"), specs[name])  # type: ignore[arg-type]
        for name, value in values.items()
    }
    layout = Layout(servers, 0, (), 0, 1, 1, housed=False, console=False, phone="none")
    return SiteSpec("pair", {}, {}, (), 0, layout, given, {}, {}, {}, "")


def plan(*faults: Fault, at: SiteSpec | None = None, sweep: str = "") -> Plan:
    expect = (TAKE_OVER, Expectation("promoted-once"))
    load = Load("poisson", length=Ns(2 * SECOND))
    scenario = Scenario("t.pair", {}, {}, (), ("servers",), load, faults, expect, sweep=sweep)
    return Plan(scenario, at or site(), 1)


def run(wanted: Plan, folder: Path) -> EvidenceLog:
    """Run on loopback; the parts stay in `folder`/parts."""
    target = LoopbackTarget(folder / "parts")
    path = folder / "evidence.jsonl"
    observes = tuple(sorted(str(kind) for kind in target.observes()))
    head = Header("t.pair", "pair", target.kind, 1, "test", observes=observes, expect=wanted.scenario.expect)
    with path.open("wb") as file:
        target.run(wanted, EvidenceWriter(file, head))
    return read_log(path)


def parts(folder: Path) -> dict[str, Part]:
    return {path.stem: read_part(path) for path in sorted((folder / "parts").glob("*.part"))}


def alive(folder: Path) -> list[int]:
    """Processes of the run that are still there; a process that was not collected counts."""
    pids = msgspec.json.decode((folder / "parts" / "pids.json").read_bytes(), type=dict[str, int])
    return [pid for pid in pids.values() if Path(f"/proc/{pid}").exists()]


def brief(events: list[Event]) -> list[tuple[str, str]]:
    """Kinds and subjects in order, but for the watch's sums."""
    return [(e.kind, e.subject) for e in events if e.kind != Kind.SERVICE_CHECKED]


def only(log: EvidenceLog, kind: Kind) -> Event:
    (event,) = log.of(kind)
    return event


def test_crash_of_the_active_server(tmp_path: Path) -> None:
    log = run(plan(CRASH), tmp_path)
    assert log.footer is not None
    assert not log.footer.error
    fault = only(log, Kind.FAULT_INJECTED)
    assert (fault.subject, fault.observer, fault.data) == ("server.1", "harness", {"fault": "crash", "number": 0})
    assert SECOND <= fault.t <= SECOND + SLACK
    # The outside: the first answered and advertised, then the second did, and the first fell silent.
    assert [e.subject for e in log.of(Kind.SERVER_ADVERTISED)] == ["server.1", "server.2"]
    assert [e.data["server"] for e in log.of(Kind.SERVICE_ANSWERED)] == ["server.1", "server.2"]
    assert only(log, Kind.SERVER_SILENT).subject == "server.1"
    lost, back = only(log, Kind.SERVICE_LOST), log.of(Kind.SERVICE_ANSWERED)[-1]
    assert fault.t < lost.t < back.t
    # 0.36 s of silence, at most one interval of it before the fault, 0.1 s to promote and to move the address.
    assert 350 * MS <= back.t - fault.t <= 510 * MS + 4 * SLACK
    # The server's own word agrees.
    own = [e for e in log.events if e.observer == "server.2"]
    assert brief(own) == [("server.detected", "server.2"), ("server.promoted", "server.2")]
    assert only(log, Kind.LOAD_ENDED).data == {"offered": 0}
    holds = log.of(Kind.DEVICE_HOLDS)
    assert {e.subject for e in holds} == {"server.1", "server.2", "watch", "service", "loopback"}
    assert all(e.data["count"] == 0 for e in holds)
    # Each observer's lateness was measured, and service checks are as uncertain as the watch's interval at least.
    assert {"server.1", "server.2", "watch"} <= set(log.footer.lateness)
    assert min(log.footer.lateness[name] for name in ("server.2", "watch")) > 0
    assert log.uncertainty(back) >= 50 * MS + 2 * log.footer.lateness["watch"]
    assert log.uncertainty(only(log, Kind.SERVER_SILENT)) == log.footer.lateness["watch"]
    assert alive(tmp_path) == []
    written = parts(tmp_path)
    assert sum(len(part.seen) for part in written.values()) == len(log.events)
    # The process that struck the servers knows nothing of them.
    end = written["fault_process-1"].end
    assert end is not None
    assert end.killed == ("server.1",)
    assert {"core", "wire", "probe"} <= set(end.rooms)
    assert not {"model", "emulator", "devices", "callcentre", "target", "scenario", "verdict"} & set(end.rooms)
    watch = written["watch-1"].end
    assert watch is not None
    assert not {"model", "emulator", "devices", "callcentre"} & set(watch.rooms)
    server = written["server.2-1"].end
    assert server is not None
    assert {"emulator", "devices"} <= set(server.rooms)
    assert not {"model", "probe", "verdict"} & set(server.rooms)
    assert server.rejected == watch.rejected == {}
    assert server.undelivered == watch.undelivered == 0
    assert written["server.1-1"].end is None  # it had no time to say farewell


if __name__ == "__main__":
    run(plan(CRASH), Path(sys.argv[1]))
