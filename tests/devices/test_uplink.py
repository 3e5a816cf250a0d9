from typing import Any

import msgspec
import pytest

from simtel.core.clock import HOUR, MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.streams import Streams
from simtel.core.timers import TimerHeap
from simtel.devices.messages.registration import Alive, KeepAlive, Register, Registered
from simtel.devices.uplink import T1, Uplink, UplinkTimes
from tests.devices.recorder import VIP, Recorder

A, B = "server.a", "server.b"
BYE = "a request"  # what is asked is no matter of the uplink


class Way:
    """An uplink with its clock; `seen` is what it sent and when, `failures` what it gave up and when."""

    def __init__(self, mode: str, contact: str = "gateway.a", seat: str = "", **changes: Any) -> None:
        self.out = Recorder()
        self.timers = TimerHeap()
        self.seen: list[tuple[int, str, object]] = []
        self.failures: list[tuple[int, str, object]] = []
        times: UplinkTimes = msgspec.structs.replace(VIP, mode=mode, **changes)
        self.uplink = Uplink(contact, (A, B), times, self.timers, self.out, self.failed, seat, Streams(1)(contact))

    def failed(self, message: object, key: str, now: Ns) -> None:
        self.failures.append((now, key, message))

    def look(self, now: int) -> None:
        self.seen += [(now, to, message) for to, message in self.out.take()]

    def start(self, delay: int = 0) -> None:
        self.uplink.start(Ns(0), delay)

    def ask(self, key: str = "bye/c1", at: int = 0) -> None:
        self.uplink.ask(key, BYE, Ns(at))
        self.look(at)

    def until(self, instant: int) -> None:
        while (due := self.timers.next()) is not None and due <= instant:
            key = self.timers.due(due)
            assert key is not None
            self.uplink.on_timer(key, due)
            self.look(due)

    def asked(self) -> list[tuple[int, str]]:
        return [(at // MS, to) for at, to, message in self.seen if message == BYE]

    def registers(self) -> list[tuple[int, str]]:
        return [(at // MS, to) for at, to, message in self.seen if isinstance(message, Register)]

    def registered(self, server: str, active: bool = True, at: int = 0) -> None:
        self.uplink.registered(Registered(server, self.uplink.contact, active), Ns(at))

    def asked_flows(self) -> list[tuple[int, str]]:
        return [(at, to) for at, to, message in self.seen if isinstance(message, KeepAlive) and message.flow]


def test_a_request_is_repeated_by_doubling_up_to_t2_and_given_up_after_the_timeout() -> None:
    way = Way("vip")
    way.ask()
    way.until(100 * SECOND)
    at = [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]
    assert way.asked() == [(t, "service") for t in at]
    assert way.failures == [(32 * SECOND, "bye/c1", BYE)]
    assert len(way.timers) == 0


@pytest.mark.parametrize("method", ["invite", "dial", "hold", "resume"])
def test_the_interval_of_an_invite_doubles_without_end(method: str) -> None:
    way = Way("vip")
    way.ask(f"{method}/c1")
    way.until(100 * SECOND)
    assert way.asked() == [(t, "service") for t in (0, 500, 1500, 3500, 7500, 15500, 31500)]
    assert way.failures == [(32 * SECOND, f"{method}/c1", BYE)]


@pytest.mark.parametrize("key", ["pickup/c1", "answered/c1", "login", "ready/", "keepalive"])
def test_that_of_anything_else_ends_at_t2(key: str) -> None:
    way = Way("vip")
    way.ask(key)
    way.until(20 * SECOND)
    assert way.asked() == [(t, "service") for t in (0, 500, 1500, 3500, 7500, 11500, 15500, 19500)]


@pytest.mark.parametrize(("timeout", "at"), [(500, [0]), (200, [0]), (1000, [0, 500]), (5000, [0, 500, 1500, 3500])])
def test_it_is_never_repeated_after_the_timeout(timeout: int, at: list[int]) -> None:
    way = Way("vip", timeout=timeout * MS)
    way.ask()
    way.until(100 * SECOND)
    assert way.asked() == [(t, "service") for t in at]
    assert [when // MS for when, *_ in way.failures] == [timeout]


def test_an_answer_ends_the_repeating_and_counts_once() -> None:
    way = Way("vip")
    way.ask()
    way.until(SECOND)
    assert way.uplink.answered("bye/c1")
    assert not way.uplink.answered("bye/c1")
    way.until(100 * SECOND)
    assert len(way.asked()) == 2
    assert way.failures == []


def test_a_call_that_is_over_needs_no_answer_but_to_its_bye() -> None:
    way = Way("vip")
    for key in ("ready/", "hold/c1", "hold/c11", "bye/c1"):
        way.ask(key)
    way.uplink.forget("c1")
    assert list(way.uplink.waiting) == ["ready/", "hold/c11", "bye/c1"]
    way.uplink.forget("")
    assert list(way.uplink.waiting) == ["ready/", "hold/c11", "bye/c1"], "there is no such call"


def test_vip_registers_at_the_service_address_and_again_at_half_of_the_expiry() -> None:
    way = Way("vip", expiry=100 * SECOND)
    way.start(delay=2 * SECOND)
    way.until(2 * SECOND)
    way.registered(A)
    way.until(52 * SECOND)
    assert way.registers() == [(2_000, "service"), (52_000, "service")]
    assert way.uplink.current == "service"


def test_vip_never_turns_to_a_server_by_name() -> None:
    way = Way("vip")
    way.uplink.use(B)
    way.ask()
    way.until(100 * SECOND)
    assert {to for _, to in way.asked()} == {"service"}


def test_a_register_says_who_and_whether_the_device_has_just_started() -> None:
    way = Way("vip", "seat.1/phone", "seat.1", expiry=100 * SECOND)
    way.start()
    way.until(0)
    way.registered(A)
    way.until(50 * SECOND)
    first, renewal = [message for _, _, message in way.seen]
    assert first == Register("seat.1/phone", 100 * SECOND, "seat.1", True)
    assert renewal == Register("seat.1/phone", 100 * SECOND, "seat.1", False)


def test_a_register_stays_fresh_until_it_is_answered() -> None:
    way = Way("vip")
    way.start()
    way.until(40 * SECOND)
    assert len(way.seen) > 5
    assert all(message.fresh for _, _, message in way.seen if isinstance(message, Register))


def test_a_registration_is_told_when_it_is_made_and_when_another_server_has_it() -> None:
    way = Way("vip")
    for server in (A, A, B, B):
        way.registered(server)
    assert [(said.subject, said.fields["server"]) for said in way.out.said] == [("gateway.a", A), ("gateway.a", B)]


def test_a_lost_registration_is_told_once_and_tried_again() -> None:
    way = Way("vip", expiry=100 * SECOND)
    way.start()
    way.until(0)
    way.registered(A)
    way.until(300 * SECOND)
    assert way.out.of(Kind.REGISTRATION_LOST) == [{"server": "service"}]
    begins = [at for at, _ in way.registers()]
    assert begins[0] == 0
    assert begins[1] == 50_000
    assert 50_000 + 32_000 + 32_000 in begins  # given up after Timer F; the next one after as long again
    way.registered(A)
    assert len(way.out.of(Kind.REGISTRATION_MADE)) == 2


def test_successive_stays_with_the_first_server_as_long_as_it_answers() -> None:
    way = Way("successive", expiry=100 * SECOND)
    way.start()
    for n in range(6):
        way.until(n * 50 * SECOND)
        way.registered(A)
    assert way.registers() == [(n * 50_000, A) for n in range(6)]


def test_successive_turns_to_the_next_server_when_a_request_fails_after_the_fallback() -> None:
    way = Way("successive")
    way.start()
    way.until(0)
    way.registered(A)
    way.ask(at=10 * SECOND)
    way.until(42 * SECOND)
    assert {to for _, to in way.asked()} == {A}
    assert way.failures == [(42 * SECOND, "bye/c1", BYE)]
    assert way.out.of(Kind.REGISTRATION_LOST) == [{"server": A}]
    way.until((42 + 119) * SECOND)
    assert way.registers() == [(0, A)]
    way.until((42 + 120) * SECOND)
    assert way.registers() == [(0, A), (162_000, B)]
    way.registered(B)
    way.ask("bye/c2", at=170 * SECOND)
    assert way.asked()[-1] == (170_000, B)


def test_successive_turns_to_the_next_server_when_a_renewal_fails() -> None:
    way = Way("successive", expiry=100 * SECOND)
    way.start()
    way.until(0)
    way.registered(A)
    way.until((50 + 32 + 120) * SECOND)
    registers = way.registers()
    assert {to for at, to in registers if at < 202_000} == {A}
    assert registers[-1] == (202_000, B)


def test_dual_registers_with_both_and_uses_the_active_one() -> None:
    way = Way("dual")
    way.start()
    way.until(0)
    assert way.registers() == [(0, A), (0, B)]
    way.registered(A, active=False)
    way.registered(B, active=True)
    way.ask(at=1)
    assert way.asked() == [(0, B)]
    assert way.out.of(Kind.REGISTRATION_MADE) == [{"server": A}, {"server": B}]


def test_dual_sends_an_unanswered_request_to_the_other_server_once() -> None:
    way = Way("dual")
    way.ask()
    way.until(1000 * SECOND)
    assert {to for at, to in way.asked() if at < 32_000} == {A}
    assert next((at, to) for at, to in way.asked() if to == B) == (32_000, B)
    assert way.failures == [(64 * SECOND, "bye/c1", BYE)]
    assert way.uplink.current == B


def test_dual_follows_one_failure_with_one_turn_however_many_requests_were_open() -> None:
    way = Way("dual")
    for n in range(4):
        way.ask(f"bye/c{n}")
    way.until(32 * SECOND)
    assert way.uplink.current == B
    assert sum(to == B for _, to in way.asked()) == 4


@pytest.mark.parametrize(("mode", "keepalive", "at"), [("dual", 30, [30, 60, 90]), ("dual", 0, []), ("vip", 30, [])])
def test_only_a_dual_device_that_has_a_time_for_it_asks_whether_the_server_is_there(
    mode: str, keepalive: int, at: list[int]
) -> None:
    way = Way(mode, keepalive=keepalive * SECOND)
    way.start()
    for second in range(100):
        way.until(second * SECOND)
        way.registered(A)
        way.uplink.alive(Alive(A, "gateway.a"), Ns(0))
    asked = [(t // SECOND, to) for t, to, message in way.seen if message == KeepAlive("gateway.a")]
    assert asked == [(t, A) for t in at]


def test_a_keepalive_without_answer_turns_to_the_other_server_and_is_no_failed_request() -> None:
    way = Way("dual", keepalive=30 * SECOND, timeout=5 * SECOND)
    way.start()
    way.until(0)
    way.registered(A)
    way.registered(B, active=False)
    way.until(34 * SECOND)
    assert way.uplink.current == A
    way.until(35 * SECOND)
    assert way.uplink.current == B
    assert way.seen[-1] == (35 * SECOND, B, KeepAlive("gateway.a"))
    way.until(59 * SECOND)
    assert way.failures == []


@pytest.mark.parametrize("mode", ["dual", "successive"])
def test_a_server_that_makes_itself_heard_is_used(mode: str) -> None:
    way = Way(mode)
    way.uplink.use(B)
    way.uplink.use("server.unknown")
    way.ask()
    assert way.asked() == [(0, B)]


@pytest.mark.parametrize("mode", ["vip", "successive", "dual"])
def test_a_dead_contact_asks_nothing_any_more(mode: str) -> None:
    way = Way(mode, keepalive=30 * SECOND, expiry=100 * SECOND)
    way.start()
    way.until(SECOND)
    way.ask(at=SECOND)
    way.uplink.stop()
    way.seen.clear()
    way.until(10_000 * SECOND)
    assert way.seen == way.failures == []
    assert len(way.timers) == 0


def flows(**changes: Any) -> Way:
    """Both flows are up, A serves."""
    way = Way("flows", "seat.1/phone", "seat.1", **changes)
    way.start()
    way.until(0)
    way.registered(A)
    way.registered(B, active=False)
    return way


def test_flows_are_registered_with_both_and_each_is_asked_every_24_to_29_s() -> None:
    way = flows()
    assert way.registers() == [(0, A), (0, B)]
    for turn in range(1, 9):
        way.until(way.timers.next() or 0)
        at, server = way.asked_flows()[-1]
        way.uplink.alive(Alive(server, "seat.1/phone"), Ns(at))
        assert len(way.asked_flows()) == turn
    for server in (A, B):
        at = [t for t, to in way.asked_flows() if to == server]
        assert len(at) == 4
        waits = {later - earlier for earlier, later in zip([0, *at], at, strict=False)}
        assert len(waits) == 4, "drawn anew each time"
        assert 24 * SECOND <= min(waits) <= max(waits) <= 29 * SECOND
    assert way.out.of(Kind.REGISTRATION_LOST) == []


def test_a_flow_without_an_answer_for_10_s_has_failed_and_is_registered_again_at_once() -> None:
    way = flows()
    way.until(29 * SECOND)
    (asked,) = [t for t, to in way.asked_flows() if to == A]
    (other,) = [t for t, to in way.asked_flows() if to == B]
    way.uplink.alive(Alive(B, "seat.1/phone"), Ns(other))
    way.until(asked + 10 * SECOND - 1)
    assert way.out.of(Kind.REGISTRATION_LOST) == []
    way.until(asked + 10 * SECOND)
    assert way.out.of(Kind.REGISTRATION_LOST) == [{"server": A}]
    assert way.registers()[-1] == ((asked + 10 * SECOND) // MS, A)
    way.ask(at=asked + 10 * SECOND)
    assert way.asked()[-1][1] == B


@pytest.mark.parametrize(("beside", "base"), [(True, 90 * SECOND), (False, 30 * SECOND)])
def test_a_flow_that_cannot_be_registered_is_tried_later_and_later(beside: bool, base: int) -> None:
    way = Way("flows", timeout=T1, expiry=24 * HOUR)
    way.start()
    way.until(0)
    if beside:
        way.registered(B)
    for failures in range(1, 9):
        began = [at for at, to, message in way.seen if to == A and isinstance(message, Register)][-1]
        way.until(began + T1)  # given up
        recover = way.timers.at(("up", "gateway.a", "recover", A))
        assert recover is not None
        longest = min(1800 * SECOND, base * 2**failures)
        if beside or failures > 1:  # at the very first failure the other flow is still being tried
            assert longest // 2 <= recover - began - T1 <= longest
        while (due := way.timers.next()) is not None and due <= recover:
            way.until(due)
            if way.asked_flows() and way.asked_flows()[-1] == (due, B):
                way.uplink.alive(Alive(B, "gateway.a"), Ns(due))
    assert beside == bool(way.asked_flows())


def test_a_request_on_a_dead_flow_goes_to_the_other_and_the_flow_has_failed() -> None:
    way = flows(timeout=2 * SECOND)
    way.ask()
    way.until(2 * SECOND)
    assert [to for _, to in way.asked()] == [A, A, A, B]
    assert way.out.of(Kind.REGISTRATION_LOST) == [{"server": A}]
    assert way.registers()[-1] == (2000, A)


def test_a_device_that_stops_asks_no_flow_any_more() -> None:
    way = flows()
    way.until(29 * SECOND)
    way.uplink.stop()
    assert len(way.timers) == 0


def test_srv_is_registered_with_one_and_with_the_next_at_once_after_a_time_out() -> None:
    way = Way("srv", timeout=2 * SECOND)
    way.start()
    way.until(0)
    assert way.registers() == [(0, A)]
    way.until(2 * SECOND)
    assert way.registers()[-1] == (2000, B)
    way.registered(B)
    way.ask(at=3 * SECOND)
    assert way.asked() == [(3000, B)]


def test_srv_takes_the_next_server_at_once_when_one_does_not_serve_and_begins_anew_after_the_last() -> None:
    way = Way("srv", fallback=20 * SECOND)
    way.start()
    way.until(0)
    way.registered(A, active=False)
    way.uplink.not_served(A, Ns(SECOND))
    way.look(SECOND)
    assert way.registers() == [(0, A), (1000, B)]
    way.registered(B, active=False)
    way.uplink.not_served(B, Ns(2 * SECOND))
    way.until(22 * SECOND)
    assert way.registers() == [(0, A), (1000, B), (22_000, A)]


def test_srv_begins_each_renewal_at_the_head_of_the_list() -> None:
    way = Way("srv", timeout=2 * SECOND, expiry=60 * SECOND)
    way.start()
    way.until(2 * SECOND)
    way.registered(B)
    way.until(30 * SECOND)
    assert way.registers()[-1] == (30_000, A)


def test_srv_sends_a_request_that_was_refused_for_lack_of_service_to_the_next_server_once() -> None:
    way = Way("srv", timeout=2 * SECOND)
    way.ask("dial/c1")
    assert way.uplink.unavailable("dial/c1", Ns(SECOND))
    way.look(SECOND)
    assert way.asked() == [(0, A), (1000, B)]
    assert way.registers() == [(1000, B)]
    assert not way.uplink.unavailable("dial/c1", Ns(SECOND))
    way.until(10 * SECOND)
    assert [key for _, key, _ in way.failures] == ["dial/c1"]
    other = Way("dual")
    other.ask("dial/c1")
    assert not other.uplink.unavailable("dial/c1", Ns(SECOND))
