"""Console and syslog lines -> events: times, years, zones, offsets, fields, and lines that are lost."""

from pathlib import Path

import pytest

from simtel.core.events import Kind
from simtel.core.problems import BadInput
from tests.target.recorded.flow import MAPPING, Flow
from tests.target.recorded.rig import record, seen, verdict

SYSLOG = (
    MAPPING
    + r"""consoles:
  - file: "a*.log"
    observer: server.a
    stamp: '^(?P<time>\w{3} +\d+ [\d:]+)'
    format: "%b %d %H:%M:%S"
    zone: "+08:00"
    year: 2024
    offset: -250ms
    uncertainty: 1s
    lines:
      - {match: 'entering MASTER state', event: server.promoted, subject: server.a}
      - {match: 'span (?P<subject>\d) alarm (?P<alarm>los) (?P<on>up|down)', event: span.alarm}
  - file: "*.log"
    observer: station
    stamp: '^\[(?P<time>[^]]+)\]'
    format: "%Y-%m-%d %H:%M:%S.%f"
    zone: "+00:00"
    uncertainty: 10ms
    lines:
      - match: 'cdr call=(?P<call>\S+) answered=(?P<answered>\w+) took=(?P<duration_s>[\d.]+)'
        event: record.collected
        subject: station
        data: {server: server.b}
      - {match: 'power switch off', event: fault.injected, subject: server.a, data: {fault: crash}}
"""
)


def capture(calls: int = 0) -> Flow:
    flow = Flow()
    flow.checks(0, 60, 1.0)
    for number in range(1, calls + 1):
        flow.call(number, 1, 11)
    return flow


def test_a_line_becomes_an_event_at_its_time_by_the_clock_of_the_capture(tmp_path: Path) -> None:
    log, told = record(tmp_path, capture(), SYSLOG, a="booting\nMay  3 10:00:07 a kernel: entering MASTER state\n")
    assert seen(log, Kind.SERVER_PROMOTED) == [(7.25, "server.promoted", "server.a", None, {})]
    (event,) = log.of(Kind.SERVER_PROMOTED)
    assert event.observer == "server.a"
    assert log.uncertainty(event) == 1_005_000_000
    assert "the rule on line 23 of the mapping matches no line" in told


def test_groups_fill_the_fields(tmp_path: Path) -> None:
    text = "May  3 10:00:07 span 2 alarm los up\nMay  3 10:00:09 span 2 alarm los down\n"
    log, _ = record(tmp_path, capture(), SYSLOG, a1=text)
    assert [(subject, data) for _, _, subject, _, data in seen(log, Kind.SPAN_ALARM)] == [
        ("2", {"alarm": "los", "on": True}), ("2", {"alarm": "los", "on": False}),
    ]  # fmt: skip


def test_a_call_is_known_by_its_call_id_and_durations_have_a_unit(tmp_path: Path) -> None:
    text = "[2024-05-03 02:00:12.000] cdr call=call1 answered=yes took=10.5\n"
    log, told = record(tmp_path, capture(1), SYSLOG, cdr=text + text.replace("call1", "other"))
    assert seen(log, Kind.RECORD_COLLECTED) == [
        (
            12.0,
            "record.collected",
            "station",
            "c1",
            {"server": "server.b", "answered": True, "duration": 10_500_000_000},
        )
    ]
    assert "1 lines are about calls that no capture shows" in told


def test_a_fault_that_a_line_tells_is_numbered(tmp_path: Path) -> None:
    log, _ = record(tmp_path, capture(), SYSLOG, x="[2024-05-03 02:00:20.250] power switch off\n")
    assert seen(log, Kind.FAULT_INJECTED) == [
        (20.25, "fault.injected", "server.a", None, {"fault": "crash", "number": 0})
    ]
    assert log.footer is not None
    assert log.footer.uncertainty["harness"] == 10_000_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entering MASTER state\nMay  3 10:00:01 x\n", "1 lines that match a rule have no time, 0 do not hold"),
        ("May 33 10:00:01 entering MASTER state\nMay  3 10:00:01 x\n", "1 lines that match a rule have no time"),
    ],
)
def test_evidence_without_a_time_is_lost_and_the_recording_not_whole(tmp_path: Path, text: str, words: str) -> None:
    log, told = record(tmp_path, capture(1), SYSLOG, a=text)
    assert any(words in sentence for sentence in told)
    assert log.footer is not None
    assert log.footer.cut == ("lines",)
    found = verdict(log, "failover-time")
    assert "The recording is not whole: lines" in [str(words) for words in (found.reason, *found.notes)]


def test_a_group_that_does_not_hold_what_its_field_is_is_lost_too(tmp_path: Path) -> None:
    log, told = record(
        tmp_path, capture(1), SYSLOG, x="[2024-05-03 02:00:12.0] cdr call=call1 answered=perhaps took=1\n"
    )
    assert not log.of(Kind.RECORD_COLLECTED)
    assert "0 lines that match a rule have no time, 1 do not hold what their fields are" in told


def test_lines_from_outside_the_capture_are_left_out(tmp_path: Path) -> None:
    text = "May  3 09:59:00 entering MASTER state\nMay  3 10:03:00 entering MASTER state\n"
    log, told = record(tmp_path, capture(), SYSLOG, a=text)
    assert not log.of(Kind.SERVER_PROMOTED)
    assert "2 lines from outside the time of the captures left out" in told


def test_after_december_comes_january_of_the_next_year(tmp_path: Path) -> None:
    text = "Dec 31 23:59:59 entering MASTER state\nJan  1 00:00:02 entering MASTER state\n"
    log, _ = record(tmp_path, None, SYSLOG, a=text)
    assert [t for t, *_ in seen(log, Kind.SERVER_PROMOTED)] == [0.0, 3.0]
    assert log.header.started == "2023-12-31T15:59:59.250000+00:00".replace("2023", "2024")


def test_the_29th_of_february_has_its_year(tmp_path: Path) -> None:
    log, _ = record(tmp_path, None, SYSLOG, a="Feb 29 12:00:00 entering MASTER state\n")
    assert log.header.started == "2024-02-29T04:00:00.250000+00:00"


@pytest.mark.parametrize(
    ("name", "content", "where", "why"),
    [
        ("a.log", b"\x00\x01binary", "a.log:1:1", "neither a packet capture nor text"),
        ("a.log", b"no time in here\nnor here\n", "a.log:1:1", "none of its 2 lines has a time"),
        ("b.txt", b"May  3 10:00:00 x\n", "b.txt", "no entry of 'consoles'"),
        ("b.pcap", b"", "b.pcap", "is empty"),
    ],
)
def test_what_is_no_console_file_of_this_mapping(
    tmp_path: Path, name: str, content: bytes, where: str, why: str
) -> None:  # fmt: skip
    from simtel.run.foreign import read_recording  # noqa: PLC0415

    (tmp_path / "m.yaml").write_text(SYSLOG)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as bad:
        read_recording([tmp_path / name], tmp_path / "m.yaml")
    assert where in str(bad.value)
    assert why in str(bad.value)


def test_stray_bytes_and_endless_lines_do_no_harm(tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(SYSLOG)
    (tmp_path / "a.log").write_bytes(
        b"\xff\xfe noise \x1b[2J\n" + b"x" * 300_000 + b" entering MASTER state\n"
        + b"May  3 10:00:07 entering MASTER state \xff\n"
    )  # fmt: skip
    from simtel.run.foreign import read_recording  # noqa: PLC0415

    log, _ = read_recording([tmp_path / "a.log"], mapping)
    assert len(log.of(Kind.SERVER_PROMOTED)) == 1


def test_own_words_of_a_server_prove_nothing(tmp_path: Path) -> None:
    text = "May  3 10:00:07 entering MASTER state\n"
    log, _ = record(tmp_path, capture(), SYSLOG + 'faults: [{kind: crash, subject: server.b, at: '
                    '"2024-05-03T10:00:05+08:00", uncertainty: 1ms}]\n', a=text)  # fmt: skip
    found = verdict(log, "promoted-once")
    assert found.outcome.name == "INCONCLUSIVE"
    assert "cannot observe server.advertised" in str(found.reason)


def test_a_console_that_said_nothing_is_told_and_spoils_nothing(tmp_path: Path) -> None:
    log, told = record(tmp_path, capture(), SYSLOG, a="")
    assert "a.log is empty: that console says nothing" in told
    assert log.complete
