"""What is drawn agrees with what the sample log says by construction; pictures stay small however long the log."""

import re
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.core.clock import HOUR, MS, SECOND
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog
from simtel.report import charts, history
from simtel.report.svg import Drawing, Span, bars, round_up, steps, time_step
from tests.report import sample

SPAN = Span(0, 100, 0, 500)


def drawn(picture: Drawing | None) -> str:
    return picture.markup() if picture is not None else ""


def test_calls_up_and_cut() -> None:
    dead, kept = sample.log(False), sample.log(True)
    up = history.calls_up(dead)
    assert max(count for _, count in up) == sample.SEATS + sample.WAITING
    assert up[-1] == (sample.FAULT, 0)
    assert history.calls_cut(dead) == [(sample.FAULT, 25)]
    assert history.calls_cut(kept) == []


def test_registrations_by_server() -> None:
    series = history.registrations(sample.log(True))
    assert set(series) == {"server.1", "server.2"}
    assert series["server.1"][-1][1] == 0
    assert series["server.2"][-1][1] == sample.SEATS


def test_own_word_is_kept_apart_from_what_others_saw() -> None:
    log = sample.log(True)
    assert history.seen_active(log)["server.2"][0][0] == sample.FAULT + 3300 * MS
    assert history.said_active(log)["server.2"][0][0] == sample.FAULT + 3200 * MS
    assert "server.1" not in history.said_active(log)


def test_outage_runs_from_the_fault_to_the_next_answer_or_the_last_check() -> None:
    assert history.outages(sample.log(True)) == [(sample.FAULT, sample.FAULT + sample.LATER)]
    assert history.outages(sample.log(False)) == [(sample.FAULT, sample.END - 10 * SECOND)]
    assert history.watched(sample.log(False)) == [(10 * SECOND, sample.END - 10 * SECOND)]


def with_more(*lines: sample.Line, keeps: bool = False) -> EvidenceLog:
    found = sorted([*sample.lines(keeps), *lines], key=lambda line: line[0])
    events = [Event(seq, *line) for seq, line in enumerate(found, start=1)]
    return EvidenceLog(sample.header(keeps), events, None)


def test_a_check_that_is_late_before_the_fault_is_told_apart() -> None:
    log = with_more(
        (31 * SECOND, Kind.SERVICE_LOST, "service", "watch", None, {"since": 30 * SECOND}),
        (32 * SECOND, Kind.SERVICE_ANSWERED, "service", "watch", None, {"server": "server.1"}),
    )
    before, after = charts.parted(log)
    assert before == [(30 * SECOND, 32 * SECOND)]
    assert [since for since, _ in after] == [sample.FAULT]
    words = charts.before_any_fault(log)
    assert words is not None
    assert "1, the longest 2 s, from 30.0 s on" in words["en"]
    assert "late" in dict(charts.timeline_legend(log))
    assert charts.before_any_fault(sample.log(False)) is None
    assert "late" not in dict(charts.timeline_legend(sample.log(False)))


def test_nobody_is_registered_with_a_server_that_is_down_although_devices_believe_so() -> None:
    log = EvidenceLog(
        sample.header(False), [e for e in sample.log(False).events if e.kind != Kind.REGISTRATION_LOST], None
    )
    believed = history.registrations(log)["server.1"]
    assert believed[-1][1] == sample.SEATS
    assert history.down(log)["server.1"][0] == (sample.FAULT, sample.END - SECOND, True)
    real = history.answered(log, "server.1")
    assert next(count for t, count in reversed(real) if t < sample.FAULT) == sample.SEATS
    assert {count for t, count in real if t >= sample.FAULT} == {0}, "nobody registered anew after the repair"
    assert "server.2" not in history.down(sample.log(True))


def test_registrations_made_after_the_repair_count_and_a_server_that_hung_forgets_none() -> None:
    anew = (sample.END - SECOND // 2, Kind.REGISTRATION_MADE, "seat.1", "seat.1", None, {"server": "server.1"})
    assert history.answered(with_more(anew), "server.1")[-1] == (anew[0], 1)
    kept = [e for e in sample.log(True).events if e.kind not in (Kind.REGISTRATION_LOST, Kind.SERVER_SILENT)]
    hung = [
        msgspec.structs.replace(e, data={**e.data, "fault": "hang"}) if e.kind.startswith("fault.") else e for e in kept
    ]
    real = history.answered(EvidenceLog(sample.header(True), hung, None), "server.1")
    assert (sample.FAULT, 0) in real
    assert real[-1] == (sample.END - SECOND, sample.SEATS)


def test_nobody_is_heard_once_the_watch_has_gone() -> None:
    stretches = history.seen_active(sample.log(True))["server.2"]
    assert stretches == [(sample.FAULT + 3300 * MS, sample.END - 10 * SECOND)]


def test_the_close_up_is_round_the_fault_that_is_felt() -> None:
    hidden = (20 * SECOND, Kind.FAULT_INJECTED, "server.2", "harness", None, {"fault": "latent", "number": 1})
    start, end = charts.close_up(with_more(hidden)) or (0, 0)
    assert start == sample.FAULT - 2 * SECOND
    assert end == sample.FAULT + 30 * SECOND


def test_a_server_that_steps_back_is_not_down() -> None:
    silent = (52 * SECOND, Kind.SERVER_SILENT, "server.2", "watch", None, {"since": 50 * SECOND})
    heard = (40 * SECOND, Kind.SERVER_ADVERTISED, "server.2", "watch", None, {})
    demoted = (51 * SECOND, Kind.SERVER_DEMOTED, "server.2", "server.2", None, {})
    assert "server.2" in history.down(with_more(heard, silent, keeps=True))
    assert "server.2" not in history.down(with_more(heard, silent, demoted, keeps=True))


def test_a_seat_that_nobody_saw_has_a_row_and_a_refused_log_in_a_mark() -> None:
    log = EvidenceLog(
        sample.header(True), [e for e in sample.log(True).events if not e.subject.startswith("seat.1")], None
    )
    assert list(history.seats(log)) == [f"seat.{n}" for n in range(1, sample.SEATS + 1)]
    assert history.seats(log)["seat.1"] == {}
    refused = with_more((SECOND, Kind.AGENT_REFUSED, "seat.3", "server.1", None, {"cause": "seats"}))
    assert history.refusals(refused) == {"seat.3": [SECOND]}
    assert 'class="refusal"' in drawn(charts.seats(refused))
    assert 'class="refusal"' not in drawn(charts.seats(sample.log(True)))


def test_a_lane_that_nobody_filled_is_not_drawn_or_says_so() -> None:
    unwatched = [e for e in sample.log(True).events if e.observer != "watch"]
    quiet = EvidenceLog(sample.header(True), [e for e in unwatched if e.observer != e.subject], None)
    assert "nobody listened" in drawn(charts.timeline(EvidenceLog(sample.header(True), unwatched, None), 0, sample.END))
    shown = drawn(charts.timeline(quiet, 0, sample.END))
    assert "server.1" not in shown.replace("✖ crash server.1", "").replace("✖ 崩溃 server.1", "")
    assert "service" not in shown.replace("service checks", "")
    kinds = dict(charts.timeline_legend(quiet))
    assert not {"seen", "said", "mark", "served", "away"} & set(kinds)


def test_what_the_legend_names_is_drawn_and_what_is_drawn_is_named() -> None:
    marks = {"seen", "said", "mark", "served", "late", "away", "cut", "refused", "believed", "fault", "undone"}
    for keeps in (True, False):
        log = sample.log(keeps)
        classes = {
            word
            for found in re.findall(r'class="([^"]+)"', drawn(charts.timeline(log, 0, sample.END)))
            for word in found.split()
        }
        named = {kind for kind, _ in charts.timeline_legend(log)}
        assert classes & marks == named & marks


@pytest.mark.parametrize("most", [1, 2, 5, 9, 42, 201, 72, 1000])
def test_numbers_of_a_scale_do_not_touch_and_reach_the_highest(most: int) -> None:
    pic = Drawing(100, 100)
    peak = charts._scale(pic, most, 0, 38)
    heights = sorted(float(y) for y in re.findall(r'class="tick" x="[^"]+" y="([^"]+)"', pic.markup()))
    assert peak >= most
    assert all(two - one >= 9.5 for one, two in pairwise(heights))


def test_timeslots_tell_cut_calls_from_others() -> None:
    fates = {fate for slot in history.slots(sample.log(False))["span.1"].values() for fate in slot}
    assert fates == {history.CUT}
    slots = history.slots(sample.log(True))["span.1"]
    assert 16 not in slots
    assert {fate for slot in slots.values() for fate in slot} == {history.KEPT}


def test_states_of_a_seat_follow_each_other_without_a_hole() -> None:
    states = history.seats(sample.log(True))["seat.1"]
    stretches = sorted(stretch for found in states.values() for stretch in found)
    assert all(one[1] == two[0] for one, two in pairwise(stretches))
    assert list(history.seats(sample.log(True)))[:3] == ["seat.1", "seat.2", "seat.3"]


def test_close_up_shows_fault_and_restoration() -> None:
    start, end = charts.close_up(sample.log(True)) or (0, 0)
    assert start < sample.FAULT < sample.FAULT + sample.LATER < end < sample.FAULT + 10 * SECOND
    start, end = charts.close_up(sample.log(False)) or (0, 0)
    assert end == sample.FAULT + 30 * SECOND


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 50)), min_size=1, max_size=200))
def test_steps_end_at_the_edge_and_never_grow_with_the_log(points: list[tuple[int, int]]) -> None:
    path = steps(sorted(points), Span(0, 10_000, 0, 50), 100, 1)
    assert path.startswith("M0 ")
    assert path.endswith("H50") or path.split("H50")[-1].startswith("V")
    assert path.count("H") <= 2 * 50 + 2


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 20)), max_size=300))
def test_bars_cover_what_they_should_and_are_merged(found: list[tuple[int, int]]) -> None:
    path = bars([(start, start + length) for start, length in found], SPAN, 4)
    assert path.count("M") <= min(len(found), 500)
    covered = [tuple(float(x) for x in part.split(" 4H")) for part in path.split("M") if part]
    for start, length in found:
        middle = SPAN.x(start) + (SPAN.x(start + length) - SPAN.x(start)) / 2
        assert any(low - 0.1 <= middle <= high + 0.1 for low, high in covered)


def test_a_span_of_ten_thousand_calls_is_drawn_small() -> None:
    calls = [(n * SECOND, n * SECOND + 900 * MS) for n in range(28_800)]
    path = bars(calls, Span(0, 8 * HOUR, 168, 908), 4)
    assert len(path) < 10_000


def test_ticks_are_round() -> None:
    assert [label for _, label in Span(0, 10 * SECOND, 0, 1).ticks()] == ["0", "2", "4", "6", "8", "10"]
    assert [label for _, label in Span(0, 8 * HOUR, 0, 1).ticks()][:3] == ["0", "60", "120"]
    assert time_step(1) == MS
    assert round_up(25 / 3) == 10


def test_bars_that_touch_become_one_and_others_stay_apart() -> None:
    assert bars([(10, 20), (20, 30)], SPAN, 4) == "M50 4H150"
    assert bars([(10, 20), (25, 30)], SPAN, 4) == "M50 4H100M125 4H150"
    assert bars([(200, 300)], SPAN, 4) == ""


def test_a_name_in_a_picture_is_escaped() -> None:
    pic = Drawing(10, 10, "<script>")
    pic.text(1, 2, "<b>\x1b&", "lane")
    pic.text(1, 2, {"en": "<i>", "zh": "<u>"})
    shown = pic.markup()
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "<u>" not in shown
    assert "<script>" not in shown
    assert "\x1b" not in shown
    assert "&lt;b&gt;" in shown


def test_refused_attempts_are_drawn_where_there_are_any() -> None:
    lines = [
        (t, Kind.CALL_REFUSED, "exchange", "exchange", f"r{n}", {"by": "gateway.1", "cause": "trunk"})
        for n, t in enumerate((31 * SECOND, 31 * SECOND, 40 * SECOND))
    ]
    log = with_more(*lines, keeps=True)
    assert history.attempts_refused(log) == [(31 * SECOND, 2), (40 * SECOND, 1)]
    shown, without = (
        drawn(charts.timeline(log, 0, sample.END)),
        drawn(charts.timeline(sample.log(True), 0, sample.END)),
    )
    assert shown.count('class="refused"') >= 2
    assert "attempts refused" not in without


def test_lanes_say_where_the_watch_had_gone() -> None:
    after = 3 * sample.END  # the run went on long after the last check
    assert "not watched any more" in drawn(charts.timeline(sample.log(True), 0, after))
    assert "not watched any more" not in drawn(charts.timeline(sample.log(True), 0, sample.END))
