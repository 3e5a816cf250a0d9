"""Call control: each numbered rule of its file, by what it sends, writes and tells its standby."""

from typing import Any

import msgspec
import pytest

from simtel.core.clock import HOUR, MINUTE, SECOND, Ns
from simtel.core.events import Kind
from simtel.devices.fabric.fabric import Interchange, Packets, Stages
from simtel.devices.messages.calls import (
    Answer,
    Busy,
    Bye,
    Cancel,
    Dial,
    Done,
    Hold,
    Invite,
    InviteOut,
    PickUp,
    Refresh,
    Refreshed,
    Reinvite,
    Reject,
    Ring,
    Through,
    Trying,
)
from simtel.devices.messages.people import Music
from simtel.devices.messages.records import Record, Recording
from simtel.devices.messages.registration import LoggedIn, Login, Ready
from simtel.devices.messages.replication import AgentChange, CallChange, CallGone
from simtel.devices.messages.trunk import Proceeding
from simtel.devices.plane import PUBLIC
from simtel.devices.server.call import HELD, IVR, QUEUED, RINGING, TALKING, Replicates
from simtel.devices.server.control import RING_TIME
from simtel.devices.server.outgoing import OUT_TIME
from simtel.devices.server.takeover import take_over
from tests.devices.server.rig import ALL, GATEWAY, NONE, Desk, phone, seat

HERE = ("server.a",)


# --- rule 1


def test_an_invite_is_answered_by_the_ivr_and_takes_a_channel() -> None:
    desk = Desk()
    desk.call("c1")
    assert desk.out.take() == [(GATEWAY, Answer("c1", "server.a", HERE))]
    assert desk.control.calls["c1"].phase == IVR
    assert desk.control.licences.in_use("core-channel") == 1


def test_a_repeated_invite_takes_nothing_more() -> None:
    desk = Desk()
    desk.call("c1")
    desk.call("c1")
    assert len(desk.of(Answer)) == 2
    assert desk.control.licences.in_use("core-channel") == 1


def test_without_a_core_channel_the_call_is_refused() -> None:
    desk = Desk({"core-channel": 1})
    desk.call("c1")
    desk.call("c2")
    assert desk.out.take()[1:] == [(GATEWAY, Reject("c2", "core-channel", "server.a"))]
    assert "c2" not in desk.control.calls


def test_without_a_speech_path_the_call_is_refused_and_takes_no_licence() -> None:
    desk = Desk(fabric=Packets(1))
    desk.call("c1")
    desk.call("c2")
    assert desk.out.take()[1:] == [(GATEWAY, Reject("c2", "fabric", "server.a"))]
    assert desk.control.licences.in_use("core-channel") == 1


def test_a_call_without_a_core_channel_leaves_the_fabric() -> None:
    desk = Desk({"core-channel": 0})
    desk.call("c1")
    desk.agents(1)
    desk.outgoing.dial(Dial("c2", seat(1), phone(1)), [GATEWAY], desk.now)
    assert desk.control.fabric.busy() == 0


def test_who_asks_for_an_agent_by_the_name_of_his_seat_hears_no_menu() -> None:
    desk = Desk()
    desk.agents(1, 2, skills=(seat(2),))
    desk.call("c1", skill=seat(1))
    desk.call("c2", skill=seat(2))
    assert desk.of(Ring) == [(phone(1), Ring("c2", "server.a"))]
    assert desk.control.calls["c1"].phase == QUEUED


ONE_PATH = Stages(2, 1, 5)  # two circuits and two seats on each outer switch, one path between any two


def test_without_a_path_to_the_seat_the_call_is_refused_and_the_agent_free() -> None:
    desk = Desk(fabric=ONE_PATH)
    desk.agents(1, 3)
    for slot, name in enumerate(("c1", "c2"), 1):
        desk.call(name, slot=slot)
        desk.control.ivr_over(name, desk.now)
    sent = desk.out.take()
    assert [to for to, message in sent if type(message) is Ring] == [phone(1)]
    assert (GATEWAY, Bye("c2", "server.a", "middle-stage")) in sent
    assert desk.control.agents.known[seat(3)][1] == "ready"
    assert list(desk.control.calls) == ["c1"]
    assert desk.control.fabric.busy() == 1


def test_a_call_that_rings_no_more_gives_its_path_back() -> None:
    desk = Desk(fabric=ONE_PATH)
    desk.agents(1)
    desk.through_ivr("c1")
    assert desk.control.fabric.busy() == 1
    desk.control.ring_over("c1", desk.now)
    assert desk.control.fabric.busy() == 0
    assert desk.control.calls["c1"].phase == QUEUED


def test_the_end_of_a_call_and_stepping_back_give_every_path_back() -> None:
    for end in (lambda d: d.control.bye(Bye("c1", GATEWAY, "normal"), d.now), lambda d: d.control.forget_all(d.now)):
        desk = Desk(fabric=Interchange(10, 1e9))
        desk.agents(1)
        desk.talk("c1", 1)
        assert desk.control.fabric.busy() == 2
        end(desk)
        assert desk.control.fabric.busy() == 0


def test_a_called_party_who_answers_without_a_path_is_refused() -> None:
    desk = Desk(fabric=ONE_PATH)
    desk.agents(1, 3)
    desk.talk("c1", 1)
    desk.outgoing.dial(Dial("c2", seat(3), phone(3)), [GATEWAY], desk.now)
    desk.outgoing.trying(Trying("c2", GATEWAY))
    desk.out.take()
    desk.outgoing.answered("c2", desk.now, "span.1", 2)
    sent = desk.out.take()
    assert (GATEWAY, Bye("c2", "server.a", "middle-stage")) in sent
    assert (phone(3), Bye("c2", "server.a", "middle-stage")) in sent
    assert list(desk.control.calls) == ["c1"]


def test_a_take_over_lays_the_paths_of_talks_anew_as_far_as_there_are_any() -> None:
    desk = Desk(fabric=ONE_PATH)
    desk.agents(1)
    desk.talk("c1", 1)
    told = desk.described("c1")
    assert (told.span, told.slot) == ("span.1", 1)
    other = msgspec.structs.replace(told, call="c2", slot=2, seat=seat(3), contact=phone(3))
    standby = Desk(fabric=ONE_PATH)
    take_over(standby.control, [(told, 0), (other, 0)], [], standby.now)
    assert list(standby.control.calls) == ["c1"]
    assert standby.control.fabric.busy() == 1
    assert (GATEWAY, Bye("c2", "server.a", "middle-stage")) in standby.out.take()


def test_after_the_ivr_a_free_agent_is_rung() -> None:
    desk = Desk()
    desk.agents(1, 2)
    desk.through_ivr("c1")
    assert desk.of(Ring) == [(phone(1), Ring("c1", "server.a"))]
    assert desk.control.calls["c1"].phase == RINGING


def test_the_ivr_takes_its_time() -> None:
    desk = Desk()
    desk.agents(1)
    desk.call("c1")
    due = desk.timers.at(("ivr", "c1"))
    assert due is not None
    desk.wait(due - 1)
    assert desk.of(Ring) == []
    desk.wait(1)
    assert len(desk.of(Ring)) == 1


def test_without_a_free_agent_the_caller_waits_and_hears_so() -> None:
    desk = Desk()
    desk.agents(1, skills=("sales",))
    desk.through_ivr("c1")
    assert (PUBLIC, Music("c1")) in desk.out.take()
    assert desk.control.calls["c1"].phase == QUEUED


def test_a_caller_whose_path_is_broken_hears_no_music() -> None:
    desk = Desk()
    desk.call("c1")
    desk.cables.cut((GATEWAY, "server.a"))
    desk.out.take()
    desk.control.ivr_over("c1", desk.now)
    assert desk.to(PUBLIC) == []


def test_beyond_the_limit_of_the_queue_callers_are_turned_away() -> None:
    desk = Desk(queue_limit=2)
    desk.through_ivr("c1", "c2", "c3")
    assert desk.of(Bye) == [(GATEWAY, Bye("c3", "server.a", "queue"))]
    assert desk.control.acd.waiting() == 2


def test_where_nobody_may_wait_the_seat_is_what_is_missing() -> None:
    desk = Desk(queue_limit=0)
    desk.through_ivr("c1")
    assert desk.of(Bye) == [(GATEWAY, Bye("c1", "server.a", "seat"))]


def test_each_port_of_the_ivr_serves_one_caller_at_a_time() -> None:
    desk = Desk(ivr_limit=2)
    for name in ("c1", "c2", "c3"):
        desk.call(name)
    assert desk.of(Reject) == [(GATEWAY, Reject("c3", "ivr-port", "server.a"))]
    desk.out.take()
    desk.control.ivr_over("c1", desk.now)
    desk.call("c4")
    desk.control.bye(Bye("c2", GATEWAY), desk.now)
    desk.call("c5")
    assert desk.of(Reject) == []
    desk.call("c6")
    assert desk.of(Reject) == [(GATEWAY, Reject("c6", "ivr-port", "server.a"))]
    desk.control.forget_all(desk.now)
    assert desk.control.in_menu == 0


def test_callers_with_priority_are_served_first() -> None:
    desk = Desk()
    desk.through_ivr("c1")
    desk.through_ivr("c2", priority=1)
    desk.agents(1)
    assert desk.control.calls["c2"].seat == seat(1)


def test_who_rang_in_vain_waits_with_his_priority_again() -> None:
    desk = Desk()
    desk.agents(1)
    desk.through_ivr("c1", priority=1)
    desk.through_ivr("c2")
    desk.wait(RING_TIME)
    desk.agents(2)
    assert desk.control.calls["c1"].seat == seat(2)


@pytest.mark.parametrize(("count", "channels"), [(False, 1), (True, 2)])
def test_a_core_channel_for_the_agent_too_where_the_licence_counts_so(count: bool, channels: int) -> None:
    desk = Desk(channels_count_agents=count)
    desk.agents(1)
    desk.through_ivr("c1")
    assert desk.control.licences.in_use("core-channel") == channels
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert desk.control.licences.in_use("core-channel") == 0


def test_where_no_channel_is_left_for_the_agent_the_call_ends_and_he_stays_free() -> None:
    desk = Desk({"core-channel": 1}, channels_count_agents=True)
    desk.agents(1)
    desk.through_ivr("c1")
    assert desk.of(Bye) == [(GATEWAY, Bye("c1", "server.a", "core-channel"))]
    assert desk.control.licences.in_use("core-channel") == 0
    assert desk.control.acd.seek("service") == seat(1)


# --- rule 2


def test_a_call_that_nobody_answers_goes_back_and_the_agent_is_logged_out() -> None:
    desk = Desk()
    desk.agents(1)
    desk.through_ivr("c1")
    desk.wait(RING_TIME - 1)
    assert desk.control.calls["c1"].phase == RINGING
    desk.out.take()
    desk.wait(1)
    assert desk.to(phone(1)) == [Cancel("c1")]
    assert desk.control.calls["c1"].phase == QUEUED
    assert seat(1) not in desk.control.agents.known
    assert desk.control.licences.in_use("agent") == 0


def test_it_goes_to_the_next_free_agent_at_once() -> None:
    desk = Desk()
    desk.agents(1, 2)
    desk.through_ivr("c1")
    desk.wait(RING_TIME)
    assert desk.of(Ring) == [(phone(1), Ring("c1", "server.a")), (phone(2), Ring("c1", "server.a"))]


def test_it_goes_to_the_head_of_the_queue_though_it_never_waited() -> None:
    desk = Desk()
    desk.agents(1)
    desk.through_ivr("c9", "c1")  # c9 rings, c1 waits
    desk.wait(RING_TIME)
    desk.agents(2)
    assert desk.control.calls["c9"].phase == RINGING
    assert desk.control.calls["c1"].phase == QUEUED


def test_calls_that_rang_in_vain_stay_in_the_order_of_their_arrival() -> None:
    desk = Desk()
    desk.agents(1, 2)
    desk.through_ivr("c9", "c10", "c1")  # c1 waits
    desk.wait(RING_TIME)
    desk.agents(3, 4)
    assert {c.seat: c.id for c in desk.control.calls.values()} == {seat(3): "c9", seat(4): "c10", "": "c1"}


def test_who_had_a_place_gets_it_back() -> None:
    desk = Desk()
    desk.through_ivr("c1", "c2", "c3")
    desk.agents(1)  # c1 rings
    desk.control.ring_over("c1", desk.now)
    desk.agents(2)
    assert [c.id for c in desk.control.calls.values() if c.phase == RINGING] == ["c1"]


def test_a_seat_that_is_busy_does_not_keep_the_call() -> None:
    desk = Desk()
    desk.agents(1, 2)
    desk.through_ivr("c1")
    desk.out.take()
    desk.control.busy(Busy("c1", seat(1)), desk.now)
    assert desk.of(Ring) == [(phone(2), Ring("c1", "server.a"))]
    assert desk.control.agents.known[seat(1)] == (phone(1), "busy")
    desk.control.busy(Busy("c1", seat(1)), desk.now)  # late: it rings elsewhere
    assert desk.out.take() == []


def test_an_agent_who_logs_in_anew_while_it_rings_at_another_is_free() -> None:
    """His phone died ringing; the call went to another agent; he is back with his console."""
    desk = Desk()
    desk.agents(1, 2)
    desk.through_ivr("c1")
    desk.control.log_in(Login(seat(1), "seat.1/console", ("service",)), desk.now)
    assert desk.control.calls["c1"].seat == seat(2)
    assert desk.control.agents.known[seat(1)] == ("seat.1/console", "ready")
    desk.out.take()
    desk.through_ivr("c2")
    assert desk.of(Ring) == [("seat.1/console", Ring("c2", "server.a"))]


def test_an_agent_who_logs_in_anew_gets_his_call_again() -> None:
    desk = Desk()
    desk.agents(1)
    desk.through_ivr("c1")
    desk.out.take()
    desk.control.log_in(Login(seat(1), "seat.1/console", ("service",)), desk.now)
    assert desk.of(Ring) == [("seat.1/console", Ring("c1", "server.a"))]


# --- rule 3


@pytest.mark.parametrize(
    ("settings", "hops"),
    [
        ({}, (phone(1),)),
        ({"talk_through_server": True}, ("server.a", phone(1))),
        ({"recorded": True}, (phone(1),)),
        ({"recorded": True, "recorded_through_server": True}, ("server.a", phone(1))),
        ({"recorded": False, "recorded_through_server": True}, (phone(1),)),
    ],
    ids=["direct", "through the server", "recorded passively", "recorded in the path", "not recorded"],
)
def test_where_speech_of_a_talk_passes(settings: dict[str, Any], hops: tuple[str, ...]) -> None:
    desk = Desk(**settings)
    desk.agents(1)
    desk.through_ivr("c1")
    desk.out.take()
    desk.control.pick_up(PickUp("c1", seat(1), phone(1)), desk.now)
    assert desk.out.take() == [(GATEWAY, Reinvite("c1", "server.a", hops)), (phone(1), Through("c1"))]


def test_a_call_that_waits_is_not_resumed() -> None:
    """Another server, which served as well, gave it to this seat; here its caller waits."""
    desk = Desk()
    desk.through_ivr("c1")
    desk.out.take()
    desk.control.hold(Hold("c1", phone(1), False), desk.now)
    assert desk.out.take() == [(phone(1), Done("c1", "resume", False))]


def test_hold_draws_speech_through_the_server_and_resume_lets_it_go() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.hold(Hold("c1", phone(1), True), desk.now)
    assert desk.out.take() == [(phone(1), Done("c1", "hold", True)), (GATEWAY, Reinvite("c1", "server.a", HERE))]
    assert desk.control.calls["c1"].phase == HELD
    desk.control.hold(Hold("c1", phone(1), False), desk.now)
    assert desk.out.take() == [
        (phone(1), Done("c1", "resume", True)),
        (GATEWAY, Reinvite("c1", "server.a", (phone(1),))),
    ]


def test_a_request_for_an_unknown_dialog_is_answered_so() -> None:
    desk = Desk()
    desk.control.hold(Hold("c1", phone(1), True), desk.now)
    desk.control.bye(Bye("c1", phone(1)), desk.now)
    assert desk.out.take() == [(phone(1), Done("c1", "hold", False)), (phone(1), Done("c1", "bye", False))]


@pytest.mark.parametrize("request_", [Hold("c1", phone(2), True), Bye("c1", phone(2))])
def test_a_seat_from_which_the_call_was_led_away_has_no_dialog(request_: Hold | Bye) -> None:
    desk = Desk()
    desk.agents(1, 2)
    desk.talk("c1", 1)
    (desk.control.hold if isinstance(request_, Hold) else desk.control.bye)(request_, desk.now)  # type: ignore[operator]
    ((to, answer),) = desk.out.take()
    assert (to, answer.known) == (phone(2), False)
    assert desk.control.calls["c1"].phase == TALKING


def test_the_agent_takes_the_call_up_on_another_part() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.pick_up(PickUp("c1", seat(1), "seat.1/console"), desk.now)
    assert desk.of(Reinvite) == [(GATEWAY, Reinvite("c1", "server.a", ("seat.1/console",)))]
    desk.control.pick_up(PickUp("c1", seat(2), phone(2)), desk.now)
    assert desk.out.take() == [(phone(2), Cancel("c1"))]


def test_recording_takes_a_channel_and_is_refused_without_one() -> None:
    desk = Desk({"recording": 1}, recorded=True)
    desk.agents(1, 2)
    desk.talk("c1", 1)
    desk.talk("c2", 2)
    assert desk.control.licences.in_use("recording") == 1
    assert desk.out.calls(Kind.RECORDING_REFUSED) == ["c2"]
    desk.control.bye(Bye("c2", GATEWAY), desk.now)
    assert desk.control.licences.in_use("recording") == 1
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert desk.control.licences.in_use("recording") == 0


# --- rule 4


def test_the_recording_of_a_talk_is_handed_over_at_its_end() -> None:
    desk = Desk({"recording": 1}, recorded=True)
    desk.agents(1, 2)
    desk.wait(2 * SECOND)
    desk.talk("c1", 1)
    desk.talk("c2", 2)
    desk.wait(7 * SECOND)
    for call in ("c1", "c2"):
        desk.control.bye(Bye(call, GATEWAY), desk.now)
    assert desk.of(Recording) == [("station", Recording("c1", "server.a", 7 * SECOND))]


def test_a_call_that_an_agent_dials_is_recorded_when_it_must_be() -> None:
    desk = Desk()
    desk.agents(1, 2)
    for number, recorded in ((1, True), (2, False)):
        call = f"c{number}"
        desk.outgoing.dial(Dial(call, seat(number), phone(number), recorded), [GATEWAY], desk.now)
        desk.outgoing.trying(Trying(call, GATEWAY))
        desk.outgoing.answered(call, desk.now)
    assert [call.recording for call in desk.control.calls.values()] == [True, False]


@pytest.mark.parametrize("who", [GATEWAY, phone(1)])
def test_the_end_gives_everything_back_and_writes_one_record(who: str) -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.wait(90 * SECOND)
    desk.control.bye(Bye("c1", who), desk.now)
    other = phone(1) if who == GATEWAY else GATEWAY
    assert desk.out.take() == [
        (who, Done("c1", "bye", True)),
        (other, Bye("c1", "server.a", "normal")),
        ("station", Record("c1", "server.a", True, 90 * SECOND)),
    ]
    assert desk.control.calls == {}
    assert desk.licences() == 1  # the agent's own
    assert desk.control.agents.known[seat(1)] == (phone(1), "wrap-up")
    assert len(desk.timers) == 0
    desk.control.bye(Bye("c1", other), desk.now)
    assert desk.of(Record) == []


def test_who_hangs_up_while_it_rings_frees_the_agent() -> None:
    desk = Desk()
    desk.agents(1)
    desk.through_ivr("c1")
    desk.out.take()
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert (phone(1), Cancel("c1")) in desk.out.take()
    assert desk.control.acd.seek("service") == seat(1)
    assert len(desk.timers) == 0


def test_who_hangs_up_while_he_waits_leaves_the_queue() -> None:
    desk = Desk()
    desk.through_ivr("c1")
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert desk.control.acd.waiting() == 0
    desk.agents(1)
    assert desk.control.agents.known[seat(1)][1] == "ready"


# --- agents


def test_a_free_agent_takes_who_waits() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.through_ivr("c2")
    desk.control.bye(Bye("c1", phone(1)), desk.now)
    desk.out.take()
    desk.control.ready(Ready(seat(1), phone(1)), desk.now)
    assert desk.out.take() == [(phone(1), Done("", "ready", True)), (phone(1), Ring("c2", "server.a"))]


@pytest.mark.parametrize(("limit", "cause"), [({"seat_limit": 1}, "seats"), ({}, "agent-licence")])
def test_agents_beyond_what_is_licensed_are_refused(limit: dict[str, int], cause: str) -> None:
    desk = Desk({"agent": 1}, **limit)
    desk.agents(1)
    desk.control.log_in(Login(seat(2), phone(2), ("service",)), desk.now)
    assert desk.out.take() == [(phone(2), LoggedIn(seat(2), "server.a", cause))]
    assert [(s.subject, s.fields) for s in desk.out.said] == [(seat(2), {"cause": cause})]
    desk.control.log_in(Login(seat(1), phone(1), ("service",)), desk.now)  # he is in already
    assert desk.out.take() == [(phone(1), LoggedIn(seat(1), "server.a"))]
    assert desk.control.licences.in_use("agent") == 1


def test_an_agent_who_logs_in_talking_gets_no_second_call() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.log_in(Login(seat(1), "seat.1/console", ("service",), "c1"), desk.now)
    desk.through_ivr("c2")
    assert desk.of(Ring) == []
    assert desk.control.calls["c1"].phase == TALKING


def test_an_agent_who_logs_in_without_the_call_that_he_had_ends_it() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.log_in(Login(seat(1), phone(1), ("service",)), desk.now)
    assert (GATEWAY, Bye("c1", "server.a", "agent-gone")) in desk.out.take()
    assert desk.control.acd.seek("service") == seat(1)


def test_an_agent_in_a_call_that_is_not_known_here_gets_no_other() -> None:
    desk = Desk()
    desk.control.log_in(Login(seat(1), phone(1), ("service",), "c8"), desk.now)
    desk.through_ivr("c1")
    assert desk.of(Ring) == []


def test_an_agent_who_is_ready_and_is_rung_at_that_moment_goes_on_ringing() -> None:
    desk = Desk()
    desk.agents(1)
    desk.through_ivr("c1")
    desk.out.take()
    desk.control.ready(Ready(seat(1), phone(1)), desk.now)
    assert desk.out.take() == [(phone(1), Done("", "ready", True))]
    assert desk.control.calls["c1"].phase == RINGING


def test_a_server_that_does_not_know_the_agent_says_so() -> None:
    desk = Desk()
    desk.control.ready(Ready(seat(1), phone(1)), desk.now)
    assert desk.out.take() == [(phone(1), Done("", "ready", False))]


# --- calls that agents dial


def test_an_outgoing_call_tries_one_gateway_after_the_other() -> None:
    desk = Desk()
    desk.agents(1)
    desk.outgoing.dial(Dial("c1", seat(1), phone(1)), ["gateway.a", "gateway.b"], desk.now)
    assert desk.out.take() == [(phone(1), Proceeding("c1")), ("gateway.a", InviteOut("c1", "server.a"))]
    assert desk.timers.at(("out", "c1")) == OUT_TIME
    desk.outgoing.dial_on("c1", ["gateway.a", "gateway.b"], desk.now, "trunk", "gateway.a")
    assert desk.out.take() == [("gateway.b", InviteOut("c1", "server.a"))]
    desk.outgoing.dial_on("c1", ["gateway.a", "gateway.b"], desk.now, "trunk", "gateway.b")
    assert desk.out.take() == [(phone(1), Reject("c1", "trunk", "gateway.b"))]
    assert desk.control.licences.in_use("core-channel") == 0
    assert desk.control.agents.known[seat(1)][1] == "wrap-up"


def test_an_outgoing_call_that_is_answered_is_a_talk_with_a_record() -> None:
    desk = Desk()
    desk.agents(1)
    desk.outgoing.dial(Dial("c1", seat(1), phone(1)), [GATEWAY], desk.now)
    desk.outgoing.trying(Trying("c1", GATEWAY))
    assert desk.timers.at(("out", "c1")) is None
    desk.wait(20 * SECOND)
    desk.out.take()
    desk.outgoing.answered("c1", desk.now)
    assert desk.out.take() == [(GATEWAY, Reinvite("c1", "server.a", (phone(1),))), (phone(1), Through("c1"))]
    desk.wait(30 * SECOND)
    desk.control.bye(Bye("c1", phone(1)), desk.now)
    assert ("station", Record("c1", "server.a", True, 30 * SECOND)) in desk.out.take()


def test_an_outgoing_call_that_nobody_answers_leaves_no_record() -> None:
    desk = Desk()
    desk.agents(1)
    desk.outgoing.dial(Dial("c1", seat(1), phone(1)), [GATEWAY], desk.now)
    desk.outgoing.trying(Trying("c1", GATEWAY))
    desk.control.bye(Bye("c1", GATEWAY, "no-answer"), desk.now)
    assert desk.of(Record) == []


@pytest.mark.parametrize(
    ("gateways", "licences", "settings", "cause"),
    [
        ([], {}, {}, "no-gateway"),
        ([GATEWAY], {}, {"fabric": Packets(0)}, "fabric"),
        ([GATEWAY], {"core-channel": 0}, {}, "core-channel"),
        ([GATEWAY], {"core-channel": 1}, {"channels_count_agents": True}, "core-channel"),
    ],
)
def test_an_outgoing_call_is_refused_for_what_is_missing(
    gateways: list[str], licences: dict[str, int], settings: dict[str, object], cause: str
) -> None:
    desk = Desk(licences, **settings)
    desk.agents(1)
    desk.outgoing.dial(Dial("c1", seat(1), phone(1)), gateways, desk.now)
    assert desk.out.take() == [(phone(1), Reject("c1", cause, "server.a"))]
    assert desk.control.calls == {}
    assert desk.control.licences.in_use("core-channel") == 0


def test_a_gateway_that_had_taken_an_outgoing_call_may_give_it_back_and_the_next_is_tried() -> None:
    desk, gateways = Desk(), [GATEWAY, "gateway.b"]
    desk.agents(1)
    desk.outgoing.dial(Dial("c1", seat(1), phone(1)), gateways, desk.now)
    desk.outgoing.trying(Trying("c1", GATEWAY))
    desk.out.take()
    desk.outgoing.dial_on("c1", gateways, desk.now, "trunk", "gateway.b")
    assert desk.out.take() == [], "a late word of another"
    desk.outgoing.dial_on("c1", gateways, desk.now, "trunk", GATEWAY)
    assert desk.out.take() == [("gateway.b", InviteOut("c1", "server.a"))]


def test_a_gateway_that_tries_a_call_that_another_has_is_told_and_its_end_is_not_that_of_the_call() -> None:
    """The clock is set while the first has not yet said that it tries: its time is over, and the next is asked too."""
    desk, gateways = Desk(timers_by_day=True), [GATEWAY, "gateway.b"]
    desk.agents(1)
    desk.outgoing.dial(Dial("c1", seat(1), phone(1)), gateways, desk.now)
    desk.control.clock_set(HOUR, desk.now)
    assert desk.timers.at(("out", "c1")) == desk.now
    desk.outgoing.dial_on("c1", gateways, desk.now)
    desk.out.take()
    for gateway in gateways:
        desk.outgoing.trying(Trying("c1", gateway))
    assert desk.out.take() == [("gateway.b", Bye("c1", "server.a", "gone"))]
    desk.control.bye(Bye("c1", "gateway.b", "gone"), desk.now)
    assert desk.out.take() == [("gateway.b", Done("c1", "bye", False))]
    desk.outgoing.answered("c1", desk.now)
    desk.outgoing.trying(Trying("c1", GATEWAY))
    assert desk.out.take() == [(GATEWAY, Reinvite("c1", "server.a", (phone(1),))), (phone(1), Through("c1"))]


def test_a_gateway_that_tries_a_call_that_is_over_is_told() -> None:
    desk = Desk()
    desk.outgoing.trying(Trying("c1", GATEWAY))
    assert desk.out.take() == [(GATEWAY, Bye("c1", "server.a", "gone"))]


# --- rule 5


def test_the_standby_hears_of_every_change() -> None:
    desk = Desk()
    desk.agents(1)
    desk.told.clear()
    desk.through_ivr("c1")
    desk.control.pick_up(PickUp("c1", seat(1), phone(1)), desk.now)
    desk.control.hold(Hold("c1", phone(1), True), desk.now)
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert [m.phase for m in desk.told if type(m) is CallChange] == [IVR, RINGING, TALKING, HELD]
    assert [m.state for m in desk.told if type(m) is AgentChange] == ["ringing", "talking", "wrap-up"]
    assert desk.told.count(CallGone("c1")) == 1


def test_what_is_told_are_durations_and_places() -> None:
    desk = Desk()
    desk.through_ivr("c1", "c2")
    desk.wait(7 * SECOND)
    told = desk.described("c2")
    assert (told.place, told.answered_ago, told.record_known) == (2, 7 * SECOND, True)


@pytest.mark.parametrize(
    ("kept", "heard"),
    [
        (NONE, set()),
        (msgspec.structs.replace(NONE, dialogs=True), {CallChange, CallGone}),
        (msgspec.structs.replace(NONE, agents=True), {AgentChange}),
        (ALL, {CallChange, CallGone, AgentChange}),
    ],
)
def test_only_what_is_replicated_is_told(kept: Replicates, heard: set[type]) -> None:
    desk = Desk(replicates=kept)
    desk.agents(1)
    desk.through_ivr("c1", "c2")
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    desk.control.agents.log_out(seat(1))
    assert set(map(type, desk.told)) == heard


def test_places_and_records_that_are_not_replicated_are_not_told() -> None:
    desk = Desk(replicates=msgspec.structs.replace(ALL, queue=False, records=False))
    desk.through_ivr("c1")
    told = desk.described("c1")
    assert (told.place, told.record_known) == (-1, False)


@pytest.mark.parametrize(("kept", "priority"), [(True, 2), (False, 0)])
def test_priority_is_told_with_the_places(kept: bool, priority: int) -> None:
    desk = Desk(replicates=msgspec.structs.replace(ALL, queue=kept))
    desk.through_ivr("c1", priority=2)
    assert desk.described("c1").priority == priority


def test_how_long_a_talk_is_being_recorded_is_told() -> None:
    desk = Desk(recorded=True)
    desk.agents(1)
    desk.call("c9")
    desk.talk("c1", 1)
    desk.wait(3 * SECOND)
    told = {name: desk.described(name).recording_for for name in desk.control.calls}
    assert told == {"c1": 3 * SECOND, "c9": -1}


# --- rule 6


def change(call: str, phase: str, number: int = 0, place: int = 0, **more: object) -> tuple[CallChange, int]:
    """What a standby was told of a call, a second after its answer; it arrived at 5 s."""
    who = (seat(number), phone(number)) if number else ("", "")
    told = CallChange(call, phase, GATEWAY, *who, "service", place, SECOND, False, True)
    return msgspec.structs.replace(told, **more), 5 * SECOND


def agent(number: int, state: str) -> AgentChange:
    return AgentChange(seat(number), phone(number), ("service",), state)


def heir(calls: list[tuple[CallChange, int]], agents: list[AgentChange], **settings: object) -> Desk:
    """A desk that took over at 10 s."""
    desk = Desk(**settings)
    desk.now = Ns(10 * SECOND)
    take_over(desk.control, calls, agents, desk.now)
    return desk


def test_talks_go_on_and_direct_speech_is_left_alone() -> None:
    desk = heir([change("c1", TALKING, 1)], [agent(1, "talking")])
    assert desk.out.take() == []
    assert desk.control.calls["c1"].phase == TALKING
    desk.control.bye(Bye("c1", phone(1)), desk.now)
    assert ("station", Record("c1", "server.a", True, 6 * SECOND)) in desk.out.take()


@pytest.mark.parametrize(
    ("told", "settings", "hops"),
    [
        (change("c1", TALKING, 1), {"talk_through_server": True}, ("server.a", phone(1))),
        (change("c1", TALKING, 1, recorded=True), {"recorded_through_server": True}, ("server.a", phone(1))),
        (change("c1", HELD, 1), {}, HERE),
        (change("c1", QUEUED, place=3), {}, HERE),
        (change("c1", IVR), {}, HERE),
    ],
    ids=["talk", "recording", "hold", "queue", "ivr"],
)
def test_speech_that_passed_the_dead_server_is_sent_here(
    told: tuple[CallChange, int], settings: dict[str, object], hops: tuple[str, ...]
) -> None:
    desk = heir([told], [agent(1, "talking")], **settings)
    assert desk.of(Reinvite) == [(GATEWAY, Reinvite("c1", "server.a", hops))]


def test_waiting_callers_keep_their_places_and_new_ones_come_after() -> None:
    desk = heir([change("c1", QUEUED, place=7), change("c2", QUEUED, place=4)], [])
    desk.through_ivr("c3")
    desk.agents(1, 2, 3)
    ringing = {c.seat: c.id for c in desk.control.calls.values()}
    assert ringing == {seat(1): "c2", seat(2): "c1", seat(3): "c3"}


def test_waiting_callers_keep_their_priority() -> None:
    desk = heir([change("c1", QUEUED, place=1), change("c2", QUEUED, place=2, priority=1)], [])
    desk.agents(1)
    assert desk.control.calls["c2"].seat == seat(1)


@pytest.mark.parametrize(("in_the_path", "length"), [(False, 7), (True, 1)])
def test_an_inherited_recording_goes_on_beside_the_path_and_begins_anew_in_it(in_the_path: bool, length: int) -> None:
    """The change arrived at 5 s, the take-over is at 10 s, the end at 11 s."""
    told = change("c1", TALKING, 1, recorded=True, recording_for=SECOND)
    desk = heir([told], [agent(1, "talking")], recorded_through_server=in_the_path)
    desk.wait(SECOND)
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert desk.of(Recording) == [("station", Recording("c1", "server.a", length * SECOND))]


def test_waiting_callers_whose_place_is_not_known_begin_again() -> None:
    desk = heir([change("c1", QUEUED, place=-1)], [])
    assert desk.control.calls["c1"].phase == IVR
    assert desk.control.acd.waiting() == 0
    assert desk.timers.at(("ivr", "c1")) is not None


def test_ringing_starts_again_before_those_who_wait() -> None:
    calls = [change("c1", QUEUED, place=1), change("c9", RINGING, 1)]
    desk = heir(calls, [agent(1, "ringing")])
    assert desk.of(Ring) == [(phone(1), Ring("c9", "server.a"))]
    assert desk.control.calls["c1"].phase == QUEUED


def test_agents_are_as_they_were() -> None:
    desk = heir([change("c1", TALKING, 1)], [agent(1, "talking"), agent(2, "ready"), agent(3, "wrap-up")])
    assert [desk.control.agents.known[seat(n)][1] for n in (1, 2, 3)] == ["talking", "ready", "wrap-up"]
    assert desk.control.licences.in_use("agent") == 3
    assert desk.control.acd.seek("service") == seat(2)
    assert desk.control.acd.seek("service") is None


@pytest.mark.parametrize(("count", "channels"), [(False, 2), (True, 3)])
def test_inherited_calls_take_their_channels(count: bool, channels: int) -> None:
    desk = heir([change("c1", TALKING, 1), change("c2", IVR)], [], channels_count_agents=count)
    assert desk.control.licences.in_use("core-channel") == channels
    for name in ("c1", "c2"):
        desk.control.bye(Bye(name, GATEWAY), desk.now)
    assert desk.licences() == 0


def test_an_inherited_talk_that_finds_no_recording_channel_is_told() -> None:
    calls = [change(f"c{n}", TALKING, n, recorded=True) for n in (1, 2, 3)]
    desk = heir(calls, [])
    assert desk.control.licences.in_use("recording") == 2
    assert desk.out.calls(Kind.RECORDING_REFUSED) == ["c3"]


def test_a_record_that_was_not_replicated_is_not_written() -> None:
    desk = heir([change("c1", TALKING, 1, record_known=False)], [])
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert desk.of(Record) == []


# --- rule 7


def test_a_silent_call_is_asked_after_and_dropped_when_nobody_answers() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.audit(Ns(30 * MINUTE - 1))
    assert desk.out.take() == []
    desk.control.audit(Ns(30 * MINUTE))
    assert desk.out.take() == [(GATEWAY, Refresh("c1", "server.a"))]
    desk.control.audit(Ns(60 * MINUTE))
    assert (GATEWAY, Bye("c1", "server.a", "session-timer")) in desk.out.take()
    assert desk.control.calls == {}


def test_a_call_that_its_gateway_knows_lives_on() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.audit(Ns(30 * MINUTE))
    desk.control.refreshed(Refreshed("c1", True), Ns(30 * MINUTE + 1))
    desk.out.take()
    desk.control.audit(Ns(60 * MINUTE))
    assert desk.out.take() == []
    desk.control.audit(Ns(90 * MINUTE))
    assert desk.of(Refresh) == [(GATEWAY, Refresh("c1", "server.a"))]


def test_a_call_that_its_gateway_does_not_know_is_dropped() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.refreshed(Refreshed("c1", False), desk.now)
    assert desk.control.calls == {}
    assert (phone(1), Bye("c1", "server.a", "session-timer")) in desk.out.take()


def test_a_gateway_that_restarted_knows_none_of_its_calls() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.invite(Invite("c2", "gateway.b", "service"), desk.now)
    desk.out.take()
    desk.control.gateway_restarted(GATEWAY, desk.now)
    assert list(desk.control.calls) == ["c2"]
    assert [to for to, _ in desk.of(Bye)] == [phone(1)]  # the gateway itself is not asked


def test_who_steps_back_forgets_everything_and_tells_nobody() -> None:
    desk = Desk(recorded=True)
    desk.agents(1)
    desk.talk("c1", 1)
    desk.through_ivr("c2")
    desk.call("c3")
    desk.out.take()
    desk.told.clear()
    desk.control.forget_all(desk.now)
    assert (desk.out.take(), desk.told, desk.control.calls, desk.control.agents.known) == ([], [], {}, {})
    assert desk.licences() == 0
    assert desk.timers.next() is None


def test_who_steps_back_hands_over_what_only_he_has_recorded() -> None:
    desk = Desk(recorded=True, recorded_through_server=True)
    desk.agents(1)
    desk.talk("c1", 1)
    desk.wait(4 * SECOND)
    desk.control.forget_all(desk.now)
    assert desk.out.take() == [("station", Recording("c1", "server.a", 4 * SECOND))]


# --- rule 8


def test_a_clock_that_was_set_is_in_the_records_of_calls_that_were_up_and_in_no_other() -> None:
    for by in (HOUR, -HOUR):
        desk = Desk()
        desk.agents(1, 2)
        desk.talk("c1", 1)
        desk.wait(10 * SECOND)
        desk.control.clock_set(by, desk.now)
        assert desk.described("c1").answered_ago == 10 * SECOND + by
        desk.talk("c2", 2)
        desk.wait(10 * SECOND)
        for name in ("c1", "c2"):
            desk.control.bye(Bye(name, GATEWAY), desk.now)
        records = [record for _, record in desk.of(Record)]
        assert records == [
            Record("c1", "server.a", True, 20 * SECOND + by), Record("c2", "server.a", True, 10 * SECOND),
        ]  # fmt: skip


def test_the_length_of_a_recording_is_not_read_from_the_clock_of_the_day() -> None:
    desk = Desk(recorded=True)
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.clock_set(HOUR, desk.now)
    desk.wait(10 * SECOND)
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert desk.of(Recording) == [("station", Recording("c1", "server.a", 10 * SECOND))]


def test_a_clock_that_nothing_is_measured_with_changes_nothing() -> None:
    desk = Desk(records_by_day=False)
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.clock_set(HOUR, desk.now)
    desk.wait(10 * SECOND)
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert [record.duration for _, record in desk.of(Record)] == [10 * SECOND]


def test_an_outgoing_call_that_is_not_answered_yet_has_no_record_after_the_clock_was_set_either() -> None:
    desk = Desk()
    desk.agents(1)
    desk.outgoing.dial(Dial("c1", seat(1), phone(1)), [GATEWAY], desk.now)
    desk.control.clock_set(-HOUR, desk.now)
    desk.control.bye(Bye("c1", phone(1)), desk.now)
    assert desk.of(Record) == []


def test_with_its_timers_on_that_clock_a_seat_has_rung_for_too_long_at_once() -> None:
    for by_day, rings in ((False, True), (True, False)):
        desk = Desk(timers_by_day=by_day)
        desk.agents(1)
        desk.through_ivr("c1")
        desk.control.clock_set(HOUR, desk.now)
        desk.wait(SECOND)
        assert (desk.control.calls["c1"].phase == RINGING) is rings
        assert (seat(1) in desk.control.agents.known) is rings


def test_the_time_in_a_menu_is_not_the_server_s_to_measure() -> None:
    desk = Desk(timers_by_day=True)
    desk.call("c1")
    due = desk.timers.at(("ivr", "c1"))
    desk.control.clock_set(HOUR, desk.now)
    assert desk.timers.at(("ivr", "c1")) == due


def test_with_its_timers_on_that_clock_calls_are_asked_after_too_early_or_too_late() -> None:
    for by, asked in ((HOUR, True), (0, False), (-HOUR, False)):
        desk = Desk(timers_by_day=True)
        desk.agents(1)
        desk.talk("c1", 1)
        desk.control.clock_set(by, desk.now)
        desk.control.audit(Ns(MINUTE))
        assert bool(desk.of(Refresh)) is asked
    desk.control.audit(Ns(40 * MINUTE))  # the last one was set back
    assert desk.of(Refresh) == []


# --- rule 9


def test_with_the_disk_full_records_are_lost_and_calls_go_on() -> None:
    desk = Desk()
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.disk_full(True, desk.now)
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert desk.of(Record) == []
    desk.call("c2")
    assert desk.of(Answer)
    desk.control.disk_full(False, desk.now)
    desk.control.bye(Bye("c2", GATEWAY), desk.now)
    assert [record.call for _, record in desk.of(Record)] == ["c2"]


def test_who_writes_before_he_takes_a_call_takes_none_and_keeps_the_records_of_those_that_end() -> None:
    desk = Desk(refuses_unwritten=True)
    desk.agents(1)
    desk.talk("c1", 1)
    desk.control.disk_full(True, desk.now)
    desk.call("c2")
    desk.outgoing.dial(Dial("c3", seat(2), phone(2)), [GATEWAY], desk.now)
    assert desk.of(Reject) == [
        (GATEWAY, Reject("c2", "disk", "server.a")), (phone(2), Reject("c3", "disk", "server.a")),
    ]  # fmt: skip
    assert desk.licences() == 2  # one call, one agent
    desk.wait(10 * SECOND)
    desk.control.bye(Bye("c1", GATEWAY), desk.now)
    assert desk.of(Record) == []
    desk.wait(10 * SECOND)
    for _ in range(2):
        desk.control.disk_full(False, desk.now)
    assert desk.of(Record) == [("station", Record("c1", "server.a", True, 10 * SECOND))]
    desk.call("c2")
    assert desk.of(Answer)


@pytest.mark.parametrize("refuses", [True, False])
def test_a_recording_ends_where_the_disk_is_full_and_none_begins(refuses: bool) -> None:
    desk = Desk(recorded=True, refuses_unwritten=refuses)
    desk.agents(1, 2)
    desk.talk("c1", 1)
    desk.through_ivr("c2")
    desk.wait(4 * SECOND)
    desk.told.clear()
    desk.control.disk_full(True, desk.now)
    assert desk.of(Recording) == [("station", Recording("c1", "server.a", 4 * SECOND))]
    assert [(change.call, change.recording_for) for change in desk.told] == [("c1", -1)]
    assert desk.control.licences.in_use("recording") == 0
    desk.control.pick_up(PickUp("c2", seat(2), phone(2)), desk.now)
    assert [said.fields for said in desk.out.said if said.kind == Kind.RECORDING_REFUSED] == [{"cause": "disk"}]
    desk.control.disk_full(False, desk.now)
    desk.wait(4 * SECOND)
    for name in ("c1", "c2"):
        desk.control.bye(Bye(name, GATEWAY), desk.now)
    assert desk.of(Recording) == []
