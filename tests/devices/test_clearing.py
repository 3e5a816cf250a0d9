"""Releases that the far end does not confirm at once, at one end of a span."""

from typing import Any

import msgspec
import pytest

from simtel.core.clock import SECOND, Ns
from simtel.core.events import Kind
from simtel.core.timers import TimerHeap
from simtel.devices.line import Line
from simtel.devices.messages.trunk import LinkReset, Release, Released, Restart, Restarted
from tests.devices.recorder import LIBPRI, Recorder

FAR = "gateway.a/span.1"
ASKED = Release("c1", "normal", "exchange", "span.1", 5)
PLAIN = Release("c1", "normal", "exchange")


class End:
    """One end of span.1 on which nobody confirms a release."""

    def __init__(self, **changes: Any) -> None:
        self.out = Recorder()
        self.timers = TimerHeap()
        self.held: dict[int, str] = {}
        self.freed: list[tuple[str, int]] = []
        clearing = msgspec.structs.replace(LIBPRI.clearing, **changes)
        times = msgspec.structs.replace(LIBPRI, clearing=clearing)
        self.line = Line("span.1", "gateway.a", times, self.timers, self.out, self)
        self.line.unanswered = True

    def clear_unanswered(self, span: str, now: Ns) -> None:
        pass

    def clear_all(self, span: str, now: Ns) -> None:
        pass

    def calls_on(self, span: str) -> list[str]:
        return []

    def hold(self, call: str, span: str, slot: int) -> None:
        assert span == "span.1"
        self.held[slot] = call

    def let_go(self, call: str, span: str, slot: int) -> None:
        assert self.held.pop(slot) == call
        self.freed.append((call, slot))

    def until(self, second: float) -> list[object]:
        while (due := self.timers.next()) is not None and due <= second * SECOND:
            key = self.timers.due(due)
            assert key is not None
            self.line.on_timer(key[2], due)
        return [message for _, message in self.out.take()]

    def release(self, at: float = 0) -> None:
        self.line.release(PLAIN, 5, Ns(round(at * SECOND)))

    def states(self) -> list[tuple[int, str]]:
        return [(said["slot"], said["state"]) for said in self.out.of(Kind.CHANNEL_STATE)]


def test_where_nothing_hinders_it_a_release_is_one_message_and_the_timeslot_is_free_at_once() -> None:
    end = End()
    end.line.unanswered = False
    end.release()
    assert end.out.take() == [(FAR, PLAIN)]
    assert (end.held, len(end.timers)) == ({}, 0)


def test_a_release_is_repeated_after_t305_and_after_t308_and_then_the_channel_is_stuck_and_reset() -> None:
    end = End()
    end.release()
    assert end.until(29.9) == [ASKED]
    assert end.until(30) == [ASKED]
    assert end.until(33.9) == []
    assert end.until(34) == [ASKED]
    assert end.until(37.9) == []
    assert end.states() == []
    assert end.until(38) == [Restart("span.1", 5)]
    assert end.states() == [(5, "maintenance")]
    assert (end.held, end.freed) == ({5: "c1"}, [])
    end.line.clearing.was_reset(5)
    assert (end.states()[1:], end.held, end.freed) == ([(5, "in-service")], {}, [("c1", 5)])


@pytest.mark.parametrize(("t316", "n316", "out"), [(120, 2, 278), (60, 2, 158), (120, 1, 158), (120, 3, 398)])
def test_a_reset_that_nobody_acknowledges_is_repeated_and_then_the_channel_is_out_of_service(
    t316: int, n316: int, out: int
) -> None:
    end = End(t316=t316 * SECOND, n316=n316)
    end.release()
    end.until(37)
    assert end.until(out - 0.1) == [Restart("span.1", 5)] * n316
    assert end.states() == [(5, "maintenance")]
    assert end.until(1000) == []
    assert (end.states()[1:], end.held, len(end.timers)) == ([(5, "out-of-service")], {5: "c1"}, 0)
    end.line.released("c1")
    assert end.held == {5: "c1"}


def test_a_channel_that_is_stuck_where_nobody_resets_it_is_reset_by_hand() -> None:
    end = End(restarts=False)
    end.release()
    end.until(1000)
    end.line.leave_unanswered(False, Ns(1000 * SECOND))
    assert end.until(1000) == [Restart("span.1", 5)]
    end.line.was_reset(5)
    assert end.freed == [("c1", 5)]


def test_whoever_sees_to_it_does_not_ask_while_t316_runs_but_then_anew() -> None:
    end = End()
    end.release()
    end.until(200)  # the second is under way
    end.line.leave_unanswered(False, Ns(200 * SECOND))
    assert end.until(277.9) == []
    assert end.until(278) == [Restart("span.1", 5)]
    assert end.states() == [(5, "maintenance")]


def test_a_channel_out_of_service_is_asked_anew_when_layer_2_was_or_when_somebody_has_seen_to_it() -> None:
    end = End()
    end.release()
    end.until(300)
    end.line.link_reset(Ns(300 * SECOND))
    assert end.until(1000) == [Restart("span.1", 5)] * 2
    assert end.states() == [(5, "maintenance"), (5, "out-of-service")], "it is out of service already"
    end.line.leave_unacknowledged(True, Ns(1001 * SECOND))
    assert end.until(1002) == []
    end.line.leave_unacknowledged(False, Ns(1003 * SECOND))
    assert end.until(1003) == [Restart("span.1", 5)]
    end.line.was_reset(5)
    assert (end.states()[2:], end.freed, len(end.timers)) == ([(5, "in-service")], [("c1", 5)], 0)


@pytest.mark.parametrize("restarts", [True, False])
def test_who_is_switched_on_gives_no_timeslot_to_a_call_until_the_far_end_has_reset_them_all(restarts: bool) -> None:
    end = End(restarts=restarts)
    end.line.start(Ns(0))
    assert end.out.take() == [(FAR, Restart("span.1"))]
    assert (end.line.restarting, end.line.in_service) == (True, False)
    end.line.was_reset(5)
    end.line.reset(Restart("span.1"), Ns(0))
    assert end.line.restarting, "neither one timeslot nor the far end's own reset acknowledges it"
    end.line.was_reset(0)
    assert (end.line.restarting, end.line.in_service) == (False, True)
    assert (end.states(), len(end.timers)) == ([], 0), "where it is acknowledged nobody is told"


@pytest.mark.parametrize(("t316", "n316", "out"), [(120, 2, 240), (60, 2, 120), (120, 1, 120), (120, 3, 360)])
def test_a_reset_of_all_timeslots_that_nobody_acknowledges_leaves_the_span_out_of_service(
    t316: int, n316: int, out: int
) -> None:
    end = End(t316=t316 * SECOND, n316=n316)
    end.line.start(Ns(0))
    assert end.until(t316 - 0.1) == [Restart("span.1")]
    assert end.states() == []
    assert end.until(out - 0.1) == [Restart("span.1")] * (n316 - 1)
    assert end.states() == [(0, "maintenance")] * (n316 > 1), "management is told when T316 has run out"
    assert end.until(1000) == []
    assert end.states()[n316 > 1 :] == [(0, "out-of-service")]
    assert (end.line.in_service, len(end.timers)) == (False, 0)
    end.line.leave_unacknowledged(False, Ns(1000 * SECOND))
    assert end.until(1000) == [Restart("span.1")], "somebody has seen to it"
    end.line.was_reset(0)
    assert (end.states()[-1], end.line.in_service, len(end.timers)) == ((0, "in-service"), True, 0)
    end.line.was_reset(0)
    assert len(end.states()) == 2 + (n316 > 1)


@pytest.mark.parametrize("restarts", [True, False])
def test_a_reset_of_all_timeslots_is_asked_for_anew_with_layer_2(restarts: bool) -> None:
    end = End(restarts=restarts)
    end.line.start(Ns(0))
    end.out.take()
    end.line.link_reset(Ns(SECOND))
    assert end.until(120.9) == [Restart("span.1")], "and T316 runs from then on"
    end.line.set_signal(False, Ns(121 * SECOND))
    assert end.until(400) == []
    assert end.states() == [(0, "maintenance")], "T316 does not run while the D-channel is down"
    end.line.set_signal(True, Ns(400 * SECOND))
    assert end.until(401) == [LinkReset("span.1"), Restart("span.1")]
    assert not end.line.in_service


def test_who_is_switched_on_while_the_dchannel_is_down_does_not_wait_yet() -> None:
    end = End()
    end.line.set_signal(False, Ns(0))
    end.until(20)
    end.line.start(Ns(20 * SECOND))
    assert end.until(1000) == []
    assert end.states() == []
    end.line.set_signal(True, Ns(1000 * SECOND))
    assert end.until(1001) == [LinkReset("span.1"), Restart("span.1")]
    end.line.was_reset(0)
    end.until(1010)
    assert end.line.in_service


def test_what_somebody_would_reset_while_the_dchannel_is_down_is_reset_when_it_is_up() -> None:
    end = End(restarts=False)
    end.release()
    end.until(38)
    end.line.set_signal(False, Ns(40 * SECOND))
    end.until(100)
    end.line.leave_unanswered(False, Ns(100 * SECOND))
    assert end.until(200) == []
    end.line.set_signal(True, Ns(200 * SECOND))
    assert end.until(201) == [LinkReset("span.1"), Restart("span.1", 5)]


@pytest.mark.parametrize("down", [False, True], ids=["then", "while the D-channel is down"])
def test_what_somebody_has_seen_to_is_reset_with_layer_2_until_the_far_end_acknowledges(down: bool) -> None:
    """Though this end resets no channel by itself."""
    end = End(restarts=False)
    end.release()
    end.until(38)
    if down:
        end.line.set_signal(False, Ns(40 * SECOND))
        end.until(100)
    end.line.leave_unanswered(False, Ns(100 * SECOND))
    end.line.set_signal(True, Ns(101 * SECOND))
    end.until(1000)
    assert end.states()[-1] == (5, "out-of-service")
    end.line.link_reset(Ns(1000 * SECOND))
    assert end.until(1000) == [Restart("span.1", 5)]


def test_a_reset_that_was_asked_for_and_lost_with_the_dchannel_is_asked_for_again() -> None:
    """Frames stop before anybody sees to the channel, and the D-channel goes down only after that."""
    end = End(restarts=False)
    end.release()
    end.until(38)
    end.line.set_signal(False, Ns(40 * SECOND))
    end.line.leave_unanswered(False, Ns(41 * SECOND))
    end.until(200)
    end.line.set_signal(True, Ns(200 * SECOND))
    assert Restart("span.1", 5) in end.until(300)
    end.line.was_reset(5)
    assert end.freed == [("c1", 5)]


def test_what_was_seen_to_once_is_not_reset_with_every_layer_2() -> None:
    end = End(restarts=False)
    end.line.set_signal(False, Ns(0))
    end.until(20)
    end.line.leave_unanswered(False, Ns(20 * SECOND))
    end.line.set_signal(True, Ns(30 * SECOND))
    end.until(40)
    end.line.unanswered = True
    end.release(40)
    assert Restart("span.1", 5) not in end.until(100)
    end.line.set_signal(False, Ns(100 * SECOND))
    end.until(200)
    end.line.set_signal(True, Ns(200 * SECOND))
    assert end.until(300) == [LinkReset("span.1")]


def test_while_the_dchannel_is_down_nobody_waits_for_an_acknowledgement() -> None:
    end = End()
    end.release()
    end.until(38)
    end.line.set_signal(False, Ns(40 * SECOND))
    assert end.until(400) == []
    assert end.states() == [(5, "maintenance")]
    end.line.leave_unacknowledged(False, Ns(400 * SECOND))
    assert end.until(401) == []
    end.line.set_signal(True, Ns(401 * SECOND))
    assert end.until(402) == [LinkReset("span.1"), Restart("span.1", 5)]


def test_who_has_reset_a_channel_says_so_unless_nobody_does() -> None:
    end = End()
    end.line.leave_unacknowledged(True, Ns(0))
    for slot in (6, 0):
        end.line.reset(Restart("span.1", slot), Ns(0))
    assert end.out.take() == []
    end.line.leave_unacknowledged(False, Ns(0))
    for slot in (6, 0):
        end.line.reset(Restart("span.1", slot), Ns(0))
    assert end.out.take() == [(FAR, Restarted("span.1", 6)), (FAR, Restarted("span.1"))]


@pytest.mark.parametrize(("t305", "t308", "stuck"), [(30, 4, 38), (10, 4, 18), (30, 10, 50)])
def test_the_figures_say_when(t305: int, t308: int, stuck: int) -> None:
    end = End(t305=t305 * SECOND, t308=t308 * SECOND)
    end.release(2)
    end.until(2 + stuck - 0.1)
    assert end.states() == []
    end.until(2 + stuck)
    assert end.states() == [(5, "maintenance")]


@pytest.mark.parametrize("at", [0.04, 30.04, 34.04])
def test_a_confirmation_frees_the_timeslot_whichever_question_it_answers(at: float) -> None:
    end = End()
    end.release()
    end.until(at)
    end.line.released("another")
    assert end.held == {5: "c1"}
    end.line.released("c1")
    assert (end.freed, end.states(), len(end.timers)) == ([("c1", 5)], [], 0)


def test_a_confirmation_that_comes_after_the_channel_was_stuck_frees_nothing() -> None:
    end = End(restarts=False)
    end.release()
    assert Restart("span.1", 5) not in end.until(38)
    end.line.released("c1")
    assert end.held == {5: "c1"}


def test_a_channel_that_nobody_resets_stays_stuck_until_the_far_end_resets_the_span() -> None:
    end = End(restarts=False)
    end.release()
    end.line.release(Release("c2", "normal", "exchange"), 6, Ns(0))
    end.until(38)
    end.line.link_reset(Ns(40 * SECOND))
    assert end.until(1000) == []
    end.line.reset(Restart("span.1", 6), Ns(0))
    assert (end.freed, end.until(1000)) == ([("c2", 6)], [Restarted("span.1", 6)])
    end.line.reset(Restart("span.1"), Ns(0))
    assert (end.freed, end.until(1000)) == ([("c2", 6), ("c1", 5)], [Restarted("span.1")])


def test_a_reset_that_was_lost_with_layer_2_is_asked_for_anew() -> None:
    end = End()
    end.release()
    end.until(38)
    end.line.link_reset(Ns(40 * SECOND))
    assert end.until(40) == [Restart("span.1", 5)]
    end.line.set_signal(False, Ns(50 * SECOND))
    end.until(70)
    end.line.set_signal(True, Ns(80 * SECOND))
    assert end.until(81) == [LinkReset("span.1"), Restart("span.1", 5)]


def test_when_the_dchannel_goes_down_what_is_being_released_is_free_and_what_is_stuck_is_not() -> None:
    end = End()
    end.release()
    end.until(38)
    end.line.release(Release("c2", "normal", "exchange"), 6, Ns(39 * SECOND))
    end.line.set_signal(False, Ns(40 * SECOND))
    end.until(53.9)
    assert end.freed == []
    end.until(54)
    assert (end.freed, end.held) == ([("c2", 6)], {5: "c1"})


def test_during_a_cut_a_release_is_a_question_that_layer_2_keeps() -> None:
    end = End()
    end.line.unanswered = False
    end.line.set_signal(False, Ns(0))
    end.release(1)
    assert end.until(3) == []
    assert end.held == {5: "c1"}
    end.line.set_signal(True, Ns(3 * SECOND))
    assert end.until(3) == [ASKED]
    end.line.released("c1")
    assert end.freed == [("c1", 5)]


def test_on_a_dchannel_that_is_down_nothing_is_asked() -> None:
    end = End()
    end.line.set_signal(False, Ns(0))
    end.until(14)
    end.release(15)
    assert end.until(1000) == []
    assert end.held == {}


def test_who_is_asked_answers_unless_nobody_does() -> None:
    end = End()
    end.line.asked(ASKED, Ns(0))
    assert end.out.take() == []
    end.line.unanswered = False
    end.line.asked(ASKED, Ns(0))
    assert end.out.take() == [(FAR, Released("c1", "span.1"))]
