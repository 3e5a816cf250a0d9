"""A telephone with its line: each numbered rule of its file."""

import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.devices.messages.physics import Drowned
from simtel.devices.port import Ail, PortTimes
from simtel.devices.telephone import GROUND, Telephone
from tests.devices.recorder import Recorder

TIMES = PortTimes(ring_length=SECOND, ring_pause=4 * SECOND, hook_debounce=300 * MS, dial_tone=10 * SECOND, howler=MS)
SET, PORT = "seat.1/phone", "board.1/port.1"
DROWNED, CLEAR = (GROUND, Drowned(SET, True)), (GROUND, Drowned(SET, False))


class Line:
    """A set on a board, or of its own, and what its seat does with the timers."""

    def __init__(self, *ails: Ail, times: PortTimes | None = TIMES) -> None:
        self.out = Recorder()
        self.set = Telephone(SET, self.out, times)
        for ail in ails:
            self.set.ails_with(ail, PORT)

    def states(self) -> list[str]:
        return [str(fields["state"]) for fields in self.out.of(Kind.PORT_STATE)]


# --- rule 1


def test_a_line_off_hook_without_a_call_gets_dial_tone_howler_and_lock_out() -> None:
    line = Line(Ail.OFF_HOOK)
    line.set.without_call(Ns(0))
    assert line.out.timers.at(("line", "howler")) == TIMES.dial_tone
    line.set.on_line_timer(("line", "howler"), Ns(10 * SECOND))
    assert line.out.timers.at(("line", "locked-out")) == 10 * SECOND + TIMES.howler
    line.set.on_line_timer(("line", "locked-out"), Ns(11 * SECOND))
    assert line.states() == ["off-hook", "howler", "locked-out"]
    assert line.set.mended(Ail.OFF_HOOK) == ""
    assert line.states()[-1] == "in-service"


def test_it_is_told_once_and_not_while_a_hang_up_is_open() -> None:
    line = Line(Ail.OFF_HOOK)
    line.set.leave_open("c1")
    line.set.call_ends("c1", True, Ns(0))
    assert line.states() == []
    line.set.without_call(Ns(1))
    line.set.without_call(Ns(2))
    assert line.states() == ["off-hook"]


def test_a_call_that_was_held_on_the_other_part_leaves_the_line_alone() -> None:
    line = Line(Ail.OFF_HOOK)
    line.set.call_ends("c1", False, Ns(0))
    assert line.states() == []


# --- rule 2


def test_a_hang_up_that_is_not_seen_is_told_when_the_line_is_on_hook() -> None:
    line = Line(Ail.OFF_HOOK)
    line.set.leave_open("c1")
    assert line.out.take() == [DROWNED]
    assert line.set.mended(Ail.OFF_HOOK) == "c1"
    assert line.out.take() == [CLEAR]
    assert line.set.left_open == ""


def test_not_when_the_far_end_has_ended_the_call_by_then() -> None:
    line = Line(Ail.OFF_HOOK)
    line.set.leave_open("c1")
    line.set.without_call(Ns(0))
    assert line.set.mended(Ail.OFF_HOOK) == ""


# --- rule 3


def test_each_ring_drowns_the_talk_until_it_is_over() -> None:
    line = Line(Ail.NO_TRIP)
    line.set.rings_on(Ns(0))
    assert line.out.timers.at(("ring burst",)) == TIMES.ring_pause
    line.set.burst(True, Ns(0))
    assert line.out.take() == [DROWNED]
    assert line.out.timers.at(("ring burst",)) == TIMES.ring_length
    line.set.burst(True, Ns(0))
    assert line.out.take() == [CLEAR]
    line.set.burst(True, Ns(0))
    line.set.call_ends("c1", True, Ns(0))
    assert line.out.take() == [DROWNED, CLEAR]
    assert line.out.timers.at(("ring burst",)) is None


def test_a_ring_without_a_talk_drowns_nothing() -> None:
    line = Line(Ail.NO_TRIP)
    line.set.rings_on(Ns(0))
    line.set.burst(False, Ns(0))
    assert line.out.take() == []
    assert line.out.timers.at(("ring burst",)) is None


# --- rule 4


@pytest.mark.parametrize(("times", "waits"), [(TIMES, TIMES.hook_debounce), (None, None)])
def test_a_board_waits_whether_the_loop_stays_open(times: PortTimes | None, waits: int | None) -> None:
    line = Line(Ail.OPEN, times=times)
    assert line.set.opens(Ns(0)) is (times is not None)
    assert line.out.timers.at(("open loop",)) == waits
    line.set.call_ends("c1", True, Ns(1))
    assert line.out.timers.at(("open loop",)) is None


# --- rule 5


def test_noise_is_told_when_it_is_over_and_noisy_talks_are_counted_until_repair() -> None:
    line = Line(Ail.NOISY)
    line.set.noise_begins(Ns(SECOND))
    line.set.noise_begins(Ns(2 * SECOND))
    assert line.out.said == []
    line.set.call_ends("c1", True, Ns(4 * SECOND))
    assert line.out.calls(Kind.MEDIA_NOISY) == ["c1"]
    assert line.out.of(Kind.MEDIA_NOISY) == [{"end": "seat", "length": 3 * SECOND}]
    line.set.call_ends("c2", True, Ns(9 * SECOND))
    assert line.set.noisy_talks == 1
    line.set.mended(Ail.NOISY)
    assert line.set.noisy_talks == 0
