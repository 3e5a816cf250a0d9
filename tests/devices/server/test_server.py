"""A call server: its roles, its shadow of the peer's calls, what a hang stops, and its registrar."""

from typing import Any

import msgspec
import pytest

from simtel.core.clock import HOUR, MINUTE, MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.devices.messages.calls import Answer, Bye, Done, Invite, Reject
from simtel.devices.messages.physics import ClockSet, DiskFull, Hang, Slow, Stall
from simtel.devices.messages.records import Record
from simtel.devices.messages.registration import Alive, KeepAlive, LoggedIn, Login, Ready, Register, Registered, Serving
from simtel.devices.messages.replication import AgentChange, CallChange, CallGone, Changes, ContactChange, SyncRequest
from simtel.devices.server.server import Rates, Server
from simtel.protocols.election import ADDRESS, Advert, Claim
from simtel.protocols.service import Check, Checked
from tests.devices.recorder import Recorder, live
from tests.devices.server.rig import ALL, GATEWAY, NONE, TIMES, phone, register, seat, server

A_CALL = CallChange("c1", "talking", GATEWAY, seat(1), phone(1), "service", 0, SECOND, False, True)
AN_AGENT = AgentChange(seat(1), phone(1), ("service",), "talking")
REPLICATION = "server.a/repl"
TAKEN_OVER = SECOND  # long enough for a standby of these times to serve


def active(**more: Any) -> tuple[Server, Recorder]:
    made, out = server(**more)
    made.start(Ns(0), True)
    made.receive(register(GATEWAY), Ns(0))
    out.take()
    return made, out


def standby(**more: Any) -> tuple[Server, Recorder]:
    made, out = server("server.b", peer="server.a", **more)
    made.start(Ns(0), False)
    return made, out


def changes(out: Recorder, to: str) -> list[object]:
    """What the peer was told since the last look."""
    return [c for at, m in out.take() if at == to and isinstance(m, Changes) for c in m.changes]


def sent(out: Recorder, kind: type) -> list[tuple[str, Any]]:
    return [(to, m) for to, m in out.take() if type(m) is kind]


# --- roles


def test_only_the_active_one_answers_calls_and_checks() -> None:
    for made, out in (active(), standby()):
        out.take()
        serves = made.active
        made.receive(register(GATEWAY), Ns(MS))
        live(made, 100 * MS)
        made.receive(Invite("c1", GATEWAY, "service"), Ns(SECOND))
        made.receive(KeepAlive(GATEWAY), Ns(SECOND))
        made.receive(Check("watch", 1), Ns(2 * SECOND))
        made.receive(Bye("c1", GATEWAY), Ns(3 * SECOND))
        kinds = {type(m) for _, m in out.take()}
        assert (kinds >= {Answer, Alive, Checked, Done}) is serves
        assert serves or kinds == {Registered}


def test_a_standby_asks_its_peer_for_everything() -> None:
    _, out = standby()
    assert changes(out, REPLICATION) == [SyncRequest("server.b")]
    made, out = server(peer=None)
    made.start(Ns(0), False)
    assert made.active
    assert out.take()[0][0] == "address"


def test_the_active_one_tells_all_that_it_knows() -> None:
    made, out = active()
    made.receive(register(phone(1)), Ns(20 * MS))
    made.receive(Login(seat(1), phone(1), ("service",)), Ns(30 * MS))
    made.receive(Invite("c1", GATEWAY, "service"), Ns(SECOND))
    out.take()
    made.receive(Changes((SyncRequest("server.b"),)), Ns(2 * SECOND))
    told = changes(out, "server.b/repl")
    contacts = {(c.contact, c.expiry) for c in told if isinstance(c, ContactChange)}
    assert contacts == {(GATEWAY, 60 * MINUTE - 2 * SECOND), (phone(1), 60 * MINUTE - 1980 * MS)}
    assert [c.seat for c in told if isinstance(c, AgentChange)] == [seat(1)]
    assert [(c.call, c.answered_ago) for c in told if isinstance(c, CallChange)] == [("c1", SECOND)]


def test_it_tells_nothing_that_is_not_replicated() -> None:
    made, out = active(replicates=NONE)
    made.receive(register(phone(1)), Ns(20 * MS))
    made.receive(Login(seat(1), phone(1), ("service",)), Ns(30 * MS))
    made.receive(Invite("c1", GATEWAY, "service"), Ns(SECOND))
    made.receive(Changes((SyncRequest("server.b"),)), Ns(2 * SECOND))
    assert changes(out, "server.b/repl") == []


def test_changes_of_one_step_travel_together() -> None:
    made, out = active()
    made.receive(Invite("c1", GATEWAY, "service"), Ns(SECOND))
    assert [type(c) for c in changes(out, "server.b/repl")] == [CallChange]
    made.receive(register(phone(1)), Ns(2 * SECOND))
    made.receive(Login(seat(1), phone(1), ("service",)), Ns(3 * SECOND))
    assert sum(to == "server.b/repl" for to, _ in out.take()) == 2


# --- the shadow


def test_the_standby_continues_what_it_was_told() -> None:
    made, out = standby()
    made.receive(Changes((ContactChange(phone(1), seat(1), 60 * MINUTE), AN_AGENT, A_CALL)), Ns(100 * MS))
    made.receive(Changes((ContactChange(GATEWAY, "", 60 * MINUTE),)), Ns(100 * MS))
    out.take()
    live(made, TAKEN_OVER)
    assert made.active
    assert out.of(Kind.SERVER_SERVING) == [{"calls": 1}]
    served = sent(out, Serving)
    assert served == [(phone(1), Serving("server.b", True)), (GATEWAY, Serving("server.b", True))]
    made.receive(Bye("c1", phone(1)), Ns(2 * SECOND))
    assert (phone(1), Done("c1", "bye", True)) in out.take()


def test_calls_that_are_over_and_agents_who_left_are_not_continued() -> None:
    made, out = standby()
    made.receive(Changes((AN_AGENT, A_CALL)), Ns(100 * MS))
    made.receive(Changes((CallGone("c1"), AgentChange(seat(1), "", (), "out"))), Ns(200 * MS))
    live(made, TAKEN_OVER)
    assert out.of(Kind.SERVER_SERVING) == [{"calls": 0}]
    assert made.control.agents.known == {}


def test_the_standby_rings_who_was_idle_longest() -> None:
    made, _ = standby()
    ready = {n: AgentChange(seat(n), phone(n), ("service",), "ready") for n in (1, 2)}
    busy = AgentChange(seat(1), phone(1), ("service",), "talking")
    made.receive(Changes((ready[1], ready[2], busy, ready[1])), Ns(100 * MS))
    live(made, TAKEN_OVER)
    assert [made.control.acd.seek("service") for _ in range(3)] == [seat(2), seat(1), None]


def test_a_standby_that_asks_is_told_of_agents_in_the_order_in_which_they_became_free() -> None:
    made, out = active()
    for n in (1, 2):
        made.receive(register(phone(n)), Ns(n * 20 * MS))
        live(made, (n * 20 + 15) * MS)
        made.receive(Login(seat(n), phone(n), ("service",)), Ns((n * 20 + 15) * MS))
    made.receive(Ready(seat(1), phone(1)), Ns(SECOND))
    out.take()
    made.receive(Changes((SyncRequest("server.b"),)), Ns(2 * SECOND))
    told = changes(out, "server.b/repl")
    assert [c.seat for c in told if isinstance(c, AgentChange)] == [seat(2), seat(1)]


def test_a_contact_whose_registration_ran_out_hears_nothing() -> None:
    made, out = standby()
    made.receive(Changes((ContactChange(GATEWAY, "", 200 * MS),)), Ns(0))
    live(made, TAKEN_OVER)
    assert sent(out, Serving) == []


def test_an_active_server_takes_no_changes() -> None:
    made, _ = active()
    made.receive(Changes((A_CALL, AN_AGENT)), Ns(SECOND))
    assert made.control.calls == {}
    made.receive(Advert("server.b", 200, TIMES.advert_interval), Ns(2 * SECOND))
    assert not made.active
    live(made, 2 * SECOND + TAKEN_OVER)
    assert made.active
    assert made.control.calls == {}


def test_who_steps_back_forgets_and_asks_anew() -> None:
    made, out = active()
    made.receive(Invite("c1", GATEWAY, "service"), Ns(SECOND))
    out.take()
    made.receive(Advert("server.b", 200, TIMES.advert_interval), Ns(2 * SECOND))
    assert made.holds() == {"dialogs": 0, "licences": 0, "queue": 0}
    assert changes(out, "server.b/repl") == [SyncRequest("server.a")]
    assert out.of(Kind.SERVER_DEMOTED) == [{}]
    made.receive(Invite("c2", GATEWAY, "service"), Ns(2 * SECOND + MS))
    assert out.take() == []


# --- a hang


def test_a_hung_server_does_nothing_but_keep_its_heartbeat() -> None:
    made, out = active()
    made.receive(Invite("c1", GATEWAY, "service"), Ns(SECOND))
    made.receive(Hang(True), Ns(2 * SECOND))
    out.take()
    made.receive(Invite("c2", GATEWAY, "service"), Ns(2 * SECOND))
    made.receive(Check("watch", 1), Ns(2 * SECOND))
    live(made, 2 * MINUTE)
    assert {type(m) for _, m in out.take()} == {Advert}
    assert made.control.calls["c1"].phase == "ivr"
    made.receive(Hang(False), Ns(2 * MINUTE))
    live(made, 2 * MINUTE)
    assert made.control.calls["c1"].phase == "queued"
    made.receive(Check("watch", 2), Ns(3 * MINUTE))
    assert sent(out, Checked) == [("watch", Checked("server.a", 2))]


def test_a_server_that_wakes_up_says_that_it_serves_and_tells_its_peer_everything() -> None:
    made, out = active()
    made.receive(register(phone(1)), Ns(SECOND))
    made.receive(Login(seat(1), phone(1), ("service",)), Ns(SECOND))
    made.receive(Hang(True), Ns(2 * SECOND))
    made.receive(Changes((SyncRequest("server.b"),)), Ns(3 * SECOND))  # the standby asks a deaf server
    out.take()
    made.receive(Hang(False), Ns(4 * SECOND))
    said = out.take()
    assert (phone(1), Serving("server.a", True)) in said
    (told,) = [message for to, message in said if to == "server.b/repl"]
    assert AgentChange(seat(1), phone(1), ("service",), "ready") in told.changes


def test_a_hung_server_still_yields_to_a_stronger_one() -> None:
    made, _ = active()
    made.receive(Hang(True), Ns(SECOND))
    made.receive(Advert("server.b", 200, TIMES.advert_interval), Ns(2 * SECOND))
    assert not made.active


# --- registrar


@pytest.mark.parametrize("serves", [True, False])
def test_both_servers_register_and_say_whether_they_serve(serves: bool) -> None:
    made, out = active() if serves else standby()
    out.take()
    made.receive(register(phone(1)), Ns(SECOND))
    assert sent(out, Registered) == [(phone(1), Registered(made.name, phone(1), serves, False))]


def test_it_says_whether_it_knows_the_agent() -> None:
    made, out = active()
    made.receive(register(phone(1)), Ns(SECOND))
    made.receive(Login(seat(1), phone(1), ("service",)), Ns(2 * SECOND))
    assert (phone(1), LoggedIn(seat(1), "server.a")) in out.take()
    made.receive(register(phone(1)), Ns(3 * SECOND))
    assert sent(out, Registered) == [(phone(1), Registered("server.a", phone(1), True, True))]


def test_who_is_not_registered_gets_no_call_and_no_login() -> None:
    made, out = active()
    made.receive(Invite("c1", "gateway.b", "service"), Ns(SECOND))
    assert out.take() == [("gateway.b", Reject("c1", "not-registered", "server.a"))]
    made.receive(Login(seat(1), phone(1), ("service",)), Ns(SECOND))
    assert out.take() == []


def test_a_registration_ends_when_it_expires() -> None:
    made, out = active()
    made.receive(register(GATEWAY, 10 * SECOND), Ns(SECOND))
    out.take()
    made.receive(Invite("c1", GATEWAY, "service"), Ns(11 * SECOND - 1))
    made.receive(Invite("c2", GATEWAY, "service"), Ns(11 * SECOND))
    answers = [type(m) for to, m in out.take() if to == GATEWAY]
    assert answers == [Answer, Reject]


def test_a_gateway_that_has_just_started_knows_none_of_its_calls() -> None:
    made, _ = active()
    made.receive(Invite("c1", GATEWAY, "service"), Ns(SECOND))
    made.receive(register(GATEWAY), Ns(2 * SECOND))
    assert "c1" in made.control.calls
    restarted = Register(GATEWAY, 60 * MINUTE, "", True, 3 * SECOND)
    made.receive(restarted, Ns(4 * SECOND))
    assert made.control.calls == {}
    # The same registration again, repeated for want of an answer, ends no call made since.
    made.receive(Invite("c2", GATEWAY, "service"), Ns(5 * SECOND))
    made.receive(restarted, Ns(6 * SECOND))
    assert "c2" in made.control.calls


# --- the processor


def test_attempts_beyond_what_it_can_process_are_refused() -> None:
    made, out = active(rates=Rates(10.0, 100.0, 100 * MS, True))
    for n in range(4):
        made.receive(Invite(f"c{n}", GATEWAY, "service"), Ns(SECOND))
    assert [m.cause for to, m in out.take() if isinstance(m, Reject)] == ["attempts"] * 2
    live(made, SECOND + 100 * MS)
    assert sorted(made.control.calls) == ["c0", "c1"]


def test_an_attempt_that_waits_and_is_repeated_is_one_call() -> None:
    made, out = active(rates=Rates(10.0, 100.0, 10 * SECOND, True))
    for name in ("c0", "c1", "c1", "c2"):
        made.receive(Invite(name, GATEWAY, "service"), Ns(SECOND))
    live(made, 2 * SECOND)
    assert sorted(m.call for _, m in out.take() if isinstance(m, Answer)) == ["c0", "c1", "c2"]


def test_an_attempt_that_is_repeated_while_its_answer_is_under_way_is_never_refused() -> None:
    made, out = active(rates=Rates(10.0, 100.0, 100 * MS, True))
    for name in ("c0", "c1", "c2", "c0"):
        made.receive(Invite(name, GATEWAY, "service"), Ns(SECOND))
    assert [m.call for _, m in out.take() if isinstance(m, Reject)] == ["c2"]


def test_what_waits_at_the_processor_is_dropped_with_the_role() -> None:
    made, out = active(rates=Rates(10.0, 100.0, 10 * SECOND, True))
    for n in range(3):
        made.receive(Invite(f"c{n}", GATEWAY, "service"), Ns(SECOND))
    made.receive(Advert("server.b", 200, TIMES.advert_interval), Ns(SECOND))
    out.take()
    live(made, SECOND + 200 * MS)
    assert made.control.calls == {}
    assert not sent(out, Answer)


def test_a_server_that_stalled_reads_then_what_came_meanwhile() -> None:
    made, out = active()
    made.receive(Stall(True), Ns(0))
    made.receive(Check("watch", 7), Ns(MS))
    live(made, 10 * SECOND)  # no advert either
    assert out.take() == []
    made.receive(Stall(False), Ns(10 * SECOND))
    assert sent(out, Checked) == [("watch", Checked("server.a", 7))]
    live(made, 10 * SECOND)
    assert sent(out, Advert)


def test_a_server_that_stalls_and_hangs_works_when_both_are_over() -> None:
    made, out = active()
    for on in (True, False):
        made.receive(Hang(on), Ns(0))
        made.receive(Stall(True), Ns(0))
    made.receive(Check("watch", 7), Ns(MS))
    assert sent(out, Checked) == []
    made.receive(Stall(False), Ns(SECOND))
    assert sent(out, Checked) == [("watch", Checked("server.a", 7))]


def test_the_address_is_claimed_again_when_the_peer_stands_by() -> None:
    """The peer may have had it, while both served, and died with it."""
    made, out = active()
    made.receive(Changes((SyncRequest("server.b"),)), Ns(SECOND))
    assert (ADDRESS, Claim("server.a")) in out.take()


def invited(made: Server, *names: str, at: int) -> None:
    for name in names:
        made.receive(Invite(name, GATEWAY, "service"), Ns(at))


@pytest.mark.parametrize("waits", [True, False])
def test_a_heartbeat_that_shares_the_processor_is_late_when_calls_are(waits: bool) -> None:
    made, out = active(rates=Rates(10.0, 100.0, 10 * SECOND, True, waits))
    live(made, 950 * MS)
    made.receive(Slow(20), Ns(950 * MS))
    invited(made, "c1", at=950 * MS)  # 2 s
    out.take()
    live(made, 2949 * MS)
    assert bool(sent(out, Advert)) is not waits
    live(made, 2950 * MS)
    assert bool(sent(out, Advert)) is waits
    live(made, 4 * SECOND)  # every 100 ms again
    assert len(sent(out, Advert)) >= 10


def test_a_heartbeat_waits_once_and_is_not_starved() -> None:
    made, out = active(rates=Rates(10.0, 100.0, 10 * SECOND, False, True))
    live(made, 950 * MS)
    made.receive(Slow(20), Ns(950 * MS))
    out.take()
    for n in range(10):  # each before the one ahead of it is done
        invited(made, f"c{n}", at=SECOND + n * SECOND)
        live(made, 2 * SECOND + n * SECOND - 1)
    assert len(sent(out, Advert)) >= 2


def test_a_heartbeat_that_a_hang_spares_does_not_wait() -> None:
    made, out = active(rates=Rates(10.0, 100.0, 10 * SECOND, True, True))
    made.receive(Slow(20), Ns(0))
    invited(made, "c1", at=10 * MS)
    made.receive(Hang(True), Ns(20 * MS))
    out.take()
    live(made, SECOND)
    assert len(sent(out, Advert)) >= 9


@pytest.mark.parametrize("grey", [Hang, Stall])
def test_what_a_server_feels_it_feels_while_it_stands_still(grey: Any) -> None:
    made, out = active(refuses_unwritten=True)
    made.receive(grey(True), Ns(0))
    made.receive(DiskFull(True), Ns(MS))
    made.receive(Slow(20), Ns(MS))
    made.receive(grey(False), Ns(2 * MS))
    invited(made, "c1", at=3 * MS)
    live(made, SECOND)
    assert sent(out, Reject) == []
    live(made, 3 * SECOND)
    assert sent(out, Reject) == [(GATEWAY, Reject("c1", "disk", "server.a"))]


def test_a_stalled_server_does_not_read_what_it_feels() -> None:
    """Its clock is set while it stalls; what it reads then is younger than that."""
    made, _ = active(timers_by_day=True)
    made.receive(Stall(True), Ns(SECOND))
    made.receive(register("gateway.b"), Ns(SECOND))
    made.receive(ClockSet(HOUR), Ns(2 * SECOND))
    made.receive(Stall(False), Ns(3 * SECOND))
    assert made.knows("gateway.b", Ns(MINUTE))
    assert not made.knows(GATEWAY, Ns(MINUTE))


@pytest.mark.parametrize(("by_day", "answered"), [(True, False), (False, True)])
def test_registrations_run_out_with_the_clock_of_the_day(by_day: bool, answered: bool) -> None:
    made, out = active(timers_by_day=by_day)
    made.receive(ClockSet(HOUR), Ns(SECOND))
    invited(made, "c1", at=SECOND)
    found = out.take()
    assert any(type(m) is Answer for _, m in found) is answered
    assert any(m == Reject("c1", "not-registered", "server.a") for _, m in found) is not answered


def test_a_clock_set_back_lets_registrations_live_on_and_stops_the_heartbeat_for_so_long() -> None:
    made, out = active(timers_by_day=True)
    made.receive(ClockSet(-HOUR), Ns(SECOND))
    out.take()
    live(made, HOUR)
    assert sent(out, Advert) == []
    live(made, HOUR + 2 * SECOND)
    assert sent(out, Advert)
    invited(made, "c1", at=HOUR + 30 * MINUTE)  # registered for an hour
    assert sent(out, Answer)


@pytest.mark.parametrize("by_day", [True, False])
def test_a_standby_whose_clock_is_set_ahead_takes_silence_for_granted(by_day: bool) -> None:
    made, out = standby(timers_by_day=by_day)
    live(made, 100 * MS)
    made.receive(ClockSet(HOUR), Ns(100 * MS))
    live(made, 110 * MS)
    assert bool(out.of(Kind.SERVER_DETECTED)) is by_day


@pytest.mark.parametrize("by_day", [True, False])
def test_the_audit_runs_on_the_same_clock(by_day: bool) -> None:
    made, _ = active(timers_by_day=by_day)
    made.receive(ClockSet(10 * MINUTE), Ns(0))
    assert made.timers.at(("audit",)) == (20 if by_day else 30) * MINUTE


def test_what_the_standby_knows_of_a_call_is_as_old_as_its_clock_says() -> None:
    made, out = standby()
    made.receive(Changes((A_CALL,)), Ns(0))
    made.receive(ClockSet(-HOUR), Ns(0))
    live(made, TAKEN_OVER)
    out.take()
    made.receive(Bye("c1", GATEWAY), Ns(TAKEN_OVER))
    assert [m.duration for _, m in sent(out, Record)] == [TAKEN_OVER + SECOND - HOUR]


@pytest.mark.parametrize("journal", [True, False])
def test_with_its_journal_on_a_full_disk_the_standby_is_told_nothing_and_nothing_later(journal: bool) -> None:
    made, out = active(replicates=msgspec.structs.replace(ALL, journal=journal))
    made.receive(DiskFull(True), Ns(MS))
    out.take()
    invited(made, "c1", at=SECOND)
    assert (changes(out, "server.b/repl") == []) is journal
    made.receive(DiskFull(False), Ns(2 * SECOND))
    assert changes(out, "server.b/repl") == []
    invited(made, "c2", at=3 * SECOND)
    assert [change.call for change in changes(out, "server.b/repl") if isinstance(change, CallChange)] == ["c2"]
