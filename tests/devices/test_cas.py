"""Line signals of timeslots: two ends against each other, with a line between them that can be cut."""

from typing import Any

import msgspec
import pytest

from simtel.core.causes import GLARE
from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.timers import TimerHeap
from simtel.devices.cas import ACKNOWLEDGED, CasEnd, CasTimes
from simtel.devices.messages.trunk import CasSign, Connect, Release, Restart, Setup
from tests.devices.recorder import Recorder

TIMES = CasTimes(
    alarm_debounce=2500 * MS,
    rai_debounce=500 * MS,
    alarm_settle=5 * SECOND,
    register_time=3 * SECOND,
    release_guard=200 * MS,
    clear_back=90 * SECOND,
    lingers=5 * SECOND,
)
CALL = Setup("c1", "span.1", 1, "sales")


class Side:
    """A device at one end: what it was told, and which timeslots it holds."""

    def __init__(self, name: str, far: str, network: bool, times: CasTimes) -> None:
        self.name, self.network = name, network
        self.out = Recorder()
        self.timers = TimerHeap()
        self.told: list[object] = []
        self.taken: dict[int, str] = {}
        self.held: dict[int, str] = {}
        self.patience = 5 * SECOND
        self.end = CasEnd("span.1", far, times, self.timers, self.out, self)

    def receive(self, message: object, now: Ns) -> None:
        self.told.append(message)

    def take_line(self, call: str, span: str, slot: int) -> None:
        self.taken[slot] = call

    def line_free(self, call: str, span: str, slot: int) -> None:
        raise AssertionError("a timeslot that is held is let go")

    def hold(self, call: str, span: str, slot: int) -> None:
        self.held[slot] = call

    def let_go(self, call: str, span: str, slot: int) -> None:
        assert self.held.pop(slot) == call

    def lingers(self, mean: int) -> int:
        assert mean == TIMES.lingers
        return self.patience

    def heard(self) -> list[object]:
        told, self.told = self.told, []
        return told


class Span:
    """Both ends of span.1; what one says arrives at once, unless the line is cut."""

    def __init__(self, **changes: Any) -> None:
        times = msgspec.structs.replace(TIMES, **changes)
        self.exchange = Side("exchange", "gateway.a", True, times)
        self.gateway = Side("gateway.a", "exchange", False, times)
        self.now = 0
        self.cut = False

    def pass_on(self) -> list[str]:
        said = []
        while any(side.out.sent for side in (self.exchange, self.gateway)):
            for side, far in ((self.exchange, self.gateway), (self.gateway, self.exchange)):
                for _, message in side.out.take():
                    assert isinstance(message, CasSign)
                    said.append(message.sign)
                    if not self.cut:
                        far.end.sign(message, Ns(self.now))
        return said

    def until(self, second: float) -> list[str]:
        said = self.pass_on()
        limit = round(second * SECOND)
        while True:
            due = [(side.timers.next(), n) for n, side in enumerate((self.exchange, self.gateway))]
            soon = min(((at, n) for at, n in due if at is not None), default=(limit + 1, 0))
            if soon[0] > limit:
                break
            self.now = soon[0]
            side = (self.exchange, self.gateway)[soon[1]]
            key = side.timers.due(self.now)
            assert key is not None
            side.end.on_timer(key[2], Ns(self.now))
            said += self.pass_on()
        self.now = limit
        return said

    def signal(self, on: bool, at: float) -> list[str]:
        said = self.until(at)
        self.cut = not on
        for side in (self.exchange, self.gateway):
            side.end.set_signal(on, Ns(self.now))
        return said + self.pass_on()

    def call(self, forward: Side, answered: bool = True) -> Side:
        """A call from `forward`; gives the backward side."""
        backward = self.gateway if forward is self.exchange else self.exchange
        forward.end.send(CALL, Ns(self.now))
        self.until(self.now / SECOND + 3)
        assert backward.heard() == [CALL]
        if answered:
            backward.end.send(Connect("c1"), Ns(self.now))
            self.pass_on()
            assert forward.heard() == [Connect("c1")]
        return backward

    def at_rest(self) -> bool:
        sides = (self.exchange, self.gateway)
        return not any(side.held or len(side.timers) for side in sides) and all(
            slot.state == "idle" for side in sides for slot in side.end._slots.values()
        )


def test_a_call_is_seized_acknowledged_dialled_and_answered() -> None:
    span = Span()
    span.exchange.end.send(CALL, Ns(0))
    assert span.until(2.9) == ["seize", "seize-ack"]
    assert span.gateway.taken == {1: "c1"}, "taken before anybody is called"
    assert span.gateway.heard() == []
    assert span.until(3) == ["digits"]
    assert span.gateway.heard() == [CALL]
    span.gateway.end.send(Connect("c1"), Ns(span.now))
    assert span.pass_on() == ["answer"]
    assert span.exchange.heard() == [Connect("c1")]


@pytest.mark.parametrize("who", ["exchange", "gateway"])
def test_the_forward_end_clears_and_the_timeslot_is_free_when_the_other_shows_idle(who: str) -> None:
    span = Span()
    forward: Side = getattr(span, who)
    backward = span.call(forward)
    forward.end.release(Release("c1", "normal", forward.name), 1, Ns(span.now))
    assert forward.held == {1: "c1"}
    assert span.until(3.19) == ["clear-forward"]
    assert backward.heard() == [Release("c1", "normal", forward.name)]
    assert forward.held == backward.held == {1: "c1"}
    assert span.until(3.2) == ["idle"]
    assert span.at_rest()


def test_a_called_side_that_hangs_up_waits_for_the_caller() -> None:
    span = Span()
    span.call(span.exchange)
    span.gateway.end.release(Release("c1", "normal", "server.a"), 1, Ns(span.now))
    assert span.until(7.9) == ["clear-back"]
    assert span.exchange.heard() == [Release("c1", "normal", "server.a")]
    assert span.exchange.held == span.gateway.held == {1: "c1"}
    assert span.until(8) == ["clear-forward"]
    assert span.until(8.2) == ["idle"]
    assert span.at_rest()


def test_an_exchange_waits_for_its_caller_so_long_and_no_longer() -> None:
    span = Span()
    span.exchange.patience = 1000 * SECOND
    span.call(span.exchange)
    span.gateway.end.release(Release("c1", "normal", "server.a"), 1, Ns(span.now))
    assert span.until(92.9) == ["clear-back"]
    assert span.until(93.2) == ["clear-forward", "idle"]
    assert span.at_rest()


def test_a_refusal_before_the_answer_keeps_its_cause_and_the_forward_end_clears() -> None:
    span = Span()
    span.call(span.exchange, answered=False)
    span.gateway.end.send(Release("c1", "queue", "server.a"), Ns(span.now))
    assert span.until(4) == ["refused", "clear-forward", "idle"]
    assert span.exchange.heard() == [Release("c1", "queue", "server.a")]
    assert span.at_rest()


@pytest.mark.parametrize(("at", "said"), [(0, ["seize", "clear-forward"]), (1, ["clear-forward"])])
def test_a_caller_who_gives_up_early_leaves_nothing_behind(at: int, said: list[str]) -> None:
    span = Span()
    span.exchange.end.send(CALL, Ns(0))
    if at:
        span.until(at)
    span.exchange.end.release(Release("c1", "normal", "exchange"), 1, Ns(span.now))
    assert [sign for sign in span.until(10) if sign != "seize-ack"] == [*said, "idle"]
    assert span.gateway.heard() == [], "nobody was called"
    assert span.at_rest()


def test_when_both_seize_a_timeslot_the_network_keeps_it() -> None:
    span = Span()
    span.exchange.end.send(CALL, Ns(0))
    span.gateway.end.send(Setup("out", "span.1", 1), Ns(0))
    span.until(3)
    assert span.gateway.heard() == [Release("out", GLARE, "exchange"), CALL]
    assert span.exchange.heard() == []
    assert span.gateway.taken == {1: "c1"}
    assert (1, "late") not in [key[2] for _, _, key in span.gateway.timers._heap if key]


def test_a_seizure_that_nobody_acknowledges_is_given_up() -> None:
    span = Span()
    span.cut = True  # and no end has noticed
    span.exchange.end.send(CALL, Ns(0))
    span.until(ACKNOWLEDGED / SECOND - 0.1)
    assert span.exchange.heard() == []
    span.until(ACKNOWLEDGED / SECOND)
    assert span.exchange.heard() == [Release("c1", "trunk-dead", "exchange")]
    assert span.exchange.held == {1: "c1"}


def test_what_was_shown_during_a_short_cut_is_seen_when_the_line_is_back() -> None:
    span = Span()
    span.call(span.exchange)
    span.signal(False, 10)
    span.exchange.end.release(Release("c1", "normal", "exchange"), 1, Ns(span.now))
    assert span.until(11) == []
    assert span.gateway.heard() == []
    assert span.signal(True, 11) == ["clear-forward"]
    assert span.gateway.heard() == [Release("c1", "normal", "exchange")]
    span.until(60)
    assert span.at_rest()


def test_of_several_states_only_the_last_is_seen() -> None:
    span = Span()
    span.call(span.exchange, answered=False)
    span.signal(False, 10)
    span.gateway.end.send(Connect("c1"), Ns(span.now))
    span.gateway.end.release(Release("c1", "normal", "server.a"), 1, Ns(span.now))
    assert span.signal(True, 11) == ["clear-back"]
    assert span.exchange.heard() == [Release("c1", "normal", "server.a")]
    span.until(60)
    assert span.at_rest()


def test_an_alarm_clears_all_calls_and_blocks_until_it_is_over() -> None:
    span = Span()
    span.call(span.exchange)
    span.exchange.end.send(Setup("c2", "span.1", 2), Ns(span.now))
    span.signal(False, 4)
    assert span.until(6.4) == []
    assert span.exchange.end.in_service
    span.until(6.5)
    assert not span.exchange.end.in_service
    lines = [Release(call, "line", "exchange") for call in ("c1", "c2")]
    assert span.exchange.heard() == lines
    assert span.gateway.heard() == [Release("c1", "line", "gateway.a")], "of the second nobody had been told"
    assert span.exchange.held == {1: "c1", 2: "c2"}
    span.signal(True, 20)
    span.until(24.9)
    assert not span.exchange.end.in_service
    assert span.exchange.held == {1: "c1", 2: "c2"}
    span.until(30)
    assert span.at_rest()
    span.call(span.exchange)


def test_an_alarm_of_timeslot_16_gives_way_to_a_greater_one_and_is_back_when_that_has_settled() -> None:
    span = Span()
    end = span.gateway.end
    for at, defect in ((1, "t16ais"), (10, "los"), (20, "t16ais"), (40, "")):
        span.until(at)
        end.set_signal(not defect, Ns(span.now), defect)
    span.until(60)
    said = [(said["alarm"], said["on"]) for said in span.gateway.out.of(Kind.SPAN_ALARM)]
    assert said == [(alarm, on) for alarm in ("t16ais", "los", "t16ais") for on in (True, False)]
    assert end.in_service


def test_an_end_without_alarm_hears_that_the_other_has_cleared() -> None:
    """One pair was cut for a second: only the exchange, which sees RAI, takes it for an alarm."""
    span = Span()
    span.call(span.exchange)
    span.until(10)
    span.exchange.end.set_signal(False, Ns(span.now), "rai")
    span.gateway.end.set_signal(False, Ns(span.now), "los")
    span.until(11)
    for side in (span.exchange, span.gateway):
        side.end.set_signal(True, Ns(span.now))
    span.until(60)
    assert span.exchange.heard() == [Release("c1", "line", "exchange")]
    assert span.gateway.heard() == [Release("c1", "normal", "exchange")]
    assert [said["on"] for said in span.gateway.out.of(Kind.SPAN_ALARM)] == []
    assert span.at_rest()


@pytest.mark.parametrize("who", ["exchange", "gateway"])
def test_an_end_that_starts_anew_clears_what_the_other_still_has(who: str) -> None:
    span = Span()
    span.call(getattr(span, who))
    span.gateway = Side("gateway.a", "exchange", False, TIMES)
    span.gateway.end.send(Restart("span.1"), Ns(span.now))
    span.until(60)
    assert [type(message) for message in span.exchange.heard()] == [Release]
    assert span.at_rest()
    span.call(span.exchange)


def test_an_end_that_never_shows_idle_leaves_the_timeslot_held_until_it_does() -> None:
    span = Span()
    span.call(span.exchange)
    span.gateway.end.leave_unanswered(True, Ns(span.now))
    span.exchange.end.release(Release("c1", "normal", "exchange"), 1, Ns(span.now))
    assert span.until(1000) == ["clear-forward"]
    assert span.exchange.held == span.gateway.held == {1: "c1"}
    span.gateway.end.leave_unanswered(False, Ns(span.now))
    assert span.until(1000) == ["idle"]
    assert span.at_rest()


def test_a_slip_is_told() -> None:
    span = Span()
    span.exchange.end.slip(True, Ns(0))
    span.exchange.end.slip(False, Ns(0))
    assert span.exchange.out.of(Kind.SPAN_SLIP) == [{"slips": 1}]
