"""What the operator enters: who hears of it, what a restart keeps, and what becomes of a peer that lacks it."""

from typing import Any

import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.devices.messages.operation import Configure
from simtel.devices.messages.registration import Login
from simtel.devices.messages.replication import AgentChange, Changes, Configured, SyncRequest
from simtel.devices.server.configuration import Configuration
from simtel.devices.server.server import Server
from simtel.devices.server.takeover import take_over
from tests.devices.recorder import Recorder
from tests.devices.server.rig import LICENCES, NONE, Desk, phone, register, seat, server

LACKING = frozenset({seat(3)})


def active(configuration: Configuration, **more: Any) -> tuple[Server, Recorder]:
    made, out = server(configuration=configuration, **more)
    made.start(Ns(0), True)
    for number in range(1, 6):
        made.receive(register(phone(number)), Ns(number * 20 * MS))
    out.take()
    return made, out


def logs_in(made: Server, *numbers: int) -> list[str]:
    """Agents who are in after these have tried."""
    for number in numbers:
        made.receive(Login(seat(number), phone(number), ("service",)), Ns(SECOND))
    return list(made.control.agents.known)


def told(out: Recorder) -> list[object]:
    changes = [c for to, m in out.take() if to == "server.b/repl" and isinstance(m, Changes) for c in m.changes]
    return [c for c in changes if isinstance(c, Configured)]


def test_a_seat_that_is_not_entered_has_no_agent_until_it_is() -> None:
    made, out = active(Configuration(LACKING))
    assert logs_in(made, 1, 3) == [seat(1)]
    assert out.of(Kind.AGENT_REFUSED) == [{"cause": "not-entered"}]
    made.receive(Configure((seat(3),), 0), Ns(2 * SECOND))
    assert logs_in(made, 3) == [seat(1), seat(3)]


def test_licences_that_are_not_entered_cannot_be_taken_until_they_are() -> None:
    made, _ = active(Configuration(missing_licences=3))
    assert logs_in(made, 1, 2, 3) == [seat(1), seat(2)]
    made.receive(Configure((), 2), Ns(2 * SECOND))
    assert len(logs_in(made, 3, 4, 5)) == LICENCES["agent"] - 1
    less, _ = active(Configuration(missing_licences=LICENCES["agent"] + 3))
    assert logs_in(less, 1) == []


def test_the_server_that_serves_enters_it_and_tells_its_peer_at_once_and_when_asked() -> None:
    made, out = active(Configuration(LACKING, 2))
    made.receive(Changes((SyncRequest("server.b"),)), Ns(SECOND))
    assert told(out) == []  # nothing has been entered
    made.receive(Configure((seat(3),), 2), Ns(2 * SECOND))
    now = Configured(frozenset(), 0, 1)
    assert told(out) == [now]
    made.receive(Changes((SyncRequest("server.b"),)), Ns(3 * SECOND))
    assert told(out) == [now]
    alone, heard = active(Configuration(LACKING, 2), replicates=NONE)
    alone.receive(Configure((seat(3),), 2), Ns(2 * SECOND))
    alone.receive(Changes((SyncRequest("server.b"),)), Ns(3 * SECOND))
    assert told(heard) == []
    idle, _ = server("server.b", peer="server.a", configuration=Configuration(LACKING))
    idle.start(Ns(0), False)
    idle.receive(Configure((seat(3),), 0), Ns(SECOND))
    assert not idle.entered(seat(3))


def test_a_standby_takes_what_is_newer_and_keeps_it_over_a_restart() -> None:
    disk = Configuration(LACKING, 2)
    made, _ = server("server.b", peer="server.a", configuration=disk)
    made.start(Ns(0), False)
    made.receive(Changes((Configured(frozenset({seat(4)}), 1, 2),)), Ns(SECOND))
    assert made.entered(seat(3))
    assert not made.entered(seat(4))
    made.receive(Changes((Configured(LACKING, 2, 1),)), Ns(2 * SECOND))  # the peer was away meanwhile
    assert made.entered(seat(3))
    again, _ = server("server.b", peer="server.a", configuration=disk)
    assert not again.entered(seat(4))
    assert (disk.missing_licences, disk.version) == (1, 2)


@pytest.mark.parametrize(("missing", "limit", "kept"), [((), 5, [1, 2, 3]), ((2,), 5, [1, 3]), ((), 2, [1, 2])])
def test_a_take_over_knows_only_agents_that_are_entered_and_licensed(
    missing: tuple[int, ...], limit: int, kept: list[int]
) -> None:
    desk = Desk({"agent": limit})
    desk.missing = {seat(number) for number in missing}
    agents = [AgentChange(seat(number), phone(number), ("service",), "ready") for number in (1, 2, 3)]
    take_over(desk.control, [], agents, Ns(SECOND))
    assert list(desk.control.agents.known) == [seat(number) for number in kept]
    assert desk.control.licences.in_use("agent") == len(kept)
