"""Instants and figures as exchanges and spreadsheets write them: each form by one example, and what no clock shows."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from simtel.profiles.columns import read_columns
from simtel.report.fit_table import warnings
from simtel.run.calllog.outcomes import NEGATIVE, NO_CENTURY, NO_HOUR, NO_INSTANT, NO_LENGTH, Calls
from simtel.run.calllog.reader import CallLog

MAP = """simtel: columns/1
id: x
zone: {zone}
formats: [{form}]
columns: {{start: {start}, {columns}}}
{more}
"""
LENGTHS = "wait: {column: wait, unit: s}, talk: {column: talk, unit: s}"
EIGHT = datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC).timestamp()  # on the log's clock

Read = Callable[..., tuple[CallLog, Calls]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def run(rows: str, form: str = "iso", zone: str = '"+08:00"', start: str = "start",
            columns: str = LENGTHS, more: str = "") -> tuple[CallLog, Calls]:  # fmt: skip
        mapping = MAP.format(form=form, zone=zone, start=start, columns=columns, more=more)
        path = tmp_path / "calls.csv"
        path.write_text(rows, "utf-8")
        log = CallLog(path, read_columns(mapping.encode()))
        return log, Calls(*(np.concatenate(column) for column in zip(*log, strict=True)))

    return run


WRITTEN = [
    ("iso", "2026-03-02T08:00:05"),
    ("iso", "2026-03-02 00:00:05Z"),
    ("iso", "2026-03-01T19:00:05.0000000-05:00"),
    ("epoch-s", "1772409605"),
    ("epoch-ms", "1772409605000"),
    ("excel", "46083.33339120"),
    ('"%Y/%m/%d %p%I:%M:%S"', "2026/3/2 上午8:00:05"),
    ('"%m/%d/%Y %I:%M:%S %p"', "03/02/2026 08:00:05 AM"),
    ('"%d.%m.%Y %H:%M:%S"', "02.03.2026 08:00:05"),
    ('"%Y%m%d%H%M%S"', "20260302080005"),
    ('"%Y-%m-%d %H:%M:%S%z"', "2026-03-02 09:00:05+0900"),
]


@pytest.mark.parametrize(("form", "text"), WRITTEN)
def test_an_instant_in_each_form(read: Read, form: str, text: str) -> None:
    log, calls = read(f"start,wait,talk\n{text},1,2\n{text},1,3\n", form)
    assert log.dropped == []
    assert calls.start == pytest.approx([EIGHT, EIGHT], abs=0.002)


def test_afternoon_and_noon(read: Read) -> None:
    texts = ["2026/03/02 下午12:00:00", "2026/03/02 下午3:20:00", "2026/03/02 上午12:00:00"]
    _, calls = read("start,wait,talk\n" + "".join(f"{text},1,2\n" for text in texts), '"%Y/%m/%d %p%I:%M:%S"')
    assert (calls.start % 86_400 / 60).tolist() == [12 * 60, 15 * 60 + 20, 0]


def test_a_date_and_a_time_in_two_columns(read: Read) -> None:
    rows = "day,start,wait,talk\n2026-03-02,08:00:05,1,2\n2026-03-02,,1,2\n"
    log, calls = read(rows, start="[day, start]")
    assert (calls.start.tolist(), [one.reason for one in log.dropped]) == ([EIGHT], [NO_INSTANT])
    _, calls = read("day,start,wait,talk\n46083,0.33339120,1,2\n", "excel", start="[day, start]")
    assert calls.start == pytest.approx([EIGHT], abs=0.002)


def test_a_comma_marks_fractions_and_then_a_point_does_not(read: Read) -> None:
    rows = "start;wait;talk\n46083,33339120;1,5;60,25\n46083,33339120;1.500;60\n"
    log, calls = read(rows, "excel", more='decimal: ","')
    assert (calls.wait.tolist(), calls.talk.tolist()) == ([1.5], [60.25])
    assert calls.start == pytest.approx([EIGHT], abs=0.002)
    assert [(one.reason, one.lines) for one in log.dropped] == [(NO_LENGTH, (3,))]
    bare = "1772409605;2,5;3,5;0,5\n"  # more commas than semicolons, and no header that tells
    _, calls = read(bare, "epoch-s", start="1", columns="wait: {column: 2, unit: s}, talk: {column: 3, unit: s}",
                    more='decimal: ","\nheader: false')  # fmt: skip
    assert calls.talk.tolist() == [3.5]


@pytest.mark.parametrize("text", ["1999-12-31 23:59:59", "1970-01-01 00:00:00", "2200-01-02 00:00:00"])
def test_an_instant_of_another_century_drops_its_row(read: Read, text: str) -> None:
    log, calls = read(f"start,wait,talk\n{text},1,2\n2026-03-02 08:00:05,1,2\n")
    assert ([(one.reason, one.lines) for one in log.dropped], len(calls.start)) == ([(NO_CENTURY, (2,))], 1)


ENDS = "answered: answered, ended: ended"


def test_summer_time_an_hour_that_is_skipped_and_lengths_across_it(read: Read) -> None:
    """In Berlin 2026-03-29 02:00 is 03:00: twelve seconds lie between 01:59:55 and 03:00:07."""
    rows = ("start,answered,ended\n2026-03-29 01:59:55,2026-03-29 03:00:07,2026-03-29 03:01:07\n"
            "2026-03-29 02:30:00,2026-03-29 03:00:07,2026-03-29 03:01:07\n")  # fmt: skip
    log, calls = read(rows, zone="Europe/Berlin", columns=ENDS)
    assert (calls.wait.tolist(), calls.talk.tolist()) == ([12.0], [60.0])
    assert calls.start[0] % 86_400 == 2 * 3600 - 5
    assert [(one.reason, one.lines) for one in log.dropped] == [(NO_HOUR, (3,))]
    fixed, _ = read(rows, zone='"+01:00"', columns=ENDS)
    assert fixed.dropped == []


def test_summer_time_an_hour_that_comes_twice(read: Read) -> None:
    """On 2026-10-25 the hour from 02:00 comes twice; one with its zone is told, of others the first is meant."""
    rows = ("start,answered,ended\n2026-10-25 02:30:00,2026-10-25 02:30:10,2026-10-25 03:00:10\n"
            "2026-10-25T02:30:00+01:00,2026-10-25T02:30:10+01:00,2026-10-25T03:00:10+01:00\n"
            "2026-10-25 02:59:55,2026-10-25 02:00:05,2026-10-25 02:01:05\n")  # fmt: skip
    log, calls = read(rows, zone="Europe/Berlin", columns=ENDS)
    assert calls.talk.tolist() == [5400.0, 1800.0]  # the first hour and its other half; half an hour
    assert (calls.start % 86_400).tolist() == [9000.0, 9000.0]
    assert [one.reason for one in log.dropped] == [NEGATIVE]
    assert log.twice == 5
    assert any("5 instants lie in an hour that comes twice" in said for said in warnings(log, "en"))
    july, _ = read("start,wait,talk\n2026-07-25 02:30:00,1,2\n", zone="Europe/Berlin")
    assert (july.twice, list(warnings(july, "en"))) == (0, [])


def test_a_log_without_a_time_of_day_is_told_once(read: Read) -> None:
    log, calls = read("start,wait,talk\n" + "2026-03-02,1,2\n" * 3 + "2026-03-02 08:00:05,1,2\n" * 2)
    assert (len(calls.start), log.timeless) == (5, 0.6)
    assert [said for said in warnings(log, "en") if "60.0% of the calls came at midnight" in said]
    assert not any("midnight" in said for said in warnings(log, "zh"))
    log, _ = read("start,wait,talk\n" + "2026-03-02,1,2\n" + "2026-03-02 08:00:05,1,2\n")
    assert log.timeless == 0.0
