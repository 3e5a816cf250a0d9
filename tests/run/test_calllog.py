"""Call logs as exchanges write them, and as they break: read, dropped with the reason and its line, or refused."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.core import data
from simtel.core.problems import BadInput
from simtel.profiles.columns import read_columns
from simtel.run.calllog import reader as calllog
from simtel.run.calllog.outcomes import (
    ABANDONED,
    ANSWERED,
    BLOCKED,
    BROKEN,
    FIELDS,
    IVR,
    LEFT_OUT,
    LONG,
    NEGATIVE,
    NO_CENTURY,
    NO_INSTANT,
    NO_LENGTH,
    NO_OUTCOME,
    TWICE,
    Calls,
)
from simtel.run.calllog.reader import CallLog

STAMPS = """simtel: columns/1
id: x
zone: "+08:00"
formats: [iso, "%Y/%m/%d %H:%M:%S", epoch-s]
columns: {start: 开始, queued: 排队, answered: 应答, ended: 结束, ready: 整理, caller: 主叫}
"""
LENGTHS = """simtel: columns/1
id: x
zone: "+08:00"
columns: {start: start, wait: {column: wait, unit: s}, talk: {column: talk, unit: "h:m:s"}, outcome: how}
outcomes: {answered: [ok], abandoned: [gone], blocked: [full], ignored: [out]}
"""
ENDS = """simtel: columns/1
id: x
zone: "+08:00"
columns: {start: start, answered: answered, ended: ended, outcome: how}
outcomes: {answered: [ok], abandoned: [gone], blocked: [full]}
"""
EIGHT = 1767225600.0 + 8 * 3600  # 2026-01-01 08:00 on the log's clock

Read = Callable[..., tuple[CallLog, Calls]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def run(mapping: str, content: str | bytes) -> tuple[CallLog, Calls]:
        path = tmp_path / "calls.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        log = CallLog(path, read_columns(mapping.encode()))
        blocks = list(log)
        return log, Calls(*(np.concatenate(column) for column in zip(*blocks, strict=True))) if blocks else None  # type: ignore[return-value]

    return run


def refused(read: Read, mapping: str, content: str | bytes) -> str:
    with pytest.raises(BadInput) as caught:
        read(mapping, content)
    return str(caught.value)


GOOD = (
    "开始,排队,应答,结束,整理,主叫\n"
    "2026-01-01 08:00:00,2026-01-01 08:00:20,2026-01-01 08:00:50,2026-01-01 08:02:50,2026-01-01 08:03:20,1\n"
    "2026/01/01 08:01:00,2026/01/01 08:01:10,,2026/01/01 08:01:40,,2\n"
    "2026-01-01T00:02:00Z,,,2026-01-01T00:02:15Z,,1\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_stamps_in_several_forms_and_zones_encodings_and_delimiters(read: Read, encoding: str, mark: str) -> None:
    log, calls = read(STAMPS, GOOD.replace(",", mark).encode(encoding))
    assert (log.rows, log.dropped) == (3, [])
    assert calls.start.tolist() == [EIGHT, EIGHT + 60, EIGHT + 120]
    assert calls.outcome.tolist() == [ANSWERED, ABANDONED, IVR]
    assert calls.ivr.tolist() == [20, 10, 15]
    assert calls.wait[:2].tolist() == [30, 30]
    assert (calls.talk[0], calls.wrap_up[0]) == (120, 30)
    assert np.isnan(calls.talk[1:]).all()
    assert np.isnan(calls.wait[2])
    assert calls.caller[0] == calls.caller[2] != calls.caller[1]


def test_the_shipped_mapping_reads_what_it_is_for(read: Read) -> None:
    mapping = (data.benches() / "call-log.yaml").read_text(encoding="utf-8")
    head = "流水号,呼入时间,排队时间,应答时间,挂机时间,整理时长,主叫号码,工号\n"
    row = "1,2026/01/01 8:00:00,2026/01/01 8:00:20,2026/01/01 8:00:50,2026/01/01 8:02:50,15,2,3\n"
    log, calls = read(mapping, (head + row).encode("gbk"))
    assert (log.encoding, log.dropped) == ("gb18030", [])
    found = [one[0] for one in (calls.start, calls.outcome, calls.ivr, calls.wait, calls.talk, calls.wrap_up)]
    assert found == [EIGHT, ANSWERED, 20, 30, 120, 15]


def test_lengths_and_words(read: Read) -> None:
    log, calls = read(LENGTHS, "start,wait,talk,how\n2026-01-01 08:00:00,3.5,0:02:03,ok\n2026-01-01 08:00:01,9,,gone\n"
                               "2026-01-01 08:00:02,,,full\n")  # fmt: skip
    assert log.dropped == []
    assert calls.outcome.tolist() == [ANSWERED, ABANDONED, BLOCKED]
    assert calls.talk[0] == 123.0
    assert calls.wait[:2].tolist() == [3.5, 9.0]


DROPS = [
    ("2026-01-01 08:00:00,-1,0:01:00,ok", NEGATIVE),
    ("2026-01-01 08:00:00,1,-0:01:00,ok", NEGATIVE),
    ("2026-01-01 08:00:00,nan,0:01:00,ok", NO_LENGTH),
    ("2026-01-01 08:00:00,inf,0:01:00,ok", NO_LENGTH),
    ("2026-01-01 08:00:00,1,,ok", NO_LENGTH),
    ("2026-01-01 08:00:00,1,90,ok", NO_LENGTH),  # no h:m:s
    ("2026-01-01 08:00:00,1,99:00:00,ok", LONG),
    ("2026-01-01 08:00:00,1e300,0:01:00,ok", LONG),
    ("2026-01-32 08:00:00,1,0:01:00,ok", NO_INSTANT),
    ("1899-01-01 08:00:00,1,0:01:00,ok", NO_CENTURY),
    ("1999-12-31 08:00:00,1,0:01:00,ok", NO_CENTURY),
    (",1,0:01:00,ok", NO_INSTANT),
    ("2026-01-01 08:00:00,1,0:01:00,what", NO_OUTCOME),
    ("2026-01-01 08:00:00,1,0:01:00,out", LEFT_OUT),
    ("2026-01-01 08:00:00,1,0:01:00", FIELDS),
    ("2026-01-01 08:00:00,1,0:01:00,ok,more", FIELDS),
    ('2026-01-01 08:00:00,"1"x,0:01:00,ok', BROKEN),
    (f"2026-01-01 08:00:00,{'9' * 200_000},0:01:00,ok", BROKEN),
]


@pytest.mark.parametrize(("row", "reason"), DROPS, ids=range(len(DROPS)))
def test_a_bad_row_is_dropped_with_its_reason_and_line(read: Read, row: str, reason: str) -> None:
    sound = "2026-01-01 09:00:00,1,0:01:00,ok"
    log, calls = read(LENGTHS, f"start,wait,talk,how\n{sound}\n\n{row}\n2026-01-01 10:00:00,2,0:01:00,ok\n")
    assert [(one.reason, one.rows, one.lines) for one in log.dropped] == [(reason, 1, (4,))]
    assert log.rows == 3
    assert calls.wait.tolist() == [1.0, 2.0]


def test_a_quote_that_never_closes_takes_its_lines_with_it_and_they_are_counted(read: Read) -> None:
    rows = "".join(f"2026-01-01 09:{n // 60:02}:{n % 60:02},1,0:01:00,ok\n" for n in range(10))
    log, calls = read(LENGTHS, f'start,wait,talk,how\n{rows}2026-01-01 10:00:00,"1,0:01:00,ok\n{rows}')
    assert len(calls.start) == 10
    assert [(one.reason, one.rows) for one in log.dropped] == [(BROKEN, 11)]
    assert log.rows == 21


def test_a_torn_last_line_is_dropped(read: Read) -> None:
    log, calls = read(LENGTHS, "start,wait,talk,how\n2026-01-01 09:00:00,1,0:01:00,ok\n2026-01-01 09:0")
    assert [(one.reason, one.lines) for one in log.dropped] == [(FIELDS, (3,))]
    assert len(calls.start) == 1


def test_the_same_call_is_known_by_its_number(read: Read) -> None:
    mapping = LENGTHS.replace("{start: start,", "{call: n, start: start,")
    text = "n,start,wait,talk,how\n7,2026-01-01 09:00:00,1,0:01:00,ok\n8,2026-01-01 09:00:00,1,0:01:00,ok\n"
    log, calls = read(mapping, text + "7,2026-01-01 09:00:09,2,0:01:00,ok\n")
    assert [(one.reason, one.lines) for one in log.dropped] == [(TWICE, (4,))]
    assert len(calls.start) == 2


def test_a_number_that_is_not_there_is_no_number(read: Read) -> None:
    mapping = LENGTHS.replace("{start: start,", "{call: n, start: start,")
    row = "2026-01-01 09:00:00,1,0:01:00,ok\n"
    log, calls = read(mapping, f"n,start,wait,talk,how\n,{row},{row}NULL,{row}NULL,{row}")
    assert (log.dropped, len(calls.start)) == ([], 4)


def test_without_a_number_only_the_same_row_of_the_same_caller_or_agent_comes_again(read: Read) -> None:
    """Calls of nobody may look alike: a spot on the air brings many in one second, who are refused."""
    mapping = LENGTHS.replace("{start: start,", "{caller: who, agent: by, start: start,")
    row = "2026-01-01 09:00:00,1,0:01:00"
    rows = [
        f"{who},{by},{row},{how}\n"
        for who, by, how in (
            ("5", "", "ok"),
            ("", "7", "ok"),
            ("", "", "ok"),
            ("anonymous", "", "gone"),
            ("5", "", "full"),
        )
    ]
    log, calls = read(mapping, "who,by,start,wait,talk,how\n" + "".join(rows) + "".join(rows))
    assert [(one.reason, one.lines) for one in log.dropped] == [(TWICE, (7, 8))]
    assert len(calls.start) == 8
    assert (calls.caller == 0).tolist() == [False, True, True, True, False, True, True, False]


@pytest.mark.parametrize("nothing", ["0000-00-00 00:00:00", "NULL", "-", "9999-99-99 99:99:99", "1970-01-01 00:00:00"])
def test_an_instant_that_the_outcome_does_not_need_may_be_anything(read: Read, nothing: str) -> None:
    rows = f"2026-01-01 08:00:00,{nothing},2026-01-01 08:00:30,gone\n2026-01-01 08:01:00,{nothing},,full\n"
    log, calls = read(ENDS, "start,answered,ended,how\n" + rows)
    assert log.dropped == []
    assert (calls.outcome.tolist(), calls.wait[0]) == ([ABANDONED, BLOCKED], 30.0)


def test_words_for_nothing_are_nothing_and_a_mapping_may_name_its_own(read: Read) -> None:
    ends = ENDS[: ENDS.index("outcomes")].replace(", outcome: how", "")
    rows = "start,answered,ended\n2026-01-01 08:00:00,0000-00-00 00:00:00,2026-01-01 08:00:30\n"
    log, calls = read(ends, rows)
    assert (log.dropped, calls.outcome.tolist()) == ([], [ABANDONED])
    log, calls = read(ends + "empty: [nix]\n", rows.replace("0000-00-00 00:00:00", "nix"))
    assert (log.dropped, calls.outcome.tolist()) == ([], [ABANDONED])
    log, _ = read(ends + "empty: [nix]\n", rows)
    assert [one.reason for one in log.dropped] == [NO_INSTANT]


def test_a_log_of_which_much_is_dropped_says_so(read: Read) -> None:
    sound = [f"2026-01-01 09:{n // 60:02}:{n % 60:02},1,0:01:00,ok\n" for n in range(200)]
    log, _ = read(LENGTHS, "start,wait,talk,how\n" + "".join(sound) + "2026-01-01 10:00:00,x,,ok\n")
    assert (log.much_dropped, log.lost) == (0.0, 0)
    log, _ = read(LENGTHS, "start,wait,talk,how\n" + "".join(sound) + "2026-01-01 10:00:00,x,,gone\n")
    assert (log.much_dropped, log.lost, log.gave_up) == (1 / 201, 1, 1)  # all who gave up
    log, _ = read(LENGTHS, "start,wait,talk,how\n" + "".join(sound) + 5 * "2026-01-01 10:00:00,x,,ok\n")
    assert log.much_dropped == 5 / 205


def test_calls_that_come_again_are_looked_for_in_a_window(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calllog, "WINDOW", 4)
    mapping = LENGTHS.replace("{start: start,", "{call: n, start: start,")
    rows = [f"{n},2026-01-01 09:00:{n:02},1,0:01:00,ok\n" for n in range(12)]
    log, _ = read(mapping, "n,start,wait,talk,how\n" + "".join(rows[:5]) + rows[0])  # four later: still known
    assert [one.reason for one in log.dropped] == [TWICE]
    log, _ = read(mapping, "n,start,wait,talk,how\n" + "".join(rows) + rows[0])  # eleven later: forgotten, and said so
    assert (log.dropped, log.window) == ([], 4)


def test_columns_by_number_where_there_is_no_header(read: Read) -> None:
    mapping = LENGTHS.replace("columns:", "header: false\ncolumns:").replace("start: start", "start: 1")
    mapping = mapping.replace("column: wait", "column: 2").replace("column: talk", "column: 3").replace("how}", "4}")
    log, calls = read(mapping, "2026-01-01 09:00:00,1,0:01:00,ok\n2026-01-01 09:00:05,1,0:01:00\n")
    assert (len(calls.start), [one.lines for one in log.dropped]) == (1, [(2,)])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"start,wait,talk,how\n", "holds no calls"),
        (b"start,wait,tlk,how\n1,2,3,4\n", "has no column 'talk'"),
        (b"start,wait,talk,how,how\n1,2,3,4,5\n", "has 2 columns 'how'"),
        (b"start,wait,talk,how\n1,2,3,4\n\xff\xfe\x81,2,3,4\n", "calls.csv:3:1: holds bytes that are not utf-8"),
        (b'"start,wait', "quotes that do not close"),
    ],
)
def test_a_log_that_cannot_be_used_is_refused_with_the_place(read: Read, content: bytes, message: str) -> None:
    assert message in refused(read, LENGTHS, content)


def test_a_missing_column_is_told_where_the_mapping_names_it_with_the_nearest(read: Read) -> None:
    told = refused(read, LENGTHS, "start,wait,Talk time,hwo\n1,2,3,4\n")
    assert "<bytes>:4:71: " in told
    assert "did you mean 'hwo'?" in told


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    columns = read_columns(LENGTHS.encode())
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(BadInput):
            CallLog(path, columns)


BITS = [
    b"start", b"wait", b"talk", b"how", b",", b";", b"\n", b"\r", b'"', b"2026-01-01 09:00:00", b"0:01:00", b"ok",
    b"gone", b"-1", b"nan", b"\x00", b"\xff", b"\xb0\xa1", b"\xef\xbb\xbf",
]  # fmt: skip


@given(st.lists(st.sampled_from(BITS), max_size=40), st.booleans())
def test_any_bytes_are_read_dropped_or_refused(parts: list[bytes], headed: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calls.csv"
        path.write_bytes((b"start,wait,talk,how\n" if headed else b"") + b"".join(parts))
        try:
            log = CallLog(path, read_columns(LENGTHS.encode()))
            calls = sum(len(block.start) for block in log)
        except BadInput:
            return
        assert log.rows == calls + sum(one.rows for one in log.dropped)


def test_memory_holds_one_block_whatever_the_length(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calllog, "BLOCK", 3)
    rows = "".join(f"2026-01-01 09:00:{n:02},1,0:01:00,ok\n" for n in range(10))
    log, calls = read(LENGTHS, "start,wait,talk,how\n" + rows)
    assert len(calls.start) == 10
    assert [len(block.start) for block in log] == [3, 3, 3, 1]
