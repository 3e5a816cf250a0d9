"""What an agent makes of noise and of crossed lines, whatever happens to his parts meanwhile."""

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.devices.messages.calls import Bye, PickUp, Ring, Through
from simtel.devices.messages.physics import PartState, Trouble
from simtel.devices.port import Ail
from tests.devices.test_seat import CONSOLE, HABITS, PHONE, A, Place, ready

PORT = "board.1 port 1"
NOISY, CLEAR = Trouble(Ail.NOISY, True, PORT), Trouble(Ail.NOISY, False, PORT)
CROSSED, RIGHT = Trouble(Ail.CROSSED, True, PORT, "seat.2"), Trouble(Ail.CROSSED, False, PORT, "seat.2")


def talk(place: Place, call: str) -> str:
    """A call comes in, is answered, and ends after five seconds; by which part it was taken."""
    place.get(Ring(call, A))
    due = place.seat.timers.at(("answer",))
    assert due is not None
    (part,) = [m.contact for _, m in place.wait(due - place.now) if type(m) is PickUp]
    place.cables.plane.connect(call, ("span.1", "gateway.a", part))
    place.get(Through(call))
    place.wait(5 * SECOND)
    place.get(Bye(call, A))
    place.wait(HABITS.wrap_up)
    assert place.seat.state == "ready"
    return str(part)


def noise(place: Place) -> list[object]:
    """The lengths of the noises that the seat told."""
    return [fields["length"] for fields in place.out.of(Kind.MEDIA_NOISY)]


# --- rule 12


def test_after_two_noisy_talks_he_goes_over() -> None:
    place = ready()
    place.get(NOISY)
    assert [talk(place, call) for call in ("c1", "c2", "c3")] == [PHONE, PHONE, CONSOLE]
    assert noise(place) == [5 * SECOND] * 2


def test_without_another_part_he_goes_on_with_the_noise() -> None:
    place = Place("phone").logged_in()
    place.get(NOISY)
    assert [talk(place, call) for call in ("c1", "c2", "c3")] == [PHONE] * 3


def test_a_talk_on_the_console_is_clear() -> None:
    place = ready().talking()
    place.get(PartState("phone", False))
    place.get(NOISY)
    place.wait(9 * SECOND)
    place.get(Bye("c1", A))
    assert noise(place) == []


def test_noise_ends_with_the_port_with_the_plug_and_with_repair() -> None:
    for end in (PartState("phone", False), Trouble(Ail.SILENT, True, PORT), CLEAR):
        place = ready().talking()
        place.get(NOISY)
        place.wait(3 * SECOND)
        place.get(end)
        assert noise(place) == [3 * SECOND]
        place.wait(3 * SECOND)
        place.get(Bye("c1", A))
        assert noise(place) == [3 * SECOND]


def test_noise_is_back_when_the_call_is_taken_up_on_the_noisy_port_again() -> None:
    place = Place("phone").logged_in().talking()
    place.get(NOISY)
    place.get(PartState("phone", False))
    place.get(PartState("phone", True))
    assert (A, PickUp("c1", "seat.1", PHONE)) in place.wait(HABITS.pick_up_time)
    place.get(Through("c1"))
    place.wait(2 * SECOND)
    place.get(Bye("c1", A))
    assert noise(place) == [0, 2 * SECOND]


# --- rule 13


def test_who_crosses_lines_or_puts_them_right_hangs_their_talks_up() -> None:
    place = ready().talking()
    assert place.get(CROSSED) == [(A, Bye("c1", PHONE, "open-loop"))]
    place.wait(HABITS.wrap_up)
    place.talking("c2")
    assert place.get(RIGHT) == [(A, Bye("c2", PHONE, "open-loop"))]


def test_a_talk_on_the_console_is_not_touched_by_it() -> None:
    place = ready().talking()
    place.get(PartState("phone", False))
    assert place.get(CROSSED) == []
    assert place.seat.state == "talking"


def test_a_crossed_line_rings_at_the_neighbours_desk_until_it_is_put_right() -> None:
    place = ready()
    place.get(CROSSED)
    assert talk(place, "c1") == PHONE
    assert place.out.of(Kind.SEAT_RUNG_ELSEWHERE) == [{"at": "seat.2"}]
    place.get(RIGHT)
    talk(place, "c2")
    assert place.out.calls(Kind.SEAT_RUNG) == ["c1", "c2"]
    assert place.out.calls(Kind.SEAT_RUNG_ELSEWHERE) == ["c1"]
