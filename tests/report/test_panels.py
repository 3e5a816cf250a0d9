"""A cell is in the state that the log says: by who talks, what is blocked, and what a fault struck."""

import pytest

from simtel.core.clock import MS, SECOND
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog
from simtel.report import charts
from simtel.report.occupancy import BLOCKED, FAULTY, IDLE, OUT, RINGING, USED, Place, boards, busiest, most_out, spans
from simtel.report.panels import panels, ports
from tests.report import sample
from tests.report.test_sequence import kinds, texts


def with_board(*more: sample.Line, keeps: bool = True, without: tuple[Kind, ...] = ()) -> EvidenceLog:
    """The sample with its first eight seats on a board of twenty-four ports in groups of eight."""
    lines = [line for line in sample.lines(keeps) if line[1] not in without]
    events = [Event(n, *line) for n, line in enumerate(sorted([*lines, *more], key=lambda line: line[0]), start=1)]
    header = sample.header(keeps)
    header.roles["boards"] = ("board.1",)
    header.roles.update({f"board.1 port {n}": (f"seat.{n}",) if n <= 8 else () for n in range(1, 25)})
    header.roles["board.1 group 1"] = tuple(f"seat.{n}" for n in range(1, 9))
    return EvidenceLog(header, events, None)


def struck(t: int, until: int, **fault: str) -> tuple[sample.Line, sample.Line]:
    return (
        (t, Kind.FAULT_INJECTED, "board.1", "harness", None, {"number": 9, **fault}),
        (until, Kind.FAULT_CLEARED, "board.1", "harness", None, {"fault": fault["fault"], "number": 9}),
    )


def test_a_timeslot_is_in_use_from_seizure_to_release_and_16_is_none() -> None:
    found = spans(sample.log(True))["span.1"]
    assert [place.number for place in found] == [*range(1, 16), *range(17, 32)]
    first = 2 * SECOND + 1200 * MS
    assert [found[0].at(t) for t in (first, first + 100 * MS, first + 151 * SECOND)] == [IDLE, USED, IDLE]


def test_an_alarm_makes_every_timeslot_faulty_and_a_dead_d_channel_blocks_them() -> None:
    log = with_board(
        (40 * SECOND, Kind.SPAN_ALARM, "span.1", "exchange", None, {"alarm": "los", "on": True}),
        (45 * SECOND, Kind.SPAN_ALARM, "span.1", "exchange", None, {"alarm": "los", "on": False}),
        (44 * SECOND, Kind.DCHANNEL_STATE, "span.1", "exchange", None, {"up": False}),
        (50 * SECOND, Kind.DCHANNEL_STATE, "span.1", "exchange", None, {"up": True}),
    )
    first, last = spans(log)["span.1"][0], spans(log)["span.1"][-1]
    assert [first.at(t * SECOND) for t in (39, 41, 47, 51)] == [USED, FAULTY, BLOCKED, USED]
    assert [last.at(t * SECOND) for t in (39, 41, 47, 51)] == [IDLE, FAULTY, BLOCKED, IDLE]
    shown = kinds(charts.timeslots(log) or pytest.fail("no picture"))
    assert {"span-faulty", "span-blocked"} <= shown
    assert not {"span-faulty", "span-blocked"} & kinds(charts.timeslots(sample.log(True)) or pytest.fail("none"))


def channel(t: int, state: str, slot: int, end: str = "exchange", span: str = "span.1") -> sample.Line:
    return t * SECOND, Kind.CHANNEL_STATE, span, end, None, {"slot": slot, "state": state}


def on_span(t: int, fault: str, until: int = 100) -> tuple[sample.Line, sample.Line]:
    return (
        (t * SECOND, Kind.FAULT_INJECTED, "span.1", "harness", None, {"fault": fault, "number": 8}),
        (until * SECOND, Kind.FAULT_CLEARED, "span.1", "harness", None, {"fault": fault, "number": 8}),
    )


def test_a_timeslot_that_one_end_keeps_from_calls_is_out_until_it_is_reset_and_no_other() -> None:
    log = with_board(
        *on_span(40, "release-unanswered"), channel(45, "maintenance", 31), channel(48, "out-of-service", 31),
        channel(47, "maintenance", 31, "gateway.a"), channel(52, "in-service", 31, "gateway.a"),
        channel(55, "in-service", 31),
    )  # fmt: skip
    *others, last = spans(log)["span.1"]
    assert [last.at(t * SECOND) for t in (44, 46, 49, 54, 56)] == [IDLE, OUT, OUT, OUT, IDLE]
    assert {place.at(49 * SECOND) for place in others} == {USED, IDLE}
    pic = charts.timeslots(log) or pytest.fail("no picture")
    assert "out" in kinds(pic)
    assert not {"span-faulty", "span-blocked"} & kinds(pic)
    assert "out of service until it is reset" in texts(pic)
    assert "退出服务，待复位" in texts(pic, "zh")


def test_a_reset_of_all_timeslots_that_nobody_acknowledges_puts_all_of_them_out() -> None:
    log = with_board(channel(45, "out-of-service", 0, "gateway.a", "span.2"))
    log.header.roles["spans"] = ("span.1", "span.2")
    assert {place.at(46 * SECOND) for place in spans(log)["span.2"]} == {OUT}
    assert {place.at(46 * SECOND) for place in spans(log)["span.1"]} == {USED, IDLE}
    assert "span.2" in texts(charts.timeslots(log) or pytest.fail("no picture")), "though it carried no call"


def test_what_an_end_held_it_forgets_when_it_crashes() -> None:
    crash = (50 * SECOND, Kind.FAULT_INJECTED, "gateway.a", "harness", None, {"fault": "crash", "number": 8})
    log = with_board(channel(45, "maintenance", 31, "gateway.a"), channel(45, "maintenance", 30), crash)
    *_, at_exchange, at_gateway = spans(log)["span.1"]
    assert [at_gateway.at(t * SECOND) for t in (49, 51)] == [OUT, IDLE]
    assert [at_exchange.at(t * SECOND) for t in (49, 51)] == [OUT, OUT]


@pytest.mark.parametrize(("fault", "subject", "state"), [
    ("power-lost", "feed.1", IDLE), ("power-lost", "feed.2", OUT), ("crash", "server.1", IDLE),
    ("latent", "server.1", IDLE), ("crash", "server.2", OUT), ("hang", "server.1", OUT),
])  # fmt: skip
def test_an_end_forgets_with_the_feed_that_it_hangs_on_and_with_the_box_that_it_stands_in(
    fault: str, subject: str, state: str
) -> None:
    strikes = (50 * SECOND, Kind.FAULT_INJECTED, subject, "harness", None, {"fault": fault, "number": 8})
    log = with_board(channel(45, "maintenance", 31, "gateway.a"), strikes)
    log.header.roles["feed.1 units"] = ("server.1", "gateway.a")
    log.header.roles["feed.2 units"] = ("server.2",)
    log.header.roles["server.1 units"] = ("server.1", "gateway.a")
    assert [spans(log)["span.1"][-1].at(t * SECOND) for t in (49, 51)] == [OUT, state]


@pytest.mark.parametrize(
    ("fault", "state"),
    [(kind, IDLE) for kind in ("span-ts16", "clock-two-slaves", "clock-two-masters", "restart-unanswered")]
    + [(kind, FAULTY) for kind in ("span-cut", "span-deaf", "span-mute", "span-ais", "span-lof")],
)
def test_a_span_is_faulty_only_when_it_carries_no_speech(fault: str, state: str) -> None:
    last = spans(with_board(*on_span(40, fault, 50)))["span.1"][-1]
    assert [last.at(t * SECOND) for t in (39, 45, 51)] == [IDLE, state, IDLE]


def test_an_alarm_of_timeslot_16_blocks_and_leaves_the_speech() -> None:
    log = with_board((40 * SECOND, Kind.SPAN_ALARM, "span.1", "exchange", None, {"alarm": "t16ais", "on": True}))
    assert {place.at(45 * SECOND) for place in spans(log)["span.1"]} == {BLOCKED}


def test_the_cabinet_is_shown_when_most_timeslots_were_out() -> None:
    log = with_board(
        channel(70, "maintenance", 3), channel(80, "maintenance", 4), channel(85, "in-service", 3),
        channel(90, "in-service", 4),
    )  # fmt: skip
    pic = panels(log) or pytest.fail("no picture")
    shown = [text for text in texts(pic) if "fault" in text or "out of service" in text]
    assert shown == [
        "just before the fault, at 60.0 s", "30 s after the fault", "most timeslots out of service, at 80.0 s",
        "= out of service until it is reset",
    ]  # fmt: skip
    assert [bit.kind for bit in pic.bits].count("cell-out") == 2
    assert "退出服务的时隙最多时（80.0 s）" in texts(pic, "zh")


def test_a_timeslot_that_both_ends_keep_counts_once() -> None:
    both = [(10, 20), (12, 18)]
    units = {"span.1": [Place(n, "", {OUT: both}) for n in range(3)],
             "span.2": [Place(n, "", {OUT: [(50, 60)]}) for n in range(4)]}  # fmt: skip
    assert most_out(units) == 50


def test_a_span_that_carried_nothing_is_shown_as_well() -> None:
    log = with_board()
    log.header.roles["spans"] = ("span.1", "span.2")
    assert {place.at(50 * SECOND) for place in spans(log)["span.2"]} == {IDLE}
    assert "span.2" in texts(panels(log) or pytest.fail("no picture"))


def test_a_port_rings_is_used_and_idle_as_its_seat_is() -> None:
    place = boards(with_board())["board.1"][2]
    assert (place.number, place.seat) == (3, "seat.3")
    offered = 2 * SECOND + 3 * 1200 * MS
    assert [place.at(offered + t * SECOND) for t in (1, 4, 6, 149, 151)] == [IDLE, RINGING, USED, USED, IDLE]


def test_a_talk_at_the_console_does_not_use_the_port() -> None:
    log = with_board()
    events = [
        Event(e.seq, e.t, e.kind, e.subject, e.observer, e.call, {**e.data, "part": "console"})
        if e.kind == Kind.SEAT_TALKING else e for e in log.events
    ]  # fmt: skip
    assert all(USED not in place.states or not place.states[USED]
               for place in boards(EvidenceLog(log.header, events, None))["board.1"])  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "faulty"),
    [({"fault": "crash"}, range(1, 25)), ({"fault": "port-dead", "unit": "port 3"}, [3]),
     ({"fault": "dsp-dead", "unit": "group 1"}, range(1, 9))],
)  # fmt: skip
def test_a_fault_strikes_the_board_the_port_or_the_group(fault: dict[str, str], faulty: range | list[int]) -> None:
    log = with_board(*struck(40 * SECOND, 50 * SECOND, **fault))
    found = boards(log)["board.1"]
    assert [place.number for place in found if place.at(45 * SECOND) == FAULTY] == list(faulty)
    assert not [place for place in found if FAULTY in (place.at(39 * SECOND), place.at(51 * SECOND))]


def test_a_telephone_off_hook_without_a_call_blocks_its_port() -> None:
    log = with_board(
        (45 * SECOND, Kind.PORT_STATE, "board.1 port 20", "seat.20", None, {"state": "off-hook"}),
        (46 * SECOND, Kind.PORT_STATE, "board.1 port 20", "seat.20", None, {"state": "howler"}),
        (50 * SECOND, Kind.PORT_STATE, "board.1 port 20", "seat.20", None, {"state": "in-service"}),
    )
    place = boards(log)["board.1"][19]
    assert [place.at(t * SECOND) for t in (44, 47, 51)] == [IDLE, BLOCKED, IDLE]
    assert "cell-blocked" in kinds(ports(log) or pytest.fail("no picture"))


def test_the_cabinet_is_shown_before_the_fault_and_after_it() -> None:
    pic = panels(with_board()) or pytest.fail("no picture")
    shown = texts(pic)
    assert [text for text in shown if "fault" in text][:3] == [
        "just before the fault, at 60.0 s", "5 s after the fault", "30 s after the fault",
    ]  # fmt: skip
    assert texts(pic, "zh").count("故障后 5 s") == 1
    cells = [bit.kind for bit in pic.bits if bit.kind.startswith("cell-")]
    assert cells.count("cell-empty") == 3 * 16, "sixteen ports without a seat"
    assert "8 ports with a seat" in shown


def test_without_a_fault_the_busiest_moment_is_shown() -> None:
    calm = with_board(without=(Kind.FAULT_INJECTED, Kind.FAULT_CLEARED))
    t = busiest(calm)
    used = [sum(p.at(n) == USED for p in spans(calm)["span.1"]) for n in (*range(0, sample.END, SECOND), t)]
    assert used[-1] == max(used) > 20
    [words] = [text for text in texts(panels(calm) or pytest.fail("no picture")) if "most calls" in text]
    assert words == f"most calls up, at {t / SECOND:.1f} s"


def test_what_the_legend_names_is_in_the_picture_and_nothing_else() -> None:
    log = with_board(*struck(60 * SECOND, 100 * SECOND, fault="crash"))
    shown = texts(panels(log) or pytest.fail("no picture"))
    assert "× faulty" in shown
    assert "– blocked: no call can reach it" not in shown
    assert "×" in shown


def test_nothing_is_drawn_of_a_site_where_nothing_was_seen() -> None:
    empty = EvidenceLog(sample.header(True), [], None)
    assert panels(empty) is None
    assert ports(empty) is None
    assert ports(sample.log(True)) is None
