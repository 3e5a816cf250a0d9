"""How telephones of the proposal's site find their server when the active one dies, by each way to register."""

from functools import cache

from simtel.core.clock import HOUR, MINUTE, SECOND, Ns
from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog
from simtel.devices.uplink import FLOW_LATEST, PONG, SPREAD
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.scenario.spec import Fault
from simtel.target.virtual import VirtualTarget
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from tests.run.sites import crash, site

AT = Ns(60 * SECOND)
RENEWAL = 50 * SECOND


@cache
def ran(mode: str, expiry: int) -> EvidenceLog:
    """The active server dies, and the standby knows of no registration that was not made with it."""
    spec = site().with_figure("servers.replication.registrations", False)
    for path, value in (("mode", mode), ("expiry", expiry)):
        spec = spec.with_figure(f"phones.registration.{path}", value)
    struck = Fault(FaultKind.CRASH, "servers.active", at=AT)
    log = to_memory(items([crash(faults=(struck,))], [spec], seed=7)[0], VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error
    kept = {v.criterion: v.outcome for v in judge(log).verdicts}
    assert kept["quiescence"] is kept["conservation"] is Outcome.PASS
    return log


def phones(mode: str, kind: Kind, server: str, expiry: int) -> list[Event]:
    """What telephones noticed from the crash on, up to two minutes later."""
    return [
        e
        for e in ran(mode, expiry).of(kind)
        if e.subject.endswith("/phone") and e.data["server"] == server and AT < e.t < AT + 2 * MINUTE
    ]


def test_every_flow_notices_within_a_keep_alive_and_its_answer_time() -> None:
    lost = phones("flows", Kind.REGISTRATION_LOST, "server.a", HOUR)
    assert {e.subject for e in lost} == {f"seat.{n + 1}/phone" for n in range(20)}
    assert max(e.t for e in lost) <= AT + FLOW_LATEST + PONG
    assert len({e.t for e in lost}) > 10, "not all at one instant"
    assert phones("dual", Kind.REGISTRATION_LOST, "server.a", HOUR) == []  # only a renewal would tell


def test_srv_asks_the_dead_head_of_its_list_first_and_takes_the_next_after_one_time_out() -> None:
    timeout = site().time("phones.registration.timeout")
    modes = ("srv", "successive", "dual")
    made = {mode: phones(mode, Kind.REGISTRATION_MADE, "server.b", 2 * RENEWAL) for mode in modes}
    assert made["dual"] == []  # it had been registered there all the time
    assert {e.subject for e in made["srv"]} == {f"seat.{n + 1}/phone" for n in range(20)}
    assert max(e.t for e in made["srv"]) <= 2 * RENEWAL + SPREAD + timeout + SECOND  # the first renewal that fails
    # A successive one uses the server that told the console that it serves, and renews there.
    late = [srv.t - plain.t for srv, plain in zip(made["srv"], made["successive"], strict=True)]
    assert all(timeout <= one <= timeout + SECOND for one in late)
