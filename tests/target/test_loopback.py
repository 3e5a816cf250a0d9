"""A server pair alive on this machine: real processes, datagrams and signals.

What is asserted survives 100 ms of lateness. As a script this file runs one plan and writes its log, so that the same
plan can be run by another build of the package.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
from simtel.profiles.kinds import KINDS, SITE
from simtel.profiles.spec import Given, Layout, SiteSpec
from simtel.scenario.spec import Fault, Load, Scenario, Trigger
from simtel.target.loopback import LoopbackTarget
from simtel.target.plan import Plan
from simtel.target.schedule import LONGEST, schedule
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome

SLACK = 100 * MS
CRASH = Fault(FaultKind.CRASH, "servers.active", at=Ns(600 * MS))
HANG = Fault(FaultKind.HANG, "servers.active", at=Ns(600 * MS))
TAKE_OVER = Expectation("failover-time", (Limit("at_most", 1500 * MS, Unit.TIME, "assumed"),))


def site(servers: int = 2, address: str = "moving", registration: str = "vip", **figures: object) -> SiteSpec:
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
    for path, value, spec in (
        ("site.address", address, SITE["address"]),
        ("gateways.registration.mode", registration, KINDS["e1-gateway"]["registration.mode"]),
    ):
        given[path] = Given(Quantity(value, Unit.CHOICE, Basis.ASSUMED, "test"), spec)
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
    assert (fault.subject, fault.observer, fault.data) == ("server.a", "harness", {"fault": "crash", "number": 0})
    assert 600 * MS <= fault.t <= 600 * MS + SLACK
    # The outside: the first answered and advertised, then the second did, and the first fell silent.
    assert [e.subject for e in log.of(Kind.SERVER_ADVERTISED)] == ["server.a", "server.b"]
    assert [e.data["server"] for e in log.of(Kind.SERVICE_ANSWERED)] == ["server.a", "server.b"]
    assert only(log, Kind.SERVER_SILENT).subject == "server.a"
    lost, back = only(log, Kind.SERVICE_LOST), log.of(Kind.SERVICE_ANSWERED)[-1]
    assert fault.t < lost.t < back.t
    # 0.36 s of silence, at most one interval of it before the fault, 0.1 s to promote and to move the address.
    assert 350 * MS <= back.t - fault.t <= 510 * MS + 4 * SLACK
    # The server's own word agrees.
    own = [e for e in log.events if e.observer == "server.b"]
    assert brief(own) == [("server.detected", "server.b"), ("server.promoted", "server.b")]
    assert only(log, Kind.LOAD_ENDED).data == {"offered": 0}
    holds = log.of(Kind.DEVICE_HOLDS)
    assert {e.subject for e in holds} == {"server.a", "server.b", "watch", "injector", "service", "power", "loopback"}
    assert all(e.data["count"] == 0 for e in holds)
    # Each observer's lateness was measured, and service checks are as uncertain as the watch's interval at least.
    assert {"server.a", "server.b", "watch"} <= set(log.footer.lateness)
    assert min(log.footer.lateness[name] for name in ("server.b", "watch")) > 0
    assert log.uncertainty(back) >= 50 * MS + 2 * log.footer.lateness["watch"]
    assert log.uncertainty(only(log, Kind.SERVER_SILENT)) == log.footer.lateness["watch"]
    assert alive(tmp_path) == []
    written = parts(tmp_path)
    assert sum(len(part.seen) for part in written.values()) == len(log.events)
    # The process that struck the servers knows nothing of them.
    end = written["fault_process-1"].end
    assert end is not None
    assert end.killed == ("server.a",)
    assert {"core", "wire", "probe"} <= set(end.rooms)
    assert not {"model", "emulator", "devices", "callcentre", "target", "scenario", "verdict"} & set(end.rooms)
    watch = written["watch-1"].end
    assert watch is not None
    assert not {"model", "emulator", "devices", "callcentre"} & set(watch.rooms)
    server = written["server.b-1"].end
    assert server is not None
    assert {"emulator", "devices"} <= set(server.rooms)
    assert not {"model", "probe", "verdict"} & set(server.rooms)
    assert server.rejected == watch.rejected == {}
    assert max(server.undelivered, watch.undelivered) <= 1  # a full buffer of a busy machine loses a datagram
    assert written["server.a-1"].end is None  # it had no time to say farewell
    # The criteria that judge every other target judge it.
    judged = {v.criterion: v.outcome for v in judge(log).verdicts}
    assert judged["promoted-once"] is judged["failover-time"] is judged["quiescence"] is Outcome.PASS


def test_crash_of_the_standby_is_not_felt(tmp_path: Path) -> None:
    log = run(plan(msgspec.structs.replace(CRASH, subject="servers.standby")), tmp_path)
    assert only(log, Kind.FAULT_INJECTED).subject == "server.b"
    assert log.of(Kind.SERVICE_LOST) == []
    assert [e.subject for e in log.of(Kind.SERVER_ADVERTISED)] == ["server.a"]


def test_hang_is_a_stopped_process_and_is_undone_at_the_end(tmp_path: Path) -> None:
    log = run(plan(HANG), tmp_path)
    fault = only(log, Kind.FAULT_INJECTED)
    assert fault.data == {"fault": "hang", "number": 0, "unit": "the whole process, heartbeat included"}
    assert [e.data["server"] for e in log.of(Kind.SERVICE_ANSWERED)] == ["server.a", "server.b"]
    assert only(log, Kind.FAULT_CLEARED).t > only(log, Kind.LOAD_ENDED).t
    # Unlike one that crashed, it says farewell, and the time for which it was stopped is no lateness of the host.
    assert parts(tmp_path)["server.a-1"].end is not None
    assert log.footer is not None
    assert log.footer.lateness["server.a"] < SECOND
    assert alive(tmp_path) == []


def test_hang_that_ends_leaves_one_active(tmp_path: Path) -> None:
    log = run(plan(msgspec.structs.replace(HANG, lasting=Ns(SECOND))), tmp_path)
    cleared = only(log, Kind.FAULT_CLEARED)
    # each is late by itself
    assert abs(cleared.t - only(log, Kind.FAULT_INJECTED).t - SECOND) <= SLACK
    # The first never knew that it was away, and it is the stronger: the second steps back.
    assert brief([e for e in log.events if e.observer == "server.b"]) == [
        ("server.detected", "server.b"),
        ("server.promoted", "server.b"),
        ("server.demoted", "server.b"),
    ]
    assert [e.subject for e in log.of(Kind.SERVER_SILENT)] == ["server.a", "server.b"]


# The service address stays with the server that moved it last, though that one stepped back. The rule that is missing:
# an active server that hears a weaker one claims the address again.
def test_service_comes_back_when_a_hang_ends(tmp_path: Path) -> None:
    log = run(plan(msgspec.structs.replace(HANG, lasting=Ns(SECOND))), tmp_path)
    assert log.of(Kind.SERVICE_ANSWERED)[-1].data["server"] == "server.a"


def test_fencing_kills_the_hung_server(tmp_path: Path) -> None:
    hang = msgspec.structs.replace(HANG, lasting=Ns(SECOND))
    log = run(plan(hang, at=site(election__fencing="power")), tmp_path)
    end = parts(tmp_path)["fault_process-1"].end
    assert end is not None
    assert end.killed == ("server.a",)
    assert log.footer is not None
    assert not log.footer.error
    # It was switched off: the end of the hang brings nothing back.
    assert [e.subject for e in log.of(Kind.SERVER_ADVERTISED)] == ["server.a", "server.b"]
    detected, promoted = only(log, Kind.SERVER_DETECTED), only(log, Kind.SERVER_PROMOTED)
    assert promoted.t - detected.t >= 100 * MS


def test_crash_that_ends_starts_the_server_again(tmp_path: Path) -> None:
    wanted = plan(msgspec.structs.replace(CRASH, lasting=Ns(1500 * MS)), at=site(election__preempt=True))
    log = run(wanted, tmp_path)
    again = parts(tmp_path)["server.a-2"]
    cleared = only(log, Kind.FAULT_CLEARED)
    # Off for 1.5 s, in service 0.3 s later, and, being the stronger, active again after the delay of 0.2 s.
    (promoted,) = [seen for seen in again.seen if seen.kind == Kind.SERVER_PROMOTED]
    assert 500 * MS <= promoted.t - cleared.t <= 900 * MS + 5 * SLACK
    assert [e.data["server"] for e in log.of(Kind.SERVICE_ANSWERED)] == ["server.a", "server.b", "server.a"]
    assert log.footer is not None
    assert not log.footer.error


def test_fault_after_an_event(tmp_path: Path) -> None:
    after = Fault(FaultKind.CRASH, "servers.active", after=Trigger("service.answered", count=1, plus=Ns(500 * MS)))
    log = run(plan(after), tmp_path)
    waited = only(log, Kind.FAULT_INJECTED).t - log.of(Kind.SERVICE_ANSWERED)[0].t
    assert 500 * MS <= waited <= 500 * MS + SLACK
    assert log.of(Kind.SERVICE_ANSWERED)[-1].data["server"] == "server.b"


def test_single_server_stays_away(tmp_path: Path) -> None:
    log = run(plan(CRASH, at=site(servers=1)), tmp_path)
    assert [e.data["server"] for e in log.of(Kind.SERVICE_ANSWERED)] == ["server.a"]
    assert len(log.of(Kind.SERVICE_LOST)) == 1
    assert {v.criterion: v.outcome for v in judge(log).verdicts}["failover-time"] is Outcome.FAIL


def test_single_server_without_figures_of_an_election(tmp_path: Path) -> None:
    pair = site(servers=1)
    bare = msgspec.structs.replace(
        pair, figures={k: v for k, v in pair.figures.items() if not k.startswith("servers.election")}
    )
    log = run(plan(CRASH, at=bare), tmp_path)
    assert log.footer is not None
    assert not log.footer.error
    assert len(log.of(Kind.SERVICE_LOST)) == 1


def test_address_that_does_not_move_leaves_who_asks_there_alone(tmp_path: Path) -> None:
    log = run(plan(CRASH, at=site(address="own")), tmp_path)
    assert [e.subject for e in log.of(Kind.SERVER_ADVERTISED)] == ["server.a", "server.b"]
    assert [e.data["server"] for e in log.of(Kind.SERVICE_ANSWERED)] == ["server.a"]
    assert {v.criterion: v.outcome for v in judge(log).verdicts}["failover-time"] is Outcome.FAIL


def test_who_asks_both_servers_needs_no_address_that_moves(tmp_path: Path) -> None:
    log = run(plan(CRASH, at=site(address="own", registration="dual")), tmp_path)
    assert [e.data["server"] for e in log.of(Kind.SERVICE_ANSWERED)] == ["server.a", "server.b"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(FaultKind.SPAN_CUT, "spans.1", at=Ns(0)), "faults[0]: loopback cannot inject 'span-cut'"),
        (Fault(FaultKind.CRASH, "gateways.1", at=Ns(0)), "faults[0]: 'gateways.1' is no process on loopback"),
        (
            Fault(FaultKind.CRASH, "servers.active", after=Trigger("call.connected")),
            "faults[0]: loopback never sees 'call.connected'",
        ),
    ],
)
def test_what_it_cannot_do_is_named_before_anything_starts(tmp_path: Path, fault: Fault, said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        run(plan(fault), tmp_path)
    assert not (tmp_path / "parts").exists()


def test_all_that_it_cannot_do_is_named_at_once() -> None:
    single = site(servers=1)
    far = Fault(FaultKind.CRASH, "servers.active", at=Ns(10 * LONGEST))
    with pytest.raises(BadInput) as raised:
        schedule(plan(CRASH, Fault(FaultKind.CRASH, "servers.standby", at=Ns(0)), far, at=single, sweep="takeover"))
    said = [problem.message for problem in raised.value.problems]
    assert len(said) == 3
    assert "faults[1]: the site has no 'servers.standby'" in said
    assert any(message.startswith("faults[2]: strikes ") for message in said)
    assert any("sweep 'takeover'" in message for message in said)


def test_time_before_the_first_fault_is_shortened() -> None:
    first = msgspec.structs.replace(CRASH, at=Ns(60 * SECOND), lasting=Ns(5 * SECOND))
    second = Fault(FaultKind.HANG, "servers.standby", at=Ns(62 * SECOND))
    strikes, length = schedule(plan(first, second))
    assert [strike["at"] for strike in strikes] == [3 * SECOND, 5 * SECOND]
    assert 8 * SECOND + 2 * SECOND < length < 15 * SECOND  # the limit of 2 s can be judged


def test_a_process_that_somebody_else_kills_is_an_error(tmp_path: Path) -> None:
    def murder() -> None:
        pids = tmp_path / "parts" / "pids.json"
        until(lambda: (tmp_path / "parts" / "watch-1.part").exists() and b"answered" in watched())
        os.kill(msgspec.json.decode(pids.read_bytes())["server.b"], signal.SIGKILL)

    def watched() -> bytes:
        return (tmp_path / "parts" / "watch-1.part").read_bytes()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(murder)
        log = run(plan(), tmp_path)
        done.result()
    assert log.footer is not None
    assert log.footer.error == "server.b was killed by somebody else"
    assert judge(log).outcome is Outcome.ERROR


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def build(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the package in which `old` in `file` is `new`."""
    shutil.copytree(Path(simtel.__file__).parent, folder / "simtel", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "simtel" / file
    source = path.read_text(encoding="utf-8")
    assert source.count(old) == 1
    path.write_text(source.replace(old, new), encoding="utf-8")
    return folder


def start_script(build: Path, folder: Path) -> subprocess.Popen[str]:
    folder.mkdir()
    return subprocess.Popen(
        [sys.executable, __file__, str(folder)],
        env={**os.environ, "PYTHONPATH": str(build)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_script(build: Path, folder: Path) -> EvidenceLog:
    """The crash of the active server, run by another build of the package."""
    with start_script(build, folder) as script:
        out, err = script.communicate(timeout=50)
    assert script.returncode == 0, err
    assert Path(out.strip()).is_relative_to(build)
    return read_log(folder / "evidence.jsonl")


def test_a_build_without_the_take_over_fails(tmp_path: Path) -> None:
    row = '    (State.STANDBY, Signal.SILENCE): (State.FENCING, "detect"),\n'
    broken = build(tmp_path / "build", "protocols/election.py", row, "")
    log = run_script(broken, tmp_path / "run")
    outcomes = {v.criterion: v.outcome for v in judge(log).verdicts}
    assert outcomes["failover-time"] is Outcome.FAIL
    assert outcomes["promoted-once"] is Outcome.FAIL
    assert outcomes["quiescence"] is Outcome.PASS
    # The script itself is not at fault: the build as it stands passes by the same road.
    whole = judge(run_script(Path(simtel.__file__).parent.parent, tmp_path / "whole"))
    assert {v.outcome for v in whole.verdicts if v.criterion in ("failover-time", "promoted-once")} == {Outcome.PASS}


def test_a_machine_that_fails_is_an_error_and_no_crash(tmp_path: Path) -> None:
    line = "        self._out.emit(Kind.SERVER_DETECTED)\n"
    broken = build(tmp_path / "build", "protocols/election.py", line, "        raise LookupError('planted')\n")
    log = run_script(broken, tmp_path / "run")
    assert log.footer is not None
    assert "server.b-1: LookupError: planted" in log.footer.error
    assert "server.b ended by itself (exit status 1)" in log.footer.error
    assert judge(log).outcome is Outcome.ERROR


def test_interrupt_leaves_a_log_without_footer_and_no_process(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with start_script(Path(simtel.__file__).parent.parent, folder) as script:
        until(lambda: started(folder))
        script.send_signal(signal.SIGINT)
        script.communicate(timeout=30)
    assert script.returncode != 0
    log = read_log(folder / "evidence.jsonl")
    assert log.footer is None
    assert [e.subject for e in log.of(Kind.SERVER_ADVERTISED)][:1] == ["server.a"]
    assert alive(folder) == []


def test_processes_do_not_outlive_who_started_them(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with start_script(Path(simtel.__file__).parent.parent, folder) as script:
        until(lambda: started(folder))
        script.kill()
    until(lambda: all(end_of_life(pid) for pid in alive(folder)))


def started(folder: Path) -> bool:
    part = folder / "parts" / "watch-1.part"
    return part.exists() and b"server.advertised" in part.read_bytes()


def end_of_life(pid: int) -> bool:
    """Gone, or dead and waiting for whoever inherited it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


if __name__ == "__main__":
    print(simtel.__file__)
    run(plan(CRASH), Path(sys.argv[1]))
