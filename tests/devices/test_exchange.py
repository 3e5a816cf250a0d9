import msgspec
import pytest

from simtel.core.causes import GLARE, REFUSALS, RESTARTING
from simtel.core.clock import HOUR, MINUTE, MS, SECOND
from simtel.core.events import Kind
from simtel.devices.callers import Arrival
from simtel.devices.cas import CasTimes
from simtel.devices.exchange import T310
from simtel.devices.glare import GLARE_TRIES
from simtel.devices.line import LineTimes
from simtel.devices.messages.people import Dialled
from simtel.devices.messages.physics import Signal, Unanswered
from simtel.devices.messages.trunk import (
    CasSign,
    Connect,
    LinkReset,
    LoopSign,
    Proceeding,
    Release,
    Released,
    Restart,
    Restarted,
    Setup,
    StatusEnquiry,
)
from tests.devices.recorder import LIBPRI
from tests.devices.test_loop import TIMES as LOOP
from tests.devices.town import SPAN, Town, outward

# --- rule 1


def test_a_caller_takes_a_timeslot_and_is_set_up() -> None:
    town = Town(1)
    assert town.until(1) == [(SPAN, Setup("c1", "span.1", 1, "sales"))]
    assert town.out.of(Kind.CALL_OFFERED) == [{"direction": "in", "skill": "sales", "attempt": 1}]
    assert town.out.of(Kind.TRUNK_SEIZED) == [{"slot": 1}]
    assert town.exchange.holds() == {"calls": 1, "timeslots": 1}


def test_priority_and_recording_are_told_and_sent() -> None:
    town = Town(1, priority=1, recorded=True)
    assert town.until(1) == [(SPAN, Setup("c1", "span.1", 1, "sales", 1, True))]
    said = {"direction": "in", "skill": "sales", "attempt": 1, "priority": 1, "recorded": True}
    assert town.out.of(Kind.CALL_OFFERED) == [said]


def test_spans_in_turn() -> None:
    town = Town(1, 2, 3, 4, spans={"span.1": "gateway.a", "span.2": "gateway.b"})
    assert [to for to, _ in town.until(4)] == ["gateway.a/span.1", "gateway.b/span.2"] * 2


def test_who_wants_a_certain_circuit_takes_it_if_it_is_free_and_in_service() -> None:
    spans = {"span.1": "gateway.a", "span.2": "gateway.b"}
    town = Town(1, 2, 30, spans=spans, circuit=("span.2", 5))
    town.until(2)
    town.tell(Signal("span.2", False), 3)
    town.until(30)
    seized = [(s.subject, s.fields["slot"]) for s in town.out.said if s.kind is Kind.TRUNK_SEIZED]
    assert seized == [("span.2", 5), ("span.1", 1), ("span.1", 1)]  # free; taken; the first one's again, out of service


def test_a_number_bound_to_a_span_is_not_offered_to_another() -> None:
    spans = {"span.1": "gateway.a", "span.2": "gateway.b"}
    town = Town(1, 2, 30, 31, spans=spans, by_number=True)
    assert {to for to, _ in town.until(2)} == {"gateway.a/span.1", "gateway.b/span.2"}
    town.tell(Signal("span.1", False), 3)
    town.until(40)
    assert ("exchange", "trunk") in town.refused()
    assert [s.subject for s in town.out.said if s.kind is Kind.TRUNK_SEIZED][2:] == ["span.2"]


def test_in_a_trunk_group_the_other_span_takes_all() -> None:
    town = Town(1, 2, 30, 31, spans={"span.1": "gateway.a", "span.2": "gateway.b"})
    town.until(2)
    town.tell(Signal("span.1", False), 3)
    town.until(31)
    assert ("exchange", "trunk") not in town.refused()
    assert [s.subject for s in town.out.said if s.kind is Kind.TRUNK_SEIZED][2:] == ["span.2", "span.2"]


def test_the_thirty_first_caller_hears_congestion() -> None:
    town = Town(*(1 + n / 100 for n in range(31)))
    town.until(2)
    assert town.refused() == [("exchange", "trunk")]
    assert town.ended() == [("c31", "refused", "trunk")]
    assert town.exchange.holds() == {"calls": 30, "timeslots": 30}


# --- rule 2


def slow(octet_ms: int) -> LineTimes:
    """A D-channel on which a SETUP lasts 50 octets."""
    return msgspec.structs.replace(LIBPRI, octet=octet_ms * MS)


def test_a_setup_that_does_not_get_away_is_repeated_once_and_given_up() -> None:
    town = Town(1, 1, line=slow(200))  # the second waits for the first, 10 s
    first, second = (Setup(call, "span.1", slot, "sales") for call, slot in (("c1", 1), ("c2", 2)))
    assert town.until(8.999) == [(SPAN, first)]
    assert town.ended() == []
    town.until(9)
    assert town.refused() == [("exchange", "trunk-dead")]
    assert town.ended() == [("c2", "failed", "trunk-dead")]
    said = [message for _, message in town.until(100) if getattr(message, "call", "") == "c2"]
    assert said == [second, second, Release("c2", "t303", "exchange")]
    assert town.at_rest()


@pytest.mark.parametrize("answer", [Proceeding("c2"), Connect("c2")])
def test_any_answer_stops_the_repeating(answer: object) -> None:
    town = Town(1, 1, line=slow(200))
    town.until(2)
    town.tell(answer, 2)
    town.until(11)
    assert "trunk-dead" not in [cause for _, _, cause in town.ended()]


@pytest.mark.parametrize(("octet", "left"), [(0, 1), (60, 4)])
def test_a_setup_that_got_away_proceeds_and_ends_after_t310(octet: int, left: int) -> None:
    town = Town(1, 1, line=msgspec.structs.replace(slow(octet), delay=30 * MS))
    due = left + 0.06 + T310 / SECOND
    town.until(due - 0.001)
    assert "c2" not in [call for call, _, _ in town.ended()]
    assert (SPAN, Release("c2", "no-answer", "exchange")) in town.until(due)
    assert town.ended()[-1] == ("c2", "failed", "no-answer")
    town.until(100)
    assert town.at_rest()


def test_a_call_that_proceeds_and_is_never_connected_ends_after_t310() -> None:
    town = Town(1, 1, line=slow(200))
    town.until(2)
    town.tell(Proceeding("c2"), 2)
    town.until(2 + T310 / SECOND - 0.001)
    assert ("c2", "failed", "no-answer") not in town.ended()
    town.until(2 + T310 / SECOND)
    assert ("c2", "failed", "no-answer") in town.ended()


def test_a_call_that_is_connected_in_time_does_not_end_by_t310() -> None:
    town = Town(1)
    town.until(2)
    town.tell(Proceeding("c1"), 2)
    town.tell(Connect("c1"), 11)
    town.until(60)
    assert town.ended() == []


def test_calls_offered_to_a_dead_e1_fail_until_the_exchange_has_noticed() -> None:
    town = Town(1, 3, 12, spans={"span.1": "gateway.a", "span.2": "gateway.b"})
    town.tell(Signal("span.1", False), 0.9)
    town.until(2)
    assert town.out.of(Kind.TRUNK_SEIZED) == [{"slot": 1}]
    town.until(13)
    seized = [said.subject for said in town.out.said if said.kind is Kind.TRUNK_SEIZED]
    assert seized[0] == "span.1", "debounce: not noticed yet"
    assert seized[1] == "span.2"
    assert ("c1", "failed", "trunk-dead") in town.ended()


# --- rule 3


def test_line_supervision_clears_a_call_that_is_alerting() -> None:
    town = outward(answer_time=HOUR)
    town.tell(Setup("c1", "span.1", 31), 1)
    town.tell(Signal("span.1", False), 3)
    town.until(16.999)
    assert town.ended() == []
    town.until(17)
    assert town.ended() == [("c1", "failed", "trunk-dead")]
    assert town.refused() == [("exchange", "trunk-dead")]
    assert town.at_rest()


def test_line_supervision_clears_a_call_that_is_up() -> None:
    town = Town(1)
    town.connected()
    town.tell(Signal("span.1", False), 3)
    town.until(26.999)
    assert town.ended() == []
    town.until(27)
    assert town.ended() == [("c1", "cut", "line")]
    assert town.at_rest()


def test_after_the_dchannel_was_down_both_ends_agree_on_the_calls_that_are_left() -> None:
    town = Town(1)
    town.talking()
    town.tell(Signal("span.1", False), 3)
    town.until(23)
    town.tell(Signal("span.1", True), 23)
    assert town.until(24) == [(SPAN, LinkReset("span.1")), (SPAN, StatusEnquiry("c1", "span.1"))]
    assert town.tell(LinkReset("span.1"), 24) == [], "that of the far end crossed ours"
    assert town.tell(LinkReset("span.1"), 25) == [(SPAN, StatusEnquiry("c1", "span.1"))]
    assert town.tell(StatusEnquiry("c1", "span.1"), 26) == []
    assert town.tell(StatusEnquiry("c9", "span.1"), 26) == [(SPAN, Release("c9", "gone", "exchange"))]
    town.tell(Release("c1", "gone", "gateway.a"), 27)
    assert town.ended() == [("c1", "cut", "gone")]


def test_a_talk_that_was_over_is_completed_also_when_the_line_clears_it() -> None:
    town = Town(1, caller_ends=0.0)
    town.talking()
    town.until(62)
    town.tell(Restart("span.1"), 63)
    assert town.ended() == [("c1", "completed", "restart")]


@pytest.mark.parametrize(("connected", "disposition"), [(True, "cut"), (False, "failed")])
def test_a_restart_of_the_gateway_clears_the_span(connected: bool, disposition: str) -> None:
    town = Town(1)
    if connected:
        town.connected()
    else:
        town.until(1)
    town.tell(Restart("span.1"), 2)
    assert town.ended() == [("c1", disposition, "restart")]
    assert town.at_rest()


def test_moved_cables_lead_to_the_other_gateway() -> None:
    town = Town(1)
    town.exchange.recable("span.1", "gateway.b")
    assert [to for to, _ in town.until(1)] == ["gateway.b/span.1"]


# --- rule 4


def test_an_outgoing_call_is_offered_when_the_agent_dials_and_answered_after_a_while() -> None:
    town = outward()
    assert town.out.of(Kind.CALL_OFFERED) == [{"direction": "out", "skill": "sales", "attempt": 1}]
    assert town.tell(Setup("c1", "span.1", 31), 1) == []
    assert town.out.of(Kind.TRUNK_SEIZED) == [{"slot": 31}]
    assert town.until(200) == [(SPAN, Connect("c1")), (SPAN, Release("c1", "normal", "exchange"))]
    assert town.out.calls(Kind.CALL_CONNECTED) == ["c1"]
    assert town.ended() == [("c1", "cut", "silence")]  # no agent spoke


def test_on_a_loop_line_dialling_takes_its_time_and_who_lifts_for_nobody_takes_no_trunk() -> None:
    town = Town(1, seat="seat.1", loops={"loop.1": ("module.1", 4, LOOP)})
    town.until(1)
    town.tell(Dialled("c1", "seat.1"), 1)
    town.tell(LoopSign("loop.1", 3, "off-hook", Setup("c1", "loop.1", 3)), 2)
    assert town.out.of(Kind.TRUNK_SEIZED) == [{"slot": 3, "dialled": False}]
    assert town.out.of(Kind.CALL_DIALLED) == []
    town.tell(LoopSign("loop.1", 3, "digits"), 4)
    assert town.out.of(Kind.CALL_DIALLED) == [{}]
    town.tell(LoopSign("loop.1", 4, "off-hook"), 5)
    assert town.exchange.holds() == {"calls": 1, "timeslots": 2}, "nobody else may have that line"
    town.tell(LoopSign("loop.1", 4, "on-hook"), 6)
    assert town.exchange.holds() == {"calls": 1, "timeslots": 1}
    assert (len(town.out.of(Kind.TRUNK_SEIZED)), len(town.out.of(Kind.TRUNK_FREED))) == (1, 0)


def test_on_glare_the_network_keeps_the_timeslot() -> None:
    town = Town(1, 2, seat="")
    town.until(1)
    town.exchange._calls["out"] = type(town.exchange._calls["c1"])("out", Arrival(0, SECOND, "sales", "seat.1"), 1)
    sent = town.tell(Setup("out", "span.1", 1), 1)
    assert sent == [(SPAN, Release("out", GLARE, "exchange"))]
    assert town.exchange.circuits.busy("span.1") == {1: "c1"}
    assert town.tell(Setup("out", "span.1", 2), 1) == []
    assert town.exchange.circuits.busy("span.1") == {1: "c1", 2: "out"}


def test_a_call_that_comes_by_a_second_gateway_keeps_its_first_timeslot() -> None:
    town = outward(spans={"span.1": "gateway.a", "span.2": "gateway.b"})
    town.tell(Setup("c1", "span.1", 31), 1)
    assert town.tell(Setup("c1", "span.2", 31), 2) == [("gateway.b/span.2", Release("c1", "gone", "exchange"))]
    assert town.exchange.holds() == {"calls": 1, "timeslots": 1}
    town.tell(Release("c1", "normal", "gateway.a"), 60)
    assert town.at_rest()


def test_a_setup_of_a_call_that_nobody_makes_is_refused() -> None:
    assert Town().tell(Setup("ghost", "span.1", 5)) == [(SPAN, Release("ghost", "gone", "exchange"))]


# --- the far end releases


@pytest.mark.parametrize("cause", sorted(REFUSALS))
def test_a_release_with_a_refusal_is_told_with_its_author(cause: str) -> None:
    town = Town(1)
    town.until(1)
    town.tell(Release("c1", cause, "server.a"), 2)
    assert town.refused() == [("server.a", cause)]
    assert town.ended() == [("c1", "refused", cause)]


@pytest.mark.parametrize(("state", "disposition"), [("ringing", "failed"), ("ivr", "cut"), ("talking", "cut")])
def test_any_other_release_by_the_state_of_the_call(state: str, disposition: str) -> None:
    town = Town(1)
    {"ringing": lambda: town.until(1), "ivr": town.connected, "talking": town.talking}[state]()
    town.tell(Release("c1", "session-timer", "server.a"), 3)
    assert town.refused() == []
    assert town.ended() == [("c1", disposition, "session-timer")]


def test_a_talk_is_cut_not_refused_whatever_the_word() -> None:
    town = Town(1)
    town.talking()
    town.tell(Release("c1", "no-server", "gateway.a"), 3)
    assert town.ended() == [("c1", "cut", "no-server")]


# --- calls that are over


def test_a_gateway_that_goes_on_with_a_call_that_is_over_is_told_so() -> None:
    town = Town(1)
    town.talking()
    town.until(62)
    for message in (Connect("c1"), Proceeding("c1")):
        assert town.tell(message, 70) == [(SPAN, Release("c1", "gone", "exchange"))]


# --- clearing


def test_a_timeslot_is_freed_when_the_far_end_has_confirmed() -> None:
    town = Town(1)
    town.talking()
    town.tell(Unanswered("span.1", True), 3)
    sent = town.until(62)
    assert (SPAN, Release("c1", "normal", "exchange", "span.1", 1)) in sent
    assert town.ended() == [("c1", "completed", "caller")]
    assert town.exchange.holds() == {"calls": 0, "timeslots": 1}
    assert town.out.of(Kind.TRUNK_FREED) == []
    assert town.exchange.calls_on("span.1") == []
    town.tell(Restart("span.1", 2), 63)
    assert town.out.of(Kind.TRUNK_FREED) == []
    town.tell(Released("c1", "span.1"), 64)
    assert town.out.of(Kind.TRUNK_FREED) == [{"slot": 1}]
    assert town.at_rest()


def test_a_caller_who_gets_no_further_leaves_a_timeslot_that_waits_as_well() -> None:
    town = Town(1)
    town.until(1)
    town.tell(Unanswered("span.1", True), 1)
    town.tell(Proceeding("c1"), 2)
    town.until(1 + T310 / SECOND + 1)
    assert [cause for *_, cause in town.ended()] == ["no-answer"]
    assert town.exchange.holds() == {"calls": 0, "timeslots": 1}
    town.until(1 + T310 / SECOND + 1 + 38)
    assert town.tell(Restarted("span.1", 1), 60) == []
    assert [said["state"] for said in town.out.of(Kind.CHANNEL_STATE)] == ["maintenance", "in-service"]
    assert town.at_rest()


def test_a_timeslot_that_waits_is_neither_hunted_nor_given_to_the_gateway() -> None:
    town = Town(1, 70, circuit=("span.1", 1))
    town.talking()
    town.tell(Unanswered("span.1", True), 3)
    assert (SPAN, Setup("c2", "span.1", 2, "sales")) in town.until(70)
    order = Town(1, seat="seat.1")
    order.until(1)
    order.tell(Dialled("c1", "seat.1"), 1)
    order.exchange.hold("c0", "span.1", 1)
    assert order.tell(Setup("c1", "span.1", 1), 2) == [(SPAN, Release("c1", GLARE, "exchange"))]


def test_a_call_that_meets_a_span_in_restart_goes_to_another_span_and_is_refused_when_there_is_none() -> None:
    town = Town(1, spans={"span.1": "gateway.a", "span.2": "gateway.b"})
    town.until(1)
    town.tell(Release("c1", RESTARTING, "gateway.a"), 1.04)
    assert [s.subject for s in town.out.said if s.kind is Kind.TRUNK_SEIZED] == ["span.1", "span.2"]
    assert town.exchange.circuits.busy("span.2") == {1: "c1"}
    alone = Town(1)
    alone.until(1)
    alone.tell(Release("c1", RESTARTING, "gateway.a"), 1.04)
    assert alone.out.of(Kind.CALL_REFUSED) == [{"by": "gateway.a", "cause": RESTARTING}]
    assert alone.ended() == [("c1", "failed", RESTARTING)]
    assert alone.at_rest()


def test_a_call_that_is_refused_for_its_timeslot_takes_another_and_not_for_ever() -> None:
    town = Town(1)
    town.until(1)
    town.tell(Release("c1", GLARE, "gateway.a"), 1.04)
    slots = [said["slot"] for said in town.out.of(Kind.TRUNK_SEIZED)]
    assert slots == [1, 2], "the one that was refused is not the first to be tried again"
    assert town.exchange.circuits.busy("span.1") == {2: "c1"}
    for _ in range(GLARE_TRIES - 1):
        town.tell(Release("c1", GLARE, "gateway.a"), 1.04)
    assert town.ended() == []
    town.tell(Release("c1", GLARE, "gateway.a"), 1.04)
    assert town.ended() == [("c1", "failed", GLARE)]
    assert town.at_rest()


def test_a_call_of_a_number_bound_to_a_span_stays_on_it_when_it_moves() -> None:
    town = Town(1, spans={"span.1": "gateway.a", "span.2": "gateway.b"}, by_number=True)
    ((far, setup),) = town.until(1)
    assert town.tell(Release("c1", GLARE, far.partition("/")[0]), 1.04) == [
        (far, Setup("c1", setup.span, 2, "sales"))  # type: ignore[attr-defined]
    ]


def test_a_reset_of_one_channel_ends_that_call_alone() -> None:
    town = Town(1, 1)
    town.until(1)
    assert (SPAN, Restarted("span.1", 2)) in town.tell(Restart("span.1", 2), 2)
    assert town.ended() == [("c2", "failed", "restart")]
    assert town.exchange.calls_on("span.1") == ["c1"]


def test_a_timeslot_that_is_seized_for_a_call_given_up_meanwhile_is_held_and_of_no_call() -> None:
    town = Town(line=CasTimes(SECOND, SECOND, SECOND, 3 * SECOND, SECOND, MINUTE, SECOND))
    town.tell(CasSign("span.1", 1, "seize", Setup("c9", "span.1", 1)), 1)
    assert town.exchange.holds() == {"calls": 0, "timeslots": 1}
    town.tell(CasSign("span.1", 1, "clear-forward"), 2)
    town.until(3)
    assert town.out.of(Kind.TRUNK_SEIZED) == town.out.of(Kind.TRUNK_FREED) == []
    assert town.at_rest()
