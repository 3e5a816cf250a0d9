"""The processor of a server or gateway: in turn, no faster than it can, and with overload control or collapse."""

import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.timers import TimerHeap
from simtel.devices.intake import Intake

PATIENCE = 4 * SECOND  # who waits longer for an answer has given up


class Processor:
    """An intake with its clock, and when each piece of work was done."""

    def __init__(self, *, control: bool, attempts: float = 10.0, backlog: int = 2 * SECOND) -> None:
        self.timers = TimerHeap()
        self.intake = Intake(attempts, 50.0, backlog, control, self.timers)
        self.done: list[tuple[int, int]] = []  # (asked at, done at)
        self.refused = 0

    def ask(self, at: int, kind: str = "attempt") -> bool:
        self.until(at)
        taken = self.intake.take(kind, Ns(at), lambda now: self.done.append((at, now)))
        self.refused += not taken
        return taken

    def until(self, at: int) -> None:
        while (due := self.timers.next()) is not None and due <= at:
            assert self.timers.due(due) == ("intake",)
            self.intake.on_timer(due)

    def load(self, rate: int, seconds: int) -> None:
        """`rate` attempts a second, and then nothing until all is done."""
        for n in range(rate * seconds):
            self.ask(n * SECOND // rate)
        self.until(1000 * SECOND)

    def in_time(self) -> int:
        """How many were served while somebody still waited."""
        return sum(done - asked <= PATIENCE for asked, done in self.done)


def test_an_idle_processor_serves_at_once() -> None:
    processor = Processor(control=True)
    assert processor.ask(5 * SECOND)
    assert processor.done == [(5 * SECOND, 5 * SECOND)]


def test_work_is_done_in_turn_each_after_what_came_before() -> None:
    processor = Processor(control=True)
    processor.ask(0)
    processor.ask(0, "registration")
    processor.ask(0)
    processor.until(SECOND)
    # An attempt takes 100 ms of this processor, a registration 20 ms.
    assert [done for _, done in processor.done] == [0, 100 * MS, 120 * MS]


def test_what_waits_while_the_server_stands_still_waits_for_so_much_longer() -> None:
    processor = Processor(control=True)
    for _ in range(4):
        processor.ask(0)
    assert processor.timers.due(100 * MS) == ("intake",)
    processor.intake.on_timer(Ns(5 * SECOND))  # the server stalled for 4.9 s
    processor.ask(5 * SECOND)
    processor.until(6 * SECOND)
    assert [done for _, done in processor.done] == [0, *(5 * SECOND + n * 100 * MS for n in range(4))]


def test_a_pause_is_not_saved_up() -> None:
    processor = Processor(control=True)
    for at in (0, SECOND, SECOND):
        processor.ask(at)
    processor.until(2 * SECOND)
    assert [done for _, done in processor.done] == [0, SECOND, SECOND + 100 * MS]


def test_a_check_waits_its_turn_and_costs_nothing() -> None:
    processor = Processor(control=True)
    for kind in ("attempt", "check", "check", "attempt"):
        processor.ask(0, kind)
    processor.until(SECOND)
    assert [done for _, done in processor.done] == [0, 100 * MS, 100 * MS, 100 * MS]


def test_with_overload_control_work_beyond_the_backlog_is_refused() -> None:
    processor = Processor(control=True, backlog=200 * MS)
    assert [processor.ask(0) for _ in range(5)] == [True, True, True, False, False]
    processor.until(SECOND)
    assert [done for _, done in processor.done] == [0, 100 * MS, 200 * MS]


def test_a_refusal_costs_a_tenth() -> None:
    processor = Processor(control=True, backlog=200 * MS)
    for _ in range(4):
        processor.ask(0)
    # Three attempts and one refusal: busy until 310 ms.
    assert not processor.ask(100 * MS)
    assert processor.ask(120 * MS)
    processor.until(SECOND)
    assert processor.done[-1] == (120 * MS, 320 * MS)


def test_without_control_everything_is_taken() -> None:
    processor = Processor(control=False, backlog=200 * MS)
    assert all(processor.ask(0) for _ in range(50))
    processor.until(10 * SECOND)
    assert processor.done[-1] == (0, 49 * 100 * MS)


@pytest.mark.parametrize("overload", [2, 4])
def test_overload_control_keeps_serving_where_the_other_collapses(overload: int) -> None:
    controlled, open_to_all = Processor(control=True), Processor(control=False)
    for processor in (controlled, open_to_all):
        processor.load(10 * overload, 60)
    whole = 10 * 60
    # Refusing takes its part of the processor; what is served is served within the backlog.
    assert all(done - asked <= 2 * SECOND for asked, done in controlled.done)
    assert controlled.in_time() == len(controlled.done)
    assert 0.6 * whole <= controlled.in_time() <= whole + 30
    assert controlled.refused > 0
    # Without control all work is done, and nearly all of it for nobody.
    assert open_to_all.refused == 0
    assert len(open_to_all.done) == overload * whole
    assert open_to_all.in_time() < 0.2 * whole


def test_below_its_rate_both_serve_all_at_once() -> None:
    for control in (True, False):
        processor = Processor(control=control)
        processor.load(10, 10)
        assert [done - asked for asked, done in processor.done] == [0] * 100


def test_what_waits_can_be_dropped() -> None:
    processor = Processor(control=True)
    for _ in range(3):
        processor.ask(0)
    processor.intake.forget()
    processor.until(SECOND)
    assert len(processor.done) == 1
    assert processor.timers.next() is None
    processor.ask(SECOND)
    assert processor.done[-1] == (SECOND, SECOND)


def test_what_is_withdrawn_costs_nothing_and_lets_the_others_come_sooner() -> None:
    done: list[tuple[str, int]] = []
    processor = Processor(control=True)
    for name in "abcd":
        processor.intake.take("attempt", Ns(0), lambda now, name=name: done.append((name, now)), name)  # type: ignore[misc]
    assert [processor.intake.waits(name) for name in "abcde"] == [False, True, True, True, False]
    assert [processor.intake.withdraw(name, Ns(0)) for name in "bae"] == [True, False, False]
    assert processor.intake.behind(Ns(0)) == 300 * MS
    processor.until(150 * MS)
    assert processor.intake.withdraw("d", Ns(150 * MS))
    processor.until(SECOND)
    assert done == [("a", 0), ("c", 100 * MS)]
    assert processor.timers.next() is None


def test_a_slow_processor_needs_a_multiple_of_the_time_and_what_it_needs_more_is_waited_for() -> None:
    processor = Processor(control=True)
    processor.intake.slow(5, Ns(0))
    for at in (0, 0, 3 * SECOND):
        processor.ask(at)
    processor.until(5 * SECOND)
    # 500 ms each, of which its own 100 ms were nobody's delay before.
    assert processor.done == [(0, 400 * MS), (0, 900 * MS), (3 * SECOND, 3400 * MS)]


def test_a_slow_processor_takes_longer_to_refuse_as_well() -> None:
    processor = Processor(control=True, backlog=SECOND)
    processor.intake.slow(10, Ns(0))
    assert [processor.ask(0) for _ in range(3)] == [True, True, False]
    assert processor.intake.behind(Ns(0)) == 2 * SECOND + 100 * MS


def test_what_waits_goes_on_at_the_new_pace() -> None:
    processor = Processor(control=False)
    processor.intake.slow(50, Ns(0))
    for _ in range(4):
        processor.ask(0)
    processor.until(SECOND)
    assert processor.done == []
    assert processor.intake.behind(Ns(SECOND)) == 19 * SECOND
    processor.intake.slow(1, Ns(SECOND))
    processor.until(2 * SECOND)
    assert [done for _, done in processor.done] == [SECOND + n * 100 * MS for n in range(4)]


def test_what_waits_when_the_processor_becomes_slow_waits_for_longer() -> None:
    processor = Processor(control=True)
    for _ in range(3):
        processor.ask(0)
    processor.intake.slow(10, Ns(0))
    processor.until(3 * SECOND)
    assert [done for _, done in processor.done] == [0, 900 * MS, 1900 * MS]


def test_who_is_not_behind_is_not_behind_when_the_pace_changes() -> None:
    processor = Processor(control=True)
    processor.ask(0)
    processor.intake.slow(20, Ns(SECOND))
    assert processor.intake.behind(Ns(SECOND)) == 0
    assert processor.timers.next() is None
