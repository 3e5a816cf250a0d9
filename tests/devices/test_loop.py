"""The two ends of loop lines: what each makes of the signs that it gets, and when."""

from typing import Any

import msgspec
import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.timers import TimerHeap
from simtel.devices.loop import LoopCard, LoopPort, LoopTimes
from simtel.devices.messages.trunk import Connect, LoopSign, Release, Setup
from tests.devices.recorder import Recorder

TIMES = LoopTimes(
    reversal=True, break_time=600 * MS, rings=1, ring_timeout=8 * SECOND, dial_tone_wait=2 * SECOND,
    dial_time=3 * SECOND, answer_by="reversal", guess_time=9 * SECOND, break_detect=300 * MS, busy_cycles=3,
    guard=600 * MS, glare="take", late_ring="new-caller",
)  # fmt: skip
IN, OUT = Setup("in", "loop.1", 2), Setup("out", "loop.1", 2)
NEXT = Setup("next", "loop.1", 2)  # who calls after IN


class Heard(Recorder):
    """Notes each sign beside what the device is told, in order."""

    def __init__(self, side: "Side") -> None:
        super().__init__()
        self.side = side

    def send(self, to: str, message: object) -> None:
        assert to == "module.1/loop.1"
        assert isinstance(message, LoopSign)
        assert message.slot == 2
        self.side.seen.append((self.side.now / SECOND, message.sign))


class Side:
    """One end of loop.1, its clock, and the device behind it; `seen` holds what came to light, and when."""

    name = "device"
    other = "module.1"

    def __init__(self, kind: type[Any] = LoopPort, **changes: Any) -> None:
        self.out, self.timers = Heard(self), TimerHeap()
        self.seen: list[tuple[Any, ...]] = []
        self.now = Ns(0)
        times = msgspec.structs.replace(TIMES, **changes)
        self.end = kind("loop.1", self.other, 4, times, self.timers, self.out, self)

    def receive(self, message: object, now: Ns) -> None:
        self.seen.append((now / SECOND, type(message).__name__, getattr(message, "call", "")))

    def take_line(self, call: str, span: str, slot: int) -> None:
        self.seen.append((self.now / SECOND, "taken", call))

    def line_free(self, call: str, span: str, slot: int) -> None:
        self.seen.append((self.now / SECOND, "free", call))

    def until(self, at: float) -> None:
        instant = round(at * SECOND)
        while (due := self.timers.next()) is not None and due <= instant:
            key = self.timers.due(due)
            assert key is not None
            self.now = Ns(due)
            self.end.on_timer(key[2], self.now)
        self.now = Ns(instant)

    def hear(self, at: float, *signs: str, setup: Setup | None = None) -> None:
        self.until(at)
        for sign in signs:
            self.end.sign(LoopSign("loop.1", 2, sign, setup), self.now)

    def say(self, at: float, message: object) -> None:
        self.until(at)
        self.end.send(message, self.now)

    def take(self) -> list[tuple[Any, ...]]:
        taken = self.seen[:]
        self.seen.clear()
        return taken


def card(**changes: Any) -> Side:
    return Side(LoopCard, **changes)


def talking(**changes: Any) -> Side:
    """A module on an incoming call, since second 1."""
    side = Side(**changes)
    side.hear(0, "ring", setup=IN)
    side.say(1, Connect("in"))
    side.take()
    return side


def waiting(**changes: Any) -> Side:
    """A module that has dialled out; the digits went at second 3.5."""
    side = Side(**changes)
    side.say(0, OUT)
    side.hear(0.5, "dial-tone")
    side.until(3.5)
    assert side.take() == [(0, "off-hook"), (3.5, "digits")]
    return side


# --- the exchange's end


def test_the_exchange_rings_one_second_in_five_and_the_rhythm_runs_freely() -> None:
    pause, burst = card(), card()
    pause.say(2, IN)
    pause.until(16)
    assert pause.take() == [(5, "ring"), (10, "ring"), (15, "ring")]
    burst.say(0.3, IN)
    burst.until(6)
    assert burst.take() == [(0.3, "ring"), (5, "ring")]


def test_a_caller_who_hangs_up_stops_the_ringing_and_frees_the_line() -> None:
    side = card()
    side.say(0, IN)
    side.say(7, Release("in", "normal", "exchange"))
    side.until(60)
    assert side.take() == [(0, "ring"), (5, "ring"), (7, "free", "in")]


def test_a_module_that_lifts_has_answered_also_when_it_meant_to_dial() -> None:
    answered, glare = card(), card()
    for side in (answered, glare):
        side.say(2, IN)
    answered.hear(6, "off-hook")
    assert answered.take() == [(5, "ring"), (6, "Connect", "in")]
    glare.hear(4, "off-hook", setup=OUT)
    assert glare.take() == [(4, "voice"), (4, "Connect", "in")]


def test_who_lifts_an_idle_line_gets_dial_tone_and_his_digits_become_a_call() -> None:
    side = card()
    side.hear(1, "off-hook", setup=OUT)
    side.hear(4, "digits")
    side.say(9, Connect("out"))
    assert side.take() == [(1, "taken", "out"), (1, "dial-tone"), (4, "Setup", "out"), (9, "reversed")]


@pytest.mark.parametrize(
    ("sold", "signs"),
    [
        ({}, ["break", "busy"]),
        ({"break_time": 0}, ["busy"]),
        ({"reversal": False}, ["break", "busy"]),
        ({"reversal": False, "break_time": 0}, ["busy"]),
    ],
)
def test_a_release_is_told_as_the_line_is_sold_and_the_line_is_free_when_the_module_hangs_up(
    sold: dict[str, Any], signs: list[str]
) -> None:
    side = card(**sold)
    side.say(0, IN)
    side.hear(1, "off-hook")
    side.take()
    side.say(2, Release("in", "normal", "exchange"))
    assert side.take() == [(2, sign) for sign in signs]
    side.hear(9, "on-hook")
    assert side.take() == [(9, "free", "in")]


@pytest.mark.parametrize(
    ("sold", "answered", "signs"),
    [
        ({}, True, ["normal", "break", "busy"]),
        ({}, False, ["break", "busy"]),  # a busy callee: the polarity was never turned
        ({"break_time": 0}, True, ["normal", "busy"]),
        ({"break_time": 0}, False, ["busy"]),
        ({"reversal": False}, True, ["break", "busy"]),
    ],
)
def test_only_a_polarity_that_was_turned_is_turned_back(sold: dict[str, Any], answered: bool, signs: list[str]) -> None:
    side = card(**sold)
    for start in (0, 100):  # the line forgets the call before
        side.hear(start + 1, "off-hook", setup=OUT)
        side.hear(start + 4, "digits")
        if answered and not start:
            side.say(9, Connect("out"))
        side.take()
        side.say(start + 20, Release("out", "busy", "exchange"))
        assert side.take() == [(start + 20, sign) for sign in signs if not start or sign != "normal"]
        side.hear(start + 30, "on-hook")


def test_who_lifts_to_answer_a_caller_who_is_gone_gets_dial_tone_then_busy_and_takes_the_line_for_no_call() -> None:
    side = card()
    side.say(0, IN)
    side.say(7, Release("in", "normal", "exchange"))
    side.take()
    side.hear(7.001, "off-hook")
    assert side.take() == [(7.001, "taken", ""), (7.001, "dial-tone")]
    side.until(100)
    assert side.take() == [(23.001, "busy")]
    side.hear(101, "on-hook")
    assert side.take() == [(101, "free", "")]
    side.hear(200, "off-hook")
    side.hear(201, "on-hook")
    side.hear(202, "off-hook", setup=OUT)
    side.take()
    side.until(300)
    assert side.take() == [], "who dials is not timed, nor by the time of another"


def test_a_module_that_answered_a_caller_who_was_gone_learns_it_by_busy_tone() -> None:
    side = talking()
    side.hear(1, "dial-tone")
    side.hear(17, "busy")
    side.until(100)
    assert side.take() == [(19.1, "on-hook"), (19.1, "Release", "in")]


def test_a_module_without_power_opens_its_loops() -> None:
    side = card()
    side.say(0, IN)
    side.hear(1, "off-hook")
    side.take()
    side.until(2)
    side.end.set_signal(False, side.now)
    assert side.take() == [(2, "Release", "in"), (2, "free", "in")]
    side.say(5, IN)
    side.end.set_signal(False, side.now)
    side.until(10)
    assert side.take() == [(5, "ring"), (10, "ring")], "what rings goes on ringing"


# --- the module's end


@pytest.mark.parametrize(("rings", "offered"), [(1, 0), (2, 5)])
def test_a_call_is_offered_at_its_burst_and_gone_after_the_silence(rings: int, offered: int) -> None:
    side = Side(rings=rings)
    for at in (0, 5, 10):
        side.hear(at, "ring", setup=IN)
    side.until(100)
    assert side.take() == [(0, "taken", "in"), (offered, "Setup", "in"), (18, "free", "in"), (18, "Release", "in")]


def test_a_caller_who_is_gone_before_he_was_offered_is_nobody() -> None:
    side = Side(rings=2)
    side.hear(0, "ring", setup=IN)
    side.until(100)
    assert side.take() == [(0, "taken", "in"), (8, "free", "in")]


def test_a_call_that_the_server_refuses_rings_on_and_keeps_the_line() -> None:
    side = Side()
    side.hear(0, "ring", setup=IN)
    side.take()
    side.say(1, Release("in", "agent", "server"))
    side.hear(5, "ring", setup=IN)
    side.until(100)
    assert side.take() == [(1, "taken", "in"), (13, "free", "in")]


def test_a_burst_that_comes_late_is_another_callers() -> None:
    side = Side()
    side.hear(0, "ring", setup=IN)
    side.hear(6, "ring", setup=NEXT)
    side.until(100)
    assert side.take() == [
        (0, "taken", "in"), (0, "Setup", "in"),
        (6, "free", "in"), (6, "Release", "in"), (6, "taken", "next"), (6, "Setup", "next"),
        (14, "free", "next"), (14, "Release", "next"),
    ]  # fmt: skip
    side.say(200, OUT)
    assert side.take() == [(200, "off-hook")], "nothing of them is left"


def test_a_late_burst_on_a_line_that_rings_in_vain_is_a_new_call() -> None:
    side = Side()
    side.hear(0, "ring", setup=IN)
    side.say(1, Release("in", "agent", "server"))
    side.hear(5, "ring", setup=IN)
    side.take()
    side.hear(10.5, "ring", setup=NEXT)
    assert side.take() == [], "so much later than 5 s a burst of the same ringing may come"
    side.hear(16.1, "ring", setup=NEXT)
    assert side.take() == [
        (16.1, "free", "in"), (16.1, "Release", "in"), (16.1, "taken", "next"), (16.1, "Setup", "next"),
    ]  # fmt: skip


def test_to_a_module_that_times_the_silence_alone_a_late_burst_is_the_same_callers() -> None:
    side = Side(late_ring="same-caller")
    side.hear(0, "ring", setup=IN)
    side.hear(6, "ring", setup=NEXT)
    side.until(13)
    assert side.take() == [(0, "taken", "in"), (0, "Setup", "in")]
    side.say(13, Connect("in"))
    assert [seen for _, *seen in side.take()] == [
        ["off-hook"], ["Release", "in"], ["free", "in"], ["taken", "next"], ["Setup", "next"],
    ]  # fmt: skip


def test_to_such_a_module_a_late_burst_on_a_line_that_rings_in_vain_is_no_new_call() -> None:
    side = Side(late_ring="same-caller")
    side.hear(0, "ring", setup=IN)
    side.say(1, Release("in", "agent", "server"))
    side.take()
    side.hear(6, "ring", setup=NEXT)
    side.until(100)
    assert side.take() == [(14, "free", "in")]


@pytest.mark.parametrize("refused", [False, True])
def test_a_late_burst_of_the_same_call_is_no_other_callers(refused: bool) -> None:
    side = Side()
    side.hear(0, "ring", setup=IN)
    if refused:
        side.say(1, Release("in", "agent", "server"))
    side.take()
    side.hear(7, "ring", setup=IN)
    side.until(14)
    assert side.take() == []


@pytest.mark.parametrize(
    ("rings", "known"),
    [
        (2, [(5, "free", "in"), (5, "taken", "next"), (5, "Setup", "next"), (6, "off-hook")]),
        (1, [(6, "off-hook"), (6, "Release", "in"), (6, "free", "in"), (6, "taken", "next"), (6, "Setup", "next")]),
    ],
)
def test_who_keeps_the_rhythm_of_another_is_known_by_his_number_or_when_the_module_lifts(
    rings: int, known: list[tuple[Any, ...]]
) -> None:
    side = Side(rings=rings)
    side.hear(0, "ring", setup=IN)
    side.take()
    side.hear(5, "ring", setup=NEXT)
    side.say(6, Connect("next" if rings == 2 else "in"))
    side.until(100)
    assert side.take() == known


@pytest.mark.parametrize(
    ("changes", "signs", "gone"),
    [
        ({}, ("normal", "busy"), 10.064),
        ({}, ("break", "busy"), 10.3),
        ({"break_detect": 650 * MS}, ("break", "busy"), 12.1),  # longer than the exchange breaks: 3 x 0.7 s
        ({}, ("busy",), 12.1),
        ({"busy_cycles": 6}, ("busy",), 14.2),
    ],
)
def test_the_far_end_is_gone_by_the_first_sign_that_the_module_understands(
    changes: dict[str, Any], signs: tuple[str, ...], gone: float
) -> None:
    side = talking(**changes)
    side.hear(10, *signs)
    side.until(100)
    assert side.take() == [(gone, "on-hook"), (gone, "Release", "in")]


@pytest.mark.parametrize(
    ("changes", "turned", "answered"),
    [
        ({}, True, 5.064),
        ({}, False, None),
        ({"answer_by": "guess"}, False, 12.5),
        ({"answer_by": "guess"}, True, 12.5),  # it does not go by the polarity
    ],
)
def test_an_answer_is_seen_by_the_polarity_or_guessed(
    changes: dict[str, Any], turned: bool, answered: float | None
) -> None:
    side = waiting(**changes)
    side.hear(5, *(["reversed"] if turned else []))
    side.until(100)
    assert side.take() == ([] if answered is None else [(answered, "Connect", "out")])


def test_glare_the_caller_is_taken_and_the_outgoing_call_goes_elsewhere() -> None:
    side = Side()
    side.say(0, OUT)
    side.hear(0, "voice", setup=IN)
    side.until(100)
    assert side.take() == [(0, "off-hook"), (2, "Setup", "in"), (2, "Release", "out")]
    side.say(101, Release("in", "normal", "server"))
    assert side.take() == [(101, "on-hook")]


def test_glare_or_the_caller_is_hung_up_on() -> None:
    side = Side(glare="hang-up")
    side.say(0, OUT)
    side.hear(0, "voice", setup=IN)
    side.until(100)
    assert side.take() == [(0, "off-hook"), (2, "on-hook"), (2, "Release", "out")]


def test_busy_tone_instead_of_dial_tone_sends_the_call_elsewhere() -> None:
    side = Side()
    side.say(0, OUT)
    side.hear(0, "voice", setup=IN)
    side.hear(1, "busy")
    side.until(100)
    assert side.take() == [(0, "off-hook"), (1, "on-hook"), (1, "Release", "out")]


def test_a_line_is_not_taken_again_before_its_guard_is_over() -> None:
    side = talking()
    side.say(10, Release("in", "normal", "server"))
    side.say(10.1, OUT)
    side.until(11)
    assert side.take() == [(10, "on-hook"), (10.6, "off-hook")]
    given_up = talking()
    given_up.say(10, Release("in", "normal", "server"))
    given_up.say(10.1, OUT)
    given_up.say(10.2, Release("out", "normal", "server"))
    given_up.until(11)
    assert (10.6, "off-hook") not in given_up.take()


def test_a_release_while_dialling_hangs_up_and_nothing_is_left_to_come() -> None:
    for at in (0.2, 1, 20):
        side = Side(answer_by="guess")
        side.say(0, OUT)
        side.hear(0.1, "dial-tone")
        side.say(at, Release("out", "normal", "server"))
        side.take()
        side.until(100)
        assert side.take() == []
        assert len(side.timers) == 0
