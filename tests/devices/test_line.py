from typing import Any

import msgspec
import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.timers import TimerHeap
from simtel.devices.line import OCTET, Line, LineTimes
from simtel.devices.messages.trunk import LinkReset, Proceeding, Restart, Setup, StatusEnquiry
from tests.devices.recorder import LIBPRI, Recorder

UNANSWERED, ALL = "unanswered", "all"


class End:
    """One end of span.1 with its clock; remembers when which calls were cleared, and when what was said."""

    def __init__(self, times: LineTimes = LIBPRI) -> None:
        self.out = Recorder()
        self.timers = TimerHeap()
        self.cleared: list[tuple[str, int]] = []
        self.up: list[str] = []
        self.left: list[tuple[str, int]] = []
        self.times: dict[str, list[int]] = {}
        self.line = Line("span.1", "gateway.a", times, self.timers, self.out, self)

    def clear_unanswered(self, span: str, now: Ns) -> None:
        assert span == "span.1"
        self.cleared.append((UNANSWERED, now))

    def clear_all(self, span: str, now: Ns) -> None:
        assert span == "span.1"
        self.cleared.append((ALL, now))

    def calls_on(self, span: str) -> list[str]:
        return self.up

    def setup_left(self, call: str, now: Ns) -> None:
        self.left.append((call, now))

    def until(self, instant: int) -> None:
        while (due := self.timers.next()) is not None and due <= instant:
            key = self.timers.due(due)
            assert key is not None
            before = len(self.out.said)
            self.line.on_timer(key[2], due)
            for said in self.out.said[before:]:
                assert said.subject == "span.1"
                name = "alarm" if said.kind is Kind.SPAN_ALARM else "dchannel"
                state = said.fields.get("on", said.fields.get("up"))
                self.times.setdefault(f"{name} {state}", []).append(due)

    def signal(self, on: bool, at: int) -> None:
        self.until(at)
        self.line.set_signal(on, Ns(at))

    def sees(self, defect: str, at: int) -> None:
        self.until(at)
        self.line.set_signal(not defect, Ns(at), defect)

    def reports(self) -> list[tuple[str, bool]]:
        """Alarms, in order."""
        return [(said["alarm"], said["on"]) for said in self.out.of(Kind.SPAN_ALARM)]

    def cut(self, begin: int, length: int) -> None:
        self.signal(False, begin)
        self.signal(True, begin + length)


def times(**changes: Any) -> LineTimes:
    return msgspec.structs.replace(LIBPRI, **changes)


@pytest.mark.parametrize(
    ("figures", "down", "cleared"),
    [
        (LIBPRI, 14_000, 24_000),
        (times(t309=90 * SECOND), 14_000, 108_000),
        (times(alarm_drops_dchannel=True), 2_500, 12_500),
        (times(t203=2 * SECOND, t309=3 * SECOND), 6_000, 13_000),
        (times(t200=2 * SECOND, n200=1), 14_000, 24_000),
        (times(t200=500 * MS, n200=9), 15_000, 26_000),
    ],
    ids=["libpri", "t309-90s", "alarm-drops-dchannel", "t203-2s-t309-3s", "t200-n200", "n200-9"],
)
def test_a_cut_takes_the_dchannel_down_and_then_the_calls(figures: LineTimes, down: int, cleared: int) -> None:
    """Figures: measured with libpri, idle link; 2.5 and 12.5 s by the same formula without T203."""
    end = End(figures)
    begin = 3 * SECOND
    end.signal(False, begin)
    end.until(begin + 1000 * SECOND)
    assert end.cleared == [(UNANSWERED, begin + down * MS), (ALL, begin + cleared * MS)]
    assert end.times["dchannel False"] == [begin + down * MS]
    assert "dchannel True" not in end.times
    assert not end.line.in_service


def test_a_lesser_alarm_after_a_short_root_lasts_its_own_debounce() -> None:
    end = End(times(rai_debounce=4 * SECOND))
    end.sees("los", 3 * SECOND)
    end.sees("rai", 4 * SECOND)
    end.until(100 * SECOND)
    assert end.reports() == [("rai", True)]
    assert end.times["alarm True"] == [8 * SECOND]


@pytest.mark.parametrize("drops", [False, True])
def test_without_timeslot_16_there_is_no_alarm_and_layer_2_finds_the_dchannel_dead(drops: bool) -> None:
    end = End(times(alarm_drops_dchannel=drops))
    end.sees("t16ais", 3 * SECOND)
    end.until(1000 * SECOND)
    assert end.reports() == []
    assert end.cleared == [(UNANSWERED, 17 * SECOND), (ALL, 27 * SECOND)]
    assert not end.line.in_service
    end.sees("", 1000 * SECOND)
    end.until(1002 * SECOND)
    assert end.line.in_service


@pytest.mark.parametrize(
    ("length", "alarms", "down", "cleared"),
    [
        (2_499, 0, 0, []),
        (2_501, 1, 0, []),
        (13_999, 1, 0, []),
        (14_001, 1, 1, [UNANSWERED]),
        # back at 22.999 s: SABME at 23.999 s is still in time; 2 ms later it is not
        (22_999, 1, 1, [UNANSWERED]),
        (23_001, 1, 1, [UNANSWERED, ALL]),
        (24_001, 1, 1, [UNANSWERED, ALL]),
    ],
)
def test_a_cut_shorter_than_a_limit_does_not_reach_it(length: int, alarms: int, down: int, cleared: list[str]) -> None:
    end = End()
    end.cut(SECOND, length * MS)
    end.until(1000 * SECOND)
    assert len(end.times.get("alarm True", [])) == alarms
    assert len(end.times.get("dchannel False", [])) == down
    assert [what for what, _ in end.cleared] == cleared
    assert end.line.in_service
    assert len(end.timers) == 0


@pytest.mark.parametrize(("length", "cleared"), [(6_499, [UNANSWERED]), (6_501, [UNANSWERED, ALL])])
def test_with_the_alarm_dropping_the_dchannel_the_limits_move(length: int, cleared: list[str]) -> None:
    """Down at 2.5 s, cleared at 12.5 s; the alarm needs 5 s to settle and the SABME 1 s."""
    end = End(times(alarm_drops_dchannel=True))
    end.cut(SECOND, length * MS)
    end.until(1000 * SECOND)
    assert [what for what, _ in end.cleared] == cleared


def test_a_dchannel_that_the_alarm_took_down_is_down_while_the_alarm_stands() -> None:
    end = End(times(alarm_drops_dchannel=True, t309=90 * SECOND))
    end.cut(0, 3 * SECOND)
    end.cut(7 * SECOND, SECOND)  # before the alarm has settled
    end.until(12_900 * MS)
    end.line.send(Proceeding("lost"), Ns(12_900 * MS))
    end.until(1000 * SECOND)
    assert end.times["dchannel False"] == [2_500 * MS]
    assert end.times["alarm False"] == [13 * SECOND]
    assert end.times["dchannel True"] == [14 * SECOND]
    assert end.out.take() == [("gateway.a/span.1", LinkReset("span.1"))]
    assert len(end.timers) == 0


def test_on_a_dead_timeslot_16_no_dchannel_comes_up_though_the_alarm_has_gone() -> None:
    end = End(times(alarm_drops_dchannel=True))
    end.sees("lof", 0)
    end.sees("t16ais", 30 * SECOND)
    end.until(100 * SECOND)
    assert "dchannel True" not in end.times
    end.sees("", 100 * SECOND)
    end.until(1000 * SECOND)
    assert len(end.times["dchannel True"]) == 1


def test_a_dchannel_that_layer_2_took_down_before_any_alarm_returns_with_the_signal() -> None:
    end = End(times(alarm_drops_dchannel=True, alarm_debounce=20 * SECOND))
    end.cut(0, 15 * SECOND)
    end.until(1000 * SECOND)
    assert end.times == {"dchannel False": [14 * SECOND], "dchannel True": [16 * SECOND]}


def test_the_alarm_comes_after_its_debounce_and_goes_after_its_settling() -> None:
    end = End()
    end.cut(SECOND, 4 * SECOND)
    end.until(1000 * SECOND)
    assert end.times == {"alarm True": [3_500 * MS], "alarm False": [10 * SECOND]}


def test_a_signal_that_flutters_raises_no_alarm_and_one_that_flutters_back_does_not_clear_it() -> None:
    end = End()
    for n in range(5):
        end.cut((1 + 3 * n) * SECOND, 2 * SECOND)
    end.until(20 * SECOND)
    assert not end.line.alarm
    end.signal(False, 20 * SECOND)
    for n in range(4):
        end.signal(True, (24 + 5 * n) * SECOND)
        end.signal(False, (28 + 5 * n) * SECOND)
    end.signal(True, 44 * SECOND)
    end.until(100 * SECOND)
    assert end.times["alarm True"] == [22_500 * MS]
    assert end.times["alarm False"] == [49 * SECOND]


@pytest.mark.parametrize(("defect", "after"), [("los", 2_500), ("ais", 2_500), ("lof", 2_500), ("rai", 500)])
def test_each_defect_has_its_debounce_and_its_name(defect: str, after: int) -> None:
    end = End()
    end.sees(defect, 0)
    end.sees("", (after - 1) * MS)
    end.sees(defect, 10 * SECOND)
    end.sees("", 13 * SECOND)
    end.until(1000 * SECOND)
    assert end.times == {"alarm True": [(10_000 + after) * MS], "alarm False": [18 * SECOND]}
    assert end.reports() == [(defect, True), (defect, False)]
    assert len(end.timers) == 0


def test_one_root_takes_the_place_of_another_at_once() -> None:
    """A cut behind a transmission system that had failed before: neither debounce nor settling between the two."""
    end = End()
    for at, seen in ((0, "ais"), (10, "los"), (20, "ais"), (30, "lof"), (33, ""), (36, "lof"), (40, "")):
        end.sees(seen, at * SECOND)
    end.until(1000 * SECOND)
    assert end.reports() == [
        ("ais", True), ("ais", False), ("los", True), ("los", False), ("ais", True), ("ais", False), ("lof", True),
        ("lof", False),
    ]  # fmt: skip
    assert (end.times["alarm True"], end.times["alarm False"]) == ([2_500 * MS], [45 * SECOND]), "others by no timer"


def test_roots_that_change_before_the_alarm_share_one_debounce() -> None:
    end = End()
    end.sees("lof", 0)
    end.sees("los", 2 * SECOND)
    end.until(10 * SECOND)
    assert (end.times, end.reports()) == ({"alarm True": [2_500 * MS]}, [("los", True)])


def test_what_the_far_end_reports_gives_way_to_an_own_defect_and_is_back_when_that_has_settled() -> None:
    end = End()
    end.sees("rai", 0)
    end.sees("los", 10 * SECOND)
    end.sees("rai", 20 * SECOND)
    end.until(24 * SECOND)
    assert end.line.alarm == "los"
    end.sees("", 40 * SECOND)
    end.sees("rai", 43 * SECOND)
    end.sees("", 44 * SECOND)
    end.until(1000 * SECOND)
    assert end.times["alarm True"] == [500 * MS, 12_500 * MS, 25 * SECOND]
    assert end.times["alarm False"] == [12_500 * MS, 25 * SECOND, 49 * SECOND]
    assert [name for name, on in end.reports() if on] == ["rai", "los", "rai"]


def test_an_own_defect_too_short_for_an_alarm_leaves_the_report_of_the_far_end_standing() -> None:
    end = End()
    end.sees("rai", 0)
    end.sees("los", 10 * SECOND)
    end.sees("rai", 12 * SECOND)
    end.sees("los", 20 * SECOND)
    end.sees("", 22 * SECOND)
    end.until(1000 * SECOND)
    assert end.reports() == [("rai", True), ("rai", False)]
    assert end.times["alarm False"] == [27 * SECOND]


def test_a_defect_that_turns_into_a_report_of_the_far_end_starts_its_shorter_debounce() -> None:
    end = End()
    end.sees("los", 0)
    end.sees("rai", SECOND)
    end.until(1_499 * MS)
    assert not end.line.alarm
    end.sees("los", 1_499 * MS)
    end.until(10 * SECOND)
    assert (end.times["alarm True"], end.reports()) == ([3_999 * MS], [("los", True)])


def test_a_report_of_the_far_end_stops_layer_2_as_a_cut_does() -> None:
    end = End()
    end.sees("rai", 0)
    end.line.send(Proceeding("kept"), Ns(0))
    assert end.out.take() == []
    end.until(1000 * SECOND)
    assert end.cleared == [(UNANSWERED, 4 * SECOND), (ALL, 14 * SECOND)]


DELAYED = times(delay=20 * MS)


@pytest.mark.parametrize(
    ("sent", "down"),
    [
        ([], 24_000),
        ([9_959], 24_000),  # acknowledged at 9.999 s
        ([9_961], 13_961),  # its acknowledgement would come after the cut at 10 s
        ([9_961, 9_990], 13_961),  # T200 runs from the first
        ([11_000], 15_000),
        ([11_000, 14_500], 15_000),
        ([9_990, 11_000], 13_990),
        ([21_000], 24_000),  # the poll was sent before
    ],
)
def test_a_link_with_traffic_fails_without_t203(sent: list[int], down: int) -> None:
    end = End(DELAYED)
    for at in [*(t for t in sent if t < 10_000), 10_000, *(t for t in sent if t > 10_000)]:
        if at == 10_000:
            end.signal(False, at * MS)
        else:
            end.until(at * MS)
            end.line.send(Proceeding("c1"), Ns(at * MS))
    end.until(1000 * SECOND)
    assert end.times["dchannel False"] == [down * MS]
    assert end.cleared == [(UNANSWERED, down * MS), (ALL, (down + 10_000) * MS)]


def test_what_waits_in_line_at_the_cut_is_sent_then() -> None:
    end = End(times(octet=OCTET))
    for call in ("c1", "c2"):  # the second waits for the first
        end.line.send(Setup(call, "span.1", 1), Ns(SECOND))
    end.signal(False, SECOND)
    assert end.line.waits
    end.until(1000 * SECOND)
    assert end.times["dchannel False"] == [5 * SECOND]
    assert end.left == []


def test_a_setup_that_had_to_wait_in_line_is_told_of_when_it_leaves() -> None:
    end = End(times(octet=OCTET))
    end.line.send(Setup("c1", "span.1", 1), Ns(0))
    assert not end.line.waits
    for message in (Proceeding("c2"), Setup("c3", "span.1", 3)):
        end.line.send(message, Ns(0))
    assert end.line.waits
    end.until(SECOND)
    assert end.left == [("c3", 66 * OCTET)]
    assert not end.line.waits


def test_an_end_that_is_switched_on_at_a_cut_has_no_dchannel_and_resets_its_channels_when_it_has() -> None:
    end = End(DELAYED)
    end.line.start(Ns(SECOND))
    assert end.out.take() == [("gateway.a/span.1", Restart("span.1"))], "lost in the cut"
    end.signal(False, SECOND)
    assert not end.line.dchannel
    end.signal(True, 5 * SECOND)
    end.until(7 * SECOND)
    assert end.times["dchannel True"] == [6 * SECOND]
    assert end.out.take() == [("gateway.a/span.1", message) for message in (LinkReset("span.1"), Restart("span.1"))]
    end.line.was_reset(0)
    end.cut(100 * SECOND, 20 * SECOND)
    end.until(200 * SECOND)
    assert end.times["dchannel True"] == [6 * SECOND, 121 * SECOND]
    assert end.out.take() == [("gateway.a/span.1", LinkReset("span.1"))], "what it knows now is not reset"


@pytest.mark.parametrize(("later", "again"), [(0, False), (20, False), (40, False), (41, True)])
def test_two_ends_whose_sabmes_cross_set_layer_2_up_once(later: int, again: bool) -> None:
    """That of the far end, as it arrives so many ms after ours left; the way takes 20 ms, and T200 may differ."""
    end = End(DELAYED)
    end.up = ["c1"]
    end.line.clearing.restart(True, Ns(0))
    end.cut(SECOND, 20 * SECOND)
    end.until(22 * SECOND)
    asked = [Restart("span.1"), StatusEnquiry("c1", "span.1")]
    end.line.link_reset(Ns(22 * SECOND + later * MS))
    end.until(23 * SECOND)
    said = [message for _, message in end.out.take()]
    assert said == [Restart("span.1"), LinkReset("span.1"), *asked, *(asked if again else [])]


@pytest.mark.parametrize("up", [[], ["c1"]], ids=["later", "with a call"])
def test_an_end_that_was_in_service_asks_and_does_not_reset(up: list[str]) -> None:
    end = End(DELAYED)
    end.line.start(Ns(SECOND if up else 0))
    end.line.was_reset(0)
    end.up = up
    end.out.take()
    end.cut(SECOND, 20 * SECOND)
    end.until(100 * SECOND)
    assert Restart("span.1") not in [message for _, message in end.out.take()]
    assert end.times["dchannel False"] == [(5 if up else 15) * SECOND], "(N200+1)*T200 later, after T203 if idle"


def test_the_same_news_twice_starts_nothing_anew() -> None:
    end = End()
    end.signal(False, 0)
    end.signal(False, 2 * SECOND)
    end.until(1000 * SECOND)
    assert end.times["alarm True"] == [2_500 * MS]
    assert end.times["dchannel False"] == [14 * SECOND]


def test_what_is_sent_while_layer_2_still_tries_arrives_late_and_in_order() -> None:
    end = End()
    end.signal(False, 0)
    messages = [Proceeding("c1"), Proceeding("c2")]
    for message in messages:
        end.line.send(message, Ns(0))
    assert end.out.take() == []
    end.signal(True, 3_900 * MS)
    end.until(3_902 * MS)
    assert end.out.take() == [("gateway.a/span.1", message) for message in messages]
    end.signal(False, 20 * SECOND)
    end.signal(True, 21 * SECOND)
    assert end.out.take() == [], "kept messages are sent once"


def test_what_is_sent_into_a_dead_dchannel_is_lost() -> None:
    end = End()
    end.signal(False, 0)
    end.line.send(Proceeding("before"), Ns(0))
    end.until(15 * SECOND)
    end.line.send(Proceeding("after"), Ns(15 * SECOND))
    end.signal(True, 16 * SECOND)
    end.until(16_500 * MS)
    end.line.send(Proceeding("before the SABME"), Ns(16_500 * MS))
    end.until(30 * SECOND)
    assert end.out.take() == [("gateway.a/span.1", LinkReset("span.1"))]
    end.line.send(Restart("span.1"), Ns(30 * SECOND))
    assert end.out.take() == [("gateway.a/span.1", Restart("span.1"))]


def test_the_dchannel_returns_with_the_next_sabme_and_the_calls_go_on() -> None:
    end = End()
    end.cut(0, 20 * SECOND)
    end.until(1000 * SECOND)
    assert end.times["dchannel True"] == [21 * SECOND]
    assert end.cleared == [(UNANSWERED, 14 * SECOND)]


def test_when_the_dchannel_returns_the_far_end_is_asked_for_the_calls_that_are_left() -> None:
    end = End()
    end.up = ["c1", "c2"]
    end.cut(0, 20 * SECOND)
    assert end.out.take() == []
    end.until(21 * SECOND + 4 * MS)
    asked = [("gateway.a/span.1", StatusEnquiry(call, "span.1")) for call in ("c1", "c2")]
    assert end.out.take() == [("gateway.a/span.1", LinkReset("span.1")), *asked]


def test_an_end_that_does_not_ask_keeps_its_calls() -> None:
    end = End(times(status_enquiry=False))
    end.up = ["c1"]
    end.cut(0, 20 * SECOND)
    end.until(30 * SECOND)
    end.line.link_reset(Ns(30 * SECOND))
    assert end.out.take() == [("gateway.a/span.1", LinkReset("span.1"))]


def test_an_end_whose_dchannel_never_went_down_asks_when_the_far_end_sets_layer_2_up_anew() -> None:
    end = End()
    end.up = ["c1"]
    end.cut(0, 5 * SECOND)
    end.line.link_reset(Ns(5 * SECOND))
    assert end.out.take() == [("gateway.a/span.1", StatusEnquiry("c1", "span.1"))]
    end.cut(20 * SECOND, 15 * SECOND)
    end.until(35_500 * MS)
    end.line.link_reset(Ns(35_500 * MS))
    assert end.out.take() == [], "it will ask when its own D-channel is up"


def test_a_cut_that_leaves_the_dchannel_up_asks_nothing() -> None:
    end = End()
    end.up = ["c1"]
    end.cut(0, 13 * SECOND)
    end.until(1000 * SECOND)
    assert end.out.take() == []


def test_a_signal_that_leaves_again_before_the_sabme_brings_no_dchannel() -> None:
    end = End()
    end.cut(0, 20 * SECOND)
    end.signal(False, 20_500 * MS)
    end.until(1000 * SECOND)
    assert "dchannel True" not in end.times
    assert end.cleared == [(UNANSWERED, 14 * SECOND), (ALL, 24 * SECOND)]


@pytest.mark.parametrize(("alarm", "dchannel", "takes"), [(0, 1, True), (1, 1, False), (0, 0, False), (1, 0, False)])
def test_in_service_takes_both(alarm: int, dchannel: int, takes: bool) -> None:
    line = End().line
    line.alarm, line.dchannel = bool(alarm), bool(dchannel)
    assert line.in_service is takes


def test_a_span_takes_calls_until_the_alarm_and_again_when_it_has_settled() -> None:
    end = End()
    seen = []
    for at, on in ((1, False), (4, False), (20, True), (22, True), (24, True), (26, True)):
        end.signal(on, at * SECOND)
        end.until(at * SECOND)
        seen.append(end.line.in_service)
    end.signal(False, 30 * SECOND)
    end.until(32 * SECOND)
    assert seen == [True, False, False, False, False, True]
    assert end.line.in_service


def paced(delay: int, window: int = 7) -> End:
    return End(times(octet=OCTET, delay=delay, window=window))


def leaving(end: End, messages: list[object]) -> list[float]:
    """When each of `messages`, all said at second 1, leaves: in milliseconds after that."""
    for message in messages:
        end.line.send(message, Ns(SECOND))
    left = [0.0] * len(end.out.take())
    while (due := end.timers.next()) is not None:
        end.until(due)
        left += [(due - SECOND) / MS] * len(end.out.take())
    return left


def setups(count: int) -> list[object]:
    return [Setup(f"c{n}", "span.1", n) for n in range(count)]


def test_the_dchannel_carries_64_kbit_a_second() -> None:
    """50 octets are 6.25 ms, 16 are 2 ms; an idle D-channel delays nothing."""
    end = paced(delay=0)
    assert leaving(end, setups(3)) == [0, 6.25, 12.5]
    end.line.send(Proceeding("later"), Ns(2 * SECOND))
    assert end.out.take() == [("gateway.a/span.1", Proceeding("later"))]
    assert leaving(paced(delay=0), [Proceeding("a"), *setups(1), Proceeding("b")]) == [0, 2, 8.25]


@pytest.mark.parametrize(("window", "last"), [(7, 806.25), (3, 1812.5), (127, 181.25)])
def test_no_more_than_the_window_is_under_way(window: int, last: float) -> None:
    """A round trip of 200 ms: of 30 SETUPs the first seven leave at line speed, the next when those arrived."""
    left = leaving(paced(delay=100 * MS, window=window), setups(30))
    assert len(left) == 30
    assert left[-1] == last


def test_what_waits_in_line_at_a_cut_leaves_when_the_signal_is_back() -> None:
    end = paced(delay=0)
    for message in setups(4):
        end.line.send(message, Ns(0))
    end.signal(False, 7 * MS)
    assert len(end.out.take()) == 2
    end.signal(True, 2 * SECOND)
    end.until(3 * SECOND)
    assert len(end.out.take()) == 2
    for message in setups(4):
        end.line.send(message, Ns(4 * SECOND))
    end.out.take()
    end.cut(4 * SECOND + MS, 15 * SECOND)
    end.until(30 * SECOND)
    assert end.out.take() == [("gateway.a/span.1", LinkReset("span.1"))], "layer 2 was set up anew: all else is lost"
    assert len(end.timers) == 0


def test_a_slip_at_this_end_is_told_and_hits_nothing_that_this_end_sends() -> None:
    end = paced(delay=0)
    for message in setups(2):
        end.line.send(message, Ns(0))
    end.line.slip(True, Ns(MS))
    assert end.out.of(Kind.SPAN_SLIP) == [{"slips": 1}]
    end.out.take()
    end.until(6_250_000)
    assert len(end.out.take()) == 1


def test_a_slip_at_the_far_end_lets_what_follows_wait_for_the_repetition() -> None:
    """Two SETUPs leave, the slip hits the second; the third waits T200 from then on, and an idle D-channel never."""
    end = paced(delay=0)
    for message in setups(3):
        end.line.send(message, Ns(0))
    end.until(7 * MS)
    assert len(end.out.take()) == 2
    end.line.slip(False, Ns(7 * MS))
    end.until(SECOND + 6 * MS)
    assert end.out.take() == []
    end.until(SECOND + 7 * MS)
    assert len(end.out.take()) == 1
    end.line.slip(False, Ns(3 * SECOND))
    end.line.send(Proceeding("idle"), Ns(3 * SECOND))
    assert len(end.out.take()) == 1
    assert end.out.of(Kind.SPAN_SLIP) == []


def test_a_slip_while_the_dchannel_is_down_delays_nothing_afterwards() -> None:
    end = paced(delay=0)
    end.signal(False, 0)
    end.until(14 * SECOND)
    end.line.slip(False, Ns(14 * SECOND))
    end.signal(True, 15 * SECOND)
    end.until(16 * SECOND)
    assert end.out.take() == [("gateway.a/span.1", LinkReset("span.1"))]
