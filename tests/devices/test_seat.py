"""A seat: each numbered rule of its file, by what it sends and says."""

from typing import Any

import msgspec
import pytest

from simtel.core.clock import MINUTE, MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.streams import Streams
from simtel.devices.messages.calls import Busy, Bye, Cancel, Dial, Done, Hold, PickUp, Reject, Ring, Through
from simtel.devices.messages.people import Dialled, DialOrder, GaveUp, Goodbye, Hello
from simtel.devices.messages.physics import Hushed, PartState, Sound
from simtel.devices.messages.registration import LoggedIn, Login, Ready, Register, Registered, Serving
from simtel.devices.messages.trunk import Proceeding
from simtel.devices.plane import PUBLIC
from simtel.devices.seat import DIAL_PATIENCE, HOLD_EARLIEST, HOLD_LATEST, HUSH, AgentHabits, Seat
from simtel.devices.uplink import SPREAD, UplinkTimes
from tests.devices.recorder import Cables, Recorder, live

DUAL = UplinkTimes(mode="dual", expiry=60 * MINUTE, keepalive=0, timeout=4 * SECOND, fallback=120 * SECOND)
HABITS = AgentHabits(
    answer_time=3 * SECOND, wrap_up=10 * SECOND, pick_up_time=5 * SECOND, silence_patience=8 * SECOND, held=0.0
)
SEAT, PHONE, CONSOLE = "seat.1", "seat.1/phone", "seat.1/console"
A, B = "server.a", "server.b"


class Place:
    """One seat with its clock."""

    def __init__(self, *parts: str, **habits: Any) -> None:
        self.out = Recorder()
        self.cables = Cables()
        self.now = Ns(0)
        self.parts = parts or ("phone", "console")
        self.seat = Seat(
            SEAT,
            self.out,
            parts=dict.fromkeys(self.parts, DUAL),
            servers=(A, B),
            skills=("service",),
            habits=msgspec.structs.replace(HABITS, **habits),
            streams=Streams(1),
            plane=self.cables.plane,
        )

    def get(self, message: object) -> list[tuple[str, Any]]:
        """A message arrives; what the seat sends at once."""
        self.out.take()
        self.seat.receive(message, self.now)
        return self.out.take()

    def wait(self, span: int) -> list[tuple[str, Any]]:
        """Time passes; what the seat sends meanwhile."""
        self.out.take()
        live(self.seat, self.now + span)
        self.now = Ns(self.now + span)
        return self.out.take()

    def logged_in(self) -> "Place":
        """Registered, logged in at server.a, and ready."""
        self.seat.start(self.now, Streams(1))
        self.wait(SPREAD)
        for part in self.parts:
            for server in (A, B):
                self.get(Registered(server, f"{SEAT}/{part}", server == A))
        self.get(LoggedIn(SEAT, A))
        assert self.seat.state == "ready"
        return self

    def talking(self, call: str = "c1") -> "Place":
        """In a call that came in and flows."""
        self.get(Ring(call, A))
        self.cables.plane.connect(call, ("span.1", "gateway.a", f"{SEAT}/{self.parts[0]}"))
        self.get(Through(call))
        assert self.seat.state == "talking"
        return self

    def states(self) -> list[str]:
        return [str(fields["state"]) for fields in self.out.of(Kind.AGENT_STATE)]


def ready() -> Place:
    return Place().logged_in()


# --- rule 1


def test_each_part_registers_for_itself_with_both_servers() -> None:
    place = Place()
    place.seat.start(place.now, Streams(1))
    registers = {(to, m.contact, m.seat, m.fresh) for to, m in place.wait(SPREAD) if type(m) is Register}
    assert registers == {(server, contact, SEAT, True) for server in (A, B) for contact in (PHONE, CONSOLE)}


@pytest.mark.parametrize(("parts", "contact"), [(("phone", "console"), PHONE), (("console",), CONSOLE)])
def test_the_agent_logs_in_with_the_part_that_carries_the_audio(parts: tuple[str, ...], contact: str) -> None:
    place = Place(*parts)
    place.seat.start(place.now, Streams(1))
    place.wait(SPREAD)
    assert place.get(Registered(A, contact, True)) == [(A, Login(SEAT, contact, ("service",)))]
    if "phone" in parts:
        assert place.get(Registered(A, CONSOLE, True)) == []


def test_a_standby_and_a_server_that_knows_the_agent_get_no_login() -> None:
    place = ready()
    assert place.get(Registered(B, PHONE, False)) == []
    assert place.get(Registered(A, PHONE, True, True)) == []


def test_a_call_rings_until_the_agent_answers() -> None:
    place = ready()
    assert place.get(Ring("c1", A)) == []
    assert place.out.calls(Kind.SEAT_RUNG) == ["c1"]
    due = place.seat.timers.at(("answer",))
    assert due is not None
    assert place.wait(due - place.now) == [(A, PickUp("c1", SEAT, PHONE))]
    place.cables.plane.connect("c1", ("span.1", "gateway.a", PHONE))
    assert place.get(Through("c1")) == [(PUBLIC, Hello("c1", SEAT))]
    assert place.out.of(Kind.SEAT_TALKING) == [{"part": "phone"}]
    assert place.states() == ["ready", "ringing", "talking"]


def test_a_call_that_is_taken_back_leaves_the_agent_ready() -> None:
    place = ready()
    place.get(Ring("c1", A))
    assert place.get(Cancel("c1")) == [(A, Ready(SEAT, PHONE))]
    assert (place.seat.state, place.seat.call) == ("ready", "")
    assert place.seat.timers.at(("answer",)) is None


def test_an_answer_to_which_nobody_says_anything_is_given_up() -> None:
    place = ready()
    place.get(Ring("c1", A))
    tried = [to for to, m in place.wait(60 * SECOND) if type(m) is PickUp]
    assert set(tried) == {A, B}
    assert place.seat.state == "ready"


# --- rule 2


def test_the_other_part_takes_the_call_up() -> None:
    place = ready().talking()
    assert place.get(PartState("phone", False)) == []
    assert place.wait(HABITS.pick_up_time - 1) == []
    assert place.wait(1) == [(A, PickUp("c1", SEAT, CONSOLE))]
    assert place.out.of(Kind.SEAT_PART) == [{"part": "phone", "up": False}]
    assert place.seat.state == "talking"


def test_the_loss_of_a_part_that_carries_no_audio_is_not_felt() -> None:
    place = ready().talking()
    assert place.get(PartState("console", False)) == []
    assert not [m for _, m in place.wait(20 * SECOND) if type(m) is PickUp]
    assert place.seat.state == "talking"


def test_without_another_part_the_call_stays_silent_until_somebody_hangs_up() -> None:
    place = Place("phone").logged_in().talking()
    place.get(PartState("phone", False))
    place.get(Sound("c1", False))
    assert place.seat.state == "talking"
    sent = place.wait(HABITS.silence_patience // 2 - 1)
    assert sent == []
    sent = place.wait(HABITS.silence_patience + 1)
    assert sent[0] == (A, Bye("c1", PHONE, "silence"))
    assert place.seat.state == "out"
    (left,) = place.out.of(Kind.SEAT_LEFT)
    assert left["cause"] == "silence"
    assert left["gap"] == left["silent"] >= HABITS.silence_patience // 2


def test_sound_that_comes_back_in_time_is_a_gap_and_the_agent_speaks() -> None:
    place = ready().talking()
    place.get(Sound("c1", False))
    place.wait(1500 * MS)
    assert place.get(Sound("c1", True)) == [(PUBLIC, Hello("c1", SEAT))]
    place.wait(30 * SECOND)
    assert place.seat.state == "talking"
    place.get(Bye("c1", A))
    assert place.out.of(Kind.SEAT_LEFT) == [{"cause": "normal", "gap": 1500 * MS, "silent": 0}]


# --- rule 3


def test_an_agent_whose_ringing_part_died_logs_in_with_the_other() -> None:
    place = ready()
    place.get(Ring("c1", A))
    assert place.get(PartState("phone", False)) == [(A, Login(SEAT, CONSOLE, ("service",)))]
    assert place.states()[-1] == "out"
    assert place.seat.call == ""
    place.get(LoggedIn(SEAT, A))
    assert place.seat.state == "ready"


def test_an_agent_without_a_part_is_out_until_one_works() -> None:
    place = Place("phone").logged_in()
    assert place.get(PartState("phone", False)) == []
    assert place.seat.state == "out"
    assert place.get(Ring("c1", A)) == [(A, Busy("c1", SEAT))]
    place.get(PartState("phone", True))
    assert {(to, m.contact) for to, m in place.wait(SECOND) if type(m) is Register} == {(A, PHONE), (B, PHONE)}
    assert place.get(Registered(A, PHONE, True, True)) == [(A, Login(SEAT, PHONE, ("service",)))]


def test_a_part_state_that_is_no_news_changes_nothing() -> None:
    place = ready()
    assert place.get(PartState("phone", True)) == []
    assert place.out.of(Kind.SEAT_PART) == []


# --- rule 4


def test_a_second_call_is_refused_and_told() -> None:
    place = ready().talking()
    assert place.get(Ring("c2", B)) == [(B, Busy("c2", SEAT))]
    assert place.out.of(Kind.SEAT_DOUBLE) == [{"held": "c1"}]
    assert place.seat.call == "c1"
    assert place.get(Ring("c1", A)) == []  # the same call again is no second one


def test_a_call_during_wrap_up_is_refused_and_no_double_delivery() -> None:
    place = ready().talking()
    place.get(Bye("c1", A))
    assert place.get(Ring("c2", A)) == [(A, Busy("c2", SEAT))]
    assert place.out.of(Kind.SEAT_DOUBLE) == []


# --- rule 5


def test_after_a_call_the_agent_writes_it_up_and_reports_ready() -> None:
    place = ready().talking()
    sent = place.get(Goodbye("c1"))
    assert sent == [(A, Bye("c1", PHONE, "normal"))]
    assert place.seat.state == "wrap-up"
    place.get(Done("c1", "bye", True))
    assert place.out.of(Kind.DIALOG_REQUEST) == [{"method": "bye", "answer": "ok"}]
    assert place.wait(HABITS.wrap_up - 1) == []
    assert place.wait(1) == [(A, Ready(SEAT, PHONE))]
    assert place.states()[-2:] == ["wrap-up", "ready"]


def test_a_bye_that_no_server_answers_is_told_as_such() -> None:
    place = ready().talking()
    place.get(Goodbye("c1"))
    tried = {to for to, m in place.wait(20 * SECOND) if type(m) is Bye}
    assert tried == {A, B}
    assert {"method": "bye", "answer": "timeout"} in place.out.of(Kind.DIALOG_REQUEST)


def test_a_dialog_that_the_server_does_not_know_is_told_as_such() -> None:
    place = ready().talking()
    place.get(Goodbye("c1"))
    place.get(Done("c1", "bye", False))
    assert place.out.of(Kind.DIALOG_REQUEST) == [{"method": "bye", "answer": "unknown"}]
    place.get(Done("c1", "bye", False))  # an answer to nothing
    assert len(place.out.of(Kind.DIALOG_REQUEST)) == 1


def test_an_agent_who_holds_resumes_once() -> None:
    place = Place(held=1.0).logged_in().talking()
    for on, method in ((True, "hold"), (False, "resume")):
        due = place.seat.timers.at(("hold", on))
        assert due is not None
        assert HOLD_EARLIEST <= due - place.now <= HOLD_LATEST
        assert place.wait(due - place.now) == [(A, Hold("c1", PHONE, on))]
        place.get(Done("c1", method, True))
    assert place.out.of(Kind.DIALOG_REQUEST) == [{"method": m, "answer": "ok"} for m in ("hold", "resume")]
    assert place.wait(2 * HOLD_LATEST) == []


# --- rule 6


def test_an_agent_dials_and_is_put_through() -> None:
    place = ready()
    sent = place.get(DialOrder("c5", Ns(MINUTE)))
    assert sent == [(PUBLIC, Dialled("c5", SEAT)), (A, Dial("c5", SEAT, PHONE))]
    # Nothing is said of the call before the public side has seen it.
    assert "c5" not in place.out.calls(Kind.AGENT_STATE)
    assert place.get(Proceeding("c5")) == []
    place.cables.plane.connect("c5", ("span.1", "gateway.a", PHONE))
    assert place.get(Through("c5")) == [(PUBLIC, Hello("c5", SEAT))]
    assert place.wait(2 * DIAL_PATIENCE) == []


def test_an_order_to_record_is_passed_on() -> None:
    assert (A, Dial("c5", SEAT, PHONE, True)) in ready().get(DialOrder("c5", Ns(MINUTE), True))


def test_an_agent_who_is_not_put_through_gives_up() -> None:
    place = ready()
    place.get(DialOrder("c5", Ns(MINUTE)))
    place.get(Proceeding("c5"))
    assert place.wait(DIAL_PATIENCE - 1) == []
    assert place.wait(1)[:2] == [(PUBLIC, GaveUp("c5", "no-answer", SEAT)), (A, Bye("c5", PHONE, "no-answer"))]
    assert place.seat.state == "wrap-up"


def test_a_refused_attempt_ends_at_once() -> None:
    place = ready()
    place.get(DialOrder("c5", Ns(MINUTE)))
    assert place.get(Reject("c5", "trunk", "gateway.a")) == [(PUBLIC, GaveUp("c5", "trunk", "gateway.a"))]
    assert place.seat.call == ""


@pytest.mark.parametrize(
    ("end", "cause"), [(Bye("c5", A, "gateway-restart"), "gateway-restart"), (Cancel("c5"), "gone")]
)
def test_an_attempt_that_the_server_ends_is_given_up_with_its_cause(end: object, cause: str) -> None:
    place = ready()
    place.get(DialOrder("c5", Ns(MINUTE)))
    place.get(Proceeding("c5"))
    assert place.get(end) == [(PUBLIC, GaveUp("c5", cause, A))]
    assert (place.seat.state, place.seat.call) == ("wrap-up", "")
    place.wait(HABITS.wrap_up)
    place.get(Ring("c6", A))
    assert place.seat.call == "c6"  # it is no call of his own any more
    place.get(Cancel("c6"))
    assert place.seat.state == "ready"


def test_an_attempt_that_no_server_takes_up_ends() -> None:
    place = ready()
    place.get(DialOrder("c5", Ns(MINUTE)))
    assert (PUBLIC, GaveUp("c5", "no-server", SEAT)) in place.wait(30 * SECOND)


def test_a_busy_agent_dials_when_he_is_ready_unless_it_is_too_late() -> None:
    place = ready().talking()
    place.get(DialOrder("late", Ns(place.now + SECOND)))
    place.get(DialOrder("c5", Ns(place.now + MINUTE)))
    place.get(Bye("c1", A))
    dialled = [m.call for _, m in place.wait(HABITS.wrap_up) if type(m) is Dial]
    assert dialled == ["c5"]


# --- rule 7


def test_an_agent_whose_caller_is_gone_and_whom_nobody_tells_hangs_up() -> None:
    place = ready().talking()
    place.get(Hushed("c1"))
    place.wait(HUSH - 1)
    assert place.out.of(Kind.MEDIA_INTERRUPTED) == []
    place.wait(1)
    assert place.out.of(Kind.MEDIA_INTERRUPTED) == [{"end": "seat"}]
    assert (A, Bye("c1", PHONE, "silence")) in place.wait(3 * HABITS.silence_patience // 2)


def test_an_agent_who_is_told_at_once_hears_no_silence() -> None:
    place = ready().talking()
    place.get(Hushed("c1"))
    place.wait(10 * MS)
    place.get(Bye("c1", A))
    place.wait(MINUTE)
    assert place.out.of(Kind.MEDIA_INTERRUPTED) == []
    assert place.out.of(Kind.SEAT_LEFT) == [{"cause": "normal", "gap": 0, "silent": 0}]


def test_an_agent_whose_caller_went_while_he_was_on_hold_hears_silence_when_he_resumes() -> None:
    place = Place(held=1.0).logged_in().talking()
    for on, method in ((True, "hold"), (False, "resume")):
        due = place.seat.timers.at(("hold", on))
        assert due is not None
        place.wait(due - place.now)
        if not on:
            place.cables.plane.disconnect("c1")
        place.get(Done("c1", method, True))
    place.wait(2 * HABITS.silence_patience)
    assert place.out.of(Kind.SEAT_LEFT)[0]["cause"] == "silence"


def test_an_agent_who_holds_the_call_expects_no_sound() -> None:
    place = Place(held=1.0).logged_in().talking()
    due = place.seat.timers.at(("hold", True))
    assert due is not None
    place.wait(due - place.now)
    place.get(Hushed("c1"))
    assert place.seat.timers.at(("hushed",)) is None


# --- rule 8


def test_ready_is_repeated_until_it_is_answered() -> None:
    place = ready().talking()
    place.get(Bye("c1", A))
    reports = [m for _, m in place.wait(HABITS.wrap_up + 2 * SECOND) if type(m) is Ready]
    assert len(reports) == 3  # at once, after 0.5 s, after another second
    place.get(Done("", "ready", True))
    assert place.wait(MINUTE) == []
    assert place.out.of(Kind.DIALOG_REQUEST) == []


def test_a_server_that_does_not_know_who_is_ready_gets_a_login() -> None:
    place = ready().talking()
    place.get(Bye("c1", A))
    place.wait(HABITS.wrap_up)
    assert place.get(Done("", "ready", False)) == [(A, Login(SEAT, PHONE, ("service",)))]


def test_a_ring_is_answer_enough() -> None:
    place = ready().talking()
    place.get(Bye("c1", A))
    place.wait(HABITS.wrap_up)
    place.get(Ring("c2", A))
    assert not [m for _, m in place.wait(4 * SECOND) if type(m) is Ready]


# --- rule 9


def test_a_server_that_serves_now_and_knows_no_agents_gets_a_login() -> None:
    place = ready()
    assert place.get(Serving(B, False)) == [(B, Login(SEAT, PHONE, ("service",)))]


def test_also_from_an_agent_who_is_talking_and_he_talks_on() -> None:
    place = ready().talking()
    assert place.get(Serving(B, False)) == [(B, Login(SEAT, PHONE, ("service",), "c1"))]
    assert place.get(LoggedIn(SEAT, B)) == []
    assert (place.seat.state, place.seat.call) == ("talking", "c1")


def test_a_server_that_knows_the_agents_gets_none_but_requests_go_there() -> None:
    place = ready().talking()
    assert place.get(Serving(B, True)) == []
    assert place.get(Goodbye("c1")) == [(B, Bye("c1", PHONE, "normal"))]


def test_what_rang_from_the_dead_server_is_forgotten() -> None:
    place = ready()
    place.get(Ring("c1", A))
    place.get(Serving(B, True))
    assert (place.seat.state, place.seat.call) == ("ready", "")
    place.get(Ring("c1", B))
    assert place.seat.state == "ringing"


def test_who_was_rung_by_another_server_reports_to_the_one_that_is_left() -> None:
    place = ready()
    place.get(Ring("c1", B))  # both serve
    place.get(Cancel("c1"))
    assert (A, Ready(SEAT, PHONE)) in place.get(Serving(A, True))


def test_who_is_refused_stays_out() -> None:
    place = ready()
    place.get(Serving(B, False))
    assert place.get(LoggedIn(SEAT, B, "agent-licence")) == []
    assert place.seat.state == "out"


def test_a_login_that_nobody_answers_is_tried_again() -> None:
    place = Place()
    place.seat.start(place.now, Streams(1))
    place.wait(SPREAD)
    place.get(Registered(A, PHONE, True))
    tried = {to for to, m in place.wait(MINUTE) if type(m) is Login}
    assert tried == {A, B}


def test_the_census_counts_the_call() -> None:
    place = ready()
    assert place.seat.holds() == {"calls": 0}
    assert place.talking().seat.holds() == {"calls": 1}


@pytest.mark.parametrize("answered", [True, False])
def test_a_call_that_cannot_be_resumed_is_given_up(answered: bool) -> None:
    place = Place(held=1.0).logged_in().talking()
    for on, method in ((True, "hold"), (False, "resume")):
        due = place.seat.timers.at(("hold", on))
        assert due is not None
        place.wait(due - place.now)
        if on or answered:
            place.get(Done("c1", method, on))
    place.wait(2 * DUAL.timeout)
    assert place.out.of(Kind.SEAT_LEFT)[0]["cause"] == "gone"
