from typing import Any

import msgspec
import pytest

from simtel.core.causes import GLARE, RESTARTING
from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.devices.gateway import Gateway
from simtel.devices.glare import GLARE_TRIES
from simtel.devices.messages.calls import (
    Answer,
    Answered,
    Bye,
    Done,
    Invite,
    InviteOut,
    Refresh,
    Refreshed,
    Reinvite,
    Reject,
    Trying,
)
from simtel.devices.messages.operation import Cables
from simtel.devices.messages.physics import Signal, Unanswered
from simtel.devices.messages.registration import Alive, Register, Registered, Serving
from simtel.devices.messages.trunk import (
    Connect,
    LinkReset,
    Proceeding,
    Release,
    Released,
    Restart,
    Restarted,
    Setup,
    StatusEnquiry,
)
from tests.devices.recorder import LIBPRI, VIP, Recorder, live
from tests.devices.recorder import Cables as Neighbours

A, B = "server.a", "server.b"
SPAN = "exchange/span.1"
TIMER_F = 32 * SECOND


class Bench:
    """A gateway, started and registered, and everything that it did since."""

    def __init__(self, spans: tuple[str, ...] = ("span.1",), **changes: Any) -> None:
        self.out = Recorder()
        self.cables = Neighbours()
        settings = {"hunting": "descending", "line": LIBPRI, "uplink": VIP, "servers": (A, B), **changes}
        self.gateway = Gateway("gateway.a", self.out, spans=spans, plane=self.cables.plane, **settings)
        self.gateway.start(Ns(0), 0)
        self.started = self.out.take()
        for span in spans:
            self.tell(Restarted(span))
        self.until(0)
        self.tell(Registered(A, "gateway.a", True))
        self.out.take()

    def tell(self, message: object, at: int = 0) -> list[tuple[str, object]]:
        self.gateway.receive(message, Ns(at))
        return self.out.take()

    def until(self, instant: int) -> None:
        live(self.gateway, instant)

    def hold(self) -> tuple[int, int]:
        held = self.gateway.holds()
        return held["calls"], held["timeslots"]

    def incoming(self, call: str = "c1", slot: int = 1, answered: bool = True, hops: tuple[str, ...] = (A,)) -> None:
        self.tell(Setup(call, "span.1", slot, "service"))
        if answered:
            self.tell(Answer(call, A, hops))


def test_a_setup_becomes_an_invite_and_the_answer_a_connect() -> None:
    bench = Bench()
    assert bench.tell(Setup("c1", "span.1", 7, "sales")) == [
        ("service", Invite("c1", "gateway.a", "sales", 0, False, "span.1", 7))
    ]
    assert bench.hold() == (1, 1)
    assert bench.gateway.circuits.busy("span.1") == {7: "c1"}
    assert bench.tell(Answer("c1", A, (A,))) == [(SPAN, Connect("c1"))]
    assert bench.cables.plane.flows("c1")


def test_what_the_number_stands_for_is_told_to_the_server() -> None:
    bench = Bench()
    sent = bench.tell(Setup("c1", "span.1", 1, "service", 2, True))
    assert [message for _, message in sent] == [Invite("c1", "gateway.a", "service", 2, True, "span.1", 1)]


def test_a_second_answer_connects_nothing_anew() -> None:
    bench = Bench()
    bench.incoming()
    assert bench.tell(Answer("c1", A, (A,))) == []


def test_a_repeated_setup_is_answered_and_makes_no_second_call() -> None:
    bench = Bench()
    bench.tell(Setup("c1", "span.1", 1))
    assert bench.tell(Setup("c1", "span.1", 1)) == [(SPAN, Proceeding("c1"))]
    assert bench.hold() == (1, 1)


@pytest.mark.parametrize("cause", ["core-channel", "attempts", "fabric"])
def test_a_refusal_goes_back_with_cause_and_author(cause: str) -> None:
    bench = Bench()
    bench.incoming(answered=False)
    assert bench.tell(Reject("c1", cause, A)) == [(SPAN, Release("c1", cause, A))]
    assert bench.hold() == (0, 0)
    bench.until(1000 * SECOND)
    assert not [m for _, m in bench.out.take() if isinstance(m, Invite)], "a refused call is not asked for again"


def test_a_server_that_does_not_know_the_gateway_gets_its_registration() -> None:
    bench = Bench()
    bench.incoming(answered=False)
    sent = bench.tell(Reject("c1", "not-registered", B))
    assert [type(message) for _, message in sent] == [Release, Register]


def test_an_invite_that_no_server_answers_is_released_after_timer_b() -> None:
    bench = Bench()
    bench.incoming(answered=False)
    bench.until(TIMER_F - 1)
    assert {type(message) for _, message in bench.out.take()} == {Invite}
    bench.until(TIMER_F)
    assert bench.out.take() == [(SPAN, Release("c1", "no-server", "gateway.a"))]
    assert bench.hold() == (0, 0)


def test_the_release_of_the_caller_becomes_a_bye_and_gives_the_timeslot_back() -> None:
    bench = Bench()
    bench.incoming()
    assert bench.tell(Release("c1", "normal", "exchange"), SECOND) == [("service", Bye("c1", "gateway.a", "normal"))]
    assert bench.hold() == (0, 0)
    assert not bench.cables.plane.flows("c1")
    assert bench.tell(Release("c1", "normal", "exchange"), SECOND) == []
    bench.tell(Done("c1", "bye", True))
    assert bench.out.of(Kind.DIALOG_REQUEST) == [{"method": "bye", "answer": "ok"}]
    assert bench.tell(Done("c1", "bye", True)) == []
    assert len(bench.out.of(Kind.DIALOG_REQUEST)) == 1, "an answer counts once"


def test_a_caller_who_leaves_before_the_answer_is_not_invited_further() -> None:
    bench = Bench()
    bench.incoming(answered=False)
    bench.tell(Release("c1", "normal", "exchange"))
    assert bench.tell(Answer("c1", B, (B,))) == [(B, Bye("c1", "gateway.a", "gone"))]
    bench.until(TIMER_F)
    assert not [m for _, m in bench.out.take() if isinstance(m, Invite)]


def test_a_bye_of_the_server_becomes_a_release() -> None:
    bench = Bench()
    bench.incoming()
    assert bench.tell(Bye("c1", A, "normal")) == [(SPAN, Release("c1", "normal", A))]
    assert bench.hold() == (0, 0)
    assert bench.tell(Bye("c1", A, "normal")) == []


@pytest.mark.parametrize(("known", "word"), [(True, "ok"), (False, "unknown")])
def test_the_answer_to_a_bye_is_told(known: bool, word: str) -> None:
    bench = Bench()
    bench.incoming()
    bench.tell(Release("c1", "normal", "exchange"))
    bench.tell(Done("c1", "bye", known))
    assert bench.out.of(Kind.DIALOG_REQUEST) == [{"method": "bye", "answer": word}]


def test_a_bye_that_nobody_answers_is_given_up_after_timer_f_and_the_call_is_gone_at_once() -> None:
    bench = Bench()
    bench.incoming()
    bench.tell(Release("c1", "normal", "exchange"), SECOND)
    assert bench.hold() == (0, 0)
    bench.until(SECOND + TIMER_F - 1)
    assert bench.out.of(Kind.DIALOG_REQUEST) == []
    bench.until(SECOND + TIMER_F)
    assert bench.out.of(Kind.DIALOG_REQUEST) == [{"method": "bye", "answer": "timeout"}]


def test_speech_goes_where_the_server_says_and_lives_on_without_it() -> None:
    bench = Bench()
    bench.incoming("direct", 1)
    bench.incoming("by server", 2)
    bench.tell(Reinvite("direct", A, ("seat.1/phone",)))
    bench.tell(Reinvite("by server", A, (A, "seat.2/phone")))
    bench.cables.plane.lost(A)
    bench.cables.cut(("gateway.a", A), (A, "seat.2/phone"))
    assert bench.cables.plane.flows("direct")
    assert not bench.cables.plane.flows("by server")
    bench.until(1000 * SECOND)
    assert bench.hold() == (2, 2)
    bench.tell(Reinvite("by server", B, (B, "seat.2/phone")))
    assert bench.cables.plane.flows("by server")


@pytest.mark.parametrize("message", [Answer("gone", B, (B,)), Reinvite("gone", B, (B,))])
def test_a_server_that_speaks_of_a_call_that_is_gone_is_told_so(message: object) -> None:
    assert Bench().tell(message) == [(B, Bye("gone", "gateway.a", "gone"))]


@pytest.mark.parametrize(("call", "known"), [("c1", True), ("c2", False)])
def test_whether_a_call_is_still_up(call: str, known: bool) -> None:
    bench = Bench()
    bench.incoming()
    assert bench.tell(Refresh(call, B)) == [(B, Refreshed(call, known))]


# --- outgoing


def test_an_outgoing_call_is_hunted_passed_on_and_answered() -> None:
    bench = Bench()
    assert bench.tell(InviteOut("c1", A)) == [(SPAN, Setup("c1", "span.1", 31)), (A, Trying("c1", "gateway.a"))]
    assert bench.hold() == (1, 1)
    assert bench.tell(InviteOut("c1", A)) == []
    assert bench.tell(Connect("c1")) == [("service", Answered("c1", "gateway.a", "span.1", 31))]


def answered(**changes: Any) -> Bench:
    """An outgoing call whose called party has just lifted the receiver."""
    bench = Bench(**changes)
    bench.tell(InviteOut("c1", A))
    bench.tell(Connect("c1"))
    return bench


def test_the_answer_of_a_called_party_is_told_until_the_server_says_where_speech_goes() -> None:
    bench = answered()
    bench.until(600 * MS)
    assert bench.out.take() == [("service", Answered("c1", "gateway.a", "span.1", 31))]
    bench.tell(Reinvite("c1", A, ("seat.1/phone",)), SECOND)
    bench.until(1000 * SECOND)
    assert bench.out.take() == []
    assert bench.hold() == (1, 1)


def test_an_answered_call_of_which_no_server_knows_is_given_up_on_both_sides() -> None:
    bench = answered()
    bench.until(TIMER_F - 1)
    assert bench.hold() == (1, 1)
    bench.out.take()
    bench.until(TIMER_F)
    assert bench.out.take() == [
        (SPAN, Release("c1", "timeout", "gateway.a")),
        ("service", Bye("c1", "gateway.a", "timeout")),
    ]
    assert bench.hold() == (0, 0)


@pytest.mark.parametrize("end", [Bye("c1", A, "normal"), Release("c1", "normal", "exchange"), Restart("span.1")])
def test_an_answered_call_that_ends_first_is_not_told_any_more(end: object) -> None:
    bench = answered()
    bench.tell(end, SECOND)
    bench.until(1000 * SECOND)
    assert not [message for _, message in bench.out.take() if isinstance(message, Answered)]


def test_the_server_that_asked_for_the_call_is_the_one_in_use() -> None:
    bench = Bench(uplink=msgspec.structs.replace(VIP, mode="dual"))
    bench.tell(InviteOut("c1", B))
    assert bench.tell(Connect("c1")) == [(B, Answered("c1", "gateway.a", "span.1", 31))]


def test_without_a_free_timeslot_the_outgoing_call_is_refused() -> None:
    bench = Bench()
    for slot in (*range(1, 16), *range(17, 32)):
        bench.incoming(f"in{slot}", slot)
    assert bench.tell(InviteOut("c1", A)) == [(A, Reject("c1", "trunk", "gateway.a"))]
    assert bench.hold() == (30, 30)


def test_a_span_in_alarm_takes_no_outgoing_call() -> None:
    bench = Bench(("span.1", "span.2"))
    bench.tell(Signal("span.1", False))
    bench.until(3 * SECOND)
    for n in range(3):
        sent = bench.tell(InviteOut(f"c{n}", A), 3 * SECOND)
        assert sent[0][0] == "exchange/span.2"


def test_on_glare_the_gateway_hunts_again_on_another_timeslot_a_few_times() -> None:
    bench = Bench()
    bench.tell(InviteOut("c1", A))
    for _ in range(GLARE_TRIES):
        sent = bench.tell(Release("c1", GLARE, "exchange"))
        assert [(to, type(message)) for to, message in sent] == [(SPAN, Setup)]
        assert bench.hold() == (1, 1)
    assert bench.tell(Release("c1", GLARE, "exchange")) == [("service", Bye("c1", "gateway.a", GLARE))]
    assert bench.hold() == (0, 0)


def test_after_glare_the_exchange_keeps_the_timeslot_and_the_gateway_takes_the_next() -> None:
    bench = Bench()
    bench.tell(InviteOut("out", A))
    bench.tell(Setup("in", "span.1", 31))
    assert bench.tell(Release("out", GLARE, "exchange")) == [(SPAN, Setup("out", "span.1", 30))]
    assert bench.gateway.circuits.busy("span.1") == {31: "in", 30: "out"}


@pytest.mark.parametrize("clears", ["line", "restart"])
def test_a_glare_that_is_never_settled_leaves_nothing_behind(clears: str) -> None:
    bench = Bench()
    bench.tell(InviteOut("out", A))
    bench.tell(Setup("in", "span.1", 31))
    if clears == "line":
        bench.tell(Signal("span.1", False))
        bench.until(24 * SECOND)
    else:
        bench.tell(Restart("span.1"))
    assert bench.hold() == (0, 0)


# --- line, restart, cables


def test_line_supervision_clears_unanswered_calls_first_and_tells_the_server() -> None:
    bench = Bench()
    bench.incoming("talks", 1)
    bench.incoming("rings", 2, answered=False)
    bench.tell(Signal("span.1", False), SECOND)
    bench.until(15 * SECOND - 1)
    assert bench.hold() == (2, 2)
    bench.out.take()
    bench.until(15 * SECOND)
    assert bench.hold() == (1, 1)
    assert ("service", Bye("rings", "gateway.a", "dchannel")) in bench.out.take()
    bench.until(25 * SECOND)
    assert bench.hold() == (0, 0)
    assert ("service", Bye("talks", "gateway.a", "line")) in bench.out.take()


def test_a_cut_shorter_than_the_limit_leaves_the_calls_up() -> None:
    bench = Bench()
    bench.incoming()
    bench.tell(Signal("span.1", False))
    bench.until(13_900 * MS)
    bench.tell(Signal("span.1", True), 13_900 * MS)
    bench.until(1000 * SECOND)
    assert bench.hold() == (1, 1)


def test_a_release_during_a_short_cut_reaches_the_exchange_afterwards() -> None:
    bench = Bench()
    bench.incoming()
    bench.tell(Signal("span.1", False))
    assert bench.tell(Bye("c1", A, "normal"), SECOND) == []
    assert bench.hold() == (0, 1), "the timeslot is not free before the exchange has confirmed"
    assert bench.tell(Signal("span.1", True), 3 * SECOND) == [(SPAN, Release("c1", "normal", A, "span.1", 1))]
    bench.tell(Released("c1", "span.1"), 3 * SECOND)
    assert bench.hold() == (0, 0)


@pytest.mark.parametrize("end", ["bye", "reject", "no-server", "timeout"])
def test_whatever_ends_a_call_at_this_side_waits_for_the_confirmation(end: str) -> None:
    bench = Bench()
    bench.tell(Unanswered("span.1", True))
    if end == "timeout":
        bench.tell(InviteOut("c1", A))
        bench.tell(Connect("c1"))
    else:
        bench.tell(Setup("c1", "span.1", 31))
    if end == "bye":
        bench.tell(Bye("c1", A))
    elif end == "reject":
        bench.tell(Reject("c1", "queue", A))
    else:
        bench.until(TIMER_F)
    assert bench.hold() == (0, 1)
    asked = [m for _, m in bench.out.take() if isinstance(m, Release)]
    assert not asked or (asked[0].span, asked[0].slot) == ("span.1", 31)
    bench.tell(Released("c1", "span.1"), TIMER_F)
    assert bench.hold() == (0, 0)


def test_a_timeslot_that_waits_takes_no_call_from_either_side() -> None:
    bench = Bench()
    bench.incoming(slot=31)
    bench.tell(Unanswered("span.1", True))
    bench.tell(Bye("c1", A))
    assert bench.tell(Setup("c2", "span.1", 31)) == [(SPAN, Release("c2", GLARE, "gateway.a"))]
    assert (SPAN, Setup("out", "span.1", 30)) in bench.tell(InviteOut("out", A))
    assert bench.hold() == (1, 2)
    bench.tell(Signal("span.1", False), SECOND)
    bench.until(40 * SECOND)
    assert bench.hold() == (0, 0), "neither is it a call that the line could clear"


def test_a_question_is_answered_for_a_call_that_is_up_and_for_one_that_is_unknown() -> None:
    bench = Bench()
    bench.incoming()
    for call in ("c1", "c9"):
        asked = Release(call, "normal", "exchange", "span.1", 1)
        assert (SPAN, Released(call, "span.1")) in bench.tell(asked)
    assert bench.hold() == (0, 0)


def test_when_both_ends_release_at_once_both_are_done() -> None:
    bench = Bench()
    bench.incoming()
    bench.tell(Unanswered("span.1", True))
    bench.tell(Bye("c1", A))
    bench.tell(Release("c1", "normal", "exchange", "span.1", 1))
    assert bench.hold() == (0, 0)


def test_a_reset_of_one_channel_clears_that_channel_alone_and_is_acknowledged() -> None:
    bench = Bench()
    bench.incoming("c1", 1)
    bench.incoming("c2", 2)
    assert (SPAN, Restarted("span.1", 2)) in bench.tell(Restart("span.1", 2))
    assert bench.gateway.calls_on("span.1") == ["c1"]
    bench.tell(Unanswered("span.1", True))
    bench.tell(Bye("c1", A))
    bench.until(38 * SECOND)
    assert (SPAN, Restart("span.1", 1)) in bench.out.take()
    assert bench.tell(Restarted("span.1", 1)) == []
    assert bench.hold() == (0, 0)


def test_after_the_dchannel_was_down_both_ends_agree_on_the_calls_that_are_left() -> None:
    bench = Bench()
    bench.incoming("c1", 1)
    bench.incoming("rings", 2, answered=False)
    bench.tell(Signal("span.1", False))
    bench.until(20 * SECOND)
    bench.tell(Signal("span.1", True), 20 * SECOND)
    bench.until(21 * SECOND)
    said = [message for to, message in bench.out.take() if to == SPAN]
    assert said == [LinkReset("span.1"), StatusEnquiry("c1", "span.1")]
    assert bench.tell(LinkReset("span.1"), 22 * SECOND) == [(SPAN, StatusEnquiry("c1", "span.1"))]
    assert bench.tell(LinkReset("span.9")) == []
    bench.incoming("rings", 3, answered=False)
    asked = [(SPAN, StatusEnquiry(call, "span.1")) for call in ("c1", "rings")]
    assert bench.tell(LinkReset("span.1"), 22 * SECOND) == asked
    assert bench.tell(StatusEnquiry("c1", "span.1")) == []
    assert bench.tell(StatusEnquiry("c9", "span.1"), 22 * SECOND) == [(SPAN, Release("c9", "gone", "gateway.a"))]


def test_an_answer_to_a_call_that_is_over_is_told_so() -> None:
    assert Bench().tell(Connect("c9")) == [(SPAN, Release("c9", "gone", "gateway.a"))]


def test_the_loss_of_one_span_is_no_matter_of_the_other() -> None:
    bench = Bench(("span.1", "span.2"))
    bench.incoming("c1", 1)
    bench.tell(Setup("c2", "span.2", 1))
    bench.tell(Answer("c2", A, (A,)))
    bench.tell(Signal("span.1", False))
    bench.tell(Signal("span.9", False))
    bench.until(100 * SECOND)
    assert bench.gateway.circuits.on("span.2") == ["c2"]
    assert bench.gateway.circuits.on("span.1") == []


def test_a_gateway_that_starts_resets_its_channels_and_registers_as_fresh() -> None:
    bench = Bench(("span.1", "span.2"))
    assert bench.started == [(f"exchange/{span}", Restart(span)) for span in ("span.1", "span.2")]
    assert bench.hold() == (0, 0)
    again = Bench()
    again.gateway.start(Ns(0), 0)
    again.out.take()
    again.until(0)
    assert again.out.take() == [("service", Register("gateway.a", VIP.expiry, "", True))]


@pytest.mark.parametrize("exclusive", [True, False])
def test_until_its_reset_is_acknowledged_no_call_gets_a_timeslot_of_the_span(exclusive: bool) -> None:
    bench = Bench(("span.1", "span.2"))
    bench.gateway.lines["span.1"].start(Ns(0))
    bench.out.take()
    incoming = Setup("c1", "span.1", 7, "sales", exclusive=exclusive)
    assert bench.tell(incoming) == [(SPAN, Release("c1", RESTARTING, "gateway.a"))]
    for n in range(30):
        assert bench.tell(InviteOut(f"out{n}", A))[0][0] == "exchange/span.2"
    assert bench.tell(InviteOut("c2", A)) == [(A, Reject("c2", "trunk", "gateway.a"))]
    assert bench.tell(Restarted("span.1")) == []
    assert bench.tell(incoming) != []
    assert bench.gateway.circuits.busy("span.1") == {7: "c1"}
    assert bench.tell(InviteOut("c3", A))[0] == (SPAN, Setup("c3", "span.1", 31))


def test_a_restart_of_the_exchange_clears_the_span() -> None:
    bench = Bench()
    bench.incoming()
    assert bench.tell(Restart("span.1")) == [("service", Bye("c1", "gateway.a", "line")), (SPAN, Restarted("span.1"))]
    assert bench.hold() == (0, 0)


def test_cables_that_a_person_moved_make_new_spans_which_are_reset() -> None:
    bench = Bench(())
    assert bench.tell(Cables(("span.1", "span.2"))) == [(f"exchange/{s}", Restart(s)) for s in ("span.1", "span.2")]
    bench.tell(Restarted("span.1"))
    bench.incoming()
    assert bench.hold() == (1, 1)


@pytest.mark.parametrize("mode", ["dual", "successive"])
@pytest.mark.parametrize("message", [Serving(B, True), Answer("c1", B, (B,)), Reinvite("c1", B, (B,))])
def test_the_server_that_makes_itself_heard_is_used(mode: str, message: object) -> None:
    bench = Bench(uplink=msgspec.structs.replace(VIP, mode=mode))
    bench.incoming()
    bench.tell(message)
    assert bench.tell(Setup("c2", "span.1", 2)) == [(B, Invite("c2", "gateway.a", "", 0, False, "span.1", 2))]


def test_a_keepalive_that_is_answered_is_no_reason_to_turn_away() -> None:
    bench = Bench(uplink=msgspec.structs.replace(VIP, mode="dual", keepalive=SECOND))
    for second in range(40):
        bench.until(second * SECOND)
        bench.tell(Alive(A, "gateway.a"), second * SECOND)
    assert bench.gateway.uplink.current == A


def asked(told: list[tuple[str, object]]) -> list[str]:
    """Calls of which the server is told, and what becomes of the others."""
    words = {Invite: "invite", Trying: "trying", Release: "release", Reject: "reject", Bye: "bye"}
    return [f"{words[type(what)]} {what.call}" for _, what in told if type(what) in words]  # type: ignore[attr-defined]


def rush(count: int, **changes: Any) -> tuple[Bench, list[str]]:
    """A gateway that takes two calls a second, and what it does at once about so many."""
    bench = Bench(setups=2.0, **changes)
    return bench, [word for n in range(1, count + 1) for word in asked(bench.tell(Setup(f"c{n}", "span.1", n)))]


def test_calls_that_come_faster_than_a_gateway_takes_them_wait_or_are_refused() -> None:
    bench, said = rush(7)
    assert said == ["invite c1", "release c6", "release c7"], "who would wait longer than 2 s"
    assert bench.hold() == (5, 5)
    (refusal,) = [what for _, what in bench.tell(Setup("c8", "span.1", 8)) if isinstance(what, Release)]
    assert (refusal.cause, refusal.by) == ("setups", "gateway.a")
    bench.until(SECOND - 1)
    assert {*asked(bench.out.take())} == {"invite c1", "invite c2"}, "the first again, for nobody answers"
    bench.until(3 * SECOND)
    assert {*asked(bench.out.take())} == {f"invite c{n}" for n in range(1, 6)}
    assert asked(bench.tell(Setup("c9", "span.1", 9), 3 * SECOND)) == ["invite c9"], "at its pace it takes all"


def test_a_caller_who_gives_up_before_his_turn_is_none_of_the_servers_business() -> None:
    bench, _ = rush(2)
    assert asked(bench.tell(Release("c2", "normal", "exchange"))) == []
    bench.until(3 * SECOND)
    assert {*asked(bench.out.take())} == {"invite c1"}
    assert bench.hold() == (1, 1)


def orders(count: int) -> tuple[Bench, list[str]]:
    """A gateway that takes two calls a second and is told to dial so many at once, and what it answers."""
    bench = Bench(setups=2.0)
    return bench, [word for n in range(1, count + 1) for word in asked(bench.tell(InviteOut(f"c{n}", A)))]


def dialled(bench: Bench) -> list[str]:
    """Calls that were passed on since."""
    return [what.call for _, what in bench.out.take() if isinstance(what, Setup)]


def test_calls_that_agents_dial_wait_and_are_refused_alike() -> None:
    bench, said = orders(6)
    assert said == ["trying c1", "trying c2", "trying c3", "trying c4", "trying c5", "reject c6"]
    assert bench.hold() == (1, 1), "the others wait"
    bench.until(2 * SECOND)
    assert dialled(bench) == ["c2", "c3", "c4", "c5"]


def test_a_call_that_is_withdrawn_before_its_turn_is_not_dialled_and_costs_no_turn() -> None:
    bench, _ = orders(4)
    assert bench.tell(Bye("c2", A)) == []
    bench.until(SECOND // 2)
    assert dialled(bench) == ["c3"], "in its place"
    bench.until(10 * SECOND)
    assert dialled(bench) == ["c4"]
    assert asked(bench.tell(InviteOut("c2", A), 10 * SECOND)) == ["trying c2"], "another order is another"


def test_an_order_that_is_repeated_takes_no_second_turn() -> None:
    bench, _ = orders(2)
    assert [asked(bench.tell(InviteOut(call, A))) for call in ("c1", "c2", "c2")] == [[], [], []]
    bench.tell(InviteOut("c3", A))
    bench.until(SECOND // 2)
    assert dialled(bench) == ["c2"]
    bench.until(SECOND)
    assert dialled(bench) == ["c3"]


def test_an_order_that_waited_does_not_bring_back_the_server_that_gave_it() -> None:
    bench = Bench(setups=2.0, uplink=msgspec.structs.replace(VIP, mode="dual"))
    for call in ("c1", "c2"):
        bench.tell(InviteOut(call, A))
    bench.tell(Serving(B, True), SECOND // 4)
    bench.until(SECOND // 2)
    assert dialled(bench) == ["c2"]
    told = bench.tell(Setup("c9", "span.1", 9), 3 * SECOND)
    assert [to for to, what in told if isinstance(what, Invite)] == [B]


def test_an_order_whose_turn_comes_when_no_timeslot_is_free_is_given_back() -> None:
    bench = Bench(setups=1.0)
    bench.tell(Signal("span.1", False))
    bench.until(2 * SECOND)
    for call in ("c1", "c2"):
        bench.tell(InviteOut(call, A), 2 * SECOND)
    bench.until(3 * SECOND)
    assert asked(bench.out.take()) == ["reject c2"], "an alarm counts after 2.5 s"


def test_a_reset_of_the_line_leaves_nothing_in_the_queue() -> None:
    bench, _ = rush(5)
    bench.tell(Restart("span.1", 0))
    assert asked(bench.tell(Setup("c9", "span.1", 9))) == []
    bench.until(SECOND // 2)
    assert "invite c9" in asked(bench.out.take()), "it is the next after the one that was being taken"
