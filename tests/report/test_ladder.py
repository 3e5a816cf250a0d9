"""The ladder of one call: all of its events, the faults between them, in either language."""

import pytest
from rich.cells import cell_len

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog
from simtel.report.ladder import render_ladder
from tests.report import sample


def test_every_event_of_the_call_and_the_fault_in_order() -> None:
    log = sample.log(False)
    lines = render_ladder(log, "c3").splitlines()
    assert lines[0] == "Call c3: cut"
    shown = [int(line.split()[0]) for line in lines[2:]]
    mine = [e.seq for e in log.events if e.call == "c3"]
    fault = log.of(Kind.FAULT_INJECTED)[0].seq
    assert shown == sorted([*mine, fault])
    assert any("the harness did something to server.1" in line for line in lines)
    assert any("disposition cut" in line for line in lines)


def test_time_is_also_counted_from_the_offer() -> None:
    text = render_ladder(sample.log(True), "c1")
    assert "+800 ms" in text
    assert "3.200000" in text


def test_chinese_columns_stand_under_each_other() -> None:
    lines = render_ladder(sample.log(True), "c1", "zh").splitlines()
    assert lines[0] == "呼叫 c1：完成"
    assert "技能组 service" not in lines[0]
    at = cell_len(lines[1][: lines[1].index("观察者")])
    for line in lines[2:]:
        used = 0
        for place, char in enumerate(line):
            if used == at:
                assert line[place:].startswith(("exchange", "seat.1", "station", "harness"))
                break
            used += cell_len(char)


def test_a_call_that_nobody_saw() -> None:
    with pytest.raises(KeyError, match="c999"):
        render_ladder(sample.log(True), "c999")


def test_hostile_fields_cannot_steer_a_terminal() -> None:
    event = Event(1, 0, "no.such\x1bkind", "x\x1b[2J", "o\x1b", "c1", {"a\x1b": "\x1b]0;t\x07"})
    text = render_ladder(EvidenceLog(sample.header(True), [event], None), "c1")
    assert "\x1b" not in text
    assert "no.such" in text
