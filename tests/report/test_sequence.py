"""The ladder of a call shows its parties, its events in order and what lasted; and it is the worst call's."""

import re
from typing import Any

import msgspec
import pytest

from simtel.core.clock import SECOND
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog
from simtel.report import lanes
from simtel.report.sequence import sequence, worst_calls
from simtel.report.svg import Drawing
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from tests.report import sample


def texts(pic: Drawing, lang: str = "en") -> list[str]:
    return [bit.words if isinstance(bit.words, str) else bit.words[lang] for bit in pic.bits if not bit.path]


def kinds(pic: Drawing) -> set[str]:
    return {word for bit in pic.bits for word in bit.kind.split()}


def log_of(lines: list[sample.Line], keeps: bool = False) -> EvidenceLog:
    events = [Event(seq, *line) for seq, line in enumerate(sorted(lines, key=lambda line: line[0]), start=1)]
    return EvidenceLog(sample.header(keeps), events, None)


def test_lanes_run_from_the_public_network_to_the_seat_and_the_struck_server_is_one() -> None:
    shown = texts(sequence(sample.log(False), "c3"))
    lanes = [name for name in shown if name in ("exchange", "span.1", "server.1", "seat.3", "station")]
    assert lanes == ["exchange", "span.1", "server.1", "seat.3"]
    assert {"public network", "trunk span", "server", "seat"} <= set(shown)


def test_what_happened_stands_in_order_in_both_languages() -> None:
    pic = sequence(sample.log(False), "c3")
    wanted = ["inbound call", "timeslot 3 seized", "answered", "rings", "agent answers, phone", "end: cut, fault"]
    shown = texts(pic)
    assert "✖ crash" in shown
    assert [text for text in shown if text in wanted][: len(wanted)] == wanted, "the legend repeats some"
    chinese = texts(pic, "zh")
    assert "占用时隙 3" in chinese
    assert "结束：被切断，故障" in chinese
    assert not [text for text in chinese if re.search(r"[A-Za-z]{2,} [a-z]{2,}", text)]


def test_what_a_fault_struck_shows_beside_the_call_that_it_holds() -> None:
    cut = (40 * SECOND, Kind.FAULT_INJECTED, "span.1", "harness", None, {"fault": "span-cut", "number": 7})
    pic = sequence(log_of([*sample.lines(False), cut]), "c3")
    x = {bit.path.partition(" ")[0] for bit in pic.bits if bit.kind == "bar seq-dead"}
    wide = [bit.stroke for bit in pic.bits if bit.kind in ("bar seq-dead", "bar seq-lasts") and bit.path[:4] in
            {place[:4] for place in x}]  # fmt: skip
    assert max(wide) > min(wide)
    assert max(wide) == wide[0], "painted first"


def test_an_outbound_call_is_told_from_an_inbound_one() -> None:
    lines = [(t, k, s, o, c, {**d, "direction": "out"} if k == Kind.CALL_OFFERED else d)
             for t, k, s, o, c, d in sample.lines(True)]  # fmt: skip
    assert "outbound call" in texts(sequence(log_of(lines, keeps=True), "c3"))
    assert "inbound call" in texts(sequence(sample.log(True), "c3"))


def test_times_count_from_the_start_of_the_run_and_of_the_call() -> None:
    shown = texts(sequence(sample.log(True), "c1"))
    offered = 2 * SECOND + 1200 * 10**6
    assert f"{offered / SECOND:.3f}" in shown
    assert "+800 ms" in shown


def test_what_lasts_is_a_bar_from_its_beginning_to_its_end() -> None:
    mute: sample.Line = (30 * SECOND, Kind.MEDIA_INTERRUPTED, "exchange", "exchange", "c3", {"end": "public"})
    back = (32 * SECOND, Kind.MEDIA_RESUMED, "exchange", "exchange", "c3", {"end": "public", "gap": 2 * SECOND})
    pic = sequence(log_of([*sample.lines(False), mute, back]), "c3")
    heights = {words: bit.at[1] for bit in pic.bits if not bit.path and (words := texts_of(bit.words))}
    [bar] = [bit.path for bit in pic.bits if "seq-silent" in bit.kind and "V" in bit.path]
    top, bottom = (float(found) for found in re.fullmatch(r"M\S+ (\S+)V(\S+)", bar).groups())  # type: ignore[union-attr]
    assert top == pytest.approx(heights["silence begins"] - 4, abs=0.1)
    assert bottom == pytest.approx(heights["sound again after 2 s"] - 4, abs=0.1)
    assert {"seq-lasts", "seq-rings", "seq-talks", "seq-dead", "seq-silent"} <= kinds(pic)
    assert "seq-silent" not in kinds(sequence(sample.log(True), "c3"))


def texts_of(words: Any) -> str:
    return words if isinstance(words, str) else words["en"]


def test_a_refusal_comes_from_who_refused() -> None:
    pic = sequence(sample.log(False), "c27")
    assert "gateway.1" in texts(pic)
    assert "refused: no-server" in texts(pic)


def test_a_long_call_shows_its_beginning_and_its_end_and_says_what_it_leaves_out() -> None:
    more: list[sample.Line] = [
        (30 * SECOND + n, Kind.DIALOG_REQUEST, "seat.3", "seat.3", "c3", {"method": "refresh", "answer": "ok"})
        for n in range(200)
    ]
    lines = [*sample.lines(True), *more]
    pic = sequence(log_of(lines, keeps=True), "c3")
    all_ = len(sequence(sample.log(True), "c3").bits)
    assert len(pic.bits) < all_ + 5 * lanes.ROWS
    [words] = [text for text in texts(pic) if "more events are not drawn" in text]
    own = sum(line[4] == "c3" and line[1] != Kind.AGENT_STATE for line in lines)
    beside = 1 + 3  # the fault, and three words of the server that takes over
    assert words == f"⋮ {own + beside - lanes.ROWS} more events are not drawn"
    assert "end: completed, caller" in texts(pic)


def test_a_call_that_nobody_saw() -> None:
    with pytest.raises(KeyError, match="c999"):
        sequence(sample.log(True), "c999")


def test_foreign_events_are_shown_as_they_stand_and_escaped() -> None:
    foreign = Event(1, 0, "no.such\x1b", "x", "<b>", "c1", {"a": "b"})
    torn = Event(2, 1, Kind.CALL_ENDED, "x", "<b>", "c1", {})
    shown = sequence(EvidenceLog(sample.header(True), [foreign, torn], None), "c1").markup()
    assert "\x1b" not in shown
    assert "<b>" not in shown
    assert "no.such" in shown


def judged(log: EvidenceLog) -> Judgement:
    return judge(log)


def test_the_worst_call_of_each_failed_verdict() -> None:
    log = sample.log(False)
    found = {one.call: one.keys for one in worst_calls(log, judged(log))}
    judgement = judged(log)
    for call, keys in found.items():
        for key in keys:
            [verdict] = [v for v in judgement.verdicts if v.key == key]
            assert verdict.outcome is Outcome.FAIL
            assert call in {log.events[n - 1].call for n in verdict.events}
    cut = {event.call for event in log.of(Kind.CALL_ENDED) if event.data["disposition"] == "cut"}
    [of_gap] = [call for call, keys in found.items() if "media-gap" in keys]
    assert of_gap in cut


def test_of_several_the_one_with_the_longest_silence() -> None:
    lines = [
        (t, kind, subject, observer, call, {**data, "gap": 9 * SECOND} if call == "c7" and kind == Kind.CALL_ENDED
         else data)
        for t, kind, subject, observer, call, data in sample.lines(True)
    ]  # fmt: skip
    log = log_of(lines, keeps=True)
    [media] = [v for v in judged(log).verdicts if v.criterion == "media-gap"]
    media = msgspec.structs.replace(media, outcome=Outcome.FAIL)
    judgement = msgspec.structs.replace(judged(log), verdicts=(media,), outcome=Outcome.FAIL)
    assert len({log.events[n - 1].call for n in media.events}) > 1
    assert ("c7", True) in {(one.call, "media-gap" in one.keys) for one in worst_calls(log, judgement)}


def test_where_nothing_failed_it_is_the_worst_of_the_run() -> None:
    log = sample.log(True)
    passed = tuple(msgspec.structs.replace(v, outcome=Outcome.PASS) for v in judged(log).verdicts)
    judgement = msgspec.structs.replace(judged(log), verdicts=passed, outcome=Outcome.PASS)
    [one] = worst_calls(log, judgement)
    assert one.keys == ()
    assert worst_calls(EvidenceLog(sample.header(True), [], None), judgement) == []
