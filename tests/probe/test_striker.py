import signal
from typing import Any

import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.merge import Seen
from simtel.core.timers import TimerHeap
from simtel.probe.striker import After, Strike, Striker
from simtel.protocols.election import Claim, Fence

S = SECOND


class Bench:
    """Keeps what the striker did; `t` moves from deadline to deadline."""

    def __init__(self, *strikes: Strike) -> None:
        self.t = 0
        self.did: list[tuple[int, str, str]] = []
        self.events: list[tuple[int, str, str, dict[str, Any]]] = []
        self.fresh: list[Seen] = []
        self.timers = TimerHeap()
        self.striker = Striker(self, strikes, ("server.1", "server.2"), self.kill, self.look)
        self.striker.start(Ns(0))

    def kill(self, server: str, number: signal.Signals) -> None:
        self.did.append((self.t, server, number.name))

    def look(self) -> list[Seen]:
        fresh, self.fresh = [s for s in self.fresh if s.t <= self.t], [s for s in self.fresh if s.t > self.t]
        return fresh

    def seen(self, t: int, kind: Kind, subject: str) -> None:
        self.fresh.append(Seen(t, kind, subject, "watch", None, {}))

    def send(self, to: str, message: object) -> None:
        raise AssertionError("a striker sends nothing")

    def emit(self, kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
        assert call is None
        self.events.append((self.t, str(kind), str(subject), fields))

    def run(self, until: int) -> None:
        while (due := self.timers.next()) is not None and due <= until:
            self.t = due
            key = self.timers.due(due)
            assert key is not None
            self.striker.on_timer(key, due)
        self.t = until


def test_crash_at_an_instant() -> None:
    bench = Bench(Strike(0, FaultKind.CRASH, "servers.active", at=3 * S))
    bench.run(10 * S)
    assert bench.did == [(3 * S, "server.1", "SIGKILL")]
    assert bench.events == [(3 * S, "fault.injected", "server.1", {"fault": "crash", "number": 0})]
    bench.striker.undo_all()  # nothing to undo: only a start of the process would
    assert len(bench.events) == len(bench.did) == 1


@pytest.mark.parametrize("lasting", [2 * S, None])
def test_hang_is_always_undone(lasting: int | None) -> None:
    bench = Bench(Strike(4, FaultKind.HANG, "servers.standby", at=1 * S, lasting=lasting))
    bench.run(10 * S)
    bench.striker.undo_all()
    bench.striker.undo_all()
    end = 10 * S if lasting is None else 3 * S
    assert bench.did == [(1 * S, "server.2", "SIGSTOP"), (end, "server.2", "SIGCONT")]
    injected, cleared = bench.events
    assert injected[3]["unit"] == "the whole process, heartbeat included"
    assert cleared == (end, "fault.cleared", "server.2", {"fault": "hang", "number": 4})


def test_crash_with_a_duration_says_when_power_is_back() -> None:
    bench = Bench(Strike(0, FaultKind.CRASH, "servers.1", at=1 * S, lasting=2 * S))
    bench.run(10 * S)
    assert bench.did == [(1 * S, "server.1", "SIGKILL")]
    assert [(t, kind) for t, kind, *_ in bench.events] == [(1 * S, "fault.injected"), (3 * S, "fault.cleared")]


def test_active_is_whom_the_watch_heard_last() -> None:
    bench = Bench(
        Strike(0, FaultKind.CRASH, "servers.active", at=3 * S),
        Strike(1, FaultKind.CRASH, "servers.standby", at=4 * S),
        Strike(2, FaultKind.HANG, "servers.1", at=5 * S),
    )
    bench.seen(0, Kind.SERVER_ADVERTISED, "server.1")
    bench.seen(2 * S, Kind.SERVER_ADVERTISED, "server.2")
    bench.seen(2 * S, Kind.SERVER_ADVERTISED, "server.77")  # a stranger is nobody that can be struck
    bench.run(10 * S)
    assert [server for _, server, _ in bench.did] == ["server.2", "server.1", "server.1"]


def test_trigger_counts_events_and_waits() -> None:
    strike = Strike(0, FaultKind.CRASH, "servers.active", after=After("service.checked", count=3, plus=100 * MS))
    bench = Bench(strike)
    for second in range(1, 6):
        bench.seen(second * S, Kind.SERVICE_CHECKED, "watch")
    bench.run(2900 * MS)
    assert bench.did == []
    bench.run(10 * S)
    assert bench.did == [(3 * S + 100 * MS, "server.1", "SIGKILL")]


def test_trigger_that_never_comes_strikes_nobody() -> None:
    bench = Bench(Strike(0, FaultKind.CRASH, "servers.active", after=After("server.demoted")))
    bench.seen(1 * S, Kind.SERVICE_CHECKED, "watch")
    bench.run(2 * S)
    assert bench.did == bench.events == []


def test_power_relay() -> None:
    bench = Bench()
    for message in (Claim("server.1"), Fence("server.3"), Fence("server.1")):
        bench.striker.receive(message, Ns(0))
    assert bench.did == [(0, "server.1", "SIGKILL")]
    assert bench.events == []
