"""Agents who dial out, whatever becomes of the server, the gateway or the line meanwhile."""

from simtel.core.clock import SECOND, Ns
from simtel.core.events import Kind
from simtel.core.streams import Streams
from simtel.devices.callers import T301
from simtel.devices.messages.calls import Bye, Dial, Through
from simtel.devices.messages.people import Dialled, DialOrder, GaveUp
from simtel.devices.messages.registration import LoggedIn, Registered
from simtel.devices.messages.trunk import Proceeding
from simtel.devices.seat import DIAL_PATIENCE, AgentHabits, Seat
from tests.devices.recorder import VIP, Cables, Recorder, live

HABITS = AgentHabits(
    answer_time=4 * SECOND, wrap_up=15 * SECOND, pick_up_time=3 * SECOND, silence_patience=10 * SECOND, held=0.0
)


def dialling() -> tuple[Seat, Recorder]:
    """An agent who was told at second 10 to dial; the server took the call on."""
    out, cables = Recorder(), Cables()
    cables.plane.connect("c1", ("span.1", "gateway.a", "seat.1/phone"))
    seat = Seat(
        "seat.1",
        out,
        parts={"phone": VIP},
        servers=("server.a",),
        skills=("sales",),
        habits=HABITS,
        streams=Streams(1),
        plane=cables.plane,
    )
    seat.receive(Registered("server.a", "seat.1/phone", True), Ns(0))
    seat.receive(LoggedIn("seat.1", "server.a"), Ns(0))
    out.take()
    seat.receive(DialOrder("c1"), Ns(10 * SECOND))
    assert out.take() == [
        ("exchange", Dialled("c1", "seat.1")),
        ("service", Dial("c1", "seat.1", "seat.1/phone")),
    ]
    seat.receive(Proceeding("c1"), Ns(10 * SECOND))
    return seat, out


def test_an_agent_who_is_not_put_through_gives_up_before_the_exchange_does() -> None:
    seat, out = dialling()
    live(seat, 10 * SECOND + DIAL_PATIENCE - 1)
    assert out.take() == []
    live(seat, 10 * SECOND + DIAL_PATIENCE)
    assert out.take() == [
        ("exchange", GaveUp("c1", "no-answer", "seat.1")),
        ("service", Bye("c1", "seat.1/phone", "no-answer")),
    ]
    assert seat.holds() == {"calls": 0}
    assert seat.state == "wrap-up"
    assert DIAL_PATIENCE < T301


def test_an_agent_who_is_put_through_talks_as_long_as_he_likes() -> None:
    seat, out = dialling()
    seat.receive(Through("c1"), Ns(20 * SECOND))
    live(seat, 10_000 * SECOND)
    assert seat.state == "talking"
    assert out.calls(Kind.SEAT_LEFT) == []
